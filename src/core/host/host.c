/* The base class: what every host can do, made of one ability, to run a command there. */
#include "core/host/host.h"

#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>

#include "core/host/host-failure.h"
#include "core/host/scripts.h"

G_DEFINE_ABSTRACT_TYPE (StewardHost, steward_host, G_TYPE_OBJECT)

void
steward_fence_clear (StewardFence *fence)
{
  g_clear_pointer (&fence->folder, g_free);
  g_clear_pointer (&fence->generation, g_free);
}

void
steward_outcome_clear (StewardOutcome *outcome)
{
  if (outcome->output != NULL)
    g_string_free (outcome->output, TRUE);
  if (outcome->errors != NULL)
    g_string_free (outcome->errors, TRUE);
  memset (outcome, 0, sizeof *outcome);
}

const char *
steward_host_get_name (StewardHost *self)
{
  return STEWARD_HOST_GET_CLASS (self)->get_name (self);
}

gboolean
steward_host_connect (StewardHost *self, GCancellable *cancellable, GError **error)
{
  return STEWARD_HOST_GET_CLASS (self)->connect (self, cancellable, error);
}

gboolean
steward_host_is_connected (StewardHost *self)
{
  return STEWARD_HOST_GET_CLASS (self)->is_connected (self);
}

guint
steward_host_get_session (StewardHost *self)
{
  return STEWARD_HOST_GET_CLASS (self)->get_session (self);
}

gboolean
steward_host_forward (StewardHost *self,
                      const char *address,
                      guint16 port,
                      char **near_address,
                      guint16 *near_port,
                      GCancellable *cancellable,
                      GError **error)
{
  return STEWARD_HOST_GET_CLASS (self)->forward (self, address, port, near_address, near_port,
                                                 cancellable, error);
}

/* The vector with the fence's script before it; borrowed strings in an owned array. */
static GPtrArray *
fence_argv (const StewardCommand *command)
{
  GPtrArray *argv = g_ptr_array_new ();

  if (command->fence != NULL)
    {
      g_ptr_array_add (argv, (char *)"sh");
      g_ptr_array_add (argv, (char *)"-c");
      g_ptr_array_add (argv, (char *)steward_script_fence);
      g_ptr_array_add (argv, (char *)"steward-fence");
      g_ptr_array_add (argv, command->fence->folder);
      g_ptr_array_add (argv, command->fence->generation);
    }
  for (gsize i = 0; command->argv[i] != NULL; i++)
    g_ptr_array_add (argv, (char *)command->argv[i]);
  g_ptr_array_add (argv, NULL);
  return argv;
}

static gboolean
check_fence (const StewardCommand *command, const StewardOutcome *outcome, GError **error)
{
  if (command->fence == NULL)
    return TRUE;
  if (outcome->status == STEWARD_EXIT_LOST_LOCK)
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK,
                           _ ("Another Steward has taken over this server. "
                              "This one stopped before its next change."));
      return FALSE;
    }
  if (outcome->status == STEWARD_EXIT_FENCE_BUSY)
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED,
                           _ ("Another Steward is taking this server’s lock just now. "
                              "Nothing was changed by this step."));
      return FALSE;
    }
  if (outcome->status == STEWARD_EXIT_NO_PROGRAM)
    {
      steward_host_failure_set_program (command->argv[0], error);
      return FALSE;
    }
  return TRUE;
}

gboolean
steward_host_run (StewardHost *self,
                  const StewardCommand *command,
                  StewardOutcome *outcome,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (GPtrArray) argv = fence_argv (command);

  return STEWARD_HOST_GET_CLASS (self)->run (self, (const char *const *)argv->pdata, command,
                                             outcome, cancellable, error)
         && check_fence (command, outcome, error);
}

char *
steward_host_call (StewardHost *self,
                   const StewardCommand *command,
                   GCancellable *cancellable,
                   GError **error)
{
  g_auto (StewardOutcome) outcome = { 0 };

  if (!steward_host_run (self, command, &outcome, cancellable, error))
    return NULL;
  if (outcome.status != 0)
    {
      steward_host_failure_set (command, &outcome, error);
      return NULL;
    }
  return g_string_free (g_steal_pointer (&outcome.output), FALSE);
}

gboolean
steward_host_get_clock (StewardHost *self, gint64 *now_s, GCancellable *cancellable, GError **error)
{
  const char *argv[] = { "date", "+%s", NULL };
  StewardCommand command = { .argv = argv };
  g_autofree char *output = steward_host_call (self, &command, cancellable, error);

  if (output == NULL)
    return FALSE;
  *now_s = g_ascii_strtoll (output, NULL, 10);
  return TRUE;
}

gboolean
steward_host_ensure_proxy (StewardHost *self,
                           char **proxy,
                           GCancellable *cancellable,
                           GError **error)
{
  return STEWARD_HOST_GET_CLASS (self)->ensure_proxy (self, proxy, cancellable, error);
}

static const char *
host_get_name (StewardHost *self)
{
  return g_get_host_name ();
}

/* A sandbox has the machine's own network. */
static gboolean
host_forward (StewardHost *self,
              const char *address,
              guint16 port,
              char **near_address,
              guint16 *near_port,
              GCancellable *cancellable,
              GError **error)
{
  *near_address = g_strdup (address);
  *near_port = port;
  return TRUE;
}

static gboolean
host_ensure_proxy (StewardHost *self, char **proxy, GCancellable *cancellable, GError **error)
{
  *proxy = NULL;
  return TRUE;
}

static gboolean
host_connect (StewardHost *self, GCancellable *cancellable, GError **error)
{
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static gboolean
host_is_connected (StewardHost *self)
{
  return TRUE;
}

static guint
host_get_session (StewardHost *self)
{
  return 0;
}

static void
steward_host_class_init (StewardHostClass *klass)
{
  klass->get_name = host_get_name;
  klass->forward = host_forward;
  klass->ensure_proxy = host_ensure_proxy;
  klass->connect = host_connect;
  klass->is_connected = host_is_connected;
  klass->get_session = host_get_session;
  /* A command that stops reading must not end this program: write(2) then says so by itself. */
  signal (SIGPIPE, SIG_IGN);
}

static void
steward_host_init (StewardHost *self)
{
}
