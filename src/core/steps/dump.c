/* Dumps the live database to the server's disk, in a container of the database's own image, while
 * clients go on writing. A dump becomes a backup with its passport; until then it is a partial
 * file. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/database/cluster.h"
#include "core/database/migrations-table.h"
#include "core/engine/image.h"
#include "core/steps/tool-scripts.h"
#include "core/steps/tools.h"

#define ROLE "dump"

static char *
describe (const StewardStepContext *context)
{
  const char *dump[] = { "exec",
                         "--no-TTY",
                         "DATABASE-SERVICE",
                         "pg_dump",
                         "--format=custom",
                         "--compress=1",
                         "--username",
                         "",
                         context->plan->live_name,
                         NULL };

  dump[2] = steward_deployment_get_database_service (context->deployment);
  dump[7] = context->deployment->database->user != NULL ? context->deployment->database->user : "";
  g_auto (GStrv) argv = steward_compose_project_dup_argv (context->deployment->project,
                                                          context->deployment->engine, dump);
  g_autofree char *command = steward_format_command ((const char *const *)argv);
  g_autofree char *path = steward_store_dup_dump_path (context->store, context->plan->backup_id);
  g_autofree char *quoted = g_shell_quote (path);

  return g_strdup_printf ("%s > %s", command, quoted);
}

static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (StewardBackup) backup = steward_backup_find (context->store, context->plan->backup_id,
                                                          context->cancellable, &local_error);

  if (backup != NULL && backup->state == STEWARD_BACKUP_COMPLETE)
    {
      *state = STEWARD_STEP_DONE;
      return TRUE;
    }
  if (backup == NULL && !g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return steward_tool_inspect (context, ROLE, state, error);
}

/* What the passport says of the database; asked before the dump and kept in the journal, as whoever
 * finishes the dump may be another process. */
static JsonObject *
gather_facts (StewardStepContext *context, GError **error)
{
  g_autoptr (StewardConnection) connection =
      steward_deployment_connect (context->deployment, context->plan->live_name, NULL,
                                  context->cancellable, error);
  if (connection == NULL)
    return NULL;
  g_autoptr (StewardDatabase) database =
      steward_cluster_find_database (connection, context->plan->live_name, context->cancellable,
                                     error);
  if (database == NULL)
    return NULL;
  g_autoptr (StewardMigrationsTable) migrations =
      steward_migrations_table_read (connection, context->cancellable, error);
  if (migrations == NULL)
    return NULL;

  JsonObject *facts = json_object_new ();
  json_object_set_int_member (facts, "database_bytes", MAX (database->size_bytes, 0));
  json_object_set_int_member (facts, "postgres_version",
                              steward_connection_get_server_version (connection));
  const StewardMigrationEntry *newest = steward_migrations_table_get_newest (migrations);
  if (newest != NULL)
    {
      g_autofree char *name = g_strdup_printf ("%04u_%s", newest->id, newest->name);
      json_object_set_string_member (facts, "last_migration", name);
    }
  return facts;
}

static guint64
get_size (StewardStepContext *context)
{
  JsonObject *facts = steward_step_get_facts (context, &steward_step_dump);

  return facts != NULL ? json_object_get_int_member_with_default (facts, "database_bytes", 0) : 0;
}

/* Reads a digest where there is one; an image that no registry has seen has none. */
static char *
dup_digest (StewardStepContext *context, const char *image_id)
{
  g_autoptr (StewardImage) image =
      image_id != NULL ? steward_engine_inspect_image (context->deployment->engine, image_id,
                                                       context->cancellable, NULL)
                       : NULL;
  const char *digest =
      image != NULL && image->repo_digests[0] != NULL ? strchr (image->repo_digests[0], '@') : NULL;

  return digest != NULL ? g_strdup (digest + 1) : NULL;
}

static void
fill_origin (StewardStepContext *context, StewardPassport *passport)
{
  const StewardPlan *plan = context->plan;
  const StewardPlannedFile *compose = plan->files->len > 0 ? plan->files->pdata[0] : NULL;
  const StewardComposeService *service =
      steward_compose_model_get_service (context->deployment->model, context->deployment->service);
  g_autoptr (StewardContainer) container =
      steward_deployment_find_database (context->deployment, context->cancellable, NULL);

  passport->server_tag = g_strdup (plan->from_tag);
  passport->server_image = g_strdup (plan->from_image);
  passport->server_digest = dup_digest (context, plan->from_image_id);
  passport->compose_hash = compose != NULL ? g_strdup (compose->before_sha256) : NULL;
  passport->blockstore = g_strdup (g_hash_table_lookup (service->environment, "PARSEC_BLOCKSTORE"));
  if (container != NULL)
    {
      passport->database_image = g_strdup (container->image);
      passport->database_digest = dup_digest (context, container->image_id);
    }
}

static StewardPassport *
make_passport (StewardStepContext *context, StewardToolReport *report)
{
  const StewardPlan *plan = context->plan;
  StewardPassport *passport = steward_passport_new ();
  JsonObject *facts = steward_step_get_facts (context, &steward_step_dump);

  passport->id = g_strdup (plan->backup_id);
  passport->made_s = report->snapshot_s;
  passport->reason = plan->kind == STEWARD_OPERATION_UPGRADE
                         ? g_strconcat (STEWARD_REASON_UPGRADE, plan->to_tag, NULL)
                         : g_strdup (STEWARD_REASON_BY_HAND);
  passport->user = g_strdup (g_get_user_name ());
  passport->machine = g_strdup (g_get_host_name ());
  passport->client = g_strdup (g_get_prgname ());
  passport->system_identifier = g_strdup (plan->system_identifier);
  passport->database = g_strdup (plan->live_name);
  if (facts != NULL)
    {
      passport->database_bytes = get_size (context);
      passport->postgres_version =
          json_object_get_int_member_with_default (facts, "postgres_version", 0);
      passport->last_migration =
          g_strdup (json_object_get_string_member_with_default (facts, "last_migration", NULL));
    }
  passport->dump_format = g_strdup ("custom");
  passport->dump_bytes = report->bytes;
  passport->dump_sha256 = g_steal_pointer (&report->sha256);
  passport->compression = g_steal_pointer (&report->compression);
  g_ptr_array_unref (passport->tables);
  passport->tables = g_steal_pointer (&report->tables);
  fill_origin (context, passport);
  steward_store_get_now (context->store, &passport->written_s, NULL, NULL);
  /* The snapshot's time is the database's, and exact; the store's may be late by a second. */
  passport->written_s = MAX (passport->written_s, passport->made_s);
  passport->duration_ms = 1000 * (passport->written_s - passport->made_s);
  return passport;
}

static void
get_run (StewardStepContext *context, StewardToolRun *run, const char **arguments, const char *file)
{
  arguments[0] = file;
  arguments[1] = NULL;
  *run = (StewardToolRun){
    .role = ROLE,
    .script = steward_tool_script_dump,
    .arguments = arguments,
    .database = context->plan->live_name,
    .expected_bytes = get_size (context),
  };
}

static gboolean
finish (StewardStepContext *context, const StewardToolRun *run, GError **error)
{
  g_auto (StewardToolReport) report = { 0 };

  if (!steward_tool_finish (context, run, &report, error))
    return FALSE;
  g_autoptr (StewardPassport) passport = make_passport (context, &report);
  return steward_backup_complete (context->store, passport, steward_step_get_fence (context), NULL,
                                  error)
         && steward_tool_remove (context, ROLE, error);
}

static char *
dup_partial_name (StewardStepContext *context)
{
  g_autofree char *path = steward_store_dup_partial_path (context->store, context->plan->backup_id);

  return g_path_get_basename (path);
}

static gboolean
attach (StewardStepContext *context, GError **error)
{
  g_autofree char *file = dup_partial_name (context);
  const char *arguments[2];
  StewardToolRun run;

  get_run (context, &run, arguments, file);
  return finish (context, &run, error);
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  g_autofree char *file = dup_partial_name (context);
  const char *arguments[2];
  StewardToolRun tool_run;
  JsonObject *facts = gather_facts (context, error);

  if (facts == NULL || !steward_step_record (context, &steward_step_dump, facts, error))
    return FALSE;
  get_run (context, &tool_run, arguments, file);
  return steward_tool_start (context, &tool_run, error) && finish (context, &tool_run, error);
}

/* A finished backup stays: it is worth keeping whatever becomes of the operation. */
static gboolean
undo (StewardStepContext *context, GError **error)
{
  g_autofree char *partial =
      steward_store_dup_partial_path (context->store, context->plan->backup_id);

  return steward_tool_remove (context, ROLE, error)
         && steward_host_remove (steward_deployment_get_host (context->deployment), partial,
                                 steward_step_get_fence (context), context->cancellable, error);
}

const StewardStep steward_step_dump = {
  .id = "dump",
  .title = N_ ("Dump the database"),
  .weight = 25,
  .flags = STEWARD_STEP_CANCELLABLE,
  .describe = describe,
  .inspect = inspect,
  .run = run,
  .attach = attach,
  .undo = undo,
};
