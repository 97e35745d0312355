/* Reading the table of migrations, and what is wrong with it. */
#include "cluster-fixture.h"
#include "core/base/error.h"
#include "core/database/migrations-table.h"

static StewardMigrationsTable *
read_after (const char *sql, GError **error)
{
  g_autoptr (StewardConnection) connection = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  g_free (cluster_sql (cluster_get (), "parsec", sql));
  connection = cluster_open (cluster_get (), CLUSTER_OWNER, "parsec");
  return steward_migrations_table_read (connection, NULL, error);
}

static void
test_reads_rows (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardMigrationsTable) migrations = read_after ("SELECT 1", &error);
  g_autoptr (GArray) holes = NULL;
  g_autofree char *applied = NULL;
  const StewardMigrationEntry *first;

  g_assert_no_error (error);
  g_assert_cmpuint (migrations->rows->len, ==, 2);
  first = g_ptr_array_index (migrations->rows, 0);
  applied = g_date_time_format (first->applied, "%FT%T.%f%z");
  g_assert_cmpint (first->id, ==, 1);
  g_assert_cmpstr (first->name, ==, "initial");
  g_assert_cmpstr (applied, ==, "2026-01-02T03:04:05.678901+0000");
  g_assert_true (migrations->has_table && migrations->has_other_tables);
  g_assert_cmpint (steward_migrations_table_get_newest (migrations)->id, ==, 2);
  holes = steward_migrations_table_list_holes (migrations);
  g_assert_cmpuint (holes->len, ==, 0);
  g_assert_false (steward_migrations_table_is_emptied (migrations));
}

static void
test_newest_is_by_time (void)
{
  g_autoptr (StewardMigrationsTable) migrations =
      read_after ("UPDATE migration SET applied = now () WHERE _id = 1", NULL);

  g_assert_cmpint (steward_migrations_table_get_newest (migrations)->id, ==, 1);
}

static void
test_finds_holes (void)
{
  g_autoptr (StewardMigrationsTable) migrations = read_after (
      "INSERT INTO migration VALUES (5, 'fifth', now ()), (2000000000, 'rubbish', now ());"
      "DELETE FROM migration WHERE _id = 1",
      NULL);
  g_autoptr (GArray) holes = steward_migrations_table_list_holes (migrations);

  g_assert_cmpuint (holes->len, ==, 9997);
  g_assert_cmpint (g_array_index (holes, int, 0), ==, 1);
  g_assert_cmpint (g_array_index (holes, int, 1), ==, 3);
  g_assert_cmpint (g_array_index (holes, int, 2), ==, 4);
  g_assert_cmpint (g_array_index (holes, int, 3), ==, 6);
}

static void
test_notices_emptied_table (void)
{
  g_autoptr (StewardMigrationsTable) migrations = read_after ("DELETE FROM migration", NULL);

  g_assert_true (migrations->has_table);
  g_assert_true (steward_migrations_table_is_emptied (migrations));
  g_assert_null (steward_migrations_table_get_newest (migrations));
}

static void
test_missing_table_is_no_error (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardMigrationsTable) migrations =
      read_after ("DROP TABLE migration, \"odd \"\"name\"", &error);

  g_assert_no_error (error);
  g_assert_false (migrations->has_table || migrations->has_other_tables);
  g_assert_false (steward_migrations_table_is_emptied (migrations));
}

static void
test_finds_table_in_other_schema (void)
{
  g_autoptr (StewardMigrationsTable) migrations =
      read_after ("CREATE SCHEMA \"other one\" AUTHORIZATION \"" CLUSTER_OWNER "\";"
                  "ALTER TABLE migration SET SCHEMA \"other one\"",
                  NULL);

  g_assert_cmpuint (migrations->rows->len, ==, 2);
}

static void
test_refuses_two_tables (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (read_after ("CREATE SCHEMA a; CREATE TABLE a.migration"
                             " (_id INTEGER, name TEXT, applied TIMESTAMP)",
                             &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "a.migration"));
}

static void
test_passes_over_table_of_other_shape (void)
{
  g_autoptr (StewardMigrationsTable) migrations =
      read_after ("CREATE SCHEMA a; CREATE TABLE a.migration (version TEXT)", NULL);

  g_assert_cmpuint (migrations->rows->len, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/migrations-table/reads-rows", test_reads_rows);
  g_test_add_func ("/migrations-table/newest-is-by-time", test_newest_is_by_time);
  g_test_add_func ("/migrations-table/finds-holes", test_finds_holes);
  g_test_add_func ("/migrations-table/notices-emptied-table", test_notices_emptied_table);
  g_test_add_func ("/migrations-table/missing-table-is-no-error", test_missing_table_is_no_error);
  g_test_add_func ("/migrations-table/finds-table-in-other-schema",
                   test_finds_table_in_other_schema);
  g_test_add_func ("/migrations-table/refuses-two-tables", test_refuses_two_tables);
  g_test_add_func ("/migrations-table/passes-over-table-of-other-shape",
                   test_passes_over_table_of_other_shape);
  return cluster_run ();
}
