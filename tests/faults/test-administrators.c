/* Two administrators: the first one's Steward falls silent while a migration of its goes on, on the
 * server and longer than its lock; the second one comes meanwhile, and then the first comes back.
 */
#include "fault-report.h"
#include "fault-scene.h"

/* Its migration is slow, and goes on without whoever began it. */
#define SLOW "3.8.6"

static DeploymentFixture fixture;

typedef struct
{
  const char *name;
  StewardContinuation continuation;
  StewardResult result;
} Second;

static const Second seconds[] = {
  { "a second one resumes while the migration goes on", STEWARD_CONTINUE_RESUME,
    STEWARD_RESULT_DONE },
  { "a second one walks back while the migration goes on", STEWARD_CONTINUE_WALK_BACK,
    STEWARD_RESULT_BACK },
};

static char *
dup_migration_state (void)
{
  return deployment_fixture_call ("for journal in \"$1\"/steward/journal/*.jsonl; do\n"
                                  "  id=${journal##*/}\n"
                                  "  docker inspect --format '{{.State.Status}}'"
                                  " \"steward-${id%.jsonl}-migrate\"\n"
                                  "done",
                                  fixture.folder, NULL);
}

/* Whoever wants to begin something else is told that this is not over. */
static void
assert_refuses_another_operation (void)
{
  StewardRequest request = { .kind = STEWARD_OPERATION_BACKUP };
  g_auto (OperationScene) scene = { .fixture = &fixture };

  operation_scene_run (&scene, &request);
  operation_scene_assert_result (&scene, STEWARD_RESULT_REFUSED);
}

static void
test_second (gconstpointer data)
{
  const Second *second = data;
  FaultScene self;

  fault_scene_begin (&self, &fixture, STEWARD_OPERATION_UPGRADE, second->name);
  self.tag = SLOW;
  self.scene.step = "migrate-copy";
  self.scene.kind = STEWARD_EVENT_FRACTION;
  GPid first = fault_scene_run_frozen (&self);
  g_autofree char *state = dup_migration_state ();
  g_assert_cmpstr (state, ==, "running");
  assert_refuses_another_operation ();

  fault_scene_relaunch (&self, second->continuation);
  g_assert_cmpint (self.scene.result, ==, second->result);
  /* It touches nothing any more. */
  g_assert_cmpint (operation_scene_thaw (first), ==,
                   STEWARD_RESULT_INTERRUPTED | OPERATION_SCENE_LOST_LOCK);
  fault_scene_end (&self);
}

int
main (int argc, char **argv)
{
  operation_scene_be_killed (argc, argv);
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  for (gsize i = 0; i < G_N_ELEMENTS (seconds); i++)
    fault_scene_add_test ("administrators", seconds[i].name, &seconds[i], test_second);

  deployment_fixture_up (&fixture, "newer", "2.40");
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  fault_report_write ("administrators", "Two administrators");
  return status;
}
