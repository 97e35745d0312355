/* Several blocking questions at once: what waits for a distant host waits once, not once each. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** StewardParallelFunc: runs on a thread of its own, beside the others. */
typedef void (*StewardParallelFunc) (gpointer data);

/** steward_parallel_run: calls each of @funcs (array zero-terminated=1) with @data, and returns
 * when all have returned. The last one runs on the calling thread. */
void steward_parallel_run (const StewardParallelFunc *funcs, gpointer data);

G_END_DECLS
