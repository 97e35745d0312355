/* Builds one-off documents. What is kept is listed, so that a key that a later compose invents does
 * not slip through. */
#include "core/compose/compose-overlay.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/compose/compose-json.h"

/* Source: https://docs.docker.com/reference/compose-file/services/ */
static const char *const KEPT_KEYS[] = {
  "blkio_config",
  "cap_add",
  "cap_drop",
  "cgroup",
  "cgroup_parent",
  "command",
  "configs",
  "cpu_count",
  "cpu_percent",
  "cpu_period",
  "cpu_quota",
  "cpu_rt_period",
  "cpu_rt_runtime",
  "cpu_shares",
  "cpus",
  "cpuset",
  "device_cgroup_rules",
  "devices",
  "dns",
  "dns_opt",
  "dns_search",
  "entrypoint",
  "environment",
  "extra_hosts",
  "group_add",
  "image",
  "init",
  "isolation",
  "mem_limit",
  "mem_reservation",
  "mem_swappiness",
  "memswap_limit",
  "oom_kill_disable",
  "oom_score_adj",
  "pids_limit",
  "platform",
  "privileged",
  "read_only",
  "runtime",
  "secrets",
  "security_opt",
  "shm_size",
  "stop_grace_period",
  "stop_signal",
  "storage_opt",
  "sysctls",
  "tmpfs",
  "ulimits",
  "user",
  "userns_mode",
  "volumes",
  "working_dir",
};

typedef struct
{
  const StewardComposeModel *model;
  const StewardComposeOverlayOptions *options;
  const StewardComposeService *service;
  JsonObject *document; /* owned by the caller */
  JsonObject *job;      /* owned by the document */
} Overlay;

/* The top-level @section, made on first use. */
static JsonObject *
ensure_section (Overlay *self, const char *section)
{
  if (!json_object_has_member (self->document, section))
    json_object_set_object_member (self->document, section, json_object_new ());
  return json_object_get_object_member (self->document, section);
}

static void
copy_kept_keys (Overlay *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (KEPT_KEYS); i++)
    {
      JsonNode *node = json_object_get_member (self->service->json, KEPT_KEYS[i]);
      if (node != NULL)
        json_object_set_member (self->job, KEPT_KEYS[i], json_node_copy (node));
    }
}

static JsonObject *
new_object_from_table (GHashTable *table)
{
  JsonObject *object = json_object_new ();
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (value != NULL)
      json_object_set_string_member (object, name, value);
    else
      json_object_set_null_member (object, name);
  return object;
}

static void
set_environment (Overlay *self)
{
  g_autoptr (GHashTable) merged = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *const tables[] = { self->service->environment, self->options->environment };

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      GHashTableIter iter;
      gpointer name, value;
      if (tables[i] == NULL)
        continue;
      g_hash_table_iter_init (&iter, tables[i]);
      while (g_hash_table_iter_next (&iter, &name, &value))
        g_hash_table_insert (merged, name, value);
    }
  json_object_set_object_member (self->job, "environment", new_object_from_table (merged));
}

static void
set_command (Overlay *self)
{
  JsonArray *array;

  if (self->options->command == NULL)
    return;
  array = json_array_new ();
  for (gsize i = 0; self->options->command[i] != NULL; i++)
    json_array_add_string_element (array, self->options->command[i]);
  json_object_set_array_member (self->job, "command", array);
}

static void
set_own_keys (Overlay *self)
{
  JsonObject *healthcheck = json_object_new ();
  JsonObject *logging = json_object_new ();

  if (self->options->image != NULL)
    json_object_set_string_member (self->job, "image", self->options->image);
  if (self->options->labels != NULL)
    json_object_set_object_member (self->job, "labels",
                                   new_object_from_table (self->options->labels));
  json_object_set_string_member (self->job, "restart", "no");
  json_object_set_boolean_member (healthcheck, "disable", TRUE);
  json_object_set_object_member (self->job, "healthcheck", healthcheck);
  json_object_set_string_member (logging, "driver", "json-file");
  json_object_set_object_member (self->job, "logging", logging);
  set_command (self);
  set_environment (self);
}

/* Declares the network or volume @key as one that exists already. */
static void
add_external (Overlay *self, const char *section, const char *key)
{
  g_autofree char *name = steward_compose_model_dup_engine_name (self->model, section, key);
  JsonObject *entry = json_object_new ();

  json_object_set_boolean_member (entry, "external", TRUE);
  json_object_set_string_member (entry, "name", name);
  json_object_set_object_member (ensure_section (self, section), key, entry);
}

static void
keep_networks (Overlay *self)
{
  JsonObject *networks = json_object_new ();

  for (guint i = 0; i < self->service->networks->len; i++)
    {
      const StewardComposeNetwork *network = self->service->networks->pdata[i];
      json_object_set_null_member (networks, network->key);
      add_external (self, "networks", network->key);
    }
  json_object_set_object_member (self->job, "networks", networks);
}

/* The engine refuses them beside another container's network. */
static void
share_network (Overlay *self)
{
  static const char *const names[] = { "dns", "dns_opt", "dns_search", "extra_hosts" };
  g_autofree char *mode = g_strconcat ("container:", self->options->container, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    json_object_remove_member (self->job, names[i]);
  json_object_set_string_member (self->job, "network_mode", mode);
}

static gboolean
set_network (Overlay *self, GError **error)
{
  const char *mode = self->service->network_mode;

  if (self->options->network == STEWARD_COMPOSE_OVERLAY_NETWORK_OF_CONTAINER)
    {
      share_network (self);
      return TRUE;
    }
  if (self->options->network == STEWARD_COMPOSE_OVERLAY_NO_NETWORK)
    mode = "none";
  else if (self->options->network == STEWARD_COMPOSE_OVERLAY_HOST_NETWORK)
    mode = "host";

  if (mode == NULL)
    keep_networks (self);
  else if (g_str_has_prefix (mode, "service:"))
    {
      g_set_error (
          error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
          _ ("The service “%s” uses the network of another service, so no second container "
             "can be run in its place. Nothing was changed."),
          self->service->name);
      return FALSE;
    }
  else
    json_object_set_string_member (self->job, "network_mode", mode);
  return TRUE;
}

static gboolean
set_volumes (Overlay *self, GError **error)
{
  if (json_object_has_member (self->service->json, "volumes_from"))
    {
      g_set_error (
          error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
          _ ("The service “%s” uses the volumes of another container (volumes_from), which "
             "Steward does not carry over to a one-off run. Nothing was changed."),
          self->service->name);
      return FALSE;
    }
  for (guint i = 0; i < self->service->volumes->len; i++)
    {
      const StewardComposeVolume *volume = self->service->volumes->pdata[i];
      if (g_str_equal (volume->type, "volume") && volume->source != NULL)
        add_external (self, "volumes", volume->source);
    }
  return TRUE;
}

/* Copies the top-level entries of the secrets or configs that the service uses. */
static void
copy_sources (Overlay *self, const char *section)
{
  JsonNode *node = json_object_get_member (self->service->json, section);
  JsonArray *array =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);
      const char *source =
          JSON_NODE_HOLDS_OBJECT (item)
              ? json_object_get_string_member_with_default (json_node_get_object (item), "source",
                                                            NULL)
              : NULL;
      JsonObject *entry =
          source != NULL ? steward_compose_model_get_entry (self->model, section, source) : NULL;
      if (entry != NULL)
        json_object_set_object_member (ensure_section (self, section), source,
                                       json_object_ref (entry));
    }
}

char *
steward_compose_overlay_dup_json (const StewardComposeModel *model,
                                  const StewardComposeOverlayOptions *options,
                                  GError **error)
{
  g_autoptr (JsonObject) document = json_object_new ();
  Overlay self = { model, options, steward_compose_model_get_service (model, options->service),
                   document, json_object_new () };

  json_object_set_object_member (ensure_section (&self, "services"), options->job, self.job);
  if (self.service == NULL)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                   _ ("The compose project has no service “%s”; nothing was changed."),
                   options->service);
      return NULL;
    }

  copy_kept_keys (&self);
  set_own_keys (&self);
  copy_sources (&self, "secrets");
  copy_sources (&self, "configs");
  if (!set_network (&self, error) || !set_volumes (&self, error))
    return NULL;

  g_autoptr (JsonNode) root = json_node_init_object (json_node_alloc (), document);
  g_autoptr (JsonNode) escaped = steward_compose_json_escape (root);
  return json_to_string (escaped, FALSE);
}
