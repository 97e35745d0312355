/* One child process of this machine: started in its own process group, its three streams pumped
 * until it ends. Private to the host folder. Blocks; for worker threads. */
#pragma once

#include "core/host/host.h"

G_BEGIN_DECLS

/** steward_process_run: @argv is what to run here; the rest of @command as steward_host_run() says.
 * The fence is the caller's matter. */
gboolean steward_process_run (const char *const *argv,
                              const StewardCommand *command,
                              StewardOutcome *outcome,
                              GCancellable *cancellable,
                              GError **error);

G_END_DECLS
