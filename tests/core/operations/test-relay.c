/* All that needs the database and the server, on a host that allows no forward. */
#include <string.h>

#include "closed-host.h"
#include "core/database/query.h"
#include "core/operations/status.h"
#include "operation-scene.h"

static DeploymentFixture fixture;

/* Programs of relays that run in a container. */
static const char count_script[] = "docker top \"$1\" -o pid,args | grep -c '[s]teward-relay' || :";

static StewardHost *
use_host (ClosedHostKind kind)
{
  g_autoptr (StewardHost) host = closed_host_new (kind);

  deployment_fixture_reset (&fixture);
  deployment_fixture_use_host (&fixture, host);
  return steward_deployment_get_host (fixture.deployment);
}

static void
assert_no_program_is_left (const char *container)
{
  gint64 deadline_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  g_autofree char *count = NULL;

  while (g_strcmp0 (count, "0") != 0 && g_get_monotonic_time () < deadline_us)
    {
      g_free (count);
      count = deployment_fixture_call (count_script, container, NULL);
    }
  g_assert_cmpstr (count, ==, "0");
}

/* What a PostgreSQL does when something ends in its container that it takes for a part of it. */
static void
assert_never_crashed (void)
{
  g_autofree char *crashes = deployment_fixture_call (
      "docker logs \"$1\" 2>&1 | grep -c 'terminating any other active server' || :",
      fixture.database_container, NULL);

  g_assert_cmpstr (crashes, ==, "0");
}

static StewardConnection *
connect_live (GError **error)
{
  return steward_deployment_connect (fixture.deployment, "parsec", NULL, NULL, error);
}

static void
assert_looks_well (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardStatus) status =
      steward_status_read (fixture.deployment, fixture.store, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (status->database_problem, ==, NULL);
  g_assert_cmpstr (status->health_problem, ==, NULL);
  g_assert_nonnull (status->last_migration);
  g_assert_nonnull (status->health);
  g_assert_true (status->health != NULL && status->health->answers_as_parsec);
}

static void
test_status (void)
{
  StewardHost *host = use_host (CLOSED_HOST_DENIES);

  assert_looks_well ();
  assert_looks_well ();
  /* One for the database, one for the server: what led there is remembered. */
  g_assert_cmpuint (closed_host_count (host), ==, 2);
  deployment_fixture_use_host (&fixture, NULL);
  assert_no_program_is_left (fixture.database_container);
  assert_no_program_is_left (fixture.server_container);
  assert_never_crashed ();
}

static void
test_led_away (void)
{
  StewardHost *host = use_host (CLOSED_HOST_LEADS_AWAY);

  assert_looks_well ();
  assert_looks_well ();
  g_assert_cmpuint (closed_host_count (host), ==, 2);
}

static void
test_there_and_back (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture };
  StewardRequest back = { .kind = STEWARD_OPERATION_ROLLBACK,
                          .accepted_loss = "3.0.0",
                          .watch_s = 1 };
  g_autoptr (GError) error = NULL;

  use_host (CLOSED_HOST_DENIES);
  operation_scene_upgrade (&scene, "3.1.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  deployment_fixture_assert_serves (&fixture, "3.1.0", 14);
  deployment_fixture_write_row (&fixture);
  deployment_fixture_open (&fixture, &error);
  g_assert_no_error (error);
  operation_scene_run (&scene, &back);
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  deployment_fixture_assert_serves (&fixture, "3.0.0", 12);
  deployment_fixture_use_host (&fixture, NULL);
  assert_no_program_is_left (fixture.database_container);
  assert_never_crashed ();
}

static void
test_restart_led_away (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture };
  StewardRequest request = { .kind = STEWARD_OPERATION_RESTART, .watch_s = 1 };

  use_host (CLOSED_HOST_LEADS_AWAY);
  operation_scene_run (&scene, &request);
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  deployment_fixture_assert_serves (&fixture, "3.0.0", 12);
}

static const char sleeping_sql[] = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT "
                                   "pg_sleep%' AND state = 'active'";

/* Does what comes next once the statement runs. */
static void
wait_for_sleeper (const char *expected)
{
  gint64 deadline_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  g_autofree char *count = NULL;

  while (g_strcmp0 (count, expected) != 0 && g_get_monotonic_time () < deadline_us)
    {
      g_free (count);
      count = deployment_fixture_query (&fixture, "postgres", sleeping_sql);
    }
  g_assert_cmpstr (count, ==, expected);
}

static gpointer
cancel_cb (gpointer data)
{
  wait_for_sleeper ("1");
  g_cancellable_cancel (data);
  return NULL;
}

static gpointer
kill_cb (gpointer data)
{
  wait_for_sleeper ("1");
  g_free (deployment_fixture_call ("docker kill \"$1\"", fixture.database_container, NULL));
  return NULL;
}

/* Runs a statement that takes a minute, and @thread meanwhile. */
static void
run_long (StewardConnection *connection,
          GThreadFunc thread,
          GCancellable *cancellable,
          GError **error)
{
  StewardQuery query = { .sql = "SELECT pg_sleep(60)", .deadline_s = 120 };
  gint64 began_us = g_get_monotonic_time ();
  GThread *meanwhile = g_thread_new ("meanwhile", thread, cancellable);
  PGresult *rows = steward_query_run (connection, &query, cancellable, error);

  g_thread_join (meanwhile);
  g_assert_null (rows);
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, 40 * G_USEC_PER_SEC);
}

static void
test_cancel (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  use_host (CLOSED_HOST_DENIES);
  g_autoptr (StewardConnection) connection = connect_live (&error);
  g_assert_no_error (error);
  run_long (connection, cancel_cb, cancellable, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  wait_for_sleeper ("0");

  /* The session is as good as before. */
  StewardQuery query = { .sql = "SELECT 1" };
  PGresult *rows = steward_query_run (connection, &query, NULL, &error);
  g_assert_no_error (error);
  PQclear (rows);
}

static void
test_database_dies (void)
{
  g_autoptr (GError) error = NULL;

  use_host (CLOSED_HOST_DENIES);
  fixture.is_dirty = TRUE;
  g_autoptr (StewardConnection) connection = connect_live (&error);
  g_assert_no_error (error);
  run_long (connection, kill_cb, NULL, &error);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);
  g_clear_error (&error);
  g_assert_null (connect_live (&error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);
  g_clear_error (&error);

  deployment_fixture_start_database (&fixture);
  g_autoptr (StewardConnection) again = connect_live (&error);
  g_assert_no_error (error);
  g_assert_nonnull (again);
}

static void
test_wrong_password (void)
{
  g_autoptr (GError) error = NULL;

  use_host (CLOSED_HOST_DENIES);
  deployment_fixture_edit_env (&fixture, "parsec_admin", "wrong");
  g_assert_null (connect_live (&error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_nonnull (strstr (error->message, "parsec_admin"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  g_test_add_func ("/relay/status", test_status);
  g_test_add_func ("/relay/status-where-a-forward-leads-nowhere", test_led_away);
  g_test_add_func ("/relay/cancels-a-long-statement", test_cancel);
  g_test_add_func ("/relay/loses-a-database-that-dies", test_database_dies);
  g_test_add_func ("/relay/refuses-a-wrong-password", test_wrong_password);
  g_test_add_func ("/relay/restart-where-a-forward-leads-nowhere", test_restart_led_away);
  g_test_add_func ("/relay/upgrade-and-rollback", test_there_and_back);

  deployment_fixture_up (&fixture, "newer", "2.40");
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  return status;
}
