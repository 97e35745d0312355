/* The real program where no server is needed: usage errors, help, and being told to stop. The
 * `docker` that it finds here never answers. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>

#include "core/base/json.h"

#define WAIT_S 20

typedef struct
{
  char *output;
  char *errors;
  int status;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  g_free (outcome->output);
  g_free (outcome->errors);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

/* @line: split at blanks */
static GStrv
make_argv (const char *line)
{
  g_autofree char *whole = g_strconcat (g_getenv ("STEWARDCTL"), " ", line, NULL);

  return g_strsplit (g_strchomp (whole), " ", -1);
}

static void
run (const char *line, Outcome *outcome)
{
  g_auto (GStrv) argv = make_argv (line);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
      g_subprocess_newv ((const char *const *)argv,
                         G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                             | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                         &error);

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &outcome->output, &outcome->errors, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  outcome->status = g_subprocess_get_exit_status (process);
}

static void
test_usage_errors (void)
{
  static const char *const lines[] = { "",
                                       "nonsense",
                                       "--nonsense",
                                       "upgrade",
                                       "upgrade --to 3.1.0",
                                       "verify",
                                       "restart --plan x",
                                       "status --yes",
                                       "restart --watch never --yes",
                                       "delete x",
                                       "walk-back",
                                       "trust" };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (Outcome) outcome = { 0 };
      run (lines[i], &outcome);
      g_assert_cmpint (outcome.status, ==, 2);
      g_assert_cmpstr (outcome.output, ==, "");
      g_assert_true (g_str_has_prefix (outcome.errors, "stewardctl: "));
    }
}

static void
test_usage_error_in_json (void)
{
  g_auto (Outcome) outcome = { 0 };
  g_autoptr (GError) error = NULL;

  run ("--json upgrade", &outcome);
  g_autoptr (JsonObject) object =
      steward_json_parse_object (outcome.output, strlen (outcome.output), &error);
  g_assert_no_error (error);
  g_assert_cmpint (outcome.status, ==, 2);
  g_assert_cmpstr (outcome.errors, ==, "");
  g_assert_false (json_object_get_boolean_member (object, "ok"));
  g_assert_cmpint (json_object_get_int_member (object, "exit_status"), ==, 2);
  g_assert_cmpstr (steward_json_get_string (steward_json_get_object (object, "error"), "code"), ==,
                   "usage");
}

static void
test_help_names_every_command (void)
{
  static const char *const commands[] = { "deployments", "status",    "versions", "migrations",
                                          "backup",      "upgrade",   "restart",  "rollback",
                                          "backups",     "verify",    "delete",   "history",
                                          "resume",      "walk-back", "trust",    "prune",
                                          "export",      "import" };
  g_auto (Outcome) outcome = { 0 };

  run ("--help", &outcome);
  g_assert_cmpint (outcome.status, ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *row = g_strdup_printf ("\n  %s ", commands[i]);
      g_assert_nonnull (strstr (outcome.output, row));
    }
}

/* From the build folder; a locale that every machine has, and gettext's own choice of language. */
static void
test_speaks_french (void)
{
  g_auto (Outcome) outcome = { 0 };

  g_setenv ("STEWARD_LOCALE_DIR", g_getenv ("CATALOGUES"), TRUE);
  g_setenv ("LANGUAGE", "fr", TRUE);
  run ("--help", &outcome);
  g_unsetenv ("STEWARD_LOCALE_DIR");
  g_unsetenv ("LANGUAGE");
  g_assert_cmpint (outcome.status, ==, 0);
  g_assert_nonnull (strstr (outcome.output, "Lister les serveurs Parsec de cet hôte"));
}

static void
test_version (void)
{
  g_auto (Outcome) outcome = { 0 };

  run ("--version", &outcome);
  g_assert_cmpint (outcome.status, ==, 0);
  g_assert_cmpstr (outcome.output, ==, "stewardctl " STEWARD_VERSION "\n");
}

static void
test_foreign_text_cannot_steer (void)
{
  g_auto (Outcome) outcome = { 0 };

  run ("no\033[2Jsuch\007", &outcome);
  g_assert_cmpint (outcome.status, ==, 2);
  g_assert_nonnull (strstr (outcome.errors, "no[2Jsuch"));
  g_assert_null (strchr (outcome.errors, '\033'));
  g_assert_null (strchr (outcome.errors, '\007'));
}

/* A folder with a `docker` that says that it was called and waits. */
static char *
make_silent_docker (char **marker)
{
  static const char text[] = "#!/bin/sh\n: >\"$0.called\"\nexec sleep 60\n";
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("steward-cli-XXXXXX", &error);
  g_autofree char *docker = g_build_filename (folder, "docker", NULL);

  g_assert_no_error (error);
  g_file_set_contents_full (docker, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0700, &error);
  g_assert_no_error (error);
  *marker = g_strconcat (docker, ".called", NULL);
  return folder;
}

static void
remove_silent_docker (const char *folder, const char *marker)
{
  g_autofree char *docker = g_build_filename (folder, "docker", NULL);

  g_assert_cmpint (g_unlink (docker), ==, 0);
  g_assert_cmpint (g_unlink (marker), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static GSubprocess *
start_with_path (const char *folder, const char *line)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *path = g_strconcat (folder, ":", g_getenv ("PATH"), NULL);
  g_auto (GStrv) argv = make_argv (line);
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_setenv (launcher, "PATH", path, TRUE);
  GSubprocess *process = g_subprocess_launcher_spawnv (launcher, (const char *const *)argv, &error);
  g_assert_no_error (error);
  return process;
}

static void
wait_for_file (const char *path)
{
  gint64 end_us = g_get_monotonic_time () + WAIT_S * G_TIME_SPAN_SECOND;

  while (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_usleep (10000);
    }
}

static void
test_stops (gconstpointer signal_number)
{
  g_autofree char *marker = NULL;
  g_autofree char *folder = make_silent_docker (&marker);
  g_autoptr (GSubprocess) process = start_with_path (folder, "--json status");
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  g_autoptr (GError) error = NULL;

  wait_for_file (marker);
  g_subprocess_send_signal (process, GPOINTER_TO_INT (signal_number));
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, &errors, &error);
  g_assert_no_error (error);
  g_autoptr (JsonObject) object = steward_json_parse_object (output, strlen (output), &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 1);
  g_assert_cmpstr (steward_json_get_string (steward_json_get_object (object, "error"), "code"), ==,
                   "cancelled");
  g_assert_cmpstr (errors, !=, "");
  remove_silent_docker (folder, marker);
}

int
main (int argc, char **argv)
{
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stewardctl/usage-errors-exit-2", test_usage_errors);
  g_test_add_func ("/stewardctl/usage-error-in-json", test_usage_error_in_json);
  g_test_add_func ("/stewardctl/help-names-every-command", test_help_names_every_command);
  g_test_add_func ("/stewardctl/speaks-french", test_speaks_french);
  g_test_add_func ("/stewardctl/version", test_version);
  g_test_add_func ("/stewardctl/foreign-text-cannot-steer-the-terminal",
                   test_foreign_text_cannot_steer);
  g_test_add_data_func ("/stewardctl/stops-on-interrupt", GINT_TO_POINTER (SIGINT), test_stops);
  g_test_add_data_func ("/stewardctl/stops-on-termination", GINT_TO_POINTER (SIGTERM), test_stops);
  g_test_add_data_func ("/stewardctl/stops-on-hang-up", GINT_TO_POINTER (SIGHUP), test_stops);
  return g_test_run ();
}
