/* Which backups may go, by count and age. Pure: it decides, and deletes nothing; what an operation
 * still needs is for the caller to say. */
#pragma once

#include "core/store/backup.h"

G_BEGIN_DECLS

/**
 * StewardRetention: what an administrator asks for; where both are given a backup goes only if both
 * say so, where none is none goes.
 * @keep: so many of the newest complete ones stay; 0: not asked for
 * @older_than_s: those younger than this stay; 0: not asked for
 * @now_s: host's clock
 * @needed: (nullable) (array zero-terminated=1): ids that stay whatever else is said
 */
typedef struct
{
  guint keep;
  gint64 older_than_s;
  gint64 now_s;
  const char *const *needed;
} StewardRetention;

/**
 * StewardVerdict:
 * @STEWARD_VERDICT_DELETE: it may go
 * @STEWARD_VERDICT_RECENT: it is of the newest, or young
 * @STEWARD_VERDICT_NEEDED: an operation may need it
 * @STEWARD_VERDICT_PROVEN: without it nothing that is as well proven would be left, or nothing as
 * new that is proven at all
 * @STEWARD_VERDICT_UNKNOWN: it has no passport, or none that is understood: nobody knows what it is
 */
typedef enum
{
  STEWARD_VERDICT_DELETE,
  STEWARD_VERDICT_RECENT,
  STEWARD_VERDICT_NEEDED,
  STEWARD_VERDICT_PROVEN,
  STEWARD_VERDICT_UNKNOWN,
} StewardVerdict;

/** steward_retention_judge: @backups: (element-type StewardBackup): newest first, as
 * steward_backup_list() has them. Returns: (transfer full) (array length=backups->len): what
 * becomes of each */
StewardVerdict *steward_retention_judge (const StewardRetention *retention,
                                         const GPtrArray *backups);

G_END_DECLS
