/* Which databases of a cluster are taken for Steward's, by name and by mark. */
#include "core/operations/catalog.h"

typedef struct
{
  const char *name, *comment;
  const char *role, *operation;
} Case;

static void
check (const Case *one)
{
  StewardDatabase database = {
    .name = (char *)one->name,
    .comment = (char *)one->comment,
    .size_bytes = 42,
  };
  g_autoptr (StewardAside) aside = steward_aside_new (&database);

  g_test_message ("%s: %s", one->name, one->comment != NULL ? one->comment : "-");
  if (one->role == NULL)
    {
      g_assert_null (aside);
      return;
    }
  g_assert_nonnull (aside);
  g_assert_cmpstr (aside->name, ==, one->name);
  g_assert_cmpstr (aside->role, ==, one->role);
  g_assert_cmpstr (aside->operation, ==, one->operation);
  g_assert_cmpint (aside->size_bytes, ==, 42);
}

static void
test_by_name (void)
{
  static const Case cases[] = {
    { "steward_20261123t220300_ab12_aside", NULL, "aside", "20261123t220300_ab12" },
    { "steward_20261123t220300_ab12_copy", NULL, "copy", "20261123t220300_ab12" },
    { "steward_20261123t220300_ab12_failed", NULL, "failed", "20261123t220300_ab12" },
    { "steward_20261123t220300_ab12_copy", "Steward: aside 20200101t000000_0000 (x)", "copy",
      "20261123t220300_ab12" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    check (&cases[i]);
}

static void
test_by_mark (void)
{
  static const Case cases[] = {
    { "old", "Steward: failed 20261123t220300_ab12 (upgrade, 3.0.0 to 3.1.0)", "failed",
      "20261123t220300_ab12" },
    { "old", "Steward: copy 20261123t220300_ab12", "copy", "20261123t220300_ab12" },
    { "old", "Steward: ; DROP 20261123t220300_ab12", "aside", NULL },
    { "old", "Steward: stolen 20261123t220300_ab12", "aside", "20261123t220300_ab12" },
    { "old", "Steward: copy ../../etc", "aside", NULL },
    { "old", "Steward: ", "aside", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    check (&cases[i]);
}

static void
test_passes_over_others (void)
{
  static const Case cases[] = {
    { "parsec", NULL, NULL, NULL },
    { "postgres", "default administrative connection database", NULL, NULL },
    { "steward_notes", NULL, NULL, NULL },
    { "steward_", NULL, NULL, NULL },
    { "steward_20261123_copy", NULL, NULL, NULL },
    { "old", "not Steward: copy 20261123t220300_ab12", NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    check (&cases[i]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/asides/knows-its-own-by-name", test_by_name);
  g_test_add_func ("/asides/knows-its-own-by-mark", test_by_mark);
  g_test_add_func ("/asides/passes-over-databases-of-others", test_passes_over_others);
  return g_test_run ();
}
