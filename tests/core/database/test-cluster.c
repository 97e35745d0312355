/* What is read about a cluster, its databases and a role. */
#include "cluster-fixture.h"
#include "core/base/error.h"

static void
test_tells_identity (void)
{
  g_autoptr (StewardConnection) connection =
      cluster_open (cluster_get (), CLUSTER_PLAIN, "postgres");
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardCluster) cluster = steward_cluster_read (connection, NULL, &error);
  g_autofree char *expected = cluster_sql (cluster_get (), "postgres",
                                           "SELECT system_identifier FROM pg_control_system ()");

  g_assert_no_error (error);
  g_assert_cmpstr (cluster->system_identifier, ==, expected);
  g_assert_cmpint (cluster->server_version, >=, 130000);
  g_assert_false (cluster->is_replica);
}

static void
test_lives_without_identity (void)
{
  g_autoptr (StewardConnection) connection =
      cluster_open (cluster_get (), CLUSTER_PLAIN, "postgres");
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardCluster) cluster = NULL;

  g_free (cluster_sql (cluster_get (), "postgres",
                       "REVOKE EXECUTE ON FUNCTION pg_control_system () FROM PUBLIC"));
  cluster = steward_cluster_read (connection, NULL, &error);
  g_free (cluster_sql (cluster_get (), "postgres",
                       "GRANT EXECUTE ON FUNCTION pg_control_system () TO PUBLIC"));
  g_assert_no_error (error);
  g_assert_null (cluster->system_identifier);
}

static StewardRole *
read_role (const char *user)
{
  g_autoptr (StewardConnection) connection = cluster_open (cluster_get (), user, "postgres");
  g_autoptr (GError) error = NULL;
  StewardRole *role = steward_cluster_read_role (connection, "parsec", NULL, &error);

  g_assert_no_error (error);
  return role;
}

static void
test_owner_with_createdb_is_enough (void)
{
  g_autoptr (StewardRole) role = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  role = read_role (CLUSTER_OWNER);
  g_assert_cmpstr (role->name, ==, CLUSTER_OWNER);
  g_assert_true (role->can_create && role->is_owner && !role->is_superuser);
  g_assert_null (role->missing_grants);
}

static void
test_superuser_is_enough (void)
{
  g_autoptr (StewardRole) role = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  role = read_role (CLUSTER_SUPERUSER);
  g_assert_true (role->can_create && role->is_owner && role->is_superuser);
  g_assert_null (role->missing_grants);
}

static void
test_missing_grants_are_what_is_missing (void)
{
  g_autoptr (StewardRole) before = NULL;
  g_autoptr (StewardRole) after = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  before = read_role (CLUSTER_PLAIN);
  g_assert_false (before->can_create || before->is_owner || before->is_superuser);
  g_assert_cmpstr (before->missing_grants, ==,
                   "ALTER ROLE plain CREATEDB; GRANT \"" CLUSTER_OWNER "\" TO plain;");
  g_free (cluster_sql (cluster_get (), "postgres", before->missing_grants));
  after = read_role (CLUSTER_PLAIN);
  g_free (cluster_sql (cluster_get (), "postgres",
                       "ALTER ROLE plain NOCREATEDB; REVOKE \"" CLUSTER_OWNER "\" FROM plain"));
  g_assert_null (after->missing_grants);
}

static void
test_never_asks_for_superuser (void)
{
  g_autoptr (StewardRole) role = NULL;

  cluster_reset (cluster_get (), CLUSTER_SUPERUSER, "parsec");
  role = read_role (CLUSTER_OWNER);
  g_assert_cmpstr (role->missing_grants, ==,
                   "ALTER DATABASE parsec OWNER TO \"" CLUSTER_OWNER "\";");
}

static void
test_lists_databases (void)
{
  const char *name = "pa\"r'sec 🦀 \\ %s";
  g_autoptr (StewardConnection) connection =
      cluster_open (cluster_get (), CLUSTER_PLAIN, "postgres");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) databases = NULL;
  const StewardDatabase *database;

  cluster_reset (cluster_get (), CLUSTER_OWNER, name);
  g_free (cluster_sql (cluster_get (), "postgres",
                       "COMMENT ON DATABASE \"pa\"\"r'sec 🦀 \\ %s\" IS 'Steward: x';"
                       "ALTER DATABASE \"pa\"\"r'sec 🦀 \\ %s\" CONNECTION LIMIT 7;"
                       "ALTER DATABASE \"pa\"\"r'sec 🦀 \\ %s\" ALLOW_CONNECTIONS false"));
  databases = steward_cluster_list_databases (connection, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (databases->len, ==, 4);
  database = g_ptr_array_index (databases, 0);
  g_assert_cmpstr (database->name, ==, name);
  g_assert_cmpstr (database->owner, ==, CLUSTER_OWNER);
  g_assert_cmpstr (database->comment, ==, "Steward: x");
  g_assert_cmpint (database->connection_limit, ==, 7);
  g_assert_cmpint (database->size_bytes, >, 1000000);
  g_assert_false (database->allows_connections);
  g_assert_true (steward_database_is_marked (database));
  g_assert_true (((StewardDatabase *)g_ptr_array_index (databases, 2))->is_template);
}

static void
test_finds_by_name_and_identity (void)
{
  g_autoptr (StewardConnection) connection =
      cluster_open (cluster_get (), CLUSTER_OWNER, "postgres");
  g_autoptr (StewardDatabase) by_name = NULL;
  g_autoptr (StewardDatabase) by_oid = NULL;
  g_autoptr (GError) error = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  by_name = cluster_find (connection, "parsec");
  by_oid = steward_cluster_find_database_by_oid (connection, by_name->oid, NULL, NULL);
  g_assert_cmpstr (by_oid->name, ==, "parsec");
  g_assert_null (by_oid->comment);
  g_assert_null (steward_cluster_find_database (connection, "Parsec", NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
}

static void
test_counts_sessions_of_others (void)
{
  g_autoptr (StewardConnection) connection = NULL;
  g_autoptr (StewardDatabase) database = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  connection = cluster_open (cluster_get (), CLUSTER_OWNER, "parsec");
  cluster_session (cluster_get (), CLUSTER_SUPERUSER, "parsec", "SELECT 1");
  cluster_session (cluster_get (), CLUSTER_OWNER, "parsec", "SELECT 1");
  cluster_session (cluster_get (), CLUSTER_OWNER, "postgres", "SELECT 1");
  database = cluster_find (connection, "parsec");
  g_assert_cmpuint (database->sessions, ==, 2);
  cluster_leave (cluster_get ());
}

static void
test_lists_enabled_event_triggers (void)
{
  g_autoptr (StewardConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  g_free (cluster_sql (cluster_get (), "parsec",
                       "CREATE FUNCTION f () RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
                       "CREATE EVENT TRIGGER watches ON ddl_command_end EXECUTE FUNCTION f ();"
                       "CREATE EVENT TRIGGER sleeps ON ddl_command_end EXECUTE FUNCTION f ();"
                       "ALTER EVENT TRIGGER sleeps DISABLE"));
  connection = cluster_open (cluster_get (), CLUSTER_OWNER, "parsec");
  names = steward_cluster_list_event_triggers (connection, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (names), ==, 1);
  g_assert_cmpstr (names[0], ==, "watches");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cluster/tells-identity", test_tells_identity);
  g_test_add_func ("/cluster/lives-without-identity", test_lives_without_identity);
  g_test_add_func ("/cluster/owner-with-createdb-is-enough", test_owner_with_createdb_is_enough);
  g_test_add_func ("/cluster/superuser-is-enough", test_superuser_is_enough);
  g_test_add_func ("/cluster/missing-grants-are-what-is-missing",
                   test_missing_grants_are_what_is_missing);
  g_test_add_func ("/cluster/never-asks-for-superuser", test_never_asks_for_superuser);
  g_test_add_func ("/cluster/lists-databases", test_lists_databases);
  g_test_add_func ("/cluster/finds-by-name-and-identity", test_finds_by_name_and_identity);
  g_test_add_func ("/cluster/counts-sessions-of-others", test_counts_sessions_of_others);
  g_test_add_func ("/cluster/lists-enabled-event-triggers", test_lists_enabled_event_triggers);
  return cluster_run ();
}
