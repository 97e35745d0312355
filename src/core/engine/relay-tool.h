/* What a container's image has by which a program in it connects its standard input and output to a
 * port of the container itself. Private to the relay; pure but for finding out. */
#pragma once

#include "core/engine/relay.h"

G_BEGIN_DECLS

/** StewardRelayTool: constant */
typedef struct _StewardRelayTool StewardRelayTool;

/** steward_relay_tool_find: the first one that the image of @target's running container has; one
 * command in it. Returns: (transfer none) (nullable)
 * Errors: %STEWARD_ERROR_REFUSED (the image has none), %STEWARD_ERROR_NOT_FOUND (no such
 * container), %STEWARD_ERROR_UNREACHABLE (it does not run), those of steward_engine_run() */
const StewardRelayTool *steward_relay_tool_find (StewardEngine *engine,
                                                 const StewardRelayTarget *target,
                                                 GCancellable *cancellable,
                                                 GError **error);

/** steward_relay_tool_dup_argv: what to run in the container. Its end closes the connection, the
 * connection's end ends it, and so does the end of its standard input. Returns: (transfer full) */
char **steward_relay_tool_dup_argv (const StewardRelayTool *tool, guint16 port);

/** steward_relay_tool_get: Returns: (transfer none) (nullable): the one that needs @program */
const StewardRelayTool *steward_relay_tool_get (const char *program);

G_END_DECLS
