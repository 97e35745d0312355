/* A backup or a set-aside database, with a menu of what can be done with it: the actions of
 * kept-list.h. */
#pragma once

#include "core/operations/catalog.h"
#include "core/store/backup.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_KEPT_ROW (steward_kept_row_get_type ())
G_DECLARE_FINAL_TYPE (StewardKeptRow, steward_kept_row, STEWARD, KEPT_ROW, AdwActionRow)

/** StewardKeptState: what goes on besides the thing itself.
 * @is_busy: it is being verified or deleted; @can_cancel: that can be cancelled;
 * @fraction: how far it is, 0 where that is not known
 * @problem: (nullable): why the last attempt failed */
typedef struct
{
  gint64 now_s;
  gboolean is_busy;
  gboolean can_cancel;
  double fraction;
  const char *problem;
} StewardKeptState;

void steward_kept_row_show_backup (StewardKeptRow *self,
                                   const StewardBackup *backup,
                                   const StewardKeptState *state);
void steward_kept_row_show_orphan (StewardKeptRow *self,
                                   const StewardOrphan *orphan,
                                   const StewardKeptState *state);
void steward_kept_row_show_aside (StewardKeptRow *self,
                                  const StewardAside *aside,
                                  const StewardKeptState *state);

G_END_DECLS
