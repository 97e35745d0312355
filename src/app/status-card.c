/* See the header. */
#include "app/status-card.h"

#include <glib/gi18n-lib.h>

#include "app/attention.h"
#include "app/offers.h"
#include "app/words.h"

struct _StewardStatusCard
{
  AdwBin parent_instance;

  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *text;
};

G_DEFINE_FINAL_TYPE (StewardStatusCard, steward_status_card, ADW_TYPE_BIN)

static const struct
{
  const char *icon_name;
  const char *title;
} looks[] = {
  [STEWARD_SERVER_UNKNOWN] = { "content-loading-symbolic", N_ ("Looking at the server…") },
  [STEWARD_SERVER_ANSWERING] = { "object-select-symbolic", N_ ("Answers") },
  [STEWARD_SERVER_CURRENT] = { "object-select-symbolic", N_ ("Up to date") },
  [STEWARD_SERVER_UPDATE] = { "software-update-available-symbolic", N_ ("Update available") },
  [STEWARD_SERVER_SILENT] = { "dialog-error-symbolic", N_ ("Does not answer") },
  [STEWARD_SERVER_BUSY] = { "emblem-synchronizing-symbolic", N_ ("Being worked on") },
  [STEWARD_SERVER_INTERRUPTED] = { "dialog-warning-symbolic", N_ ("Interrupted") },
  [STEWARD_SERVER_UNREACHABLE] = { "network-error-symbolic", N_ ("Unreachable") },
};

static char *
dup_newer (StewardServer *server)
{
  const StewardStatus *status = steward_server_get_facts (server)->status;
  g_auto (GStrv) offers = steward_offers_list (steward_server_get_versions (server, NULL),
                                               status->configured_tag, STEWARD_OFFERS_RELEASES);
  guint count = g_strv_length (offers);
  g_autofree char *newest = steward_words_dup_ltr (offers[0] != NULL ? offers[0] : "");

  return count == 1 ? g_strdup_printf (_ ("Version %s can be installed."), newest)
                    : g_strdup_printf (ngettext ("There is %u newer version; the newest is %s.",
                                                 "There are %u newer versions; the newest is "
                                                 "%s.",
                                                 count),
                                       count, newest);
}

static char *
dup_answering (StewardServer *server)
{
  const char *problem = NULL;

  steward_server_get_versions (server, &problem);
  return g_strdup (problem != NULL ? _ ("Whether there are newer versions is not known.")
                                   : _ ("Asking for newer versions…"));
}

static char *
dup_text (StewardServer *server, StewardServerState state)
{
  switch (state)
    {
    case STEWARD_SERVER_ANSWERING:
      return dup_answering (server);
    case STEWARD_SERVER_CURRENT:
      return g_strdup (_ ("No newer version is known."));
    case STEWARD_SERVER_UPDATE:
      return dup_newer (server);
    case STEWARD_SERVER_SILENT:
      return g_strdup (_ ("Clients are not served."));
    case STEWARD_SERVER_INTERRUPTED:
      return g_strdup (_ ("Clients may not be served until the operation is finished."));
    case STEWARD_SERVER_BUSY:
      return g_strdup (_ ("Nothing else can be begun meanwhile."));
    case STEWARD_SERVER_UNREACHABLE:
      return g_strdup (_ ("Whether clients are served is not known."));
    case STEWARD_SERVER_UNKNOWN:
    default:
      return NULL;
    }
}

void
steward_status_card_show (StewardStatusCard *self, StewardServer *server)
{
  StewardServerState state = steward_server_get_state (server);
  const char *classes[] = { "status-icon", steward_words_get_server_state_class (state), NULL };
  g_autofree char *text = dup_text (server, state);

  gtk_image_set_from_icon_name (self->icon, looks[state].icon_name);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
  gtk_label_set_text (self->title, _ (looks[state].title));
  gtk_label_set_text (self->text, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->text), text != NULL);
}

static void
steward_status_card_class_init (StewardStatusCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/status-card.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardStatusCard, icon);
  gtk_widget_class_bind_template_child (widget_class, StewardStatusCard, title);
  gtk_widget_class_bind_template_child (widget_class, StewardStatusCard, text);
}

static void
steward_status_card_init (StewardStatusCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
