/* A user whom the engine's socket is closed to and sudo lets run docker, and docker alone: the real
 * sudo, with a rule in the place of its folder of rules that only this process and its children
 * see.
 */
#include <glib/gstdio.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "core/engine/container.h"
#include "engine-suite.h"

#define RULES "/etc/sudoers.d"

static char *folder; /* what is put in other places, and what others are put in */

static void
assert_by_sudo (Suite *suite)
{
  const char *arguments[] = { "ps", NULL };
  g_auto (GStrv) argv = steward_engine_dup_argv (suite->engine, arguments);
  g_autofree char *text = g_strjoinv (" ", argv);

  g_assert_cmpstr (text, ==, "sudo -n docker ps");
}

static void
test_found (Suite *suite, gconstpointer compose)
{
  const char *argv[] = { "compose", "version", "--short", NULL };
  StewardCommand command = { .argv = argv };
  g_auto (StewardEngineVersions) versions = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (steward_engine_check (suite->engine, &versions, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (versions.compose, compose));
  assert_by_sudo (suite);
  /* The rule is for docker; the plugin by its path would be refused. */
  g_autofree char *again = steward_engine_call (suite->engine, &command, NULL, &error);
  g_assert_no_error (error);
}

static void
test_keeps_input (Suite *suite, gconstpointer compose)
{
  g_autofree char *name = engine_suite_dup_name ();
  const char *argv[] = {
    "run", "-i", "--name", name, "--network", "none", engine_suite_get_image (), "cat", NULL
  };
  g_autoptr (GInputStream) input = g_memory_input_stream_new_from_data ("all of it", 9, NULL);
  StewardCommand command = { .argv = argv, .input = input };
  g_autoptr (GError) error = NULL;
  g_autofree char *output = steward_engine_call (suite->engine, &command, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (output, ==, "all of it");
  assert_by_sudo (suite);
}

/* Which takes two commands in one. */
static void
test_lists_containers (Suite *suite, gconstpointer compose)
{
  g_autofree char *name = engine_suite_dup_name ();
  const char *run[] = { "run",  "--name", name, "--network", "none", engine_suite_get_image (),
                        "true", NULL };
  StewardCommand command = { .argv = run };
  g_autofree char *filter = g_strdup_printf ("name=^%s$", name);
  const char *filters[] = { filter, NULL };
  g_autoptr (GError) error = NULL;

  g_free (steward_engine_call (suite->engine, &command, NULL, &error));
  g_assert_no_error (error);
  for (int i = 0; i < 2; i++) /* finds sudo out, and knows it then */
    {
      g_autoptr (StewardEngine) anew =
          i == 0 ? steward_engine_new (steward_engine_get_host (suite->engine))
                 : steward_engine_ref (suite->engine);
      g_autoptr (GPtrArray) found = steward_engine_list_containers (anew, filters, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (found->len, ==, 1);
    }
}

/* Nobody but root can end what sudo runs. */
static void
test_leaves_what_it_cannot_end (Suite *suite, gconstpointer compose)
{
  g_autofree char *name = engine_suite_dup_name ();
  const char *run[] = {
    "run",   "-d",  "--name", name, "--network", "none", engine_suite_get_image (),
    "sleep", "300", NULL
  };
  const char *wait[] = { "wait", name, NULL };
  StewardCommand command = { .argv = run };
  g_auto (StewardOutcome) outcome = { 0 };
  gint64 began_us = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  g_free (steward_engine_call (suite->engine, &command, NULL, &error));
  g_assert_no_error (error);
  command = (StewardCommand){ .argv = wait, .deadline_ms = 500 };
  g_assert_false (steward_engine_run (suite->engine, &command, &outcome, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, 60 * G_USEC_PER_SEC);
}

static void
test_no_sudo (Suite *suite, gconstpointer compose)
{
  g_autofree char *docker = g_find_program_in_path ("docker");
  g_autofree char *link = g_build_filename (suite->folder, "docker", NULL);
  g_auto (StewardEngineVersions) versions = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (symlink (docker, link), ==, 0);
  g_setenv ("PATH", suite->folder, TRUE);
  g_assert_false (steward_engine_check (suite->engine, &versions, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_nonnull (strstr (error->message, "sudo"));
}

static const SuiteCase cases[] = {
  { "/finds-that-sudo-lets-the-user-run-docker", test_found },
  { "/keeps-what-the-first-command-reads", test_keeps_input },
  { "/lists-containers", test_lists_containers },
  { "/leaves-what-it-cannot-end", test_leaves_what_it_cannot_end },
  { "/says-what-to-do-without-sudo", test_no_sudo },
  { NULL, NULL },
};

static char *
make_folder (const char *name, int mode)
{
  char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_mkdir (path, mode), ==, 0);
  return path;
}

static void
mount_rule (void)
{
  g_autofree char *rules = make_folder ("rules", 0750);
  g_autofree char *path = g_build_filename (rules, "steward", NULL);
  g_autofree char *docker = g_find_program_in_path ("docker");
  g_autofree char *rule = g_strdup_printf ("Defaults:nobody env_keep += \"DOCKER_CONFIG\"\n"
                                           "nobody ALL=(root) NOPASSWD: %s\n",
                                           docker);

  g_assert_true (g_file_set_contents (path, rule, -1, NULL));
  g_assert_cmpint (g_chmod (path, 0440), ==, 0);
  g_assert_cmpint (mount (rules, RULES, NULL, MS_BIND, NULL), ==, 0);
}

/* Where nobody may look for both versions of compose. */
static void
mount_cache (void)
{
  g_autofree char *cache = make_folder ("cache", 0755);
  g_autofree char *usual = g_build_filename (g_get_user_cache_dir (), "steward-tests", NULL);
  const char *real = g_getenv ("STEWARD_TESTS_CACHE");

  g_assert_cmpint (mount (real != NULL ? real : usual, cache, NULL, MS_BIND, NULL), ==, 0);
  g_setenv ("STEWARD_TESTS_CACHE", cache, TRUE);
}

/* In a mount namespace of its own: whatever becomes of this process, the machine's rules stand. */
static void
become_nobody (void)
{
  struct passwd *nobody = getpwnam ("nobody");

  g_assert_cmpint (unshare (CLONE_NEWNS), ==, 0);
  g_assert_cmpint (mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), ==, 0);
  mount_rule ();
  mount_cache ();
  g_assert_cmpint (setgroups (0, NULL), ==, 0);
  g_assert_cmpint (setgid (nobody->pw_gid), ==, 0);
  g_assert_cmpint (setuid (nobody->pw_uid), ==, 0);
}

static void
add_tests (void)
{
  engine_suite_get_image ();
  become_nobody ();
  engine_suite_add_both ("/sudo", cases);
}

/* Only root can play nobody. */
static void
ensure_root (char **argv)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);

  if (geteuid () == 0)
    return;
  argv[0] = self;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_strv_builder_add_many (builder, "sudo", "-n", "-E", NULL);
  g_strv_builder_addv (builder, (const char **)argv);
  g_auto (GStrv) again = g_strv_builder_end (builder);
  execvp ("sudo", again);
  g_error ("This test needs sudo.");
}

int
main (int argc, char **argv)
{
  ensure_root (argv);
  folder = g_dir_make_tmp ("steward-sudo-XXXXXX", NULL);
  g_assert_cmpint (g_chmod (folder, 0755), ==, 0);
  int status = engine_suite_run (argc, argv, add_tests);
  const char *remove[] = { "rm", "-rf", "--one-file-system", "--", folder, NULL };
  g_spawn_sync (NULL, (char **)remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  return status;
}
