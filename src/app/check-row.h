/* Something that was looked at, with a mark: good, a warning, or refused. */
#pragma once

#include "core/steps/checks.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_CHECK_ROW (steward_check_row_get_type ())
G_DECLARE_FINAL_TYPE (StewardCheckRow, steward_check_row, STEWARD, CHECK_ROW, AdwActionRow)

/** steward_check_row_new: @text: a whole sentence, no markup */
GtkWidget *steward_check_row_new (StewardCheckState state, const char *text);

/** steward_check_row_get_state */
StewardCheckState steward_check_row_get_state (StewardCheckRow *self);

G_END_DECLS
