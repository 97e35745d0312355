/* Opening the shared connection: the questions on the way, the time it may take, what went wrong.
 * Private to the host folder. */
#pragma once

#include "core/host/ssh-address.h"
#include "core/host/ssh-master.h"
#include "core/host/ssh-question.h"

G_BEGIN_DECLS

/** StewardSshOpening: all borrowed.
 * @folder: private; the askpass program's socket is there meanwhile
 * @socket: where other clients will find the connection
 */
typedef struct
{
  const StewardSshAddress *address;
  const StewardSshAsker *asker;
  const char *folder;
  const char *socket;
  const char *token;
  GCancellable *cancellable;
} StewardSshOpening;

/** steward_ssh_opening_run: blocks until commands can be run. The time that questions stay open
 * does not count. @master: (inout): started; to be ended by the caller whatever comes Errors: as
 * steward_ssh_host_connect() */
gboolean steward_ssh_opening_run (const StewardSshOpening *opening,
                                  StewardSshMaster *master,
                                  GError **error);

G_END_DECLS
