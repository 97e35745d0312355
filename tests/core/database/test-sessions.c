/* Who is connected, what else holds on, and ending one's own. */
#include "cluster-fixture.h"
#include "core/database/sessions.h"

static GPtrArray *
list_sessions (StewardConnection *connection, StewardSessionFilter filter)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *sessions = steward_sessions_list (connection, &filter, NULL, &error);

  g_assert_no_error (error);
  return sessions;
}

static void
test_lists_others (void)
{
  g_autoptr (StewardConnection) own = NULL;
  g_autoptr (GPtrArray) sessions = NULL;
  const StewardSession *session;
  int pid;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  own = cluster_open (cluster_get (), CLUSTER_OWNER, "parsec");
  pid = cluster_session (cluster_get (), CLUSTER_FOREIGN, "parsec", "SELECT 1");
  cluster_session (cluster_get (), CLUSTER_FOREIGN, "postgres", "SELECT 1");
  sessions = list_sessions (own, (StewardSessionFilter){ .database = "parsec" });
  g_assert_cmpuint (sessions->len, ==, 1);
  session = g_ptr_array_index (sessions, 0);
  g_assert_cmpint (session->pid, ==, pid);
  g_assert_cmpstr (session->user, ==, CLUSTER_FOREIGN);
  g_assert_cmpstr (session->application, ==, "somebody");
}

static void
test_superuser_sees_address_and_state (void)
{
  g_autoptr (StewardConnection) own = cluster_maintain (cluster_get (), CLUSTER_SUPERUSER);
  g_autoptr (GPtrArray) sessions = NULL;
  g_autofree char *label = NULL;
  g_autofree char *expected = NULL;
  const StewardSession *session;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  cluster_session (cluster_get (), CLUSTER_FOREIGN, "parsec", "BEGIN");
  sessions = list_sessions (own, (StewardSessionFilter){ .database = "parsec" });
  session = g_ptr_array_index (sessions, 0);
  label = steward_session_dup_label (session);
  expected = g_strdup_printf ("foreign somebody 127.0.0.1 (%d)", session->pid);
  g_assert_cmpstr (session->address, ==, "127.0.0.1");
  g_assert_cmpstr (session->state, ==, "idle in transaction");
  g_assert_cmpstr (label, ==, expected);
}

static void
test_filters (void)
{
  static const struct
  {
    StewardSessionFilter filter;
    guint expected;
  } cases[] = {
    { { .database = "parsec" }, 2 },
    { { .database = "parsec", .except_role = CLUSTER_FOREIGN }, 1 },
    { { .database = "parsec", .except_application = "some" }, 0 },
    { { .database = "parsec", .except_application = "somebody else" }, 2 },
    { { .database = "parsec", .only_application = "somebody" }, 2 },
    { { .database = "parsec", .only_application = "steward" }, 0 },
    { { .only_application = "steward test" }, 0 },
    { { .database = "no such" }, 0 },
  };
  g_autoptr (StewardConnection) own = cluster_maintain (cluster_get (), CLUSTER_OWNER);

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  cluster_session (cluster_get (), CLUSTER_FOREIGN, "parsec", "SELECT 1");
  cluster_session (cluster_get (), CLUSTER_OWNER, "parsec", "SELECT 1");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) sessions = list_sessions (own, cases[i].filter);

      g_assert_cmpuint (sessions->len, ==, cases[i].expected);
    }
}

static void
test_ends_own_and_returns_others (void)
{
  g_autoptr (StewardConnection) own = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  StewardSessionFilter filter = { .database = "parsec" };
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GError) error = NULL;
  int foreign;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  cluster_session (cluster_get (), CLUSTER_OWNER, "parsec", "SELECT 1");
  cluster_session (cluster_get (), CLUSTER_OWNER, "parsec", "BEGIN; DELETE FROM migration");
  foreign = cluster_session (cluster_get (), CLUSTER_FOREIGN, "parsec", "SELECT 1");
  left = steward_sessions_end_own (own, &filter, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (left->len, ==, 1);
  g_assert_cmpint (((StewardSession *)g_ptr_array_index (left, 0))->pid, ==, foreign);
}

static void
test_superuser_ends_only_own (void)
{
  g_autoptr (StewardConnection) own = cluster_maintain (cluster_get (), CLUSTER_SUPERUSER);
  StewardSessionFilter filter = { .database = "parsec" };
  g_autoptr (GPtrArray) left = NULL;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  cluster_session (cluster_get (), CLUSTER_SUPERUSER, "parsec", "SELECT 1");
  cluster_session (cluster_get (), CLUSTER_FOREIGN, "parsec", "SELECT 1");
  left = steward_sessions_end_own (own, &filter, NULL, NULL);
  g_assert_cmpuint (left->len, ==, 1);
  g_assert_cmpstr (((StewardSession *)g_ptr_array_index (left, 0))->user, ==, CLUSTER_FOREIGN);
}

static void
test_lists_obstacles (void)
{
  g_autoptr (StewardConnection) own = cluster_maintain (cluster_get (), CLUSTER_OWNER);
  g_autoptr (GPtrArray) obstacles = NULL;
  g_autoptr (GError) error = NULL;
  const StewardObstacle *first, *second;

  cluster_reset (cluster_get (), CLUSTER_OWNER, "parsec");
  cluster_session (cluster_get (), CLUSTER_OWNER, "parsec",
                   "BEGIN; DELETE FROM migration; PREPARE TRANSACTION 'in the way'");
  g_free (cluster_sql (cluster_get (), "parsec",
                       "CREATE SUBSCRIPTION follows CONNECTION 'dbname=x' PUBLICATION p"
                       " WITH (connect = false)"));
  obstacles = steward_sessions_list_obstacles (own, "parsec", NULL, &error);
  g_free (cluster_sql (cluster_get (), "parsec", "ROLLBACK PREPARED 'in the way'"));
  g_free (
      cluster_sql (cluster_get (), "parsec", "ALTER SUBSCRIPTION follows SET (slot_name = NONE)"));
  g_free (cluster_sql (cluster_get (), "parsec", "DROP SUBSCRIPTION follows"));
  g_assert_no_error (error);
  g_assert_cmpuint (obstacles->len, ==, 2);
  first = g_ptr_array_index (obstacles, 0);
  second = g_ptr_array_index (obstacles, 1);
  g_assert_cmpint (first->kind, ==, STEWARD_OBSTACLE_PREPARED);
  g_assert_cmpstr (first->name, ==, "in the way");
  g_assert_cmpint (second->kind, ==, STEWARD_OBSTACLE_SUBSCRIPTION);
  g_assert_cmpstr (second->name, ==, "follows");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sessions/lists-others", test_lists_others);
  g_test_add_func ("/sessions/superuser-sees-address-and-state",
                   test_superuser_sees_address_and_state);
  g_test_add_func ("/sessions/filters", test_filters);
  g_test_add_func ("/sessions/ends-own-and-returns-others", test_ends_own_and_returns_others);
  g_test_add_func ("/sessions/superuser-ends-only-own", test_superuser_ends_only_own);
  g_test_add_func ("/sessions/lists-obstacles", test_lists_obstacles);
  return cluster_run ();
}
