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

/* What the rehearsal measured. */
static guint64
get_expected_ms (const StewardStepContext *context)
{
  JsonObject *facts = steward_step_get_facts (context, &steward_step_rehearse);

  return facts != NULL ? (guint64)json_object_get_int_member_with_default (facts, "answer_ms", 0)
                       : 0;
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  StewardTrial trial = {
    .role = STEWARD_TRIAL_ROLE,
    .image = steward_announce_get_image (context),
    .database = context->plan->copy_name,
    .expected_ms = get_expected_ms (context),
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
