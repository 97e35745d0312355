/* A host of the sidebar: its address, whether it can be reached, and a button that takes it off
 * the list. Activates "host.remove" with the address. */
#pragma once

#include "app/known-host.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_HOST_ROW (steward_host_row_get_type ())
G_DECLARE_FINAL_TYPE (StewardHostRow, steward_host_row, STEWARD, HOST_ROW, GtkListBoxRow)

GtkWidget *steward_host_row_new (StewardKnownHost *host);
StewardKnownHost *steward_host_row_get_host (StewardHostRow *self);

G_END_DECLS
