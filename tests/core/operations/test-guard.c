/* The guard on the host: what becomes of a server whose Steward died, froze or came back in the
 * very same second. Nobody but the guard does anything unless a test says so. Killed at each step,
 * and beside one that comes back: tests/faults/test-guard.c. */
#include "operation-scene.h"

/* Longer than the steps of these small databases take between two heartbeats. */
#define GUARD_S 4

static DeploymentFixture fixture;

static const StewardRequest upgrade = { .kind = STEWARD_OPERATION_UPGRADE,
                                        .tag = "3.1.0",
                                        .leaves_out_rehearsal = TRUE,
                                        .guard_s = GUARD_S };

static const char guard_containers_script[] =
    "docker ps -aq --filter \"label=io.github.stewardapp.operation=$1\" | wc -l";

static StewardJournal *
load_newest (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) journals = steward_journal_list (fixture.store, 1, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (journals->len, ==, 1);
  return g_ptr_array_steal_index (journals, 0);
}

static void
assert_no_container (const char *id)
{
  g_autofree char *count = deployment_fixture_call (guard_containers_script, id, NULL);

  g_assert_cmpstr (count, ==, "0");
}

static void
assert_lock_is_free (void)
{
  g_auto (StewardLockState) state = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (steward_lock_peek (fixture.store, &state, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (state.is_held);
}

/* The guard went back, all of it, and says so. */
static void
assert_went_back (const char *before, DeploymentState detail)
{
  g_autoptr (StewardJournal) journal = load_newest ();

  g_test_message ("the journal says: %s", journal->text);
  g_assert_cmpint (journal->state, ==, STEWARD_JOURNAL_BACK);
  g_assert_cmpint (journal->direction, ==, STEWARD_DIRECTION_BACK);
  g_assert_false (journal->is_damaged);
  g_assert_cmpuint (journal->bad_lines, ==, 0);
  g_assert_nonnull (strstr (journal->text, "guard"));
  assert_lock_is_free ();
  assert_no_container (journal->id);
  deployment_fixture_assert_unchanged (&fixture, before, detail);
}

/* As in the midst of the publish: the tag is switched, and the server has no container. */
static void
test_kill_in_publish (void)
{
  g_auto (OperationScene)
      scene = { .fixture = &fixture, .step = "switch-tag", .kind = STEWARD_EVENT_STEP_DONE };

  deployment_fixture_reset (&fixture);
  g_autofree char *before =
      deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_NEW_CONTAINERS);
  operation_scene_run_killed (&scene, &upgrade);
  g_free (deployment_fixture_call ("docker rm -f \"$1\"", fixture.server_container, NULL));
  operation_scene_wait_for_guard (&scene);
  assert_went_back (before, DEPLOYMENT_STATE_NEW_CONTAINERS);
}

/* Somebody's `up` has made containers of the new image, and they wait for the name. */
static void
test_kill_with_new_server (void)
{
  g_auto (OperationScene)
      scene = { .fixture = &fixture, .step = "switch-tag", .kind = STEWARD_EVENT_STEP_DONE };

  deployment_fixture_reset (&fixture);
  g_autofree char *before =
      deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_NEW_CONTAINERS);
  operation_scene_run_killed (&scene, &upgrade);
  operation_act_compose_up (&scene);
  operation_scene_wait_for_guard (&scene);
  assert_went_back (before, DEPLOYMENT_STATE_NEW_CONTAINERS);
}

static void
test_kill_of_rollback (void)
{
  g_auto (OperationScene)
      scene = { .fixture = &fixture, .step = "set-aside", .kind = STEWARD_EVENT_STEP_DONE };
  StewardRequest backup = { .kind = STEWARD_OPERATION_BACKUP };
  StewardRequest rollback = { .kind = STEWARD_OPERATION_ROLLBACK,
                              .accepted_loss = "3.0.0",
                              .guard_s = GUARD_S };

  deployment_fixture_reset (&fixture);
  operation_scene_run (&scene, &backup);
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  g_autofree char *before = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_ALL);
  operation_scene_run_killed (&scene, &rollback);
  operation_scene_wait_for_guard (&scene);
  assert_went_back (before, DEPLOYMENT_STATE_ALL);
}

static void
test_kill_after_publish (void)
{
  g_auto (OperationScene)
      scene = { .fixture = &fixture, .step = "publish", .kind = STEWARD_EVENT_STEP_DONE };
  g_auto (StewardLockState) lock = { 0 };

  deployment_fixture_reset (&fixture);
  operation_scene_run_killed (&scene, &upgrade);
  operation_scene_wait_for_guard (&scene);
  g_autoptr (StewardJournal) journal = load_newest ();
  g_assert_cmpint (journal->state, ==, STEWARD_JOURNAL_UNFINISHED);
  g_assert_cmpint (journal->direction, ==, STEWARD_DIRECTION_FORWARD);
  g_assert_true (steward_lock_peek (fixture.store, &lock, NULL, NULL));
  g_assert_cmpstr (lock.holder.client, ==, "tests");

  operation_scene_continue (&scene, STEWARD_CONTINUE_RESUME, NULL);
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  deployment_fixture_assert_serves (&fixture, "3.1.0", 14);
  assert_no_container (journal->id);
}

static void
append (StewardRecord record)
{
  g_autoptr (StewardJournal) journal = load_newest ();
  g_autoptr (GError) error = NULL;

  g_assert_true (steward_journal_append (journal, &record, NULL, NULL, &error));
  g_assert_no_error (error);
}

/* A Steward that died while it took a publish back: somebody may have written to that copy. */
static void
test_kill_after_withdrawal (void)
{
  g_auto (OperationScene)
      scene = { .fixture = &fixture, .step = "switch-tag", .kind = STEWARD_EVENT_STEP_DONE };

  deployment_fixture_reset (&fixture);
  g_autofree char *before =
      deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_NEW_CONTAINERS);
  operation_scene_run_killed (&scene, &upgrade);
  append ((StewardRecord){ .kind = STEWARD_RECORD_DIRECTION, .direction = STEWARD_DIRECTION_BACK });
  append ((StewardRecord){ .kind = STEWARD_RECORD_INTENT, .step = "publish" });
  operation_scene_wait_for_guard (&scene);
  g_assert_cmpuint (deployment_fixture_count_databases (&fixture, "%\\_copy"), ==, 1);
  g_assert_cmpuint (deployment_fixture_count_databases (&fixture, "parsec"), ==, 0);
  operation_scene_continue (&scene, STEWARD_CONTINUE_WALK_BACK, NULL);
  operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
  deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_NEW_CONTAINERS);
}

static void
test_frozen_too_long (void)
{
  g_auto (OperationScene)
      scene = { .fixture = &fixture, .step = "copy", .kind = STEWARD_EVENT_STEP_STARTED };

  deployment_fixture_reset (&fixture);
  g_autofree char *before = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_ALL);
  GPid pid = operation_scene_run_frozen (&scene, &upgrade);
  operation_scene_wait_for_guard (&scene);
  g_assert_cmpint (operation_scene_thaw (pid), ==,
                   STEWARD_RESULT_INTERRUPTED | OPERATION_SCENE_LOST_LOCK);
  assert_went_back (before, DEPLOYMENT_STATE_ALL);
}

static void
test_frozen_for_a_moment (void)
{
  g_auto (OperationScene)
      scene = { .fixture = &fixture, .step = "copy", .kind = STEWARD_EVENT_STEP_STARTED };
  StewardRequest patient = upgrade;

  patient.guard_s = 0;
  deployment_fixture_reset (&fixture);
  GPid pid = operation_scene_run_frozen (&scene, &patient);
  g_assert_cmpint (operation_scene_thaw (pid), ==, STEWARD_RESULT_DONE);
  operation_scene_wait_for_guard (&scene);
  g_autoptr (StewardJournal) journal = load_newest ();
  g_assert_cmpint (journal->state, ==, STEWARD_JOURNAL_DONE);
  assert_no_container (journal->id);
  deployment_fixture_assert_serves (&fixture, "3.1.0", 14);
}

static void
assert_stopped_at_file (void)
{
  g_autoptr (StewardJournal) journal = load_newest ();
  g_autofree char *running =
      deployment_fixture_call ("docker inspect --format '{{.State.Running}}' \"$1\"",
                               fixture.server_container, NULL);

  g_test_message ("the journal says: %s", journal->text);
  g_assert_cmpint (journal->state, ==, STEWARD_JOURNAL_HANDS);
  g_assert_nonnull (strstr (journal->text, fixture.compose_file));
  g_assert_cmpstr (running, ==, "false");
  assert_lock_is_free ();
}

static void
test_edited_by_hand (void)
{
  g_auto (OperationScene)
      scene = { .fixture = &fixture, .step = "switch-tag", .kind = STEWARD_EVENT_STEP_DONE };

  deployment_fixture_reset (&fixture);
  g_autofree char *before = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_ALL);
  operation_scene_run_killed (&scene, &upgrade);
  g_free (deployment_fixture_call ("echo '# by hand' >>\"$1\"", fixture.compose_file, NULL));
  operation_scene_wait_for_guard (&scene);
  assert_stopped_at_file ();
  g_free (deployment_fixture_call ("sed -i '$d' \"$1\"", fixture.compose_file, NULL));
  operation_scene_continue (&scene, STEWARD_CONTINUE_WALK_BACK, NULL);
  operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
  deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_ALL);
}

int
main (int argc, char **argv)
{
  operation_scene_be_killed (argc, argv);
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  g_test_add_func ("/guard/removes-new-server-first", test_kill_with_new_server);
  g_test_add_func ("/guard/is-obeyed-by-frozen-steward", test_frozen_too_long);
  g_test_add_func ("/guard/stops-at-file-edited-by-hand", test_edited_by_hand);
  if (deployment_fixture_run_is_long ())
    {
      g_test_add_func ("/guard/does-nothing-after-publish", test_kill_after_publish);
      g_test_add_func ("/guard/walks-back-after-kill-at/publish", test_kill_in_publish);
      g_test_add_func ("/guard/walks-rollback-back", test_kill_of_rollback);
      g_test_add_func ("/guard/leaves-withdrawn-copy-alone", test_kill_after_withdrawal);
      g_test_add_func ("/guard/leaves-steward-alone-that-answers-again", test_frozen_for_a_moment);
    }

  deployment_fixture_up (&fixture, "newer", "2.40");
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  return status;
}
