/* Shows a state as icon, colour and word. See the header. */
#include "app/check-row.h"

#include <glib/gi18n-lib.h>

struct _StewardCheckRow
{
  AdwActionRow parent_instance;

  StewardCheckState state;
  GtkImage *icon;
};

G_DEFINE_FINAL_TYPE (StewardCheckRow, steward_check_row, ADW_TYPE_ACTION_ROW)

static const struct
{
  const char *icon_name;
  const char *css_class;
  const char *word;
} states[] = {
  [STEWARD_CHECK_GOOD] = { "object-select-symbolic", "success", NC_ ("check", "Good") },
  [STEWARD_CHECK_WARNING] = { "dialog-warning-symbolic", "warning", NC_ ("check", "Warning") },
  [STEWARD_CHECK_REFUSED] = { "dialog-error-symbolic", "error", NC_ ("check", "Refused") },
};

GtkWidget *
steward_check_row_new (StewardCheckState state, const char *text)
{
  StewardCheckRow *self = g_object_new (STEWARD_TYPE_CHECK_ROW, "title", text, NULL);
  const char *word = g_dpgettext2 (GETTEXT_PACKAGE, "check", states[state].word);
  /* Translators: the state of a check and its sentence, for a screen reader. */
  g_autofree char *label = g_strdup_printf (_ ("%s: %s"), word, text);

  self->state = state;
  gtk_image_set_from_icon_name (self->icon, states[state].icon_name);
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), states[state].css_class);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->icon), word);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_PROPERTY_LABEL, word,
                                  -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  /* What has to be mended often holds a command. */
  adw_preferences_row_set_title_selectable (ADW_PREFERENCES_ROW (self),
                                            state != STEWARD_CHECK_GOOD);
  return GTK_WIDGET (self);
}

StewardCheckState
steward_check_row_get_state (StewardCheckRow *self)
{
  return self->state;
}

static void
steward_check_row_class_init (StewardCheckRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/check-row.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardCheckRow, icon);
}

static void
steward_check_row_init (StewardCheckRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
