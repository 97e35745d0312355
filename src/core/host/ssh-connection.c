/* Who waits for the connection, and the thread that opens and keeps it. Opening itself is
 * ssh-opening.c's. */
#include "core/host/ssh-connection.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/host/ssh-opening.h"

/* sshd allows ten sessions by default (MaxSessions). One keeps the connection, and one that has
 * ended for us may not have ended there yet. */
#define SESSIONS_LIMIT 8
/* A host whose connections break at once is not tried for ever. */
#define OPENINGS_LIMIT 3
/* ssh makes a temporary name of 17 characters more. */
#define SOCKET_PATH_LIMIT (108 - 20)

typedef enum
{
  STATE_IDLE,
  STATE_OPENING,
  STATE_OPEN,
  STATE_CLOSING,
} State;

struct _StewardSshConnection
{
  StewardSshAddress *address; /* owned, constant */
  StewardSshAsker asker;      /* constant; its data is owned */
  char *token;                /* owned, constant */
  int wake_fd;                /* makes the keeper look at the state */
  int count;                  /* of commands; atomic */

  GMutex mutex;
  GCond cond;
  /* Guarded by the mutex: */
  State state;
  guint serial;            /* of the latest opening */
  guint waiters, sessions; /* who waits for the connection, who uses it */
  guint prohibitions;      /* forwards that the host has forbidden */
  int keep_fd;             /* the master's standard input; borrowed from the keeper */
  int errors_fd;           /* its standard error; borrowed from the keeper */
  GString *errors;         /* owned: an unfinished line of it */
  GError *failure;         /* owned, nullable: of the latest opening */
  GCancellable *attempt;   /* owned, nullable: of the latest opening */
  GThread *keeper;         /* owned, nullable */
  char *folder;            /* owned, nullable: made by the first opening */
  char *socket;            /* owned, nullable */
};

StewardSshConnection *
steward_ssh_connection_new (const StewardSshAddress *address, const StewardSshAsker *asker)
{
  StewardSshConnection *self = g_new0 (StewardSshConnection, 1);
  g_autofree char *uuid = g_uuid_string_random ();
  g_auto (GStrv) parts = g_strsplit (uuid, "-", -1);

  self->address = steward_ssh_address_copy (address);
  if (asker != NULL)
    self->asker = *asker;
  self->token = g_strjoinv ("", parts);
  self->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  self->keep_fd = self->errors_fd = -1;
  self->errors = g_string_new (NULL);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  return self;
}

static void
wake_keeper (StewardSshConnection *self)
{
  eventfd_write (self->wake_fd, 1);
}

/* A private folder whose path is short enough for a socket. */
static gboolean
ensure_folder (StewardSshConnection *self, GError **error)
{
  if (self->folder != NULL)
    return TRUE;

  g_autofree char *folder = g_build_filename (g_get_user_runtime_dir (), "steward-XXXXXX", NULL);
  gboolean fits = strlen (folder) + strlen ("/ssh") <= SOCKET_PATH_LIMIT;
  if (fits && g_mkdtemp_full (folder, 0700) != NULL)
    self->folder = g_steal_pointer (&folder);
  else
    self->folder = g_dir_make_tmp ("steward-XXXXXX", error);
  if (self->folder == NULL)
    return FALSE;
  self->socket = g_build_filename (self->folder, "ssh", NULL);
  return TRUE;
}

/* Counts what the master says about forwards. Called with the mutex. */
static void
drain_errors (StewardSshConnection *self)
{
  char buffer[4096];
  gssize length;

  while (self->errors_fd >= 0 && (length = read (self->errors_fd, buffer, sizeof buffer)) > 0)
    g_string_append_len (self->errors, buffer, length);
  for (char *end; (end = memchr (self->errors->str, '\n', self->errors->len)) != NULL;)
    {
      *end = '\0';
      self->prohibitions += strstr (self->errors->str, "administratively prohibited") != NULL;
      g_string_erase (self->errors, 0, end + 1 - self->errors->str);
    }
}

static void
set_open (StewardSshConnection *self, const StewardSshMaster *master)
{
  g_mutex_lock (&self->mutex);
  if (self->state == STATE_OPENING)
    self->state = STATE_OPEN;
  self->keep_fd = master->in;
  self->errors_fd = master->err;
  self->prohibitions = 0;
  g_string_truncate (self->errors, 0);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/* Whether the connection is wanted on; called on the keeper. */
static gboolean
look_after (StewardSshConnection *self)
{
  g_mutex_lock (&self->mutex);
  drain_errors (self);
  gboolean wanted = self->state == STATE_OPEN;
  g_mutex_unlock (&self->mutex);
  return wanted;
}

/* Blocks as long as the connection stands and is wanted. */
static void
keep_open (StewardSshConnection *self, const StewardSshMaster *master)
{
  while (look_after (self))
    {
      struct pollfd fds[] = { { self->wake_fd, POLLIN, 0 },
                              { master->pidfd, POLLIN, 0 },
                              { master->err, POLLIN, 0 },
                              { master->out, POLLIN, 0 } };
      char buffer[4096];
      eventfd_t count;

      poll (fds, G_N_ELEMENTS (fds), -1);
      if (fds[0].revents != 0)
        eventfd_read (self->wake_fd, &count);
      if (fds[1].revents != 0 || (fds[2].revents & (POLLHUP | POLLERR)) != 0
          || (fds[3].revents != 0 && read (master->out, buffer, sizeof buffer) == 0))
        return;
    }
}

static void
set_idle (StewardSshConnection *self, GError *failure)
{
  g_mutex_lock (&self->mutex);
  self->state = STATE_IDLE;
  g_clear_error (&self->failure);
  self->failure = failure;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/* Before the descriptors are closed, nobody may write to them any more. */
static void
set_closing (StewardSshConnection *self)
{
  g_mutex_lock (&self->mutex);
  self->state = STATE_CLOSING;
  self->keep_fd = self->errors_fd = -1;
  g_mutex_unlock (&self->mutex);
}

static gpointer
keep (gpointer data)
{
  StewardSshConnection *self = data;
  StewardSshMaster master = STEWARD_SSH_MASTER_INIT;
  GError *failure = NULL;

  if (ensure_folder (self, &failure))
    {
      StewardSshOpening opening = { self->address, &self->asker, self->folder,
                                    self->socket,  self->token,  self->attempt };

      if (steward_ssh_opening_run (&opening, &master, &failure))
        {
          set_open (self, &master);
          keep_open (self, &master);
        }
    }
  set_closing (self);
  steward_ssh_master_end (&master);
  set_idle (self, failure);
  return NULL;
}

/* Called with the mutex, in the idle state. */
static void
start_opening (StewardSshConnection *self)
{
  g_clear_pointer (&self->keeper, g_thread_join);
  g_clear_error (&self->failure);
  g_clear_object (&self->attempt);
  self->attempt = g_cancellable_new ();
  self->state = STATE_OPENING;
  self->serial++;
  self->keeper = g_thread_new ("steward-ssh", keep, self);
}

/* Whether the opening that was waited for has failed for good. Called with the mutex. */
static gboolean
has_failed (StewardSshConnection *self, guint openings, GError **error)
{
  if (self->failure != NULL
      && !g_error_matches (self->failure, G_IO_ERROR, G_IO_ERROR_CANCELLED)) /* by others */
    {
      g_propagate_error (error, g_error_copy (self->failure));
      return TRUE;
    }
  if (openings < OPENINGS_LIMIT)
    return FALSE;
  g_autofree char *name = steward_ssh_address_format (self->address);
  g_set_error (
      error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
      _ ("The connection to “%s” breaks as soon as it stands. Look at the log of sshd there."),
      name);
  return TRUE;
}

/* Called with the mutex. */
static gboolean
wait_for_room (StewardSshConnection *self, GCancellable *cancellable, GError **error)
{
  guint openings = 0, awaited = 0;

  while (TRUE)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (self->state == STATE_OPEN && self->sessions < SESSIONS_LIMIT)
        {
          self->sessions++;
          return TRUE;
        }
      if (self->state == STATE_IDLE)
        {
          if (awaited != 0 && awaited == self->serial && has_failed (self, openings, error))
            return FALSE;
          start_opening (self);
          openings++;
        }
      if (self->state == STATE_OPENING)
        awaited = self->serial;
      g_cond_wait (&self->cond, &self->mutex);
    }
}

static void
wake_waiters_cb (GCancellable *cancellable, gpointer data)
{
  StewardSshConnection *self = data;

  g_mutex_lock (&self->mutex);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

gboolean
steward_ssh_connection_enter (StewardSshConnection *self,
                              guint *serial,
                              GCancellable *cancellable,
                              GError **error)
{
  g_autoptr (GCancellable) abandoned = NULL;
  gulong handler =
      cancellable != NULL
          ? g_cancellable_connect (cancellable, G_CALLBACK (wake_waiters_cb), self, NULL)
          : 0;

  g_mutex_lock (&self->mutex);
  self->waiters++;
  gboolean entered = wait_for_room (self, cancellable, error);
  *serial = self->serial;
  if (--self->waiters == 0 && self->state == STATE_OPENING)
    abandoned = g_object_ref (self->attempt);
  g_mutex_unlock (&self->mutex);

  if (abandoned != NULL)
    g_cancellable_cancel (abandoned);
  if (cancellable != NULL)
    g_cancellable_disconnect (cancellable, handler);
  return entered;
}

void
steward_ssh_connection_leave (StewardSshConnection *self)
{
  g_mutex_lock (&self->mutex);
  self->sessions--;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

void
steward_ssh_connection_drop (StewardSshConnection *self, guint serial)
{
  g_mutex_lock (&self->mutex);
  if (self->state == STATE_OPEN && self->serial == serial)
    {
      self->state = STATE_CLOSING;
      wake_keeper (self);
    }
  g_mutex_unlock (&self->mutex);
}

gboolean
steward_ssh_connection_is_open (StewardSshConnection *self, guint serial)
{
  g_mutex_lock (&self->mutex);
  gboolean is_open = self->state == STATE_OPEN && self->serial == serial;
  g_mutex_unlock (&self->mutex);
  return is_open;
}

void
steward_ssh_connection_end_command (StewardSshConnection *self, int group, const char *token)
{
  g_autofree char *line = g_strdup_printf ("%d %s\n", group, token);

  g_mutex_lock (&self->mutex);
  if (self->keep_fd >= 0 && write (self->keep_fd, line, strlen (line)) < 0)
    g_debug ("the host was not asked to end a command: %s", g_strerror (errno));
  g_mutex_unlock (&self->mutex);
}

guint
steward_ssh_connection_get_prohibitions (StewardSshConnection *self)
{
  g_mutex_lock (&self->mutex);
  drain_errors (self);
  guint prohibitions = self->prohibitions;
  g_mutex_unlock (&self->mutex);
  return prohibitions;
}

const char *
steward_ssh_connection_get_socket (StewardSshConnection *self)
{
  return self->socket;
}

char *
steward_ssh_connection_dup_token (StewardSshConnection *self)
{
  return g_strdup_printf ("%sn%d", self->token, g_atomic_int_add (&self->count, 1));
}

/* Ends what is going on, and waits for the keeper. */
static void
stop_keeper (StewardSshConnection *self)
{
  g_mutex_lock (&self->mutex);
  if (self->state != STATE_IDLE)
    self->state = STATE_CLOSING;
  g_mutex_unlock (&self->mutex);
  if (self->attempt != NULL)
    g_cancellable_cancel (self->attempt);
  wake_keeper (self);
  g_clear_pointer (&self->keeper, g_thread_join);
}

void
steward_ssh_connection_free (StewardSshConnection *self)
{
  stop_keeper (self);
  if (self->folder != NULL)
    {
      g_unlink (self->socket);
      g_rmdir (self->folder);
    }
  if (self->asker.free_data != NULL)
    self->asker.free_data (self->asker.data);
  steward_ssh_address_free (self->address);
  g_clear_error (&self->failure);
  g_clear_object (&self->attempt);
  g_string_free (self->errors, TRUE);
  close (self->wake_fd);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self->folder);
  g_free (self->socket);
  g_free (self->token);
  g_free (self);
}
