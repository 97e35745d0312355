/* Copies, empty databases alike, and dropping them. */
#include "cluster-fixture.h"
#include "core/base/error.h"
#include "core/database/copy.h"
#include "core/database/set-aside.h"

#define COPY "steward_0f3a 'copy\""
#define MARK STEWARD_DATABASE_MARK "copy"
#define CREATING                                                                                   \
  "SELECT count (*) = 1 FROM pg_stat_activity WHERE state = 'active'"                              \
  " AND query LIKE 'CREATE DATABASE \"steward%'"

static void
assert_gone (const char *name)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_cluster_find_database (connection, name, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
}

static void
test_copies_from_closed_source (gconstpointer user)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), user);
  g_autoptr (StewardDatabase) source = NULL;
  g_autoptr (StewardDatabase) copy = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *rows = NULL;
  guint32 oid;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  g_free (
      cluster_sql (cluster_get (), "postgres", "ALTER DATABASE parsec ALLOW_CONNECTIONS false"));
  source = cluster_find (connection, "parsec");
  oid = steward_copy_create (connection, &(StewardCopy){ source, COPY, MARK }, NULL, &error);
  g_assert_no_error (error);
  copy = cluster_find (connection, COPY);
  rows = cluster_sql (cluster_get (), COPY, "SELECT sum (n) FROM \"odd \"\"name\"");
  g_assert_cmpuint (copy->oid, ==, oid);
  g_assert_cmpstr (copy->owner, ==, CLUSTER_OWNER);
  g_assert_cmpstr (copy->comment, ==, MARK);
  g_assert_true (copy->allows_connections);
  g_assert_cmpstr (rows, ==, "6");
}

/* As after an update of the system's C library. */
static void
test_copies_despite_other_collation_version (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (StewardDatabase) source = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *version = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  if (steward_connection_get_server_version (connection) >= 150000)
    g_free (cluster_sql (cluster_get (), "postgres",
                         "UPDATE pg_database SET datcollversion = '0.1' WHERE datname = 'parsec'"));
  source = cluster_find (connection, "parsec");
  steward_copy_create (connection, &(StewardCopy){ source, COPY, MARK }, NULL, &error);
  g_assert_no_error (error);
  version =
      cluster_sql (cluster_get (), "postgres",
                   "SELECT count (*) FROM pg_database d GROUP BY to_jsonb (d) ->> 'datcollversion'"
                   " HAVING 'parsec' = any (array_agg (datname))");
  g_assert_cmpstr (version, ==,
                   steward_connection_get_server_version (connection) >= 150000 ? "2" : "5");
}

static void
test_empty_is_alike (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (StewardDatabase) source = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *differing = NULL;
  g_autofree char *tables = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "other");
  g_free (cluster_sql (cluster_get (), "postgres",
                       "CREATE DATABASE parsec TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C'"
                       " LC_CTYPE 'POSIX' OWNER \"" CLUSTER_OWNER "\""));
  cluster_session (cluster_get (), CLUSTER_FOREIGN, "parsec", "SELECT 1");
  source = cluster_find (connection, "parsec");
  steward_copy_create_empty (connection, &(StewardCopy){ source, COPY, MARK }, NULL, &error);
  g_assert_no_error (error);
  differing =
      cluster_sql (cluster_get (), "postgres",
                   "SELECT count (DISTINCT (datdba, encoding, datcollate, datctype, to_jsonb (d) "
                   "->> 'datlocprovider'))"
                   " FROM pg_database d WHERE datname = 'parsec' OR datname LIKE 'steward%'");
  tables = cluster_sql (cluster_get (), COPY,
                        "SELECT count (*) FROM pg_tables WHERE schemaname = 'public'");
  g_assert_cmpstr (differing, ==, "1");
  g_assert_cmpstr (tables, ==, "0");
}

/* Before PostgreSQL 15 no database can have ICU's. */
static void
test_empty_is_alike_with_icu (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (StewardDatabase) source = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *alike = NULL;

  if (steward_connection_get_server_version (connection) < 150000)
    return;
  cluster_reset (cluster_get (), CLUSTER_OWNER, "other");
  g_free (cluster_sql (cluster_get (), "postgres",
                       "CREATE DATABASE parsec TEMPLATE template0 LOCALE_PROVIDER icu"
                       " ICU_LOCALE 'fr-FR' OWNER \"" CLUSTER_OWNER "\""));
  source = cluster_find (connection, "parsec");
  steward_copy_create_empty (connection, &(StewardCopy){ source, COPY, MARK }, NULL, &error);
  g_assert_no_error (error);
  alike = cluster_sql (
      cluster_get (), "postgres",
      "SELECT count (*) FROM pg_database d WHERE to_jsonb (d) ->> 'datlocprovider' = 'i' AND"
      " coalesce (to_jsonb (d) ->> 'datlocale', to_jsonb (d) ->> 'daticulocale') = 'fr-FR'");
  g_assert_cmpstr (alike, ==, "2");
}

static void
test_foreign_session_blocks_and_is_named (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (StewardDatabase) source = NULL;
  g_autoptr (GError) error = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  cluster_session (cluster_get (), CLUSTER_FOREIGN, "parsec", "SELECT 1");
  source = cluster_find (connection, "parsec");
  g_assert_cmpuint (steward_copy_create (connection, &(StewardCopy){ source, COPY, MARK }, NULL,
                                         &error),
                    ==, 0);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED);
  g_assert_nonnull (strstr (error->message, "foreign somebody"));
  assert_gone (COPY);
}

/* A foreign session holds CREATE DATABASE up for five seconds, so that it is caught in the
 * middle. */
static void
test_cancel_leaves_no_copy (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (StewardDatabase) source = NULL;
  g_autoptr (StewardDatabase) again = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  cluster_session (cluster_get (), CLUSTER_FOREIGN, "parsec", "SELECT 1");
  source = cluster_find (connection, "parsec");
  thread = cluster_when (cluster_get (), CREATING, cancellable, NULL);
  steward_copy_create (connection, &(StewardCopy){ source, COPY, MARK }, cancellable, &error);
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_gone (COPY);
  again = cluster_find (connection, "parsec");
}

static void
test_cancel_while_files_are_copied_leaves_no_copy (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (StewardDatabase) source = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  g_free (cluster_sql (cluster_get (), "parsec",
                       "CREATE UNLOGGED TABLE large AS SELECT repeat (md5 (n::text), 60) AS t"
                       " FROM generate_series (1, 150000) n"));
  source = cluster_find (connection, "parsec");
  thread = cluster_when (cluster_get (), CREATING, cancellable, NULL);
  steward_copy_create (connection, &(StewardCopy){ source, COPY, MARK }, cancellable, &error);
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_gone (COPY);
}

static void
test_killed_backend_leaves_no_copy (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (StewardDatabase) source = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  cluster_session (cluster_get (), CLUSTER_FOREIGN, "parsec", "SELECT 1");
  source = cluster_find (connection, "parsec");
  thread = cluster_when (cluster_get (), CREATING, NULL,
                         "SELECT pg_terminate_backend (pid) FROM pg_stat_activity"
                         " WHERE query LIKE 'CREATE DATABASE \"steward%'");
  steward_copy_create (connection, &(StewardCopy){ source, COPY, MARK }, NULL, &error);
  g_thread_join (thread);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);
  assert_gone (COPY);
}

static void
test_refuses_taken_name (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (StewardDatabase) source = NULL;
  g_autoptr (GError) error = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  source = cluster_find (connection, "parsec");
  g_assert_cmpuint (steward_copy_create (connection, &(StewardCopy){ source, "postgres", MARK },
                                         NULL, &error),
                    ==, 0);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_CHANGED);
}

static void
test_refuses_role_without_createdb (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_PLAIN);
  g_autoptr (StewardDatabase) source = NULL;
  g_autoptr (GError) error = NULL;

  cluster_reset (cluster_get (), CLUSTER_PLAIN, "parsec");
  source = cluster_find (connection, "parsec");
  g_assert_cmpuint (steward_copy_create (connection, &(StewardCopy){ source, COPY, MARK }, NULL,
                                         &error),
                    ==, 0);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
}

static void
test_drops_marked_once (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (StewardDatabase) source = NULL;
  g_autoptr (StewardDatabase) copy = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  source = cluster_find (connection, "parsec");
  steward_copy_create (connection, &(StewardCopy){ source, COPY, MARK }, NULL, NULL);
  copy = cluster_find (connection, COPY);
  g_assert_true (steward_copy_drop (connection, copy, NULL, NULL));
  assert_gone (COPY);
  g_assert_true (steward_copy_drop (connection, copy, NULL, NULL));
}

static void
test_never_drops_unmarked (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_SUPERUSER);
  g_autoptr (StewardDatabase) live = NULL;
  g_autoptr (StewardDatabase) still = NULL;
  g_autoptr (GError) error = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  live = cluster_find (connection, "parsec");
  live->comment = g_strdup (MARK);
  g_assert_false (steward_copy_drop (connection, live, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED);
  still = cluster_find (connection, "parsec");
}

static void
test_never_drops_under_other_name (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_SUPERUSER);
  g_autoptr (StewardDatabase) marked = NULL;
  g_autoptr (StewardDatabase) still = NULL;
  g_autoptr (GError) error = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  g_free (
      cluster_sql (cluster_get (), "postgres", "COMMENT ON DATABASE parsec IS 'Steward: copy'"));
  marked = cluster_find (connection, "parsec");
  g_free (cluster_sql (cluster_get (), "postgres", "ALTER DATABASE parsec RENAME TO renamed"));
  g_assert_false (steward_copy_drop (connection, marked, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_CHANGED);
  still = cluster_find (connection, "renamed");
}

static void
test_says_who_blocks_drop (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (StewardDatabase) copy = NULL;
  g_autoptr (GError) error = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  g_free (
      cluster_sql (cluster_get (), "postgres", "COMMENT ON DATABASE parsec IS 'Steward: copy'"));
  copy = cluster_find (connection, "parsec");
  cluster_session (cluster_get (), CLUSTER_FOREIGN, "parsec", "SELECT 1");
  g_assert_false (steward_copy_drop (connection, copy, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED);
  g_assert_nonnull (strstr (error->message, "foreign somebody"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/copy/copies-from-closed-source/superuser", CLUSTER_SUPERUSER,
                        test_copies_from_closed_source);
  g_test_add_data_func ("/copy/copies-from-closed-source/owner", CLUSTER_OWNER,
                        test_copies_from_closed_source);
  g_test_add_func ("/copy/copies-despite-other-collation-version",
                   test_copies_despite_other_collation_version);
  g_test_add_func ("/copy/empty-is-alike", test_empty_is_alike);
  g_test_add_func ("/copy/empty-is-alike-with-icu", test_empty_is_alike_with_icu);
  g_test_add_func ("/copy/foreign-session-blocks-and-is-named",
                   test_foreign_session_blocks_and_is_named);
  g_test_add_func ("/copy/cancel-leaves-no-copy", test_cancel_leaves_no_copy);
  g_test_add_func ("/copy/cancel-while-files-are-copied-leaves-no-copy",
                   test_cancel_while_files_are_copied_leaves_no_copy);
  g_test_add_func ("/copy/killed-backend-leaves-no-copy", test_killed_backend_leaves_no_copy);
  g_test_add_func ("/copy/refuses-taken-name", test_refuses_taken_name);
  g_test_add_func ("/copy/refuses-role-without-createdb", test_refuses_role_without_createdb);
  g_test_add_func ("/copy/drops-marked-once", test_drops_marked_once);
  g_test_add_func ("/copy/never-drops-unmarked", test_never_drops_unmarked);
  g_test_add_func ("/copy/never-drops-under-other-name", test_never_drops_under_other_name);
  g_test_add_func ("/copy/says-who-blocks-drop", test_says_who_blocks_drop);
  return cluster_run ();
}
