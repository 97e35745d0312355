/* The page of one server: what needs attention, versions, pending migrations of the chosen target,
 * the four buttons, backups and set-aside databases, history. Activates the window's actions. */
#pragma once

#include "app/server.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_SERVER_PAGE (steward_server_page_get_type ())
G_DECLARE_FINAL_TYPE (StewardServerPage, steward_server_page, STEWARD, SERVER_PAGE, AdwBin)

/** steward_server_page_set_server: @server: (nullable) */
void steward_server_page_set_server (StewardServerPage *self, StewardServer *server);

G_END_DECLS
