/* An operation that this window began, as something to be watched: its steps, how far it is, its
 * output, its question, its end. It goes on while nobody watches. Main thread. */
#pragma once

#include "app/log.h"
#include "app/run-step.h"
#include "core/operations/operation.h"
#include "core/operations/worker.h"

G_BEGIN_DECLS

/** StewardRun: Properties, read only: "fraction" (double, never runs backwards), "is-over",
 * "can-cancel", "is-cancelling", "is-stopped" (clients are turned away just now), "is-going-back",
 * "is-committed" (the point of no return is passed), "current-step" (nullable: none was begun).
 * Signals: "question" (text, version): call steward_run_answer(); "question-over": it was answered,
 * or waits no longer; "note" (sentence); "over": after "is-over" became true. */
#define STEWARD_TYPE_RUN (steward_run_get_type ())
G_DECLARE_FINAL_TYPE (StewardRun, steward_run, STEWARD, RUN, GObject)

/** StewardRunFunc: what is done, on the worker's thread: steward_operation_run() or
 * steward_operation_continue() with their arguments. */
typedef StewardResult (*StewardRunFunc) (gpointer data,
                                         const StewardClient *client,
                                         StewardReport *report,
                                         GCancellable *cancellable,
                                         GError **error);

/** StewardRunWork: @data: freed with @free_data
 * (nullable) on the worker's thread */
typedef struct
{
  StewardOperationKind kind;
  StewardRunFunc func;
  gpointer data;
  GDestroyNotify free_data;
} StewardRunWork;

/** steward_run_new: begins @work on @worker. It lives until that is over, whoever holds it.
 * Returns: (transfer full) */
StewardRun *steward_run_new (StewardWorker *worker, const StewardRunWork *work);

StewardOperationKind steward_run_get_kind (StewardRun *self);

/** steward_run_get_steps: Returns: (transfer none): of StewardRunStep */
GListModel *steward_run_get_steps (StewardRun *self);

/** steward_run_was_done: as steward_run_step_was_done(), of the step @id */
gboolean steward_run_was_done (StewardRun *self, const char *id);

/** steward_run_was_done: as steward_run_step_was_done(), of the step @id */
gboolean steward_run_was_done (StewardRun *self, const char *id);
StewardLog *steward_run_get_log (StewardRun *self);
double steward_run_get_fraction (StewardRun *self);
gboolean steward_run_is_over (StewardRun *self);
gboolean steward_run_can_cancel (StewardRun *self);
gboolean steward_run_is_cancelling (StewardRun *self);
gboolean steward_run_is_stopped (StewardRun *self);
gboolean steward_run_is_going_back (StewardRun *self);
gboolean steward_run_is_committed (StewardRun *self);

/** steward_run_get_current_step: Returns: (transfer none) (nullable): the latest to be begun */
StewardRunStep *steward_run_get_current_step (StewardRun *self);

/** steward_run_get_elapsed_ms: so far, or in all once it is over */
gint64 steward_run_get_elapsed_ms (StewardRun *self);
/** steward_run_get_stopped_ms: for how long clients have been turned away; 0 if they are not */
gint64 steward_run_get_stopped_ms (StewardRun *self);

/** steward_run_cancel: asks for it; a step that cannot be cancelled is finished first. */
void steward_run_cancel (StewardRun *self);

/** steward_run_get_question: Returns: (transfer none) (nullable): the one that waits; @version:
 * (out) (optional) (transfer none) */
const char *steward_run_get_question (StewardRun *self, const char **version);

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
