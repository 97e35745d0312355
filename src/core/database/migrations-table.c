/* Reading the `migration` table and what is plainly wrong with it. */
#include "core/database/migrations-table.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/database/query.h"

/* File names have four digits (NNNN_name.sql). */
#define NUMBER_MAX 10000

static void
migration_free (StewardMigrationEntry *migration)
{
  g_free (migration->name);
  g_clear_pointer (&migration->applied, g_date_time_unref);
  g_free (migration);
}

void
steward_migrations_table_free (StewardMigrationsTable *migrations)
{
  g_ptr_array_unref (migrations->rows);
  g_free (migrations);
}

/* Extensions and the system's own do not count as tables of the server. */
static const char tables_sql[] =
    "SELECT format ('%I.%I', n.nspname, c.relname), c.relname = 'migration'"
    "   AND (SELECT count (*) = 3 FROM pg_attribute a WHERE a.attrelid = c.oid"
    "        AND NOT a.attisdropped AND a.attname IN ('_id', 'name', 'applied'))"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'"
    " AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
    " AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = 'pg_class'::regclass"
    "                 AND e.objid = c.oid AND e.deptype = 'e')"
    " ORDER BY 2 DESC, 1";

static GDateTime *
time_from_microseconds (const PGresult *result, int row, int column)
{
  gint64 microseconds = g_ascii_strtoll (PQgetvalue (result, row, column), NULL, 10);
  g_autoptr (GDateTime) epoch = g_date_time_new_from_unix_utc (0);

  return PQgetisnull (result, row, column) ? NULL : g_date_time_add (epoch, microseconds);
}

static gboolean
read_rows (StewardConnection *connection,
           const char *table,
           GPtrArray *rows,
           GCancellable *cancellable,
           GError **error)
{
  g_autofree char *sql =
      g_strdup_printf ("SELECT _id, name, (extract (epoch FROM applied) * 1000000)::bigint FROM %s"
                       " ORDER BY applied NULLS FIRST, _id",
                       table);
  g_autoptr (StewardRows) result =
      steward_query_run (connection, &(StewardQuery){ .sql = sql }, cancellable, error);

  if (result == NULL)
    return FALSE;
  for (int row = 0; row < PQntuples (result); row++)
    {
      StewardMigrationEntry *migration = g_new0 (StewardMigrationEntry, 1);

      migration->id = g_ascii_strtoll (PQgetvalue (result, row, 0), NULL, 10);
      migration->name = steward_query_dup (result, row, 1);
      migration->applied = time_from_microseconds (result, row, 2);
      g_ptr_array_add (rows, migration);
    }
  return TRUE;
}

StewardMigrationsTable *
steward_migrations_table_read (StewardConnection *connection,
                               GCancellable *cancellable,
                               GError **error)
{
  g_autoptr (StewardRows) tables =
      steward_query_run (connection, &(StewardQuery){ .sql = tables_sql }, cancellable, error);
  g_autoptr (StewardMigrationsTable) migrations = NULL;

  if (tables == NULL)
    return NULL;
  if (PQntuples (tables) > 1 && steward_query_is_true (tables, 1, 1))
    {
      g_set_error (
          error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
          _ ("There are several tables of migrations, %s and %s among them. Steward cannot "
             "tell which one the server uses; nothing was changed."),
          PQgetvalue (tables, 0, 0), PQgetvalue (tables, 1, 0));
      return NULL;
    }
  migrations = g_new0 (StewardMigrationsTable, 1);
  migrations->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)migration_free);
  migrations->has_table = PQntuples (tables) > 0 && steward_query_is_true (tables, 0, 1);
  migrations->has_other_tables = PQntuples (tables) > (migrations->has_table ? 1 : 0);
  if (migrations->has_table
      && !read_rows (connection, PQgetvalue (tables, 0, 0), migrations->rows, cancellable, error))
    return NULL;
  return g_steal_pointer (&migrations);
}

const StewardMigrationEntry *
steward_migrations_table_get_newest (const StewardMigrationsTable *migrations)
{
  return migrations->rows->len > 0 ? g_ptr_array_index (migrations->rows, migrations->rows->len - 1)
                                   : NULL;
}

GArray *
steward_migrations_table_list_holes (const StewardMigrationsTable *migrations)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (NULL, NULL);
  GArray *holes = g_array_new (FALSE, FALSE, sizeof (int));
  int highest = 0;

  for (guint i = 0; i < migrations->rows->len; i++)
    {
      const StewardMigrationEntry *migration = g_ptr_array_index (migrations->rows, i);

      g_hash_table_add (ids, GINT_TO_POINTER (migration->id));
      highest = MAX (highest, migration->id);
    }
  for (int id = 1; id < MIN (highest, NUMBER_MAX); id++)
    if (!g_hash_table_contains (ids, GINT_TO_POINTER (id)))
      g_array_append_val (holes, id);
  return holes;
}

gboolean
steward_migrations_table_is_emptied (const StewardMigrationsTable *migrations)
{
  return migrations->rows->len == 0 && migrations->has_other_tables;
}
