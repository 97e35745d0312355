/* Rows per table, and what was written since a noted transaction. */
#include "cluster-fixture.h"
#include "core/base/error.h"
#include "core/database/row-counts.h"

#define ODD_TABLE "public.\"odd \"\"name\""

static guint64
get_count (GHashTable *counts, const char *table)
{
  const guint64 *rows = g_hash_table_lookup (counts, table);

  g_assert_nonnull (rows);
  return *rows;
}

static void
test_counts_ordinary_tables (void)
{
  g_autoptr (StewardConnection) connection = NULL;
  g_autoptr (GHashTable) counts = NULL;
  g_autoptr (GError) error = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  g_free (cluster_sql (cluster_get (), "parsec",
                       "SET ROLE \"" CLUSTER_OWNER "\";"
                       "CREATE VIEW v AS SELECT 1;"
                       "CREATE TABLE \"É\" (n INTEGER) PARTITION BY LIST (n);"
                       "CREATE TABLE part PARTITION OF \"É\" FOR VALUES IN (1);"
                       "INSERT INTO \"É\" VALUES (1);"
                       "CREATE TABLE child () INHERITS (migration);"
                       "INSERT INTO child VALUES (9, 'child', now ())"));
  connection = cluster_open (cluster_get (), CLUSTER_OWNER, "parsec");
  counts = steward_row_counts_read (connection, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (counts), ==, 4);
  g_assert_cmpuint (get_count (counts, "public.migration"), ==, 2);
  g_assert_cmpuint (get_count (counts, ODD_TABLE), ==, 3);
  g_assert_cmpuint (get_count (counts, "public.part"), ==, 1);
  g_assert_cmpuint (get_count (counts, "public.child"), ==, 1);
}

static void
test_says_unreadable_table (void)
{
  g_autoptr (StewardConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  connection = cluster_open (cluster_get (), CLUSTER_PLAIN, "parsec");
  g_assert_null (steward_row_counts_read (connection, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_nonnull (strstr (error->message, "public."));
}

/* Each line: what happens after the publish, and which table must be named for it. */
static const struct
{
  const char *sql;
  const char *table; /* NULL: none */
  guint64 rows_now;
  guint64 rows_written;
} cases[] = {
  { "SELECT 1", NULL },
  { "SELECT * FROM migration FOR UPDATE", NULL },
  { "BEGIN; INSERT INTO migration VALUES (3, 'x', now ()); ROLLBACK", NULL },
  { "VACUUM FREEZE", NULL },
  { "VACUUM FULL", NULL },
  { "INSERT INTO migration VALUES (3, 'x', now ())", "public.migration", 3, 1 },
  { "UPDATE migration SET name = 'x' WHERE _id = 2", "public.migration", 2, 1 },
  { "DELETE FROM migration WHERE _id = 2", "public.migration", 1, 0 },
  { "TRUNCATE migration", "public.migration", 0, 0 },
  { "BEGIN; DELETE FROM migration WHERE _id = 2; INSERT INTO migration VALUES (3, 'x', now ()); "
    "COMMIT",
    "public.migration", 2, 1 },
  { "UPDATE migration SET name = 'x' WHERE _id = 2; VACUUM FREEZE", "public.migration", 2, 1 },
  { "UPDATE migration SET name = 'x' WHERE _id = 2; VACUUM FULL migration", "public.migration", 2,
    1 },
  { "UPDATE migration SET name = 'x' WHERE _id = 2; VACUUM FULL migration; VACUUM FREEZE migration",
    "public.migration", 2, 1 },
  { "CREATE TABLE fresh ()", "public.fresh", 0, 0 },
  { "DROP TABLE migration", "public.migration", 0, 0 },
};

static void
run_each (const char *sql)
{
  g_auto (GStrv) statements = NULL;

  if (g_str_has_prefix (sql, "BEGIN"))
    {
      g_free (cluster_sql (cluster_get (), "parsec", sql));
      return;
    }
  statements = g_strsplit (sql, "; ", -1);
  for (guint i = 0; statements[i] != NULL; i++)
    g_free (cluster_sql (cluster_get (), "parsec", statements[i]));
}

static void
test_lists_written (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (StewardConnection) maintenance = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (StewardConnection) connection = NULL;
  g_autoptr (GHashTable) counts = NULL;
  g_autoptr (GPtrArray) written = NULL;
  g_autoptr (GError) error = NULL;
  const StewardWrittenTable *table;
  guint64 noted;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  connection = cluster_open (cluster_get (), CLUSTER_SUPERUSER, "parsec");
  counts = steward_row_counts_read (connection, NULL, NULL);
  g_assert_true (steward_row_counts_note_transaction (maintenance, &noted, NULL, &error));
  run_each (cases[i].sql);
  written = steward_row_counts_list_written (connection, counts, noted, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (written->len, ==, cases[i].table != NULL ? 1 : 0);
  if (cases[i].table == NULL)
    return;
  table = g_ptr_array_index (written, 0);
  g_assert_cmpstr (table->table, ==, cases[i].table);
  g_assert_cmpuint (table->rows_now, ==, cases[i].rows_now);
  g_assert_cmpuint (table->rows_written, ==, cases[i].rows_written);
}

static void
test_everything_is_newer_than_long_ago (void)
{
  g_autoptr (StewardConnection) connection = NULL;
  g_autoptr (GHashTable) counts = NULL;
  g_autoptr (GPtrArray) written = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  connection = cluster_open (cluster_get (), CLUSTER_OWNER, "parsec");
  counts = steward_row_counts_read (connection, NULL, NULL);
  written = steward_row_counts_list_written (connection, counts, 3, NULL, NULL);
  g_assert_cmpuint (written->len, ==, 2);
}

static void
test_refuses_future_transaction (void)
{
  g_autoptr (StewardConnection) connection = NULL;
  g_autoptr (GHashTable) counts = NULL;
  g_autoptr (GError) error = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  connection = cluster_open (cluster_get (), CLUSTER_OWNER, "parsec");
  counts = steward_row_counts_read (connection, NULL, NULL);
  g_assert_null (steward_row_counts_list_written (connection, counts, G_GUINT64_CONSTANT (1) << 40,
                                                  NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/row-counts/counts-ordinary-tables", test_counts_ordinary_tables);
  g_test_add_func ("/row-counts/says-unreadable-table", test_says_unreadable_table);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/row-counts/lists-written/%u", i);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_lists_written);
    }
  g_test_add_func ("/row-counts/everything-is-newer-than-long-ago",
                   test_everything_is_newer_than_long_ago);
  g_test_add_func ("/row-counts/refuses-future-transaction", test_refuses_future_transaction);
  return cluster_run ();
}
