/* One thread takes connections, one more carries each of them. They hold references, so that
 * closing need not wait for them. */
#include "core/engine/relay.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/un.h>

#include "core/engine/docker-error.h"
#include "core/engine/relay-tool.h"

/* Commands end when their input does; those that have not by then are ended. */
#define CLOSING_GRACE_US (2 * G_USEC_PER_SEC)

struct _StewardRelay
{
  StewardEngine *engine; /* owned */
  char **argv;           /* owned: the docker command of a connection */
  char *folder;          /* owned */
  char *path;            /* owned */
  GSocket *listener;     /* owned */
  GCancellable *closing; /* owned: no further connection */
  GCancellable *ending;  /* owned: the connections' commands too */

  GMutex mutex;
  GCond ended;
  GPtrArray *sockets; /* guarded by mutex: GSocket of the connections that are open */
  char *problem;      /* guarded by mutex, owned, nullable */
};

typedef struct
{
  StewardRelay *relay;        /* reference */
  GSocketConnection *carried; /* owned */
} Connection;

static void
relay_clear (gpointer data)
{
  StewardRelay *self = data;

  g_clear_pointer (&self->engine, steward_engine_unref);
  g_clear_object (&self->listener);
  g_clear_object (&self->closing);
  g_clear_object (&self->ending);
  g_clear_pointer (&self->sockets, g_ptr_array_unref);
  g_strfreev (self->argv);
  g_free (self->folder);
  g_free (self->path);
  g_free (self->problem);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->ended);
}

static void
relay_unref (StewardRelay *self)
{
  g_atomic_rc_box_release_full (self, relay_clear);
}

static void
remove_socket (StewardRelay *self)
{
  g_unlink (self->path);
  g_rmdir (self->folder);
}

/* @problem: (transfer full) (nullable) */
static void
set_problem (StewardRelay *self, char *problem)
{
  g_mutex_lock (&self->mutex);
  g_free (self->problem);
  self->problem = problem;
  g_mutex_unlock (&self->mutex);
}

static void
forget_socket (StewardRelay *self, GSocket *socket)
{
  g_mutex_lock (&self->mutex);
  g_ptr_array_remove_fast (self->sockets, socket);
  g_cond_broadcast (&self->ended);
  g_mutex_unlock (&self->mutex);
}

static void
note_outcome (StewardRelay *self, const StewardOutcome *outcome)
{
  g_autofree char *line = steward_docker_error_dup_line (outcome->errors->str);

  if (outcome->status != 0 && *line != '\0')
    set_problem (self, g_steal_pointer (&line));
}

static gpointer
carry_thread (gpointer data)
{
  Connection *connection = data;
  StewardRelay *self = connection->relay;
  GIOStream *stream = G_IO_STREAM (connection->carried);
  StewardCommand command = { .argv = (const char *const *)self->argv,
                             .input = g_io_stream_get_input_stream (stream),
                             .output = g_io_stream_get_output_stream (stream),
                             .deadline_ms = G_MAXUINT };
  g_auto (StewardOutcome) outcome = { 0 };
  g_autoptr (GError) error = NULL;

  if (steward_engine_run (self->engine, &command, &outcome, self->ending, &error))
    note_outcome (self, &outcome);
  else if (error->domain == STEWARD_ERROR)
    set_problem (self, g_strdup (error->message));
  g_io_stream_close (stream, NULL, NULL);
  forget_socket (self, g_socket_connection_get_socket (connection->carried));
  g_object_unref (connection->carried);
  relay_unref (self);
  g_free (connection);
  return NULL;
}

static void
carry (StewardRelay *self, GSocket *socket)
{
  Connection *connection = g_new0 (Connection, 1);

  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->sockets, g_object_ref (socket));
  g_clear_pointer (&self->problem, g_free);
  g_mutex_unlock (&self->mutex);
  connection->relay = g_atomic_rc_box_acquire (self);
  connection->carried = g_socket_connection_factory_create_connection (socket);
  g_thread_unref (g_thread_new ("relay-connection", carry_thread, connection));
}

/* The end of its input ends a command on both sides of the connection. */
static void
end_connections (StewardRelay *self)
{
  gint64 deadline_us = g_get_monotonic_time () + CLOSING_GRACE_US;
  gboolean in_time = TRUE;

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->sockets->len; i++)
    g_socket_shutdown (self->sockets->pdata[i], TRUE, TRUE, NULL);
  while (self->sockets->len > 0 && in_time)
    in_time = g_cond_wait_until (&self->ended, &self->mutex, deadline_us);
  g_mutex_unlock (&self->mutex);
  g_cancellable_cancel (self->ending);
}

static gpointer
accept_thread (gpointer data)
{
  StewardRelay *self = data;

  while (!g_cancellable_is_cancelled (self->closing))
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GSocket) socket = g_socket_accept (self->listener, self->closing, &error);
      GPollFD fd = { 0 };

      if (socket != NULL)
        carry (self, socket);
      else if (g_cancellable_make_pollfd (self->closing, &fd))
        {
          /* Out of descriptors, most likely: that passes. */
          g_poll (&fd, 1, 100);
          g_cancellable_release_fd (self->closing);
        }
    }
  end_connections (self);
  relay_unref (self);
  return NULL;
}

/* Where sockets of this session lie, unless the path would be too long for one. */
static char *
make_folder (const char *socket_name, GError **error)
{
  g_autofree char *folder =
      g_build_filename (g_get_user_runtime_dir (), "steward-relay-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, socket_name, NULL);

  if (strlen (path) < sizeof ((struct sockaddr_un *)NULL)->sun_path && g_mkdtemp (folder) != NULL)
    return g_steal_pointer (&folder);
  return g_dir_make_tmp ("steward-relay-XXXXXX", error);
}

static gboolean
listen_at (StewardRelay *self, const char *socket_name, GError **error)
{
  self->folder = make_folder (socket_name, error);
  if (self->folder == NULL)
    return FALSE;
  self->path = g_build_filename (self->folder, socket_name, NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (self->path);
  self->listener =
      g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (self->listener != NULL && g_socket_bind (self->listener, address, FALSE, error)
      && g_socket_listen (self->listener, error))
    return TRUE;
  remove_socket (self);
  return FALSE;
}

static char **
dup_docker_argv (const StewardRelayTarget *target, const StewardRelayTool *tool)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) inside = steward_relay_tool_dup_argv (tool, target->port);

  g_strv_builder_add_many (builder, "exec", "--interactive", "--", target->container, NULL);
  g_strv_builder_addv (builder, (const char **)inside);
  return g_strv_builder_end (builder);
}

StewardRelay *
steward_relay_new (StewardEngine *engine,
                   const StewardRelayTarget *target,
                   const char *socket_name,
                   GCancellable *cancellable,
                   GError **error)
{
  const StewardRelayTool *tool = steward_relay_tool_find (engine, target, cancellable, error);
  g_autoptr (GError) local_error = NULL;

  if (tool == NULL)
    return NULL;
  StewardRelay *self = g_atomic_rc_box_new0 (StewardRelay);
  self->engine = steward_engine_ref (engine);
  self->argv = dup_docker_argv (target, tool);
  self->closing = g_cancellable_new ();
  self->ending = g_cancellable_new ();
  self->sockets = g_ptr_array_new_with_free_func (g_object_unref);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->ended);
  if (!listen_at (self, socket_name, &local_error))
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
                   _ ("No socket could be made on this machine: %s"), local_error->message);
      relay_unref (self);
      return NULL;
    }
  g_thread_unref (g_thread_new ("relay", accept_thread, g_atomic_rc_box_acquire (self)));
  return self;
}

void
steward_relay_close (StewardRelay *self)
{
  remove_socket (self);
  g_cancellable_cancel (self->closing);
  relay_unref (self);
}

const char *
steward_relay_get_folder (StewardRelay *self)
{
  return self->folder;
}

const char *
steward_relay_get_path (StewardRelay *self)
{
  return self->path;
}

char *
steward_relay_dup_problem (StewardRelay *self)
{
  g_mutex_lock (&self->mutex);
  char *problem = g_strdup (self->problem);
  g_mutex_unlock (&self->mutex);
  return problem;
}
