/* What an operation is given is rotten: the target's image, its migrations, or a dump that was
 * proven and has been damaged since. */
#include <string.h>

#include "fault-report.h"
#include "fault-scene.h"

static DeploymentFixture fixture;

/* Rotten: an upgrade to @tag, which ends so. @step, @act: (nullable) */
typedef struct
{
  const char *name;
  const char *tag;
  StewardResult result;
  const char *step;
  OperationAct act;
} Target;

/* Longer than the one that dies lives. */
#define LONG_WATCH_S 25

#define MORTAL "3.8.4"

static const Target targets[] = {
  { "migration fails after one that is committed", "3.8.0", STEWARD_RESULT_BACK, NULL, NULL },
  { "migration hangs and is cancelled", "3.8.1", STEWARD_RESULT_BACK, "migrate-copy",
    operation_act_cancel },
  { "target never answers", "3.8.3", STEWARD_RESULT_BACK, NULL, NULL },
  { "target answers as another version", "3.8.5", STEWARD_RESULT_BACK, NULL, NULL },
};

static const Target indexes[] = {
  { "index made concurrently, in a transaction", "3.8.7", STEWARD_RESULT_BACK, NULL, NULL },
  { "index made concurrently", "3.8.6", STEWARD_RESULT_DONE, NULL, NULL },
};

static void
test_target (gconstpointer data)
{
  const Target *target = data;
  FaultScene self;

  fault_scene_begin (&self, &fixture, STEWARD_OPERATION_UPGRADE, target->name);
  self.tag = target->tag;
  self.scene.step = target->step;
  self.scene.kind = STEWARD_EVENT_FRACTION;
  self.scene.act = target->act;
  fault_scene_run (&self);
  g_assert_cmpint (self.scene.result, ==, target->result);
  fault_scene_relaunch (&self, STEWARD_CONTINUE_RESUME);
  fault_scene_end (&self);
}

/* Clients have written to it by then: their rows are lost only to somebody who agrees. */
static void
test_mortal (void)
{
  FaultScene self;

  fault_scene_begin (&self, &fixture, STEWARD_OPERATION_UPGRADE, "target dead after 20 s");
  self.tag = MORTAL;
  self.watch_s = LONG_WATCH_S;
  fault_scene_run (&self);
  g_assert_cmpint (self.scene.result, ==, STEWARD_RESULT_INTERRUPTED);
  g_assert_error (self.scene.error, STEWARD_ERROR, STEWARD_ERROR_LOSS);
  self.scene.agrees = TRUE;
  fault_scene_relaunch (&self, STEWARD_CONTINUE_WALK_BACK);
  g_assert_cmpint (self.scene.result, ==, STEWARD_RESULT_BACK);
  fault_scene_end (&self);
}

/* Of a dump that a rollback needs; it is damaged as @step begins, or before all where that is
 * NULL. */
typedef struct
{
  const char *name;
  const char *script;
  const char *step;
} Damage;

static const char flip_script[] = "for dump in \"$1\"/steward/backups/*.dump; do\n"
                                  "  printf X | dd of=\"$dump\" bs=1 seek=4000 conv=notrunc\n"
                                  "done 2>/dev/null";
static const char truncate_script[] = "for dump in \"$1\"/steward/backups/*.dump; do\n"
                                      "  truncate -s -100 \"$dump\"\n"
                                      "done";

static const Damage damages[] = {
  { "dump truncated since its proof", truncate_script, NULL },
  { "dump with a byte flipped since its proof", flip_script, NULL },
  { "dump truncated as it is restored", truncate_script, "restore-beside" },
  { "dump with a byte flipped as it is restored", flip_script, "restore-beside" },
};

static const Damage *damage; /* that which is played */

static void
act_damage (OperationScene *scene)
{
  g_free (deployment_fixture_call (damage->script, fixture.folder, NULL));
}

static void
test_damage (gconstpointer data)
{
  FaultScene self;

  damage = data;
  fault_scene_begin (&self, &fixture, STEWARD_OPERATION_ROLLBACK, damage->name);
  self.scene.agrees = FALSE; /* nothing may be lost: it must not come to that */
  self.scene.step = damage->step;
  self.scene.kind = STEWARD_EVENT_STEP_STARTED;
  self.scene.act = damage->step != NULL ? act_damage : NULL;
  if (damage->step == NULL)
    act_damage (&self.scene);
  fault_scene_run (&self);
  g_assert_true (self.scene.result == STEWARD_RESULT_REFUSED
                 || self.scene.result == STEWARD_RESULT_BACK);
  g_test_message ("%s", self.scene.error->message);
  fault_scene_relaunch (&self, STEWARD_CONTINUE_RESUME);
  fault_scene_end (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
    if (deployment_fixture_takes (i))
      fault_scene_add_test ("rotten", targets[i].name, &targets[i], test_target);
  for (gsize i = 0; i < G_N_ELEMENTS (indexes); i++)
    if (deployment_fixture_takes (i))
      fault_scene_add_test ("rotten", indexes[i].name, &indexes[i], test_target);
  g_test_add_func ("/rotten/target-dead-after-20-s", test_mortal);
  for (gsize i = 0; i < G_N_ELEMENTS (damages); i++)
    if (deployment_fixture_takes (i))
      fault_scene_add_test ("rotten", damages[i].name, &damages[i], test_damage);

  deployment_fixture_up (&fixture, "classic", "2.40");
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  fault_report_write ("rotten", "Rotten images and dumps");
  return status;
}
