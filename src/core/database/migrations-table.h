/* The table in which a Parsec server records its migrations: `migration (_id, name, applied)`. What
 * the rows mean for a target version is decided elsewhere. */
#pragma once

#include "core/database/connection.h"

G_BEGIN_DECLS

/**
 * StewardMigrationEntry:
 * @id: 13 of `0013_account.sql`
 * @name: `account`: without number and ending
 * @applied: (nullable): when it was applied
 */
typedef struct
{
  int id;
  char *name;
  GDateTime *applied;
} StewardMigrationEntry;

/**
 * StewardMigrationsTable:
 * @rows: (element-type StewardMigrationEntry): in the order of application, then of number
 * @has_table: whether there is a table `migration`
 * @has_other_tables: whether there are others
 */
typedef struct
{
  GPtrArray *rows;
  gboolean has_table;
  gboolean has_other_tables;
} StewardMigrationsTable;

/**
 * steward_migrations_table_read:
 * @connection: in the database that is asked about
 *
 * Reads the table, in whatever schema it lies. A missing or empty one is no error.
 *
 * Errors: %STEWARD_ERROR_INVALID (several such tables), %STEWARD_ERROR_DENIED,
 * %STEWARD_ERROR_UNREACHABLE, %STEWARD_ERROR_FAILED.
 */
StewardMigrationsTable *steward_migrations_table_read (StewardConnection *connection,
                                                       GCancellable *cancellable,
                                                       GError **error);
void steward_migrations_table_free (StewardMigrationsTable *migrations);

/** steward_migrations_table_get_newest: pure. Returns: (transfer none) (nullable): where the
 * database is: the one applied last, not the highest number */
const StewardMigrationEntry *
steward_migrations_table_get_newest (const StewardMigrationsTable *migrations);

/** steward_migrations_table_list_holes: pure. Returns: (transfer full) (element-type int): the
 * numbers from 1 up to the highest that have no row; empty where all is well */
GArray *steward_migrations_table_list_holes (const StewardMigrationsTable *migrations);

/** steward_migrations_table_is_emptied: pure. Returns: whether there are tables but no rows: a
 * Parsec server would take it for a new database and apply everything again */
gboolean steward_migrations_table_is_emptied (const StewardMigrationsTable *migrations);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardMigrationsTable, steward_migrations_table_free)

G_END_DECLS
