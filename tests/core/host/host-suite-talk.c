/* A command that talks both ways: asked on a socket, it answers before the questions have ended. */
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>

#include "host-suite.h"

/* @near: the test's end; @far: the command's */
typedef struct
{
  Host *host;
  GSocketConnection *near, *far;
  GThread *thread;
  int status;
} Talk;

static GSocketConnection *
connect_fd (int fd)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, &error);

  g_assert_no_error (error);
  g_socket_set_timeout (socket, 20);
  return g_socket_connection_factory_create_connection (socket);
}

static gpointer
talk_cb (gpointer data)
{
  static const char *argv[] = { "sh", "-c",
                                "while read -r line; do echo \"got $line\"; done; exit 5", NULL };
  Talk *talk = data;
  StewardCommand command = { .argv = argv,
                             .input = g_io_stream_get_input_stream (G_IO_STREAM (talk->far)),
                             .output = g_io_stream_get_output_stream (G_IO_STREAM (talk->far)),
                             .deadline_ms = G_MAXUINT };
  g_auto (StewardOutcome) outcome = { 0 };

  if (steward_host_run (talk->host->host, &command, &outcome, NULL, NULL))
    talk->status = outcome.status;
  return NULL;
}

static void
assert_answer (Talk *talk, const char *question, const char *expected)
{
  GIOStream *stream = G_IO_STREAM (talk->near);
  char answer[64] = "";
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (stream), question, strlen (question),
                             NULL, NULL, &error);
  g_assert_no_error (error);
  g_input_stream_read_all (g_io_stream_get_input_stream (stream), answer, strlen (expected), NULL,
                           NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (answer, ==, expected);
}

static void
test_talk (Host *host, gconstpointer kind)
{
  Talk talk = { .host = host, .status = -1 };
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  talk.near = connect_fd (fds[0]);
  talk.far = connect_fd (fds[1]);
  talk.thread = g_thread_new ("talk", talk_cb, &talk);
  assert_answer (&talk, "one\n", "got one\n");
  assert_answer (&talk, "two\nthree\n", "got two\ngot three\n");
  g_assert_true (g_io_stream_close (G_IO_STREAM (talk.near), NULL, NULL));
  g_thread_join (talk.thread);
  g_assert_cmpint (talk.status, ==, 5);
  g_object_unref (talk.near);
  g_object_unref (talk.far);
}

const HostCase host_talk_cases[] = {
  { "/run/talks-both-ways", test_talk },
  { NULL, NULL },
};
