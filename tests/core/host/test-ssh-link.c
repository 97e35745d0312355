/* The shared connection while it is used: cuts, freezes, many users, its end. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/host/ssh-host.h"
#include "host-suite.h"
#include "sshd-fixture.h"
#include "tcp-proxy.h"

/* Silence is noticed within this time. */
#define NOTICE_US (15 * G_USEC_PER_SEC)

typedef struct
{
  SshdFixture *sshd;
  StewardHost *host;
} Scene;

static void
set_up (Scene *scene, gconstpointer settings)
{
  scene->sshd = sshd_fixture_new (settings);
  scene->host = sshd_fixture_host (scene->sshd, NULL);
}

static void
tear_down (Scene *scene, gconstpointer settings)
{
  if (scene->host != NULL)
    g_assert_finalize_object (scene->host);
  sshd_fixture_free (scene->sshd);
}

/* A command on a thread of its own that says its process number and sleeps. */
typedef struct
{
  StewardHost *host;
  GCancellable *cancellable;
  GThread *thread;
  GError *error;
  int pid; /* atomic */
} Sleeper;

static void
note_pid_cb (const char *line, gpointer data)
{
  g_atomic_int_set ((int *)data, atoi (line));
}

static gpointer
sleeper_run (gpointer data)
{
  Sleeper *sleeper = data;
  const char *argv[] = { "sh", "-c", "echo $$; exec sleep 300", NULL };
  StewardCommand command = { .argv = argv, .line = note_pid_cb, .line_data = &sleeper->pid };
  g_auto (StewardOutcome) outcome = { 0 };

  steward_host_run (sleeper->host, &command, &outcome, sleeper->cancellable, &sleeper->error);
  return NULL;
}

static gboolean
has_pid (gpointer data)
{
  return g_atomic_int_get ((int *)data) != 0;
}

static void
sleeper_start (Sleeper *sleeper, StewardHost *host)
{
  sleeper->host = host;
  sleeper->thread = g_thread_new ("sleeper", sleeper_run, sleeper);
  host_wait_until (has_pid, &sleeper->pid);
}

/* Its command was cut off; what runs over there goes on, and is ended by hand. */
static void
sleeper_assert_cut (Sleeper *sleeper)
{
  g_thread_join (sleeper->thread);
  g_assert_error (sleeper->error, STEWARD_ERROR, STEWARD_ERROR_DISCONNECTED);
  g_clear_error (&sleeper->error);
  g_assert_true (host_process_is_alive (sleeper->pid));
  kill (sleeper->pid, SIGKILL);
}

static void
assert_works (StewardHost *host)
{
  const char *argv[] = { "echo", "works", NULL };
  StewardCommand command = { .argv = argv };
  g_autoptr (GError) error = NULL;
  g_autofree char *output = steward_host_call (host, &command, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (output, ==, "works\n");
}

/* The process of this connection: of sshd, or the only ssh of ours. */
static GPid
find_child (GPid parent)
{
  g_autoptr (GArray) children = sshd_fixture_list_children (parent);

  for (guint i = 0; i < children->len; i++)
    {
      GPid pid = g_array_index (children, GPid, i);
      g_autofree char *path = g_strdup_printf ("/proc/%d/comm", pid);
      g_autofree char *name = NULL;

      if (g_file_get_contents (path, &name, NULL, NULL) && g_str_has_prefix (name, "ssh"))
        if (parent != getpid () || strcmp (name, "ssh\n") == 0)
          return pid;
    }
  return 0;
}

/* The client that keeps the connection; gone when this returns. */
static void
kill_master (void)
{
  GPid pid = find_child (getpid ());

  kill (pid, SIGKILL);
  host_assert_process_ends (pid);
}

static void
test_killed_there (Scene *scene, gconstpointer settings)
{
  Sleeper sleeper = { 0 };

  sleeper_start (&sleeper, scene->host);
  kill (find_child (scene->sshd->pid), SIGKILL);
  sleeper_assert_cut (&sleeper);
  assert_works (scene->host);
  g_assert_cmpuint (sshd_fixture_count_logins (scene->sshd), ==, 2);
}

static void
test_killed_here (Scene *scene, gconstpointer settings)
{
  assert_works (scene->host);
  kill_master ();
  assert_works (scene->host);
  g_assert_cmpuint (sshd_fixture_count_logins (scene->sshd), ==, 2);
}

/* Input that was handed to a client without a connection is handed over again. */
static void
test_input_again (Scene *scene, gconstpointer settings)
{
  for (int i = 0; i < 5; i++)
    {
      const char *argv[] = { "cat", NULL };
      g_autoptr (GInputStream) input = g_memory_input_stream_new_from_data ("all of it", 9, NULL);
      StewardCommand command = { .argv = argv, .input = input };
      g_autoptr (GError) error = NULL;

      assert_works (scene->host);
      kill_master ();
      g_autofree char *output = steward_host_call (scene->host, &command, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (output, ==, "all of it");
    }
}

static void
test_frozen (Scene *scene, gconstpointer settings)
{
  Sleeper sleeper = { 0 };

  sleeper_start (&sleeper, scene->host);
  GPid frozen = find_child (scene->sshd->pid);
  gint64 began_us = g_get_monotonic_time ();
  kill (frozen, SIGSTOP);
  sleeper_assert_cut (&sleeper);
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, NOTICE_US);
  assert_works (scene->host);
  kill (frozen, SIGKILL);
}

static void
test_black_hole (Scene *scene, gconstpointer settings)
{
  g_autoptr (TcpProxy) proxy = tcp_proxy_new (scene->sshd->port);
  g_autofree char *lines =
      g_strdup_printf ("Host *\nHostKeyAlias [127.0.0.1]:%u", scene->sshd->port);
  StewardSshAddress address = { NULL, (char *)"127.0.0.1", tcp_proxy_get_port (proxy) };
  Sleeper sleeper = { 0 };

  sshd_fixture_configure (scene->sshd, lines);
  g_autoptr (StewardHost) host = steward_ssh_host_new (&address, NULL);
  sleeper_start (&sleeper, host);
  gint64 began_us = g_get_monotonic_time ();
  tcp_proxy_set_state (proxy, TCP_PROXY_SILENT);
  sleeper_assert_cut (&sleeper);
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, NOTICE_US);
  tcp_proxy_set_state (proxy, TCP_PROXY_PASSES);
  assert_works (host);
}

static gpointer
work_cb (gpointer host)
{
  for (int i = 0; i < 5; i++)
    assert_works (host);
  return NULL;
}

static void
test_many (Scene *scene, gconstpointer settings)
{
  GThread *threads[10];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("work", work_cb, scene->host);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (sshd_fixture_count_logins (scene->sshd), ==, 1);
}

/* One session keeps the connection: nothing is left for commands. */
static void
test_no_sessions (Scene *scene, gconstpointer settings)
{
  const char *argv[] = { "true", NULL };
  StewardCommand command = { .argv = argv };
  g_auto (StewardOutcome) outcome = { 0 };
  g_autoptr (GError) error = NULL;

  steward_host_run (scene->host, &command, &outcome, NULL, &error);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_nonnull (strstr (error->message, "MaxSessions"));
}

static gpointer
connect_cb (gpointer data)
{
  Sleeper *sleeper = data;

  steward_host_connect (sleeper->host, sleeper->cancellable, &sleeper->error);
  return NULL;
}

static void
test_cancelled_opener (Scene *scene, gconstpointer settings)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Sleeper first = { scene->host, cancellable }, second = { scene->host, NULL };

  first.thread = g_thread_new ("first", connect_cb, &first);
  second.thread = g_thread_new ("second", connect_cb, &second);
  g_cancellable_cancel (cancellable);
  g_thread_join (first.thread);
  g_thread_join (second.thread);
  g_assert_no_error (second.error);
  g_clear_error (&first.error);
  assert_works (scene->host);
}

static gboolean
has_no_connection (gpointer data)
{
  g_autoptr (GArray) connections = sshd_fixture_list_children (((SshdFixture *)data)->pid);

  return connections->len == 0;
}

static void
test_end (Scene *scene, gconstpointer settings)
{
  assert_works (scene->host);
  g_assert_finalize_object (g_steal_pointer (&scene->host));
  g_assert_cmpint (find_child (getpid ()), ==, 0);
  host_wait_until (has_no_connection, scene->sshd);
}

/* This program again, as one that only holds a host; see main(). */
static int
hold (const char *port)
{
  StewardSshAddress address = { NULL, (char *)"127.0.0.1", atoi (port) };
  g_autoptr (StewardHost) host = steward_ssh_host_new (&address, NULL);
  Sleeper sleeper = { 0 };

  assert_works (host);
  sleeper_start (&sleeper, host);
  g_print ("%d\n", sleeper.pid);
  g_thread_join (sleeper.thread);
  return 1;
}

static void
test_killed_program (Scene *scene, gconstpointer settings)
{
  g_autofree char *port = g_strdup_printf ("%u", scene->sshd->port);
  const char *argv[] = { "/proc/self/exe", "--hold", port, NULL };
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GError) error = NULL;
  GPid pid = 0;
  int out = -1;
  char text[32] = "";

  argv[0] = self;
  g_spawn_async_with_pipes (NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                            NULL, &out, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read (out, text, sizeof text - 1), >, 0);
  close (out);
  g_autoptr (GArray) clients = sshd_fixture_list_children (pid);
  g_assert_cmpuint (clients->len, ==, 2);
  kill (pid, SIGKILL);
  for (guint i = 0; i < clients->len; i++)
    host_assert_process_ends (g_array_index (clients, GPid, i));
  host_wait_until (has_no_connection, scene->sshd);
  kill (atoi (text), SIGKILL);
  g_spawn_close_pid (pid);
}

#define SLOW                                                                                       \
  "ForceCommand echo Welcome; echo Noise >&2; sleep 2; exec sh -c \"$SSH_ORIGINAL_COMMAND\""

static void
test_banners (Scene *scene, gconstpointer settings)
{
  const char *argv[] = { "sh", "-c", "echo out; echo err >&2; exit 255", NULL };
  StewardCommand command = { .argv = argv };
  g_auto (StewardOutcome) outcome = { 0 };

  g_assert_true (steward_host_run (scene->host, &command, &outcome, NULL, NULL));
  g_assert_cmpint (outcome.status, ==, 255);
  g_assert_cmpstr (outcome.output->str, ==, "out\n");
  g_assert_cmpstr (outcome.errors->str, ==, "err\n");
}

/* Cancelled while the profile is still read, it never begins. */
static void
test_cancelled_in_profile (Scene *scene, gconstpointer settings)
{
  g_autofree char *made = sshd_fixture_dup_path (scene->sshd, "made");
  const char *argv[] = { "touch", made, NULL };
  StewardCommand command = { .argv = argv, .deadline_ms = 500 };
  g_auto (StewardOutcome) outcome = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (steward_host_connect (scene->host, NULL, NULL));
  steward_host_run (scene->host, &command, &outcome, NULL, &error);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);
  /* Longer than the profile takes. */
  assert_works (scene->host);
  g_assert_false (g_file_test (made, G_FILE_TEST_EXISTS));
}

static void
test_shell (Scene *scene, gconstpointer settings)
{
  g_autofree char *path = sshd_fixture_dup_path (scene->sshd, "a 'b' !c \\d\n");
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x\0y\n", 4);
  g_autoptr (GError) error = NULL;

  steward_host_replace_file (scene->host, path, bytes, NULL, 0600, NULL, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) back = steward_host_read_file (scene->host, path, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (bytes, back));
  assert_works (scene->host);
}

#define SHELL(name) "ForceCommand exec " name " -c \"$SSH_ORIGINAL_COMMAND\""

static const struct
{
  const char *name, *settings;
  void (*test) (Scene *scene, gconstpointer settings);
} cases[] = {
  { "/ssh-link/opens-anew-after-a-cut-there", NULL, test_killed_there },
  { "/ssh-link/opens-anew-after-a-cut-here", NULL, test_killed_here },
  { "/ssh-link/gives-input-again", NULL, test_input_again },
  { "/ssh-link/notices-a-frozen-host", NULL, test_frozen },
  { "/ssh-link/notices-a-dead-network", NULL, test_black_hole },
  { "/ssh-link/serves-ten-threads", NULL, test_many },
  { "/ssh-link/waits-for-room", "MaxSessions 3", test_many },
  { "/ssh-link/says-that-there-is-no-room", "MaxSessions 1", test_no_sessions },
  { "/ssh-link/outlives-who-opened-it", NULL, test_cancelled_opener },
  { "/ssh-link/leaves-nothing", NULL, test_end },
  { "/ssh-link/ends-with-its-program", NULL, test_killed_program },
  { "/ssh-link/tells-output-from-banners", SLOW, test_banners },
  { "/ssh-link/begins-nothing-that-was-given-up", SLOW, test_cancelled_in_profile },
  { "/ssh-link/shell/fish", SHELL ("fish"), test_shell },
  { "/ssh-link/shell/tcsh", SHELL ("tcsh"), test_shell },
  { "/ssh-link/shell/zsh", SHELL ("zsh"), test_shell },
  { "/ssh-link/shell/bash", SHELL ("bash"), test_shell },
  { "/ssh-link/shell/busybox", SHELL ("busybox sh"), test_shell },
  { "/ssh-link/needs-no-home", "SetEnv HOME=/proc", test_shell },
};

int
main (int argc, char **argv)
{
  if (argc == 3 && strcmp (argv[1], "--hold") == 0)
    return hold (argv[2]);
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].name, Scene, cases[i].settings, set_up, cases[i].test, tear_down);
  return g_test_run ();
}
