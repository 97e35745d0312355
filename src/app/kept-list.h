/* Backups and set-aside databases, and what can be done with each: actions kept.verify (s),
 * kept.verify-restoring (s), kept.cancel (s), kept.save (s), kept.roll-back (s), kept.delete (s),
 * of the backup's id or the database's name. */
#pragma once

#include "app/server.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_KEPT_LIST (steward_kept_list_get_type ())
G_DECLARE_FINAL_TYPE (StewardKeptList, steward_kept_list, STEWARD, KEPT_LIST, AdwBin)

/** steward_kept_list_set_server: whose things are shown from the next show on. @server:
 * (nullable) */
void steward_kept_list_set_server (StewardKeptList *self, StewardServer *server);

/** steward_kept_list_show: brings the rows up to date, if the server has a status. */
void steward_kept_list_show (StewardKeptList *self);

G_END_DECLS
