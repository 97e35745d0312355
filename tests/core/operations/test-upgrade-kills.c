/* Steward killed in an upgrade, and while it walks back; whoever comes next resumes or walks back,
 * driven by what the server really is like, and nobody begins anything else before. */
#include "operation-scene.h"

static DeploymentFixture fixture;

/* Where the process of an upgrade to @tag is killed, and what is done then. */
typedef struct
{
  const char *tag;
  const char *step;
  StewardEventKind kind;
  StewardContinuation continuation;
} Kill;

#define STARTED STEWARD_EVENT_STEP_STARTED
#define UNDO STEWARD_EVENT_UNDO_STARTED
#define UNDONE STEWARD_EVENT_UNDO_DONE
#define RESUME STEWARD_CONTINUE_RESUME
#define WALK_BACK STEWARD_CONTINUE_WALK_BACK

/* Every line of the journal is tests/faults/test-kills.c's. */
static const Kill resumed[] = {
  { "3.1.0", "dump", STARTED, RESUME },
  { "3.1.0", "migrate-copy", STEWARD_EVENT_FRACTION, RESUME },
};

/* The migration failed, and the walk back is cut off. */
static const Kill walked_back[] = {
  { "3.8.0", "copy", UNDO, WALK_BACK },
  { "3.8.0", "set-aside", UNDO, WALK_BACK },
  { "3.8.0", "set-aside", UNDONE, WALK_BACK },
  { "3.8.0", "stop-server", UNDO, WALK_BACK },
};

/* Nobody else begins anything: the lock is held for a while, and then the operation stands
 * unfinished. */
static void
assert_refuses_others (OperationScene *scene)
{
  StewardRequest request = { .kind = STEWARD_OPERATION_BACKUP };

  operation_scene_run (scene, &request);
  operation_scene_assert_result (scene, STEWARD_RESULT_REFUSED);
  g_assert_error (scene->error, STEWARD_ERROR, STEWARD_ERROR_LOCKED);
  operation_scene_let_lock_lapse (scene);
  operation_scene_run (scene, &request);
  operation_scene_assert_result (scene, STEWARD_RESULT_REFUSED);
  g_assert_error (scene->error, STEWARD_ERROR, STEWARD_ERROR_REFUSED);
}

static void
test_kill (gconstpointer data)
{
  const Kill *plan = data;
  StewardRequest request = { .kind = STEWARD_OPERATION_UPGRADE,
                             .tag = plan->tag,
                             .leaves_out_rehearsal = TRUE };
  g_auto (OperationScene) scene = { .fixture = &fixture, .step = plan->step, .kind = plan->kind };

  deployment_fixture_reset (&fixture);
  g_autofree char *before =
      deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_NEW_CONTAINERS);
  operation_scene_run_killed (&scene, &request);
  assert_refuses_others (&scene);
  operation_scene_continue (&scene, plan->continuation, NULL);
  if (plan->continuation == RESUME)
    {
      operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
      deployment_fixture_assert_serves (&fixture, "3.1.0", 14);
    }
  else
    {
      operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
      deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_NEW_CONTAINERS);
    }
}

static const char *const kind_names[] = {
  [STARTED] = "started",
  [UNDO] = "undo",
  [UNDONE] = "undone",
  [STEWARD_EVENT_FRACTION] = "midst",
};

static void
add_kill (const char *path, const Kill *plan)
{
  g_autofree char *name = g_strdup_printf ("%s%s-%s", path, plan->step, kind_names[plan->kind]);

  g_test_add_data_func (name, plan, test_kill);
}

static void
add_kills (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (resumed); i++)
    if (deployment_fixture_takes (i))
      add_kill ("/upgrade/resumes-after-kill-at/", &resumed[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (walked_back); i++)
    if (deployment_fixture_takes (i))
      add_kill ("/upgrade/walks-back-after-kill-at/", &walked_back[i]);
}

int
main (int argc, char **argv)
{
  operation_scene_be_killed (argc, argv);
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  add_kills ();

  deployment_fixture_up (&fixture, "newer", "2.40");
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  return status;
}
