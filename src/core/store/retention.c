/* See the header. A damaged backup counts for nothing, and goes by the same count and age. */
#include "core/store/retention.h"

static gboolean
is_complete (const StewardBackup *backup)
{
  return backup->state == STEWARD_BACKUP_COMPLETE;
}

static StewardProof
get_proof (const StewardBackup *backup)
{
  return is_complete (backup) ? steward_passport_get_proof (backup->passport, NULL)
                              : STEWARD_PROOF_DAMAGED;
}

/* The newest complete one that is proven at least so. Returns: its index; @backups' length: none */
static guint
find_newest (const GPtrArray *backups, StewardProof proof)
{
  guint i = 0;

  while (i < backups->len
         && !(is_complete (backups->pdata[i]) && get_proof (backups->pdata[i]) >= proof))
    i++;
  return i;
}

/* @n_newer: complete ones that are newer */
static StewardVerdict
judge_one (const StewardRetention *retention, const StewardBackup *backup, guint n_newer)
{
  gint64 age_s = 0;

  if (backup->passport == NULL || !g_str_equal (backup->passport->id, backup->id))
    return STEWARD_VERDICT_UNKNOWN;
  if (retention->needed != NULL && g_strv_contains (retention->needed, backup->id))
    return STEWARD_VERDICT_NEEDED;
  age_s = retention->now_s - backup->passport->made_s;
  if ((retention->keep == 0 && retention->older_than_s == 0)
      || (retention->keep != 0 && n_newer < retention->keep)
      || (retention->older_than_s != 0 && age_s <= retention->older_than_s))
    return STEWARD_VERDICT_RECENT;
  return STEWARD_VERDICT_DELETE;
}

/* The best proven one stays, the newest that is proven at all, and where none is the newest. */
static void
keep_proven (const GPtrArray *backups, StewardVerdict *verdicts)
{
  const StewardProof proofs[] = { STEWARD_PROOF_RESTORED, STEWARD_PROOF_READ_BACK,
                                  STEWARD_PROOF_NONE };
  gboolean is_proven = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (proofs); i++)
    {
      guint newest = find_newest (backups, proofs[i]);
      if (newest == backups->len || (is_proven && proofs[i] == STEWARD_PROOF_NONE))
        continue;
      is_proven = TRUE;
      if (verdicts[newest] == STEWARD_VERDICT_DELETE)
        verdicts[newest] = STEWARD_VERDICT_PROVEN;
    }
}

StewardVerdict *
steward_retention_judge (const StewardRetention *retention, const GPtrArray *backups)
{
  StewardVerdict *verdicts = g_new0 (StewardVerdict, backups->len);
  guint n_complete = 0;

  for (guint i = 0; i < backups->len; i++)
    {
      verdicts[i] = judge_one (retention, backups->pdata[i], n_complete);
      n_complete += is_complete (backups->pdata[i]);
    }
  keep_proven (backups, verdicts);
  return verdicts;
}
