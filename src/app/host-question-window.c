/* One window for all kinds: each shows the parts that it needs. See the header. */
#include "app/host-question-window.h"

#include <glib/gi18n-lib.h>

#include "app/keyring.h"
#include "app/words.h"

struct _StewardHostQuestionWindow
{
  AdwWindow parent_instance;

  StewardHostAsker *asker; /* owned, nullable: it was answered */
  gboolean is_about_key;

  GtkWidget *cancel;
  GtkWidget *go_on;
  GtkLabel *text;
  GtkLabel *fingerprint;
  GtkLabel *hint;
  GtkEditable *answer;
  GtkCheckButton *remember;
};

G_DEFINE_FINAL_TYPE (StewardHostQuestionWindow, steward_host_question_window, ADW_TYPE_WINDOW)

static void
answer (StewardHostQuestionWindow *self, const char *text, StewardHostAnswerFlags flags)
{
  g_autoptr (StewardHostAsker) asker = g_steal_pointer (&self->asker);

  if (asker == NULL)
    return;
  g_signal_handlers_disconnect_by_data (asker, self);
  steward_host_asker_answer (asker, text, flags);
}

static void
go_on_cb (StewardHostQuestionWindow *self)
{
  const char *typed = gtk_editable_get_text (self->answer);
  gboolean is_kept = gtk_check_button_get_active (self->remember);

  answer (self, self->is_about_key ? "yes" : typed,
          is_kept ? STEWARD_HOST_ANSWER_REMEMBER : STEWARD_HOST_ANSWER_DEFAULT);
  gtk_window_destroy (GTK_WINDOW (self));
}

static gboolean
steward_host_question_window_close_request (GtkWindow *window)
{
  answer (STEWARD_HOST_QUESTION_WINDOW (window), NULL, STEWARD_HOST_ANSWER_DEFAULT);
  return GTK_WINDOW_CLASS (steward_host_question_window_parent_class)->close_request (window);
}

static void
over_cb (StewardHostQuestionWindow *self)
{
  answer (self, NULL, STEWARD_HOST_ANSWER_DEFAULT);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

/* What ssh names may be another host, on the way to ours. The focus is on Cancel: nobody shall
 * agree by a key that was meant for something else. */
static void
show_key (StewardHostQuestionWindow *self, const StewardSshQuestion *question, const char *host)
{
  g_autofree char *name =
      question->subject != NULL ? steward_words_dup_ltr (question->subject) : g_strdup (host);
  g_autofree char *text =
      g_strdup_printf (_ ("Steward has not met %s before. Its %s key has this fingerprint:"), name,
                       question->key_type != NULL ? question->key_type : "?");

  gtk_window_set_title (GTK_WINDOW (self), _ ("Unknown Host Key"));
  set_text (self->text, text);
  set_text (self->fingerprint, question->fingerprint);
  set_text (self->hint, _ ("Compare it with what the host itself says: there, "
                           "“ssh-keygen -l -f /etc/ssh/ssh_host_…_key.pub” prints it. If they "
                           "differ, somebody may be listening in between."));
  gtk_widget_set_visible (GTK_WIDGET (self->answer), FALSE);
  gtk_window_set_focus (GTK_WINDOW (self), self->cancel);
}

static char *
dup_demand (const StewardSshQuestion *question, const char *host)
{
  g_autofree char *subject =
      question->subject != NULL ? steward_words_dup_ltr (question->subject) : NULL;

  if (question->kind == STEWARD_SSH_QUESTION_PASSPHRASE)
    return g_strdup_printf (_ ("The key %s is protected by a passphrase."),
                            subject != NULL ? subject : "?");
  if (question->kind == STEWARD_SSH_QUESTION_PASSWORD)
    return g_strdup_printf (_ ("%s asks for the password of the account."),
                            subject != NULL ? subject : host);
  return g_strdup_printf (_ ("%s asks: %s"), host, question->prompt);
}

static void
show_secret (StewardHostQuestionWindow *self, const StewardSshQuestion *question, const char *host)
{
  g_autofree char *demand = dup_demand (question, host);

  gtk_window_set_title (GTK_WINDOW (self), question->kind == STEWARD_SSH_QUESTION_PASSPHRASE
                                               ? _ ("Unlock a Key")
                                               : _ ("Log In"));
  set_text (self->text, demand);
  set_text (self->fingerprint, NULL);
  set_text (self->hint, question->attempt > 1 ? _ ("That was not right. Try again.") : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->answer), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  demand, -1);
  gtk_widget_add_css_class (self->go_on, "suggested-action");
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->answer));
}

StewardHostQuestionWindow *
steward_host_question_window_new (GtkWindow *parent, StewardHostAsker *asker)
{
  g_autoptr (StewardSshQuestion) question = steward_host_asker_dup_question (asker);
  if (question == NULL)
    return NULL;
  StewardHostQuestionWindow *self =
      g_object_new (STEWARD_TYPE_HOST_QUESTION_WINDOW, "transient-for", parent, NULL);
  g_autofree char *host = steward_words_dup_ltr (question->host);

  self->asker = g_object_ref (asker);
  self->is_about_key = question->kind == STEWARD_SSH_QUESTION_HOST_KEY;
  if (self->is_about_key)
    show_key (self, question, host);
  else
    show_secret (self, question, host);
  gtk_widget_set_visible (GTK_WIDGET (self->remember), steward_keyring_can_keep (question));
  g_signal_connect_swapped (asker, "over", G_CALLBACK (over_cb), self);
  return self;
}

static void
steward_host_question_window_dispose (GObject *object)
{
  answer (STEWARD_HOST_QUESTION_WINDOW (object), NULL, STEWARD_HOST_ANSWER_DEFAULT);
  G_OBJECT_CLASS (steward_host_question_window_parent_class)->dispose (object);
}

static void
steward_host_question_window_class_init (StewardHostQuestionWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_host_question_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = steward_host_question_window_close_request;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/stewardapp/Steward/host-question-window.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardHostQuestionWindow, cancel);
  gtk_widget_class_bind_template_child (widget_class, StewardHostQuestionWindow, go_on);
  gtk_widget_class_bind_template_child (widget_class, StewardHostQuestionWindow, text);
  gtk_widget_class_bind_template_child (widget_class, StewardHostQuestionWindow, fingerprint);
  gtk_widget_class_bind_template_child (widget_class, StewardHostQuestionWindow, hint);
  gtk_widget_class_bind_template_child (widget_class, StewardHostQuestionWindow, answer);
  gtk_widget_class_bind_template_child (widget_class, StewardHostQuestionWindow, remember);
  gtk_widget_class_bind_template_callback (widget_class, go_on_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
steward_host_question_window_init (StewardHostQuestionWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
