/* Asks for a review, shows it, and asks back before rows are lost. What is to be read is
 * review-view.c's. */
#include "app/review-page.h"

#include <glib/gi18n-lib.h>

#include "app/compat.h"
#include "app/page-stack.h"
#include "app/review-view.h"
#include "app/review-words.h"

#define PAGE_NOTHING "nothing"
#define PAGE_LOOKING "looking"
#define PAGE_FAILED "failed"
#define PAGE_REVIEW "review"

struct _StewardReviewPage
{
  AdwBin parent_instance;

  StewardServer *server;     /* owned, nullable */
  StewardRequest request;    /* its strings owned; holds where there is a server */
  StewardReview *review;     /* owned, nullable: not known yet, or failed */
  GCancellable *cancellable; /* owned, nullable: of the review that is under way */
  GtkWidget *question;       /* weak, nullable: the dialog */

  AdwWindowTitle *title;
  GtkStack *stack;
  GtkSpinner *spinner;
  GtkLabel *looking;
  AdwStatusPage *failed;
  GtkScrolledWindow *scroller;
  GtkLabel *refusal;
  GtkButton *start;
};

enum
{
  SIGNAL_START,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (StewardReviewPage, steward_review_page, ADW_TYPE_BIN)

static void
clear_request (StewardRequest *request)
{
  g_free ((char *)request->tag);
  g_free ((char *)request->source);
  g_free ((char *)request->accepted_loss);
  *request = (StewardRequest){ 0 };
}

/* @request may be the page's own. */
static void
set_subject (StewardReviewPage *self, StewardServer *server, const StewardRequest *request)
{
  StewardRequest copy = *request;

  copy.tag = g_strdup (request->tag);
  copy.source = g_strdup (request->source);
  copy.accepted_loss = g_strdup (request->accepted_loss);
  clear_request (&self->request);
  self->request = copy;
  g_set_object (&self->server, server);
}

/* Nothing of the last review comes late: neither its result nor an answer to its question. */
static void
give_up (StewardReviewPage *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->question != NULL)
    gtk_window_destroy (GTK_WINDOW (self->question));
  g_clear_pointer (&self->review, steward_review_free);
}

static void
show_title (StewardReviewPage *self, const char *tag)
{
  g_autofree char *title = steward_review_words_dup_title (self->request.kind, tag);

  adw_window_title_set_title (self->title, title);
  adw_window_title_set_subtitle (self->title, steward_server_get_name (self->server));
}

/* The stack moves the focus on with the page that had it. Where what had it is gone (the button
 * that led here), whoever has no pointer begins at the top of what is shown. */
static void
show_page (StewardReviewPage *self, const char *name)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_spinner_set_spinning (self->spinner, g_str_equal (name, PAGE_LOOKING));
  steward_page_stack_show (self->stack, name);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && gtk_root_get_focus (root) == NULL)
    gtk_widget_child_focus (gtk_stack_get_visible_child (self->stack), GTK_DIR_TAB_FORWARD);
}

static void
show_error (StewardReviewPage *self, const GError *error)
{
  g_autofree char *text = g_markup_escape_text (error->message, -1);

  adw_status_page_set_title (self->failed, steward_review_words_get (self->request.kind).failed);
  adw_status_page_set_description (self->failed, text);
  show_page (self, PAGE_FAILED);
}

static guint
count_refused (const StewardReview *review)
{
  guint n_refused = 0;

  for (guint i = 0; i < review->checks->len; i++)
    n_refused += ((StewardCheck *)review->checks->pdata[i])->state == STEWARD_CHECK_REFUSED;
  return n_refused;
}

static gboolean
loses_rows (const StewardReview *review)
{
  return review->plan->kind == STEWARD_OPERATION_ROLLBACK || review->price != NULL;
}

/* One way on, in the colour of what it does. */
static void
show_way_on (StewardReviewPage *self)
{
  guint n_refused = count_refused (self->review);
  gboolean is_destructive = loses_rows (self->review);

  gtk_button_set_label (self->start, steward_review_words_get (self->review->plan->kind).start);
  gtk_widget_remove_css_class (GTK_WIDGET (self->start),
                               is_destructive ? "suggested-action" : "destructive-action");
  gtk_widget_add_css_class (GTK_WIDGET (self->start),
                            is_destructive ? "destructive-action" : "suggested-action");
  gtk_widget_set_sensitive (GTK_WIDGET (self->start), n_refused == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->refusal), n_refused > 0);
  if (n_refused > 0)
    {
      g_autofree char *refusal = steward_review_words_dup_refusal (n_refused);
      gtk_label_set_text (self->refusal, refusal);
    }
}

/* What is checked depends on it. */
static void
rehearse_changed_cb (GtkWidget *view, gboolean rehearses, StewardReviewPage *self)
{
  g_autoptr (StewardServer) server = g_object_ref (self->server);

  self->request.leaves_out_rehearsal = !rehearses;
  steward_review_page_review (self, server, &self->request);
}

void
steward_review_page_take_review (StewardReviewPage *self,
                                 StewardServer *server,
                                 const StewardRequest *request,
                                 StewardReview *review)
{
  give_up (self);
  set_subject (self, server, request);
  self->review = review;
  show_title (self, review->plan->to_tag);
  GtkWidget *view = steward_review_view_new (review);
  g_signal_connect (view, "rehearse-changed", G_CALLBACK (rehearse_changed_cb), self);
  gtk_scrolled_window_set_child (self->scroller, view);
  show_way_on (self);
  show_page (self, PAGE_REVIEW);
}

/* While the cancellable is not cancelled the page is there and waits for just this. */
typedef struct
{
  StewardReviewPage *page;   /* borrowed */
  GCancellable *cancellable; /* owned */
} Asking;

static void
reviewed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Asking *asking = data;
  g_autoptr (GCancellable) cancellable = asking->cancellable;
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardReview) review = steward_server_review_finish (result, &error);

  if (g_cancellable_is_cancelled (cancellable))
    return;
  if (review != NULL)
    {
      g_autoptr (StewardServer) server = g_object_ref (asking->page->server);
      steward_review_page_take_review (asking->page, server, &asking->page->request,
                                       g_steal_pointer (&review));
    }
  else
    show_error (asking->page, error);
}

void
steward_review_page_review (StewardReviewPage *self,
                            StewardServer *server,
                            const StewardRequest *request)
{
  Asking *asking = g_new0 (Asking, 1);

  give_up (self);
  set_subject (self, server, request);
  show_title (self, self->request.tag);
  gtk_label_set_text (self->looking, steward_review_words_get (self->request.kind).looking);
  show_page (self, PAGE_LOOKING);
  self->cancellable = g_cancellable_new ();
  *asking = (Asking){ self, g_object_ref (self->cancellable) };
  steward_server_review_async (server, &self->request, self->cancellable, reviewed_cb, asking);
}

const StewardRequest *
steward_review_page_get_request (StewardReviewPage *self)
{
  return self->server != NULL ? &self->request : NULL;
}

void
steward_review_page_clear (StewardReviewPage *self)
{
  give_up (self);
  clear_request (&self->request);
  g_clear_object (&self->server);
  gtk_scrolled_window_set_child (self->scroller, NULL);
  show_page (self, PAGE_NOTHING);
}

static void
try_again_cb (GtkButton *button, StewardReviewPage *self)
{
  g_autoptr (StewardServer) server = g_object_ref (self->server);

  steward_review_page_review (self, server, &self->request);
}

/* The question goes when the review or the page does: both are still there, and the same. */
static void
agreed_cb (gboolean is_agreed, gpointer data)
{
  StewardReviewPage *self = data;

  g_clear_weak_pointer (&self->question);
  if (!is_agreed)
    return;
  g_autofree char *version = g_strdup (self->review->plan->to_tag);
  g_signal_emit (self, signals[SIGNAL_START], 0, version);
}

static void
ask (StewardReviewPage *self)
{
  const StewardPlan *plan = self->review->plan;
  g_autofree char *heading = steward_review_words_dup_question (plan);
  g_autofree char *body = steward_review_words_dup_loss (self->review->price);
  StewardConfirm confirm = {
    .heading = heading,
    .body = body,
    .word = plan->to_tag,
    .label = steward_review_words_get (plan->kind).start,
    .appearance = ADW_RESPONSE_DESTRUCTIVE,
  };

  g_set_weak_pointer (&self->question,
                      steward_compat_confirm (GTK_WIDGET (self), &confirm, agreed_cb, self));
}

static void
start_cb (GtkButton *button, StewardReviewPage *self)
{
  /* A page that is not shown can be acted on through the accessibility bus. */
  if (self->review == NULL || count_refused (self->review) > 0)
    return;
  if (loses_rows (self->review))
    ask (self);
  else
    g_signal_emit (self, signals[SIGNAL_START], 0, NULL);
}

static void
steward_review_page_dispose (GObject *object)
{
  StewardReviewPage *self = STEWARD_REVIEW_PAGE (object);

  give_up (self);
  clear_request (&self->request);
  g_clear_object (&self->server);
  G_OBJECT_CLASS (steward_review_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, StewardReviewPage, title);
  gtk_widget_class_bind_template_child (klass, StewardReviewPage, stack);
  gtk_widget_class_bind_template_child (klass, StewardReviewPage, spinner);
  gtk_widget_class_bind_template_child (klass, StewardReviewPage, looking);
  gtk_widget_class_bind_template_child (klass, StewardReviewPage, failed);
  gtk_widget_class_bind_template_child (klass, StewardReviewPage, scroller);
  gtk_widget_class_bind_template_child (klass, StewardReviewPage, refusal);
  gtk_widget_class_bind_template_child (klass, StewardReviewPage, start);
  gtk_widget_class_bind_template_callback (klass, try_again_cb);
  gtk_widget_class_bind_template_callback (klass, start_cb);
}

static void
steward_review_page_class_init (StewardReviewPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_review_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/review-page.ui");
  bind_children (widget_class);
  signals[SIGNAL_START] = g_signal_new ("start", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
steward_review_page_init (StewardReviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  steward_page_stack_watch (self->stack);
}
