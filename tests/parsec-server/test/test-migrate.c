/* The stand-in server's `migrate`: what it prints, its exit status and what it leaves behind, case
 * by case as the real server was seen to behave. */
#include "cluster.h"
#include "server.h"

#define OK_HEAD "\rMigrate ✔\n"
#define FAILED_HEAD "\rMigrate ✘\n"
#define N_IN_FIRST 2

static Cluster *cluster;

static const ReleaseFacts first_release = { .last = N_IN_FIRST };
static const ReleaseFacts second_release = { .last = 3 };

/* Runs `migrate @options` and checks all that it did. */
static void
assert_migrate (
    const ReleaseFacts *facts, const char *url, const char *options, const char *output, int status)
{
  g_autoptr (Release) release = release_make (facts);
  g_autofree char *arguments = g_strconcat ("migrate", options, NULL);
  g_autoptr (Outcome) outcome = server_run (release, url, arguments);
  g_autofree char *stripped = server_strip_frames (outcome->output);

  g_assert_cmpstr (stripped, ==, output);
  g_assert_cmpstr (outcome->problems, ==, "");
  g_assert_cmpint (outcome->status, ==, status);
}

static void
prepare (const ReleaseFacts *facts, const char *url)
{
  g_autoptr (Release) release = release_make (facts);
  g_autoptr (Outcome) outcome = server_run (release, url, "migrate");

  g_assert_cmpint (outcome->status, ==, 0);
}

static void
assert_query (const char *url, const char *sql, const char *expected)
{
  g_autofree char *value = cluster_query (url, sql);

  g_assert_cmpstr (value, ==, expected);
}

static void
test_applies_all_on_empty_database (void)
{
  g_autofree char *url = cluster_create_database (cluster);

  assert_migrate (&first_release, url, "",
                  OK_HEAD "0001_initial.sql ✔\n0002_add_migration_table.sql ✔\n", 0);
  assert_query (url, "SELECT string_agg (_id || name, ',' ORDER BY applied) FROM migration",
                "1initial,2add_migration_table");
}

static void
test_dry_run_leaves_empty_database_untouched (void)
{
  g_autofree char *url = cluster_create_database (cluster);

  assert_migrate (&first_release, url, " --dry-run",
                  OK_HEAD "0001_initial.sql ✔\n0002_add_migration_table.sql ✔\n", 0);
  assert_query (url, "SELECT count (*) FROM pg_class WHERE relnamespace = 'public'::regnamespace",
                "0");
}

static void
test_says_already_applied (void)
{
  const char *expected = OK_HEAD "0001_initial.sql (already applied)\n"
                                 "0002_add_migration_table.sql (already applied)\n";
  g_autofree char *url = cluster_create_database (cluster);

  prepare (&first_release, url);
  assert_migrate (&first_release, url, "", expected, 0);
  assert_migrate (&first_release, url, " --dry-run", expected, 0);
}

static void
test_dry_run_marks_pending (void)
{
  g_autofree char *url = cluster_create_database (cluster);

  prepare (&first_release, url);
  assert_migrate (&second_release, url, " --dry-run",
                  OK_HEAD "0001_initial.sql (already applied)\n"
                          "0002_add_migration_table.sql (already applied)\n"
                          "0003_human_handle.sql ✔\n",
                  0);
  assert_query (url, "SELECT max (_id) FROM migration", "2");
}

static void
test_newer_database_gives_no_hint (void)
{
  g_autofree char *url = cluster_create_database (cluster);

  prepare (&second_release, url);
  assert_migrate (&first_release, url, "",
                  OK_HEAD "0001_initial.sql (already applied)\n"
                          "0002_add_migration_table.sql (already applied)\n",
                  0);
}

static void
test_goes_by_newest_time_and_not_by_number (void)
{
  g_autofree char *url = cluster_create_database (cluster);
  g_autofree char *value = NULL;

  prepare (&second_release, url);
  value = cluster_query (url, "DELETE FROM migration WHERE _id = 2");
  assert_migrate (&second_release, url, " --dry-run",
                  OK_HEAD "0001_initial.sql (already applied)\n"
                          "0002_add_migration_table.sql (already applied)\n"
                          "0003_human_handle.sql (already applied)\n",
                  0);
}

static void
assert_fails (const char *url, const char *line_of_20)
{
  static const ReleaseFacts failing = { .last = 19, .broken = "fails" };
  g_autoptr (Release) release = release_make (&failing);
  g_autoptr (Outcome) outcome = server_run (release, url, "migrate");
  g_autofree char *stripped = server_strip_frames (outcome->output);
  g_autofree char *end =
      g_strconcat (line_of_20, "0021_account.sql ✘: relation \"vault\" already exists\n", NULL);

  g_assert_true (g_str_has_prefix (stripped, OK_HEAD));
  g_assert_true (g_str_has_suffix (stripped, end));
  g_assert_cmpint (outcome->status, ==, 0);
  assert_query (url, "SELECT max (_id) FROM migration", "20");
}

static void
test_failure_keeps_earlier_ones_and_exits_0 (void)
{
  g_autofree char *url = cluster_create_database (cluster);

  assert_fails (url, "0020_add_terms_of_service.sql ✔\n");
  assert_query (url,
                "SELECT count (*) FROM information_schema.columns"
                " WHERE table_name = 'account' AND column_name = 'label'",
                "0");
  assert_fails (url, "0020_add_terms_of_service.sql (already applied)\n");
}

static void
test_without_connection_exits_1 (void)
{
  g_autofree char *url = cluster_create_database (cluster);
  g_autofree char *elsewhere = g_strconcat (url, "_missing", NULL);
  g_autofree char *wrong = g_strdup_printf ("postgresql://tester:wrong@127.0.0.1:%u/postgres",
                                            cluster_get_port (cluster));
  g_autofree char *missing = g_strdup_printf (FAILED_HEAD "Error: database \"%s\" does not exist\n",
                                              strrchr (elsewhere, '/') + 1);

  assert_migrate (&first_release, elsewhere, "", missing, 1);
  assert_migrate (&first_release, wrong, " --dry-run",
                  FAILED_HEAD "Error: password authentication failed for user \"tester\"\n", 1);
}

static void
test_wrong_scheme_is_a_usage_error (void)
{
  g_autoptr (Release) release = release_make (&first_release);
  g_autoptr (Outcome) outcome = server_run (release, "mysql://somewhere/parsec", "migrate");

  g_assert_cmpint (outcome->status, ==, 2);
  g_assert_cmpstr (outcome->output, ==, "");
  g_assert_true (g_str_has_prefix (outcome->problems, "Usage: parsec migrate [OPTIONS]\n"));
}

/* Waits until a migration of @url's database sleeps. */
static void
wait_for_hanging_migration (const char *url)
{
  gint64 deadline = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;

  for (;;)
    {
      g_autofree char *n_sleeping =
          cluster_query (url, "SELECT count (*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                              " AND datname = current_database ()");

      if (g_str_equal (n_sleeping, "1"))
        return;
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (20000);
    }
}

static Outcome *
interrupt_hanging (const char *generation, const char *url)
{
  ReleaseFacts hanging = { .last = 19, .broken = "hangs", .generation = generation };
  g_autoptr (Release) release = release_make (&hanging);
  g_autoptr (GSubprocess) server = server_start (release, url, "migrate", NULL);

  wait_for_hanging_migration (url);
  g_subprocess_send_signal (server, SIGINT);
  return server_finish (server);
}

static void
test_interrupt_says_none (void)
{
  g_autofree char *early_url = cluster_create_database (cluster);
  g_autofree char *head_url = cluster_create_database (cluster);
  g_autoptr (Outcome) early = interrupt_hanging ("early", early_url);
  g_autoptr (Outcome) head = interrupt_hanging ("head", head_url);
  g_autofree char *stripped = server_strip_frames (head->output);

  g_assert_cmpint (early->status, ==, 1);
  g_assert_nonnull (strstr (early->output, "\rMigrate None\n"));
  g_assert_cmpint (head->status, ==, 0);
  g_assert_cmpstr (stripped, ==, "\rMigrate None\n");
  assert_query (head_url, "SELECT max (_id) FROM migration", "20");
}

static void
test_ended_session_exits_1_without_lines (void)
{
  static const ReleaseFacts hanging = { .last = 19, .broken = "hangs" };
  g_autofree char *url = cluster_create_database (cluster);
  g_autoptr (Release) release = release_make (&hanging);
  g_autoptr (GSubprocess) server = server_start (release, url, "migrate", NULL);
  g_autoptr (Outcome) outcome = NULL;
  g_autofree char *stripped = NULL;

  wait_for_hanging_migration (url);
  cluster_end_sessions (cluster);
  outcome = server_finish (server);
  stripped = server_strip_frames (outcome->output);
  g_assert_cmpstr (stripped, ==, FAILED_HEAD "Error: the underlying connection is closed\n");
  g_assert_cmpint (outcome->status, ==, 1);
  assert_query (url, "SELECT max (_id) FROM migration", "20");
}

static void
test_frames_turn_while_a_migration_runs (void)
{
  g_autofree char *url = cluster_create_database (cluster);
  g_autoptr (Outcome) outcome = interrupt_hanging ("head", url);

  g_assert_true (g_str_has_prefix (outcome->output, "\rMigrate ⠋"));
  g_assert_null (strchr (outcome->output, '\033'));
}

static void
test_terminal_gets_colours (void)
{
  g_autofree char *url = cluster_create_database (cluster);
  g_autoptr (Release) release = release_make (&first_release);
  const char *arguments[] = { "script", "-qec", PARSEC_PROGRAM " migrate --dry-run", "/dev/null",
                              NULL };
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GSubprocess) script = NULL;
  g_autofree char *output = NULL;

  g_subprocess_launcher_setenv (launcher, "PARSEC_RELEASE", release, TRUE);
  g_subprocess_launcher_setenv (launcher, "PARSEC_DB", url, TRUE);
  script = g_subprocess_launcher_spawnv (launcher, arguments, NULL);
  g_assert_true (g_subprocess_communicate_utf8 (script, NULL, NULL, &output, NULL, NULL));
  g_assert_true (g_str_has_prefix (output, "\r\033[KMigrate ⠋"));
  g_assert_nonnull (strstr (output, "\033[32m0001_initial.sql ✔\033[0m"));
}

static void
test_two_at_once_leave_the_right_schema (void)
{
  static const ReleaseFacts whole = { .last = 19 };
  g_autofree char *url = cluster_create_database (cluster);
  g_autoptr (Release) release = release_make (&whole);
  g_autoptr (GSubprocess) first = server_start (release, url, "migrate", NULL);
  g_autoptr (GSubprocess) second = server_start (release, url, "migrate", NULL);
  g_autoptr (Outcome) one = server_finish (first);
  g_autoptr (Outcome) other = server_finish (second);

  g_assert_cmpint (one->status + other->status, ==, 0);
  assert_query (url, "SELECT count (*) FROM migration", "19");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  cluster = cluster_new ();
  g_test_add_func ("/migrate/applies-all-on-empty-database", test_applies_all_on_empty_database);
  g_test_add_func ("/migrate/dry-run-leaves-empty-database-untouched",
                   test_dry_run_leaves_empty_database_untouched);
  g_test_add_func ("/migrate/says-already-applied", test_says_already_applied);
  g_test_add_func ("/migrate/dry-run-marks-pending", test_dry_run_marks_pending);
  g_test_add_func ("/migrate/newer-database-gives-no-hint", test_newer_database_gives_no_hint);
  g_test_add_func ("/migrate/goes-by-newest-time-and-not-by-number",
                   test_goes_by_newest_time_and_not_by_number);
  g_test_add_func ("/migrate/failure-keeps-earlier-ones-and-exits-0",
                   test_failure_keeps_earlier_ones_and_exits_0);
  g_test_add_func ("/migrate/without-connection-exits-1", test_without_connection_exits_1);
  g_test_add_func ("/migrate/wrong-scheme-is-a-usage-error", test_wrong_scheme_is_a_usage_error);
  g_test_add_func ("/migrate/interrupt-says-none", test_interrupt_says_none);
  g_test_add_func ("/migrate/ended-session-exits-1-without-lines",
                   test_ended_session_exits_1_without_lines);
  g_test_add_func ("/migrate/frames-turn-while-a-migration-runs",
                   test_frames_turn_while_a_migration_runs);
  g_test_add_func ("/migrate/terminal-gets-colours", test_terminal_gets_colours);
  g_test_add_func ("/migrate/two-at-once-leave-the-right-schema",
                   test_two_at_once_leave_the_right_schema);
  status = g_test_run ();
  cluster_free (cluster);
  return status;
}
