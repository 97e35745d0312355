/* Which tags become targets, and in which order. */
#include "core/registry/targets.h"

static void
test_table (void)
{
  static const char mixed[] =
      "latest 3.9 3.0.0 v3.1.0 3.9.3 3.10.0 nightly 3.9.3-rc.2 3 3.9.4-a.0.dev.1";
  static const struct
  {
    const char *tags, *running;
    StewardTargetFlags flags;
    const char *targets;
  } cases[] = {
    { mixed, "3.1.0", STEWARD_TARGET_DEFAULT, "3.10.0 3.9.3 v3.1.0" },
    { mixed, "v3.2.0", STEWARD_TARGET_DEFAULT, "3.10.0 3.9.3" },
    { mixed, "3.1.0", STEWARD_TARGET_OLDER, "3.10.0 3.9.3 v3.1.0 3.0.0" },
    { mixed, "3.9.0", STEWARD_TARGET_PRERELEASES, "3.10.0 3.9.4-a.0.dev.1 3.9.3 3.9.3-rc.2" },
    { mixed, "latest", STEWARD_TARGET_DEFAULT, "3.10.0 3.9.3 v3.1.0 3.0.0" },
    { mixed, NULL, STEWARD_TARGET_DEFAULT, "3.10.0 3.9.3 v3.1.0 3.0.0" },
    { mixed, "4.0.0", STEWARD_TARGET_DEFAULT, "" },
    { mixed, "3.10.0-rc.1", STEWARD_TARGET_DEFAULT, "3.10.0" },
    { "3.1.0 v3.1.0 v3.2.0 3.2.0 v3.3.0", "3.0.0", STEWARD_TARGET_DEFAULT, "v3.3.0 3.2.0 3.1.0" },
    { "3.1.0 v3.1.0 v3.2.0 3.2.0 3.3.0", "v3.0.0", STEWARD_TARGET_DEFAULT, "3.3.0 v3.2.0 v3.1.0" },
    { "3.1.0 3.1.0 3.1.0", "3.0.0", STEWARD_TARGET_DEFAULT, "3.1.0" },
    { "latest nightly 3 3.9", "3.0.0",
      (StewardTargetFlags)(STEWARD_TARGET_OLDER | STEWARD_TARGET_PRERELEASES), "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) tags = g_strsplit (cases[i].tags, " ", -1);
      g_autoptr (GPtrArray) targets =
          steward_registry_select_targets ((const char *const *)tags, cases[i].running,
                                           cases[i].flags);
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint j = 0; j < targets->len; j++)
        g_string_append_printf (text, "%s%s", j > 0 ? " " : "",
                                steward_version_get_tag (g_ptr_array_index (targets, j)));
      g_assert_cmpstr (text->str, ==, cases[i].targets);
    }
}

static void
test_empty (void)
{
  static const char *const none[] = { NULL };
  g_autoptr (GPtrArray) targets =
      steward_registry_select_targets (none, "3.0.0", STEWARD_TARGET_OLDER);

  g_assert_cmpuint (targets->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/targets/offers-versions-newest-first", test_table);
  g_test_add_func ("/targets/none-of-no-tags", test_empty);
  return g_test_run ();
}
