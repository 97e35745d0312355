/* An operation that this window began, as something to be watched: its steps, how far it is, its
 * output, its question, its end. It goes on while nobody watches. Main thread. */
#pragma once

#include "app/log.h"
#include "core/operations/operation.h"
#include "core/operations/worker.h"

G_BEGIN_DECLS

/**
 * StewardRunStepState:
 * @STEWARD_RUN_STEP_BACK: it was walked back
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
} StewardRunStepState;

/** StewardRunStep: a row of the list. Properties, all read only: "title" (translated), "state"
 * (int, a StewardRunStepState), "elapsed-ms" (int64; of a step that runs: 0), "command"
 * (nullable). */
#define STEWARD_TYPE_RUN_STEP (steward_run_step_get_type ())
G_DECLARE_FINAL_TYPE (StewardRunStep, steward_run_step, STEWARD, RUN_STEP, GObject)

const char *steward_run_step_get_id (StewardRunStep *self);
const char *steward_run_step_get_title (StewardRunStep *self);
StewardRunStepState steward_run_step_get_state (StewardRunStep *self);
gint64 steward_run_step_get_elapsed_ms (StewardRunStep *self);
/** Returns: (nullable) */
const char *steward_run_step_get_command (StewardRunStep *self);
/** steward_run_step_commits: whether its end is the point of no return */
gboolean steward_run_step_commits (StewardRunStep *self);

/** StewardRun: Properties, read only: "fraction" (double, never runs backwards), "is-over",
 * "can-cancel", "is-stopped" (the server serves nobody just now).
 * Signals: "question" (text, version): call steward_run_answer(); "note" (sentence);
 * "over": after "is-over" became true. */
#define STEWARD_TYPE_RUN (steward_run_get_type ())
G_DECLARE_FINAL_TYPE (StewardRun, steward_run, STEWARD, RUN, GObject)

/** StewardRunFunc: what is done, on the worker's thread: steward_operation_run() or
 * steward_operation_continue() with their arguments. */
typedef StewardResult (*StewardRunFunc) (gpointer data,
                                         const StewardClient *client,
                                         StewardReport *report,
                                         GCancellable *cancellable,
                                         GError **error);

/** StewardRunWork: @data: freed with @free_data on the worker's thread */
typedef struct
{
  StewardOperationKind kind;
  StewardRunFunc func;
  gpointer data;
  GDestroyNotify free_data;
} StewardRunWork;

/** steward_run_new: begins @work on @worker */
StewardRun *steward_run_new (StewardWorker *worker, const StewardRunWork *work);

StewardOperationKind steward_run_get_kind (StewardRun *self);

/** steward_run_get_steps: Returns: (transfer none): of StewardRunStep */
GListModel *steward_run_get_steps (StewardRun *self);
StewardLog *steward_run_get_log (StewardRun *self);
double steward_run_get_fraction (StewardRun *self);
gboolean steward_run_is_over (StewardRun *self);
gboolean steward_run_can_cancel (StewardRun *self);

/** steward_run_cancel: asks for it; a step that cannot be cancelled is finished first. */
void steward_run_cancel (StewardRun *self);

/** steward_run_answer: @typed: (nullable): what was typed; the question's version agrees */
void steward_run_answer (StewardRun *self, const char *typed);

/** How it ended, once it is over. Report and error: (transfer none); @error: (nullable) */
StewardResult steward_run_get_result (StewardRun *self);
const StewardReport *steward_run_get_report (StewardRun *self);
const GError *steward_run_get_error (StewardRun *self);

/** steward_run_get_notes: Returns: (transfer none) (array zero-terminated=0) (element-type utf8):
 * sentences to be read */
const GPtrArray *steward_run_get_notes (StewardRun *self);

G_END_DECLS
