/* Starts the throw-away PostgreSQL, and asks it. */
#include "core/deployment/rehearsal.h"

#include <string.h>

#include "core/compose/compose-json.h"
#include "core/deployment/job.h"
#include "core/engine/relay.h"

#define SERVICE "rehearsal"
#define PORT 5432

const char *
steward_rehearsal_get_user (const StewardDeployment *deployment)
{
  return deployment->database->user != NULL ? deployment->database->user : "postgres";
}

char *
steward_rehearsal_dup_url (const StewardDeployment *deployment, const StewardRehearsal *rehearsal)
{
  g_autofree char *user =
      g_uri_escape_string (steward_rehearsal_get_user (deployment), NULL, FALSE);
  g_autofree char *database = g_uri_escape_string (rehearsal->database, NULL, FALSE);

  return g_strdup_printf ("postgresql://%s@127.0.0.1:%d/%s", user, PORT, database);
}

/* Nobody but who shares its loopback can enter, so it needs no password.
 * Source: the image's documentation, https://hub.docker.com/_/postgres */
static JsonObject *
new_environment (const StewardDeployment *deployment, const StewardRehearsal *rehearsal)
{
  JsonObject *environment = json_object_new ();
  const char *user = steward_rehearsal_get_user (deployment);

  json_object_set_string_member (environment, "POSTGRES_HOST_AUTH_METHOD", "trust");
  json_object_set_string_member (environment, "POSTGRES_USER", user);
  json_object_set_string_member (environment, "POSTGRES_DB", rehearsal->database);
  return environment;
}

static JsonObject *
new_service (const StewardDeployment *deployment,
             const StewardRehearsal *rehearsal,
             const char *image)
{
  JsonObject *service = json_object_new ();
  JsonObject *labels = json_object_new ();
  JsonObject *logging = json_object_new ();

  json_object_set_string_member (labels, STEWARD_LABEL_OPERATION, rehearsal->operation);
  json_object_set_string_member (labels, STEWARD_LABEL_DEPLOYMENT, deployment->folder);
  json_object_set_string_member (logging, "driver", "json-file");
  json_object_set_string_member (service, "image", image);
  json_object_set_string_member (service, "pull_policy", "never");
  json_object_set_string_member (service, "restart", "no");
  json_object_set_string_member (service, "network_mode", "none");
  json_object_set_object_member (service, "environment", new_environment (deployment, rehearsal));
  json_object_set_object_member (service, "labels", labels);
  json_object_set_object_member (service, "logging", logging);
  return service;
}

static GBytes *
new_document (const StewardDeployment *deployment,
              const StewardRehearsal *rehearsal,
              const char *image)
{
  JsonObject *document = json_object_new ();
  JsonObject *services = json_object_new ();

  json_object_set_object_member (services, SERVICE, new_service (deployment, rehearsal, image));
  json_object_set_object_member (document, "services", services);
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (root, document);
  g_autoptr (JsonNode) escaped = steward_compose_json_escape (root);
  char *text = json_to_string (escaped, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

gboolean
steward_rehearsal_start (const StewardDeployment *deployment,
                         const StewardRehearsal *rehearsal,
                         const StewardFence *fence,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autofree char *image = steward_deployment_dup_tools_image (deployment, cancellable, error);

  if (image == NULL)
    return FALSE;
  g_autoptr (GBytes) document = new_document (deployment, rehearsal, image);
  StewardJobSpec spec = {
    .name = rehearsal->name,
    .project_name = rehearsal->name,
    .directory = deployment->project->directory,
    .document = document,
    .service = SERVICE,
    .fence = fence,
  };
  return steward_job_start (deployment->engine, &spec, cancellable, error);
}

StewardMigrationsTable *
steward_rehearsal_read_migrations (const StewardDeployment *deployment,
                                   const StewardRehearsal *rehearsal,
                                   GCancellable *cancellable,
                                   GError **error)
{
  StewardRelayTarget target = { rehearsal->name, rehearsal->name, PORT };
  g_autoptr (StewardRelay) relay =
      steward_relay_new (deployment->engine, &target, ".s.PGSQL." G_STRINGIFY (PORT), cancellable,
                         error);
  if (relay == NULL)
    return NULL;
  g_autoptr (StewardEndpoint) endpoint = steward_endpoint_new ();
  endpoint->socket_folder = g_strdup (steward_relay_get_folder (relay));
  endpoint->user = g_strdup (steward_rehearsal_get_user (deployment));
  endpoint->database = g_strdup (rehearsal->database);
  g_autoptr (StewardConnection) connection =
      steward_connection_open (endpoint, rehearsal->database, "steward-rehearsal", cancellable,
                               error);
  return connection != NULL ? steward_migrations_table_read (connection, cancellable, error) : NULL;
}
