/* The one window: servers at the side; beside them the chosen one's page, or a review, or an
 * operation. Pages show models and activate these actions; nothing else:
 *
 *   win.add-server, win.refresh, win.back, win.menu
 *   win.remove-server               the chosen one, off the list
 *   win.back-up                     at once: nothing is at stake
 *   win.upgrade (s)                 review of an upgrade to a tag
 *   win.restart                     review of a restart
 *   win.roll-back (s)               review of a rollback to a backup or database; "" for the newest
 *   win.resume, win.walk-back       the unfinished operation
 *   win.show-run                    the operation of this window that runs or ran last
 */
#pragma once

#include "app/application.h"

G_BEGIN_DECLS

#define STEWARD_TYPE_WINDOW (steward_window_get_type ())
G_DECLARE_FINAL_TYPE (StewardWindow, steward_window, STEWARD, WINDOW, AdwApplicationWindow)

StewardWindow *steward_window_new (StewardApplication *application);

/** steward_window_toast: says a small thing in passing. @widget: anything inside of a window */
void steward_window_toast (GtkWidget *widget, const char *sentence);

/** steward_window_choose: @server: (nullable): whose page is shown */
void steward_window_choose (StewardWindow *self, StewardServer *server);

G_END_DECLS
