/* Waits until the started server answers, and then watches for a while whether it stays so: what is
 * published is only called good when it serves. */
#include <glib/gi18n-lib.h>

#include "core/base/version.h"
#include "core/steps/servers.h"

#define GLANCE_INTERVAL_MS 500
#define ASK_TIMEOUT_MS 5000

static gboolean
check_version (StewardStepContext *context, const StewardHealth *health, GError **error)
{
  g_autoptr (StewardVersion) expected = steward_version_parse (context->plan->to_tag);

  if (expected == NULL)
    return TRUE;
  if (health->server_major != steward_version_get_major (expected))
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
                   _ ("The server answers as version %u, not as %s."), health->server_major,
                   steward_version_get_name (expected));
      return FALSE;
    }
  g_autoptr (StewardVersion) told =
      health->version != NULL ? steward_version_parse (health->version) : NULL;
  if (told != NULL && steward_version_compare (told, expected) != 0)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
                   _ ("The server answers as version %s, not as %s."), health->version,
                   steward_version_get_name (expected));
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_health (StewardStepContext *context, const StewardContainer *first, GError **error)
{
  g_autoptr (StewardContainer) container =
      steward_deployment_find_server (context->deployment, context->cancellable, error);

  if (container == NULL)
    return FALSE;
  if (!g_str_equal (container->id, first->id) || !container->running || container->restarting
      || container->restart_count != first->restart_count)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
                   _ ("The server did not stay up: it ended with status %d."),
                   container->exit_code);
      return FALSE;
    }
  g_autoptr (StewardHealth) health =
      steward_deployment_ask_server (context->deployment, container, STEWARD_PROBE_VERSION,
                                     ASK_TIMEOUT_MS, context->cancellable, error);
  if (health == NULL)
    return FALSE;
  if (!health->answers_as_parsec)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
                   _ ("What answers is not a Parsec server (status %u)."), health->status);
      return FALSE;
    }
  return check_version (context, health, error);
}

/* Waits without a busy loop; a cancellation ends the wait. */
static gboolean
pause_ms (StewardStepContext *context, guint milliseconds, GError **error)
{
  GPollFD fd = { -1, G_IO_IN, 0 };
  gboolean has_fd = g_cancellable_make_pollfd (context->cancellable, &fd);

  g_poll (&fd, has_fd ? 1 : 0, milliseconds);
  if (has_fd)
    g_cancellable_release_fd (context->cancellable);
  return !g_cancellable_set_error_if_cancelled (context->cancellable, error);
}

static gboolean
watch (StewardStepContext *context, GError **error)
{
  gint64 span_us = context->plan->watch_s * G_TIME_SPAN_SECOND;
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (StewardContainer) first =
      steward_deployment_find_server (context->deployment, context->cancellable, error);

  if (first == NULL)
    return FALSE;
  for (;;)
    {
      gint64 passed_us = g_get_monotonic_time () - start_us;
      if (!check_health (context, first, error))
        return FALSE;
      if (passed_us >= span_us)
        return TRUE;
      steward_progress_set_fraction (context->progress, (double)passed_us / span_us);
      if (!pause_ms (context, GLANCE_INTERVAL_MS, error))
        return FALSE;
    }
}

static char *
describe (const StewardStepContext *context)
{
  const char *ps[] = { "ps", context->deployment->service, NULL };
  g_auto (GStrv) argv = steward_compose_project_dup_argv (context->deployment->project,
                                                          context->deployment->engine, ps);

  return steward_format_command ((const char *const *)argv);
}

static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  *state = STEWARD_STEP_TODO;
  return TRUE;
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  JsonObject *facts = json_object_new ();

  if (!steward_servers_wait (context, STEWARD_SERVERS_ANSWER_TIMEOUT_MS, error))
    return FALSE;
  json_object_set_boolean_member (facts, "answered", TRUE);
  return steward_step_record (context, &steward_step_watch_health, facts, error)
         && watch (context, error);
}

const StewardStep steward_step_watch_health = {
  .id = "watch-health",
  .title = N_ ("Watch the server’s health"),
  .weight = 20,
  .describe = describe,
  .inspect = inspect,
  .run = run,
};
