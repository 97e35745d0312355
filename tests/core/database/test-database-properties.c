/* Replaying and comparing what a copy does not carry. */
#include "cluster-fixture.h"
#include "core/base/error.h"
#include "core/database/copy.h"
#include "core/database/database-properties.h"

#define COPY "steward_0f3a-copy"

/* What the owner alone may replay. */
#define OWN_PROPERTIES                                                                             \
  "ALTER DATABASE parsec CONNECTION LIMIT 7;"                                                      \
  "SET ROLE \"" CLUSTER_OWNER "\";"                                                                \
  "REVOKE ALL ON DATABASE parsec FROM PUBLIC;"                                                     \
  "GRANT CONNECT ON DATABASE parsec TO plain;"                                                     \
  "GRANT CREATE ON DATABASE parsec TO \"foreign\" WITH GRANT OPTION;"                              \
  "ALTER DATABASE parsec SET work_mem = '13MB';"                                                   \
  "ALTER DATABASE parsec SET search_path = \"$user\", public, \"odd, \"\"schema\"\"\";"            \
  "ALTER DATABASE parsec SET application_name = 'it''s = \"x\"';"                                  \
  "ALTER ROLE \"" CLUSTER_OWNER "\" IN DATABASE parsec SET lock_timeout = '3s';"                   \
  "RESET ROLE;"
/* What only a superuser may. */
#define FOREIGN_PROPERTIES                                                                         \
  "ALTER DATABASE parsec SET log_statement = 'all';"                                               \
  "ALTER DATABASE parsec SET parsec.custom = 'a, b';"                                              \
  "ALTER ROLE \"foreign\" IN DATABASE parsec SET search_path = public, pg_catalog;"

static StewardDatabaseProperties *
read_properties (StewardConnection *connection, const char *name)
{
  g_autoptr (GError) error = NULL;
  StewardDatabaseProperties *properties =
      steward_database_properties_read (connection, name, NULL, &error);

  g_assert_no_error (error);
  return properties;
}

static StewardDatabase *
make_copy (StewardConnection *connection, const char *properties_sql)
{
  g_autoptr (StewardDatabase) source = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  g_free (cluster_sql (cluster_get (), "postgres", properties_sql));
  source = cluster_find (connection, "parsec");
  g_assert_cmpuint (steward_copy_create (connection,
                                         &(StewardCopy){ source, COPY, STEWARD_DATABASE_MARK "x" },
                                         NULL, NULL),
                    !=, 0);
  return cluster_find (connection, COPY);
}

static void
assert_replays (const char *user, const char *properties_sql)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), user);
  g_autoptr (StewardDatabase) copy = make_copy (connection, properties_sql);
  g_autoptr (StewardDatabaseProperties) live = read_properties (connection, "parsec");
  g_autoptr (GError) error = NULL;

  for (int round = 0; round < 2; round++)
    {
      g_autoptr (StewardDatabaseProperties) replayed = NULL;
      g_autofree char *difference = NULL;

      steward_database_properties_apply (connection, live, copy, STEWARD_PROPERTIES_APPLY, NULL,
                                         &error);
      g_assert_no_error (error);
      replayed = read_properties (connection, COPY);
      difference = steward_database_properties_dup_difference (live, replayed);
      g_assert_cmpstr (difference, ==, NULL);
    }
}

/* What PostgreSQL itself says, so that a mistake in reading does not hide one in replaying. */
static void
assert_same_catalog_rows (void)
{
  g_autofree char *kinds = cluster_sql (
      cluster_get (), "postgres",
      "SELECT count (DISTINCT (datconnlimit,"
      "  (SELECT array_agg (a ORDER BY a::text) FROM unnest (datacl) a)::text,"
      "  (SELECT array_agg ((setrole, (SELECT array_agg (c ORDER BY c) FROM unnest (setconfig) c))"
      "   ORDER BY setrole) FROM pg_db_role_setting WHERE setdatabase = d.oid)::text))"
      " FROM pg_database d WHERE datname IN ('parsec', '" COPY "')");

  g_assert_cmpstr (kinds, ==, "1");
}

static void
test_owner_replays (void)
{
  assert_replays (CLUSTER_OWNER, OWN_PROPERTIES);
  assert_same_catalog_rows ();
}

static void
test_superuser_replays (void)
{
  assert_replays (CLUSTER_SUPERUSER, OWN_PROPERTIES FOREIGN_PROPERTIES);
  assert_same_catalog_rows ();
}

static void
test_replays_default_and_no_rights (void)
{
  assert_replays (CLUSTER_OWNER, "SELECT 1");
  assert_replays (CLUSTER_OWNER,
                  "REVOKE ALL ON DATABASE parsec FROM PUBLIC, \"" CLUSTER_OWNER "\"");
}

static void
test_names_differences_without_values (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (StewardDatabase) copy = make_copy (connection, OWN_PROPERTIES FOREIGN_PROPERTIES);
  g_autoptr (StewardDatabaseProperties) live = read_properties (connection, "parsec");
  g_autoptr (StewardDatabaseProperties) bare = read_properties (connection, COPY);
  g_autofree char *difference = steward_database_properties_dup_difference (live, bare);

  g_assert_cmpstr (
      difference, ==,
      "the connection limit, the right CONNECT of “PUBLIC”, the right CONNECT of “plain”, "
      "the right CREATE of “foreign”, the right TEMPORARY of “PUBLIC”, "
      "the setting “application_name”, the setting “lock_timeout” of the role “parsec owner”, "
      "the setting “log_statement”, the setting “parsec.custom”, "
      "the setting “search_path”, the setting “search_path” of the role “foreign”, "
      "the setting “work_mem”");
}

static void
test_notices_other_owner (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_SUPERUSER);
  g_autoptr (StewardDatabase) copy = make_copy (connection, "SELECT 1");
  g_autoptr (StewardDatabaseProperties) live = read_properties (connection, "parsec");
  g_autoptr (StewardDatabaseProperties) other = NULL;
  g_autofree char *difference = NULL;
  g_autoptr (StewardDatabase) replayed = NULL;

  g_free (
      cluster_sql (cluster_get (), "postgres", "ALTER DATABASE \"" COPY "\" OWNER TO \"foreign\""));
  other = read_properties (connection, COPY);
  difference = steward_database_properties_dup_difference (live, other);
  g_assert_nonnull (strstr (difference, "the owner"));
  g_assert_true (steward_database_properties_apply (connection, live, copy,
                                                    STEWARD_PROPERTIES_APPLY, NULL, NULL));
  replayed = cluster_find (connection, COPY);
  g_assert_cmpstr (replayed->owner, ==, CLUSTER_OWNER);
}

static void
test_try_changes_nothing (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (StewardDatabase) copy = make_copy (connection, OWN_PROPERTIES);
  g_autoptr (StewardDatabaseProperties) live = read_properties (connection, "parsec");
  g_autoptr (StewardDatabaseProperties) before = read_properties (connection, COPY);
  g_autoptr (StewardDatabaseProperties) after = NULL;
  g_autofree char *difference = NULL;

  g_assert_true (steward_database_properties_apply (connection, live, copy, STEWARD_PROPERTIES_TRY,
                                                    NULL, NULL));
  after = read_properties (connection, COPY);
  difference = steward_database_properties_dup_difference (before, after);
  g_assert_null (difference);
}

/* At preflight, on the live database itself. */
static void
test_try_tells_what_is_denied (void)
{
  g_autoptr (StewardConnection) connection = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (StewardDatabase) live = NULL;
  g_autoptr (StewardDatabaseProperties) before = NULL;
  g_autoptr (StewardDatabaseProperties) after = NULL;
  g_autofree char *difference = NULL;
  g_autoptr (GError) error = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  g_free (cluster_sql (cluster_get (), "postgres", OWN_PROPERTIES FOREIGN_PROPERTIES));
  live = cluster_find (connection, "parsec");
  before = read_properties (connection, "parsec");
  g_assert_false (steward_database_properties_apply (connection, before, live,
                                                     STEWARD_PROPERTIES_TRY, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_nonnull (strstr (error->message, "log_statement"));
  after = read_properties (connection, "parsec");
  difference = steward_database_properties_dup_difference (before, after);
  g_assert_null (difference);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/database-properties/owner-replays", test_owner_replays);
  g_test_add_func ("/database-properties/superuser-replays", test_superuser_replays);
  g_test_add_func ("/database-properties/replays-default-and-no-rights",
                   test_replays_default_and_no_rights);
  g_test_add_func ("/database-properties/names-differences-without-values",
                   test_names_differences_without_values);
  g_test_add_func ("/database-properties/notices-other-owner", test_notices_other_owner);
  g_test_add_func ("/database-properties/try-changes-nothing", test_try_changes_nothing);
  g_test_add_func ("/database-properties/try-tells-what-is-denied", test_try_tells_what_is_denied);
  return cluster_run ();
}
