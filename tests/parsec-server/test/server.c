/* Runs the stand-in server under test. See server.h. */
#include "server.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#define LIFE_S 60
#define WAIT_US (20 * G_TIME_SPAN_SECOND)

void
outcome_free (Outcome *self)
{
  g_free (self->output);
  g_free (self->problems);
  g_free (self);
}

static void
run_script (const char *script, const char *const *values)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) arguments = NULL;
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_strv_builder_add_many (builder, "sh", "-euc", script, "sh", NULL);
  g_strv_builder_addv (builder, (const char **)values);
  arguments = g_strv_builder_end (builder);
  if (!g_spawn_sync (NULL, arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
                     &error)
      || !g_spawn_check_wait_status (status, &error))
    g_error ("%s: %s", script, error->message);
}

char *
release_make (const ReleaseFacts *facts)
{
  g_autofree char *folder = g_dir_make_tmp ("steward-release-XXXXXX", NULL);
  g_autofree char *last = g_strdup_printf ("%04d", facts->last);
  g_autofree char *text =
      g_strdup_printf ("[release]\nversion=9.8.7\napi=5.5\ngeneration=%s\nfault=%s\n",
                       facts->generation ? facts->generation : "early",
                       facts->fault ? facts->fault : "none");
  const char *const values[] = { PARSEC_SOURCES, folder, last, facts->broken ? facts->broken : "-",
                                 NULL };
  char *release = g_build_filename (folder, "release.ini", NULL);

  run_script ("mkdir \"$2/migrations\"\n"
              "for file in \"$1\"/migrations/*.sql; do\n"
              "  name=${file##*/}\n"
              "  [ \"${name%%_*}\" -gt \"$3\" ] || cp \"$file\" \"$2/migrations/\"\n"
              "done\n"
              "[ \"$4\" = - ] || cp \"$1/broken/$4\"/*.sql \"$2/migrations/\"\n",
              values);
  g_assert_true (g_file_set_contents (release, text, -1, NULL));
  return release;
}

void
release_remove (char *release)
{
  g_autofree char *folder = g_path_get_dirname (release);
  const char *const values[] = { folder, NULL };

  run_script ("rm -rf -- \"$1\"", values);
  g_free (release);
}

/* A test that fails ends this program in the middle: the server must not outlive it, and one that
 * should have ended by itself is ended by the alarm, which no test takes for an exit. */
static void
limit_life_cb (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  alarm (LIFE_S);
}

GSubprocess *
server_start (const char *release,
              const char *url,
              const char *arguments,
              const char *const *settings)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *line = g_strdup_printf (PARSEC_PROGRAM " %s", arguments);
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  g_autoptr (GError) error = NULL;
  GSubprocess *server;

  g_subprocess_launcher_set_child_setup (launcher, limit_life_cb, NULL, NULL);
  g_subprocess_launcher_setenv (launcher, "PARSEC_RELEASE", release, TRUE);
  g_subprocess_launcher_setenv (launcher, "PARSEC_DB", url, TRUE);
  g_subprocess_launcher_setenv (launcher, "PARSEC_HOST", "127.0.0.1", TRUE);
  for (; settings != NULL && *settings != NULL; settings++)
    {
      g_auto (GStrv) pair = g_strsplit (*settings, "=", 2);

      g_subprocess_launcher_setenv (launcher, pair[0], pair[1], TRUE);
    }
  server = g_subprocess_launcher_spawnv (launcher, (const char *const *)words, &error);
  g_assert_no_error (error);
  return server;
}

Outcome *
server_finish (GSubprocess *server)
{
  Outcome *outcome = g_new0 (Outcome, 1);
  g_autoptr (GError) error = NULL;

  g_subprocess_communicate_utf8 (server, NULL, NULL, &outcome->output, &outcome->problems, &error);
  g_assert_no_error (error);
  outcome->status =
      g_subprocess_get_if_exited (server) ? g_subprocess_get_exit_status (server) : -1;
  return outcome;
}

Outcome *
server_run (const char *release, const char *url, const char *arguments)
{
  g_autoptr (GSubprocess) server = server_start (release, url, arguments, NULL);

  return server_finish (server);
}

char *
server_strip_frames (const char *output)
{
  g_autoptr (GRegex) frames = g_regex_new ("\rMigrate [⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]", 0, 0, NULL);

  return g_regex_replace (frames, output, -1, 0, "", 0, NULL);
}

char *
server_ask (guint16 port, const char *request_line, const char *body, guint timeout_s)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autofree char *request =
      g_strdup_printf ("%s HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: %" G_GSIZE_FORMAT
                       "\r\n\r\n%s",
                       request_line, strlen (body), body);
  g_autoptr (GString) answer = g_string_new (NULL);
  GInputStream *input;
  char buffer[4096];
  gssize n_read;

  g_socket_client_set_timeout (client, timeout_s);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);
  if (connection == NULL)
    return NULL;
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request,
                             strlen (request), NULL, NULL, NULL);
  input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  while ((n_read = g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL)) > 0)
    g_string_append_len (answer, buffer, n_read);
  return answer->len > 0 ? g_strdup (answer->str) : NULL;
}

gboolean
server_port_is_open (guint16 port)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);

  return connection != NULL;
}

void
server_wait_for_port (guint16 port)
{
  gint64 deadline = g_get_monotonic_time () + WAIT_US;

  while (!server_port_is_open (port))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (20000);
    }
}
