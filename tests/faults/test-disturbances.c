/* What others do in the midst of an operation: PostgreSQL is killed, a one-off container or a
 * worker in it is, somebody starts the server or the whole project. */
#include <signal.h>
#include <string.h>

#include "fault-report.h"
#include "fault-scene.h"

/* When, seen from a step: a part of its time later for its midst. */
typedef enum
{
  BEFORE,
  MIDST,
  AFTER,
} Moment;

/* A disturbance of the kind @name, at @step. @harm: runs on a thread of its own for a midst.
 * @tag: (nullable): of another target */
typedef struct
{
  const char *name;
  StewardOperationKind kind;
  const char *step;
  Moment moment;
  void (*harm) (void);
  const char *tag;
} Disturbance;

/* How long after its beginning a step is in its midst, at most. */
#define MIDST_US 400000

static DeploymentFixture fixture;
static const Disturbance *disturbance; /* that which is played */
static GThread *harming;               /* owned, nullable */

/* Its data is on a volume; whoever runs such a server has it started again. */
static void
kill_database (void)
{
  g_free (
      deployment_fixture_call ("docker kill \"$1\" >/dev/null", fixture.database_container, NULL));
  deployment_fixture_start_database (&fixture);
}

/* As the kernel does where memory runs out. */
static void
kill_jobs (void)
{
  g_free (deployment_fixture_call ("for journal in \"$1\"/steward/journal/*.jsonl; do\n"
                                   "  [ -e \"$journal\" ] || continue\n"
                                   "  id=${journal##*/}\n"
                                   "  docker ps -q --filter \"name=steward-${id%.jsonl}-\"\n"
                                   "done | xargs -r docker kill >/dev/null 2>&1 || :",
                                   fixture.folder, NULL));
}

/* One of pg_restore's own processes, not the first. */
static void
kill_restore_worker (void)
{
  g_free (deployment_fixture_call (
      "for try in $(seq 200); do\n"
      "  for journal in \"$1\"/steward/journal/*.jsonl; do\n"
      "    id=${journal##*/}\n"
      "    job=$(docker ps -q --filter \"name=steward-${id%.jsonl}-restore\")\n"
      "    [ -n \"$job\" ] || continue\n"
      "    worker=$(docker top \"$job\" -eo pid,comm 2>/dev/null |"
      "      awk '$2 == \"pg_restore\" { pid = $1 } END { print pid }')\n"
      "    [ -z \"$worker\" ] || { kill -KILL \"$worker\" 2>/dev/null || :; exit 0; }\n"
      "  done\n"
      "done\n",
      fixture.folder, NULL));
}

static void
start_server (void)
{
  g_free (deployment_fixture_call ("docker start \"$1\" >/dev/null 2>&1 || :",
                                   fixture.server_container, NULL));
}

static void
start_project (void)
{
  operation_act_compose_up (&(OperationScene){ .fixture = &fixture });
}

static gpointer
harm_cb (gpointer data)
{
  g_usleep ((gulong)g_test_rand_int_range (0, MIDST_US));
  disturbance->harm ();
  return NULL;
}

static void
act (OperationScene *scene)
{
  if (disturbance->moment == MIDST)
    harming = g_thread_new ("harms", harm_cb, NULL);
  else
    disturbance->harm ();
}

static void
test_disturbance (gconstpointer data)
{
  FaultScene self;

  disturbance = data;
  fault_scene_begin (&self, &fixture, disturbance->kind, disturbance->name);
  self.scene.step = disturbance->step;
  self.scene.kind =
      disturbance->moment == AFTER ? STEWARD_EVENT_STEP_DONE : STEWARD_EVENT_STEP_STARTED;
  self.scene.act = act;
  if (disturbance->tag != NULL)
    self.tag = disturbance->tag;
  fault_scene_run (&self);
  g_assert_true (self.scene.has_acted);
  g_clear_pointer (&harming, g_thread_join);
  fault_scene_relaunch (&self, STEWARD_CONTINUE_RESUME);
  fault_scene_end (&self);
}

#define UPGRADE STEWARD_OPERATION_UPGRADE
#define ROLLBACK STEWARD_OPERATION_ROLLBACK
#define KILLED "PostgreSQL killed "
#define JOB "one-off container killed "
#define CONCURRENT "3.8.6"
/* clang-format off */
static const Disturbance disturbances[] = {
  { KILLED "during set-aside", UPGRADE, "set-aside", MIDST, kill_database },
  { KILLED "before set-aside", UPGRADE, "set-aside", BEFORE, kill_database },
  { KILLED "after copy", UPGRADE, "copy", AFTER, kill_database },
  { KILLED "during migration", UPGRADE, "migrate-copy", MIDST, kill_database },
  { KILLED "after set-aside", UPGRADE, "set-aside", AFTER, kill_database },
  { KILLED "during copy", UPGRADE, "copy", MIDST, kill_database },
  { KILLED "during publish", UPGRADE, "publish", MIDST, kill_database },
  { KILLED "before publish", UPGRADE, "publish", BEFORE, kill_database },
  { KILLED "during dump", UPGRADE, "dump", MIDST, kill_database },
  { KILLED "during restore", ROLLBACK, "restore-beside", MIDST, kill_database },
  { KILLED "before restore", ROLLBACK, "restore-beside", BEFORE, kill_database },
  { JOB "during dump", UPGRADE, "dump", MIDST, kill_jobs },
  { JOB "during migration", UPGRADE, "migrate-copy", MIDST, kill_jobs },
  { KILLED "after restore", ROLLBACK, "restore-beside", AFTER, kill_database },
  { JOB "during trial", UPGRADE, "try-server", MIDST, kill_jobs },
  { "restore's worker killed", ROLLBACK, "restore-beside", MIDST, kill_restore_worker },
  { KILLED "during a concurrent index", UPGRADE, "migrate-copy", MIDST, kill_database, CONCURRENT },
  { JOB "during a concurrent index", UPGRADE, "migrate-copy", MIDST, kill_jobs, CONCURRENT },
  { KILLED "after publish", UPGRADE, "publish", AFTER, kill_database },
};
/* clang-format on */

/* Of these every step has its turn, as it begins. */
static const char *const steps[] = { "preflight",    "pull-image",  "dump",       "verify",
                                     "guard",        "stop-server", "set-aside",  "copy",
                                     "migrate-copy", "try-server",  "switch-tag", "publish",
                                     "start-server", "watch-health" };

static Disturbance starts[G_N_ELEMENTS (steps)];
static Disturbance ups[G_N_ELEMENTS (steps)];

static void
add (const Disturbance *fault, const char *place)
{
  g_autofree char *name = g_strconcat (fault->name, place, NULL);

  fault_scene_add_test ("disturbances", name, fault, test_disturbance);
}

/* The ordinary run has the one at the set-aside, the other at the migration. */
static void
add_steps (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      starts[i] = (Disturbance){
        "server started by somebody at each step ", UPGRADE, steps[i], BEFORE, start_server, NULL
      };
      ups[i] = (Disturbance){ "docker compose up by somebody at each step ",
                              UPGRADE,
                              steps[i],
                              BEFORE,
                              start_project,
                              NULL };
      if (deployment_fixture_takes (i + 3))
        add (&starts[i], steps[i]);
      if (deployment_fixture_takes (i + 1))
        add (&ups[i], steps[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  for (gsize i = 0; i < G_N_ELEMENTS (disturbances); i++)
    if (deployment_fixture_takes (i))
      add (&disturbances[i], "");
  add_steps ();

  deployment_fixture_up (&fixture, "classic", "2.40");
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  fault_report_write ("disturbances", "Disturbed by others");
  return status;
}
