/* The desktop is gone for good between stop and publish: the guard on the host brings the server
 * back. Or it returns in the very second in which the guard acts: one of the two is in charge. */
#include "fault-report.h"
#include "fault-scene.h"

/* Longer than the steps of these small databases take between two heartbeats. */
#define GUARD_S 4
/* Each takes as long as a guard's patience and an operation. */
#define ROUNDS 2
#define LONG_ROUNDS 20
/* From when the guard wakes to the time by which it is done. */
#define ACTS_MS 2500

static DeploymentFixture fixture;

typedef struct
{
  const char *step;
  StewardEventKind kind;
} Kill;

static const Kill kills[] = {
  { "stop-server", STEWARD_EVENT_STEP_DONE }, { "set-aside", STEWARD_EVENT_STEP_DONE },
  { "copy", STEWARD_EVENT_STEP_DONE },        { "migrate-copy", STEWARD_EVENT_FRACTION },
  { "try-server", STEWARD_EVENT_STEP_DONE },  { "switch-tag", STEWARD_EVENT_STEP_DONE },
};

/* Its container is run once when it is posted, and then when it wakes. */
static const char wait_awake_script[] =
    "name=steward-$1-guard\n"
    "end=$(($(date +%s) + 90))\n"
    "first=$(docker inspect --format '{{.State.StartedAt}}' \"$name\")\n"
    "while [ \"$(docker inspect --format '{{.State.StartedAt}}' \"$name\")\" = \"$first\" ]; do\n"
    "  [ $(date +%s) -lt $end ] || { echo asleep; exit 0; }\n"
    "  sleep 0.05\n"
    "done\n"
    "echo awake\n";

/* Returns: (transfer full) (nullable) */
static StewardJournal *
find_unfinished (void)
{
  g_autoptr (GError) error = NULL;
  StewardJournal *journal = NULL;

  steward_journal_find_unfinished (fixture.store, &journal, NULL, &error);
  g_assert_no_error (error);
  return journal;
}

static void
begin (FaultScene *self, const char *name, const Kill *plan)
{
  fault_scene_begin (self, &fixture, STEWARD_OPERATION_UPGRADE, name);
  self->guard_s = GUARD_S;
  self->scene.step = plan->step;
  self->scene.kind = plan->kind;
  fault_scene_run_killed (self);
}

/* Nobody comes: what is looked at is the guard's work alone. */
static void
test_gone (gconstpointer data)
{
  FaultScene self;

  begin (&self, "desktop gone for good", data);
  operation_scene_wait_for_guard (&self.scene);
  g_autoptr (StewardJournal) unfinished = find_unfinished ();
  g_assert_null (unfinished);
  fault_scene_end (&self);
}

static void
play_round (void)
{
  g_autoptr (StewardJournal) unfinished = NULL;
  FaultScene self;

  begin (&self, "desktop back while the guard acts", &kills[1]);
  operation_scene_let_lock_lapse (&self.scene);
  unfinished = find_unfinished ();
  g_autofree char *word = deployment_fixture_call (wait_awake_script, unfinished->id, NULL);
  g_assert_cmpstr (word, ==, "awake");
  g_usleep ((gulong)g_test_rand_int_range (0, ACTS_MS) * 1000);
  fault_scene_relaunch (&self, STEWARD_CONTINUE_RESUME);
  operation_scene_wait_for_guard (&self.scene);
  fault_scene_end (&self);
}

static void
test_returns (void)
{
  guint n_rounds = deployment_fixture_run_is_long () ? LONG_ROUNDS : ROUNDS;

  for (guint i = 0; i < n_rounds && !g_test_failed (); i++)
    play_round ();
}

int
main (int argc, char **argv)
{
  operation_scene_be_killed (argc, argv);
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  for (gsize i = 0; i < G_N_ELEMENTS (kills); i++)
    {
      g_autofree char *path = g_strconcat ("/guard/brings-server-back-at/", kills[i].step, NULL);
      if (deployment_fixture_takes (i))
        g_test_add_data_func (path, &kills[i], test_gone);
    }
  g_test_add_func ("/guard/is-in-charge-or-steward-is", test_returns);

  deployment_fixture_up (&fixture, "newer", "2.40");
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  fault_report_write ("guard", "The desktop gone");
  return status;
}
