/* Measures what SSH costs, on an sshd of its own on loopback, for ssh.sh. Two things in turn, A B A
 * B, one pair a line, in microseconds: `NAME A B`. Figures and verdicts are the script's.
 *
 *   ssh-driver COMPOSE-FILE FILE RUNS
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
  run_by_hand ("true", NULL, open_for_output ("/dev/null"));
}

static void
command_cb (gpointer data)
{
  const char *argv[] = { "true", NULL };
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
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardDeployment) deployment =
      steward_deployment_open (view->engine, steward_compose_project_copy (view->project), NULL,
                               NULL, &error);
  check (error);
  g_autoptr (StewardStore) store = steward_operation_new_store (deployment);
  g_autoptr (StewardStatus) status = steward_status_read (deployment, store, NULL, &error);
  check (error);
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
compare_distance (const char *compose_file, guint runs)
{
  g_autoptr (TcpProxy) proxy = tcp_proxy_new (sshd->port);
  StewardSshAddress address = { NULL, (char *)"127.0.0.1", tcp_proxy_get_port (proxy) };
  g_autoptr (StewardHost) host = steward_ssh_host_new (&address, NULL);
  Distance distance = { .proxy = proxy };

  view_init (&distance.view, host, compose_file);
  distant_cb (&distance);
  for (guint i = 0; i < runs; i++)
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
compare_all (const char *compose_file, guint runs)
{
  g_autoptr (StewardHost) local_host = steward_local_host_new ();
  g_autoptr (StewardHost) ssh_host = sshd_fixture_host (sshd, NULL);
  View local = { 0 }, ssh = { 0 };

  view_init (&local, local_host, compose_file);
  view_init (&ssh, ssh_host, compose_file);
  compare ("command", runs * COMMANDS_A_RUN, command_cb, ssh_host, command_by_hand_cb, NULL);
  compare ("refresh", runs * 4, refresh_cb, &ssh, refresh_cb, &local);
  compare ("stream", runs, stream_cb, ssh_host, stream_by_hand_cb, NULL);
  compare_distance (compose_file, runs * 2);
  view_clear (&ssh);
  view_clear (&local);
}

/* The connection that an administrator would make. */
static GSubprocess *
connect_by_hand (void)
{
  g_autofree char *line =
      g_strdup_printf ("Host *\nHostKeyAlias [127.0.0.1]:%u\nPort %u", sshd->port, sshd->port);
  g_autoptr (GError) error = NULL;

  sshd_fixture_configure (sshd, line);
  socket_path = sshd_fixture_dup_path (sshd, "by-hand");
  GSubprocess *master =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE, &error, "ssh", "-F", sshd->config, "-M",
                        "-N", "-S", socket_path, "127.0.0.1", NULL);
  check (error);
  while (!g_file_test (socket_path, G_FILE_TEST_EXISTS))
    g_usleep (G_USEC_PER_SEC / 100);
  return master;
}

int
main (int argc, char **argv)
{
  if (argc != 4)
    {
      fprintf (stderr, "Usage: ssh-driver COMPOSE-FILE FILE RUNS\n");
      return 2;
    }
  setlinebuf (stdout);
  g_autofree char *settings = g_strdup_printf ("SetEnv DOCKER_CONFIG=%s PATH=%s",
                                               g_getenv ("DOCKER_CONFIG"), g_getenv ("PATH"));
  file = argv[2];
  sshd = sshd_fixture_new (settings);
  g_autoptr (GSubprocess) master = connect_by_hand ();
  compare_all (argv[1], atoi (argv[3]));
  g_subprocess_send_signal (master, SIGTERM);
  g_subprocess_wait (master, NULL, NULL);
  sshd_fixture_free (sshd);
  g_free (socket_path);
  return 0;
}
