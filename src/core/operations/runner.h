/* Interprets a table of steps: forward, back, and from wherever an interruption left it. */
#pragma once

#include "core/steps/step.h"

G_BEGIN_DECLS

/**
 * StewardResult: how an operation ended; the server's state follows from it.
 * @STEWARD_RESULT_DONE: as planned
 * @STEWARD_RESULT_REFUSED: a check said no; nothing was touched
 * @STEWARD_RESULT_BACK: it failed or was cancelled, and the server is where it was before
 * @STEWARD_RESULT_INTERRUPTED: it stands unfinished: resume it or walk it back
 * @STEWARD_RESULT_HANDS: neither worked; the error says what to do by hand
 */
typedef enum
{
  STEWARD_RESULT_DONE,
  STEWARD_RESULT_REFUSED,
  STEWARD_RESULT_BACK,
  STEWARD_RESULT_INTERRUPTED,
  STEWARD_RESULT_HANDS,
} StewardResult;

/** steward_runner_get_steps: Returns: (array zero-terminated=1): the table of an operation */
const StewardStep *const *steward_runner_get_steps (StewardOperationKind kind);

/**
 * steward_runner_run:
 * @error: set unless the result is done
 *
 * Runs what the real server says is still to do, journalling each intent before its effect. When a
 * step fails or is cancelled before the commit point, everything is walked back and the step's
 * error returned. After it, only if nothing was written since or the loss is agreed to: else the
 * result is interrupted, the error %STEWARD_ERROR_LOSS, and the target runs on,
 * or the error says why it could not be started.
 * With %STEWARD_ERROR_LOST_LOCK nothing more was done: somebody else is in charge. Where the
 * connection to the host breaks, it is waited for, and the step that it interrupted is gone on with
 * from what the real server says; %STEWARD_ERROR_DISCONNECTED (interrupted) where it stays away.
 */
StewardResult steward_runner_run (StewardStepContext *context, GError **error);

/**
 * steward_runner_walk_back:
 *
 * Undoes, from the last to the first, each step whose intent stands in the journal.
 *
 * Returns: back (@error unset), interrupted or hands
 */
StewardResult steward_runner_walk_back (StewardStepContext *context, GError **error);

G_END_DECLS
