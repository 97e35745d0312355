/* Starts the server as the compose files now ask for it, until it answers. Nothing runs before: the
 * publish removed every container of the server's image. */
#include <glib/gi18n-lib.h>

#include "core/steps/servers.h"

static char *
describe (const StewardStepContext *context)
{
  const char *up[] = {
    "up", "--detach", "--no-deps", "--no-build", "--pull", "never", context->deployment->service,
    NULL
  };
  g_auto (GStrv) argv = steward_compose_project_dup_argv (context->deployment->project,
                                                          context->deployment->engine, up);

  return steward_format_command ((const char *const *)argv);
}

/* Done when the server's container is of the target's image and runs. */
static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (StewardContainer) container =
      steward_deployment_find_server (context->deployment, context->cancellable, &local_error);

  if (container == NULL && !g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  *state = container != NULL && container->running
                   && g_strcmp0 (container->image, context->plan->to_image) == 0
               ? STEWARD_STEP_DONE
               : STEWARD_STEP_TODO;
  return TRUE;
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  return steward_servers_up (context, STEWARD_COMPOSE_UP_DEFAULT, error)
         && steward_servers_wait (context, STEWARD_SERVERS_ANSWER_TIMEOUT_MS, error);
}

/* Removed and not only stopped: started again it shall have the restart policy of the files. */
static gboolean
undo (StewardStepContext *context, GError **error)
{
  return steward_servers_remove (context, context->plan->from_image_id, error);
}

const StewardStep steward_step_start_server = {
  .id = "start-server",
  .title = N_ ("Start the server"),
  .weight = 4,
  .describe = describe,
  .inspect = inspect,
  .run = run,
  .undo = undo,
};
