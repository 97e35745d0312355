/* See the header. */
#include "app/fact-row.h"

struct _StewardFactRow
{
  AdwActionRow parent_instance;

  GtkLabel *value;
};

G_DEFINE_FINAL_TYPE (StewardFactRow, steward_fact_row, ADW_TYPE_ACTION_ROW)

void
steward_fact_row_set_value (StewardFactRow *self, const char *value)
{
  gtk_label_set_text (self->value, value != NULL ? value : "");
  gtk_widget_set_visible (GTK_WIDGET (self), value != NULL);
}

void
steward_fact_row_set_note (StewardFactRow *self, const char *note)
{
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), note != NULL ? note : "");
}

static void
steward_fact_row_class_init (StewardFactRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/fact-row.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardFactRow, value);
}

static void
steward_fact_row_init (StewardFactRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
