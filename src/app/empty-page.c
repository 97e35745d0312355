/* One sentence and one way on for each state of the host. See the header. */
#include "app/empty-page.h"

#include <glib/gi18n-lib.h>

#include "app/application.h"

struct _StewardEmptyPage
{
  AdwBin parent_instance;

  StewardServerList *servers; /* owned, nullable */
  gboolean has_way_back;

  AdwStatusPage *status;
  GtkSpinner *spinner;
  GtkWidget *add;
  GtkWidget *again;
};

enum
{
  PROP_0,
  PROP_HAS_WAY_BACK,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (StewardEmptyPage, steward_empty_page, ADW_TYPE_BIN)

static const char *
get_title (StewardHostState state)
{
  switch (state)
    {
    case STEWARD_HOST_UNKNOWN:
      return _ ("Looking for Servers…");
    case STEWARD_HOST_READY:
      return _ ("No Parsec Server Found");
    case STEWARD_HOST_DENIED:
      return _ ("No Permission to Use Docker");
    case STEWARD_HOST_UNREACHABLE:
      return _ ("Docker Does Not Answer");
    case STEWARD_HOST_NO_ENGINE:
    default:
      return _ ("Docker Cannot Be Used");
    }
}

static char *
dup_description (StewardKnownHost *host)
{
  const char *problem = steward_known_host_get_problem (host);
  const char *others = _ ("Servers on other hosts can be added: they are reached over SSH.");

  if (problem != NULL)
    return g_strconcat (problem, "\n\n", others, NULL);
  if (steward_known_host_get_state (host) == STEWARD_HOST_UNKNOWN)
    return g_strdup (_ ("Docker is asked which Parsec servers run or ran on this machine."));
  return g_strconcat (_ ("Servers whose containers run or ran on this machine appear by "
                         "themselves. Others can be added by their compose file."),
                      "\n\n", others, NULL);
}

static void
show (StewardEmptyPage *self)
{
  StewardKnownHost *host = steward_server_list_get_this_machine (self->servers);
  StewardHostState state = steward_known_host_get_state (host);
  gboolean is_fine = state == STEWARD_HOST_UNKNOWN || state == STEWARD_HOST_READY;
  g_autofree char *text = dup_description (host);
  g_autofree char *description = g_markup_escape_text (text, -1);

  adw_status_page_set_icon_name (self->status,
                                 is_fine ? STEWARD_APPLICATION_ID : "dialog-warning-symbolic");
  adw_status_page_set_title (self->status, get_title (state));
  adw_status_page_set_description (self->status, description);
  gtk_widget_set_visible (self->add, state != STEWARD_HOST_UNKNOWN);
  gtk_widget_set_visible (self->again, state != STEWARD_HOST_UNKNOWN);
}

void
steward_empty_page_set_servers (StewardEmptyPage *self, StewardServerList *servers)
{
  self->servers = g_object_ref (servers);
  g_object_bind_property (servers, "is-looking", self->spinner, "spinning", G_BINDING_SYNC_CREATE);
  g_object_bind_property (servers, "is-looking", self->spinner, "visible", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (servers, "notify::host-state", G_CALLBACK (show), self,
                           G_CONNECT_SWAPPED);
  show (self);
}

static void
steward_empty_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, STEWARD_EMPTY_PAGE (object)->has_way_back);
}

static void
steward_empty_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  StewardEmptyPage *self = STEWARD_EMPTY_PAGE (object);

  if (self->has_way_back == g_value_get_boolean (value))
    return;
  self->has_way_back = g_value_get_boolean (value);
  g_object_notify_by_pspec (object, pspec);
}

static void
steward_empty_page_dispose (GObject *object)
{
  g_clear_object (&STEWARD_EMPTY_PAGE (object)->servers);
  G_OBJECT_CLASS (steward_empty_page_parent_class)->dispose (object);
}

static void
steward_empty_page_class_init (StewardEmptyPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = steward_empty_page_get_property;
  object_class->set_property = steward_empty_page_set_property;
  object_class->dispose = steward_empty_page_dispose;
  props[PROP_HAS_WAY_BACK] =
      g_param_spec_boolean ("has-way-back", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/empty-page.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardEmptyPage, status);
  gtk_widget_class_bind_template_child (widget_class, StewardEmptyPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, StewardEmptyPage, add);
  gtk_widget_class_bind_template_child (widget_class, StewardEmptyPage, again);
}

static void
steward_empty_page_init (StewardEmptyPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
