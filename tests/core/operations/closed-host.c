/* See the header. */
#include "closed-host.h"

#include "core/host/process.h"

struct _ClosedHost
{
  StewardHost parent_instance;
  ClosedHostKind kind;
  guint16 port; /* closed again */
  guint n_forwards;
};

G_DEFINE_FINAL_TYPE (ClosedHost, closed_host, STEWARD_TYPE_HOST)

static gboolean
run (StewardHost *host,
     const char *const *argv,
     const StewardCommand *command,
     StewardOutcome *outcome,
     GCancellable *cancellable,
     GError **error)
{
  StewardProcess process = { .argv = argv, .command = command };

  return steward_process_run (&process, outcome, cancellable, error);
}

static gboolean
forward (StewardHost *host,
         const char *address,
         guint16 port,
         char **near_address,
         guint16 *near_port,
         GCancellable *cancellable,
         GError **error)
{
  ClosedHost *self = CLOSED_HOST (host);

  self->n_forwards++;
  if (self->kind == CLOSED_HOST_LEADS_AWAY)
    {
      *near_address = g_strdup ("127.0.0.1");
      *near_port = self->port;
      return TRUE;
    }
  g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_DENIED, "No forward here.");
  return FALSE;
}

StewardHost *
closed_host_new (ClosedHostKind kind)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  ClosedHost *self = g_object_new (CLOSED_TYPE_HOST, NULL);

  self->kind = kind;
  self->port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  return STEWARD_HOST (self);
}

guint
closed_host_count (StewardHost *host)
{
  return CLOSED_HOST (host)->n_forwards;
}

static void
closed_host_class_init (ClosedHostClass *klass)
{
  StewardHostClass *host_class = STEWARD_HOST_CLASS (klass);

  host_class->run = run;
  host_class->forward = forward;
}

static void
closed_host_init (ClosedHost *self)
{
}
