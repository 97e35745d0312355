/* Tables for versions: what is one, and which comes first. */
#include "core/base/version.h"

static void
test_precedence_chain (void)
{
  /* Source: https://semver.org/spec/v2.0.0.html section 11, then tags as the registry has them. */
  static const char *const chain[] = {
    "0.0.0-a",
    "0.0.0",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "v2.0.0",
    "2.1.0",
    "v2.1.1",
    "3.9.3-rc.2",
    "3.9.3",
    "3.9.4-a.0.dev",
    "3.9.4-a.1",
    "3.9.4-rc.1-x",
    "3.9.4",
    "3.10.0",
    "10.0.0",
    "11.0.0-1",
    "11.0.0-2147483648",
    "11.0.0-18446744073709551616",
    "11.0.0-18446744073709551617",
    "11.0.0--",
    "11.0.0-A",
    "11.0.0-a",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (chain); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (chain); j++)
      {
        g_autoptr (StewardVersion) a = steward_version_parse (chain[i]);
        g_autoptr (StewardVersion) b = steward_version_parse (chain[j]);

        g_assert_nonnull (a);
        g_assert_nonnull (b);
        int order = steward_version_compare (a, b);
        if ((i < j) != (order < 0) || (i > j) != (order > 0))
          g_error ("%s against %s gives %d", chain[i], chain[j], order);
      }
}

static void
test_equal_spellings (void)
{
  static const struct
  {
    const char *a, *b;
  } cases[] = {
    { "v3.1.0", "3.1.0" },
    { "3.1.0+one", "3.1.0+two" },
    { "3.1.0+one-two.003", "v3.1.0" },
    { "v3.1.0-rc.1+x", "3.1.0-rc.1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (StewardVersion) a = steward_version_parse (cases[i].a);
      g_autoptr (StewardVersion) b = steward_version_parse (cases[i].b);

      g_assert_cmpint (steward_version_compare (a, b), ==, 0);
      g_assert_cmpint (steward_version_compare (b, a), ==, 0);
    }
}

static void
test_floating_and_invalid (void)
{
  static const char *const none[] = {
    "",
    "v",
    "latest",
    "nightly",
    "3",
    "3.9",
    "v3.9",
    "3.9.",
    "3.9.3.1",
    "3..3",
    ".9.3",
    "vv3.9.3",
    "V3.9.3",
    "03.9.3",
    "3.09.3",
    "3.9.03",
    "3.9.3-",
    "3.9.3-rc..1",
    "3.9.3-.rc",
    "3.9.3-rc.",
    "3.9.3-01",
    "3.9.3+",
    "3.9.3+a..b",
    "3.9.3+a+b",
    "3.9.3-r_c",
    "3.9.3-é",
    "3.9.3 ",
    " 3.9.3",
    "3.9.3\n",
    "-1.0.0",
    "+1.0.0",
    "3.9.x",
    "0x3.9.3",
    "3.9.3rc1",
    "3.9.3-rc.+b",
    "3,9,3",
    "18446744073709551616.0.0",
    "1.99999999999999999999999999.0",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    {
      g_autoptr (StewardVersion) version = steward_version_parse (none[i]);

      if (version != NULL)
        g_error ("'%s' was taken for a version", none[i]);
    }
}

static void
test_tells_what_it_is (void)
{
  g_autoptr (StewardVersion) tagged = steward_version_parse ("v3.9.4-a.0+dev");
  g_autoptr (StewardVersion) plain = steward_version_parse ("18446744073709551615.0.1+rc-1");

  g_assert_cmpstr (steward_version_get_tag (tagged), ==, "v3.9.4-a.0+dev");
  g_assert_cmpstr (steward_version_get_name (tagged), ==, "3.9.4-a.0+dev");
  g_assert_cmpuint (steward_version_get_major (tagged), ==, 3);
  g_assert_true (steward_version_is_prerelease (tagged));

  g_assert_cmpstr (steward_version_get_name (plain), ==, steward_version_get_tag (plain));
  g_assert_cmpuint (steward_version_get_major (plain), ==, G_MAXUINT64);
  g_assert_false (steward_version_is_prerelease (plain));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/version/orders-semver-precedence-chain", test_precedence_chain);
  g_test_add_func ("/version/ignores-leading-v-and-build", test_equal_spellings);
  g_test_add_func ("/version/refuses-floating-and-invalid-tags", test_floating_and_invalid);
  g_test_add_func ("/version/keeps-spelling-and-tells-parts", test_tells_what_it_is);
  return g_test_run ();
}
