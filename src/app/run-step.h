/* A step of an operation as a row of a list: what became of it, how long it took, the command
 * behind it. The run (run.h) tells it what happens; everybody else only reads. Main thread. */
#pragma once

#include "core/steps/step.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * StewardRunStepState:
 * @STEWARD_RUN_STEP_SKIPPED: it had been done before
 * @STEWARD_RUN_STEP_BACK: it was walked back
 * @STEWARD_RUN_STEP_NOT_BEGUN: it is not to come any more
 */
typedef enum
{
  STEWARD_RUN_STEP_PENDING,
  STEWARD_RUN_STEP_RUNNING,
  STEWARD_RUN_STEP_DONE,
  STEWARD_RUN_STEP_SKIPPED,
  STEWARD_RUN_STEP_FAILED,
  STEWARD_RUN_STEP_GOING_BACK,
  STEWARD_RUN_STEP_BACK,
  STEWARD_RUN_STEP_NOT_BEGUN,
} StewardRunStepState;

/** StewardRunStep: Properties, all read only: "title" (translated), "state" (int, a
 * StewardRunStepState), "elapsed-ms" (int64), "command" (nullable), "failure" (nullable). */
#define STEWARD_TYPE_RUN_STEP (steward_run_step_get_type ())
G_DECLARE_FINAL_TYPE (StewardRunStep, steward_run_step, STEWARD, RUN_STEP, GObject)

const char *steward_run_step_get_id (StewardRunStep *self);
const char *steward_run_step_get_title (StewardRunStep *self);
StewardRunStepState steward_run_step_get_state (StewardRunStep *self);

/** steward_run_step_get_elapsed_ms: of the latest way through it, forward or back; of a step that
 * runs: so far, which is not notified. */
gint64 steward_run_step_get_elapsed_ms (StewardRunStep *self);

/** steward_run_step_is_timed: whether this process has gone through it, or is about to end doing so
 */
gboolean steward_run_step_is_timed (StewardRunStep *self);

/** steward_run_step_get_command: Returns: (nullable): a line each, fit to be pasted */
const char *steward_run_step_get_command (StewardRunStep *self);

/** steward_run_step_get_failure: Returns: (nullable): why it failed, also after it was walked
 * back */
const char *steward_run_step_get_failure (StewardRunStep *self);

/** steward_run_step_was_done: also after it was walked back */
gboolean steward_run_step_was_done (StewardRunStep *self);

/** steward_run_step_commits: whether its end is the point of no return */
gboolean steward_run_step_commits (StewardRunStep *self);
/** steward_run_step_is_cancellable: whether cancelling interrupts it */
gboolean steward_run_step_is_cancellable (StewardRunStep *self);

/* For the run alone. */

/** steward_run_step_new: @step: a constant */
StewardRunStep *steward_run_step_new (const StewardStep *step);

/** steward_run_step_enter: @state: running, skipped or going back */
void steward_run_step_enter (StewardRunStep *self, StewardRunStepState state);

/** steward_run_step_leave: @state: done, failed or back; @failure: (nullable) */
void steward_run_step_leave (StewardRunStep *self,
                             StewardRunStepState state,
                             gint64 elapsed_ms,
                             const char *failure);

/** steward_run_step_stay: its walking back ended without a word and without an effect: it is what
 * it was before. */
void steward_run_step_stay (StewardRunStep *self);

void steward_run_step_set_command (StewardRunStep *self, const char *command);

G_END_DECLS
