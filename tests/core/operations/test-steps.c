/* What single steps leave behind or notice, looked at from outside in the midst of an operation.
 * How operations end is test-operations.c's, what becomes of them when a step fails
 * test-upgrade-faults.c's. */
#include <string.h>

#include "operation-scene.h"

static DeploymentFixture fixture;
static gboolean is_upgraded; /* to 3.1.0 */

/* Tag, restart policy and whether it runs, of each container of the server's image. */
static const char servers_script[] =
    "docker ps -aq --filter \"label=com.docker.compose.project=$1\" | xargs -r docker inspect"
    " --format '{{.Config.Image}} {{.HostConfig.RestartPolicy.Name}} {{.State.Running}}' |"
    " sed -n 's/.*parsec-server://p' | sort -u";

static void
upgrade (OperationScene *scene, const char *tag)
{
  deployment_fixture_reset (&fixture);
  operation_scene_upgrade (scene, tag);
}

static void
act_look_for_servers (OperationScene *scene)
{
  g_autofree char *servers = deployment_fixture_call (servers_script, fixture.name, NULL);

  g_assert_cmpstr (servers, ==, "");
}

/* After the set-aside nobody can write, and after the publish no old container is left. */
static void
act_look_at_fence (OperationScene *scene)
{
  g_autofree char *servers = deployment_fixture_call (servers_script, fixture.name, NULL);
  g_autofree char *databases =
      deployment_fixture_query (&fixture, "postgres",
                                "SELECT datallowconn FROM pg_database WHERE datname = 'parsec' OR "
                                "datname LIKE 'steward\\_%'");

  g_assert_cmpstr (servers, ==, "3.0.0 no false");
  g_assert_cmpstr (databases, ==, "f"); /* the set-aside one alone, closed */
  scene->step = "start-server";
  scene->act = act_look_for_servers;
  scene->has_acted = FALSE;
}

static void
test_fence (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture,
                                    .step = "copy",
                                    .kind = STEWARD_EVENT_STEP_STARTED,
                                    .act = act_look_at_fence };

  upgrade (&scene, "3.1.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  g_assert_true (scene.act == act_look_for_servers);
  is_upgraded = TRUE;
}

static void
act_nothing (OperationScene *scene)
{
}

/* The tool exits with 0: it is this step that notices, not the trial after it. */
static void
test_migrate_copy_reads_the_lines (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture,
                                    .step = "migrate-copy",
                                    .kind = STEWARD_EVENT_STEP_FAILED,
                                    .act = act_nothing };

  upgrade (&scene, "3.8.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
  g_assert_error (scene.error, STEWARD_ERROR, STEWARD_ERROR_FAILED);
  if (scene.error != NULL)
    g_assert_nonnull (strstr (scene.error->message, "0021_account.sql"));
}

static void
act_compose_up_and_fail (OperationScene *scene)
{
  operation_act_compose_up (scene);
  operation_act_take_engine_away (scene);
}

/* The files ask for the target already, so that this makes containers of it, waiting for a database
 * to migrate. */
static void
test_set_aside_goes_back_without_target_containers (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture,
                                    .step = "publish",
                                    .kind = STEWARD_EVENT_STEP_STARTED,
                                    .act = act_compose_up_and_fail };

  upgrade (&scene, "3.6.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
  g_autofree char *servers = deployment_fixture_call (servers_script, fixture.name, NULL);
  g_assert_null (strstr (servers, "3.6.0"));
  deployment_fixture_assert_serves (&fixture, "3.0.0", 12);
}

static void
act_lose_a_row (OperationScene *scene)
{
  g_autofree char *copy = deployment_fixture_query (
      &fixture, "postgres",
      "SELECT datname FROM pg_database WHERE datname LIKE 'steward\\_%' ORDER BY oid DESC LIMIT 1");

  deployment_fixture_execute (&fixture, copy,
                              "DELETE FROM message WHERE _id = (SELECT max(_id) FROM message)");
}

/* Going back from the upgrade of the test before, which is made here where nobody made it. */
static void
test_prove_counts_rows (void)
{
  g_auto (OperationScene)
      scene = { .fixture = &fixture, .step = "prove", .kind = STEWARD_EVENT_STEP_STARTED };
  StewardRequest request = { .kind = STEWARD_OPERATION_ROLLBACK,
                             .accepted_loss = "3.0.0",
                             .watch_s = 1 };
  g_autoptr (GError) error = NULL;

  if (!is_upgraded)
    test_fence ();
  is_upgraded = FALSE;
  deployment_fixture_open (&fixture, &error);
  g_assert_no_error (error);
  scene.act = act_lose_a_row;
  operation_scene_run (&scene, &request);
  operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
  g_assert_error (scene.error, STEWARD_ERROR, STEWARD_ERROR_FAILED);
  deployment_fixture_assert_serves (&fixture, "3.1.0", 14);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  g_test_add_func ("/steps/fence-from-set-aside-to-publish", test_fence);
  g_test_add_func ("/steps/prove-counts-rows", test_prove_counts_rows);
  g_test_add_func ("/steps/migrate-copy-reads-the-lines", test_migrate_copy_reads_the_lines);
  g_test_add_func ("/steps/set-aside-goes-back-without-target-containers",
                   test_set_aside_goes_back_without_target_containers);

  deployment_fixture_up (&fixture, "newer", "2.40");
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  return status;
}
