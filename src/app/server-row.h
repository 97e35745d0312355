/* A server in the sidebar: its name, its version, its state in a word. */
#pragma once

#include "app/server.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_SERVER_ROW (steward_server_row_get_type ())
G_DECLARE_FINAL_TYPE (StewardServerRow, steward_server_row, STEWARD, SERVER_ROW, GtkListBoxRow)

GtkWidget *steward_server_row_new (StewardServer *server);

/** Returns: (transfer none) */
StewardServer *steward_server_row_get_server (StewardServerRow *self);

G_END_DECLS
