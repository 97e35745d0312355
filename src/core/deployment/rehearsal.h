/* A rehearsal: a throw-away PostgreSQL of the database's own image, and what is run against it. It
 * has no network but a loopback of its own, which the one-off containers of job.h share; its
 * database has a name that no other has. So nothing that goes wrong in it reaches the live one, and
 * nobody else reaches it. */
#pragma once

#include "core/database/migrations-table.h"
#include "core/deployment/deployment.h"

G_BEGIN_DECLS

/**
 * StewardRehearsal:
 * @name: its PostgreSQL's container
 * @operation: the operation's id, for the label
 * @database: the database's name
 */
typedef struct
{
  const char *name;
  const char *operation;
  const char *database;
} StewardRehearsal;

/** steward_rehearsal_start: returns before PostgreSQL answers. It stays until it is removed by
 * steward_job_remove(), its data with it. Errors: as steward_deployment_start_tools_job() */
gboolean steward_rehearsal_start (const StewardDeployment *deployment,
                                  const StewardRehearsal *rehearsal,
                                  const StewardFence *fence,
                                  GCancellable *cancellable,
                                  GError **error);

/** steward_rehearsal_get_user: Returns: (transfer none): as whom its database is entered, without a
 * password: the server's own role, which owns it */
const char *steward_rehearsal_get_user (const StewardDeployment *deployment);

/** steward_rehearsal_dup_url: Returns: (transfer full): the database, as those see it who share
 * the network. There is nothing secret in it. */
char *steward_rehearsal_dup_url (const StewardDeployment *deployment,
                                 const StewardRehearsal *rehearsal);

/** steward_rehearsal_read_migrations: its migrations as they are recorded now, asked by a relay.
 * Errors: those of steward_relay_new(), steward_connection_open() and
 * steward_migrations_table_read() */
StewardMigrationsTable *steward_rehearsal_read_migrations (const StewardDeployment *deployment,
                                                           const StewardRehearsal *rehearsal,
                                                           GCancellable *cancellable,
                                                           GError **error);

G_END_DECLS
