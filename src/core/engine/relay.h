/* A way into a container where no forward leads: a socket on this machine, and for each connection
 * to it a `docker exec` whose standard input and output a program in the container connects to a
 * port of the container's own loopback. Whatever speaks over a socket speaks over it unchanged.
 *
 * The socket is a unix one in a private folder, so that no other user of this machine can enter. */
#pragma once

#include "core/engine/engine.h"

G_BEGIN_DECLS

typedef struct _StewardRelay StewardRelay;

/** StewardRelayTarget: @container: id or name, running; @port: on its loopback; @label: what a
 * person knows it by */
typedef struct
{
  const char *container;
  const char *label;
  guint16 port;
} StewardRelayTarget;

/**
 * steward_relay_new:
 * @socket_name: the name of the socket in its folder, as those who connect look for it
 *
 * Blocks for one command, which finds out what the container's image has. Connections are taken
 * from then on, on threads of the relay's own.
 *
 * Errors: those of steward_relay_tool_find(): %STEWARD_ERROR_REFUSED (the image has nothing that
 * could be used), %STEWARD_ERROR_NOT_FOUND, %STEWARD_ERROR_UNREACHABLE, …; %STEWARD_ERROR_FAILED
 * (no socket on this machine)
 */
StewardRelay *steward_relay_new (StewardEngine *engine,
                                 const StewardRelayTarget *target,
                                 const char *socket_name,
                                 GCancellable *cancellable,
                                 GError **error);

/** steward_relay_close: takes no further connection and ends those that are open, on both ends.
 * Does not block: what is left to do is done on the relay's threads. */
void steward_relay_close (StewardRelay *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardRelay, steward_relay_close)

/** steward_relay_get_folder: Returns: (transfer none): the private folder, on this machine */
const char *steward_relay_get_folder (StewardRelay *self);

/** steward_relay_get_path: Returns: (transfer none): the socket in it */
const char *steward_relay_get_path (StewardRelay *self);

/** steward_relay_dup_problem: why the last connection came to its end, where that was no good one:
 * what docker, the host or the program in the container said. Connections end after it is known.
 * Returns: (transfer full) (nullable) */
char *steward_relay_dup_problem (StewardRelay *self);

G_END_DECLS
