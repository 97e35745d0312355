/* Runs the target's migrations on the copy. */
#include <glib/gi18n-lib.h>

#include "core/deployment/job.h"
#include "core/steps/migration-run.h"

#define ROLE "migrate"

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

static StewardMigrationRun
get_run (const StewardStepContext *context)
{
  return (StewardMigrationRun){ .role = ROLE, .database = context->plan->copy_name };
}

static gboolean
remove_job (StewardStepContext *context, GError **error)
{
  return steward_migration_run_remove (context, ROLE, error);
}

static gboolean
attach (StewardStepContext *context, GError **error)
{
  StewardMigrationRun migration_run = get_run (context);

  return steward_migration_run_finish (context, &migration_run, error);
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  StewardMigrationRun migration_run = get_run (context);

  return steward_migration_run_start (context, &migration_run, error) && attach (context, error);
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
};
