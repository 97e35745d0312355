/* Deletes backups by count and age, once it was agreed to which. What may go is retention.h's to
 * say. Blocks; for the deployment's worker thread. */
#pragma once

#include "core/operations/operation.h"
#include "core/store/retention.h"

G_BEGIN_DECLS

/** StewardPruning: @keep, @older_than_days: as they were asked for; @backups: (element-type
 * StewardBackup): newest first; @verdicts: of each */
typedef struct
{
  guint keep;
  guint older_than_days;
  GPtrArray *backups;
  StewardVerdict *verdicts;
} StewardPruning;

void steward_pruning_free (StewardPruning *pruning);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardPruning, steward_pruning_free)

/** steward_pruning_find_needed: of which backups an operation may have need: an unfinished one of
 * its own, the newest upgrade of the one it made, unless there was a rollback since. Pure.
 * @journals: (element-type StewardJournal): newest first. Returns: (transfer full): ids */
GStrv steward_pruning_find_needed (const GPtrArray *journals);

/** steward_pruning_plan: what would become of each backup; deletes nothing. @keep,
 * @older_than_days: 0: not asked for, see StewardRetention. Errors: %STEWARD_ERROR_DENIED */
StewardPruning *steward_pruning_plan (StewardStore *store,
                                      guint keep,
                                      guint older_than_days,
                                      GCancellable *cancellable,
                                      GError **error);

/**
 * steward_pruning_run:
 * @agreed: what was shown and agreed to; nothing else is deleted
 *
 * Takes the lock, looks anew, and deletes. Errors: %STEWARD_ERROR_CHANGED (one of them has to stay
 * by now: nothing was deleted), %STEWARD_ERROR_REFUSED (an operation stands unfinished),
 * %STEWARD_ERROR_LOCKED, those of steward_backup_delete(): those before are deleted
 */
gboolean steward_pruning_run (StewardStore *store,
                              const StewardPruning *agreed,
                              const StewardClient *client,
                              GCancellable *cancellable,
                              GError **error);

G_END_DECLS
