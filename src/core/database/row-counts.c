/* Scanning tables for how many rows there are and which of them are new. */
#include "core/database/row-counts.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/database/query.h"

/* How many of a table's rows there are, and how many of them carry an id in the window [first,
 * first + width). */
typedef struct
{
  guint64 rows;
  guint64 rows_written;
} Scan;

static const char tables_sql[] =
    "SELECT format ('%I.%I', n.nspname, c.relname)"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'r' AND c.relpersistence <> 't'"
    " AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
    " ORDER BY 1";

static gboolean
scan_table (StewardConnection *connection,
            const StewardQuery *query,
            Scan *scan,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (StewardRows) result = steward_query_run (connection, query, cancellable, error);

  if (result == NULL)
    return FALSE;
  scan->rows = g_ascii_strtoull (PQgetvalue (result, 0, 0), NULL, 10);
  scan->rows_written =
      PQnfields (result) > 1 ? g_ascii_strtoull (PQgetvalue (result, 0, 1), NULL, 10) : 0;
  return TRUE;
}

/* Visits every table inside the transaction that is open. @what: what to count, with $1 and $2 in
 * @values */
static GHashTable *
scan_tables (StewardConnection *connection,
             const char *what,
             const char *const values[2],
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (StewardRows) tables =
      steward_query_run (connection, &(StewardQuery){ .sql = tables_sql }, cancellable, error);
  g_autoptr (GHashTable) scans = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (tables == NULL)
    return NULL;
  for (int row = 0; row < PQntuples (tables); row++)
    {
      g_autofree Scan *scan = g_new0 (Scan, 1);
      const char *table = PQgetvalue (tables, row, 0);
      g_autofree char *sql = g_strdup_printf ("SELECT %s FROM ONLY %s", what, table);
      StewardQuery query = { .sql = sql,
                             .values = { values[0], values[1] },
                             .deadline_s = STEWARD_QUERY_LONG_DEADLINE_S };

      if (!scan_table (connection, &query, scan, cancellable, error))
        {
          g_prefix_error (error, "%s: ", table);
          return NULL;
        }
      g_hash_table_insert (scans, g_strdup (table), g_steal_pointer (&scan));
    }
  return g_steal_pointer (&scans);
}

static gboolean
begin_snapshot (StewardConnection *connection, GCancellable *cancellable, GError **error)
{
  return steward_query_execute (connection,
                                &(StewardQuery){
                                    .sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" },
                                cancellable, error);
}

GHashTable *
steward_row_counts_read (StewardConnection *connection, GCancellable *cancellable, GError **error)
{
  static const char *const no_values[2] = { NULL, NULL };
  g_autoptr (GHashTable) scans = NULL;
  GHashTable *counts;
  GHashTableIter iter;
  gpointer table, scan;

  if (begin_snapshot (connection, cancellable, error))
    scans = scan_tables (connection, "count (*)", no_values, cancellable, error);
  steward_query_rollback (connection);
  if (scans == NULL)
    return NULL;

  counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_iter_init (&iter, scans);
  while (g_hash_table_iter_next (&iter, &table, &scan))
    g_hash_table_insert (counts, g_strdup (table),
                         g_memdup2 (&((Scan *)scan)->rows, sizeof (guint64)));
  return counts;
}

gboolean
steward_row_counts_note_transaction (StewardConnection *connection,
                                     guint64 *transaction_id,
                                     GCancellable *cancellable,
                                     GError **error)
{
  g_autoptr (StewardRows) result =
      steward_query_run (connection, &(StewardQuery){ .sql = "SELECT pg_current_xact_id ()::text" },
                         cancellable, error);

  if (result == NULL)
    return FALSE;
  *transaction_id = g_ascii_strtoull (PQgetvalue (result, 0, 0), NULL, 10);
  return TRUE;
}

/* The end of the window: no row that this snapshot sees has this id or a higher one. */
static gboolean
read_window (StewardConnection *connection,
             guint64 first,
             guint64 *width,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (StewardRows) result =
      steward_query_run (connection,
                         &(StewardQuery){
                             .sql = "SELECT pg_snapshot_xmax (pg_current_snapshot ())::text" },
                         cancellable, error);
  guint64 end;

  if (result == NULL)
    return FALSE;
  end = g_ascii_strtoull (PQgetvalue (result, 0, 0), NULL, 10);
  if (end < first)
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                           _ ("The transaction noted at the publish lies in the future of this "
                              "database server: it is another one, or was restored. What was "
                              "written since cannot be told."));
      return FALSE;
    }
  *width = MIN (end - first, G_GUINT64_CONSTANT (1) << 32);
  return TRUE;
}

/* A row only carries the low 32 bits of the id that wrote it, and since PostgreSQL 9.4 keeps them
 * when it is frozen. So the distance from the noted id is taken modulo 2^32 and compared with the
 * number of ids that were given out since: exact, where comparing with age() would take a row
 * frozen 2^31 transactions ago for a future one. Ids below 3 are special, and never those of a
 * transaction. */
#define SCAN_WRITTEN                                                                               \
  "count (*), count (*) FILTER (WHERE xmin::text::bigint >= 3"                                     \
  " AND (xmin::text::bigint - $1::bigint + 4294967296) % 4294967296 < $2::bigint)"

static GHashTable *
scan_written (StewardConnection *connection,
              guint64 first,
              GCancellable *cancellable,
              GError **error)
{
  g_autofree char *first_text = g_strdup_printf ("%u", (guint32)first);
  g_autofree char *width_text = NULL;
  const char *values[2] = { first_text, NULL };
  guint64 width;

  if (!begin_snapshot (connection, cancellable, error)
      || !read_window (connection, first, &width, cancellable, error))
    return NULL;
  width_text = g_strdup_printf ("%" G_GUINT64_FORMAT, width);
  values[1] = width_text;
  return scan_tables (connection, SCAN_WRITTEN, values, cancellable, error);
}

static void
add_written (GPtrArray *list, const char *table, const guint64 *before, const Scan *now)
{
  StewardWrittenTable *written;

  if (before != NULL && now != NULL && *before == now->rows && now->rows_written == 0)
    return;
  written = g_new0 (StewardWrittenTable, 1);
  written->table = g_strdup (table);
  written->rows_before = before != NULL ? *before : 0;
  written->rows_now = now != NULL ? now->rows : 0;
  written->rows_written = now != NULL ? now->rows_written : 0;
  g_ptr_array_add (list, written);
}

static int
compare_tables (gconstpointer a, gconstpointer b)
{
  const StewardWrittenTable *const *one = a;
  const StewardWrittenTable *const *other = b;

  return strcmp ((*one)->table, (*other)->table);
}

GPtrArray *
steward_row_counts_list_written (StewardConnection *connection,
                                 GHashTable *counts,
                                 guint64 transaction_id,
                                 GCancellable *cancellable,
                                 GError **error)
{
  g_autoptr (GHashTable) scans = scan_written (connection, transaction_id, cancellable, error);
  GPtrArray *list;
  GHashTableIter iter;
  gpointer table, value;

  steward_query_rollback (connection);
  if (scans == NULL)
    return NULL;
  list = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_written_table_free);
  g_hash_table_iter_init (&iter, scans);
  while (g_hash_table_iter_next (&iter, &table, &value))
    add_written (list, table, g_hash_table_lookup (counts, table), value);
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &table, &value))
    if (!g_hash_table_contains (scans, table))
      add_written (list, table, value, NULL);
  g_ptr_array_sort (list, compare_tables);
  return list;
}

void
steward_written_table_free (StewardWrittenTable *written)
{
  g_free (written->table);
  g_free (written);
}
