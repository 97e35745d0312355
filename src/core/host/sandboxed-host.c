/* flatpak-spawn passes the three streams on and exits as the command does. What it says of itself
 * goes to the same streams, and a signal to it reaches one process of the command's alone: so a
 * command is framed, as on a host over SSH, and its group is ended by a command of its own. */
#include "core/host/sandboxed-host.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "core/host/command-line.h"
#include "core/host/process.h"
#include "core/host/sandbox.h"
#include "core/host/scripts.h"

/* Begins every command outside; it ends when Steward's connection to the session bus does. */
#define SPAWN "flatpak-spawn", "--host", "--watch-bus", "--directory=/"

struct _StewardSandboxedHost
{
  StewardHost parent_instance;
};

G_DEFINE_FINAL_TYPE (StewardSandboxedHost, steward_sandboxed_host, STEWARD_TYPE_HOST)

StewardHost *
steward_sandboxed_host_new (void)
{
  return g_object_new (STEWARD_TYPE_SANDBOXED_HOST, NULL);
}

/* Reaped by nobody: GLib puts a process in between. */
static void
end_command_cb (const StewardFraming *framing, gpointer data)
{
  const char *argv[] = { "flatpak-spawn",     "--host",      "sh", "-c",
                         steward_script_keep, "steward-end", NULL };
  g_autofree char *line =
      g_strdup_printf ("%d %s\n", steward_framing_get_group (framing), framing->token);
  g_autoptr (GError) error = NULL;
  int in = -1;

  if (!g_spawn_async_with_pipes ("/", (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                                 &in, NULL, NULL, &error))
    g_debug ("a command was not ended: %s", error->message);
  else if (write (in, line, strlen (line)) < 0)
    g_debug ("a command was not ended");
  if (in >= 0)
    close (in);
}

/* A command that was not seen to begin. */
static void
set_unbegun (const StewardFraming *framing, const StewardCommand *command, GError **error)
{
  const StewardFrame *errors = &framing->streams[STEWARD_STREAM_ERRORS];
  g_autofree char *text = g_strconcat (errors->before->str, errors->held->str, NULL);
  g_autofree char *said = g_strstrip (g_utf8_make_valid (text, -1));

  g_set_error (
      error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
      _ ("“%s” could not be run outside of Steward’s sandbox. Start Steward again; if that "
         "does not help, log out and in, which starts Flatpak’s helper for it anew. What "
         "it says: %s"),
      command->argv[0], said);
}

static gboolean
judge (const StewardFraming *framing,
       const StewardCommand *command,
       StewardOutcome *outcome,
       GError **error)
{
  if (!steward_framing_has_begun (framing))
    {
      set_unbegun (framing, command, error);
      return FALSE;
    }
  if (!steward_framing_is_over (framing))
    {
      g_set_error (
          error, STEWARD_ERROR, STEWARD_ERROR_DISCONNECTED,
          _ ("“%s” was cut off from Steward’s sandbox while it ran. It may go on, its result "
             "is not known. Look at the server before you go on."),
          command->argv[0]);
      return FALSE;
    }
  outcome->status = steward_framing_get_status (framing);
  if (outcome->status >= 0)
    return TRUE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
               _ ("The program “%s” is not installed here."), command->argv[0]);
  return FALSE;
}

/* Flatpak itself would only say that a name is not provided. */
static gboolean
check_permission (GError **error)
{
  g_autofree char *lack =
      steward_sandbox_find_lack (STEWARD_SANDBOX_INFO, STEWARD_PERMISSION_HOST_COMMANDS);

  if (lack != NULL)
    g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_DENIED, lack);
  return lack == NULL;
}

static gboolean
sandboxed_host_run (StewardHost *host,
                    const char *const *argv,
                    const StewardCommand *command,
                    StewardOutcome *outcome,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_auto (GStrv) parts = g_strsplit (uuid, "-", -1);
  g_autofree char *token = g_strjoinv ("", parts);
  g_autofree char *line = steward_command_line (token, argv);
  const char *spawn[] = { SPAWN, "sh", "-c", line, NULL };
  g_auto (StewardFraming) framing = { 0 };
  StewardFarEnd far_end = { &framing, end_command_cb, NULL };
  StewardProcess process = { spawn, command, &far_end };

  steward_framing_init (&framing, token);
  return check_permission (error) && steward_process_run (&process, outcome, cancellable, error)
         && judge (&framing, command, outcome, error);
}

static void
steward_sandboxed_host_class_init (StewardSandboxedHostClass *klass)
{
  STEWARD_HOST_CLASS (klass)->run = sandboxed_host_run;
}

static void
steward_sandboxed_host_init (StewardSandboxedHost *self)
{
}
