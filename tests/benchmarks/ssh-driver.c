/* Measures what SSH costs, on an sshd of its own on loopback, for ssh.sh. Two things in turn, A B A
 * B, one pair a line, in microseconds: `NAME A B`. Figures and verdicts are the script's.
 *
 *   ssh-driver COMPOSE-FILE FILE RUNS NAME...
 *
 *   command   a command through Steward's connection, and through a connection made by hand
 *   refresh   a whole look at the deployment over SSH, and on this machine
 *   distance  the same over SSH with 100 ms a round trip, and without
 *   stream    FILE from the host through Steward, and by `ssh host cat` */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "core/host/local-host.h"
#include "core/operations/status.h"
#include "sshd-fixture.h"
#include "tcp-proxy.h"

#define ONE_WAY_MS 50
/* A command takes milliseconds: more of them. */
#define COMMANDS_A_RUN 20

/* A deployment as one host shows it. */
typedef struct
{
  StewardEngine *engine;
  StewardComposeProject *project;
} View;

typedef void (*Act) (gpointer data);

static SshdFixture *sshd;
static char *file;
static char *socket_path;

static void
check (const GError *error)
{
  if (error == NULL)
    return;
  fprintf (stderr, "%s\n", error->message);
  exit (1);
}

static gint64
measure (Act act, gpointer data)
{
  gint64 begun_us = g_get_monotonic_time ();

  act (data);
  return g_get_monotonic_time () - begun_us;
}

static void
compare (const char *name, guint runs, Act first, gpointer first_data, Act second, gpointer data)
{
  measure (first, first_data);
  measure (second, data);
  for (guint i = 0; i < runs; i++)
    {
      long first_us = measure (first, first_data);
      long second_us = measure (second, data);

      printf ("%s %ld %ld\n", name, first_us, second_us);
    }
}

/* ssh as a person calls it, in the connection made by hand. @out: a descriptor for what it prints
 */
static void
run_by_hand (const char *program, const char *argument, int out)
{
  const char *argv[] = { "ssh",       "-F", sshd->config, "-S",     socket_path,
                         "127.0.0.1", "--", program,      argument, NULL };
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_take_fd (launcher, out, STDOUT_FILENO);
  g_autoptr (GSubprocess) ssh = g_subprocess_launcher_spawnv (launcher, argv, &error);
  check (error);
  g_subprocess_wait_check (ssh, NULL, &error);
  check (error);
}

static int
open_for_output (const char *path)
{
  return g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

static void
command_by_hand_cb (gpointer data)
{
  run_by_hand ("uname", "-n", open_for_output ("/dev/null"));
}

static void
command_cb (gpointer data)
{
  const char *argv[] = { "uname", "-n", NULL };
  StewardCommand command = { .argv = argv };
  g_autoptr (GError) error = NULL;

  g_free (steward_host_call (data, &command, NULL, &error));
  check (error);
}

static void
stream_by_hand_cb (gpointer data)
{
  g_autofree char *copy = g_strconcat (file, ".by-hand", NULL);

  run_by_hand ("cat", file, open_for_output (copy));
  g_unlink (copy);
}

static void
stream_cb (gpointer data)
{
  const char *argv[] = { "cat", file, NULL };
  g_autofree char *path = g_strconcat (file, ".copy", NULL);
  g_autoptr (GFile) copy = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileOutputStream) output =
      g_file_replace (copy, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, &error);
  check (error);
  StewardCommand command = { .argv = argv,
                             .output = G_OUTPUT_STREAM (output),
                             .deadline_ms = G_MAXUINT };

  g_free (steward_host_call (data, &command, NULL, &error));
  check (error);
  g_output_stream_close (G_OUTPUT_STREAM (output), NULL, &error);
  check (error);
  g_unlink (path);
}

static void
refresh_cb (gpointer data)
{
  const View *view = data;
  g_auto (StewardLook) look = { 0 };
  g_autoptr (GError) error = NULL;

  steward_look (view->engine, view->project, NULL, &look, NULL, &error);
  check (error);
  const StewardStatus *status = look.status;
  if (status->health == NULL || status->database_problem != NULL || status->store_problem != NULL
      || status->drift_problem != NULL || status->last_migration == NULL)
    {
      fprintf (stderr, "The look is not whole: %s %s %s %s\n", status->health_problem,
               status->database_problem, status->store_problem, status->drift_problem);
      exit (1);
    }
}

static void
view_init (View *view, StewardHost *host, const char *compose_file)
{
  g_auto (StewardEngineVersions) versions = { 0 };
  g_autoptr (GError) error = NULL;

  view->engine = steward_engine_new (host);
  steward_engine_check (view->engine, &versions, NULL, &error);
  check (error);
  view->project = steward_compose_project_new_from_file (view->engine, compose_file, NULL, &error);
  check (error);
}

static void
view_clear (View *view)
{
  steward_compose_project_free (view->project);
  steward_engine_unref (view->engine);
}

/* A look from far away, and back. */
typedef struct
{
  TcpProxy *proxy;
  View view;
} Distance;

static void
distant_cb (gpointer data)
{
  Distance *distance = data;

  refresh_cb (&distance->view);
}

static void
compare_distances (const char *compose_file, guint runs)
{
  g_autoptr (TcpProxy) proxy = tcp_proxy_new (sshd->port);
  StewardSshAddress address = { NULL, (char *)"127.0.0.1", tcp_proxy_get_port (proxy) };
  g_autoptr (StewardHost) host = steward_ssh_host_new (&address, NULL);
  Distance distance = { .proxy = proxy };

  view_init (&distance.view, host, compose_file);
  distant_cb (&distance);
  for (guint i = 0; i < runs * 2; i++)
    {
      tcp_proxy_set_delay (proxy, ONE_WAY_MS);
      long far_us = measure (distant_cb, &distance);
      tcp_proxy_set_delay (proxy, 0);
      long near_us = measure (distant_cb, &distance);

      printf ("distance %ld %ld\n", far_us, near_us);
    }
  view_clear (&distance.view);
}

static void
compare_commands (const char *compose_file, guint runs)
{
  g_autoptr (StewardHost) host = sshd_fixture_host (sshd, NULL);

  compare ("command", runs * COMMANDS_A_RUN, command_cb, host, command_by_hand_cb, NULL);
}

static void
compare_refreshes (const char *compose_file, guint runs)
{
  g_autoptr (StewardHost) local_host = steward_local_host_new ();
  g_autoptr (StewardHost) ssh_host = sshd_fixture_host (sshd, NULL);
  View local = { 0 }, ssh = { 0 };

  view_init (&local, local_host, compose_file);
  view_init (&ssh, ssh_host, compose_file);
  compare ("refresh", runs * 4, refresh_cb, &ssh, refresh_cb, &local);
  view_clear (&ssh);
  view_clear (&local);
}

static void
compare_streams (const char *compose_file, guint runs)
{
  g_autoptr (StewardHost) host = sshd_fixture_host (sshd, NULL);

  compare ("stream", runs, stream_cb, host, stream_by_hand_cb, NULL);
}

static const struct
{
  const char *name;
  void (*compare) (const char *compose_file, guint runs);
} comparisons[] = {
  { "command", compare_commands },
  { "refresh", compare_refreshes },
  { "distance", compare_distances },
  { "stream", compare_streams },
};

static void
end_with_parent_cb (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

/* The connection that an administrator would make. */
static GSubprocess *
connect_by_hand (void)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE);
  g_autofree char *line =
      g_strdup_printf ("Host *\nHostKeyAlias [127.0.0.1]:%u\nPort %u", sshd->port, sshd->port);
  g_autoptr (GError) error = NULL;

  sshd_fixture_configure (sshd, line);
  socket_path = sshd_fixture_dup_path (sshd, "by-hand");
  g_subprocess_launcher_set_child_setup (launcher, end_with_parent_cb, NULL, NULL);
  GSubprocess *master =
      g_subprocess_launcher_spawn (launcher, &error, "ssh", "-F", sshd->config, "-M", "-N", "-S",
                                   socket_path, "127.0.0.1", NULL);
  check (error);
  while (!g_file_test (socket_path, G_FILE_TEST_EXISTS))
    g_usleep (G_USEC_PER_SEC / 100);
  return master;
}

/* A session's environment is what sshd is told: the profile of whoever runs this is none of it. */
static char *
dup_settings (const char *home)
{
  return g_strdup_printf ("SetEnv HOME=%s DOCKER_CONFIG=%s PATH=%s", home,
                          g_getenv ("DOCKER_CONFIG"), g_getenv ("PATH"));
}

int
main (int argc, char **argv)
{
  if (argc < 5)
    {
      fprintf (stderr, "Usage: ssh-driver COMPOSE-FILE FILE RUNS NAME...\n");
      return 2;
    }
  setlinebuf (stdout);
  g_autofree char *home = g_dir_make_tmp ("steward-home-XXXXXX", NULL);
  g_autofree char *settings = dup_settings (home);
  file = argv[2];
  sshd = sshd_fixture_new (settings);
  g_autoptr (GSubprocess) master = connect_by_hand ();
  for (int i = 4; i < argc; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (comparisons); j++)
      if (g_str_equal (argv[i], comparisons[j].name))
        comparisons[j].compare (argv[1], atoi (argv[3]));
  g_subprocess_send_signal (master, SIGTERM);
  g_subprocess_wait (master, NULL, NULL);
  sshd_fixture_free (sshd);
  g_rmdir (home);
  g_free (socket_path);
  return 0;
}
