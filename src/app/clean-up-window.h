/* Lists backups and set-aside databases to be deleted together: which backups may go is said by
 * count and age, see retention.h; nothing goes without having been ticked, named once more and
 * agreed to. */
#pragma once

#include "app/server.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_CLEAN_UP_WINDOW (steward_clean_up_window_get_type ())
G_DECLARE_FINAL_TYPE (
    StewardCleanUpWindow, steward_clean_up_window, STEWARD, CLEAN_UP_WINDOW, AdwWindow)

StewardCleanUpWindow *steward_clean_up_window_new (GtkWindow *parent, StewardServer *server);

G_END_DECLS
