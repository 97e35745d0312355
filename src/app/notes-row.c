/* See the header. Addresses: https://github.com/Scille/parsec-cloud/releases */
#include "app/notes-row.h"

#include <glib/gi18n-lib.h>

#include "app/words.h"

#define NOTES_ADDRESS "https://github.com/Scille/parsec-cloud/releases/tag/v%s"

struct _StewardNotesRow
{
  AdwExpanderRow parent_instance;

  GStrv names;     /* owned, nullable: what is shown */
  GPtrArray *rows; /* owned, of borrowed rows */
};

G_DEFINE_FINAL_TYPE (StewardNotesRow, steward_notes_row, ADW_TYPE_EXPANDER_ROW)

static GtkWidget *
create_row (const char *name)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *escaped = g_uri_escape_string (name, NULL, FALSE);
  g_autofree char *address = g_strdup_printf (NOTES_ADDRESS, escaped);
  g_autofree char *ltr = steward_words_dup_ltr (name);
  g_autofree char *label = g_strdup_printf (_ ("Release notes of version %s"), ltr);
  GtkWidget *link = gtk_link_button_new (address);

  gtk_button_set_icon_name (GTK_BUTTON (link), "adw-external-link-symbolic");
  gtk_widget_set_valign (link, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (link, address);
  gtk_accessible_update_property (GTK_ACCESSIBLE (link), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), link);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), link);
  return row;
}

static void
clear (StewardNotesRow *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  g_clear_pointer (&self->names, g_strfreev);
}

void
steward_notes_row_show (StewardNotesRow *self, const char *const *names)
{
  guint count = g_strv_length ((GStrv)names);
  g_autofree char *subtitle =
      g_strdup_printf (ngettext ("%u version", "%u versions", count), count);

  gtk_widget_set_visible (GTK_WIDGET (self), count > 0);
  if (self->names != NULL && g_strv_equal (names, (const char *const *)self->names))
    return;
  clear (self);
  self->names = g_strdupv ((GStrv)names);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), subtitle);
  for (guint i = 0; i < count; i++)
    {
      GtkWidget *row = create_row (names[i]);
      g_ptr_array_add (self->rows, row);
      adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
    }
}

static void
steward_notes_row_finalize (GObject *object)
{
  StewardNotesRow *self = STEWARD_NOTES_ROW (object);

  g_ptr_array_unref (self->rows);
  g_strfreev (self->names);
  G_OBJECT_CLASS (steward_notes_row_parent_class)->finalize (object);
}

static void
steward_notes_row_class_init (StewardNotesRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = steward_notes_row_finalize;
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/io/github/stewardapp/Steward/notes-row.ui");
}

/* The header of an AdwExpanderRow stands in a list of its own, which takes the focus. */
static void
name_header (StewardNotesRow *self)
{
  GtkWidget *box = gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (self));
  GtkWidget *list = gtk_widget_get_first_child (box);

  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)), -1);
}

static void
steward_notes_row_init (StewardNotesRow *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  name_header (self);
}
