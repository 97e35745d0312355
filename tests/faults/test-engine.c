/* The Docker engine of the host: killed in the midst of an operation and started again; its disk
 * full, on which images, containers and PostgreSQL's data lie; or without the image that a rollback
 * goes back to. For an engine of the tests' own, see own-engine.sh. */
#include <string.h>

#include "fault-report.h"
#include "fault-scene.h"

/* EngineFault: @harm comes at @step, up to @window_ms after its beginning; %NULL for before all. */
typedef struct
{
  const char *name;
  StewardOperationKind kind;
  const char *step;
  guint window_ms;
  void (*harm) (void);
} EngineFault;

static DeploymentFixture fixture;
static const char *engine_folder;
static const EngineFault *fault; /* that which is played */
static GThread *harming;         /* owned, nullable */

static void
start_engine (void)
{
  g_free (deployment_fixture_call ("exec \"$1\"/start", engine_folder, NULL));
}

/* Its containers go on without it until it is back; then it ends them, whatever their restart
 * policy. An administrator starts the database again, */
static void
kill_engine (void)
{
  g_free (deployment_fixture_call ("kill -KILL $(cat \"$1/pid\")", engine_folder, NULL));
  start_engine ();
  deployment_fixture_start_database (&fixture);
}

/* and the server where Steward has not stopped it. */
static void
kill_engine_of_server (void)
{
  kill_engine ();
  g_free (
      deployment_fixture_call ("docker start \"$1\" >/dev/null", fixture.server_container, NULL));
}

static void
fill_disk (void)
{
  g_free (deployment_fixture_call ("cat /dev/zero >\"$1/data/ballast\" 2>/dev/null || :",
                                   engine_folder, NULL));
}

/* As an administrator does to make room. */
static void
prune_images (void)
{
  g_free (deployment_fixture_call ("docker image prune --all --force >/dev/null", NULL));
}

static void
stop_registry (void)
{
  g_free (deployment_fixture_call ("kill -KILL $(cat \"$1/registry-pid\")", engine_folder, NULL));
}

static void
prune_images_and_stop_registry (void)
{
  prune_images ();
  stop_registry ();
}

/* What an administrator sees to before anything else. */
static void
mend_engine (void)
{
  g_free (deployment_fixture_call ("rm -f \"$1/data/ballast\"", engine_folder, NULL));
  g_free (deployment_fixture_call ("exec \"$1\"/start-registry", engine_folder, NULL));
  start_engine ();
  deployment_fixture_start_database (&fixture);
}

/* Killed at the wrong moment, an engine holds a published port for nobody, or leaves the interface
 * of a container that ended on its network. */
static gboolean
is_told_to_restart_engine (const FaultScene *self)
{
  return self->scene.error != NULL
         && strstr (self->scene.error->message, "restart the engine") != NULL;
}

static void
restart_engine (void)
{
  g_free (deployment_fixture_call (
      "pid=$(cat \"$1/pid\") && kill \"$pid\" && tail --pid=\"$pid\" -f /dev/null", engine_folder,
      NULL));
  start_engine ();
  deployment_fixture_start_database (&fixture);
}

/* So that the operation has to fetch it. */
static void
remove_target (void)
{
  g_free (deployment_fixture_call ("docker image ls --format '{{.Repository}}:{{.Tag}}' |"
                                   " grep \"parsec-server:$1\\$\" | xargs -r docker image rm"
                                   " >/dev/null",
                                   FAULT_NEW, NULL));
}

static gpointer
harm_cb (gpointer data)
{
  g_usleep ((gulong)g_test_rand_int_range (0, (gint32)fault->window_ms * 1000));
  fault->harm ();
  return NULL;
}

static void
act (OperationScene *scene)
{
  if (fault->window_ms == 0)
    fault->harm ();
  else
    harming = g_thread_new ("harms", harm_cb, NULL);
}

static void
test_fault (gconstpointer data)
{
  FaultScene self;

  fault = data;
  fault_scene_begin (&self, &fixture, fault->kind, fault->name);
  if (g_strcmp0 (fault->step, "pull-image") == 0)
    remove_target ();
  self.scene.rehearses = g_strcmp0 (fault->step, "rehearse") == 0;
  self.scene.step = fault->step;
  self.scene.kind = STEWARD_EVENT_STEP_STARTED;
  self.scene.act = fault->step != NULL ? act : NULL;
  if (fault->step == NULL)
    fault->harm ();
  fault_scene_run (&self);
  g_assert_true (self.scene.has_acted || fault->step == NULL);
  /* An engine that starts again needs nobody's hands but for itself. */
  if (fault->harm != fill_disk && !is_told_to_restart_engine (&self))
    g_assert_cmpint (self.scene.result, !=, STEWARD_RESULT_HANDS);
  g_clear_pointer (&harming, g_thread_join);
  mend_engine ();
  fault_scene_relaunch (&self, STEWARD_CONTINUE_RESUME);
  if (is_told_to_restart_engine (&self))
    {
      restart_engine ();
      fault_scene_relaunch (&self, STEWARD_CONTINUE_RESUME);
    }
  fault_scene_end (&self);
}

#define UPGRADE STEWARD_OPERATION_UPGRADE
#define ROLLBACK STEWARD_OPERATION_ROLLBACK
#define KILLED "engine killed during "
#define FULL "engine's disk full at "
#define DATA "PostgreSQL's disk full at "

/* clang-format off */
static const EngineFault faults[] = {
  { KILLED "dump", UPGRADE, "dump", 400, kill_engine_of_server },
  { KILLED "copy", UPGRADE, "copy", 200, kill_engine },
  { KILLED "trial", UPGRADE, "try-server", 400, kill_engine },
  { KILLED "migration", UPGRADE, "migrate-copy", 400, kill_engine },
  { KILLED "publish", UPGRADE, "publish", 200, kill_engine },
  { KILLED "watch", UPGRADE, "watch-health", 400, kill_engine },
  { KILLED "recreation", UPGRADE, "start-server", 400, kill_engine },
  { KILLED "restore", ROLLBACK, "restore-beside", 400, kill_engine_of_server },
  { KILLED "recreation of a rollback", ROLLBACK, "start-server", 400, kill_engine },
  { FULL "migration", UPGRADE, "migrate-copy", 0, fill_disk },
  { FULL "pull", UPGRADE, "pull-image", 0, fill_disk },
  { FULL "rehearsal", UPGRADE, "rehearse", 0, fill_disk },
  { FULL "recreation", UPGRADE, "start-server", 0, fill_disk },
  { DATA "copy", UPGRADE, "copy", 0, fill_disk },
  { DATA "migration", UPGRADE, "migrate-copy", 400, fill_disk },
  { DATA "publish", UPGRADE, "publish", 0, fill_disk },
  { "old image pruned before a rollback", ROLLBACK, NULL, 0, prune_images },
  { "registry gone at a rollback", ROLLBACK, NULL, 0, stop_registry },
  { "old image pruned and registry gone", ROLLBACK, NULL, 0, prune_images_and_stop_registry },
  { "old image pruned in a rollback", ROLLBACK, "stop-server", 0, prune_images },
  { "the same, and the registry gone", ROLLBACK, "switch-tag", 0, prune_images_and_stop_registry },
};
/* clang-format on */

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  engine_folder = g_getenv ("STEWARD_OWN_ENGINE");
  g_assert_nonnull (engine_folder);
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    if (deployment_fixture_takes (i))
      fault_scene_add_test ("engine", faults[i].name, &faults[i], test_fault);

  deployment_fixture_up (&fixture, "classic", "2.40");
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  fault_report_write ("engine", "The engine killed, its disk full, its images gone");
  return status;
}
