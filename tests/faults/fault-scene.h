/* A fault in the midst of an operation, while clients write all the time; one relaunch; and then
 * the invariants, each looked at from outside:
 *
 *   A  tag, container and database are all old or all new
 *   B  every row that was acknowledged is there
 *   C  the last proven backup restores
 *   D  nothing is left that Steward does not report: no lock, container, database or partial file
 *   E  resuming once more does nothing
 *
 * What held is counted for the report, see fault-report.h. */
#pragma once

#include "operation-scene.h"

#include "journal-host.h"
#include "writing-client.h"

G_BEGIN_DECLS

/** The versions that go back and forth, and the migrations that they have. */
#define FAULT_OLD "3.0.0"
#define FAULT_NEW "3.1.0"

/**
 * FaultScene: all owned.
 * @kind: of the operation: an upgrade from the old to the new version, or a rollback from there
 * @name: of the fault, for the report: faults of one name are counted together
 * @tag: of the target of an upgrade, the new version unless it is set after the beginning
 * @watch_s: how long the target is watched, likewise
 * @guard_s: how long its guard is patient, 0 for as long as usual
 * @scene: where it agrees, rows may be lost: those written since a rollback's backup
 */
typedef struct
{
  DeploymentFixture *fixture;
  StewardOperationKind kind;
  const char *name;
  const char *tag;
  guint watch_s;
  guint guard_s;
  WritingClient *client;
  OperationScene scene;
} FaultScene;

/** fault_scene_add_test: under the path of @suite and of @name made fit for one. @fault: static */
void
fault_scene_add_test (const char *suite, const char *name, gconstpointer fault, GTestDataFunc func);

/** fault_scene_begin: a deployment as it was put up (upgraded before, for a rollback), and a client
 * that writes. @name: static */
void fault_scene_begin (FaultScene *self,
                        DeploymentFixture *fixture,
                        StewardOperationKind kind,
                        const char *name);

/** fault_scene_run: the operation in this process, with the act of @self's scene; rehearsed only
 * where that one rehearses. */
void fault_scene_run (FaultScene *self);

/** fault_scene_run_killed: the operation in a process of its own, killed at the event of @self's
 * scene; see operation_scene_run_killed(). */
void fault_scene_run_killed (FaultScene *self);

/** fault_scene_run_frozen: the same, but it is frozen there; see operation_scene_run_frozen(). */
GPid fault_scene_run_frozen (FaultScene *self);

/** fault_scene_walk_journal: @play at lines of an operation's journal, until it says that there was
 * no such line: a long run takes every one, before and after it is written, the ordinary one every
 * 17th, by turns. Returns: the first that was not there */
#define FAULT_SCENE_JOURNAL_SHARE 17
guint fault_scene_walk_journal (gboolean (*play) (guint nth, JournalHostMoment moment));

/** fault_scene_relaunch: one attempt to go on as @continuation says with what stands unfinished, if
 * anything does; where going back would lose rows, forward. */
void fault_scene_relaunch (FaultScene *self, StewardContinuation continuation);

/** fault_scene_end: the server answers and all invariants hold; the test fails where not. */
void fault_scene_end (FaultScene *self);

G_END_DECLS
