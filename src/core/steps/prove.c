/* Proves what was restored before anything is stopped: rows as in the passport, and the old version
 * starts on it. */
#include "core/steps/prove.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "core/steps/announce.h"
#include "core/steps/databases.h"
#include "core/steps/trial.h"

static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  *state = steward_step_is_recorded (context, &steward_step_prove) ? STEWARD_STEP_DONE
                                                                   : STEWARD_STEP_TODO;
  return TRUE;
}

gboolean
steward_prove_rows (const StewardPassport *passport, JsonObject *counts, GError **error)
{
  for (guint i = 0; i < passport->tables->len; i++)
    {
      const StewardTableRows *rows = passport->tables->pdata[i];
      gint64 found = json_object_get_int_member_with_default (counts, rows->table, -1);
      if (found >= 0 && (guint64)found == rows->rows)
        continue;
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
                   _ ("Rows in the restored table %s: %" PRId64 ", in the backup: %" PRIu64
                      ". The backup is not used, and the server was not touched."),
                   rows->table, MAX (found, 0), rows->rows);
      return FALSE;
    }
  return TRUE;
}

/* The passport says from now on that this backup was restored once. */
static gboolean
prove_backup (StewardStepContext *context, GError **error)
{
  g_autoptr (StewardBackup) backup =
      steward_backup_find (context->store, context->plan->backup_id, context->cancellable, error);
  if (backup == NULL)
    return FALSE;
  g_autoptr (JsonObject) counts =
      steward_databases_count (context, context->plan->copy_name, error);
  return counts != NULL && steward_prove_rows (backup->passport, counts, error)
         && steward_store_get_now (context->store, &backup->passport->restored_s,
                                   context->cancellable, error)
         && steward_backup_write_passport (context->store, backup->passport,
                                           steward_step_get_fence (context), context->cancellable,
                                           error);
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
