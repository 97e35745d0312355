/* Whole operations on a real deployment: newer layout, oldest compose. Their steps failing one by
 * one is test-upgrade-faults.c's, what is refused test-refusals.c's. */
#include <string.h>

#include "core/store/backup.h"
#include "operation-scene.h"

static DeploymentFixture fixture;
static gboolean is_upgraded; /* to 3.1.0, and not rolled back since */

static void
test_backup (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture };
  StewardRequest request = { .kind = STEWARD_OPERATION_BACKUP };
  g_autoptr (GError) error = NULL;

  deployment_fixture_reset (&fixture);
  g_autofree char *before = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_ALL);
  operation_scene_run (&scene, &request);
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_ALL);

  g_autoptr (StewardBackup) backup =
      steward_backup_find (fixture.store, scene.report.backup_id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (backup->state, ==, STEWARD_BACKUP_COMPLETE);
  g_assert_cmpstr (backup->passport->server_tag, ==, "3.0.0");
  g_assert_cmpint (backup->passport->read_back_s, >, 0);
  g_assert_cmpint (scene.report.downtime_ms, ==, 0);
}

/* Several administrators share the folder through its group. */
static void
test_shared_backup (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture };
  StewardRequest request = { .kind = STEWARD_OPERATION_BACKUP };

  deployment_fixture_reset (&fixture);
  g_free (deployment_fixture_call ("rm -rf \"$1\"; mkdir -m 2770 \"$1\"",
                                   fixture.deployment->folder, NULL));
  operation_scene_run (&scene, &request);
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  g_autofree char *modes = deployment_fixture_call (
      "cd \"$1\"; stat -c %a . backups backups/*.dump backups/*.json journal/*.jsonl lock",
      fixture.deployment->folder, NULL);
  g_assert_cmpstr (modes, ==, "2770\n2770\n660\n660\n660\n660");
}

/* Without a rehearsal the backup is read back, and nothing more is known. */
static void
test_upgrade (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture };
  g_autoptr (GError) error = NULL;

  deployment_fixture_reset (&fixture);
  operation_scene_upgrade (&scene, "3.1.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  deployment_fixture_assert_serves (&fixture, "3.1.0", 14);
  g_assert_cmpuint (deployment_fixture_count_databases (&fixture, "steward\\_%"), ==, 1);
  g_assert_cmpint (scene.report.downtime_ms, >, 0);
  g_autoptr (StewardBackup) backup =
      steward_backup_find (fixture.store, scene.report.backup_id, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (backup->passport->rehearsed_tag);
  g_assert_cmpint (backup->passport->restored_s, ==, 0);
  is_upgraded = TRUE;
}

static void
ensure_upgraded (void)
{
  if (!is_upgraded)
    test_upgrade ();
}

static void
test_restart (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture };
  StewardRequest request = { .kind = STEWARD_OPERATION_RESTART, .watch_s = 1 };

  deployment_fixture_reset (&fixture);
  g_autofree char *before = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_ALL);
  g_autofree char *less = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_NEW_CONTAINERS);
  operation_scene_run (&scene, &request);
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  g_autofree char *after = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_ALL);
  g_assert_cmpstr (before, !=, after);
  deployment_fixture_assert_unchanged (&fixture, less, DEPLOYMENT_STATE_NEW_CONTAINERS);
}

/* The tag was edited by hand and nobody ran compose: a restart would change the version. */
static void
test_restart_never_changes_the_image (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture };
  StewardRequest request = { .kind = STEWARD_OPERATION_RESTART, .watch_s = 1 };
  g_autoptr (GError) error = NULL;

  deployment_fixture_reset (&fixture);
  fixture.is_dirty = TRUE;
  g_free (deployment_fixture_call ("sed -i s/parsec-server:3.0.0/parsec-server:3.1.0/ \"$1\"",
                                   fixture.compose_file, NULL));
  deployment_fixture_open (&fixture, &error);
  g_assert_no_error (error);
  g_autofree char *before = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_ALL);
  operation_scene_run (&scene, &request);
  operation_scene_assert_result (&scene, STEWARD_RESULT_REFUSED);
  g_assert_error (scene.error, STEWARD_ERROR, STEWARD_ERROR_REFUSED);
  deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_ALL);
  fixture.is_dirty = TRUE;
}

/* Writes a row as a client first. @source: of the rollback */
static void
roll_back (OperationScene *scene, const char *source, const char *accepted_loss)
{
  StewardRequest request = { .kind = STEWARD_OPERATION_ROLLBACK,
                             .source = source,
                             .accepted_loss = accepted_loss,
                             .watch_s = 1 };
  g_autoptr (GError) error = NULL;

  deployment_fixture_write_row (&fixture);
  deployment_fixture_open (&fixture, &error);
  g_assert_no_error (error);
  operation_scene_run (scene, &request);
}

static void
test_rollback_to_backup (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture };

  ensure_upgraded ();
  is_upgraded = FALSE;
  roll_back (&scene, NULL, "3.0.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  g_assert_cmpuint (scene.n_questions, ==, 0);
  deployment_fixture_assert_serves (&fixture, "3.0.0", 12);
  /* What was replaced is kept: the original of the upgrade, and what the rollback found. */
  g_assert_cmpuint (deployment_fixture_count_databases (&fixture, "steward\\_%"), ==, 2);
}

static void
test_rollback_to_set_aside_database (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture, .agrees = TRUE };

  ensure_upgraded ();
  is_upgraded = FALSE;
  g_autofree char *aside =
      deployment_fixture_query (&fixture, "postgres",
                                "SELECT datname FROM pg_database WHERE datname LIKE 'steward\\_%'");
  roll_back (&scene, aside, NULL);
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  g_assert_cmpuint (scene.n_questions, ==, 1);
  deployment_fixture_assert_serves (&fixture, "3.0.0", 12);
  g_assert_cmpuint (deployment_fixture_count_databases (&fixture, aside), ==, 1);
}

static void
test_rollback_needs_consent (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture };

  ensure_upgraded ();
  g_autofree char *before = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_ALL);
  roll_back (&scene, NULL, "3.1.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_REFUSED);
  g_assert_error (scene.error, STEWARD_ERROR, STEWARD_ERROR_LOSS);
  g_assert_cmpuint (scene.n_questions, ==, 1);
  g_assert_nonnull (scene.last_question);
  if (scene.last_question != NULL)
    g_assert_nonnull (strstr (scene.last_question, "notification: 1"));
  deployment_fixture_execute (&fixture, "parsec", "DELETE FROM notification");
  deployment_fixture_execute (&fixture, "parsec",
                              "DELETE FROM organization WHERE organization_id = 'Clients'");
  deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_ALL);
  fixture.is_dirty = TRUE;
}

static void
act_write_row (OperationScene *scene)
{
  deployment_fixture_write_row (scene->fixture);
}

/* A client writes after the price was agreed to, and before the server stops. */
static void
test_rollback_price_grows (void)
{
  g_auto (OperationScene)
      scene = { .fixture = &fixture, .step = "stop-server", .kind = STEWARD_EVENT_STEP_STARTED };
  g_autofree char *rows = NULL;

  ensure_upgraded ();
  scene.act = act_write_row;
  roll_back (&scene, NULL, "3.0.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
  g_assert_error (scene.error, STEWARD_ERROR, STEWARD_ERROR_LOSS);
  g_assert_cmpuint (scene.n_questions, ==, 1);
  deployment_fixture_assert_serves (&fixture, "3.1.0", 14);
  rows = deployment_fixture_query (&fixture, "parsec", "SELECT count(*) FROM notification");
  g_assert_cmpstr (rows, ==, "2");
}

/* The other combinations of layout and compose. */
static const struct
{
  const char *layout;
  const char *compose;
} combinations[] = { { "classic", "2.26" }, { "newer", "2.40" }, { "classic", "2.40" } };

static void
test_combination (gconstpointer data)
{
  const char *const *combination = data;
  DeploymentFixture other = { 0 };
  g_auto (OperationScene) scene = { .fixture = &other };
  StewardRequest rollback = { .kind = STEWARD_OPERATION_ROLLBACK,
                              .accepted_loss = "3.0.0",
                              .watch_s = 1 };
  g_autoptr (GError) error = NULL;

  deployment_fixture_up (&other, combination[0], combination[1]);
  operation_scene_upgrade (&scene, "3.6.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  deployment_fixture_assert_serves (&other, "3.6.0", 18);

  deployment_fixture_write_row (&other);
  deployment_fixture_open (&other, &error);
  g_assert_no_error (error);
  operation_scene_run (&scene, &rollback);
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  deployment_fixture_assert_serves (&other, "3.0.0", 12);
  deployment_fixture_down (&other);
}

static void
add_combinations (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (combinations); i++)
    {
      g_autofree char *name = g_strdup_printf ("/operations/there-and-back-on/%s-%s",
                                               combinations[i].layout, combinations[i].compose);
      g_test_add_data_func (name, &combinations[i], test_combination);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  g_test_add_func ("/operations/backup-changes-nothing", test_backup);
  g_test_add_func ("/operations/backup-in-a-shared-folder-is-the-groups", test_shared_backup);
  g_test_add_func ("/operations/restart-makes-the-same-container-anew", test_restart);
  g_test_add_func ("/operations/restart-never-changes-the-image",
                   test_restart_never_changes_the_image);
  /* One upgrade serves until somebody rolls it back. */
  g_test_add_func ("/operations/upgrade", test_upgrade);
  g_test_add_func ("/operations/rollback-needs-consent", test_rollback_needs_consent);
  g_test_add_func ("/operations/rollback-asks-again-when-price-grows", test_rollback_price_grows);
  g_test_add_func ("/operations/rollback-to-backup", test_rollback_to_backup);
  g_test_add_func ("/operations/rollback-to-set-aside-database",
                   test_rollback_to_set_aside_database);
  if (deployment_fixture_run_is_long ())
    add_combinations ();

  deployment_fixture_up (&fixture, "newer", "2.26");
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  return status;
}
