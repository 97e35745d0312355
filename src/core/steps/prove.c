/* Proves what was restored before anything is stopped: rows as in the passport, and the old version
 * starts on it. */
#include <glib/gi18n-lib.h>

#include "core/steps/announce.h"
#include "core/steps/databases.h"
#include "core/steps/proof.h"
#include "core/steps/trial.h"

static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  *state = steward_step_is_recorded (context, &steward_step_prove) ? STEWARD_STEP_DONE
                                                                   : STEWARD_STEP_TODO;
  return TRUE;
}

/* The passport says from now on that this backup was restored once. */
static gboolean
prove_backup (StewardStepContext *context, GError **error)
{
  g_autoptr (StewardBackup) backup = steward_proof_find (context, error);
  if (backup == NULL)
    return FALSE;
  g_autoptr (JsonObject) counts =
      steward_databases_count (context, context->plan->copy_name, error);
  return counts != NULL && steward_proof_note_rows (context, backup, counts, error);
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  StewardTrial trial = {
    .role = STEWARD_TRIAL_ROLE,
    .image = steward_announce_get_image (context),
    .database = context->plan->copy_name,
  };

  return (context->plan->source_database != NULL || prove_backup (context, error))
         && steward_trial_run (context, &trial, NULL, error);
}

const StewardStep steward_step_prove = {
  .id = "prove",
  .title = N_ ("Prove what was restored"),
  .weight = 8,
  .flags = STEWARD_STEP_CANCELLABLE,
  .inspect = inspect,
  .run = run,
  .undo = steward_trial_undo,
};
