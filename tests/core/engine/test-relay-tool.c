/* The programs that connect their standard input and output to a port, each run as it would be in a
 * container: bytes pass whole, and every end is passed on. */
#include "core/engine/relay-tool.h"

#include <gio/gio.h>
#include <string.h>

#define BYTES (300 * 1000)
#define LIMIT_S 20
#define ROUNDS 30

/* Server: takes one connection. */
typedef struct
{
  GSocketListener *listener;
  guint16 port;
  GSocketConnection *connection;
} Server;

static void
server_start (Server *server)
{
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GError) error = NULL;

  server->listener = g_socket_listener_new ();
  g_socket_listener_add_address (server->listener, address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  server->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

/* Nothing here waits longer than that. */
static gpointer
watch_cb (gpointer data)
{
  GAsyncQueue *queue = data;

  if (g_async_queue_timeout_pop (queue, LIMIT_S * G_USEC_PER_SEC) == NULL)
    g_error ("Nothing happened for %d seconds.", LIMIT_S);
  return NULL;
}

typedef struct
{
  Server server;
  GSubprocess *process;
  GOutputStream *input;
  GInputStream *output;
  GAsyncQueue *queue;
  GThread *watch;
} Scene;

static void
scene_begin (Scene *scene, const char *program)
{
  const StewardRelayTool *tool = steward_relay_tool_get (program);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (tool);
  scene->queue = g_async_queue_new ();
  scene->watch = g_thread_new ("watch", watch_cb, scene->queue);
  server_start (&scene->server);
  g_auto (GStrv) argv = steward_relay_tool_dup_argv (tool, scene->server.port);
  scene->process =
      g_subprocess_newv ((const char *const *)argv,
                         G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  scene->input = g_subprocess_get_stdin_pipe (scene->process);
  scene->output = g_subprocess_get_stdout_pipe (scene->process);
  scene->server.connection = g_socket_listener_accept (scene->server.listener, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
scene_end (Scene *scene)
{
  g_subprocess_wait (scene->process, NULL, NULL);
  g_async_queue_push (scene->queue, scene);
  g_thread_join (scene->watch);
  g_async_queue_unref (scene->queue);
  g_clear_object (&scene->process);
  g_clear_object (&scene->server.connection);
  g_clear_object (&scene->server.listener);
}

typedef struct
{
  GInputStream *from;
  GBytes *expected;
} Reading;

static gpointer
read_cb (gpointer data)
{
  Reading *reading = data;
  gsize size = g_bytes_get_size (reading->expected);
  g_autofree char *got = g_malloc (size);
  gsize n_read = 0;

  g_assert_true (g_input_stream_read_all (reading->from, got, size, &n_read, NULL, NULL));
  g_assert_cmpmem (got, n_read, g_bytes_get_data (reading->expected, NULL), size);
  return NULL;
}

static void
assert_passes (GOutputStream *to, GInputStream *from)
{
  guint8 *noise = g_malloc (BYTES);
  g_autoptr (GBytes) bytes = g_bytes_new_take (noise, BYTES);
  Reading reading = { from, bytes };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < BYTES; i++)
    noise[i] = (guint8)g_test_rand_int ();
  GThread *thread = g_thread_new ("reading", read_cb, &reading);
  g_output_stream_write_all (to, noise, BYTES, NULL, NULL, &error);
  g_output_stream_flush (to, NULL, NULL);
  g_thread_join (thread);
  g_assert_no_error (error);
}

static void
test_carries (gconstpointer program)
{
  Scene scene = { 0 };

  scene_begin (&scene, program);
  GIOStream *far = G_IO_STREAM (scene.server.connection);
  assert_passes (scene.input, g_io_stream_get_input_stream (far));
  assert_passes (g_io_stream_get_output_stream (far), scene.output);
  assert_passes (scene.input, g_io_stream_get_input_stream (far));
  g_output_stream_close (scene.input, NULL, NULL);
  g_io_stream_close (far, NULL, NULL);
  scene_end (&scene);
}

/* The server goes on as if nothing had happened, as one that is busy does. */
static void
test_ends_with_its_input (gconstpointer program)
{
  Scene scene = { 0 };

  scene_begin (&scene, program);
  g_output_stream_close (scene.input, NULL, NULL);
  g_subprocess_wait (scene.process, NULL, NULL);
  scene_end (&scene);
}

/* What was written before the end of the input still arrives, and then the end does. */
static void
test_passes_the_end_on (gconstpointer program)
{
  Scene scene = { 0 };
  char got[16] = "";
  gsize n_read = 0;

  scene_begin (&scene, program);
  GIOStream *far = G_IO_STREAM (scene.server.connection);
  g_output_stream_write_all (scene.input, "goodbye", 7, NULL, NULL, NULL);
  g_output_stream_close (scene.input, NULL, NULL);
  g_input_stream_read_all (g_io_stream_get_input_stream (far), got, sizeof got, &n_read, NULL,
                           NULL);
  g_assert_cmpmem (got, n_read, "goodbye", 7);
  g_io_stream_close (far, NULL, NULL);
  scene_end (&scene);
}

/* The server is gone before the tool has well begun; which of the two is faster differs from one
 * round to the next. */
static void
test_ends_with_the_server (gconstpointer program)
{
  for (guint round = 0; round < ROUNDS; round++)
    {
      Scene scene = { 0 };
      char got[16] = "";
      gsize n_read = 0;

      scene_begin (&scene, program);
      GIOStream *far = G_IO_STREAM (scene.server.connection);
      g_output_stream_write_all (g_io_stream_get_output_stream (far), "goodbye", 7, NULL, NULL,
                                 NULL);
      g_io_stream_close (far, NULL, NULL);
      g_input_stream_read_all (scene.output, got, sizeof got, &n_read, NULL, NULL);
      g_assert_cmpmem (got, n_read, "goodbye", 7);
      scene_end (&scene);
    }
}

/* Nobody listens: it says why, and fails. */
static void
test_fails_where_nobody_listens (gconstpointer program)
{
  const StewardRelayTool *tool = steward_relay_tool_get (program);
  Server server = { 0 };
  g_autofree char *errors = NULL;
  g_autoptr (GError) error = NULL;

  server_start (&server);
  g_clear_object (&server.listener);
  g_auto (GStrv) argv = steward_relay_tool_dup_argv (tool, server.port);
  g_autoptr (GSubprocess) process =
      g_subprocess_newv ((const char *const *)argv,
                         G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &errors, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), !=, 0);
  g_assert_nonnull (strstr (errors, "efused"));
}

static void
add (const char *program, const char *name, GTestDataFunc test)
{
  g_autofree char *path = g_strdup_printf ("/relay-tool/%s/%s", program, name);

  g_test_add_data_func (path, program, test);
}

int
main (int argc, char **argv)
{
  static const char *const programs[] = { "bash", "python3", "perl", "socat", "busybox" };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      add (programs[i], "carries-any-bytes", test_carries);
      add (programs[i], "passes-the-end-on", test_passes_the_end_on);
      add (programs[i], "ends-with-the-server", test_ends_with_the_server);
      add (programs[i], "fails-where-nobody-listens", test_fails_where_nobody_listens);
      /* BusyBox waits for the server's end. */
      if (!g_str_equal (programs[i], "busybox"))
        add (programs[i], "ends-with-its-input", test_ends_with_its_input);
    }
  return g_test_run ();
}
