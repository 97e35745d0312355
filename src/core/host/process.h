/* One child process of this machine: started in its own process group, its three streams pumped
 * until it ends. Private to the host folder. Blocks; for worker threads. */
#pragma once

#include "core/host/framing.h"
#include "core/host/host.h"

G_BEGIN_DECLS

/** StewardFarEnd: for a child that only passes a command on to another machine.
 * @framing: (not nullable): tells the command's own bytes, and when it is over; the child is not
 * waited for then
 * @end: (not nullable): asks the other machine to end the command, because it is late or was
 * cancelled; must not block. The child may then end by itself before it is ended
 */
typedef struct
{
  StewardFraming *framing;
  void (*end) (const StewardFraming *framing, gpointer data);
  gpointer data;
} StewardFarEnd;

/** StewardProcess:
 * @argv: (not nullable): what to run here
 * @command: (not nullable): all else; its own vector only names the program in messages, and its
 * fence is the caller's matter
 * @far_end: (nullable): %NULL for a command of this machine
 */
typedef struct
{
  const char *const *argv;
  const StewardCommand *command;
  const StewardFarEnd *far_end;
} StewardProcess;

/** steward_process_run: as steward_host_run() says. With a far end, @outcome's status is the
 * child's own: the framing knows the command's. */
gboolean steward_process_run (const StewardProcess *process,
                              StewardOutcome *outcome,
                              GCancellable *cancellable,
                              GError **error);

G_END_DECLS
