/* A forward is asked of the client that keeps the connection. What the host forbids shows only when
 * something connects through it: so that is tried once. */
#include "core/host/ssh-forwards.h"

#include <arpa/inet.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/host/process.h"
#include "core/host/ssh-program.h"

/* Somebody else may take a port between our look and ssh's. */
#define PORTS_LIMIT 5

void
steward_ssh_forwards_init (StewardSshForwards *self)
{
  g_mutex_init (&self->mutex);
  self->ports = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->serial = 0;
}

void
steward_ssh_forwards_clear (StewardSshForwards *self)
{
  g_mutex_clear (&self->mutex);
  g_clear_pointer (&self->ports, g_hash_table_unref);
}

/* A port of the loopback that is free just now; 0 if there is none. */
static guint16
find_port (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl (INADDR_LOOPBACK) } };
  socklen_t length = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  gboolean bound = fd >= 0 && bind (fd, (struct sockaddr *)&address, length) == 0
                   && getsockname (fd, (struct sockaddr *)&address, &length) == 0;

  if (fd >= 0)
    close (fd);
  return bound ? ntohs (address.sin_port) : 0;
}

/* @action: forward or cancel */
static gboolean
control (StewardSshConnection *connection,
         const char *action,
         guint16 port,
         const char *far_end,
         GCancellable *cancellable,
         GError **error)
{
  g_autoptr (GPtrArray) argv =
      steward_ssh_program_client_argv (steward_ssh_connection_get_socket (connection));
  g_autofree char *spec = g_strdup_printf ("127.0.0.1:%u:%s", port, far_end);
  const char *rest[] = { "-O", action, "-L", spec, "--", "steward", NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (rest); i++)
    g_ptr_array_add (argv, g_strdup (rest[i]));
  const char *const *vector = (const char *const *)argv->pdata;
  StewardCommand command = { .argv = vector, .deadline_ms = 10000 };
  StewardProcess process = { .argv = vector, .command = &command };
  g_auto (StewardOutcome) outcome = { 0 };
  if (!steward_process_run (&process, &outcome, cancellable, error))
    return FALSE;
  if (outcome.status == 0)
    return TRUE;
  g_autofree char *reason = g_utf8_make_valid (g_strchomp (outcome.errors->str), -1);
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
               _ ("“%s” cannot be reached through the SSH connection: %s"), far_end, reason);
  return FALSE;
}

/* Connects once. The host answers in the order of what it is asked: when a command has run after
 * that, a prohibition is known. */
static gboolean
check_allowed (StewardHost *host,
               StewardSshConnection *connection,
               guint16 port,
               GCancellable *cancellable,
               GError **error)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons (port),
                                 .sin_addr = { htonl (INADDR_LOOPBACK) } };
  const char *argv[] = { "true", NULL };
  StewardCommand command = { .argv = argv };
  g_auto (StewardOutcome) outcome = { 0 };
  guint before = steward_ssh_connection_get_prohibitions (connection);
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd >= 0)
    connect (fd, (struct sockaddr *)&address, sizeof address);
  gboolean ran = steward_host_run (host, &command, &outcome, cancellable, error);
  if (fd >= 0)
    close (fd);
  if (!ran)
    return FALSE;
  if (steward_ssh_connection_get_prohibitions (connection) == before)
    return TRUE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED,
               _ ("“%s” allows no forwards through its SSH connection (AllowTcpForwarding or "
                  "PermitOpen of its sshd)."),
               steward_host_get_name (host));
  return FALSE;
}

/* Called with the mutex. */
static guint16
open_forward (StewardHost *host,
              StewardSshConnection *connection,
              const char *far_end,
              GCancellable *cancellable,
              GError **error)
{
  for (guint tries = 1;; tries++)
    {
      g_autoptr (GError) cause = NULL;
      guint16 port = find_port ();

      if (control (connection, "forward", port, far_end, cancellable, &cause))
        {
          if (check_allowed (host, connection, port, cancellable, error))
            return port;
          control (connection, "cancel", port, far_end, NULL, NULL);
          return 0;
        }
      if (tries == PORTS_LIMIT
          || !g_error_matches (cause, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE))
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return 0;
        }
    }
}

guint16
steward_ssh_forwards_get (StewardSshForwards *self,
                          StewardHost *host,
                          StewardSshConnection *connection,
                          const char *far_end,
                          GCancellable *cancellable,
                          GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  guint serial = 0;

  if (!steward_ssh_connection_enter (connection, &serial, cancellable, error))
    return 0;
  steward_ssh_connection_leave (connection);
  if (serial != self->serial)
    g_hash_table_remove_all (self->ports);
  self->serial = serial;

  guint16 port = GPOINTER_TO_UINT (g_hash_table_lookup (self->ports, far_end));
  if (port != 0)
    return port;
  port = open_forward (host, connection, far_end, cancellable, error);
  if (port != 0)
    g_hash_table_insert (self->ports, g_strdup (far_end), GUINT_TO_POINTER ((guint)port));
  return port;
}
