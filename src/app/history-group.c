/* See the header. */
#include "app/history-group.h"

#include <glib/gi18n-lib.h>

#include "app/history-row.h"
#include "app/row-list.h"

#define SHOWN_ROWS 10

struct _StewardHistoryGroup
{
  AdwPreferencesGroup parent_instance;

  StewardRowList *rows;
};

G_DEFINE_FINAL_TYPE (StewardHistoryGroup, steward_history_group, ADW_TYPE_PREFERENCES_GROUP)

static const char *
get_key (gconstpointer item)
{
  const StewardJournal *journal = item;

  return journal->id;
}

static void
show_row (GtkWidget *row, gconstpointer item, gpointer data)
{
  steward_history_row_show (STEWARD_HISTORY_ROW (row), item);
}

static const StewardRowKind row_kind = { steward_history_row_get_type, get_key, show_row,
                                         SHOWN_ROWS };

void
steward_history_group_show (StewardHistoryGroup *self, const StewardFacts *facts)
{
  g_autofree char *problem =
      facts->journals_problem != NULL ? g_markup_escape_text (facts->journals_problem, -1) : NULL;
  gboolean is_empty = facts->journals != NULL && facts->journals->len == 0;

  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self),
                                         is_empty          ? _ ("Nothing was done here yet.")
                                         : problem != NULL ? problem
                                                           : "");
  steward_row_list_show (self->rows, &row_kind, facts->journals, NULL);
}

static void
steward_history_group_class_init (StewardHistoryGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (STEWARD_TYPE_ROW_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/history-group.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardHistoryGroup, rows);
}

static void
steward_history_group_init (StewardHistoryGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
