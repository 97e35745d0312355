/* See the header. */
#include "app/server-page.h"

struct _StewardServerPage
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (StewardServerPage, steward_server_page, ADW_TYPE_BIN)

static void
steward_server_page_class_init (StewardServerPageClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/io/github/stewardapp/Steward/server-page.ui");
}

static void
steward_server_page_init (StewardServerPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
steward_server_page_set_server (StewardServerPage *self, StewardServer *server)
{
}
