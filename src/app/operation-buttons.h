/* The four things that can be done to a server. A button that cannot be used says why. */
#pragma once

#include "app/server.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_OPERATION_BUTTONS (steward_operation_buttons_get_type ())
G_DECLARE_FINAL_TYPE (
    StewardOperationButtons, steward_operation_buttons, STEWARD, OPERATION_BUTTONS, GtkWidget)

/** steward_operation_buttons_show: @target: (nullable): the version that was chosen */
void steward_operation_buttons_show (StewardOperationButtons *self,
                                     StewardServer *server,
                                     const char *target);

G_END_DECLS
