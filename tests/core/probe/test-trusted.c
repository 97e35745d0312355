/* What was accepted is found again, by its name alone. */
#include <glib/gstdio.h>

#include "core/base/error.h"
#include "core/probe/trusted.h"

static char *folder; /* of settings */

static void
assert_accepted (const char *name, const char *expected)
{
  g_autofree char *found = steward_trusted_lookup (name);

  g_assert_cmpstr (found, ==, expected);
}

static void
accept (const char *name, const char *fingerprint)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (steward_trusted_accept (name, fingerprint, &error));
  g_assert_no_error (error);
}

static void
test_remembers (void)
{
  g_autofree char *path = g_build_filename (folder, "steward", "trusted-certificates", NULL);
  GStatBuf status;

  assert_accepted ("parsec.test:443", NULL);
  accept ("parsec.test:443", "AB:CD");
  accept ("[::1]:6777", "01:23");
  accept ("[::1]:6777", "45:67");
  assert_accepted ("parsec.test:443", "AB:CD");
  assert_accepted ("parsec.test:444", NULL);
  assert_accepted ("[::1]:6777", "45:67");
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

/* Where the folder should be lies a file. */
static void
test_says_that_it_cannot (void)
{
  g_autofree char *path = g_build_filename (folder, "steward", NULL);
  g_autofree char *file = g_build_filename (path, "trusted-certificates", NULL);
  g_autoptr (GError) error = NULL;

  g_unlink (file);
  g_rmdir (path);
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_assert_false (steward_trusted_accept ("parsec.test:443", "AB:CD", &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED);
  assert_accepted ("parsec.test:443", NULL);
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  folder = g_dir_make_tmp ("steward-trusted-XXXXXX", NULL);
  g_setenv ("XDG_CONFIG_HOME", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trusted/remembers-one-certificate-a-name", test_remembers);
  g_test_add_func ("/trusted/says-that-it-cannot-remember", test_says_that_it_cannot);
  int status = g_test_run ();
  g_rmdir (folder);
  return status;
}
