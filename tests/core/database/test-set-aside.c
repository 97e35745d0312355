/* Names, comments and openness; the whole way of an upgrade and back, as superuser and as plain
 * owner. */
#include "cluster-fixture.h"
#include "core/base/error.h"
#include "core/database/copy.h"
#include "core/database/row-counts.h"
#include "core/database/set-aside.h"

#define ASIDE "steward_0f3a-aside"
#define COPY "steward_0f3a-copy"

static const char *const users[] = { CLUSTER_SUPERUSER, CLUSTER_OWNER };
static const char *const names[] = { "parsec", "pa\"r'sec 🦀 \\ %s" };

static void
move (StewardConnection *connection, StewardMove step)
{
  g_autoptr (GError) error = NULL;
  gboolean is_done = steward_set_aside_move (connection, &step, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (is_done);
}

static void
set_connections (StewardConnection *connection, const char *name, StewardConnections connections)
{
  g_autoptr (StewardDatabase) database = cluster_find (connection, name);
  g_autoptr (GError) error = NULL;

  steward_set_aside_set_connections (connection, database, connections, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_database (StewardConnection *connection,
                 const char *name,
                 guint32 oid,
                 const char *comment,
                 gboolean is_open)
{
  g_autoptr (StewardDatabase) database = cluster_find (connection, name);

  g_assert_cmpuint (database->oid, ==, oid);
  g_assert_cmpstr (database->comment, ==, comment);
  g_assert_cmpint (database->allows_connections, ==, is_open);
}

static void
assert_rows (const char *database, const char *rows)
{
  g_autofree char *found =
      cluster_sql (cluster_get (), database, "SELECT count (*) FROM migration");

  g_assert_cmpstr (found, ==, rows);
}

static guint32
make_copy (StewardConnection *connection)
{
  g_autoptr (StewardDatabase) aside = cluster_find (connection, ASIDE);
  g_autoptr (GError) error = NULL;
  guint32 oid =
      steward_copy_create (connection, &(StewardCopy){ aside, COPY, STEWARD_DATABASE_MARK "copy" },
                           NULL, &error);

  g_assert_no_error (error);
  return oid;
}

/* @data: bit 0 the role, bit 1 the name */
static void
test_whole_way_there_and_back (gconstpointer data)
{
  const char *live = names[GPOINTER_TO_UINT (data) >> 1];
  g_autoptr (StewardConnection) connection =
      cluster_maintain (cluster_get (), users[GPOINTER_TO_UINT (data) & 1]);
  g_autoptr (StewardDatabase) original = NULL;
  guint32 copy;

  cluster_reset (cluster_get (), CLUSTER_OWNER, live);
  original = cluster_find (connection, live);
  move (connection, (StewardMove){ original->oid, live, ASIDE, STEWARD_DATABASE_MARK "aside" });
  assert_database (connection, ASIDE, original->oid, STEWARD_DATABASE_MARK "aside", TRUE);
  set_connections (connection, ASIDE, STEWARD_CONNECTIONS_FORBID);
  copy = make_copy (connection);
  assert_database (connection, COPY, copy, STEWARD_DATABASE_MARK "copy", TRUE);
  g_free (cluster_sql (cluster_get (), COPY, "INSERT INTO migration VALUES (3, 'third', now ())"));
  move (connection, (StewardMove){ copy, COPY, live, "it's \"ours\"", STEWARD_CONNECTIONS_ALLOW });
  assert_database (connection, live, copy, "it's \"ours\"", TRUE);
  assert_database (connection, ASIDE, original->oid, STEWARD_DATABASE_MARK "aside", FALSE);
  assert_rows (live, "3");

  move (connection, (StewardMove){ copy, live, COPY, STEWARD_DATABASE_MARK "replaced",
                                   STEWARD_CONNECTIONS_FORBID });
  move (connection, (StewardMove){ original->oid, ASIDE, live, NULL, STEWARD_CONNECTIONS_ALLOW });
  assert_database (connection, live, original->oid, NULL, TRUE);
  assert_rows (live, "2");
}

static void
test_moving_again_changes_nothing (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (StewardDatabase) original = NULL;
  StewardMove step = { 0, "parsec", ASIDE, STEWARD_DATABASE_MARK "aside",
                       STEWARD_CONNECTIONS_FORBID };

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  original = cluster_find (connection, "parsec");
  step.oid = original->oid;
  move (connection, step);
  move (connection, step);
  assert_database (connection, ASIDE, original->oid, STEWARD_DATABASE_MARK "aside", FALSE);
}

static void
test_foreign_session_blocks_and_is_named (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (StewardDatabase) original = NULL;
  g_autoptr (GError) error = NULL;
  StewardMove step = { 0, "parsec", ASIDE, STEWARD_DATABASE_MARK "aside" };

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  original = cluster_find (connection, "parsec");
  step.oid = original->oid;
  cluster_session (cluster_get (), CLUSTER_FOREIGN, "parsec", "SELECT 1");
  g_assert_false (steward_set_aside_move (connection, &step, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED);
  g_assert_nonnull (strstr (error->message, "foreign somebody"));
  assert_database (connection, "parsec", original->oid, NULL, TRUE);
  cluster_leave (cluster_get ());
  move (connection, step);
}

static void
test_prepared_transaction_blocks_and_is_named (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (StewardDatabase) original = NULL;
  g_autoptr (GError) error = NULL;
  StewardMove step = { 0, "parsec", ASIDE, STEWARD_DATABASE_MARK "aside" };

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  original = cluster_find (connection, "parsec");
  step.oid = original->oid;
  g_free (cluster_sql (cluster_get (), "parsec",
                       "BEGIN; DELETE FROM migration; PREPARE TRANSACTION 'in the way'"));
  g_assert_false (steward_set_aside_move (connection, &step, NULL, &error));
  g_free (cluster_sql (cluster_get (), "parsec", "ROLLBACK PREPARED 'in the way'"));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED);
  g_assert_nonnull (strstr (error->message, "in the way"));
}

static void
test_refuses_role_without_createdb (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_PLAIN);
  g_autoptr (StewardDatabase) original = NULL;
  g_autoptr (GError) error = NULL;

  cluster_reset (cluster_get (), CLUSTER_PLAIN, "parsec");
  original = cluster_find (connection, "parsec");
  g_assert_false (steward_set_aside_move (connection,
                                          &(StewardMove){ original->oid, "parsec", ASIDE, NULL },
                                          NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  assert_database (connection, "parsec", original->oid, NULL, TRUE);
}

static void
test_publishes_all_or_nothing (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (StewardDatabase) original = NULL;
  g_autoptr (GError) error = NULL;
  guint32 copy;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  original = cluster_find (connection, "parsec");
  move (connection, (StewardMove){ original->oid, "parsec", ASIDE, NULL });
  copy = make_copy (connection);
  set_connections (connection, COPY, STEWARD_CONNECTIONS_FORBID);
  g_free (cluster_sql (cluster_get (), "postgres", "CREATE DATABASE parsec"));
  g_assert_false (steward_set_aside_move (connection,
                                          &(StewardMove){ copy, COPY, "parsec", NULL,
                                                          STEWARD_CONNECTIONS_ALLOW },
                                          NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_CHANGED);
  assert_database (connection, COPY, copy, STEWARD_DATABASE_MARK "copy", FALSE);
}

static void
test_refuses_exchanged_database (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (StewardDatabase) before = NULL;
  g_autoptr (StewardDatabase) after = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) comment_error = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  before = cluster_find (connection, "parsec");
  g_free (cluster_sql (cluster_get (), "postgres", "ALTER DATABASE parsec RENAME TO elsewhere"));
  g_free (cluster_sql (cluster_get (), "postgres",
                       "CREATE DATABASE parsec OWNER \"" CLUSTER_OWNER "\""));
  g_assert_false (steward_set_aside_move (connection,
                                          &(StewardMove){ before->oid, "parsec", ASIDE, NULL },
                                          NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_CHANGED);
  g_assert_false (steward_set_aside_set_comment (connection, before, "x", NULL, &comment_error));
  g_assert_error (comment_error, STEWARD_ERROR, STEWARD_ERROR_CHANGED);
  after = cluster_find (connection, "parsec");
  g_assert_null (after->comment);
}

static void
test_refuses_long_names (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autofree char *name = g_strnfill (64, 'x');
  g_autoptr (GError) error = NULL;

  g_assert_false (
      steward_set_aside_move (connection, &(StewardMove){ 1, "parsec", name, NULL }, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/set-aside/whole-way/superuser", GUINT_TO_POINTER (0),
                        test_whole_way_there_and_back);
  g_test_add_data_func ("/set-aside/whole-way/owner", GUINT_TO_POINTER (1),
                        test_whole_way_there_and_back);
  g_test_add_data_func ("/set-aside/whole-way/superuser-odd-name", GUINT_TO_POINTER (2),
                        test_whole_way_there_and_back);
  g_test_add_data_func ("/set-aside/whole-way/owner-odd-name", GUINT_TO_POINTER (3),
                        test_whole_way_there_and_back);
  g_test_add_func ("/set-aside/moving-again-changes-nothing", test_moving_again_changes_nothing);
  g_test_add_func ("/set-aside/foreign-session-blocks-and-is-named",
                   test_foreign_session_blocks_and_is_named);
  g_test_add_func ("/set-aside/prepared-transaction-blocks-and-is-named",
                   test_prepared_transaction_blocks_and_is_named);
  g_test_add_func ("/set-aside/refuses-role-without-createdb", test_refuses_role_without_createdb);
  g_test_add_func ("/set-aside/publishes-all-or-nothing", test_publishes_all_or_nothing);
  g_test_add_func ("/set-aside/refuses-exchanged-database", test_refuses_exchanged_database);
  g_test_add_func ("/set-aside/refuses-long-names", test_refuses_long_names);
  return cluster_run ();
}
