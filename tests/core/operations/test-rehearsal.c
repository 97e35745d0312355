/* The rehearsal of an upgrade: what it proves, and that whatever goes wrong in it is nothing to the
 * server, which is never stopped. */
#include <inttypes.h>
#include <string.h>

#include "core/deployment/job.h"
#include "operation-scene.h"

static DeploymentFixture fixture;

static StewardBackup *
find_backup (const OperationScene *scene)
{
  g_autoptr (GError) error = NULL;
  StewardBackup *backup =
      steward_backup_find (fixture.store, scene->report.backup_id, NULL, &error);

  g_assert_no_error (error);
  return backup;
}

static void
test_proves (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture, .rehearses = TRUE };

  deployment_fixture_reset (&fixture);
  operation_scene_upgrade (&scene, "3.1.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  deployment_fixture_assert_serves (&fixture, "3.1.0", 14);
  g_autoptr (StewardBackup) backup = find_backup (&scene);
  g_assert_cmpstr (backup->passport->rehearsed_tag, ==, "3.1.0");
  g_assert_cmpint (backup->passport->restored_s, >=, backup->passport->read_back_s);
  g_assert_cmpuint (backup->passport->restore_ms, >, 0);
  g_assert_cmpuint (backup->passport->migrate_ms, >, 0);
  g_assert_cmpuint (backup->passport->answer_ms, >, 0);
  g_test_message ("restored %" PRIu64 " ms, migrated %" PRIu64 " ms, answered %" PRIu64
                  " ms; away for %" PRId64 " ms, predicted %" PRIu64 " ms",
                  scene.report.rehearsed.restore_ms, scene.report.rehearsed.migrate_ms,
                  scene.report.rehearsed.answer_ms, scene.report.downtime_ms,
                  scene.report.rehearsed.downtime_ms);
}

/* What goes wrong, and a part of what is said then. */
typedef struct
{
  const char *name;
  const char *tag;
  OperationAct act;
  const char *words;
} Fault;

static void
act_flip_a_byte (OperationScene *scene)
{
  g_free (deployment_fixture_call ("for dump in \"$1\"/steward/backups/*.dump; do printf X |"
                                   " dd of=\"$dump\" bs=1 seek=4000 conv=notrunc 2>/dev/null; done",
                                   scene->fixture->folder, NULL));
}

static const Fault faults[] = {
  { "migration-fails", "3.8.0", NULL, "0021" },
  { "server-never-answers", "3.8.3", NULL, "answer" },
  { "server-answers-as-another-version", "3.8.5", NULL, "version 4" },
  { "backup-damaged-since", "3.1.0", act_flip_a_byte, "" },
  { "cancelled", "3.1.0", operation_act_cancel, "" },
  { "engine-away", "3.1.0", operation_act_take_engine_away, "" },
};

static void
test_fault (gconstpointer data)
{
  const Fault *fault = data;
  g_auto (OperationScene) scene = { .fixture = &fixture,
                                    .rehearses = TRUE,
                                    .step = "rehearse",
                                    .kind = STEWARD_EVENT_STEP_STARTED,
                                    .act = fault->act };

  deployment_fixture_reset (&fixture);
  g_autofree char *before = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_ALL);
  operation_scene_upgrade (&scene, fault->tag);
  operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
  g_assert_nonnull (strstr (scene.error->message, fault->words));
  g_assert_cmpint (scene.report.downtime_ms, ==, 0);
  deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_ALL);
  g_autoptr (StewardBackup) backup = find_backup (&scene);
  g_assert_null (backup->passport->rehearsed_tag);
}

/* Of this deployment: other tests rehearse on the same engine, which remembers few events. Returns:
 * the process that writes them down */
static char *
follow_rehearsals (void)
{
  return deployment_fixture_call (
      "docker events --filter event=create --filter \"label=" STEWARD_LABEL_DEPLOYMENT
      "=$1/steward\""
      " --format '{{.Actor.Attributes.name}}' </dev/null >\"$2/events\" 2>&1 & echo $!",
      fixture.folder, fixture.tools, NULL);
}

static char *
dup_count_of_rehearsals (const char *follower)
{
  return deployment_fixture_call ("kill \"$1\"; grep -c -- '-rehearsal$' \"$2/events\"", follower,
                                  fixture.tools, NULL);
}

/* Killed in the midst: resumed, it goes on with the same PostgreSQL; walked back, nothing is
 * left. */
static void
test_killed (gconstpointer data)
{
  StewardContinuation continuation = GPOINTER_TO_INT (data);
  StewardRequest request = { .kind = STEWARD_OPERATION_UPGRADE, .tag = "3.1.0", .watch_s = 1 };
  g_auto (OperationScene)
      scene = { .fixture = &fixture, .step = "rehearse", .kind = STEWARD_EVENT_FRACTION };

  deployment_fixture_reset (&fixture);
  g_autofree char *follower = follow_rehearsals ();
  g_autofree char *before = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_ALL);
  operation_scene_run_killed (&scene, &request);
  operation_scene_continue (&scene, continuation, NULL);
  g_autofree char *made = dup_count_of_rehearsals (follower);
  g_assert_cmpstr (made, ==, "1");
  if (continuation == STEWARD_CONTINUE_RESUME)
    {
      operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
      deployment_fixture_assert_serves (&fixture, "3.1.0", 14);
      g_assert_cmpuint (scene.report.rehearsed.restore_ms, >, 0);
      g_assert_cmpuint (scene.report.rehearsed.downtime_ms, >, 0);
      return;
    }
  operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
  deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_ALL);
}

int
main (int argc, char **argv)
{
  operation_scene_be_killed (argc, argv);
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  g_test_add_func ("/rehearsal/proves-backup-and-migration", test_proves);
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *path = g_strconcat ("/rehearsal/", faults[i].name, NULL);
      if (deployment_fixture_takes (i))
        g_test_add_data_func (path, &faults[i], test_fault);
    }
  g_test_add_data_func ("/rehearsal/killed-and-resumed", GINT_TO_POINTER (STEWARD_CONTINUE_RESUME),
                        test_killed);
  if (deployment_fixture_run_is_long ())
    g_test_add_data_func ("/rehearsal/killed-and-walked-back",
                          GINT_TO_POINTER (STEWARD_CONTINUE_WALK_BACK), test_killed);

  deployment_fixture_up (&fixture, "classic", "2.40");
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  return status;
}
