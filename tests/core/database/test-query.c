/* One statement: parameters, deadline, cancellation, a server that goes away. */
#include "cluster-fixture.h"
#include "core/base/error.h"
#include "core/database/query.h"

#define SLEEPING "SELECT count(*) = 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep (60)'"

static void
assert_usable (StewardConnection *connection)
{
  g_autoptr (GError) error = NULL;

  steward_query_execute (connection, &(StewardQuery){ .sql = "SELECT 1" }, NULL, &error);
  g_assert_no_error (error);
}

static void
test_takes_values_as_data (void)
{
  const char *hostile = "'; DROP TABLE x; -- \\ 🦀 \" $1";
  g_autoptr (StewardConnection) connection =
      cluster_open (cluster_get (), CLUSTER_OWNER, "postgres");
  g_autofree char *name = steward_query_quote (connection, hostile);
  g_autofree char *text = steward_query_quote_text (connection, hostile);
  g_autofree char *sql = g_strdup_printf ("SELECT $1::text, %s AS %s", text, name);
  g_autoptr (StewardRows) rows =
      steward_query_run (connection, &(StewardQuery){ .sql = sql, .values = { hostile } }, NULL,
                         NULL);

  g_assert_nonnull (rows);
  g_assert_cmpstr (PQgetvalue (rows, 0, 0), ==, hostile);
  g_assert_cmpstr (PQgetvalue (rows, 0, 1), ==, hostile);
  g_assert_cmpstr (PQfname (rows, 1), ==, hostile);
}

static void
test_has_a_deadline (void)
{
  g_autoptr (StewardConnection) connection =
      cluster_open (cluster_get (), CLUSTER_OWNER, "postgres");
  g_autoptr (GError) error = NULL;
  g_autofree char *running = NULL;

  g_assert_false (steward_query_execute (
      connection, &(StewardQuery){ .sql = "SELECT pg_sleep (60)", .deadline_s = 1 }, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);
  running = cluster_sql (cluster_get (), "postgres",
                         "SELECT count(*) FROM pg_stat_activity"
                         " WHERE query = 'SELECT pg_sleep (60)' AND state = 'active'");
  g_assert_cmpstr (running, ==, "0");
  assert_usable (connection);
}

static void
test_can_be_cancelled (void)
{
  g_autoptr (StewardConnection) connection =
      cluster_open (cluster_get (), CLUSTER_OWNER, "postgres");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GThread *thread = cluster_when (cluster_get (), SLEEPING, cancellable, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (steward_query_execute (connection,
                                         &(StewardQuery){ .sql = "SELECT pg_sleep (60)" },
                                         cancellable, &error));
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_usable (connection);
}

static void
test_says_killed_backend (void)
{
  g_autoptr (StewardConnection) connection =
      cluster_open (cluster_get (), CLUSTER_OWNER, "postgres");
  GThread *thread = cluster_when (cluster_get (), SLEEPING, NULL,
                                  "SELECT pg_terminate_backend (pid) FROM pg_stat_activity"
                                  " WHERE query = 'SELECT pg_sleep (60)'");
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;

  g_assert_false (steward_query_execute (connection,
                                         &(StewardQuery){ .sql = "SELECT pg_sleep (60)" }, NULL,
                                         &error));
  g_thread_join (thread);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);
  g_assert_false (
      steward_query_execute (connection, &(StewardQuery){ .sql = "SELECT 1" }, NULL, &again));
  g_assert_error (again, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);
}

static void
test_says_stopped_server (void)
{
  Cluster *cluster = cluster_start ();
  g_autoptr (StewardConnection) connection = cluster_open (cluster, CLUSTER_OWNER, "postgres");
  g_autoptr (GError) error = NULL;

  cluster_stop (cluster);
  g_assert_false (
      steward_query_execute (connection, &(StewardQuery){ .sql = "SELECT 1" }, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);
  cluster_free (cluster);
}

static void
test_ignores_search_path_of_database (void)
{
  g_autoptr (StewardConnection) connection = NULL;
  g_autoptr (StewardRows) rows = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  g_free (cluster_sql (cluster_get (), "parsec",
                       "CREATE SCHEMA evil; GRANT USAGE ON SCHEMA evil TO PUBLIC;"
                       "CREATE FUNCTION evil.current_database () RETURNS name LANGUAGE sql"
                       " AS 'SELECT ''evil''::pg_catalog.name';"
                       "ALTER DATABASE parsec SET search_path = evil, pg_catalog;"
                       "ALTER DATABASE parsec SET statement_timeout = '1ms'"));
  connection = cluster_open (cluster_get (), CLUSTER_OWNER, "parsec");
  rows = steward_query_run (connection,
                            &(StewardQuery){ .sql = "SELECT current_database (), pg_sleep (0.01)" },
                            NULL, NULL);
  g_assert_nonnull (rows);
  g_assert_cmpstr (PQgetvalue (rows, 0, 0), ==, "parsec");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/takes-values-as-data", test_takes_values_as_data);
  g_test_add_func ("/query/has-a-deadline", test_has_a_deadline);
  g_test_add_func ("/query/can-be-cancelled", test_can_be_cancelled);
  g_test_add_func ("/query/says-killed-backend", test_says_killed_backend);
  g_test_add_func ("/query/says-stopped-server", test_says_stopped_server);
  g_test_add_func ("/query/ignores-search-path-of-database", test_ignores_search_path_of_database);
  return cluster_run ();
}
