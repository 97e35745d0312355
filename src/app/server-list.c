/* Joins the lists of the hosts. See the header. */
#include "app/server-list.h"

#include <gtk/gtk.h>

#define KEY_HOSTS "hosts"

struct _StewardServerList
{
  GObject parent_instance;

  GSettings *settings;            /* owned */
  StewardKnownHost *this_machine; /* owned */
  GListStore *hosts;              /* owned, of StewardKnownHost: those over SSH */
  GListStore *all;                /* owned: this machine, and those */
  GtkFlattenListModel *servers;   /* owned: of all */
};

enum
{
  PROP_0,
  PROP_HOST_STATE,
  PROP_PROBLEM,
  PROP_IS_LOOKING,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static GType
get_item_type (GListModel *model)
{
  return STEWARD_TYPE_SERVER;
}

static guint
get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (STEWARD_SERVER_LIST (model)->servers));
}

static gpointer
get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (STEWARD_SERVER_LIST (model)->servers), position);
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (StewardServerList,
                               steward_server_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

StewardKnownHost *
steward_server_list_get_this_machine (StewardServerList *self)
{
  return self->this_machine;
}

GListModel *
steward_server_list_get_hosts (StewardServerList *self)
{
  return G_LIST_MODEL (self->hosts);
}

/* (transfer none): the list holds it */
static StewardKnownHost *
get_host (GListStore *hosts, guint position)
{
  g_autoptr (StewardKnownHost) host = g_list_model_get_item (G_LIST_MODEL (hosts), position);

  return host;
}

static guint
count (GListStore *hosts)
{
  return g_list_model_get_n_items (G_LIST_MODEL (hosts));
}

void
steward_server_list_look (StewardServerList *self)
{
  for (guint i = 0; i < count (self->all); i++)
    steward_known_host_look (get_host (self->all, i));
}

static void
tell_looking (StewardServerList *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IS_LOOKING]);
}

static void
tell_state (StewardServerList *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROBLEM]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HOST_STATE]);
}

static void
watch (StewardServerList *self, StewardKnownHost *host)
{
  g_signal_connect_object (host, "notify::is-looking", G_CALLBACK (tell_looking), self,
                           G_CONNECT_SWAPPED);
}

static StewardKnownHost *
find_host (StewardServerList *self, const char *name)
{
  for (guint i = 0; i < count (self->hosts); i++)
    if (g_strcmp0 (steward_known_host_get_name (get_host (self->hosts, i)), name) == 0)
      return get_host (self->hosts, i);
  return NULL;
}

gboolean
steward_server_list_knows_host (StewardServerList *self, const char *name)
{
  return find_host (self, name) != NULL;
}

static StewardKnownHost *
add_host (StewardServerList *self, const StewardSshAddress *address)
{
  g_autoptr (StewardKnownHost) host = steward_known_host_new (self->settings, address);

  watch (self, host);
  g_list_store_append (self->hosts, host);
  g_list_store_append (self->all, host);
  return host;
}

static void
keep_hosts (StewardServerList *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < count (self->hosts); i++)
    g_strv_builder_add (builder, steward_known_host_get_name (get_host (self->hosts, i)));
  g_auto (GStrv) names = g_strv_builder_end (builder);
  g_settings_set_strv (self->settings, KEY_HOSTS, (const char *const *)names);
}

StewardKnownHost *
steward_server_list_ensure_host (StewardServerList *self, const char *text, GError **error)
{
  g_autoptr (StewardSshAddress) address = steward_ssh_address_parse (text, error);
  if (address == NULL)
    return NULL;
  g_autofree char *name = steward_ssh_address_format (address);
  StewardKnownHost *host = find_host (self, name);

  if (host == NULL)
    {
      host = add_host (self, address);
      keep_hosts (self);
    }
  return host;
}

void
steward_server_list_remove_host (StewardServerList *self, StewardKnownHost *host)
{
  guint position;

  g_return_if_fail (!steward_known_host_is_busy (host));
  steward_known_host_close (host);
  if (g_list_store_find (self->all, host, &position))
    g_list_store_remove (self->all, position);
  if (g_list_store_find (self->hosts, host, &position))
    g_list_store_remove (self->hosts, position);
  keep_hosts (self);
}

void
steward_server_list_remove (StewardServerList *self, StewardServer *server)
{
  for (guint i = 0; i < count (self->all); i++)
    if (steward_known_host_remove (get_host (self->all, i), server))
      return;
}

/* A line of the settings that is no address is left out, and left there. */
static void
add_kept_hosts (StewardServerList *self)
{
  g_auto (GStrv) names = g_settings_get_strv (self->settings, KEY_HOSTS);

  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autoptr (StewardSshAddress) address = steward_ssh_address_parse (names[i], NULL);
      g_autofree char *name = address != NULL ? steward_ssh_address_format (address) : NULL;

      if (name != NULL && find_host (self, name) == NULL)
        add_host (self, address);
    }
}

StewardServerList *
steward_server_list_new (GSettings *settings)
{
  StewardServerList *self = g_object_new (STEWARD_TYPE_SERVER_LIST, NULL);

  self->settings = g_object_ref (settings);
  self->this_machine = steward_known_host_new (settings, NULL);
  watch (self, self->this_machine);
  g_signal_connect_object (self->this_machine, "notify::host-state", G_CALLBACK (tell_state), self,
                           G_CONNECT_SWAPPED);
  g_list_store_append (self->all, self->this_machine);
  add_kept_hosts (self);
  return self;
}

static gboolean
is_looking (StewardServerList *self)
{
  gboolean is_any = FALSE;

  for (guint i = 0; !is_any && i < count (self->all); i++)
    g_object_get (get_host (self->all, i), "is-looking", &is_any, NULL);
  return is_any;
}

static void
steward_server_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  StewardServerList *self = STEWARD_SERVER_LIST (object);

  if (id == PROP_HOST_STATE)
    g_value_set_int (value, steward_known_host_get_state (self->this_machine));
  else if (id == PROP_PROBLEM)
    g_value_set_string (value, steward_known_host_get_problem (self->this_machine));
  else if (id == PROP_IS_LOOKING)
    g_value_set_boolean (value, is_looking (self));
}

/* Questions that wait for the window must not keep a host's thread. */
static void
steward_server_list_dispose (GObject *object)
{
  StewardServerList *self = STEWARD_SERVER_LIST (object);

  for (guint i = 0; self->hosts != NULL && i < count (self->hosts); i++)
    steward_host_asker_close (steward_known_host_get_asker (get_host (self->hosts, i)));
  g_clear_object (&self->servers);
  g_clear_object (&self->all);
  g_clear_object (&self->hosts);
  g_clear_object (&self->this_machine);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (steward_server_list_parent_class)->dispose (object);
}

static void
steward_server_list_class_init (StewardServerListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = steward_server_list_get_property;
  object_class->dispose = steward_server_list_dispose;
  props[PROP_HOST_STATE] =
      g_param_spec_int ("host-state", NULL, NULL, 0, STEWARD_HOST_UNREACHABLE, 0, flags);
  props[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);
  props[PROP_IS_LOOKING] = g_param_spec_boolean ("is-looking", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
steward_server_list_init (StewardServerList *self)
{
  self->hosts = g_list_store_new (STEWARD_TYPE_KNOWN_HOST);
  self->all = g_list_store_new (STEWARD_TYPE_KNOWN_HOST);
  self->servers = gtk_flatten_list_model_new (G_LIST_MODEL (g_object_ref (self->all)));
  g_signal_connect_object (self->servers, "items-changed", G_CALLBACK (g_list_model_items_changed),
                           self, G_CONNECT_SWAPPED);
}
