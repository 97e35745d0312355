/* The forwards of one host: ports of this machine's loopback that lead to addresses over there.
 * They live as long as the connection. Private to the host folder. */
#pragma once

#include "core/host/host.h"
#include "core/host/ssh-connection.h"

G_BEGIN_DECLS

/** StewardSshForwards: @ports: from `ADDRESS:PORT` to a port here, of the connection @serial */
typedef struct
{
  GMutex mutex; /* guards the rest */
  GHashTable *ports;
  guint serial;
} StewardSshForwards;

void steward_ssh_forwards_init (StewardSshForwards *self);
void steward_ssh_forwards_clear (StewardSshForwards *self);

/** steward_ssh_forwards_get: see steward_host_forward(). @host runs a command to learn whether the
 * host forbids it. Returns: the port on 127.0.0.1; 0 on error */
guint16 steward_ssh_forwards_get (StewardSshForwards *self,
                                  StewardHost *host,
                                  StewardSshConnection *connection,
                                  const char *far_end,
                                  GCancellable *cancellable,
                                  GError **error);

G_END_DECLS
