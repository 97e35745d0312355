/* Opening sessions, and every way in which that fails. */
#include "cluster-fixture.h"
#include "core/base/error.h"

static void
assert_open_fails (StewardEndpoint *endpoint, const char *database, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardConnection) connection =
      steward_connection_open (endpoint, database, "steward test", NULL, &error);

  g_assert_error (error, STEWARD_ERROR, code);
  g_assert_null (connection);
  g_assert_null (strstr (error->message, CLUSTER_PASSWORD));
}

static void
test_opens (void)
{
  g_autoptr (StewardConnection) connection =
      cluster_open (cluster_get (), CLUSTER_OWNER, "postgres");
  g_autofree char *sessions =
      cluster_sql (cluster_get (), "postgres",
                   "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'steward test'"
                   " AND usename = '" CLUSTER_OWNER "'");

  g_assert_cmpstr (steward_connection_get_server_address (connection), ==, "127.0.0.1");
  g_assert_cmpint (steward_connection_get_server_version (connection), >=, 130000);
  g_assert_cmpstr (sessions, ==, "1");
}

static void
test_says_wrong_password (void)
{
  g_autoptr (StewardEndpoint) endpoint =
      cluster_endpoint (cluster_get (), CLUSTER_OWNER, "postgres");

  g_free (endpoint->password);
  endpoint->password = g_strdup ("wrong");
  assert_open_fails (endpoint, "postgres", STEWARD_ERROR_DENIED);
}

static void
test_says_missing_password (void)
{
  g_autoptr (StewardEndpoint) endpoint =
      cluster_endpoint (cluster_get (), CLUSTER_OWNER, "postgres");

  g_clear_pointer (&endpoint->password, g_free);
  assert_open_fails (endpoint, "postgres", STEWARD_ERROR_DENIED);
}

static void
test_says_missing_role (void)
{
  g_autoptr (StewardEndpoint) endpoint =
      cluster_endpoint (cluster_get (), "nobody here", "postgres");

  assert_open_fails (endpoint, "postgres", STEWARD_ERROR_DENIED);
}

static void
test_says_missing_database (void)
{
  g_autoptr (StewardEndpoint) endpoint = cluster_endpoint (cluster_get (), CLUSTER_OWNER, "parsec");

  assert_open_fails (endpoint, "no such “database”", STEWARD_ERROR_NOT_FOUND);
}

static void
test_says_missing_connect_right (void)
{
  g_autoptr (StewardEndpoint) endpoint = cluster_endpoint (cluster_get (), CLUSTER_PLAIN, "parsec");

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  g_free (cluster_sql (cluster_get (), "postgres", "REVOKE ALL ON DATABASE parsec FROM PUBLIC"));
  assert_open_fails (endpoint, "parsec", STEWARD_ERROR_DENIED);
}

static void
test_says_closed_database (void)
{
  g_autoptr (StewardEndpoint) endpoint = cluster_endpoint (cluster_get (), CLUSTER_OWNER, "parsec");

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  g_free (
      cluster_sql (cluster_get (), "postgres", "ALTER DATABASE parsec ALLOW_CONNECTIONS false"));
  assert_open_fails (endpoint, "parsec", STEWARD_ERROR_REFUSED);
}

static void
test_says_demanded_tls (void)
{
  g_autoptr (StewardEndpoint) endpoint =
      cluster_endpoint (cluster_get (), CLUSTER_OWNER, "postgres");

  endpoint->sslmode = g_strdup ("require");
  assert_open_fails (endpoint, "postgres", STEWARD_ERROR_FAILED);
}

static void
test_says_nobody_listens (void)
{
  g_autoptr (StewardEndpoint) endpoint =
      cluster_endpoint (cluster_get (), CLUSTER_OWNER, "postgres");
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  endpoint->port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_socket_listener_close (listener);
  assert_open_fails (endpoint, "postgres", STEWARD_ERROR_UNREACHABLE);
}

/* It listens and never says a word. */
static void
test_gives_up_on_silence (void)
{
  g_autoptr (StewardEndpoint) endpoint =
      cluster_endpoint (cluster_get (), CLUSTER_OWNER, "postgres");
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  endpoint->port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  assert_open_fails (endpoint, "postgres", STEWARD_ERROR_UNREACHABLE);
}

typedef struct
{
  GSocketListener *listener;
  GCancellable *cancellable;
} Silence;

static gpointer
accept_and_cancel_cb (gpointer data)
{
  Silence *silence = data;
  GSocketConnection *client = g_socket_listener_accept (silence->listener, NULL, NULL, NULL);

  g_cancellable_cancel (silence->cancellable);
  return client;
}

static void
test_can_be_cancelled (void)
{
  g_autoptr (StewardEndpoint) endpoint =
      cluster_endpoint (cluster_get (), CLUSTER_OWNER, "postgres");
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GSocketConnection) client = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread;

  endpoint->port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  thread = g_thread_new ("cancel", accept_and_cancel_cb, &(Silence){ listener, cancellable });
  g_assert_null (
      steward_connection_open (endpoint, "postgres", "steward test", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  client = g_thread_join (thread);
}

static void
test_maintenance_avoids_live_database (void)
{
  g_autoptr (StewardEndpoint) endpoint =
      cluster_endpoint (cluster_get (), CLUSTER_OWNER, "postgres");
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardConnection) connection =
      steward_connection_open_maintenance (endpoint, "steward maintenance", NULL, &error);
  g_autofree char *database = cluster_sql (cluster_get (), "postgres",
                                           "SELECT datname FROM pg_stat_activity"
                                           " WHERE application_name = 'steward maintenance'");

  g_assert_no_error (error);
  g_assert_nonnull (connection);
  g_assert_cmpstr (database, ==, "template1");
}

static void
test_maintenance_prefers_postgres (void)
{
  g_autoptr (StewardEndpoint) endpoint = cluster_endpoint (cluster_get (), CLUSTER_OWNER, "parsec");
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardConnection) connection =
      steward_connection_open_maintenance (endpoint, "steward maintenance", NULL, &error);
  g_autofree char *database = cluster_sql (cluster_get (), "postgres",
                                           "SELECT datname FROM pg_stat_activity"
                                           " WHERE application_name = 'steward maintenance'");

  g_assert_no_error (error);
  g_assert_nonnull (connection);
  g_assert_cmpstr (database, ==, "postgres");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/connection/opens", test_opens);
  g_test_add_func ("/connection/says-wrong-password", test_says_wrong_password);
  g_test_add_func ("/connection/says-missing-password", test_says_missing_password);
  g_test_add_func ("/connection/says-missing-role", test_says_missing_role);
  g_test_add_func ("/connection/says-missing-database", test_says_missing_database);
  g_test_add_func ("/connection/says-missing-connect-right", test_says_missing_connect_right);
  g_test_add_func ("/connection/says-closed-database", test_says_closed_database);
  g_test_add_func ("/connection/says-demanded-tls", test_says_demanded_tls);
  g_test_add_func ("/connection/says-nobody-listens", test_says_nobody_listens);
  g_test_add_func ("/connection/gives-up-on-silence", test_gives_up_on_silence);
  g_test_add_func ("/connection/can-be-cancelled", test_can_be_cancelled);
  g_test_add_func ("/connection/maintenance-avoids-live-database",
                   test_maintenance_avoids_live_database);
  g_test_add_func ("/connection/maintenance-prefers-postgres", test_maintenance_prefers_postgres);
  return cluster_run ();
}
