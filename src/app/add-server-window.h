/* Asks where a server is: on another host, which is then connected to and looked through, or in
 * a compose file of this one. Suggests the hosts of the SSH configuration. */
#pragma once

#include "app/server-list.h"

#include <adwaita.h>

G_BEGIN_DECLS

/** StewardAddServerWindow: Signals: "found" (StewardServer): one of the host's servers, after
 * which the window closes itself. Activates "win.add-compose-file" of its parent. */
#define STEWARD_TYPE_ADD_SERVER_WINDOW (steward_add_server_window_get_type ())
G_DECLARE_FINAL_TYPE (
    StewardAddServerWindow, steward_add_server_window, STEWARD, ADD_SERVER_WINDOW, AdwWindow)

StewardAddServerWindow *steward_add_server_window_new (GtkWindow *parent,
                                                       StewardServerList *servers);

G_END_DECLS
