/* Puts what shows an operation together, and keeps its clocks going. See the header. */
#include "app/run-page.h"

#include <glib/gi18n-lib.h>

#include "app/log-view.h"
#include "app/progress-card.h"
#include "app/report-card.h"
#include "app/run-asker.h"
#include "app/step-row.h"

struct _StewardRunPage
{
  AdwBin parent_instance;

  StewardServer *server; /* owned, nullable */
  StewardRun *run;       /* owned, nullable */
  guint clock;           /* source, 0 for none: only while it can be seen and the run goes on */

  AdwWindowTitle *title;
  GtkScrolledWindow *scroller;
  StewardProgressCard *progress;
  StewardReportCard *report;
  GtkListBox *steps;
  StewardLogView *log;
};

G_DEFINE_FINAL_TYPE (StewardRunPage, steward_run_page, ADW_TYPE_BIN)

static gboolean
tick_cb (gpointer data)
{
  StewardRunPage *self = STEWARD_RUN_PAGE (data);
  GtkListBoxRow *row;

  steward_progress_card_tick (self->progress);
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->steps, i)) != NULL; i++)
    steward_step_row_tick (STEWARD_STEP_ROW (row));
  return G_SOURCE_CONTINUE;
}

static void
update_clock (StewardRunPage *self)
{
  gboolean is_needed = self->run != NULL && !steward_run_is_over (self->run)
                       && gtk_widget_get_mapped (GTK_WIDGET (self));

  if (is_needed && self->clock == 0)
    self->clock = g_timeout_add_seconds (1, tick_cb, self);
  else if (!is_needed)
    g_clear_handle_id (&self->clock, g_source_remove);
}

static void
show_end (StewardRunPage *self)
{
  gboolean is_over = steward_run_is_over (self->run);

  gtk_widget_set_visible (GTK_WIDGET (self->progress), !is_over);
  gtk_widget_set_visible (GTK_WIDGET (self->report), is_over);
  if (is_over)
    steward_report_card_show (self->report, self->server, self->run);
  else
    steward_report_card_clear (self->report);
  update_clock (self);
}

/* Cancel loses the focus where it cannot be pressed: nobody has it then. */
static gboolean
has_lost_focus (StewardRunPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return gtk_widget_get_mapped (GTK_WIDGET (self))
         && (focus == NULL || gtk_widget_is_ancestor (focus, GTK_WIDGET (self->progress)));
}

/* The report stands at the top. */
static void
over_cb (StewardRun *run, gpointer data)
{
  StewardRunPage *self = STEWARD_RUN_PAGE (data);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  gboolean is_lost = has_lost_focus (self);

  show_end (self);
  if (is_lost)
    gtk_widget_grab_focus (GTK_WIDGET (self->report));
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_lower (adjustment));
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
  steward_step_row_toggle (STEWARD_STEP_ROW (row));
}

static GtkWidget *
create_row_cb (gpointer item, gpointer data)
{
  return steward_step_row_new (item);
}

static void
let_go (StewardRunPage *self)
{
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_clear_object (&self->run);
  g_clear_object (&self->server);
  g_clear_handle_id (&self->clock, g_source_remove);
}

static void
show_run (StewardRunPage *self)
{
  StewardOperationKind kind = steward_run_get_kind (self->run);

  adw_window_title_set_title (self->title, steward_operation_kind_get_title (kind));
  adw_window_title_set_subtitle (self->title, steward_server_get_name (self->server));
  gtk_list_box_bind_model (self->steps, steward_run_get_steps (self->run), create_row_cb, NULL,
                           NULL);
  steward_progress_card_set_run (self->progress, self->run);
  steward_log_view_set_log (self->log, steward_run_get_log (self->run));
  g_signal_connect (self->run, "over", G_CALLBACK (over_cb), self);
  show_end (self);
  steward_run_asker_watch (self->run, GTK_WIDGET (self), steward_server_get_name (self->server));
}

void
steward_run_page_set_run (StewardRunPage *self, StewardServer *server, StewardRun *run)
{
  if (run != NULL && run == self->run)
    return;
  let_go (self);
  if (run == NULL)
    {
      gtk_list_box_bind_model (self->steps, NULL, NULL, NULL, NULL);
      steward_report_card_clear (self->report);
      steward_progress_card_set_run (self->progress, NULL);
      steward_log_view_set_log (self->log, NULL);
      return;
    }
  self->run = g_object_ref (run);
  self->server = g_object_ref (server);
  show_run (self);
}

static void
steward_run_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (steward_run_page_parent_class)->map (widget);
  update_clock (STEWARD_RUN_PAGE (widget));
  if (STEWARD_RUN_PAGE (widget)->run != NULL)
    tick_cb (widget);
}

static void
steward_run_page_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (steward_run_page_parent_class)->unmap (widget);
  update_clock (STEWARD_RUN_PAGE (widget));
}

static void
steward_run_page_dispose (GObject *object)
{
  let_go (STEWARD_RUN_PAGE (object));
  G_OBJECT_CLASS (steward_run_page_parent_class)->dispose (object);
}

static void
steward_run_page_class_init (StewardRunPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_run_page_dispose;
  widget_class->map = steward_run_page_map;
  widget_class->unmap = steward_run_page_unmap;
  g_type_ensure (STEWARD_TYPE_PROGRESS_CARD);
  g_type_ensure (STEWARD_TYPE_REPORT_CARD);
  g_type_ensure (STEWARD_TYPE_LOG_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/run-page.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardRunPage, title);
  gtk_widget_class_bind_template_child (widget_class, StewardRunPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, StewardRunPage, progress);
  gtk_widget_class_bind_template_child (widget_class, StewardRunPage, report);
  gtk_widget_class_bind_template_child (widget_class, StewardRunPage, steps);
  gtk_widget_class_bind_template_child (widget_class, StewardRunPage, log);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
steward_run_page_init (StewardRunPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
