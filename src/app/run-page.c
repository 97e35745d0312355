/* See the header. */
#include "app/run-page.h"

struct _StewardRunPage
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (StewardRunPage, steward_run_page, ADW_TYPE_BIN)

static void
steward_run_page_class_init (StewardRunPageClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/io/github/stewardapp/Steward/run-page.ui");
}

static void
steward_run_page_init (StewardRunPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
steward_run_page_set_run (StewardRunPage *self, StewardServer *server, StewardRun *run)
{
}
