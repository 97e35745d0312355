/* Marks and proofs; see the header. */
#include "core/steps/proof.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

StewardBackup *
steward_proof_find (StewardStepContext *context, GError **error)
{
  g_autoptr (StewardBackup) backup =
      steward_backup_find (context->store, context->plan->backup_id, context->cancellable, error);

  if (backup == NULL || backup->state == STEWARD_BACKUP_COMPLETE)
    return g_steal_pointer (&backup);
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID, _ ("The backup %s is not complete: %s"),
               backup->id, backup->problem != NULL ? backup->problem : "");
  return NULL;
}

static gboolean
write_passport (StewardStepContext *context, StewardBackup *backup, GError **error)
{
  return steward_backup_write_passport (context->store, backup->passport,
                                        steward_step_get_fence (context), NULL, error);
}

gboolean
steward_proof_note (StewardStepContext *context,
                    StewardBackup *backup,
                    StewardProof proof,
                    GError **error)
{
  gint64 now_s = 0;

  if (!steward_store_get_now (context->store, &now_s, context->cancellable, error))
    return FALSE;
  steward_passport_set_proof (backup->passport, proof, now_s);
  return write_passport (context, backup, error);
}

static void
mark (StewardStepContext *context, StewardBackup *backup, const char *damage)
{
  gint64 now_s = 0;

  if (!steward_store_get_now (context->store, &now_s, NULL, NULL))
    return;
  steward_passport_set_damage (backup->passport, damage, now_s);
  write_passport (context, backup, NULL);
}

void
steward_proof_note_failure (StewardStepContext *context,
                            StewardBackup *backup,
                            const StewardToolReport *report)
{
  if (report->is_unreadable)
    mark (context, backup, STEWARD_DAMAGE_UNREADABLE);
  else if (report->sha256 != NULL && !g_str_equal (report->sha256, backup->passport->dump_sha256))
    mark (context, backup, STEWARD_DAMAGE_HASH);
}

static gboolean
compare_rows (const StewardPassport *passport, JsonObject *counts, GError **error)
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

gboolean
steward_proof_note_rows (StewardStepContext *context,
                         StewardBackup *backup,
                         JsonObject *counts,
                         GError **error)
{
  if (compare_rows (backup->passport, counts, error))
    return steward_proof_note (context, backup, STEWARD_PROOF_RESTORED, error);
  mark (context, backup, STEWARD_DAMAGE_ROWS);
  return FALSE;
}
