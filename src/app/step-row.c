/* Shows a step's properties. See the header. */
#include "app/step-row.h"

#include <glib/gi18n-lib.h>

#include "app/run-report.h"
#include "app/window.h"
#include "app/words.h"

struct _StewardStepRow
{
  GtkListBoxRow parent_instance;

  StewardRunStep *step; /* owned */

  GtkStack *mark;
  GtkImage *icon;
  GtkSpinner *spinner;
  GtkLabel *title;
  GtkLabel *word;
  GtkLabel *failure;
  GtkLabel *time;
  GtkImage *arrow;
  GtkRevealer *revealer;
  GtkLabel *command;
  GtkWidget *commit_mark;
};

G_DEFINE_FINAL_TYPE (StewardStepRow, steward_step_row, GTK_TYPE_LIST_BOX_ROW)

static const struct
{
  const char *icon; /* NULL for the spinner */
  const char *css_class;
} looks[] = {
  [STEWARD_RUN_STEP_PENDING] = { "content-loading-symbolic", "dim-label" },
  [STEWARD_RUN_STEP_RUNNING] = { NULL, "accent" },
  [STEWARD_RUN_STEP_DONE] = { "object-select-symbolic", "success" },
  [STEWARD_RUN_STEP_SKIPPED] = { "object-select-symbolic", "dim-label" },
  [STEWARD_RUN_STEP_FAILED] = { "dialog-error-symbolic", "error" },
  [STEWARD_RUN_STEP_GOING_BACK] = { NULL, "warning" },
  [STEWARD_RUN_STEP_BACK] = { "edit-undo-symbolic", "warning" },
  [STEWARD_RUN_STEP_NOT_BEGUN] = { "list-remove-symbolic", "dim-label" },
};

/* The icon alone says that it is to come or never came, runs or is done; the others are read out.
 */
static gboolean
shows_word (StewardRunStepState state)
{
  return state != STEWARD_RUN_STEP_PENDING && state != STEWARD_RUN_STEP_NOT_BEGUN
         && state != STEWARD_RUN_STEP_RUNNING && state != STEWARD_RUN_STEP_DONE;
}

static void
show_mark (StewardStepRow *self, StewardRunStepState state)
{
  const char *classes[] = { looks[state].css_class, NULL };
  gboolean is_busy = looks[state].icon == NULL;

  if (!is_busy)
    gtk_image_set_from_icon_name (self->icon, looks[state].icon);
  gtk_stack_set_visible_child (self->mark,
                               is_busy ? GTK_WIDGET (self->spinner) : GTK_WIDGET (self->icon));
  gtk_spinner_set_spinning (self->spinner, is_busy);
  gtk_widget_set_css_classes (GTK_WIDGET (self->mark), classes);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->mark), steward_run_report_get_word (state));
}

void
steward_step_row_tick (StewardStepRow *self)
{
  gint64 elapsed_ms = steward_run_step_get_elapsed_ms (self->step);
  g_autofree char *time = steward_run_step_is_timed (self->step)
                              ? steward_words_dup_duration (elapsed_ms)
                              : g_strdup ("");

  gtk_label_set_text (self->time, time);
}

static const char *
get_description (StewardStepRow *self)
{
  const char *failure = steward_run_step_get_failure (self->step);

  if (failure != NULL)
    return failure;
  return steward_run_step_commits (self->step) ? _ ("Point of no return")
                                               : gtk_label_get_text (self->time);
}

/* For a screen reader: all that the row shows. */
static void
name_row (StewardStepRow *self)
{
  StewardRunStepState state = steward_run_step_get_state (self->step);
  /* Translators: a step of an operation and its state, for a screen reader. */
  g_autofree char *label =
      g_strdup_printf (C_ ("step", "%s: %s"), steward_run_step_get_title (self->step),
                       steward_run_report_get_word (state));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, get_description (self), -1);
}

static void
show_state (StewardStepRow *self)
{
  StewardRunStepState state = steward_run_step_get_state (self->step);
  const char *word = steward_run_report_get_word (state);
  const char *failure = steward_run_step_get_failure (self->step);

  show_mark (self, state);
  gtk_label_set_text (self->word, word);
  gtk_widget_set_visible (GTK_WIDGET (self->word), shows_word (state));
  gtk_label_set_text (self->failure, failure != NULL ? failure : "");
  gtk_widget_set_visible (GTK_WIDGET (self->failure), failure != NULL);
  steward_step_row_tick (self);
  name_row (self);
}

static void
show_expanded (StewardStepRow *self, gboolean is_expanded)
{
  gtk_revealer_set_reveal_child (self->revealer, is_expanded);
  gtk_image_set_from_icon_name (self->arrow, is_expanded ? "pan-up-symbolic" : "pan-down-symbolic");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_EXPANDED, is_expanded,
                               -1);
}

static void
show_command (StewardStepRow *self)
{
  const char *command = steward_run_step_get_command (self->step);

  gtk_label_set_text (self->command, command != NULL ? command : "");
  gtk_widget_set_visible (GTK_WIDGET (self->arrow), command != NULL);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), command != NULL);
}

void
steward_step_row_toggle (StewardStepRow *self)
{
  if (steward_run_step_get_command (self->step) != NULL)
    show_expanded (self, !gtk_revealer_get_reveal_child (self->revealer));
}

static void
copy_cb (GtkButton *button, gpointer data)
{
  StewardStepRow *self = STEWARD_STEP_ROW (data);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          steward_run_step_get_command (self->step));
  steward_window_toast (GTK_WIDGET (self), _ ("The command was copied."));
}

GtkWidget *
steward_step_row_new (StewardRunStep *step)
{
  StewardStepRow *self = g_object_new (STEWARD_TYPE_STEP_ROW, NULL);

  self->step = g_object_ref (step);
  gtk_label_set_text (self->title, steward_run_step_get_title (step));
  gtk_widget_set_visible (self->commit_mark, steward_run_step_commits (step));
  g_signal_connect_object (step, "notify::state", G_CALLBACK (show_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (step, "notify::failure", G_CALLBACK (show_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (step, "notify::command", G_CALLBACK (show_command), self,
                           G_CONNECT_SWAPPED);
  show_state (self);
  show_command (self);
  return GTK_WIDGET (self);
}

static void
steward_step_row_dispose (GObject *object)
{
  StewardStepRow *self = STEWARD_STEP_ROW (object);

  g_clear_object (&self->step);
  G_OBJECT_CLASS (steward_step_row_parent_class)->dispose (object);
}

static void
steward_step_row_class_init (StewardStepRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_step_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/step-row.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardStepRow, mark);
  gtk_widget_class_bind_template_child (widget_class, StewardStepRow, icon);
  gtk_widget_class_bind_template_child (widget_class, StewardStepRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, StewardStepRow, title);
  gtk_widget_class_bind_template_child (widget_class, StewardStepRow, word);
  gtk_widget_class_bind_template_child (widget_class, StewardStepRow, failure);
  gtk_widget_class_bind_template_child (widget_class, StewardStepRow, time);
  gtk_widget_class_bind_template_child (widget_class, StewardStepRow, arrow);
  gtk_widget_class_bind_template_child (widget_class, StewardStepRow, revealer);
  gtk_widget_class_bind_template_child (widget_class, StewardStepRow, command);
  gtk_widget_class_bind_template_child (widget_class, StewardStepRow, commit_mark);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
steward_step_row_init (StewardStepRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
