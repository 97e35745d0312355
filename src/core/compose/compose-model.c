/* From JSON to structs. Every value is checked for its type before it is used; the first one that
 * has another is remembered and reported with its place, so that the readers below stay flat. */
#include "core/compose/compose-model.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/compose/compose-json.h"

struct _StewardComposeModel
{
  JsonNode *root;
  char *project_name;
  GPtrArray *services;
};

/* Where in the document we are, and the first thing that was not understood there. */
typedef struct
{
  const StewardComposeModel *model;
  const char *service;
  char *problem; /* owned, nullable */
} Reader;

static void
reader_complain (Reader *reader, const char *key)
{
  if (reader->problem == NULL)
    reader->problem =
        reader->service != NULL ? g_strdup_printf ("%s.%s", reader->service, key) : g_strdup (key);
}

static JsonNode *
get_member (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  return node == NULL || JSON_NODE_HOLDS_NULL (node) ? NULL : node;
}

static JsonObject *
read_object (Reader *reader, JsonObject *object, const char *key)
{
  JsonNode *node = get_member (object, key);

  if (node == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  reader_complain (reader, key);
  return NULL;
}

static JsonArray *
read_array (Reader *reader, JsonObject *object, const char *key)
{
  JsonNode *node = get_member (object, key);

  if (node == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_ARRAY (node))
    return json_node_get_array (node);
  reader_complain (reader, key);
  return NULL;
}

/* A number or a truth value counts as its text: versions of compose differ in quoting them. */
static char *
dup_scalar (JsonNode *node)
{
  if (!JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);
  return json_to_string (node, FALSE);
}

static char *
read_string (Reader *reader, JsonObject *object, const char *key)
{
  JsonNode *node = get_member (object, key);

  if (node == NULL)
    return NULL;

  char *text = dup_scalar (node);
  if (text == NULL)
    reader_complain (reader, key);
  return text;
}

static char *
read_required_string (Reader *reader, JsonObject *object, const char *key)
{
  char *text = read_string (reader, object, key);

  if (text != NULL)
    return text;
  reader_complain (reader, key);
  return g_strdup ("");
}

/* Returns NULL where the key is absent; a lone string counts as a list of one. */
static GStrv
read_strings (Reader *reader, JsonObject *object, const char *key)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonNode *node = get_member (object, key);

  if (node == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_VALUE (node))
    {
      g_autofree char *text = dup_scalar (node);
      g_strv_builder_add (builder, text);
      return g_strv_builder_end (builder);
    }

  JsonArray *array = read_array (reader, object, key);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *text = dup_scalar (json_array_get_element (array, i));
      if (text == NULL)
        reader_complain (reader, key);
      else
        g_strv_builder_add (builder, text);
    }
  return g_strv_builder_end (builder);
}

static GHashTable *
read_environment (Reader *reader, JsonObject *service)
{
  g_autoptr (GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  JsonObject *object = read_object (reader, service, "environment");
  g_autoptr (GList) names = object != NULL ? json_object_get_members (object) : NULL;

  for (GList *l = names; l != NULL; l = l->next)
    g_hash_table_insert (table, g_strdup (l->data), read_string (reader, object, l->data));
  return g_steal_pointer (&table);
}

static void
network_free (StewardComposeNetwork *network)
{
  g_free (network->key);
  g_free (network->name);
  g_strfreev (network->aliases);
  g_free (network);
}

static GPtrArray *
read_networks (Reader *reader, JsonObject *service)
{
  g_autoptr (GPtrArray) networks = g_ptr_array_new_with_free_func ((GDestroyNotify)network_free);
  JsonObject *object = read_object (reader, service, "networks");
  g_autoptr (GList) keys = object != NULL ? json_object_get_members (object) : NULL;

  for (GList *l = keys; l != NULL; l = l->next)
    {
      StewardComposeNetwork *network = g_new0 (StewardComposeNetwork, 1);
      JsonObject *settings = read_object (reader, object, l->data);

      network->key = g_strdup (l->data);
      network->name = steward_compose_model_dup_engine_name (reader->model, "networks", l->data);
      network->aliases = settings != NULL ? read_strings (reader, settings, "aliases") : NULL;
      if (network->aliases == NULL)
        network->aliases = g_new0 (char *, 1);
      g_ptr_array_add (networks, network);
    }
  return g_steal_pointer (&networks);
}

static void
port_free (StewardComposePort *port)
{
  g_free (port->host_ip);
  g_free (port->published);
  g_free (port->protocol);
  g_free (port);
}

static void
read_port (Reader *reader, JsonObject *object, GPtrArray *ports)
{
  StewardComposePort *port = g_new0 (StewardComposePort, 1);
  g_autofree char *target = read_required_string (reader, object, "target");
  guint64 number = 0;

  if (!g_ascii_string_to_unsigned (target, 10, 1, G_MAXUINT16, &number, NULL))
    reader_complain (reader, "ports");
  port->target = number;
  port->host_ip = read_string (reader, object, "host_ip");
  port->published = read_string (reader, object, "published");
  port->protocol = read_string (reader, object, "protocol");
  if (port->protocol == NULL)
    port->protocol = g_strdup ("tcp");
  g_ptr_array_add (ports, port);
}

static void
volume_free (StewardComposeVolume *volume)
{
  g_free (volume->type);
  g_free (volume->source);
  g_free (volume->target);
  g_free (volume);
}

static void
read_volume (Reader *reader, JsonObject *object, GPtrArray *volumes)
{
  StewardComposeVolume *volume = g_new0 (StewardComposeVolume, 1);

  volume->type = read_required_string (reader, object, "type");
  volume->source = read_string (reader, object, "source");
  volume->target = read_required_string (reader, object, "target");
  g_ptr_array_add (volumes, volume);
}

/* Reads each object of the array @key of @service into a new array with @read_item. */
static GPtrArray *
read_items (Reader *reader,
            JsonObject *service,
            const char *key,
            void (*read_item) (Reader *, JsonObject *, GPtrArray *),
            GDestroyNotify free_item)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (free_item);
  JsonArray *array = read_array (reader, service, key);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      if (JSON_NODE_HOLDS_OBJECT (node))
        read_item (reader, json_node_get_object (node), items);
      else
        reader_complain (reader, key);
    }
  return g_steal_pointer (&items);
}

static GStrv
read_depends_on (Reader *reader, JsonObject *service)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonObject *object = read_object (reader, service, "depends_on");
  g_autoptr (GList) names = object != NULL ? json_object_get_members (object) : NULL;

  for (GList *l = names; l != NULL; l = l->next)
    g_strv_builder_add (builder, l->data);
  return g_strv_builder_end (builder);
}

static void
service_free (StewardComposeService *service)
{
  g_free (service->name);
  g_free (service->image);
  g_strfreev (service->command);
  g_strfreev (service->entrypoint);
  g_hash_table_unref (service->environment);
  g_free (service->container_name);
  g_free (service->restart);
  g_free (service->network_mode);
  g_ptr_array_unref (service->networks);
  g_ptr_array_unref (service->ports);
  g_ptr_array_unref (service->volumes);
  g_strfreev (service->depends_on);
  json_object_unref (service->json);
  g_free (service);
}

static StewardComposeService *
read_service (Reader *reader, const char *name, JsonObject *object)
{
  StewardComposeService *service = g_new0 (StewardComposeService, 1);

  reader->service = name;
  service->name = g_strdup (name);
  service->json = json_object_ref (object);
  service->image = read_string (reader, object, "image");
  service->command = read_strings (reader, object, "command");
  service->entrypoint = read_strings (reader, object, "entrypoint");
  service->environment = read_environment (reader, object);
  service->container_name = read_string (reader, object, "container_name");
  service->restart = read_string (reader, object, "restart");
  service->network_mode = read_string (reader, object, "network_mode");
  service->networks = read_networks (reader, object);
  service->ports = read_items (reader, object, "ports", read_port, (GDestroyNotify)port_free);
  service->volumes =
      read_items (reader, object, "volumes", read_volume, (GDestroyNotify)volume_free);
  service->depends_on = read_depends_on (reader, object);
  reader->service = NULL;
  return service;
}

static void
read_project (Reader *reader, StewardComposeModel *self)
{
  JsonObject *root = json_node_get_object (self->root);
  JsonObject *services = read_object (reader, root, "services");
  g_autoptr (GList) names = services != NULL ? json_object_get_members (services) : NULL;

  self->project_name = read_required_string (reader, root, "name");
  if (services == NULL)
    reader_complain (reader, "services");
  for (GList *l = names; l != NULL; l = l->next)
    {
      JsonObject *service = read_object (reader, services, l->data);
      if (service != NULL)
        g_ptr_array_add (self->services, read_service (reader, l->data, service));
      else
        reader_complain (reader, l->data);
    }
}

StewardComposeModel *
steward_compose_model_new_from_json (const char *json, gsize length, GError **error)
{
  g_autoptr (StewardComposeModel) self = g_new0 (StewardComposeModel, 1);
  Reader reader = { .model = self };

  self->services = g_ptr_array_new_with_free_func ((GDestroyNotify)service_free);
  self->root = steward_compose_json_parse (json, length, error);
  if (self->root == NULL)
    return NULL;

  read_project (&reader, self);
  g_autofree char *problem = reader.problem;
  if (problem == NULL)
    return g_steal_pointer (&self);
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
               _ ("What “docker compose config” printed is not understood at “%s”."), problem);
  return NULL;
}

void
steward_compose_model_free (StewardComposeModel *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->root, json_node_unref);
  g_free (self->project_name);
  g_ptr_array_unref (self->services);
  g_free (self);
}

const char *
steward_compose_model_get_project_name (const StewardComposeModel *self)
{
  return self->project_name;
}

const GPtrArray *
steward_compose_model_get_services (const StewardComposeModel *self)
{
  return self->services;
}

const StewardComposeService *
steward_compose_model_get_service (const StewardComposeModel *self, const char *name)
{
  for (guint i = 0; i < self->services->len; i++)
    {
      const StewardComposeService *service = self->services->pdata[i];
      if (g_str_equal (service->name, name))
        return service;
    }
  return NULL;
}

JsonObject *
steward_compose_model_get_entry (const StewardComposeModel *self,
                                 const char *section,
                                 const char *key)
{
  JsonNode *node = get_member (json_node_get_object (self->root), section);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  node = get_member (json_node_get_object (node), key);
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

char *
steward_compose_model_dup_engine_name (const StewardComposeModel *self,
                                       const char *section,
                                       const char *key)
{
  JsonObject *entry = steward_compose_model_get_entry (self, section, key);
  JsonNode *name = entry != NULL ? get_member (entry, "name") : NULL;

  return name != NULL && JSON_NODE_HOLDS_VALUE (name) ? dup_scalar (name) : g_strdup (key);
}
