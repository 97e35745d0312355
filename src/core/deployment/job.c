/* Writes the compose documents of one-off containers. They travel on standard input: they hold the
 * database's password. */
#include "core/deployment/job.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/compose/compose-overlay.h"

#define JOB_SERVICE "job"
#define TOOLS_FOLDER "/steward"

static gboolean
start (const StewardDeployment *self,
       const char *name,
       const char *document,
       const StewardFence *fence,
       GCancellable *cancellable,
       GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (document, strlen (document));
  StewardJobSpec spec = {
    .name = name,
    .project_name = name,
    .directory = self->project->directory,
    .document = bytes,
    .service = JOB_SERVICE,
    .fence = fence,
  };

  return steward_job_start (self->engine, &spec, cancellable, error);
}

/* With the host's own network a one-off server would take the real one's port: it gets one of its
 * own, on loopback, chosen by the job's name. Somebody else's port makes the trial fail before
 * anything is published. */
static char *
dup_own_port (const char *name)
{
  return g_strdup_printf ("%u", 20000 + g_str_hash (name) % 12000);
}

static gboolean
uses_host_network (const StewardDeployment *self)
{
  const StewardComposeService *service =
      steward_compose_model_get_service (self->model, self->service);

  return g_strcmp0 (service->network_mode, "host") == 0;
}

static char *
dup_url (const StewardDeployment *self, const StewardServerJob *job, GError **error)
{
  return job->rehearsal != NULL
             ? steward_rehearsal_dup_url (self, job->rehearsal)
             : steward_database_url_dup_with_database (self->database_url, job->database, error);
}

/* Where there is no network the server would ask its bucket for ever, before it answers. */
static void
leave_blocks_alone (const StewardDeployment *self, GHashTable *environment)
{
  const StewardComposeService *service =
      steward_compose_model_get_service (self->model, self->service);
  const char *blockstore = g_hash_table_lookup (service->environment, "PARSEC_BLOCKSTORE");

  if (g_strcmp0 (blockstore, "POSTGRESQL") != 0)
    g_hash_table_insert (environment, (char *)"PARSEC_BLOCKSTORE", (char *)"MOCKED");
}

gboolean
steward_deployment_start_server_job (const StewardDeployment *self,
                                     const StewardServerJob *job,
                                     const StewardFence *fence,
                                     GCancellable *cancellable,
                                     GError **error)
{
  g_autoptr (GHashTable) environment = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) labels = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *url = dup_url (self, job, error);

  if (url == NULL)
    return FALSE;
  g_hash_table_insert (environment, (char *)"PARSEC_DB", url);
  g_autofree char *port = dup_own_port (job->name);
  if (job->rehearsal != NULL)
    leave_blocks_alone (self, environment);
  else if (uses_host_network (self))
    {
      g_hash_table_insert (environment, (char *)"PARSEC_HOST", (char *)"127.0.0.1");
      g_hash_table_insert (environment, (char *)"PARSEC_PORT", port);
    }
  g_hash_table_insert (labels, (char *)STEWARD_LABEL_OPERATION,
                       (char *)(job->operation != NULL ? job->operation : ""));
  g_hash_table_insert (labels, (char *)STEWARD_LABEL_DEPLOYMENT, self->folder);
  StewardComposeOverlayOptions options = {
    .service = self->service,
    .job = JOB_SERVICE,
    .image = job->image,
    .command = job->command,
    .environment = environment,
    .labels = labels,
    .network = job->rehearsal != NULL ? STEWARD_COMPOSE_OVERLAY_NETWORK_OF_CONTAINER
                                      : STEWARD_COMPOSE_OVERLAY_KEEP_NETWORKS,
    .container = job->rehearsal != NULL ? job->rehearsal->name : NULL,
  };
  g_autofree char *document = steward_compose_overlay_dup_json (self->model, &options, error);
  return document != NULL && start (self, job->name, document, fence, cancellable, error);
}

/* A value as compose reads it back: a dollar is doubled. */
static void
add_value (JsonBuilder *builder, const char *name, const char *value)
{
  g_auto (GStrv) parts = g_strsplit (value, "$", -1);
  g_autofree char *escaped = g_strjoinv ("$$", parts);

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, escaped);
}

static void
add_address (JsonBuilder *builder, const StewardDatabaseUrl *url)
{
  const char *sslmode = g_hash_table_lookup (url->parameters, "sslmode");
  g_autofree char *port = g_strdup_printf ("%u", url->port != 0 ? url->port : 5432);

  add_value (builder, "PGHOST", url->host != NULL ? url->host : "localhost");
  add_value (builder, "PGPORT", port);
  add_value (builder, "PGUSER", url->user != NULL ? url->user : "");
  add_value (builder, "PGPASSWORD", url->password != NULL ? url->password : "");
  if (sslmode != NULL)
    add_value (builder, "PGSSLMODE", sslmode);
}

static void
add_environment (JsonBuilder *builder, const StewardDeployment *self, const StewardToolsJob *job)
{
  json_builder_set_member_name (builder, "environment");
  json_builder_begin_object (builder);
  if (job->rehearsal != NULL)
    {
      add_value (builder, "PGHOST", "127.0.0.1");
      add_value (builder, "PGUSER", steward_rehearsal_get_user (self));
    }
  else
    add_address (builder, self->database);
  add_value (builder, "PGDATABASE", job->database);
  add_value (builder, "PGAPPNAME", STEWARD_TOOLS_SESSION);
  add_value (builder, "LC_ALL", "C");
  json_builder_end_object (builder);
}

static void
add_words (JsonBuilder *builder,
           const char *name,
           const char *const *first,
           const char *const *second)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (gsize list = 0; list < 2; list++)
    for (const char *const *word = list == 0 ? first : second; word != NULL && *word != NULL;
         word++)
      {
        g_auto (GStrv) parts = g_strsplit (*word, "$", -1);
        g_autofree char *escaped = g_strjoinv ("$$", parts);
        json_builder_add_string_value (builder, escaped);
      }
  json_builder_end_array (builder);
}

/* The folder of backups, and nothing else of the host. */
static void
add_mount (JsonBuilder *builder, const char *folder)
{
  json_builder_set_member_name (builder, "volumes");
  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  add_value (builder, "type", "bind");
  add_value (builder, "source", folder);
  add_value (builder, "target", TOOLS_FOLDER);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
}

/* The server's networks, so that the database's name means the same; @is_service: as a service's
 * member, else as the document's. */
static void
add_networks (JsonBuilder *builder, const StewardDeployment *self, const char *member)
{
  const StewardComposeService *service =
      steward_compose_model_get_service (self->model, self->service);

  json_builder_set_member_name (builder, "networks");
  json_builder_begin_object (builder);
  for (guint i = 0; i < service->networks->len; i++)
    {
      const StewardComposeNetwork *network = service->networks->pdata[i];
      json_builder_set_member_name (builder, network->key);
      json_builder_begin_object (builder);
      if (member == NULL)
        {
          add_value (builder, "name", network->name);
          json_builder_set_member_name (builder, "external");
          json_builder_add_boolean_value (builder, TRUE);
        }
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

/* Returns: (transfer full) (nullable): %NULL where the job is on the server's networks */
static char *
dup_network_mode (const StewardDeployment *self, const StewardToolsJob *job)
{
  const StewardComposeService *service =
      steward_compose_model_get_service (self->model, self->service);

  return job->rehearsal != NULL ? g_strconcat ("container:", job->rehearsal->name, NULL)
                                : g_strdup (service->network_mode);
}

static void
add_network (JsonBuilder *builder, const StewardDeployment *self, const StewardToolsJob *job)
{
  g_autofree char *mode = dup_network_mode (self, job);

  if (mode != NULL)
    add_value (builder, "network_mode", mode);
  else
    add_networks (builder, self, JOB_SERVICE);
}

static void
add_service (JsonBuilder *builder,
             const StewardDeployment *self,
             const StewardToolsJob *job,
             const char *image,
             const char *user)
{
  const char *const entrypoint[] = { "sh", "-c", job->script, job->name, NULL };

  json_builder_begin_object (builder);
  add_value (builder, "image", image);
  add_value (builder, "user", user);
  add_value (builder, "restart", "no");
  add_value (builder, "pull_policy", "never");
  add_words (builder, "entrypoint", entrypoint, NULL);
  add_words (builder, "command", job->arguments, NULL);
  add_environment (builder, self, job);
  add_mount (builder, job->folder);
  json_builder_set_member_name (builder, "labels");
  json_builder_begin_object (builder);
  add_value (builder, STEWARD_LABEL_OPERATION, job->operation != NULL ? job->operation : "");
  add_value (builder, STEWARD_LABEL_DEPLOYMENT, self->folder);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "logging");
  json_builder_begin_object (builder);
  add_value (builder, "driver", "json-file");
  json_builder_end_object (builder);
  add_network (builder, self, job);
  json_builder_end_object (builder);
}

static char *
dup_document (const StewardDeployment *self,
              const StewardToolsJob *job,
              const char *image,
              const char *user)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  g_autofree char *mode = dup_network_mode (self, job);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "services");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, JOB_SERVICE);
  add_service (builder, self, job, image, user);
  json_builder_end_object (builder);
  if (mode == NULL)
    add_networks (builder, self, NULL);
  json_builder_end_object (builder);

  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

char *
steward_deployment_dup_tools_image (const StewardDeployment *self,
                                    GCancellable *cancellable,
                                    GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (StewardContainer) container =
      steward_deployment_find_database (self, cancellable, &local_error);

  if (container != NULL)
    return g_strdup (container->image_id);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                         _ ("The database does not run in a container of this project, so there "
                            "is no image whose pg_dump fits it. Nothing was touched."));
  return NULL;
}

/* Files that the tools write belong to whoever keeps the folder. */
static char *
dup_user (const StewardDeployment *self,
          const char *folder,
          GCancellable *cancellable,
          GError **error)
{
  const char *argv[] = { "stat", "-c", "%u:%g", folder, NULL };
  StewardCommand command = { .argv = argv };
  char *user = steward_host_call (steward_deployment_get_host (self), &command, cancellable, error);

  return user != NULL ? g_strchomp (user) : NULL;
}

gboolean
steward_deployment_start_tools_job (const StewardDeployment *self,
                                    const StewardToolsJob *job,
                                    const StewardFence *fence,
                                    GCancellable *cancellable,
                                    GError **error)
{
  g_autofree char *image = steward_deployment_dup_tools_image (self, cancellable, error);
  if (image == NULL)
    return FALSE;
  g_autofree char *user = dup_user (self, job->folder, cancellable, error);
  if (user == NULL)
    return FALSE;
  g_autofree char *document = dup_document (self, job, image, user);
  return start (self, job->name, document, fence, cancellable, error);
}

char *
steward_deployment_run_server_job (const StewardDeployment *self,
                                   const StewardServerJob *job,
                                   guint deadline_ms,
                                   const StewardFence *fence,
                                   GCancellable *cancellable,
                                   GError **error)
{
  StewardJobWatch watch = { .deadline_ms = deadline_ms };
  StewardJobStatus status;
  g_auto (StewardOutcome) outcome = { 0 };

  if (!steward_job_remove (self->engine, job->name, fence, cancellable, error)
      || !steward_deployment_start_server_job (self, job, fence, cancellable, error))
    return NULL;
  gboolean ended =
      steward_job_wait (self->engine, job->name, &watch, &status, cancellable, error)
      && steward_job_get_output (self->engine, job->name, &outcome, cancellable, error);
  if (!steward_job_remove (self->engine, job->name, fence, NULL, ended ? error : NULL) || !ended)
    return NULL;
  return g_string_free (g_steal_pointer (&outcome.output), FALSE);
}
