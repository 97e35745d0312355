/* See the header. */
#include "app/history-row.h"

#include <glib/gi18n-lib.h>

#include "app/journal-title.h"
#include "app/words.h"

struct _StewardHistoryRow
{
  AdwActionRow parent_instance;

  GtkLabel *state;
};

G_DEFINE_FINAL_TYPE (StewardHistoryRow, steward_history_row, ADW_TYPE_ACTION_ROW)

static const char *
get_class (StewardJournalState state)
{
  switch (state)
    {
    case STEWARD_JOURNAL_DONE:
      return "success";
    case STEWARD_JOURNAL_HANDS:
      return "error";
    case STEWARD_JOURNAL_BACK:
    case STEWARD_JOURNAL_UNFINISHED:
      return "warning";
    case STEWARD_JOURNAL_REFUSED:
    default:
      return "dim-label";
    }
}

/* When; how long; what came of it where that is more than done. */
static char *
dup_text (const StewardJournal *journal)
{
  g_autofree char *began = steward_words_dup_time (journal->began_s);
  g_autofree char *duration =
      steward_words_dup_duration ((journal->ended_s - journal->began_s) * 1000);
  gboolean has_result = journal->text != NULL && journal->state != STEWARD_JOURNAL_DONE;

  if (has_result)
    return g_strdup_printf ("%s\n%s", began, journal->text);
  if (journal->ended_s == 0)
    return g_steal_pointer (&began);
  /* Translators: a time and a duration: “23/11/26 22:03, took 2 min 5 s”. */
  return g_strdup_printf (_ ("%s, took %s"), began, duration);
}

void
steward_history_row_show (StewardHistoryRow *self, const StewardJournal *journal)
{
  const char *classes[] = { "badge", get_class (journal->state), NULL };
  g_autofree char *title = steward_journal_title_dup (journal);
  g_autofree char *text = dup_text (journal);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  gtk_label_set_text (self->state, steward_words_get_journal_state (journal->state));
  gtk_widget_set_css_classes (GTK_WIDGET (self->state), classes);
}

static void
steward_history_row_class_init (StewardHistoryRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/history-row.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardHistoryRow, state);
}

static void
steward_history_row_init (StewardHistoryRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
