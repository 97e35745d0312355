/* Stops the server so that nothing writes any more, and remembers what ran to bring it back. */
#include <glib/gi18n-lib.h>

#include "core/steps/servers.h"

static char *
describe (const StewardStepContext *context)
{
  const char *stop[] = { "stop", context->deployment->service, NULL };
  g_auto (GStrv) argv = steward_compose_project_dup_argv (context->deployment->project,
                                                          context->deployment->engine, stop);

  return steward_format_command ((const char *const *)argv);
}

static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  g_autoptr (GPtrArray) servers =
      steward_deployment_list_servers (context->deployment, context->cancellable, error);

  if (servers == NULL)
    return FALSE;
  *state = steward_step_get_facts (context, &steward_step_stop_server) != NULL ? STEWARD_STEP_DONE
                                                                               : STEWARD_STEP_TODO;
  for (guint i = 0; i < servers->len; i++)
    {
      const StewardContainer *container = servers->pdata[i];
      if (container->running || container->restarting
          || !g_str_equal (container->restart_policy, "no"))
        *state = STEWARD_STEP_TODO;
    }
  return TRUE;
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  return steward_servers_note (context, error) && steward_servers_stop (context, error);
}

/* The old container as it was: its restart policy, and running if it ran.
 * @is_missing: (out): set when it ran and is no longer there */
static gboolean
bring_back (StewardStepContext *context, JsonObject *noted, gboolean *is_missing, GError **error)
{
  StewardEngine *engine = context->deployment->engine;
  const char *id = json_object_get_string_member_with_default (noted, "id", "");
  const char *policy = json_object_get_string_member_with_default (noted, "restart_policy", "no");
  gboolean ran = json_object_get_boolean_member_with_default (noted, "running", FALSE);
  g_autoptr (GError) local_error = NULL;

  if (!steward_engine_set_restart_policy (engine, id, policy, steward_step_get_fence (context),
                                          context->cancellable, &local_error))
    {
      if (!g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      *is_missing |= ran;
      return TRUE;
    }
  return !ran
         || steward_engine_start_container (engine, id, steward_step_get_fence (context),
                                            context->cancellable, error);
}

static gboolean
undo (StewardStepContext *context, GError **error)
{
  JsonObject *facts = steward_step_get_facts (context, &steward_step_stop_server);
  gboolean is_missing = FALSE;

  if (facts == NULL || !json_object_has_member (facts, "containers"))
    return TRUE;
  JsonArray *containers = json_object_get_array_member (facts, "containers");
  for (guint i = 0; i < json_array_get_length (containers); i++)
    if (!bring_back (context, json_array_get_object_element (containers, i), &is_missing, error))
      return FALSE;
  if (is_missing && !steward_servers_up (context, STEWARD_COMPOSE_UP_DEFAULT, error))
    return FALSE;
  return !json_object_get_boolean_member_with_default (facts, "answered", FALSE)
         || steward_servers_wait (context, STEWARD_SERVERS_ANSWER_TIMEOUT_MS, error);
}

/* Made anew: the one that is there may have lost its restart policy. */
static char *
describe_undo (const StewardStepContext *context)
{
  const char *up[] = { "up",         "--detach",         "--no-deps",
                       "--no-build", "--force-recreate", context->deployment->service,
                       NULL };
  g_auto (GStrv) argv = steward_compose_project_dup_argv (context->deployment->project,
                                                          context->deployment->engine, up);

  return steward_format_command ((const char *const *)argv);
}

const StewardStep steward_step_stop_server = {
  .id = "stop-server",
  .title = N_ ("Stop the server"),
  .weight = 3,
  .describe = describe,
  .inspect = inspect,
  .run = run,
  .undo = undo,
  .describe_undo = describe_undo,
};
