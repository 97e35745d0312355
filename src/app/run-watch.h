/* Keeps an eye on the operations of all servers, whichever page is shown: while one runs the
 * machine stays awake and the window asks before it closes; at its end, whoever looks elsewhere is
 * told, and brought to the run by the application's action "show-run". Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_RUN_WATCH (steward_run_watch_get_type ())
G_DECLARE_FINAL_TYPE (StewardRunWatch, steward_run_watch, STEWARD, RUN_WATCH, GObject)

/** steward_run_watch_new: @window: borrowed, outlives it; @servers: of StewardServer */
StewardRunWatch *steward_run_watch_new (GtkWindow *window, GListModel *servers);

/** steward_run_watch_is_busy: whether an operation runs, also of a server off the list by now */
gboolean steward_run_watch_is_busy (StewardRunWatch *self);

G_END_DECLS
