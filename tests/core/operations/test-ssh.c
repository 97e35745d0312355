/* Operations on a deployment that is reached over SSH, by a real sshd on loopback: as on this
 * machine, and with the connection cut, frozen or gone in their midst. */
#include "core/operations/status.h"
#include "operation-scene.h"
#include "sshd-fixture.h"

#include <signal.h>
#include <string.h>

#define OLD "3.0.0"
#define NEW "3.1.0"
#define NEW_MIGRATIONS 14

static DeploymentFixture fixture;
static SshdFixture *sshd;
static StewardHost *host;

/* A session of sshd has the environment that its configuration says, and none of this program's. */
static char *
dup_settings (void)
{
  return g_strdup_printf ("SetEnv DOCKER_CONFIG=%s PATH=%s", g_getenv ("DOCKER_CONFIG"),
                          g_getenv ("PATH"));
}

static void
start_over (void)
{
  deployment_fixture_reset (&fixture);
  deployment_fixture_use_host (&fixture, host);
}

static void
test_status (void)
{
  g_autoptr (GError) error = NULL;

  start_over ();
  g_autoptr (StewardStatus) status =
      steward_status_read (fixture.deployment, fixture.store, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (status->is_running);
  g_assert_nonnull (status->health);
  g_assert_true (status->health->answers_as_parsec);
  g_assert_cmpstr (status->database_problem, ==, NULL);
  g_assert_cmpstr (status->last_migration, ==, "0012_add_sequester_webhook");
  g_assert_cmpstr (status->store_problem, ==, NULL);
}

static void
test_there_and_back (void)
{
  g_auto (OperationScene) upgrade = { .fixture = &fixture };
  g_auto (OperationScene) rollback = { .fixture = &fixture };
  StewardRequest request = { .kind = STEWARD_OPERATION_ROLLBACK,
                             .accepted_loss = OLD,
                             .watch_s = 1 };

  start_over ();
  operation_scene_upgrade (&upgrade, NEW);
  operation_scene_assert_result (&upgrade, STEWARD_RESULT_DONE);
  deployment_fixture_assert_serves (&fixture, NEW, NEW_MIGRATIONS);
  deployment_fixture_use_host (&fixture, host);
  operation_scene_run (&rollback, &request);
  operation_scene_assert_result (&rollback, STEWARD_RESULT_DONE);
  deployment_fixture_assert_serves (&fixture, OLD, 12);
}

/* All connections break at once; a moment later the host is there again. */
static void
act_cut (OperationScene *scene)
{
  g_autofree char *settings = dup_settings ();

  sshd_fixture_stop (sshd);
  sshd_fixture_restart (sshd, settings);
}

/* The far end stays silent, as a network does that loses everything. */
static void
act_freeze (OperationScene *scene)
{
  sshd_fixture_freeze (sshd);
}

static void
act_stop (OperationScene *scene)
{
  sshd_fixture_stop (sshd);
}

typedef struct
{
  const char *step;
  StewardEventKind kind;
  OperationAct act;
} Cut;

static const Cut cuts[] = {
  { "pull-image", STEWARD_EVENT_STEP_STARTED, act_cut },
  { "dump", STEWARD_EVENT_STEP_STARTED, act_cut },
  { "migrate-copy", STEWARD_EVENT_STEP_STARTED, act_cut },
  { "publish", STEWARD_EVENT_STEP_STARTED, act_cut },
  { "migrate-copy", STEWARD_EVENT_STEP_STARTED, act_freeze },
};

/* Ends as if nothing had been cut. */
static void
test_cut (gconstpointer data)
{
  const Cut *cut = data;
  g_auto (OperationScene)
      scene = { .fixture = &fixture, .step = cut->step, .kind = cut->kind, .act = cut->act };

  start_over ();
  operation_scene_upgrade (&scene, NEW);
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  deployment_fixture_assert_serves (&fixture, NEW, NEW_MIGRATIONS);
}

/* A host that stays away: the operation stands unfinished, and says so; it is walked back when the
 * host is there again. */
static void
test_gone (void)
{
  g_autofree char *settings = dup_settings ();
  g_auto (OperationScene) scene = { .fixture = &fixture,
                                    .step = "copy",
                                    .kind = STEWARD_EVENT_STEP_STARTED,
                                    .act = act_stop,
                                    .cancels_when_away = TRUE };

  start_over ();
  g_autofree char *before =
      deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_NEW_CONTAINERS);
  operation_scene_upgrade (&scene, NEW);
  operation_scene_assert_result (&scene, STEWARD_RESULT_INTERRUPTED);
  g_assert_error (scene.error, STEWARD_ERROR, STEWARD_ERROR_DISCONNECTED);

  sshd_fixture_restart (sshd, settings);
  g_clear_object (&scene.cancellable);
  operation_scene_continue (&scene, STEWARD_CONTINUE_WALK_BACK, NULL);
  operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
  deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_NEW_CONTAINERS);
}

static void
add_cuts (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cuts); i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/ssh/upgrade/%s-at/%s", cuts[i].act == act_freeze ? "frozen" : "cut",
                           cuts[i].step);
      g_test_add_data_func (path, &cuts[i], test_cut);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ssh/status", test_status);
  g_test_add_func ("/ssh/upgrade-and-rollback", test_there_and_back);
  add_cuts ();
  g_test_add_func ("/ssh/upgrade/host-stays-away", test_gone);

  deployment_fixture_up (&fixture, "newer", "2.40");
  g_autofree char *settings = dup_settings ();
  sshd = sshd_fixture_new (settings);
  host = sshd_fixture_host (sshd, NULL);
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  g_clear_object (&host);
  sshd_fixture_free (sshd);
  return status;
}
