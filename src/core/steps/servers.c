/* Effects on the server's containers. Each looks first and can be done again. */
#include "core/steps/servers.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define STOP_GRACE_S 30
#define PROBE_INTERVAL_MS 50
#define GLANCE_MS 2000

static JsonObject *
describe_container (const StewardContainer *container)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", container->id);
  json_object_set_string_member (object, "name", container->name);
  json_object_set_string_member (object, "image_id", container->image_id);
  json_object_set_string_member (object, "restart_policy", container->restart_policy);
  json_object_set_boolean_member (object, "running", container->running);
  return object;
}

static gboolean
answers_now (StewardStepContext *context)
{
  g_autoptr (StewardContainer) container =
      steward_deployment_find_server (context->deployment, context->cancellable, NULL);
  g_autoptr (StewardHealth) health =
      container != NULL && container->running
          ? steward_deployment_ask_server (context->deployment, container, STEWARD_PROBE_DEFAULT,
                                           GLANCE_MS, context->cancellable, NULL)
          : NULL;

  return health != NULL && health->answers_as_parsec;
}

gboolean
steward_servers_note (StewardStepContext *context, GError **error)
{
  JsonObject *known = steward_step_get_facts (context, &steward_step_stop_server);

  if (known != NULL && json_object_has_member (known, "containers"))
    return TRUE;
  g_autoptr (GPtrArray) servers =
      steward_deployment_list_servers (context->deployment, context->cancellable, error);
  if (servers == NULL)
    return FALSE;

  JsonArray *containers = json_array_new ();
  for (guint i = 0; i < servers->len; i++)
    json_array_add_object_element (containers, describe_container (servers->pdata[i]));
  JsonObject *facts = json_object_new ();
  json_object_set_array_member (facts, "containers", containers);
  json_object_set_boolean_member (facts, "answered", answers_now (context));
  return steward_step_record (context, &steward_step_stop_server, facts, error);
}

/* Nobody but Steward starts it again. */
static gboolean
take_restart_policy (StewardStepContext *context, const StewardContainer *container, GError **error)
{
  return g_str_equal (container->restart_policy, "no")
         || steward_engine_set_restart_policy (context->deployment->engine, container->id, "no",
                                               steward_step_get_fence (context),
                                               context->cancellable, error);
}

static gboolean
stop_one (StewardStepContext *context, const StewardContainer *container, GError **error)
{
  return (!container->running && !container->restarting)
         || steward_engine_stop_container (context->deployment->engine, container->id, STOP_GRACE_S,
                                           steward_step_get_fence (context), context->cancellable,
                                           error);
}

gboolean
steward_servers_stop (StewardStepContext *context, GError **error)
{
  g_autoptr (GPtrArray) servers =
      steward_deployment_list_servers (context->deployment, context->cancellable, error);

  for (guint i = 0; servers != NULL && i < servers->len; i++)
    if (!take_restart_policy (context, servers->pdata[i], error))
      return FALSE;
  /* So far it served on. */
  steward_progress_server_stops (context->progress);
  for (guint i = 0; servers != NULL && i < servers->len; i++)
    if (!stop_one (context, servers->pdata[i], error))
      return FALSE;
  return servers != NULL;
}

static gboolean
save_log (StewardStepContext *context, const StewardContainer *container, GError **error)
{
  g_autofree char *name = g_strndup (container->id, 12);
  g_autofree char *path = steward_store_dup_log_path (context->store, context->plan->id, name);

  return steward_engine_save_log (context->deployment->engine, container->id, path,
                                  steward_step_get_fence (context), context->cancellable, error);
}

static gboolean
remove_one (StewardStepContext *context, const StewardContainer *container, GError **error)
{
  g_autoptr (GError) log_error = NULL;

  if (!take_restart_policy (context, container, error) || !stop_one (context, container, error))
    return FALSE;
  /* A log driver that keeps nothing must not keep a server down. */
  if (!save_log (context, container, &log_error))
    {
      if (!g_error_matches (log_error, STEWARD_ERROR, STEWARD_ERROR_FAILED))
        {
          g_propagate_error (error, g_steal_pointer (&log_error));
          return FALSE;
        }
      steward_progress_note (context->progress, log_error->message);
    }
  return steward_engine_remove_container (context->deployment->engine, container->id,
                                          steward_step_get_fence (context), context->cancellable,
                                          error);
}

gboolean
steward_servers_remove (StewardStepContext *context, const char *keep_image_id, GError **error)
{
  g_autoptr (GPtrArray) servers =
      steward_deployment_list_servers (context->deployment, context->cancellable, error);

  for (guint i = 0; servers != NULL && i < servers->len; i++)
    {
      const StewardContainer *container = servers->pdata[i];
      if (g_strcmp0 (container->image_id, keep_image_id) != 0
          && !remove_one (context, container, error))
        return FALSE;
    }
  return servers != NULL;
}

char *
steward_servers_describe_remove (const StewardStepContext *context)
{
  g_autoptr (GStrvBuilder) rm = g_strv_builder_new ();

  g_strv_builder_add_many (rm, "rm", "--stop", "--force", NULL);
  g_strv_builder_addv (rm, (const char **)context->plan->services);
  g_auto (GStrv) arguments = g_strv_builder_end (rm);
  g_auto (GStrv) argv =
      steward_compose_project_dup_argv (context->deployment->project, context->deployment->engine,
                                        (const char *const *)arguments);

  return steward_format_command ((const char *const *)argv);
}

gboolean
steward_servers_up (StewardStepContext *context, StewardComposeUpFlags flags, GError **error)
{
  const char *services[] = { context->deployment->service, NULL };
  StewardComposeUp up = {
    .services = services,
    .flags = flags,
    .line = steward_progress_line_cb,
    .line_data = context->progress,
    .fence = steward_step_get_fence (context),
  };

  return steward_compose_project_up (context->deployment->project, context->deployment->engine, &up,
                                     context->cancellable, error);
}

typedef struct
{
  StewardStepContext *context;
  const StewardContainer *before;
} Watched;

static gboolean
is_alive_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  Watched *watched = data;
  g_autoptr (StewardContainer) container =
      steward_engine_inspect_container (watched->context->deployment->engine, watched->before->id,
                                        cancellable, error);

  if (container == NULL)
    return FALSE;
  if (container->running && !container->restarting
      && container->restart_count == watched->before->restart_count)
    return TRUE;
  g_autofree char *words = steward_engine_dup_last_words (watched->context->deployment->engine,
                                                          container->id, cancellable);
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
               _ ("The server ended by itself with status %d: %s"), container->exit_code, words);
  return FALSE;
}

gboolean
steward_servers_wait (StewardStepContext *context, guint timeout_ms, GError **error)
{
  g_autoptr (StewardContainer) container =
      steward_deployment_find_server (context->deployment, context->cancellable, error);

  if (container == NULL)
    return FALSE;
  Watched watched = { context, container };
  StewardProbeWait wait = {
    .timeout_ms = timeout_ms,
    .interval_ms = PROBE_INTERVAL_MS,
    .alive = is_alive_cb,
    .alive_data = &watched,
  };
  g_autoptr (StewardHealth) health =
      steward_deployment_wait_server (context->deployment, container, &wait, context->cancellable,
                                      error);
  if (health != NULL)
    steward_progress_server_answers (context->progress);
  return health != NULL;
}
