/* Makes the server's container anew from the same image and the files as they are now. */
#include <glib/gi18n-lib.h>

#include "core/steps/servers.h"

static char *
describe (const StewardStepContext *context)
{
  const char *up[] = { "up",     "--detach", "--no-deps",        "--no-build",
                       "--pull", "never",    "--force-recreate", context->deployment->service,
                       NULL };
  g_auto (GStrv) argv = steward_compose_project_dup_argv (context->deployment->project,
                                                          context->deployment->engine, up);

  return steward_format_command ((const char *const *)argv);
}

static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  *state = steward_step_is_recorded (context, &steward_step_restart_server) ? STEWARD_STEP_DONE
                                                                            : STEWARD_STEP_TODO;
  return TRUE;
}

static gboolean
keep_log (StewardStepContext *context, GError **error)
{
  g_autoptr (StewardContainer) container =
      steward_deployment_find_server (context->deployment, context->cancellable, error);
  if (container == NULL)
    return FALSE;
  g_autofree char *path = steward_store_dup_log_path (context->store, context->plan->id, "server");

  return steward_engine_save_log (context->deployment->engine, container->id, path,
                                  steward_step_get_fence (context), context->cancellable, error);
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (!keep_log (context, &local_error))
    steward_progress_note (context->progress, local_error->message);
  steward_progress_server_stops (context->progress);
  return steward_servers_up (context, STEWARD_COMPOSE_UP_FORCE_RECREATE, error);
}

const StewardStep steward_step_restart_server = {
  .id = "restart-server",
  .title = N_ ("Restart the server"),
  .weight = 5,
  .describe = describe,
  .inspect = inspect,
  .run = run,
};
