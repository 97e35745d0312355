/* Steward killed at every write to its journal, at any time at all, and once more while whoever
 * comes next recovers. Each is one process, killed as a power cut would. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault-report.h"
#include "fault-scene.h"

#define RANDOM_KILLS 10
#define LONG_RANDOM_KILLS 200
#define RECOVERY_KILLS 2
/* Up to this part of the operation's own length. */
#define REACH 1.1
/* Fewer would mean that the host does not tell of them. */
#define LEAST_WRITES (FAULT_SCENE_JOURNAL_SHARE + 1)

static DeploymentFixture fixture;

/* The arguments of the process that is killed. */
enum
{
  CHILD_MARK = 1,
  CHILD_WORK,
  CHILD_NTH,
  CHILD_MOMENT,
  N_CHILD,
};

#define MARK "--victim"
#define WORK_RUN "run"
#define WORK_RESUME "resume"

static void
die_cb (const JournalHostWrite *write, gpointer data)
{
  char **argv = data;

  if ((int)write->nth == atoi (argv[CHILD_NTH]) && (int)write->moment == atoi (argv[CHILD_MOMENT]))
    kill (getpid (), SIGKILL);
}

/* What the process does; never returns where it is one. */
static void
be_victim (int argc, char **argv)
{
  FaultScene victim = {
    .fixture = &fixture, .kind = STEWARD_OPERATION_UPGRADE, .tag = FAULT_NEW, .watch_s = 1
  };

  if (argc != N_CHILD || !g_str_equal (argv[CHILD_MARK], MARK))
    return;
  deployment_fixture_attach (&fixture);
  if (atoi (argv[CHILD_NTH]) > 0)
    deployment_fixture_use_host (&fixture, journal_host_new (die_cb, argv));
  victim.scene.fixture = &fixture;
  if (g_str_equal (argv[CHILD_WORK], WORK_RUN))
    fault_scene_run (&victim);
  else
    fault_scene_relaunch (&victim, g_str_equal (argv[CHILD_WORK], WORK_RESUME)
                                       ? STEWARD_CONTINUE_RESUME
                                       : STEWARD_CONTINUE_WALK_BACK);
  exit (0);
}

static GPid
spawn_victim (const char *work, guint nth, JournalHostMoment moment)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *nth_text = g_strdup_printf ("%u", nth);
  g_autofree char *moment_text = g_strdup_printf ("%d", moment);
  const char *argv[] = { self, MARK, work, nth_text, moment_text, NULL };
  GPid pid = 0;
  g_autoptr (GError) error = NULL;

  g_spawn_async (NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL,
                 NULL, NULL, &pid, &error);
  g_assert_no_error (error);
  return pid;
}

/* Returns: whether it was killed */
static gboolean
wait_for_victim (GPid pid)
{
  int status = 0;

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  return WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL;
}

static gpointer
kill_cb (gpointer data)
{
  const gint64 *plan = data; /* process, microseconds */

  g_usleep ((gulong)plan[1]);
  kill ((GPid)plan[0], SIGKILL);
  return NULL;
}

/* After @delay_us, unless it has ended by itself: it is reaped only when nobody kills any more. */
static void
kill_after (GPid pid, gint64 delay_us)
{
  gint64 plan[] = { pid, delay_us };
  g_autoptr (GThread) killer = g_thread_new ("kills", kill_cb, plan);

  g_thread_join (g_steal_pointer (&killer));
  wait_for_victim (pid);
}

static void
begin (FaultScene *self, const char *name)
{
  fault_scene_begin (self, &fixture, STEWARD_OPERATION_UPGRADE, name);
}

/* Returns: whether there was such a write */
static gboolean
kill_at (guint nth, JournalHostMoment moment)
{
  FaultScene self;

  begin (&self, moment == JOURNAL_HOST_BEFORE ? "killed before a line of the journal"
                                              : "killed after a line of the journal");
  gboolean was_killed = wait_for_victim (spawn_victim (WORK_RUN, nth, moment));
  fixture.is_dirty = TRUE;
  g_test_message ("write %u, %s", nth, was_killed ? "killed" : "not there");
  fault_scene_relaunch (&self,
                        g_test_rand_bit () ? STEWARD_CONTINUE_RESUME : STEWARD_CONTINUE_WALK_BACK);
  fault_scene_end (&self);
  return was_killed;
}

/* More than there are steps. */
static void
test_boundaries (void)
{
  g_assert_cmpuint (fault_scene_walk_journal (kill_at), >, LEAST_WRITES);
}

/* Of an upgrade that nobody disturbs, with the start of its process. */
static gint64
measure_us (const char *work)
{
  gint64 start_us = g_get_monotonic_time ();

  g_assert_false (wait_for_victim (spawn_victim (work, 0, JOURNAL_HOST_BEFORE)));
  fixture.is_dirty = TRUE;
  return g_get_monotonic_time () - start_us;
}

static void
test_random (void)
{
  FaultScene self;
  guint n_kills = deployment_fixture_run_is_long () ? LONG_RANDOM_KILLS : RANDOM_KILLS;

  begin (&self, "undisturbed");
  gint64 span_us = (gint64)(REACH * measure_us (WORK_RUN));
  fault_scene_end (&self);
  for (guint i = 0; i < n_kills && !g_test_failed (); i++)
    {
      begin (&self, "killed at any time");
      gint64 delay_us = (gint64)g_test_rand_double_range (0, span_us);
      kill_after (spawn_victim (WORK_RUN, 0, JOURNAL_HOST_BEFORE), delay_us);
      fixture.is_dirty = TRUE;
      g_test_message ("after %" G_GINT64_FORMAT " ms", delay_us / 1000);
      fault_scene_relaunch (&self, g_test_rand_bit () ? STEWARD_CONTINUE_RESUME
                                                      : STEWARD_CONTINUE_WALK_BACK);
      fault_scene_end (&self);
    }
}

/* Twice in a row, then once in peace. */
static void
test_recovery (void)
{
  guint n_kills = deployment_fixture_run_is_long () ? RANDOM_KILLS : RECOVERY_KILLS;
  const char *const works[] = { WORK_RESUME, "walk-back" };
  FaultScene self;

  for (guint i = 0; i < n_kills && !g_test_failed (); i++)
    {
      begin (&self, "killed, and twice more in the recovery");
      wait_for_victim (
          spawn_victim (WORK_RUN, (guint)g_test_rand_int_range (8, 24), JOURNAL_HOST_AFTER));
      fixture.is_dirty = TRUE;
      for (guint j = 0; j < 2; j++)
        {
          operation_scene_let_lock_lapse (&self.scene);
          wait_for_victim (spawn_victim (works[(i + j) % 2], (guint)g_test_rand_int_range (1, 6),
                                         (JournalHostMoment)g_test_rand_bit ()));
        }
      fault_scene_relaunch (&self,
                            i % 2 == 0 ? STEWARD_CONTINUE_RESUME : STEWARD_CONTINUE_WALK_BACK);
      fault_scene_end (&self);
    }
}

int
main (int argc, char **argv)
{
  be_victim (argc, argv);
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  g_test_add_func ("/kills/at-lines-of-the-journal", test_boundaries);
  g_test_add_func ("/kills/at-any-time", test_random);
  g_test_add_func ("/kills/in-the-recovery", test_recovery);

  deployment_fixture_up (&fixture, "newer", "2.40");
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  fault_report_write ("kills", "Steward killed");
  return status;
}
