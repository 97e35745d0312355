/* An operation on a fixture, with something that happens in its midst: a scene. What happens does
 * so between two effects of the operation, on its own thread, as events are told there. */
#pragma once

#include "deployment-fixture.h"

G_BEGIN_DECLS

typedef struct _OperationScene OperationScene;

/** OperationAct: what happens, once, when the event comes. */
typedef void (*OperationAct) (OperationScene *scene);

/**
 * OperationScene:
 * @step, @kind: the event that is waited for; @act: (nullable)
 * @signal: of a process that is killed or frozen, see operation_scene_run_killed()
 * @rehearses: whether operation_scene_upgrade() does: it takes its time
 * @agrees: the answer to every question
 * @cancels_when_away: cancels once it is told that the connection to the host is lost
 * @result, @error, @report: how the operation ended
 * @n_questions: asked so far; @last_question: (nullable)
 * @n_skipped: how often it was told that a step had been done before
 */
struct _OperationScene
{
  DeploymentFixture *fixture;
  const char *step;
  StewardEventKind kind;
  OperationAct act;
  int signal;
  gboolean rehearses;
  gboolean agrees;
  gboolean cancels_when_away;

  GCancellable *cancellable;
  gboolean has_acted;
  guint n_questions;
  guint n_skipped;
  char *last_question;
  StewardReport report;
  StewardResult result;
  GError *error;
};

void operation_scene_clear (OperationScene *scene);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OperationScene, operation_scene_clear)

void operation_scene_run (OperationScene *scene, const StewardRequest *request);
void operation_scene_upgrade (OperationScene *scene, const char *tag);

/** operation_scene_let_lock_lapse: as if its holder had been silent for long enough. */
void operation_scene_let_lock_lapse (OperationScene *scene);

/** operation_scene_continue: what an operation left unfinished; a silent holder's lock is made to
 * lapse first.
 * @accepted_loss: (nullable) */
void operation_scene_continue (OperationScene *scene,
                               StewardContinuation continuation,
                               const char *accepted_loss);

/** operation_scene_run_killed: runs it in a process of its own, this program once more, which is
 * killed at the scene's event as SIGKILL does. main() begins with operation_scene_be_killed(). */
void operation_scene_run_killed (OperationScene *scene, const StewardRequest *request);

/** operation_scene_run_frozen: the same, but it is stopped there as SIGSTOP does.
 * Returns: its process, for operation_scene_thaw() */
GPid operation_scene_run_frozen (OperationScene *scene, const StewardRequest *request);

/** operation_scene_wait_for_guard: until the guard of the deployment is gone; 90 s at most, and
 * then the test fails. */
void operation_scene_wait_for_guard (OperationScene *scene);

#define OPERATION_SCENE_LOST_LOCK 0x40

/** operation_scene_thaw: lets it go on to its end. Returns: its StewardResult, and
 * %OPERATION_SCENE_LOST_LOCK where that was its error */
int operation_scene_thaw (GPid pid);

/** operation_scene_be_killed: does nothing unless this process is such a one, and never returns
 * then. */
void operation_scene_be_killed (int argc, char **argv);

/** operation_scene_assert_result: @result, and an error unless it is done; the act, if there is
 * one, was played. */
void operation_scene_assert_result (OperationScene *scene, StewardResult result);

/** Acts. */
void operation_act_cancel (OperationScene *scene);
void operation_act_take_engine_away (OperationScene *scene); /* until the step has failed */
void operation_act_compose_up (OperationScene *scene);       /* by somebody else, of everything */

G_END_DECLS
