/* A command is a client of the shared connection; what it prints is framed, so that nothing else
 * can be taken for its output or its status. */
#include "core/host/ssh-host.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/host/process.h"
#include "core/host/command-line.h"
#include "core/host/ssh-connection.h"
#include "core/host/ssh-forwards.h"
#include "core/host/ssh-program.h"

/* What ssh exits with where it is ssh itself that failed. */
#define SSH_FAILED 255
/* How often a connection may be gone before a command gets to the host. */
#define TRIES_LIMIT 3
/* How often, and how long in between, a command asks for a session where the host refuses it. One
 * that has ended for us may not have ended there yet. */
#define REFUSALS_LIMIT 50
#define REFUSAL_PAUSE_US (G_USEC_PER_SEC / 10)

struct _StewardSshHost
{
  StewardHost parent_instance;

  char *name;                       /* owned */
  StewardSshConnection *connection; /* owned */
  StewardSshForwards forwards;
};

G_DEFINE_FINAL_TYPE (StewardSshHost, steward_ssh_host, STEWARD_TYPE_HOST)

typedef enum
{
  VERDICT_DONE,
  VERDICT_FAILED,
  VERDICT_NO_CONNECTION, /* nothing was run */
  VERDICT_NO_ROOM,       /* nothing was run */
} Verdict;

StewardHost *
steward_ssh_host_new (const StewardSshAddress *address, const StewardSshAsker *asker)
{
  StewardSshHost *self = g_object_new (STEWARD_TYPE_SSH_HOST, NULL);

  self->name = steward_ssh_address_format (address);
  self->connection = steward_ssh_connection_new (address, asker);
  return STEWARD_HOST (self);
}

static gboolean
ssh_host_connect (StewardHost *host, GCancellable *cancellable, GError **error)
{
  StewardSshHost *self = STEWARD_SSH_HOST (host);
  guint serial;

  if (!steward_ssh_connection_enter (self->connection, &serial, cancellable, error))
    return FALSE;
  steward_ssh_connection_leave (self->connection);
  return TRUE;
}

static guint
ssh_host_get_session (StewardHost *host)
{
  return steward_ssh_connection_get_serial (STEWARD_SSH_HOST (host)->connection);
}

static gboolean
ssh_host_is_connected (StewardHost *host)
{
  return steward_ssh_connection_is_open (STEWARD_SSH_HOST (host)->connection,
                                         ssh_host_get_session (host));
}

static void
end_command_cb (const StewardFraming *framing, gpointer data)
{
  steward_ssh_connection_end_command (data, steward_framing_get_group (framing), framing->token);
}

/* A command that was begun and did not end. */
static void
set_disconnected (StewardSshHost *self, const StewardCommand *command, GError **error)
{
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_DISCONNECTED,
               _ ("The connection to “%s” broke while “%s” ran there. It may go on there, its "
                  "result is not known. Look at the server once the host can be reached again."),
               self->name, command->argv[0]);
}

/* What came before anything of ours was run: what ssh says, or the login shell. */
static char *
dup_before (StewardFraming *framing, StewardStream stream)
{
  const StewardFrame *frame = &framing->streams[stream];
  g_autofree char *text = g_strconcat (frame->before->str, frame->held->str, NULL);

  return g_strstrip (g_utf8_make_valid (text, -1));
}

/* A command that was not seen to begin. */
static Verdict
judge_unbegun (StewardSshHost *self,
               StewardFraming *framing,
               const StewardCommand *command,
               const StewardOutcome *outcome,
               GError **error)
{
  g_autofree char *said = dup_before (framing, STEWARD_STREAM_ERRORS);
  g_autofree char *printed = dup_before (framing, STEWARD_STREAM_OUTPUT);

  if (strstr (said, STEWARD_SSH_NO_MASTER) != NULL)
    return strstr (said, "refused by peer") != NULL ? VERDICT_NO_ROOM : VERDICT_NO_CONNECTION;
  if (outcome->status == SSH_FAILED)
    {
      set_disconnected (self, command, error);
      return VERDICT_FAILED;
    }
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED,
               _ ("The login shell of the account on “%s” did not run “%s”; it says: %s"),
               self->name, command->argv[0], *said != '\0' ? said : printed);
  return VERDICT_FAILED;
}

static Verdict
judge (StewardSshHost *self,
       StewardFraming *framing,
       const StewardCommand *command,
       StewardOutcome *outcome,
       GError **error)
{
  if (!steward_framing_has_begun (framing))
    return judge_unbegun (self, framing, command, outcome, error);
  if (!steward_framing_is_over (framing))
    {
      set_disconnected (self, command, error);
      return VERDICT_FAILED;
    }
  outcome->status = steward_framing_get_status (framing);
  if (outcome->status >= 0)
    return VERDICT_DONE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
               _ ("The program “%s” is not installed on “%s”."), command->argv[0], self->name);
  return VERDICT_FAILED;
}

/* Over a connection that stands, as far as is known. */
static Verdict
run_once (StewardSshHost *self,
          const char *const *argv,
          const StewardCommand *command,
          StewardOutcome *outcome,
          GCancellable *cancellable,
          GError **error)
{
  g_autofree char *token = steward_ssh_connection_dup_token (self->connection);
  g_autofree char *line = steward_command_line (token, argv);
  g_autoptr (GPtrArray) client =
      steward_ssh_program_client_argv (steward_ssh_connection_get_socket (self->connection));
  const char *rest[] = { "--", "steward", line, NULL };
  g_auto (StewardFraming) framing = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (rest); i++)
    g_ptr_array_add (client, g_strdup (rest[i]));
  steward_framing_init (&framing, token);
  StewardFarEnd far_end = { &framing, end_command_cb, self->connection };
  StewardProcess process = { (const char *const *)client->pdata, command, &far_end };

  if (!steward_process_run (&process, outcome, cancellable, error))
    return VERDICT_FAILED;
  return judge (self, &framing, command, outcome, error);
}

static void
set_no_room (StewardSshHost *self, GError **error)
{
  g_set_error (
      error, STEWARD_ERROR, STEWARD_ERROR_DENIED,
      _ ("“%s” allows too few sessions a connection for Steward to work: see MaxSessions of "
         "its sshd."),
      self->name);
}

static void
set_gone (StewardSshHost *self, const StewardCommand *command, GError **error)
{
  g_set_error (
      error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
      _ ("The connection was gone before “%s” could be run. Nothing was changed by it; try "
         "again."),
      command->argv[0]);
}

/* Input that was read for nobody is read again, where it can be. */
static gboolean
rewind_input (StewardSshHost *self, const StewardCommand *command, goffset start, GError **error)
{
  if (command->input == NULL)
    return TRUE;
  if (G_IS_SEEKABLE (command->input) && g_seekable_can_seek (G_SEEKABLE (command->input)))
    return g_seekable_seek (G_SEEKABLE (command->input), start, G_SEEK_SET, NULL, error);
  set_gone (self, command, error);
  return FALSE;
}

typedef struct
{
  guint gone, refused;
} Tries;

/* After a command that was not run. Returns: whether it may be tried again */
static gboolean
count_try (StewardSshHost *self,
           Verdict verdict,
           Tries *tries,
           const StewardCommand *command,
           GError **error)
{
  if (verdict == VERDICT_NO_CONNECTION)
    {
      if (++tries->gone < TRIES_LIMIT)
        return TRUE;
      set_gone (self, command, error);
      return FALSE;
    }
  if (++tries->refused < REFUSALS_LIMIT)
    {
      g_usleep (REFUSAL_PAUSE_US);
      return TRUE;
    }
  set_no_room (self, error);
  return FALSE;
}

static gboolean
ssh_host_run (StewardHost *host,
              const char *const *argv,
              const StewardCommand *command,
              StewardOutcome *outcome,
              GCancellable *cancellable,
              GError **error)
{
  StewardSshHost *self = STEWARD_SSH_HOST (host);
  goffset start =
      G_IS_SEEKABLE (command->input) ? g_seekable_tell (G_SEEKABLE (command->input)) : 0;
  Tries tries = { 0, 0 };

  while (TRUE)
    {
      guint serial = 0;

      if (!steward_ssh_connection_enter (self->connection, &serial, cancellable, error))
        return FALSE;
      Verdict verdict = run_once (self, argv, command, outcome, cancellable, error);
      if (verdict == VERDICT_NO_ROOM)
        steward_ssh_connection_leave_refused (self->connection);
      else
        steward_ssh_connection_leave (self->connection);
      if (verdict == VERDICT_DONE || verdict == VERDICT_FAILED)
        return verdict == VERDICT_DONE;
      steward_outcome_clear (outcome);
      if (verdict == VERDICT_NO_CONNECTION)
        steward_ssh_connection_drop (self->connection, serial);
      if (!count_try (self, verdict, &tries, command, error)
          || !rewind_input (self, command, start, error))
        return FALSE;
    }
}

static const char *
ssh_host_get_name (StewardHost *host)
{
  return STEWARD_SSH_HOST (host)->name;
}

static gboolean
ssh_host_forward (StewardHost *host,
                  const char *address,
                  guint16 port,
                  char **near_address,
                  guint16 *near_port,
                  GCancellable *cancellable,
                  GError **error)
{
  StewardSshHost *self = STEWARD_SSH_HOST (host);
  g_autofree char *far_end =
      g_strdup_printf (strchr (address, ':') != NULL ? "[%s]:%u" : "%s:%u", address, port);

  *near_port = steward_ssh_forwards_get (&self->forwards, host, self->connection, far_end,
                                         cancellable, error);
  if (*near_port == 0)
    return FALSE;
  *near_address = g_strdup ("127.0.0.1");
  return TRUE;
}

static gboolean
ssh_host_ensure_proxy (StewardHost *host, char **proxy, GCancellable *cancellable, GError **error)
{
  StewardSshHost *self = STEWARD_SSH_HOST (host);
  guint16 port =
      steward_ssh_forwards_get_proxy (&self->forwards, self->connection, cancellable, error);

  *proxy = port != 0 ? g_strdup_printf ("socks5://127.0.0.1:%u", port) : NULL;
  return port != 0;
}

static void
steward_ssh_host_finalize (GObject *object)
{
  StewardSshHost *self = STEWARD_SSH_HOST (object);

  g_clear_pointer (&self->connection, steward_ssh_connection_free);
  steward_ssh_forwards_clear (&self->forwards);
  g_free (self->name);
  G_OBJECT_CLASS (steward_ssh_host_parent_class)->finalize (object);
}

static void
steward_ssh_host_class_init (StewardSshHostClass *klass)
{
  StewardHostClass *host_class = STEWARD_HOST_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = steward_ssh_host_finalize;
  host_class->run = ssh_host_run;
  host_class->get_name = ssh_host_get_name;
  host_class->forward = ssh_host_forward;
  host_class->ensure_proxy = ssh_host_ensure_proxy;
  host_class->connect = ssh_host_connect;
  host_class->is_connected = ssh_host_is_connected;
  host_class->get_session = ssh_host_get_session;
}

static void
steward_ssh_host_init (StewardSshHost *self)
{
  steward_ssh_forwards_init (&self->forwards);
}
