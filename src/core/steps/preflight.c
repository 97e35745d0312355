/* The first step of every operation: all checks again, now that the lock is held, and the price
 * agreed to. */
#include <glib/gi18n-lib.h>

#include "core/steps/checks.h"
#include "core/steps/price.h"

static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  *state = steward_step_is_recorded (context, &steward_step_preflight) ? STEWARD_STEP_DONE
                                                                       : STEWARD_STEP_TODO;
  return TRUE;
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  g_autoptr (GPtrArray) checks =
      steward_checks_run (context->deployment, context->store, context->plan, context->cancellable);

  /* A check that was cut off says nothing of the server. */
  if (g_cancellable_set_error_if_cancelled (context->cancellable, error))
    return FALSE;
  for (guint i = 0; i < checks->len; i++)
    {
      const StewardCheck *check = checks->pdata[i];
      if (check->state == STEWARD_CHECK_WARNING)
        steward_progress_note (context->progress, check->text);
      else
        steward_progress_output (context->progress, check->text);
    }
  return steward_checks_refuse (checks, error)
         && (context->plan->kind != STEWARD_OPERATION_ROLLBACK
             || steward_price_note (context, error));
}

const StewardStep steward_step_preflight = {
  .id = "preflight",
  .title = N_ ("Check everything first"),
  .weight = 3,
  .flags = STEWARD_STEP_CANCELLABLE,
  .inspect = inspect,
  .run = run,
};
