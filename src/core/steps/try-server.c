/* Tries the target on the migrated copy before anything is published. */
#include <glib/gi18n-lib.h>

#include "core/steps/announce.h"
#include "core/steps/trial.h"

static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  *state = steward_step_is_recorded (context, &steward_step_try_server) ? STEWARD_STEP_DONE
                                                                        : STEWARD_STEP_TODO;
  return TRUE;
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  StewardTrial trial = {
    .role = STEWARD_TRIAL_ROLE,
    .image = steward_announce_get_image (context),
    .database = context->plan->copy_name,
  };

  return steward_trial_run (context, &trial, NULL, error);
}

const StewardStep steward_step_try_server = {
  .id = "try-server",
  .title = N_ ("Try the target on the copy"),
  .weight = 6,
  .flags = STEWARD_STEP_CANCELLABLE,
  .inspect = inspect,
  .run = run,
  .undo = steward_trial_undo,
};
