/* See the header. */
#include "app/accessible-names.h"

void
steward_accessible_names_set_all (GtkWidget *widget, GType type, const char *name)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                    -1);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    steward_accessible_names_set_all (child, type, name);
}

void
steward_accessible_names_set_expander (AdwExpanderRow *row, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  steward_accessible_names_set_all (GTK_WIDGET (row), GTK_TYPE_LIST_BOX, name);
}
