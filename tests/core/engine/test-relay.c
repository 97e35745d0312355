/* A way into real containers, and that nothing stays behind in them, whichever side ends. */
#include "core/engine/relay.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "engine-suite.h"

#define PORT 5432
#define LIMIT_S 20

/* Echoes what comes in, for any number of connections. */
static const char echo_script[] = "exec busybox nc -ll -p 5432 -e cat";

/* Without the ones that listen: what relays run in the container. */
static const char count_script[] =
    "busybox ps -o args | busybox grep -c '^busybox nc 127.0.0.1' || :";

static StewardRelay *
open_relay (Suite *suite, const char *container)
{
  StewardRelayTarget target = { container, container, PORT };
  g_autoptr (GError) error = NULL;
  StewardRelay *relay = steward_relay_new (suite->engine, &target, "socket", NULL, &error);

  g_assert_no_error (error);
  return relay;
}

static GSocketConnection *
enter (StewardRelay *relay)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (steward_relay_get_path (relay));
  g_autoptr (GError) error = NULL;

  g_socket_client_set_timeout (client, LIMIT_S);
  GSocketConnection *connection =
      g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  return connection;
}

/* Returns: how many bytes came back before the end or the limit */
static gsize
exchange (GSocketConnection *connection, const char *text)
{
  char back[64] = "";
  gsize n_read = 0;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text,
                             strlen (text), NULL, NULL, NULL);
  g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (connection)), back,
                           strlen (text), &n_read, NULL, NULL);
  g_assert_cmpmem (back, n_read, text, n_read);
  return n_read;
}

static void
assert_ended (GSocketConnection *connection)
{
  char byte = 0;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                                        &byte, 1, NULL, &error),
                   <=, 0);
  g_assert_false (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT));
}

static void
assert_count (Suite *suite, const char *container, const char *expected)
{
  gint64 deadline_us = g_get_monotonic_time () + LIMIT_S * G_USEC_PER_SEC;
  g_autofree char *count = NULL;

  while (g_strcmp0 (count, expected) != 0 && g_get_monotonic_time () < deadline_us)
    {
      g_free (count);
      count = engine_suite_docker (suite, "exec", container, "sh", "-c", count_script, NULL);
    }
  g_assert_cmpstr (count, ==, expected);
}

/* The relay's threads hold the engine and its host until they have ended. */
static void
assert_ends (Suite *suite)
{
  gint64 deadline_us = g_get_monotonic_time () + LIMIT_S * G_USEC_PER_SEC;

  while (g_atomic_int_get (&G_OBJECT (suite->host)->ref_count) > 2
         && g_get_monotonic_time () < deadline_us)
    g_usleep (10000);
  g_assert_cmpuint (G_OBJECT (suite->host)->ref_count, ==, 2);
}

static void
test_carries (Suite *suite, gconstpointer compose)
{
  g_autofree char *container = engine_suite_start (suite, echo_script);
  StewardRelay *relay = open_relay (suite, container);
  g_autoptr (GSocketConnection) first = enter (relay);
  g_autoptr (GSocketConnection) second = enter (relay);
  GStatBuf status;

  g_assert_cmpuint (exchange (first, "of the first"), ==, 12);
  g_assert_cmpuint (exchange (second, "of the second"), ==, 13);
  g_assert_cmpuint (exchange (first, "again"), ==, 5);
  g_assert_cmpint (g_stat (steward_relay_get_folder (relay), &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
  assert_count (suite, container, "2");
  g_io_stream_close (G_IO_STREAM (first), NULL, NULL);
  assert_count (suite, container, "1");
  g_io_stream_close (G_IO_STREAM (second), NULL, NULL);
  assert_count (suite, container, "0");
  g_autofree char *problem = steward_relay_dup_problem (relay);
  g_assert_cmpstr (problem, ==, NULL);
  steward_relay_close (relay);
  assert_ends (suite);
}

static void
test_close (Suite *suite, gconstpointer compose)
{
  g_autofree char *container = engine_suite_start (suite, echo_script);
  StewardRelay *relay = open_relay (suite, container);
  g_autofree char *folder = g_strdup (steward_relay_get_folder (relay));
  g_autoptr (GSocketConnection) connection = enter (relay);

  g_assert_cmpuint (exchange (connection, "hello"), ==, 5);
  steward_relay_close (relay);
  assert_ended (connection);
  assert_ends (suite);
  assert_count (suite, container, "0");
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
}

static void
test_container_dies (Suite *suite, gconstpointer compose)
{
  g_autofree char *container = engine_suite_start (suite, echo_script);
  StewardRelay *relay = open_relay (suite, container);
  g_autoptr (GSocketConnection) connection = enter (relay);

  g_assert_cmpuint (exchange (connection, "hello"), ==, 5);
  g_free (engine_suite_docker (suite, "kill", container, NULL));
  assert_ended (connection);

  g_autoptr (GSocketConnection) late = enter (relay);
  assert_ended (late);
  g_autofree char *problem = steward_relay_dup_problem (relay);
  g_assert_nonnull (problem);
  g_assert_nonnull (strstr (problem, "not running"));
  steward_relay_close (relay);
  assert_ends (suite);
}

/* As a cut connection to the host does: nobody tells the program in the container. */
static void
test_client_is_killed (Suite *suite, gconstpointer compose)
{
  g_autofree char *container = engine_suite_start (suite, echo_script);
  StewardRelay *relay = open_relay (suite, container);
  g_autoptr (GSocketConnection) connection = enter (relay);
  g_autofree char *parent = g_strdup_printf ("%d", getpid ());
  const char *argv[] = { "sh",      "-c",   "pkill -KILL -P \"$1\" -f \"exec --interactive -- $2\"",
                         "steward", parent, container,
                         NULL };
  StewardCommand command = { .argv = argv };
  g_auto (StewardOutcome) outcome = { 0 };

  g_assert_cmpuint (exchange (connection, "hello"), ==, 5);
  assert_count (suite, container, "1");
  g_assert_true (steward_host_run (suite->host, &command, &outcome, NULL, NULL));
  g_assert_cmpint (outcome.status, ==, 0);
  assert_ended (connection);
  assert_count (suite, container, "0");
  steward_relay_close (relay);
  assert_ends (suite);
}

static void
test_nobody_listens (Suite *suite, gconstpointer compose)
{
  g_autofree char *container = engine_suite_start (suite, "exec sleep 300");
  StewardRelay *relay = open_relay (suite, container);
  g_autoptr (GSocketConnection) connection = enter (relay);

  assert_ended (connection);
  g_autofree char *problem = steward_relay_dup_problem (relay);
  g_assert_nonnull (problem);
  g_assert_nonnull (strstr (problem, "refused"));
  steward_relay_close (relay);
  assert_ends (suite);
}

static void
assert_refused (Suite *suite, const char *container, StewardError code)
{
  StewardRelayTarget target = { container, container, PORT };
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_relay_new (suite->engine, &target, "socket", NULL, &error));
  g_assert_error (error, STEWARD_ERROR, (int)code);
  g_assert_nonnull (strstr (error->message, container));
  assert_ends (suite);
}

/* An image with one program, sleep, alone. */
static void
test_no_tool (Suite *suite, gconstpointer compose)
{
  g_autofree char *root = g_build_filename (suite->folder, "root", NULL);
  const char *argv[] = {
    "sh",      "-c", "mkdir -p \"$1/bin\" && cp \"$(command -v busybox)\" \"$1/bin/sleep\"",
    "steward", root, NULL
  };
  StewardCommand command = { .argv = argv };
  g_autofree char *name = engine_suite_dup_name ();

  g_free (steward_host_call (suite->host, &command, NULL, NULL));
  g_autofree char *image = engine_suite_import (root, NULL);
  g_free (engine_suite_docker (suite, "run", "-d", "--name", name, "--network", "none", image,
                               "sleep", "300", NULL));
  assert_refused (suite, name, STEWARD_ERROR_REFUSED);
}

static void
test_not_running (Suite *suite, gconstpointer compose)
{
  g_autofree char *container = engine_suite_start (suite, "true");

  g_free (engine_suite_docker (suite, "wait", container, NULL));
  assert_refused (suite, container, STEWARD_ERROR_UNREACHABLE);
}

static void
test_absent (Suite *suite, gconstpointer compose)
{
  assert_refused (suite, "steward-no-such-container", STEWARD_ERROR_NOT_FOUND);
}

static const SuiteCase cases[] = {
  { "/carries-several-connections", test_carries },
  { "/ends-all-when-closed", test_close },
  { "/ends-with-its-container", test_container_dies },
  { "/leaves-nothing-behind-when-its-docker-is-killed", test_client_is_killed },
  { "/tells-that-nobody-listens", test_nobody_listens },
  { "/says-that-the-image-has-nothing-for-it", test_no_tool },
  { "/says-that-the-container-does-not-run", test_not_running },
  { "/misses-a-container", test_absent },
  { NULL, NULL },
};

static void
add_tests (void)
{
  engine_suite_add ("/relay", cases);
}

int
main (int argc, char **argv)
{
  return engine_suite_run (argc, argv, add_tests);
}
