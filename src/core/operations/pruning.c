/* Asks the journals what is needed, and deletes what was agreed to. See the header. */
#include "core/operations/pruning.h"

#include <glib/gi18n-lib.h>

#include "core/base/json.h"

#define DAY_S ((gint64)86400)

void
steward_pruning_free (StewardPruning *pruning)
{
  g_ptr_array_unref (pruning->backups);
  g_free (pruning->verdicts);
  g_free (pruning);
}

/* What a rotten journal was about nobody knows. An upgrade whose plan is rotten made the backup of
 * its own id. */
static const char *
get_backup_id (const StewardJournal *journal)
{
  const char *id = steward_json_get_string (journal->plan, "backup_id");

  return id != NULL ? id : journal->id;
}

static gboolean
was_done (const StewardJournal *journal, StewardOperationKind kind)
{
  return journal->state == STEWARD_JOURNAL_DONE
         && g_strcmp0 (journal->operation, steward_operation_kind_get_name (kind)) == 0;
}

GStrv
steward_pruning_find_needed (const GPtrArray *journals)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gboolean is_settled = FALSE;

  for (guint i = 0; i < journals->len; i++)
    {
      const StewardJournal *journal = journals->pdata[i];
      gboolean is_upgrade = was_done (journal, STEWARD_OPERATION_UPGRADE);
      gboolean is_open = journal->state == STEWARD_JOURNAL_UNFINISHED
                         || journal->state == STEWARD_JOURNAL_HANDS || journal->operation == NULL;
      if (is_open || (is_upgrade && !is_settled))
        g_strv_builder_add (builder, get_backup_id (journal));
      is_settled = is_settled || is_upgrade || was_done (journal, STEWARD_OPERATION_ROLLBACK);
    }
  return g_strv_builder_end (builder);
}

StewardPruning *
steward_pruning_plan (StewardStore *store,
                      guint keep,
                      guint older_than_days,
                      GCancellable *cancellable,
                      GError **error)
{
  StewardRetention retention = { .keep = keep, .older_than_s = older_than_days * DAY_S };
  g_autoptr (GPtrArray) backups = steward_backup_list (store, cancellable, error);
  g_autoptr (GPtrArray) journals =
      backups != NULL ? steward_journal_list (store, G_MAXUINT, cancellable, error) : NULL;

  if (journals == NULL || !steward_store_get_now (store, &retention.now_s, cancellable, error))
    return NULL;
  g_auto (GStrv) needed = steward_pruning_find_needed (journals);
  retention.needed = (const char *const *)needed;
  StewardPruning *pruning = g_new0 (StewardPruning, 1);
  pruning->keep = keep;
  pruning->older_than_days = older_than_days;
  pruning->verdicts = steward_retention_judge (&retention, backups);
  pruning->backups = g_steal_pointer (&backups);
  return pruning;
}

static gboolean
may_go (const StewardPruning *pruning, const char *id)
{
  for (guint i = 0; i < pruning->backups->len; i++)
    if (g_str_equal (((const StewardBackup *)pruning->backups->pdata[i])->id, id))
      return pruning->verdicts[i] == STEWARD_VERDICT_DELETE;
  return FALSE;
}

static gboolean
check_unchanged (const StewardPruning *agreed, const StewardPruning *now, GError **error)
{
  for (guint i = 0; i < agreed->backups->len; i++)
    {
      const StewardBackup *backup = agreed->backups->pdata[i];
      if (agreed->verdicts[i] != STEWARD_VERDICT_DELETE || may_go (now, backup->id))
        continue;
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_CHANGED,
                   _ ("Meanwhile something changed: the backup %s has to stay now, or is gone. "
                      "Nothing was deleted; look again."),
                   backup->id);
      return FALSE;
    }
  return TRUE;
}

gboolean
steward_pruning_run (StewardStore *store,
                     const StewardPruning *agreed,
                     const StewardClient *client,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (StewardLock) lock =
      steward_operation_take_lock_between (store, client, "prune", cancellable, error);
  g_autoptr (StewardPruning) now =
      lock != NULL
          ? steward_pruning_plan (store, agreed->keep, agreed->older_than_days, cancellable, error)
          : NULL;

  if (now == NULL || !check_unchanged (agreed, now, error))
    return FALSE;
  for (guint i = 0; i < agreed->backups->len; i++)
    {
      const StewardBackup *backup = agreed->backups->pdata[i];
      if (agreed->verdicts[i] == STEWARD_VERDICT_DELETE
          && !steward_backup_delete (store, backup->id, steward_lock_get_fence (lock), cancellable,
                                     error))
        return FALSE;
    }
  return TRUE;
}
