/* Which deployment is meant. */
#include "cli/session.h"

static const char *const both_files[] = { "/a/parsec.yaml", "/a/more.yaml", NULL };

static StewardFound *
make_found (const char *name, const char *const *files)
{
  StewardFound *found = g_new0 (StewardFound, 1);

  found->project = g_new0 (StewardComposeProject, 1);
  found->project->name = g_strdup (name);
  found->project->directory = g_strdup ("/a");
  found->project->files = g_strdupv ((char **)files);
  found->project->env_files = g_new0 (char *, 1);
  return found;
}

/* One project of two files; with @count of 2 a second one of the second file. */
static GPtrArray *
make_list (guint count)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_found_free);

  if (count > 0)
    g_ptr_array_add (list, make_found ("first", both_files));
  if (count > 1)
    g_ptr_array_add (list, make_found ("second", both_files + 1));
  return list;
}

static void
test_takes_the_only_one (void)
{
  g_autoptr (GPtrArray) found = make_list (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardComposeProject) project = steward_cli_session_choose (found, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (project->name, ==, "first");
}

static void
test_names_several (void)
{
  g_autoptr (GPtrArray) found = make_list (2);
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_cli_session_choose (found, NULL, &error));
  g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "first: /a/parsec.yaml"));
  g_assert_nonnull (strstr (error->message, "second: /a/more.yaml"));
}

static void
test_says_that_there_is_none (void)
{
  g_autoptr (GPtrArray) found = make_list (0);
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_cli_session_choose (found, NULL, &error));
  g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED);
}

/* Opening a project with one of its two files alone would drop what the other says. */
static void
test_keeps_the_other_files (void)
{
  g_autoptr (GPtrArray) found = make_list (2);
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardComposeProject) project =
      steward_cli_session_choose (found, "/a/parsec.yaml", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (project->name, ==, "first");
  g_assert_cmpuint (g_strv_length (project->files), ==, 2);
}

static void
test_refuses_a_shared_file (void)
{
  g_autoptr (GPtrArray) found = make_list (2);
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_cli_session_choose (found, "/a/more.yaml", &error));
  g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED);
}

static void
test_leaves_an_unknown_file (void)
{
  g_autoptr (GPtrArray) found = make_list (2);
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_cli_session_choose (found, "/b/parsec.yaml", &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/session/takes-the-only-deployment", test_takes_the_only_one);
  g_test_add_func ("/cli/session/lists-several-deployments", test_names_several);
  g_test_add_func ("/cli/session/says-that-there-is-none", test_says_that_there_is_none);
  g_test_add_func ("/cli/session/keeps-override-files", test_keeps_the_other_files);
  g_test_add_func ("/cli/session/refuses-a-file-of-two-projects", test_refuses_a_shared_file);
  g_test_add_func ("/cli/session/leaves-an-unknown-file-to-compose", test_leaves_an_unknown_file);
  return g_test_run ();
}
