/* See the header. */
#include "app/review-page.h"

struct _StewardReviewPage
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (StewardReviewPage, steward_review_page, ADW_TYPE_BIN)

static void
steward_review_page_class_init (StewardReviewPageClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/io/github/stewardapp/Steward/review-page.ui");
  g_signal_new ("start", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
steward_review_page_init (StewardReviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
steward_review_page_review (StewardReviewPage *self,
                            StewardServer *server,
                            const StewardRequest *request)
{
}

const StewardRequest *
steward_review_page_get_request (StewardReviewPage *self)
{
  return NULL;
}

void
steward_review_page_clear (StewardReviewPage *self)
{
}
