/* Shows what run-report.h says. See the header. */
#include "app/report-card.h"

#include <glib/gi18n-lib.h>

#include "app/run-report.h"
#include "app/window.h"
#include "app/words.h"

struct _StewardReportCard
{
  AdwBin parent_instance;

  StewardServer *server; /* owned, nullable */
  StewardRun *run;       /* owned, nullable */

  GtkImage *icon;
  GtkLabel *heading;
  GtkLabel *ending;
  GtkLabel *error;
  GtkLabel *facts;
  GtkBox *notes;
  GtkWidget *unfinished;
  GtkWidget *resume;
  GtkWidget *copy;
};

G_DEFINE_FINAL_TYPE (StewardReportCard, steward_report_card, ADW_TYPE_BIN)

static const struct
{
  const char *icon;
  const char *css_class;
} looks[] = {
  [STEWARD_RESULT_DONE] = { "object-select-symbolic", "success" },
  [STEWARD_RESULT_REFUSED] = { "action-unavailable-symbolic", "warning" },
  [STEWARD_RESULT_BACK] = { "edit-undo-symbolic", "warning" },
  [STEWARD_RESULT_INTERRUPTED] = { "dialog-warning-symbolic", "warning" },
  [STEWARD_RESULT_HANDS] = { "dialog-error-symbolic", "error" },
};

static void
show_text (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static StewardStore *
get_store (StewardReportCard *self)
{
  const StewardFacts *facts = steward_server_get_facts (self->server);

  return facts != NULL ? facts->store : NULL;
}

static void
show_facts (StewardReportCard *self)
{
  g_autofree char *span = steward_words_dup_duration (steward_run_get_elapsed_ms (self->run));
  g_autofree char *took = g_strdup_printf (_ ("The operation took %s."), span);
  g_autofree char *downtime = steward_run_report_dup_downtime (self->run);
  g_autofree char *rehearsed = steward_run_report_dup_rehearsed (self->run);
  g_autofree char *backup = steward_run_report_dup_backup (self->run, get_store (self));
  const char *sentences[] = { took, NULL, NULL, NULL, NULL };
  gsize n = 1;

  if (downtime != NULL)
    sentences[n++] = downtime;
  if (rehearsed != NULL)
    sentences[n++] = rehearsed;
  if (backup != NULL)
    sentences[n++] = backup;
  g_autofree char *text = g_strjoinv ("\n", (char **)sentences);
  show_text (self->facts, text);
}

/* Whether they can be taken just now is for their actions to say. */
static void
show_unfinished (StewardReportCard *self)
{
  StewardResult result = steward_run_get_result (self->run);

  gtk_widget_set_visible (self->unfinished,
                          result == STEWARD_RESULT_INTERRUPTED || result == STEWARD_RESULT_HANDS);
  if (result == STEWARD_RESULT_INTERRUPTED)
    gtk_widget_add_css_class (self->resume, "suggested-action");
  else
    gtk_widget_remove_css_class (self->resume, "suggested-action");
}

static void
show_notes (StewardReportCard *self)
{
  const GPtrArray *notes = steward_run_get_notes (self->run);
  GtkWidget *heading = gtk_widget_get_first_child (GTK_WIDGET (self->notes));

  while (gtk_widget_get_next_sibling (heading) != NULL)
    gtk_box_remove (self->notes, gtk_widget_get_next_sibling (heading));
  for (guint i = 0; i < notes->len; i++)
    {
      GtkWidget *label = gtk_label_new (notes->pdata[i]);
      gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
      gtk_label_set_selectable (GTK_LABEL (label), TRUE);
      gtk_box_append (self->notes, label);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->notes), notes->len > 0);
}

static void
show_ending (StewardReportCard *self)
{
  StewardResult result = steward_run_get_result (self->run);
  const char *classes[] = { looks[result].css_class, NULL };
  g_autofree char *ending = steward_run_report_dup_ending (self->run);
  g_autofree char *error = steward_run_report_dup_error (self->run);

  gtk_image_set_from_icon_name (self->icon, looks[result].icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
  gtk_label_set_text (self->heading, steward_run_report_get_heading (self->run));
  show_text (self->ending, ending);
  show_text (self->error, error);
}

static void
copy_cb (GtkButton *button, gpointer data)
{
  StewardReportCard *self = STEWARD_REPORT_CARD (data);
  g_autofree char *text =
      steward_run_report_dup_text (self->run, steward_server_get_name (self->server),
                                   get_store (self));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  steward_window_toast (GTK_WIDGET (self), _ ("The report was copied."));
}

void
steward_report_card_clear (StewardReportCard *self)
{
  if (self->server != NULL)
    g_signal_handlers_disconnect_by_data (self->server, self);
  g_clear_object (&self->server);
  g_clear_object (&self->run);
}

void
steward_report_card_show (StewardReportCard *self, StewardServer *server, StewardRun *run)
{
  steward_report_card_clear (self);
  self->server = g_object_ref (server);
  self->run = g_object_ref (run);
  /* Where the store lies is known after a look. */
  g_signal_connect_swapped (server, "changed", G_CALLBACK (show_facts), self);
  show_ending (self);
  show_facts (self);
  show_notes (self);
  show_unfinished (self);
}

static gboolean
steward_report_card_grab_focus (GtkWidget *widget)
{
  StewardReportCard *self = STEWARD_REPORT_CARD (widget);

  return (gtk_widget_get_visible (self->unfinished) && gtk_widget_grab_focus (self->resume))
         || gtk_widget_grab_focus (self->copy);
}

static void
steward_report_card_dispose (GObject *object)
{
  steward_report_card_clear (STEWARD_REPORT_CARD (object));
  G_OBJECT_CLASS (steward_report_card_parent_class)->dispose (object);
}

static void
steward_report_card_class_init (StewardReportCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_report_card_dispose;
  widget_class->grab_focus = steward_report_card_grab_focus;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/report-card.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardReportCard, icon);
  gtk_widget_class_bind_template_child (widget_class, StewardReportCard, heading);
  gtk_widget_class_bind_template_child (widget_class, StewardReportCard, ending);
  gtk_widget_class_bind_template_child (widget_class, StewardReportCard, error);
  gtk_widget_class_bind_template_child (widget_class, StewardReportCard, facts);
  gtk_widget_class_bind_template_child (widget_class, StewardReportCard, notes);
  gtk_widget_class_bind_template_child (widget_class, StewardReportCard, unfinished);
  gtk_widget_class_bind_template_child (widget_class, StewardReportCard, resume);
  gtk_widget_class_bind_template_child (widget_class, StewardReportCard, copy);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
steward_report_card_init (StewardReportCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
