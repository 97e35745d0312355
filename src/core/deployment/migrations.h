/* Which migrations an image would apply to a deployment's database, and what they would destroy. */
#pragma once

#include "core/database/migrations-table.h"
#include "core/deployment/deployment.h"
#include "core/probe/migration-output.h"

G_BEGIN_DECLS

/**
 * steward_deployment_dry_run:
 * @job_name: the one-off container's name; it is removed afterwards
 * @operation: (nullable): the operation's id
 *
 * Asks an image, which must be on the engine, what it would apply to the live database. Only reads.
 *
 * Returns: (transfer full) (nullable): what it printed, see migration-output.h.
 * Errors: those of steward_job_start(), steward_migration_output_check()
 */
char *steward_deployment_dry_run (const StewardDeployment *self,
                                  const char *image,
                                  const char *job_name,
                                  const char *operation,
                                  const StewardFence *fence,
                                  GCancellable *cancellable,
                                  GError **error);

/** steward_deployment_check_migrations: whether the table fits what the image announces: no holes,
 * not emptied, nothing newer than the image knows. Pure. Errors: %STEWARD_ERROR_REFUSED, with a
 * sentence for each */
gboolean steward_deployment_check_migrations (const StewardMigrationOutput *announced,
                                              const StewardMigrationsTable *table,
                                              GError **error);

/** StewardPendingMigration: @risks: (nullable) (element-type StewardSqlRisk): %NULL where the image
 * does not let one read its SQL */
typedef struct
{
  char *file;
  GPtrArray *risks;
} StewardPendingMigration;

void steward_pending_migration_free (StewardPendingMigration *pending);

/** steward_deployment_list_pending: @announced: a dry run of @image.
 * Returns: (transfer full) (element-type StewardPendingMigration): in the order of application */
GPtrArray *steward_deployment_list_pending (const StewardDeployment *self,
                                            const char *image,
                                            const StewardMigrationOutput *announced,
                                            GCancellable *cancellable,
                                            GError **error);

G_END_DECLS
