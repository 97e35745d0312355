/* Lays buttons side by side, all as wide as the widest: in one line where there is room, else in
 * two, else one below the other. A GtkFlowBox would put three in a line and one below, and keeps
 * the keyboard's focus for itself where its last button cannot be used. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_BUTTON_LAYOUT (steward_button_layout_get_type ())
G_DECLARE_FINAL_TYPE (
    StewardButtonLayout, steward_button_layout, STEWARD, BUTTON_LAYOUT, GtkLayoutManager)

G_END_DECLS
