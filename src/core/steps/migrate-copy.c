/* Runs the target's migrations on the copy. What the tool prints and how it exits prove nothing
 * alone: the verdict comes from its lines and the copy's own record against what was announced. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/database/migrations-table.h"
#include "core/deployment/job.h"
#include "core/steps/announce.h"

#define ROLE "migrate"
/* Rarely: each glance costs what the migration could use. */
#define GLANCE_MS 1000
#define STOP_GRACE_S 5

static char *
describe (const StewardStepContext *context)
{
  const char *run[] = { "run",     "--rm",      "--no-deps",
                        "--env",   "PARSEC_DB", context->deployment->service,
                        "migrate", NULL };
  g_auto (GStrv) argv = steward_compose_project_dup_argv (context->deployment->project,
                                                          context->deployment->engine, run);

  g_autofree char *command = steward_format_command ((const char *const *)argv);
  return g_strdup_printf ("PARSEC_DB='postgresql://…/%s' %s", context->plan->copy_name, command);
}

static StewardMigrationsTable *
read_table (StewardStepContext *context, GError **error)
{
  g_autoptr (StewardConnection) connection =
      steward_step_connect (context, context->plan->copy_name, error);

  return connection != NULL
             ? steward_migrations_table_read (connection, context->cancellable, error)
             : NULL;
}

static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  g_autofree char *name = steward_step_dup_job_name (context, ROLE);
  StewardJobStatus status;

  if (steward_step_is_recorded (context, &steward_step_migrate_copy))
    {
      *state = STEWARD_STEP_DONE;
      return TRUE;
    }
  if (!steward_job_inspect (context->deployment->engine, name, &status, context->cancellable,
                            error))
    return FALSE;
  *state = status.state == STEWARD_JOB_ABSENT ? STEWARD_STEP_TODO : STEWARD_STEP_RUNNING;
  return TRUE;
}

static gboolean
remove_job (StewardStepContext *context, GError **error)
{
  g_autofree char *name = steward_step_dup_job_name (context, ROLE);
  const StewardFence *fence = steward_step_get_fence (context);

  return steward_job_stop (context->deployment->engine, name, STOP_GRACE_S, fence, NULL, error)
         && steward_job_remove (context->deployment->engine, name, fence, NULL, error);
}

/* Follows the job by the rows that it adds: its lines all come at the very end. */
static gboolean
follow (StewardStepContext *context, const char *name, guint expected, guint before, GError **error)
{
  StewardJobWatch watch = { .deadline_ms = GLANCE_MS };
  StewardJobStatus status;

  steward_progress_set_fraction (context->progress, 0.0);
  for (;;)
    {
      g_autoptr (GError) local_error = NULL;
      if (steward_job_wait (context->deployment->engine, name, &watch, &status,
                            context->cancellable, &local_error))
        return TRUE;
      if (!g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      g_autoptr (StewardMigrationsTable) table = read_table (context, NULL);
      if (table != NULL && expected > 0)
        steward_progress_set_fraction (context->progress,
                                       (double)(table->rows->len - before) / expected);
      if (!steward_job_inspect (context->deployment->engine, name, &status, context->cancellable,
                                error))
        return FALSE;
    }
}

static StewardMigrationRow *
dup_rows (const StewardMigrationsTable *table)
{
  StewardMigrationRow *rows = g_new0 (StewardMigrationRow, table->rows->len + 1);

  for (guint i = 0; i < table->rows->len; i++)
    {
      const StewardMigrationEntry *entry = table->rows->pdata[i];
      rows[i] = (StewardMigrationRow){ entry->id, entry->name };
    }
  return rows;
}

/* The rows that the copy had before: those that the dry run called applied. */
static GArray *
dup_applied (const StewardMigrationOutput *announced)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (StewardMigrationRow));

  for (guint i = 0; i < announced->migrations->len; i++)
    {
      const StewardMigration *migration = announced->migrations->pdata[i];
      StewardMigrationRow row = { migration->id, migration->name };
      if (migration->state == STEWARD_MIGRATION_APPLIED)
        g_array_append_val (rows, row);
    }
  return rows;
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const StewardMigrationRow *first = a, *second = b;

  return first->id < second->id ? -1 : first->id > second->id;
}

static gboolean
judge (StewardStepContext *context,
       const char *name,
       const StewardMigrationOutput *announced,
       GError **error)
{
  g_auto (StewardOutcome) outcome = { 0 };
  g_autoptr (StewardMigrationsTable) table = NULL;

  if (!steward_job_get_output (context->deployment->engine, name, &outcome, context->cancellable,
                               error))
    return FALSE;
  g_autoptr (StewardMigrationOutput) run =
      steward_migration_output_parse (outcome.output->str, outcome.output->len);
  for (guint i = 0; i < run->migrations->len; i++)
    {
      const StewardMigration *migration = run->migrations->pdata[i];
      steward_progress_output (context->progress, migration->file);
    }
  table = read_table (context, error);
  if (table == NULL)
    return FALSE;

  g_autoptr (GArray) before = dup_applied (announced);
  g_autofree StewardMigrationRow *after = dup_rows (table);
  qsort (after, table->rows->len, sizeof *after, compare_rows);
  StewardMigrationEvidence evidence = {
    .announced = announced,
    .run = run,
    .before = (const StewardMigrationRow *)before->data,
    .n_before = before->len,
    .after = after,
    .n_after = table->rows->len,
  };
  return steward_migration_verdict (&evidence, error);
}

static gboolean
attach (StewardStepContext *context, GError **error)
{
  g_autofree char *name = steward_step_dup_job_name (context, ROLE);
  g_autoptr (StewardMigrationOutput) announced = steward_announce_get (context, error);
  g_autoptr (GError) local_error = NULL;

  if (announced == NULL)
    return FALSE;
  g_autoptr (GPtrArray) pending = steward_migration_output_dup_pending (announced);
  gboolean is_good =
      follow (context, name, pending->len, announced->migrations->len - pending->len, &local_error)
      && judge (context, name, announced, &local_error);
  if (is_good)
    return TRUE;
  remove_job (context, NULL);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  const char *command[] = { "migrate", NULL };
  g_autofree char *name = steward_step_dup_job_name (context, ROLE);
  StewardServerJob job = {
    .name = name,
    .operation = context->plan->id,
    .image = steward_announce_get_image (context),
    .command = command,
    .database = context->plan->copy_name,
  };

  return steward_deployment_start_server_job (context->deployment, &job,
                                              steward_step_get_fence (context),
                                              context->cancellable, error)
         && attach (context, error);
}

const StewardStep steward_step_migrate_copy = {
  .id = "migrate-copy",
  .title = N_ ("Migrate the copy"),
  .weight = 10,
  .flags = STEWARD_STEP_CANCELLABLE,
  .describe = describe,
  .inspect = inspect,
  .run = run,
  .attach = attach,
  .undo = remove_job,
  .tidy = remove_job,
};
