/* The part of an operation that stands on the worker's thread. It knows nothing of the run, which
 * shows what becomes of it. For run.c alone; main thread. */
#pragma once

#include "app/run.h"
#include "core/operations/channel.h"

G_BEGIN_DECLS

/** StewardRunEnding: @error: owned, nullable */
typedef struct
{
  StewardResult result;
  StewardReport report;
  GError *error;
} StewardRunEnding;

void steward_run_ending_free (StewardRunEnding *ending);

/** steward_run_work_begin: has @worker do @work, whose events and questions go to @channel */
void steward_run_work_begin (StewardWorker *worker,
                             const StewardRunWork *work,
                             StewardChannel *channel,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data);

/** steward_run_work_finish: Returns: (transfer full): refused where it was cancelled before it
 * began: nothing was touched */
StewardRunEnding *steward_run_work_finish (GAsyncResult *result);

G_END_DECLS
