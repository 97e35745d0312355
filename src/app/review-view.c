/* Makes rows of a review's parts. See the header. */
#include "app/review-view.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "app/accessible-names.h"
#include "app/check-row.h"
#include "app/command-row.h"
#include "app/diff-view.h"
#include "app/review-words.h"
#include "app/table-words.h"
#include "app/window.h"
#include "app/words.h"

struct _StewardReviewView
{
  AdwBin parent_instance;

  GtkLabel *story;
  AdwPreferencesGroup *facts;
  AdwPreferencesGroup *rehearsal;
  GtkSwitch *rehearse;
  AdwPreferencesGroup *loss;
  AdwPreferencesGroup *checks;
  AdwPreferencesGroup *pending;
  AdwPreferencesGroup *changes;
  StewardDiffView *diff;
  AdwPreferencesGroup *steps;
};

enum
{
  SIGNAL_REHEARSE_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (StewardReviewView, steward_review_view, ADW_TYPE_BIN)

/* What stands in it comes from outside and is no markup. */
static GtkWidget *
plain_row_new (const char *title)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return row;
}

static void
add_fact (StewardReviewView *self, const char *title, const char *value)
{
  GtkWidget *row = plain_row_new (title);
  GtkWidget *label = gtk_label_new (value);
  /* Translators: a row's title and its value, for a screen reader. */
  g_autofree char *spoken = g_strdup_printf (_ ("%s: %s"), title, value);

  /* A tag can be long; a short value stays on its line. */
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_NONE);
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  adw_preferences_group_add (self->facts, row);
}

static void
fill_facts (StewardReviewView *self, const StewardReview *review)
{
  const StewardPlan *plan = review->plan;
  g_autofree char *story = steward_review_words_dup_story (plan);
  g_autofree char *from = steward_words_dup_ltr (plan->from_tag);
  g_autofree char *downtime = steward_review_words_dup_downtime (plan->kind, review->downtime_ms);

  gtk_label_set_text (self->story, story);
  if (g_strcmp0 (plan->from_tag, plan->to_tag) != 0)
    {
      g_autofree char *to = steward_words_dup_ltr (plan->to_tag);
      add_fact (self, _ ("Version now"), from);
      add_fact (self, _ ("Version afterwards"), to);
    }
  else
    add_fact (self, _ ("Version"), from);
  add_fact (self, _ ("Predicted downtime"), downtime);
}

static void
rehearse_changed_cb (GtkSwitch *rehearse, GParamSpec *spec, StewardReviewView *self)
{
  g_signal_emit (self, signals[SIGNAL_REHEARSE_CHANGED], 0, gtk_switch_get_active (rehearse));
}

static void
fill_rehearsal (StewardReviewView *self, const StewardReview *review)
{
  const StewardPassport *rehearsed = review->rehearsed;

  if (review->plan->kind != STEWARD_OPERATION_UPGRADE)
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->rehearsal), TRUE);
  gtk_switch_set_active (self->rehearse, !review->plan->leaves_out_rehearsal);
  g_signal_connect (self->rehearse, "notify::active", G_CALLBACK (rehearse_changed_cb), self);
  if (rehearsed == NULL)
    return;
  g_autofree char *time = steward_words_dup_time (rehearsed->restored_s);
  g_autofree char *title = g_strdup_printf (_ ("Rehearsed on %s"), time);
  g_autofree char *result =
      steward_review_words_dup_rehearsed (rehearsed->restore_ms, rehearsed->migrate_ms,
                                          rehearsed->answer_ms);
  GtkWidget *row = plain_row_new (title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), result);
  adw_preferences_group_add (self->rehearsal, row);
}

static gint
compare_rows (gconstpointer a, gconstpointer b, gpointer data)
{
  GHashTable *rows = data;
  gint64 rows_a = *(gint64 *)g_hash_table_lookup (rows, a);
  gint64 rows_b = *(gint64 *)g_hash_table_lookup (rows, b);

  return rows_a != rows_b ? (rows_a < rows_b ? 1 : -1) : g_strcmp0 (a, b);
}

static void
add_lost_table (StewardReviewView *self, const char *table, gint64 n_rows)
{
  const char *word = steward_table_words_get (table);
  g_autofree char *name = steward_words_dup_ltr (table);
  GtkWidget *row = plain_row_new (word != NULL ? word : name);
  g_autofree char *count =
      g_strdup_printf (ngettext ("%" PRId64 " row", "%" PRId64 " rows", (gulong)n_rows), n_rows);
  g_autofree char *spoken = g_strdup_printf (_ ("%s: %s"), word != NULL ? word : name, count);
  GtkWidget *label = gtk_label_new (count);

  if (word != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), name);
  gtk_widget_add_css_class (label, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  adw_preferences_group_add (self->loss, row);
}

static void
fill_loss (StewardReviewView *self, const StewardReview *review)
{
  if (review->price == NULL)
    return;
  GHashTable *rows = review->price->rows;
  g_autofree char *sentence = steward_review_words_dup_loss (review->price);
  g_autoptr (GList) tables =
      g_list_sort_with_data (g_hash_table_get_keys (rows), compare_rows, rows);

  GtkWidget *warning = steward_check_row_new (STEWARD_CHECK_WARNING, sentence);
  gtk_widget_add_css_class (warning, "loss");
  gtk_widget_set_visible (GTK_WIDGET (self->loss), TRUE);
  adw_preferences_group_add (self->loss, warning);
  for (GList *table = tables; table != NULL; table = table->next)
    add_lost_table (self, table->data, *(gint64 *)g_hash_table_lookup (rows, table->data));
}

static guint
add_checks_of (StewardReviewView *self, const GPtrArray *checks, StewardCheckState state)
{
  guint n_added = 0;

  for (guint i = 0; i < checks->len; i++)
    {
      const StewardCheck *check = checks->pdata[i];
      if (check->state != state)
        continue;
      adw_preferences_group_add (self->checks, steward_check_row_new (state, check->text));
      n_added++;
    }
  return n_added;
}

/* What is good needs no reading: one row that opens. */
static void
add_good_checks (StewardReviewView *self, const GPtrArray *checks)
{
  GtkWidget *expander = adw_expander_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name ("object-select-symbolic");
  guint n_good = 0;

  for (guint i = 0; i < checks->len; i++)
    {
      const StewardCheck *check = checks->pdata[i];
      if (check->state != STEWARD_CHECK_GOOD)
        continue;
      adw_expander_row_add_row (ADW_EXPANDER_ROW (expander),
                                steward_check_row_new (check->state, check->text));
      n_good++;
    }
  g_autofree char *title =
      g_strdup_printf (ngettext ("%u check is good", "%u checks are good", n_good), n_good);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (expander), title);
  steward_accessible_names_set_expander (ADW_EXPANDER_ROW (expander), title);
  gtk_widget_add_css_class (icon, "success");
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (expander), icon);
  gtk_widget_set_visible (expander, n_good > 0);
  adw_preferences_group_add (self->checks, expander);
}

static void
fill_checks (StewardReviewView *self, const StewardReview *review)
{
  add_checks_of (self, review->checks, STEWARD_CHECK_REFUSED);
  add_checks_of (self, review->checks, STEWARD_CHECK_WARNING);
  add_good_checks (self, review->checks);
}

static void
add_pending (StewardReviewView *self, const StewardPendingMigration *pending)
{
  g_autofree char *file = steward_words_dup_ltr (pending->file);
  g_autofree char *risks = steward_review_words_dup_risks (pending);
  GtkWidget *row = plain_row_new (file);

  if (*risks != '\0')
    {
      GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
      g_autofree char *spoken = g_strdup_printf (_ ("%s: %s"), pending->file, risks);
      gtk_widget_add_css_class (icon, "warning");
      gtk_widget_set_tooltip_text (icon, _ ("May remove data"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ ("May remove data"), -1);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), icon);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), risks);
      gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                      -1);
    }
  adw_preferences_group_add (self->pending, row);
}

static void
fill_pending (StewardReviewView *self, const StewardReview *review)
{
  gtk_widget_set_visible (GTK_WIDGET (self->pending),
                          review->pending != NULL || review->pending_problem != NULL);
  if (review->pending == NULL)
    {
      if (review->pending_problem != NULL)
        adw_preferences_group_add (self->pending, steward_check_row_new (STEWARD_CHECK_WARNING,
                                                                         review->pending_problem));
      return;
    }
  g_autofree char *summary = steward_review_words_dup_pending (review->pending);
  adw_preferences_group_set_description (self->pending, summary);
  for (guint i = 0; i < review->pending->len; i++)
    add_pending (self, review->pending->pdata[i]);
}

static void
fill_changes (StewardReviewView *self, const StewardReview *review)
{
  gtk_widget_set_visible (GTK_WIDGET (self->changes), review->diff != NULL);
  if (review->diff != NULL)
    steward_diff_view_set_diff (self->diff, review->diff);
}

/* Some steps only look, and have no command that could be pasted. */
static GtkWidget *
step_row_new (guint number, const StewardReviewStep *step)
{
  if (step->command != NULL)
    return steward_command_row_new (number, step->title, step->command);
  GtkWidget *row = plain_row_new (step->title);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), steward_command_row_number_new (number));
  return row;
}

static void
fill_steps (StewardReviewView *self, const StewardReview *review)
{
  for (guint i = 0; i < review->steps->len; i++)
    adw_preferences_group_add (self->steps, step_row_new (i + 1, review->steps->pdata[i]));
}

static void
copy_changes_cb (GtkButton *button, StewardReviewView *self)
{
  steward_diff_view_copy (self->diff);
  steward_window_toast (GTK_WIDGET (self), _ ("The changes were copied."));
}

GtkWidget *
steward_review_view_new (const StewardReview *review)
{
  StewardReviewView *self = g_object_new (STEWARD_TYPE_REVIEW_VIEW, NULL);

  fill_facts (self, review);
  fill_rehearsal (self, review);
  fill_loss (self, review);
  fill_checks (self, review);
  fill_pending (self, review);
  fill_changes (self, review);
  fill_steps (self, review);
  return GTK_WIDGET (self);
}

static void
steward_review_view_class_init (StewardReviewViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (STEWARD_TYPE_DIFF_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/review-view.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardReviewView, story);
  gtk_widget_class_bind_template_child (widget_class, StewardReviewView, facts);
  gtk_widget_class_bind_template_child (widget_class, StewardReviewView, rehearsal);
  gtk_widget_class_bind_template_child (widget_class, StewardReviewView, rehearse);
  gtk_widget_class_bind_template_child (widget_class, StewardReviewView, loss);
  gtk_widget_class_bind_template_child (widget_class, StewardReviewView, checks);
  gtk_widget_class_bind_template_child (widget_class, StewardReviewView, pending);
  gtk_widget_class_bind_template_child (widget_class, StewardReviewView, changes);
  gtk_widget_class_bind_template_child (widget_class, StewardReviewView, diff);
  gtk_widget_class_bind_template_child (widget_class, StewardReviewView, steps);
  gtk_widget_class_bind_template_callback (widget_class, copy_changes_cb);
  signals[SIGNAL_REHEARSE_CHANGED] =
      g_signal_new ("rehearse-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
steward_review_view_init (StewardReviewView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
