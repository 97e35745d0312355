/* A run of the target's migrations on a database that is not published: the copy, or a rehearsal's.
 * What the tool prints and how it exits prove nothing alone: the verdict comes from its lines and
 * the database's own record against what was announced. */
#pragma once

#include "core/deployment/rehearsal.h"
#include "core/steps/step.h"

G_BEGIN_DECLS

/**
 * StewardMigrationRun:
 * @role: names the container, see steward_step_dup_job_name()
 * @database: the database's name
 * @rehearsal: (nullable): where that database is
 */
typedef struct
{
  const char *role;
  const char *database;
  const StewardRehearsal *rehearsal;
} StewardMigrationRun;

/** steward_migration_run_start: the plan's target's, and returns. Errors: as steward_job_start() */
gboolean steward_migration_run_start (StewardStepContext *context,
                                      const StewardMigrationRun *run,
                                      GError **error);

/** steward_migration_run_finish: waits for its end and judges it. One that failed is removed, a
 * good one stays, to be read again after an interruption. Errors: those of
 * steward_migration_verdict() */
gboolean steward_migration_run_finish (StewardStepContext *context,
                                       const StewardMigrationRun *run,
                                       GError **error);

/** steward_migration_run_remove: ends and removes it; one that is not there is fine. */
gboolean
steward_migration_run_remove (StewardStepContext *context, const char *role, GError **error);

G_END_DECLS
