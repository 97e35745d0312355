/* See the header. */
#include "app/fact-row.h"

/* What stands beside a title in a window of 360 pixels. */
#define SHORT_CHARACTERS 26

struct _StewardFactRow
{
  AdwActionRow parent_instance;

  char *text; /* owned, nullable: the value */
  char *note; /* owned, nullable */

  GtkLabel *value;
};

G_DEFINE_FINAL_TYPE (StewardFactRow, steward_fact_row, ADW_TYPE_ACTION_ROW)

static void
show (StewardFactRow *self)
{
  gboolean is_short = self->text == NULL || g_utf8_strlen (self->text, -1) <= SHORT_CHARACTERS;
  g_autoptr (GString) below = g_string_new (is_short ? NULL : self->text);

  if (self->note != NULL && *self->note != '\0')
    g_string_append_printf (below, "%s%s", below->len > 0 ? "\n" : "", self->note);
  gtk_label_set_text (self->value, self->text != NULL && is_short ? self->text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->value), is_short);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), below->str);
  gtk_widget_set_visible (GTK_WIDGET (self), self->text != NULL);
}

void
steward_fact_row_set_value (StewardFactRow *self, const char *value)
{
  g_free (self->text);
  self->text = g_strdup (value);
  show (self);
}

void
steward_fact_row_set_note (StewardFactRow *self, const char *note)
{
  g_free (self->note);
  self->note = g_strdup (note);
  show (self);
}

static void
steward_fact_row_finalize (GObject *object)
{
  StewardFactRow *self = STEWARD_FACT_ROW (object);

  g_free (self->text);
  g_free (self->note);
  G_OBJECT_CLASS (steward_fact_row_parent_class)->finalize (object);
}

static void
steward_fact_row_class_init (StewardFactRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = steward_fact_row_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/fact-row.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardFactRow, value);
}

static void
steward_fact_row_init (StewardFactRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
