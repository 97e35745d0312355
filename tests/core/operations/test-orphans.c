/* What something that was cut off has left: found, told apart from what is needed and from what is
 * another's, and removed when it is asked for. */
#include <string.h>

#include "core/deployment/job.h"
#include "core/deployment/rehearsal.h"
#include "core/operations/catalog.h"
#include "operation-scene.h"

#define ID "20260101t000000_0001"
#define ORPHAN "steward-" ID "-rehearsal"

static DeploymentFixture fixture;

static GPtrArray *
list (void)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *orphans =
      steward_catalog_list_orphans (fixture.deployment, fixture.store, NULL, &error);

  g_assert_no_error (error);
  return orphans;
}

static guint
count (void)
{
  g_autoptr (GPtrArray) orphans = list ();

  return orphans->len;
}

static gboolean delete (const char *name, GError **error)
{
  const StewardClient client = { .name = "tests" };

  return steward_catalog_delete (fixture.deployment, fixture.store, name, &client, NULL, error);
}

static char *
dup_file (void)
{
  return g_build_filename (fixture.folder, ".steward-abcdefgh", NULL);
}

static void
leave_things (void)
{
  StewardRehearsal rehearsal = { ORPHAN, ID, "nobodys" };
  g_autofree char *path = dup_file ();
  g_autoptr (GError) error = NULL;

  fixture.is_dirty = TRUE;
  steward_rehearsal_start (fixture.deployment, &rehearsal, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (path, "half", -1, NULL));
}

static void
test_found_and_removed (void)
{
  g_autofree char *path = dup_file ();
  g_autoptr (GError) error = NULL;

  deployment_fixture_reset (&fixture);
  g_assert_cmpuint (count (), ==, 0);
  leave_things ();
  g_autoptr (GPtrArray) orphans = list ();
  g_assert_cmpuint (orphans->len, ==, 2);
  const StewardOrphan *container = orphans->pdata[0], *file = orphans->pdata[1];
  g_assert_cmpint (container->kind, ==, STEWARD_ORPHAN_CONTAINER);
  g_assert_cmpstr (container->name, ==, ORPHAN);
  g_assert_cmpstr (container->operation, ==, ID);
  g_assert_cmpint (file->kind, ==, STEWARD_ORPHAN_FILE);
  g_assert_cmpstr (file->name, ==, path);

  delete (ORPHAN, &error);
  g_assert_no_error (error);
  delete (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count (), ==, 0);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (deployment_fixture_wait_answer (&fixture));
}

/* As a process does that is killed before it has removed one. */
static void
act_leave_container (OperationScene *scene)
{
  g_free (deployment_fixture_call (
      "docker create --name \"steward-$1-dump\" --label \"" STEWARD_LABEL_OPERATION "=$1\""
      " --label \"" STEWARD_LABEL_DEPLOYMENT "=$2/steward\""
      " \"$(docker inspect --format '{{.Image}}' \"$3\")\" >/dev/null",
      scene->report.id, fixture.folder, fixture.database_container, NULL));
}

static void
test_gone_with_their_operation (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture,
                                    .step = "verify",
                                    .kind = STEWARD_EVENT_STEP_STARTED,
                                    .act = act_leave_container };
  StewardRequest request = { .kind = STEWARD_OPERATION_BACKUP };

  deployment_fixture_reset (&fixture);
  operation_scene_run (&scene, &request);
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  g_assert_cmpuint (count (), ==, 0);
}

static void
act_leave_container_and_cancel (OperationScene *scene)
{
  act_leave_container (scene);
  operation_act_cancel (scene);
}

/* Before a step that changes anything, and after: refused, and gone back. */
static void
test_gone_with_what_did_not_happen (gconstpointer step)
{
  g_auto (OperationScene) scene = { .fixture = &fixture,
                                    .step = step,
                                    .kind = STEWARD_EVENT_STEP_STARTED,
                                    .act = act_leave_container_and_cancel };

  deployment_fixture_reset (&fixture);
  operation_scene_upgrade (&scene, "3.1.0");
  g_assert_error (scene.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count (), ==, 0);
}

/* Neither a file nor a container that is not left over can be removed by this. */
static void
test_others_are_left_alone (void)
{
  const char *names[] = { fixture.compose_file, fixture.env_file, fixture.server_container,
                          fixture.database_container };

  deployment_fixture_reset (&fixture);
  g_autofree char *foreign =
      deployment_fixture_call ("docker create --name \"$1-foreign\" --label"
                               " io.github.stewardapp.deployment=\"$2/other\" \"$(docker inspect"
                               " --format '{{.Image}}' \"$3\")\" >/dev/null; echo \"$1-foreign\"",
                               fixture.name, fixture.folder, fixture.database_container, NULL);
  g_assert_cmpuint (count (), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (delete (names[i], &error));
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
    }
  g_autoptr (GError) error = NULL;
  g_assert_false (delete (foreign, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
  g_free (deployment_fixture_call ("docker rm \"$1\" >/dev/null", foreign, NULL));
}

/* What an unfinished operation left is its own until that is over. */
static void
test_unfinished_operation_keeps_its_own (void)
{
  StewardRequest request = { .kind = STEWARD_OPERATION_UPGRADE, .tag = "3.1.0" };
  g_auto (OperationScene)
      scene = { .fixture = &fixture, .step = "rehearse", .kind = STEWARD_EVENT_FRACTION };

  deployment_fixture_reset (&fixture);
  operation_scene_run_killed (&scene, &request);
  g_assert_cmpuint (count (), ==, 0);
  operation_scene_let_lock_lapse (&scene);
  g_assert_cmpuint (count (), ==, 0);
  operation_scene_continue (&scene, STEWARD_CONTINUE_WALK_BACK, NULL);
  operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
  g_assert_cmpuint (count (), ==, 0);
}

int
main (int argc, char **argv)
{
  operation_scene_be_killed (argc, argv);
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  g_test_add_func ("/orphans/are-found-and-removed", test_found_and_removed);
  g_test_add_func ("/orphans/go-with-their-operation", test_gone_with_their_operation);
  g_test_add_data_func ("/orphans/go-with-a-refused-one", "pull-image",
                        test_gone_with_what_did_not_happen);
  g_test_add_data_func ("/orphans/go-on-the-way-back", "verify",
                        test_gone_with_what_did_not_happen);
  g_test_add_func ("/orphans/others-are-left-alone", test_others_are_left_alone);
  g_test_add_func ("/orphans/unfinished-operation-keeps-its-own",
                   test_unfinished_operation_keeps_its_own);

  deployment_fixture_up (&fixture, "classic", "2.40");
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  return status;
}
