/* What is found out about a backup while it is used, noted in its passport: what proves it, and
 * what damage is seen. */
#pragma once

#include "core/steps/tools.h"

G_BEGIN_DECLS

/** steward_proof_find: the plan's backup, to be used. Returns: (transfer full) (nullable). Errors:
 * %STEWARD_ERROR_NOT_FOUND, %STEWARD_ERROR_INVALID (not a complete backup) */
StewardBackup *steward_proof_find (StewardStepContext *context, GError **error);

/** steward_proof_note: see steward_passport_set_proof(); writes the passport */
gboolean steward_proof_note (StewardStepContext *context,
                             StewardBackup *backup,
                             StewardProof proof,
                             GError **error);

/** steward_proof_note_failure: marks the backup where @report, of a job that failed, shows that the
 * dump is damaged: tools that were killed or cut off say nothing of it. What cannot be written is
 * passed over: the failure is told all the same. */
void steward_proof_note_failure (StewardStepContext *context,
                                 StewardBackup *backup,
                                 const StewardToolReport *report);

/**
 * steward_proof_note_rows:
 * @counts: from `schema.table` to its rows, of what was restored
 *
 * Compares them with the passport: a backup whose rows are there is proven by it, another one is
 * marked damaged. Errors: %STEWARD_ERROR_FAILED (other rows), those of the store
 */
gboolean steward_proof_note_rows (StewardStepContext *context,
                                  StewardBackup *backup,
                                  JsonObject *counts,
                                  GError **error);

G_END_DECLS
