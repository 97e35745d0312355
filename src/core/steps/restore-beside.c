/* Makes the database that a rollback will publish, beside the live one and while the server still
 * runs: a backup restored, or a copy of a set-aside database. */
#include <glib/gi18n-lib.h>

#include "core/database/copy.h"
#include "core/steps/databases.h"
#include "core/steps/proof.h"
#include "core/steps/properties.h"
#include "core/steps/tool-scripts.h"
#include "core/steps/tools.h"

#define ROLE "restore"
/* Source: measured on two cores; more jobs only help where there are more. */
#define RESTORE_JOBS "2"

static char *
describe (const StewardStepContext *context)
{
  if (context->plan->source_database != NULL)
    {
      g_autofree char *sql =
          g_strdup_printf ("CREATE DATABASE \"%s\" TEMPLATE \"%s\"", context->plan->copy_name,
                           context->plan->source_database);
      return steward_deployment_describe_sql (context->deployment, sql);
    }
  g_autofree char *path = steward_store_dup_dump_path (context->store, context->plan->backup_id);
  const char *argv[] = { "pg_restore", "--exit-on-error",        "-j", RESTORE_JOBS,
                         "-d",         context->plan->copy_name, path, NULL };
  return steward_format_command (argv);
}

static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  g_autoptr (StewardDatabase) copy = NULL;
  g_autoptr (StewardConnection) connection = steward_step_look (context, error);
  guint32 oid = steward_databases_get_copy_oid (context);

  if (connection == NULL
      || !steward_databases_find_named (context, connection, context->plan->copy_name, &copy,
                                        error))
    return FALSE;
  if (copy == NULL)
    *state = STEWARD_STEP_TODO;
  else if (copy->oid != oid)
    *state = STEWARD_STEP_STALE;
  else if (steward_step_is_recorded (context, &steward_step_restore_beside))
    *state = STEWARD_STEP_DONE;
  else if (context->plan->source_database != NULL)
    *state = STEWARD_STEP_STALE;
  else
    {
      if (!steward_tool_inspect (context, ROLE, state, error))
        return FALSE;
      if (*state == STEWARD_STEP_TODO)
        *state = STEWARD_STEP_STALE;
    }
  return TRUE;
}

static gboolean
record_oid (StewardStepContext *context, guint32 oid, GError **error)
{
  JsonObject *facts = json_object_new ();

  json_object_set_int_member (facts, "oid", oid);
  return steward_step_record (context, &steward_step_restore_beside, facts, error);
}

static gboolean
make_database (StewardStepContext *context, GError **error)
{
  const StewardPlan *plan = context->plan;
  const char *model = plan->source_database != NULL ? plan->source_database : plan->live_name;
  g_autofree char *comment = steward_databases_dup_comment (context, "copy");
  g_autoptr (StewardConnection) connection = steward_step_connect (context, NULL, error);
  if (connection == NULL)
    return FALSE;
  g_autoptr (StewardDatabase) source =
      steward_cluster_find_database (connection, model, context->cancellable, error);
  if (source == NULL)
    return FALSE;

  StewardCopy copy = { .source = source, .name = plan->copy_name, .comment = comment };
  guint32 oid = plan->source_database != NULL
                    ? steward_copy_create (connection, &copy, context->cancellable, error)
                    : steward_copy_create_empty (connection, &copy, context->cancellable, error);
  return oid != 0 && record_oid (context, oid, error)
         && steward_properties_replay (context, connection, plan->live_name, oid, error);
}

/* The restore's own arguments, from the backup's passport. */
static gboolean
finish (StewardStepContext *context,
        gboolean (*begin) (StewardStepContext *, const StewardToolRun *, GError **),
        GError **error)
{
  g_auto (StewardToolReport) report = { 0 };
  g_autoptr (StewardBackup) backup = steward_proof_find (context, error);
  if (backup == NULL)
    return FALSE;
  g_autofree char *file = g_path_get_basename (backup->dump_path);
  const char *arguments[] = { file, RESTORE_JOBS, backup->passport->dump_sha256, NULL };
  StewardToolRun tool_run = {
    .role = ROLE,
    .script = steward_tool_script_restore,
    .arguments = arguments,
    .database = context->plan->copy_name,
    .expected_bytes = backup->passport->database_bytes,
  };

  if (begin != NULL && !begin (context, &tool_run, error))
    return FALSE;
  if (steward_tool_finish (context, &tool_run, &report, error))
    return steward_tool_remove (context, ROLE, error);
  steward_proof_note_failure (context, backup, &report);
  return FALSE;
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  return make_database (context, error)
         && (context->plan->source_database != NULL || finish (context, steward_tool_start, error));
}

static gboolean
attach (StewardStepContext *context, GError **error)
{
  return finish (context, NULL, error);
}

static gboolean
undo (StewardStepContext *context, GError **error)
{
  return steward_tool_remove (context, ROLE, error) && steward_databases_drop_copy (context, error);
}

const StewardStep steward_step_restore_beside = {
  .id = "restore-beside",
  .title = N_ ("Restore beside the live database"),
  .weight = 25,
  .flags = STEWARD_STEP_CANCELLABLE,
  .describe = describe,
  .inspect = inspect,
  .run = run,
  .attach = attach,
  .undo = undo,
};
