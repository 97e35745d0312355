/* Brings the target's image onto the host and asks it which migrations it would apply. Neither
 * touches the server: a dry run only reads. */
#include <glib/gi18n-lib.h>

#include "core/engine/image.h"
#include "core/steps/announce.h"

static void
fraction_cb (double fraction, gpointer data)
{
  steward_progress_set_fraction (data, 0.8 * fraction);
}

static char *
describe (const StewardStepContext *context)
{
  const char *pull[] = { "pull", context->plan->to_image, NULL };
  g_auto (GStrv) argv = steward_engine_dup_argv (context->deployment->engine, pull);

  return steward_format_command ((const char *const *)argv);
}

static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  *state = steward_step_is_recorded (context, &steward_step_pull_image) ? STEWARD_STEP_DONE
                                                                        : STEWARD_STEP_TODO;
  return TRUE;
}

/* A registry that is away is no reason to stop when the image lies here already. A host that is
 * says nothing about the image. */
static gboolean
pull (StewardStepContext *context, GError **error)
{
  StewardPullWatch watch = { fraction_cb, steward_progress_line_cb, context->progress };
  g_autoptr (GError) local_error = NULL;

  if (steward_engine_pull_image (context->deployment->engine, context->plan->to_image, &watch,
                                 context->cancellable, &local_error))
    return TRUE;
  if (g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_DISCONNECTED))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  g_autoptr (StewardImage) present =
      steward_engine_inspect_image (context->deployment->engine, context->plan->to_image,
                                    context->cancellable, NULL);
  if (present == NULL && local_error->domain == STEWARD_ERROR)
    g_set_error (error, STEWARD_ERROR, local_error->code,
                 _ ("The image %s could not be fetched: %s Nothing was touched."),
                 context->plan->to_image, local_error->message);
  else if (present == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  if (present == NULL)
    return FALSE;
  steward_progress_note (context->progress, local_error->message);
  steward_progress_note (context->progress,
                         _ ("The image lies on the host already; that one is used."));
  return TRUE;
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  if (!pull (context, error))
    return FALSE;
  g_autoptr (StewardImage) image =
      steward_engine_inspect_image (context->deployment->engine, context->plan->to_image,
                                    context->cancellable, error);
  if (image == NULL)
    return FALSE;

  JsonObject *facts = json_object_new ();
  json_object_set_string_member (facts, "image_id", image->id);
  if (!steward_step_record (context, &steward_step_pull_image, facts, error))
    return FALSE;
  return context->plan->kind != STEWARD_OPERATION_UPGRADE || steward_announce (context, error);
}

const StewardStep steward_step_pull_image = {
  .id = "pull-image",
  .title = N_ ("Fetch the image"),
  .weight = 10,
  .flags = STEWARD_STEP_CANCELLABLE,
  .describe = describe,
  .inspect = inspect,
  .run = run,
};
