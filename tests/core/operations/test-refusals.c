/* Bad input and bad states that make an upgrade refuse: one clear sentence, and nothing touched. */
#include <libpq-fe.h>
#include <string.h>

#include "operation-scene.h"

static DeploymentFixture fixture;
static PGconn *foreigner; /* owned, nullable: a session that is none of the server's */

/* A state of things, how it is made, what the refusal says, and how things are put right again. */
typedef struct
{
  const char *name;
  const char *tag;
  void (*make) (void);
  const char *says;
  void (*mend) (void);
} Refusal;

static void
make_plain_role (void)
{
  deployment_fixture_execute (&fixture, "postgres", "CREATE ROLE plain LOGIN PASSWORD 'plain'");
  deployment_fixture_edit_env (&fixture, "plain", "plain");
}

static void
mend_plain_role (void)
{
  deployment_fixture_execute (&fixture, "postgres", "DROP ROLE plain");
}

static void
make_wrong_password (void)
{
  deployment_fixture_edit_env (&fixture, "parsec_admin", "wrong");
}

static void
make_foreign_session (void)
{
  foreigner = PQconnectdb (fixture.database_url);
  g_assert_cmpint (PQstatus (foreigner), ==, CONNECTION_OK);
}

static void
mend_foreign_session (void)
{
  g_clear_pointer (&foreigner, PQfinish);
}

static void
make_stopped_database (void)
{
  g_free (deployment_fixture_call ("docker stop \"$1\"", fixture.database_container, NULL));
}

static void
mend_stopped_database (void)
{
  deployment_fixture_start_database (&fixture);
}

static void
make_newer_database (void)
{
  deployment_fixture_execute (&fixture, "parsec",
                              "INSERT INTO migration (_id, name, applied)"
                              " VALUES (13, 'a', now()), (14, 'b', now()), (15, 'c', now())");
}

static void
make_hole (void)
{
  deployment_fixture_execute (&fixture, "parsec", "DELETE FROM migration WHERE _id = 7");
}

static void
make_emptied_table (void)
{
  deployment_fixture_execute (&fixture, "parsec", "DELETE FROM migration");
}

static void
mend_migrations (void)
{
  g_autofree char *rows =
      deployment_fixture_query (&fixture, "pristine",
                                "SELECT format('INSERT INTO migration VALUES (%L, %L, %L);', _id, "
                                "name, applied) FROM migration");
  g_autofree char *sql = g_strconcat ("DELETE FROM migration;", rows, NULL);

  deployment_fixture_execute (&fixture, "parsec", sql);
}

static void
make_prepared_transaction (void)
{
  deployment_fixture_execute (&fixture, "postgres",
                              "ALTER SYSTEM SET max_prepared_transactions = 5");
  make_stopped_database ();
  mend_stopped_database ();
  deployment_fixture_execute (&fixture, "parsec",
                              "BEGIN; DELETE FROM message; PREPARE TRANSACTION 'left'");
  g_assert_true (deployment_fixture_wait_answer (&fixture));
}

static void
mend_prepared_transaction (void)
{
  deployment_fixture_execute (&fixture, "parsec", "ROLLBACK PREPARED 'left'");
}

static void
make_full_disk (void)
{
  deployment_fixture_mount_small_disk (&fixture);
}

static void
mend_full_disk (void)
{
  deployment_fixture_unmount_small_disk (&fixture);
}

static void
do_nothing (void)
{
}

static const Refusal refusals[] = {
  { "role-without-rights", "3.1.0", make_plain_role, "ALTER ROLE", mend_plain_role },
  { "wrong-password", "3.1.0", make_wrong_password, "password", do_nothing },
  { "foreign-session", "3.1.0", make_foreign_session, "parsec_admin", mend_foreign_session },
  { "stopped-database", "3.1.0", make_stopped_database, "is not running", mend_stopped_database },
  { "older-target", "2.9.0", do_nothing, "2.9.0 is older than 3.0.0", do_nothing },
  { "same-target", "3.0.0", do_nothing, "3.0.0 already", do_nothing },
  { "tag-that-is-none", "3.1.0; reboot", do_nothing, "no tag", do_nothing },
  { "missing-target", "9.9.9", do_nothing, "9.9.9", do_nothing },
  { "newer-database", "3.1.0", make_newer_database, "newer", mend_migrations },
  { "half-applied-migrations", "3.1.0", make_hole, "number 7", mend_migrations },
  { "emptied-migration-table", "3.1.0", make_emptied_table, "no record", mend_migrations },
  { "prepared-transaction", "3.1.0", make_prepared_transaction, "left", mend_prepared_transaction },
  { "full-disk", "3.1.0", make_full_disk, "free", mend_full_disk },
};

static void
test_refusal (gconstpointer data)
{
  const Refusal *refusal = data;
  g_auto (OperationScene) scene = { .fixture = &fixture };

  deployment_fixture_reset (&fixture);
  g_autofree char *before = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_ALL);
  refusal->make ();
  operation_scene_upgrade (&scene, refusal->tag);
  refusal->mend ();
  operation_scene_assert_result (&scene, STEWARD_RESULT_REFUSED);
  g_assert_nonnull (scene.error);
  const char *message = scene.error != NULL ? scene.error->message : "\n";
  g_assert_nonnull (strstr (message, refusal->says));
  g_assert_null (strstr (message, "\n"));
  deployment_fixture_restore_files (&fixture);
  deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_ALL);
}

static void
act_take_right (OperationScene *scene)
{
  deployment_fixture_execute (scene->fixture, "postgres", "ALTER ROLE plain NOCREATEDB");
}

/* A role that is no superuser, and loses its right in the midst: neither forward nor back, until it
 * has it again. */
static void
test_right_lost_in_the_midst (void)
{
  g_auto (OperationScene) scene = {
    .fixture = &fixture, .step = "copy", .kind = STEWARD_EVENT_STEP_STARTED, .act = act_take_right
  };

  deployment_fixture_reset (&fixture);
  deployment_fixture_execute (
      &fixture, "postgres",
      "CREATE ROLE plain LOGIN CREATEDB PASSWORD 'plain' IN ROLE parsec_admin");
  deployment_fixture_edit_env (&fixture, "plain", "plain");
  g_autofree char *before = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_ALL);
  operation_scene_upgrade (&scene, "3.1.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_HANDS);
  deployment_fixture_execute (&fixture, "postgres", "ALTER ROLE plain CREATEDB");
  operation_scene_continue (&scene, STEWARD_CONTINUE_WALK_BACK, NULL);
  operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
  deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_ALL);

  operation_scene_upgrade (&scene, "3.1.0");
  g_assert_cmpint (scene.result, ==, STEWARD_RESULT_DONE);
  g_assert_no_error (scene.error);
  fixture.is_dirty = TRUE;
}

static void
act_enter_as_another (OperationScene *scene)
{
  foreigner = PQconnectdb (fixture.database_url);
  g_assert_cmpint (PQstatus (foreigner), ==, CONNECTION_OK);
}

/* Somebody whom the role may not disconnect comes in between the checks and the set-aside, and
 * stays. */
static void
test_session_in_the_midst (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture,
                                    .step = "set-aside",
                                    .kind = STEWARD_EVENT_STEP_STARTED,
                                    .act = act_enter_as_another };

  deployment_fixture_reset (&fixture);
  deployment_fixture_execute (
      &fixture, "postgres",
      "DROP ROLE IF EXISTS plain;"
      "CREATE ROLE plain LOGIN CREATEDB PASSWORD 'plain' IN ROLE parsec_admin");
  deployment_fixture_edit_env (&fixture, "plain", "plain");
  g_autofree char *before = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_ALL);
  operation_scene_upgrade (&scene, "3.1.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
  g_assert_error (scene.error, STEWARD_ERROR, STEWARD_ERROR_LOCKED);
  deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_ALL);
  mend_foreign_session ();
  fixture.is_dirty = TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *name = g_strconcat ("/refusal/", refusals[i].name, NULL);
      g_test_add_data_func (name, &refusals[i], test_refusal);
    }
  g_test_add_func ("/plain-role/right-lost-in-the-midst", test_right_lost_in_the_midst);
  g_test_add_func ("/plain-role/foreign-session-in-the-midst", test_session_in_the_midst);

  deployment_fixture_up (&fixture, "newer", "2.40");
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  return status;
}
