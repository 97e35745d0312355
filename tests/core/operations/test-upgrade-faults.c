/* Every step of an upgrade failing, being cancelled, and being disturbed by others: whatever it is,
 * the server is back where it was, or serves as the target. */
#include <string.h>

#include "operation-scene.h"

static DeploymentFixture fixture;

/* What happens in an upgrade to @tag, and how it ends. */
typedef struct
{
  const char *name;
  const char *tag;
  const char *step;
  StewardEventKind kind;
  OperationAct act;
  guint watch_s;
  StewardResult result;
  DeploymentState detail;
} Fault;

static void
act_fill_backups_disk (OperationScene *scene)
{
  deployment_fixture_mount_small_disk (scene->fixture);
  g_free (deployment_fixture_call ("head -c 60000 /dev/zero >\"$1/steward/backups/ballast\"",
                                   scene->fixture->folder, NULL));
}

static void
act_flip_a_byte (OperationScene *scene)
{
  g_free (deployment_fixture_call ("for dump in \"$1\"/steward/backups/*.dump; do printf X |"
                                   " dd of=\"$dump\" bs=1 seek=4000 conv=notrunc 2>/dev/null; done",
                                   scene->fixture->folder, NULL));
}

static void
act_remove_target_image (OperationScene *scene)
{
  g_free (deployment_fixture_call ("docker image ls --format '{{.Repository}}:{{.Tag}}' |"
                                   " grep \"/parsec-server:$1\\$\" | xargs -r docker rmi -f",
                                   "3.1.1", NULL));
}

#define STARTED STEWARD_EVENT_STEP_STARTED
#define BACK STEWARD_RESULT_BACK
#define REFUSED STEWARD_RESULT_REFUSED
#define ALL DEPLOYMENT_STATE_ALL
#define NEW DEPLOYMENT_STATE_NEW_CONTAINERS

static const Fault faults[] = {
  { "image-vanishes-before-start", "3.1.1", "start-server", STARTED, act_remove_target_image, 1,
    BACK, NEW },
  { "no-such-tag", "9.9.9", NULL, 0, NULL, 1, REFUSED, ALL },
  { "backups-disk-full", "3.1.0", "dump", STARTED, act_fill_backups_disk, 1, BACK, ALL },
  { "backup-damaged", "3.1.0", "verify", STARTED, act_flip_a_byte, 1, BACK, ALL },
};

/* The engine cannot be reached for the length of one step. */
#define AWAY(step, result, detail)                                                                 \
  {                                                                                                \
    step, "3.1.0", step, STARTED, operation_act_take_engine_away, 1, result, detail                \
  }

/* The administrator cancels as the step begins; one that cannot be cancelled is finished first. */
#define CANCELLED(step, result)                                                                    \
  {                                                                                                \
    step, "3.1.0", step, STARTED, operation_act_cancel, 1, result, ALL                             \
  }

/* clang-format off */
static const Fault engine_away[] = {
  AWAY ("preflight", REFUSED, ALL),
  AWAY ("pull-image", REFUSED, ALL),
  AWAY ("dump", BACK, ALL),
  AWAY ("verify", BACK, ALL),
  AWAY ("stop-server", BACK, ALL),
  AWAY ("set-aside", BACK, ALL),
  AWAY ("copy", BACK, ALL),
  AWAY ("migrate-copy", BACK, ALL),
  AWAY ("try-server", BACK, ALL),
  AWAY ("switch-tag", BACK, ALL),
  AWAY ("publish", BACK, ALL),
  AWAY ("start-server", BACK, NEW),
  AWAY ("watch-health", BACK, NEW),
};

static const Fault cancellations[] = {
  CANCELLED ("preflight", REFUSED),
  CANCELLED ("pull-image", REFUSED),
  CANCELLED ("dump", BACK),
  CANCELLED ("verify", BACK),
  CANCELLED ("stop-server", BACK),
  CANCELLED ("set-aside", BACK),
  CANCELLED ("copy", BACK),
  CANCELLED ("migrate-copy", BACK),
  CANCELLED ("try-server", BACK),
  CANCELLED ("switch-tag", BACK),
};
/* clang-format on */

static void
play (const Fault *fault, OperationScene *scene)
{
  StewardRequest request = { .kind = STEWARD_OPERATION_UPGRADE,
                             .tag = fault->tag,
                             .leaves_out_rehearsal = TRUE,
                             .watch_s = fault->watch_s };

  deployment_fixture_reset (&fixture);
  g_autofree char *before = deployment_fixture_dup_state (&fixture, fault->detail);
  operation_scene_run (scene, &request);
  deployment_fixture_unmount_small_disk (&fixture);
  operation_scene_assert_result (scene, fault->result);
  deployment_fixture_assert_unchanged (&fixture, before, fault->detail);
}

static void
test_fault (gconstpointer data)
{
  const Fault *fault = data;
  g_auto (OperationScene)
      scene = { .fixture = &fixture, .step = fault->step, .kind = fault->kind, .act = fault->act };

  play (fault, &scene);
  if (fault->act == operation_act_cancel)
    g_assert_error (scene.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  else
    g_assert_nonnull (scene.error);
}

/* The publish is over: there is nothing to cancel any more. */
static void
test_cancel_comes_too_late (void)
{
  g_auto (OperationScene) scene = {
    .fixture = &fixture, .step = "publish", .kind = STARTED, .act = operation_act_cancel
  };

  deployment_fixture_reset (&fixture);
  operation_scene_upgrade (&scene, "3.1.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  deployment_fixture_assert_serves (&fixture, "3.1.0", 14);
}

static void
act_compose_up_and_cancel (OperationScene *scene)
{
  operation_act_compose_up (scene);
  operation_act_cancel (scene);
}

/* Somebody else's `docker compose up -d`, and then back: not even the containers that it made know
 * a way to the original. */
static void
test_compose_up_then_back (void)
{
  Fault fault = { "", "3.6.0", "switch-tag", STARTED, NULL, 1, BACK, NEW };
  g_auto (OperationScene) scene = {
    .fixture = &fixture, .step = "switch-tag", .kind = STARTED, .act = act_compose_up_and_cancel
  };

  play (&fault, &scene);
}

static void
act_edit_compose_file (OperationScene *scene)
{
  g_free (deployment_fixture_call ("echo '# a hand was here' >>\"$1\"",
                                   scene->fixture->compose_file, NULL));
}

/* Before Steward wrote anything into the file: it is left alone, and the server comes back. */
static void
test_edit_before_switch (void)
{
  g_auto (OperationScene) scene = {
    .fixture = &fixture, .step = "copy", .kind = STARTED, .act = act_edit_compose_file
  };

  deployment_fixture_reset (&fixture);
  operation_scene_upgrade (&scene, "3.1.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
  g_assert_error (scene.error, STEWARD_ERROR, STEWARD_ERROR_CHANGED);
  g_assert_true (deployment_fixture_wait_answer (&fixture));
  g_free (deployment_fixture_call ("tail -n 1 \"$1\" | grep -q 'a hand was here'",
                                   fixture.compose_file, NULL));
  g_free (deployment_fixture_call ("sed -i '$d' \"$1\"", fixture.compose_file, NULL));
  deployment_fixture_assert_serves (&fixture, "3.0.0", 12);
}

static void
act_edit_compose_file_and_fail (OperationScene *scene)
{
  act_edit_compose_file (scene);
  operation_act_take_engine_away (scene);
}

#define N_DONE_BEFORE_PUBLISH 12

/* After Steward switched the tag: neither way is safe without a look at the file. */
static void
test_edit_after_switch (void)
{
  g_auto (OperationScene) scene = {
    .fixture = &fixture, .step = "publish", .kind = STARTED, .act = act_edit_compose_file_and_fail
  };

  deployment_fixture_reset (&fixture);
  g_autofree char *before = deployment_fixture_dup_state (&fixture, ALL);
  operation_scene_upgrade (&scene, "3.1.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_HANDS);
  g_assert_error (scene.error, STEWARD_ERROR, STEWARD_ERROR_HANDS);
  g_free (deployment_fixture_call ("tail -n 1 \"$1\" | grep -q 'a hand was here'",
                                   fixture.compose_file, NULL));
  g_free (deployment_fixture_call ("sed -i '$d' \"$1\"", fixture.compose_file, NULL));
  g_assert_cmpuint (scene.n_skipped, ==, 0);
  operation_scene_continue (&scene, STEWARD_CONTINUE_WALK_BACK, NULL);
  operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
  g_assert_cmpuint (scene.n_skipped, ==, N_DONE_BEFORE_PUBLISH);
  deployment_fixture_assert_unchanged (&fixture, before, ALL);
}

static void
act_take_live_name (OperationScene *scene)
{
  deployment_fixture_execute (scene->fixture, "postgres", "CREATE DATABASE parsec");
}

/* A database of somebody else's has the live name: Steward does not touch it. */
static void
test_live_name_taken (void)
{
  g_auto (OperationScene) scene = {
    .fixture = &fixture, .step = "publish", .kind = STARTED, .act = act_take_live_name
  };

  deployment_fixture_reset (&fixture);
  g_autofree char *before = deployment_fixture_dup_state (&fixture, NEW);
  operation_scene_upgrade (&scene, "3.1.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_HANDS);
  deployment_fixture_execute (&fixture, "postgres", "DROP DATABASE parsec");
  operation_scene_continue (&scene, STEWARD_CONTINUE_WALK_BACK, NULL);
  operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
  deployment_fixture_assert_unchanged (&fixture, before, NEW);
}

static void
act_write_row (OperationScene *scene)
{
  deployment_fixture_write_row (scene->fixture);
}

/* What clients wrote to the target is not lost unless that is agreed to; and even then it is
 * kept. */
static void
test_written_since_publish (void)
{
  g_auto (OperationScene) scene = {
    .fixture = &fixture, .step = "watch-health", .kind = STARTED, .act = act_write_row
  };
  StewardRequest request = {
    .kind = STEWARD_OPERATION_UPGRADE, .tag = "3.8.4", .leaves_out_rehearsal = TRUE, .watch_s = 25
  };

  deployment_fixture_reset (&fixture);
  g_autofree char *before = deployment_fixture_query (&fixture, "parsec", "TABLE organization");
  operation_scene_run (&scene, &request);
  operation_scene_assert_result (&scene, STEWARD_RESULT_INTERRUPTED);
  g_assert_error (scene.error, STEWARD_ERROR, STEWARD_ERROR_LOSS);
  g_autofree char *rows =
      deployment_fixture_query (&fixture, "parsec", "SELECT count(*) FROM notification");
  g_assert_cmpstr (rows, ==, "1");
  deployment_fixture_assert_serves (&fixture, "3.8.4", 19);

  operation_scene_continue (&scene, STEWARD_CONTINUE_WALK_BACK, "3.0.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
  g_autofree char *after = deployment_fixture_query (&fixture, "parsec", "TABLE organization");
  g_assert_cmpstr (before, ==, after);
  deployment_fixture_assert_serves (&fixture, "3.0.0", 12);
  g_assert_cmpuint (deployment_fixture_count_databases (&fixture, "steward\\_%\\_failed"), ==, 1);
}

static GSocketListener *port_holder; /* owned, nullable */

/* Removed by somebody, whose own program has the server's port from then on. */
static void
act_write_row_and_take_port (OperationScene *scene)
{
  const char *url = scene->fixture->server_url;
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string ("127.0.0.1", (guint)g_uri_get_port (uri));
  g_autoptr (GError) error = NULL;

  deployment_fixture_write_row (scene->fixture);
  g_free (
      deployment_fixture_call ("docker rm --force \"$1\"", scene->fixture->server_container, NULL));
  port_holder = g_socket_listener_new ();
  g_socket_listener_add_address (port_holder, address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                 NULL, NULL, &error);
  g_assert_no_error (error);
}

/* It cannot be started again after nobody agreed to a loss: that is told, and what was written
 * stays. */
static void
test_written_and_cannot_start (void)
{
  g_auto (OperationScene) scene = {
    .fixture = &fixture, .step = "watch-health", .kind = STARTED, .act = act_write_row_and_take_port
  };

  deployment_fixture_reset (&fixture);
  operation_scene_upgrade (&scene, "3.1.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_INTERRUPTED);
  g_assert_error (scene.error, STEWARD_ERROR, STEWARD_ERROR_LOSS);
  g_assert_nonnull (strstr (scene.error->message, "Its server could not be started, though."));
  g_socket_listener_close (port_holder);
  g_clear_object (&port_holder);

  operation_scene_continue (&scene, STEWARD_CONTINUE_RESUME, NULL);
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  deployment_fixture_assert_serves (&fixture, "3.1.0", 14);
  g_autofree char *rows =
      deployment_fixture_query (&fixture, "parsec", "SELECT count(*) FROM notification");
  g_assert_cmpstr (rows, ==, "1");
}

static void
act_break_network (OperationScene *scene)
{
  g_free (deployment_fixture_call ("docker network disconnect \"$1_parsec\" \"$2\"",
                                   scene->fixture->name, scene->fixture->database_container, NULL));
}

/* Neither version reaches the database, which answers: nothing is lost by it, and the engine is
 * named. */
static void
test_network_broken (void)
{
  g_auto (OperationScene) scene = {
    .fixture = &fixture, .step = "start-server", .kind = STARTED, .act = act_break_network
  };

  deployment_fixture_reset (&fixture);
  operation_scene_upgrade (&scene, "3.1.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_HANDS);
  g_test_message ("%s", scene.error->message);
  g_assert_nonnull (strstr (scene.error->message, "The server ended by itself with status 1: "));
  g_assert_nonnull (strstr (scene.error->message, "restart the engine, then try again"));
  g_free (deployment_fixture_call ("docker network connect --alias postgres \"$1_parsec\" \"$2\"",
                                   fixture.name, fixture.database_container, NULL));

  operation_scene_continue (&scene, STEWARD_CONTINUE_WALK_BACK, NULL);
  operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
  deployment_fixture_assert_serves (&fixture, "3.0.0", 12);
}

static void
add_fault (const char *path, const Fault *fault)
{
  g_autofree char *name = g_strconcat (path, fault->name, NULL);

  g_test_add_data_func (name, fault, test_fault);
}

/* The ordinary run has one or the other at two of nine steps. */
static void
add_faults (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    if (deployment_fixture_takes (i))
      add_fault ("/upgrade/comes-back-from/", &faults[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (engine_away); i++)
    if (deployment_fixture_takes (i))
      add_fault ("/upgrade/comes-back-without-engine-at/", &engine_away[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (cancellations); i++)
    if (deployment_fixture_takes (i + 1))
      add_fault ("/upgrade/comes-back-when-cancelled-at/", &cancellations[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  add_faults ();
  if (deployment_fixture_run_is_long ())
    {
      g_test_add_func ("/upgrade/cancelling-comes-too-late-at/publish", test_cancel_comes_too_late);
      g_test_add_func ("/upgrade/written-and-cannot-start-is-told", test_written_and_cannot_start);
      g_test_add_func ("/upgrade/foreign-compose-up-then-back", test_compose_up_then_back);
      g_test_add_func ("/upgrade/leaves-foreign-edit-alone/before-switch", test_edit_before_switch);
    }
  g_test_add_func ("/upgrade/leaves-foreign-edit-alone/after-switch", test_edit_after_switch);
  g_test_add_func ("/upgrade/leaves-foreign-database-alone", test_live_name_taken);
  g_test_add_func ("/upgrade/written-since-publish-is-kept", test_written_since_publish);
  g_test_add_func ("/upgrade/broken-network-is-told", test_network_broken);

  deployment_fixture_up (&fixture, "newer", "2.40");
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  return status;
}
