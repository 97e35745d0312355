/* Shows a command and copies it. See the header. */
#include "app/command-row.h"

#include <glib/gi18n-lib.h>

#include "app/accessible-names.h"
#include "app/window.h"

struct _StewardCommandRow
{
  AdwExpanderRow parent_instance;

  GtkLabel *command;
  GtkWidget *copy;
};

G_DEFINE_FINAL_TYPE (StewardCommandRow, steward_command_row, ADW_TYPE_EXPANDER_ROW)

static void
copy_cb (GtkButton *button, StewardCommandRow *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          gtk_label_get_text (self->command));
  steward_window_toast (GTK_WIDGET (self), _ ("The command was copied."));
}

GtkWidget *
steward_command_row_number_new (guint number)
{
  g_autofree char *digits = g_strdup_printf ("%u", number);
  GtkWidget *label = gtk_label_new (digits);

  gtk_label_set_width_chars (GTK_LABEL (label), 2);
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "numeric");
  return label;
}

GtkWidget *
steward_command_row_new (guint number, const char *title, const char *command)
{
  StewardCommandRow *self = g_object_new (STEWARD_TYPE_COMMAND_ROW, "title", title, NULL);
  g_autofree char *copy_label = g_strdup_printf (_ ("Copy the Command of “%s”"), title);
  g_autofree char *command_label = g_strdup_printf (_ ("Command of “%s”"), title);

  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (self), steward_command_row_number_new (number));
  gtk_label_set_text (self->command, command);
  steward_accessible_names_set_expander (ADW_EXPANDER_ROW (self), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->copy), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  copy_label, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->command), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  command_label, -1);
  return GTK_WIDGET (self);
}

static void
steward_command_row_class_init (StewardCommandRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/command-row.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardCommandRow, command);
  gtk_widget_class_bind_template_child (widget_class, StewardCommandRow, copy);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
steward_command_row_init (StewardCommandRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* A command reads left to right in any language. */
  gtk_widget_set_direction (GTK_WIDGET (self->command), GTK_TEXT_DIR_LTR);
}
