/* What a step of an operation is. A step is a constant record; the runner alone calls it, on the
 * deployment's worker thread. */
#pragma once

#include "core/base/progress.h"
#include "core/deployment/deployment.h"
#include "core/deployment/plan.h"
#include "core/store/backup.h"
#include "core/store/journal.h"
#include "core/store/lock.h"
#include "core/store/store.h"

G_BEGIN_DECLS

/**
 * StewardStepState: what the real server says of a step.
 * @STEWARD_STEP_TODO: nothing of it is there
 * @STEWARD_STEP_RUNNING: its work goes on on the server; attach to it
 * @STEWARD_STEP_DONE: it has its effect
 * @STEWARD_STEP_STALE: a remainder that must be undone before it can be run
 */
typedef enum
{
  STEWARD_STEP_TODO,
  STEWARD_STEP_RUNNING,
  STEWARD_STEP_DONE,
  STEWARD_STEP_STALE,
} StewardStepState;

/**
 * StewardStepFlags:
 * @STEWARD_STEP_CANCELLABLE: cancelling interrupts it; any other step is finished first
 * @STEWARD_STEP_COMMITS: its end is the point of no return: what stands before it is over
 */
typedef enum
{
  STEWARD_STEP_NO_FLAGS = 0,
  STEWARD_STEP_CANCELLABLE = 1 << 0,
  STEWARD_STEP_COMMITS = 1 << 1,
} StewardStepFlags;

/** StewardQuestion: asked in the midst of an operation; @version is what to type to agree. */
typedef struct
{
  const char *text;
  const char *version;
} StewardQuestion;

/** StewardAskFunc: called on the worker thread, may block.
 * Returns: whether the administrator agreed to the loss */
typedef gboolean (*StewardAskFunc) (const StewardQuestion *question,
                                    GCancellable *cancellable,
                                    gpointer data);

/** StewardStepContext: all that a step may use; everything is borrowed.
 * @cancellable: a fresh one while walking back */
typedef struct
{
  StewardDeployment *deployment;
  StewardStore *store;
  StewardLock *lock;
  StewardJournal *journal;
  const StewardPlan *plan;
  StewardProgress *progress;
  GCancellable *cancellable;
  StewardAskFunc ask;
  gpointer ask_data;
} StewardStepContext;

/**
 * StewardStep:
 * @id: the word in journals: `set-aside`
 * @title: for N_(): "Set the database aside"
 * @weight: its share of the whole, guessed
 * @describe: (nullable): the commands of the step, a line each, fit to be pasted and without
 *   secrets. (transfer full)
 * @inspect: looks at the real server, never at the journal alone
 * @run: from %STEWARD_STEP_TODO to done, or an error; what it left is @undo's matter
 * @attach: (nullable): takes up work that runs already, to its end
 * @undo: (nullable): ensures that nothing of the step is there, whether it was run or not
 * @describe_undo: (nullable): one command, which may be a list in braces, that a person types where
 *   @undo does not succeed; it fails and changes nothing where @undo would refuse, and can be done
 *   again. Of a step that had begun. (transfer full)
 * @tidy: (nullable): ends what of the step goes on beside the others, once all is done
 */
typedef struct
{
  const char *id;
  const char *title;
  guint weight;
  StewardStepFlags flags;
  char *(*describe) (const StewardStepContext *context);
  gboolean (*inspect) (StewardStepContext *context, StewardStepState *state, GError **error);
  gboolean (*run) (StewardStepContext *context, GError **error);
  gboolean (*attach) (StewardStepContext *context, GError **error);
  gboolean (*undo) (StewardStepContext *context, GError **error);
  char *(*describe_undo) (const StewardStepContext *context);
  gboolean (*tidy) (StewardStepContext *context, GError **error);
} StewardStep;

/** steward_step_get_fence: Returns: (transfer none): the right to change something just now */
const StewardFence *steward_step_get_fence (const StewardStepContext *context);

/** steward_step_record: writes @data, synced, as facts of @step: before an effect that they will be
 * needed to undo, after one whose result they are. @data: (transfer full) */
gboolean steward_step_record (StewardStepContext *context,
                              const StewardStep *step,
                              JsonObject *data,
                              GError **error);

/** steward_step_get_facts: Returns: (transfer none) (nullable): what was recorded so far */
JsonObject *steward_step_get_facts (const StewardStepContext *context, const StewardStep *step);

/** steward_step_is_recorded: whether the journal says that @step was done and not walked back
 * since. For steps without an effect that could be seen. */
gboolean steward_step_is_recorded (const StewardStepContext *context, const StewardStep *step);

/** steward_step_look: a session that changes nothing, outside of the live and the set-aside
 * databases */
StewardConnection *steward_step_look (StewardStepContext *context, GError **error);

/** steward_step_connect: a session that may change something, see steward_deployment_connect(). */
StewardConnection *
steward_step_connect (StewardStepContext *context, const char *database, GError **error);

/** steward_step_dup_job_name: Returns: (transfer full): `steward-ID-ROLE`, the name of a one-off
 * container */
char *steward_step_dup_job_name (const StewardStepContext *context, const char *role);

/* One file a step, in the order of an upgrade. */
extern const StewardStep steward_step_preflight;
extern const StewardStep steward_step_pull_image;
extern const StewardStep steward_step_dump;
extern const StewardStep steward_step_verify;
extern const StewardStep steward_step_rehearse;
extern const StewardStep steward_step_guard;
extern const StewardStep steward_step_stop_server;
extern const StewardStep steward_step_set_aside;
extern const StewardStep steward_step_copy;
extern const StewardStep steward_step_migrate_copy;
extern const StewardStep steward_step_try_server;
extern const StewardStep steward_step_switch_tag;
extern const StewardStep steward_step_publish;
extern const StewardStep steward_step_start_server;
extern const StewardStep steward_step_watch_health;
extern const StewardStep steward_step_restore_beside;
extern const StewardStep steward_step_prove;
extern const StewardStep steward_step_restart_server;

G_END_DECLS
