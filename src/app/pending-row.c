/* See the header. */
#include "app/pending-row.h"

#include <glib/gi18n-lib.h>

#include "app/words.h"
#include "core/probe/sql-risk.h"

struct _StewardPendingRow
{
  AdwActionRow parent_instance;

  GtkImage *icon;
};

G_DEFINE_FINAL_TYPE (StewardPendingRow, steward_pending_row, ADW_TYPE_ACTION_ROW)

static char *
dup_risks (const GPtrArray *risks)
{
  g_autoptr (GString) text = g_string_new (_ ("Destroys or changes data:"));

  for (guint i = 0; i < risks->len; i++)
    {
      const StewardSqlRisk *risk = risks->pdata[i];
      g_autofree char *excerpt = steward_words_dup_ltr (risk->excerpt);
      g_string_append_printf (text, "\n%s", excerpt);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
set_look (StewardPendingRow *self, const char *icon_name, const char *css_class)
{
  const char *classes[] = { css_class, NULL };

  gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
}

void
steward_pending_row_show (StewardPendingRow *self, const StewardPendingMigration *migration)
{
  g_autofree char *text = NULL;

  if (migration->risks == NULL)
    {
      set_look (self, "dialog-question-symbolic", "dim-label");
      text = g_strdup (_ ("The image does not show its statements."));
    }
  else if (migration->risks->len > 0)
    {
      set_look (self, "dialog-warning-symbolic", "warning");
      text = dup_risks (migration->risks);
    }
  else
    {
      set_look (self, "object-select-symbolic", "dim-label");
      text = g_strdup (_ ("No statement that destroys was found."));
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), migration->file);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
}

static void
steward_pending_row_class_init (StewardPendingRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/pending-row.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardPendingRow, icon);
}

static void
steward_pending_row_init (StewardPendingRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
