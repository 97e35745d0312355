/* What can be done with the backups as a whole: importing one, which goes on in here, and cleaning
 * up: actions backups.import, backups.cancel-import, backups.clean-up. */
#pragma once

#include "app/server.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_BACKUPS_MENU (steward_backups_menu_get_type ())
G_DECLARE_FINAL_TYPE (StewardBackupsMenu, steward_backups_menu, STEWARD, BACKUPS_MENU, AdwBin)

/** steward_backups_menu_set_server: @server: (nullable). An import that runs goes on for the server
 * it was begun for. */
void steward_backups_menu_set_server (StewardBackupsMenu *self, StewardServer *server);

/** steward_backups_menu_show: brings it up to date with the server's facts. */
void steward_backups_menu_show (StewardBackupsMenu *self);

/** steward_backups_menu_import: reads the saved copy at @path, and asks whether to import it. */
void steward_backups_menu_import (StewardBackupsMenu *self, const char *path);

G_END_DECLS
