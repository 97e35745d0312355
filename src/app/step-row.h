/* A step of an operation in a list: state, title, time, why it failed; it opens to show the command
 * behind it. Follows its step while that changes. */
#pragma once

#include "app/run-step.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_STEP_ROW (steward_step_row_get_type ())
G_DECLARE_FINAL_TYPE (StewardStepRow, steward_step_row, STEWARD, STEP_ROW, GtkListBoxRow)

GtkWidget *steward_step_row_new (StewardRunStep *step);

/** steward_step_row_toggle: opens or closes it; nothing where there is no command yet */
void steward_step_row_toggle (StewardStepRow *self);

/** steward_step_row_tick: shows the time of a step that runs, as it is now */
void steward_step_row_tick (StewardStepRow *self);

G_END_DECLS
