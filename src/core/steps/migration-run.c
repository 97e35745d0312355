/* Starts, follows and judges the migrations' container. */
#include "core/steps/migration-run.h"

#include "core/deployment/job.h"
#include "core/steps/announce.h"

/* Rarely: each glance costs what the migration could use. */
#define GLANCE_MS 1000
#define STOP_GRACE_S 5

gboolean
steward_migration_run_remove (StewardStepContext *context, const char *role, GError **error)
{
  g_autofree char *name = steward_step_dup_job_name (context, role);
  const StewardFence *fence = steward_step_get_fence (context);

  return steward_job_stop (context->deployment->engine, name, STOP_GRACE_S, fence, NULL, error)
         && steward_job_remove (context->deployment->engine, name, fence, NULL, error);
}

gboolean
steward_migration_run_start (StewardStepContext *context,
                             const StewardMigrationRun *run,
                             GError **error)
{
  const char *command[] = { "migrate", NULL };
  g_autofree char *name = steward_step_dup_job_name (context, run->role);
  StewardServerJob job = {
    .name = name,
    .operation = context->plan->id,
    .image = steward_announce_get_image (context),
    .command = command,
    .database = run->database,
    .rehearsal = run->rehearsal,
  };

  return steward_deployment_start_server_job (context->deployment, &job,
                                              steward_step_get_fence (context),
                                              context->cancellable, error);
}

static StewardMigrationsTable *
read_table (StewardStepContext *context, const StewardMigrationRun *run, GError **error)
{
  if (run->rehearsal != NULL)
    return steward_rehearsal_read_migrations (context->deployment, run->rehearsal,
                                              context->cancellable, error);
  g_autoptr (StewardConnection) connection = steward_step_connect (context, run->database, error);

  return connection != NULL
             ? steward_migrations_table_read (connection, context->cancellable, error)
             : NULL;
}

/* Follows the job by the rows that it adds: its lines all come at the very end. A
 * rehearsal's are not looked at meanwhile: each look needs a way into it. */
static gboolean
follow (StewardStepContext *context,
        const StewardMigrationRun *run,
        const StewardMigrationOutput *announced,
        GError **error)
{
  g_autofree char *name = steward_step_dup_job_name (context, run->role);
  g_autoptr (GPtrArray) pending = steward_migration_output_dup_pending (announced);
  guint before = announced->migrations->len - pending->len;
  StewardJobWatch watch = { .deadline_ms = run->rehearsal == NULL ? GLANCE_MS : 0 };
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
      g_autoptr (StewardMigrationsTable) table = read_table (context, run, NULL);
      if (table != NULL && pending->len > 0)
        steward_progress_set_fraction (context->progress,
                                       (double)(table->rows->len - before) / pending->len);
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
       const StewardMigrationRun *run,
       const StewardMigrationOutput *announced,
       GError **error)
{
  g_autofree char *name = steward_step_dup_job_name (context, run->role);
  g_auto (StewardOutcome) outcome = { 0 };
  g_autoptr (StewardMigrationsTable) table = NULL;

  if (!steward_job_get_output (context->deployment->engine, name, &outcome, context->cancellable,
                               error))
    return FALSE;
  g_autoptr (StewardMigrationOutput) told =
      steward_migration_output_parse (outcome.output->str, outcome.output->len);
  for (guint i = 0; i < told->migrations->len; i++)
    {
      const StewardMigration *migration = told->migrations->pdata[i];
      steward_progress_output (context->progress, migration->file);
    }
  table = read_table (context, run, error);
  if (table == NULL)
    return FALSE;

  g_autoptr (GArray) before = dup_applied (announced);
  g_autofree StewardMigrationRow *after = dup_rows (table);
  qsort (after, table->rows->len, sizeof *after, compare_rows);
  StewardMigrationEvidence evidence = {
    .announced = announced,
    .run = told,
    .before = (const StewardMigrationRow *)before->data,
    .n_before = before->len,
    .after = after,
    .n_after = table->rows->len,
  };
  return steward_migration_verdict (&evidence, error);
}

gboolean
steward_migration_run_finish (StewardStepContext *context,
                              const StewardMigrationRun *run,
                              GError **error)
{
  g_autoptr (StewardMigrationOutput) announced = steward_announce_get (context, error);
  g_autoptr (GError) local_error = NULL;

  if (announced == NULL)
    return FALSE;
  if (follow (context, run, announced, &local_error)
      && judge (context, run, announced, &local_error))
    return TRUE;
  steward_migration_run_remove (context, run->role, NULL);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
