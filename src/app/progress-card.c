/* Shows a run's properties. See the header. */
#include "app/progress-card.h"
#include "app/words.h"

#include <glib/gi18n-lib.h>

struct _StewardProgressCard
{
  AdwBin parent_instance;

  StewardRun *run; /* owned, nullable */

  GtkLabel *sentence;
  GtkLabel *reason;
  GtkProgressBar *bar;
  GtkWidget *stopped_line;
  GtkLabel *stopped;
  GtkWidget *committed_line;
  GtkLabel *elapsed;
  GtkButton *cancel;
};

G_DEFINE_FINAL_TYPE (StewardProgressCard, steward_progress_card, ADW_TYPE_BIN)

/* Of the step that runs, counted from one. */
static guint
find_number (StewardRun *run)
{
  GListModel *steps = steward_run_get_steps (run);
  guint n = g_list_model_get_n_items (steps);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (StewardRunStep) step = g_list_model_get_item (steps, i);
      if (step == steward_run_get_current_step (run))
        return i + 1;
    }
  return n;
}

static char *
dup_sentence (StewardRun *run)
{
  StewardRunStep *step = steward_run_get_current_step (run);

  if (steward_run_get_question (run, NULL) != NULL)
    return g_strdup (_ ("Waiting for your answer"));
  if (steward_run_is_going_back (run) && step != NULL)
    /* Translators: the title of a step: “Walking back: Switch the tag”. */
    return g_strdup_printf (_ ("Walking back: %s"), steward_run_step_get_title (step));
  if (steward_run_is_cancelling (run))
    return g_strdup (_ ("Cancelling, as soon as that is safe …"));
  if (step == NULL)
    return g_strdup (_ ("Getting ready"));
  /* Translators: “Step 3 of 13: Dump the database”. */
  return g_strdup_printf (_ ("Step %u of %u: %s"), find_number (run),
                          g_list_model_get_n_items (steward_run_get_steps (run)),
                          steward_run_step_get_title (step));
}

/* Why it goes back: what failed, which no step does after that. */
static const char *
find_failure (StewardRun *run)
{
  GListModel *steps = steward_run_get_steps (run);

  for (guint i = g_list_model_get_n_items (steps); i-- > 0;)
    {
      g_autoptr (StewardRunStep) step = g_list_model_get_item (steps, i);
      if (steward_run_step_get_failure (step) != NULL)
        return steward_run_step_get_failure (step); /* the list holds the step */
    }
  return NULL;
}

static const char *
get_tooltip (StewardRun *run)
{
  if (steward_run_can_cancel (run))
    return NULL;
  if (steward_run_is_cancelling (run) && !steward_run_is_going_back (run))
    return _ ("Cancelling, as soon as that is safe …");
  if (steward_run_is_going_back (run))
    return _ ("Going back is finished first; it cannot be interrupted safely.");
  return _ ("This step is finished first; it cannot be interrupted safely.");
}

static void
show_cancel (StewardProgressCard *self)
{
  const char *tooltip = get_tooltip (self->run);

  gtk_widget_set_sensitive (GTK_WIDGET (self->cancel), steward_run_can_cancel (self->run));
  gtk_button_set_label (self->cancel,
                        steward_run_is_cancelling (self->run) ? _ ("Cancelling…") : _ ("_Cancel"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->cancel), tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->cancel),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  tooltip != NULL ? tooltip : "", -1);
}

static void
show_fraction (StewardProgressCard *self)
{
  double fraction = steward_run_get_fraction (self->run);
  g_autofree char *text = steward_words_dup_percent (fraction);

  gtk_progress_bar_set_fraction (self->bar, fraction);
  gtk_progress_bar_set_text (self->bar, text);
}

/* A clock of minutes and seconds. */
static char *
dup_clock (gint64 elapsed_ms)
{
  gint64 elapsed_s = elapsed_ms / 1000;

  return g_strdup_printf (C_ ("clock", "%d:%02d"), (int)(elapsed_s / 60), (int)(elapsed_s % 60));
}

void
steward_progress_card_tick (StewardProgressCard *self)
{
  if (self->run == NULL)
    return;
  g_autofree char *elapsed = dup_clock (steward_run_get_elapsed_ms (self->run));
  g_autofree char *stopped = dup_clock (steward_run_get_stopped_ms (self->run));
  g_autofree char *running = g_strdup_printf (_ ("Running for %s"), elapsed);
  g_autofree char *away = g_strdup_printf (_ ("Clients have been turned away for %s."), stopped);

  gtk_label_set_text (self->elapsed, running);
  gtk_label_set_text (self->stopped, away);
}

static void
show_state (StewardProgressCard *self)
{
  g_autofree char *sentence = dup_sentence (self->run);
  gboolean is_going_back = steward_run_is_going_back (self->run);
  const char *failure = is_going_back ? find_failure (self->run) : NULL;

  gtk_label_set_text (self->sentence, sentence);
  gtk_label_set_text (self->reason, failure != NULL ? failure : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason), failure != NULL);
  /* What is undone has no share of the whole. */
  gtk_widget_set_visible (GTK_WIDGET (self->bar), !is_going_back);
  gtk_widget_set_visible (self->stopped_line, steward_run_is_stopped (self->run));
  gtk_widget_set_visible (self->committed_line,
                          steward_run_is_committed (self->run) && !is_going_back);
  show_cancel (self);
  steward_progress_card_tick (self);
}

static void
notify_cb (StewardRun *run, GParamSpec *pspec, StewardProgressCard *self)
{
  if (g_str_equal (pspec->name, "fraction"))
    show_fraction (self);
  else
    show_state (self);
}

static void
cancel_cb (GtkButton *button, gpointer data)
{
  StewardProgressCard *self = STEWARD_PROGRESS_CARD (data);

  if (self->run != NULL)
    steward_run_cancel (self->run);
}

void
steward_progress_card_set_run (StewardProgressCard *self, StewardRun *run)
{
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_set_object (&self->run, run);
  if (run == NULL)
    return;
  g_signal_connect_object (run, "notify", G_CALLBACK (notify_cb), self, 0);
  g_signal_connect_object (run, "question", G_CALLBACK (show_state), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (run, "question-over", G_CALLBACK (show_state), self, G_CONNECT_SWAPPED);
  show_fraction (self);
  show_state (self);
}

static void
steward_progress_card_dispose (GObject *object)
{
  steward_progress_card_set_run (STEWARD_PROGRESS_CARD (object), NULL);
  G_OBJECT_CLASS (steward_progress_card_parent_class)->dispose (object);
}

static void
steward_progress_card_class_init (StewardProgressCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_progress_card_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/progress-card.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardProgressCard, sentence);
  gtk_widget_class_bind_template_child (widget_class, StewardProgressCard, reason);
  gtk_widget_class_bind_template_child (widget_class, StewardProgressCard, bar);
  gtk_widget_class_bind_template_child (widget_class, StewardProgressCard, stopped_line);
  gtk_widget_class_bind_template_child (widget_class, StewardProgressCard, stopped);
  gtk_widget_class_bind_template_child (widget_class, StewardProgressCard, committed_line);
  gtk_widget_class_bind_template_child (widget_class, StewardProgressCard, elapsed);
  gtk_widget_class_bind_template_child (widget_class, StewardProgressCard, cancel);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
}

static void
steward_progress_card_init (StewardProgressCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
