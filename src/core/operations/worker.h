/* One thread a deployment, so that a host that hangs delays nobody else. Work goes in as a GTask,
 * runs in order, and its result comes back on the caller's main context. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** At which results come back: after all that a channel told before them. */
#define STEWARD_WORKER_PRIORITY G_PRIORITY_LOW

typedef struct _StewardWorker StewardWorker;

/** StewardWorkFunc: runs on the worker's thread and may block.
 * Returns: (transfer full) (nullable): the result; %NULL with @error set is a failure */
typedef gpointer (*StewardWorkFunc) (gpointer data, GCancellable *cancellable, GError **error);

StewardWorker *steward_worker_new (const char *name);

/** steward_worker_free: does not wait: work that runs is finished on its thread, work that has not
 * begun is not; either tells its callback. */
void steward_worker_free (StewardWorker *worker);

/**
 * steward_worker_run_async:
 * @data: (transfer full): freed with @free_data on the worker's thread after @func
 * @free_result: how to free a result that nobody takes
 */
void steward_worker_run_async (StewardWorker *worker,
                               StewardWorkFunc func,
                               gpointer data,
                               GDestroyNotify free_data,
                               GDestroyNotify free_result,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);

/** steward_worker_run_finish: Returns: (transfer full) (nullable): what the function returned */
gpointer steward_worker_run_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardWorker, steward_worker_free)

G_END_DECLS
