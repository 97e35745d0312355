/* Containers as `docker inspect` tells them. The effects are in container-effects.c. */
#include "core/engine/container.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/engine/docker-error.h"
#include "core/engine/inspect-json.h"

static void
network_free (StewardContainerNetwork *network)
{
  g_free (network->name);
  g_free (network->address);
  g_strfreev (network->aliases);
  g_free (network);
}

static void
port_free (StewardPublishedPort *port)
{
  g_free (port->protocol);
  g_free (port->host_address);
  g_free (port);
}

static void
mount_free (StewardMount *mount)
{
  g_free (mount->type);
  g_free (mount->name);
  g_free (mount->source);
  g_free (mount->destination);
  g_free (mount);
}

void
steward_container_free (StewardContainer *container)
{
  g_free (container->id);
  g_free (container->name);
  g_free (container->image);
  g_free (container->image_id);
  g_free (container->status);
  g_free (container->health);
  g_free (container->restart_policy);
  g_free (container->network_mode);
  g_clear_pointer (&container->labels, g_hash_table_unref);
  g_strfreev (container->environment);
  g_strfreev (container->entrypoint);
  g_strfreev (container->command);
  g_clear_pointer (&container->networks, g_ptr_array_unref);
  g_clear_pointer (&container->ports, g_ptr_array_unref);
  g_clear_pointer (&container->mounts, g_ptr_array_unref);
  g_free (container);
}

const char *
steward_container_get_label (const StewardContainer *container, const char *name)
{
  return g_hash_table_lookup (container->labels, name);
}

const char *
steward_container_get_environment (const StewardContainer *container, const char *name)
{
  return g_environ_getenv (container->environment, name);
}

static GPtrArray *
parse_networks (JsonObject *settings)
{
  GPtrArray *networks = g_ptr_array_new_with_free_func ((GDestroyNotify)network_free);
  JsonObject *members = steward_json_get_object (settings, "Networks");
  g_autoptr (GList) names = members != NULL ? json_object_get_members (members) : NULL;

  for (GList *l = names; l != NULL; l = l->next)
    {
      JsonObject *member = steward_json_get_object (members, l->data);
      StewardContainerNetwork *network = g_new0 (StewardContainerNetwork, 1);

      network->name = g_strdup (l->data);
      network->address = steward_inspect_dup_filled (member, "IPAddress");
      if (network->address == NULL)
        network->address = steward_inspect_dup_filled (member, "GlobalIPv6Address");
      network->aliases = steward_inspect_dup_strv (member, "Aliases");
      g_ptr_array_add (networks, network);
    }
  return networks;
}

/* @key: "6777/tcp" */
static StewardPublishedPort *
parse_port (const char *key, JsonObject *binding)
{
  StewardPublishedPort *port = g_new0 (StewardPublishedPort, 1);
  const char *slash = strchr (key, '/');
  g_autofree char *host_port = steward_inspect_dup_string (binding, "HostPort");

  port->container_port = g_ascii_strtoull (key, NULL, 10);
  port->protocol = g_strdup (slash != NULL ? slash + 1 : "tcp");
  port->host_address = steward_inspect_dup_string (binding, "HostIp");
  port->host_port = g_ascii_strtoull (host_port, NULL, 10);
  return port;
}

static GPtrArray *
parse_ports (JsonObject *settings)
{
  GPtrArray *ports = g_ptr_array_new_with_free_func ((GDestroyNotify)port_free);
  JsonObject *members = steward_json_get_object (settings, "Ports");
  g_autoptr (GList) keys = members != NULL ? json_object_get_members (members) : NULL;

  for (GList *l = keys; l != NULL; l = l->next)
    {
      JsonArray *bindings = steward_json_get_array (members, l->data);

      for (guint i = 0; bindings != NULL && i < json_array_get_length (bindings); i++)
        g_ptr_array_add (ports,
                         parse_port (l->data, steward_json_get_element_object (bindings, i)));
    }
  return ports;
}

static GPtrArray *
parse_mounts (JsonObject *object)
{
  GPtrArray *mounts = g_ptr_array_new_with_free_func ((GDestroyNotify)mount_free);
  JsonArray *members = steward_json_get_array (object, "Mounts");

  for (guint i = 0; members != NULL && i < json_array_get_length (members); i++)
    {
      JsonObject *member = steward_json_get_element_object (members, i);
      StewardMount *mount = g_new0 (StewardMount, 1);

      mount->type = steward_inspect_dup_string (member, "Type");
      mount->name = steward_inspect_dup_filled (member, "Name");
      mount->source = steward_inspect_dup_string (member, "Source");
      mount->destination = steward_inspect_dup_string (member, "Destination");
      mount->read_only = !steward_inspect_get_boolean (member, "RW");
      g_ptr_array_add (mounts, mount);
    }
  return mounts;
}

static char *
format_restart_policy (JsonObject *host_config)
{
  JsonObject *policy = steward_json_get_object (host_config, "RestartPolicy");
  g_autofree char *name = steward_inspect_dup_filled (policy, "Name");
  gint64 count = steward_inspect_get_int (policy, "MaximumRetryCount");

  if (name == NULL)
    return g_strdup ("no");
  if (count > 0 && g_str_equal (name, "on-failure"))
    return g_strdup_printf ("%s:%" G_GINT64_FORMAT, name, count);
  return g_steal_pointer (&name);
}

static void
parse_state (StewardContainer *container, JsonObject *state)
{
  container->status = steward_inspect_dup_string (state, "Status");
  container->health =
      steward_inspect_dup_filled (steward_json_get_object (state, "Health"), "Status");
  container->running = steward_inspect_get_boolean (state, "Running");
  container->restarting = steward_inspect_get_boolean (state, "Restarting");
  container->oom_killed = steward_inspect_get_boolean (state, "OOMKilled");
  container->exit_code = steward_inspect_get_int (state, "ExitCode");
  container->started_us = steward_inspect_get_time_us (state, "StartedAt");
  container->finished_us = steward_inspect_get_time_us (state, "FinishedAt");
}

static StewardContainer *
parse_container (JsonObject *object)
{
  StewardContainer *container = g_new0 (StewardContainer, 1);
  JsonObject *config = steward_json_get_object (object, "Config");
  JsonObject *host_config = steward_json_get_object (object, "HostConfig");
  JsonObject *settings = steward_json_get_object (object, "NetworkSettings");
  g_autofree char *name = steward_inspect_dup_string (object, "Name");

  container->id = steward_inspect_dup_string (object, "Id");
  container->name = g_strdup (*name == '/' ? name + 1 : name);
  container->image = steward_inspect_dup_string (config, "Image");
  container->image_id = steward_inspect_dup_string (object, "Image");
  container->restart_policy = format_restart_policy (host_config);
  container->network_mode = steward_inspect_dup_string (host_config, "NetworkMode");
  container->created_us = steward_inspect_get_time_us (object, "Created");
  container->restart_count = steward_inspect_get_int (object, "RestartCount");
  parse_state (container, steward_json_get_object (object, "State"));
  container->labels = steward_inspect_dup_map (config, "Labels");
  container->environment = steward_inspect_dup_strv (config, "Env");
  container->entrypoint = steward_inspect_dup_strv (config, "Entrypoint");
  container->command = steward_inspect_dup_strv (config, "Cmd");
  container->networks = parse_networks (settings);
  container->ports = parse_ports (settings);
  container->mounts = parse_mounts (object);
  return container;
}

static int
compare_containers (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(StewardContainer *const *)a)->name, (*(StewardContainer *const *)b)->name);
}

/* From `docker inspect`, which prints those that it found even where others had vanished. */
static GPtrArray *
parse_containers (const StewardOutcome *outcome, GError **error)
{
  g_autofree char *line = steward_docker_error_dup_line (outcome->errors->str);

  if (outcome->status != 0
      && (outcome->output->len == 0
          || steward_docker_error_classify (line) != STEWARD_ERROR_NOT_FOUND))
    {
      steward_docker_error_set (outcome, error);
      return NULL;
    }
  g_autoptr (JsonArray) array = steward_inspect_parse (outcome->output->str, error);
  if (array == NULL)
    return NULL;
  GPtrArray *containers = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_container_free);
  for (guint i = 0; i < json_array_get_length (array); i++)
    g_ptr_array_add (containers, parse_container (steward_json_get_element_object (array, i)));
  g_ptr_array_sort (containers, compare_containers);
  return containers;
}

/* COUNT `docker ps …`: inspects what that lists. The first COUNT words of it are left for the
 * second command. */
static const char list_script[] = "set -fu\n"
                                  "count=$1\n"
                                  "shift\n"
                                  "ids=$(\"$@\") || exit\n"
                                  "[ -n \"$ids\" ] || { echo '[]'; exit 0; }\n"
                                  "for word; do\n"
                                  "  shift\n"
                                  "  [ \"$count\" -le 0 ] || set -- \"$@\" \"$word\"\n"
                                  "  count=$((count - 1))\n"
                                  "done\n"
                                  "exec \"$@\" inspect --type container -- $ids\n";

GPtrArray *
steward_engine_list_containers (StewardEngine *self,
                                const char *const *filters,
                                GCancellable *cancellable,
                                GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (StewardOutcome) outcome = { 0 };

  g_strv_builder_add_many (builder, "ps", "--all", "--quiet", "--no-trunc", NULL);
  for (gsize i = 0; filters != NULL && filters[i] != NULL; i++)
    g_strv_builder_add_many (builder, "--filter", filters[i], NULL);
  g_auto (GStrv) argv = g_strv_builder_end (builder);
  StewardCommand command = { .argv = (const char *const *)argv };
  if (!steward_engine_run_script (self, list_script, &command, &outcome, cancellable, error))
    return NULL;
  return parse_containers (&outcome, error);
}

StewardContainer *
steward_engine_inspect_container (StewardEngine *self,
                                  const char *container,
                                  GCancellable *cancellable,
                                  GError **error)
{
  const char *argv[] = { "inspect", "--type", "container", "--", container, NULL };
  StewardCommand command = { .argv = argv };
  g_auto (StewardOutcome) outcome = { 0 };

  if (!steward_engine_run (self, &command, &outcome, cancellable, error))
    return NULL;
  g_autoptr (GPtrArray) found = parse_containers (&outcome, error);
  if (found == NULL)
    return NULL;
  if (found->len == 1)
    return g_ptr_array_steal_index (found, 0);
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
               _ ("There is no container “%s” on this host."), container);
  return NULL;
}

static gboolean
did_not_reach (const char *line)
{
  static const char *const words[] = {
    "no route to host",
    "network is unreachable",
    "connection refused",
    "connect call failed",
    "timed out",
    "timeout expired",
    "name or service not known",
    "name resolution",
  };
  g_autofree char *lower = g_ascii_strdown (line, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (lower, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

char *
steward_engine_dup_last_words (StewardEngine *self,
                               const char *container,
                               GCancellable *cancellable)
{
  const char *argv[] = { "logs", "--tail", "20", "--", container, NULL };
  StewardCommand command = { .argv = argv };
  g_auto (StewardOutcome) outcome = { 0 };

  if (!steward_engine_run (self, &command, &outcome, cancellable, NULL) || outcome.status != 0)
    return g_strdup (_ ("its log could not be read"));
  const char *text = outcome.errors->len > 0 ? outcome.errors->str : outcome.output->str;
  g_autofree char *valid = g_strchomp (g_utf8_make_valid (text, -1));
  const char *newline = strrchr (valid, '\n');
  g_autofree char *line = steward_docker_error_dup_quotable (newline != NULL ? newline + 1 : valid);
  if (*line == '\0')
    return g_strdup (_ ("it said nothing"));
  if (!did_not_reach (line))
    return g_steal_pointer (&line);
  return g_strdup_printf (_ ("%s. Where its database answers, Docker’s network is broken, as a "
                             "crashed engine can leave it: restart the engine, then try again."),
                          line);
}
