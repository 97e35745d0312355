/* Forwards, and what other users of either machine can see of a connection. */
#include <arpa/inet.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/host/ssh-host.h"
#include "host-suite.h"
#include "sshd-fixture.h"

#define SECRET "hunter2-horse-staple"

typedef struct
{
  SshdFixture *sshd;
  StewardHost *host;
  int listener;
  guint16 port;
} Scene;

static struct sockaddr_in
make_address (guint16 port)
{
  return (struct sockaddr_in){ .sin_family = AF_INET,
                               .sin_port = htons (port),
                               .sin_addr = { htonl (INADDR_LOOPBACK) } };
}

static void
set_up (Scene *scene, gconstpointer settings)
{
  struct sockaddr_in address = make_address (0);
  socklen_t length = sizeof address;

  scene->sshd = sshd_fixture_new (settings);
  scene->host = sshd_fixture_host (scene->sshd, NULL);
  scene->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (scene->listener, (struct sockaddr *)&address, sizeof address), ==, 0);
  g_assert_cmpint (listen (scene->listener, 8), ==, 0);
  g_assert_cmpint (getsockname (scene->listener, (struct sockaddr *)&address, &length), ==, 0);
  scene->port = ntohs (address.sin_port);
}

static void
tear_down (Scene *scene, gconstpointer settings)
{
  close (scene->listener);
  g_assert_finalize_object (scene->host);
  sshd_fixture_free (scene->sshd);
}

static guint16
forward (Scene *scene, guint16 port)
{
  g_autofree char *address = NULL;
  g_autoptr (GError) error = NULL;
  guint16 near_port = 0;

  g_assert_true (
      steward_host_forward (scene->host, "127.0.0.1", port, &address, &near_port, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (address, ==, "127.0.0.1");
  return near_port;
}

static int
connect_near (guint16 port)
{
  struct sockaddr_in address = make_address (port);
  struct timeval limit = { 20, 0 };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), ==, 0);
  g_assert_cmpint (connect (fd, (struct sockaddr *)&address, sizeof address), ==, 0);
  return fd;
}

/* Says something at the near port until it comes out over there, past earlier connections. */
static void
assert_leads_there (Scene *scene, guint16 near_port)
{
  char word[8] = "";
  int near = connect_near (near_port);

  g_assert_cmpint (send (near, "word", 4, MSG_NOSIGNAL), ==, 4);
  while (strcmp (word, "word") != 0)
    {
      int far = accept4 (scene->listener, NULL, NULL, SOCK_CLOEXEC);

      g_assert_cmpint (far, >=, 0);
      g_assert_cmpint (recv (far, word, 4, MSG_WAITALL), >=, 0);
      close (far);
    }
  close (near);
}

static void
test_forward (Scene *scene, gconstpointer settings)
{
  guint16 near_port = forward (scene, scene->port);

  g_assert_cmpuint (near_port, !=, scene->port);
  assert_leads_there (scene, near_port);
  g_assert_cmpuint (forward (scene, scene->port), ==, near_port);
}

/* Through the connection's proxy to the listener. Returns: (transfer full) (nullable) */
static GSocketConnection *
connect_by_proxy (Scene *scene, GError **error)
{
  g_autofree char *proxy = NULL;
  g_autofree char *place = g_strdup_printf ("localhost:%u", scene->port);
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  g_assert_true (steward_host_ensure_proxy (scene->host, &proxy, NULL, error));
  g_assert_true (g_str_has_prefix (proxy, "socks5://127.0.0.1:"));
  g_autoptr (GProxyResolver) resolver = g_simple_proxy_resolver_new (proxy, NULL);
  g_socket_client_set_proxy_resolver (client, resolver);
  g_socket_client_set_timeout (client, 20);
  return g_socket_client_connect_to_host (client, place, 1, NULL, error);
}

static void
test_proxy (Scene *scene, gconstpointer settings)
{
  char word[8] = "";
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) near = connect_by_proxy (scene, &error);

  g_assert_no_error (error);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (near, NULL);
  g_assert_true (G_IS_PROXY_ADDRESS (remote)
                 || g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (remote)) != scene->port);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (near)),
                                            "word", 4, NULL, NULL, NULL));
  int far = accept4 (scene->listener, NULL, NULL, SOCK_CLOEXEC);
  g_assert_cmpint (recv (far, word, 4, MSG_WAITALL), ==, 4);
  g_assert_cmpstr (word, ==, "word");
  close (far);
}

static void
test_proxy_forbidden (Scene *scene, gconstpointer settings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) near = connect_by_proxy (scene, &error);

  g_assert_null (near);
  g_assert_nonnull (error);
}

static gboolean
is_cut (gpointer host)
{
  return !steward_host_is_connected (host);
}

static void
test_again (Scene *scene, gconstpointer settings)
{
  forward (scene, scene->port);
  g_autoptr (GArray) connections = sshd_fixture_list_children (scene->sshd->pid);
  g_autoptr (GArray) clients = sshd_fixture_list_children (getpid ());
  for (guint i = 0; i < connections->len; i++)
    kill (g_array_index (connections, GPid, i), SIGKILL);
  for (guint i = 0; i < clients->len; i++)
    if (g_array_index (clients, GPid, i) != scene->sshd->pid)
      host_assert_process_ends (g_array_index (clients, GPid, i));
  host_wait_until (is_cut, scene->host);
  assert_leads_there (scene, forward (scene, scene->port));
}

/* Nobody listens there: whoever uses the forward will see. */
static void
test_nobody (Scene *scene, gconstpointer settings)
{
  char byte;

  close (scene->listener);
  int near = connect_near (forward (scene, scene->port));
  g_assert_cmpint (recv (near, &byte, 1, 0), <=, 0);
  close (near);
  scene->listener = -1;
}

static void
test_prohibited (Scene *scene, gconstpointer settings)
{
  g_autofree char *address = NULL;
  guint16 near_port = 0;

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (steward_host_forward (scene->host, "127.0.0.1", scene->port, &address,
                                            &near_port, NULL, &error));
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
    }
}

static char *
answer_cb (const StewardSshQuestion *question, GCancellable *cancellable, gpointer data)
{
  *(guint *)data += 1;
  host_assert_hidden (SECRET);
  return g_strdup (SECRET);
}

static void
look_cb (const char *line, gpointer data)
{
  *(guint *)data += 1;
  host_assert_hidden (SECRET);
}

static void
test_secrets (Scene *scene, gconstpointer settings)
{
  guint questions = 0, lines = 0;
  StewardSshAsker asker = { answer_cb, &questions, NULL };
  const char *argv[] = { "sh", "-c", "echo ready; cat >/dev/null; echo done", NULL };
  g_autoptr (GInputStream) input =
      g_memory_input_stream_new_from_data (SECRET, strlen (SECRET), NULL);
  StewardCommand command = { .argv = argv, .input = input, .line = look_cb, .line_data = &lines };
  g_autoptr (GError) error = NULL;

  sshd_fixture_make_key (scene->sshd, "user_key", SECRET);
  g_autoptr (StewardHost) host = sshd_fixture_host (scene->sshd, &asker);
  g_autofree char *output = steward_host_call (host, &command, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (questions, ==, 1);
  g_assert_cmpuint (lines, ==, 2);
}

static const struct
{
  const char *name, *settings;
  void (*test) (Scene *scene, gconstpointer settings);
} cases[] = {
  { "/ssh-forward/leads-there", NULL, test_forward },
  { "/ssh-forward/is-made-again", NULL, test_again },
  { "/ssh-forward/proxy-leads-from-the-host", NULL, test_proxy },
  { "/ssh-forward/proxy-can-be-forbidden", "AllowTcpForwarding no", test_proxy_forbidden },
  { "/ssh-forward/needs-nobody-there", NULL, test_nobody },
  { "/ssh-forward/says-that-it-is-forbidden", "AllowTcpForwarding no", test_prohibited },
  { "/ssh-forward/says-that-the-place-is-forbidden", "PermitOpen 127.0.0.1:1", test_prohibited },
  { "/ssh-secrets/are-in-no-vector-and-no-environment", NULL, test_secrets },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].name, Scene, cases[i].settings, set_up, cases[i].test, tear_down);
  return g_test_run ();
}
