/* Names for a screen reader where a widget of GTK or libadwaita leaves them out. Main thread. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** steward_accessible_names_set_all: names each widget of @type, @widget itself or inside of it,
 * @name. */
void steward_accessible_names_set_all (GtkWidget *widget, GType type, const char *name);

/** steward_accessible_names_set_expander: names @row, and the lists it is made of, @name. They take
 * the focus on the way to its rows. */
void steward_accessible_names_set_expander (AdwExpanderRow *row, const char *name);

G_END_DECLS
