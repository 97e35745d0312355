/* Runs one command: its work on a worker's thread, what it tells, asks and is told on this one. */
#pragma once

#include "cli/command.h"

G_BEGIN_DECLS

/** steward_cli_run: blocks in a main loop until the command is over; SIGINT, SIGTERM and SIGHUP
 * cancel it. Returns: (transfer full) */
StewardCliReply *steward_cli_run (const StewardCliCommand *command,
                                  const StewardCliOptions *options);

/** steward_cli_run_get_presence: whether standard input and standard error are a terminal */
StewardCliPresence steward_cli_run_get_presence (void);

G_END_DECLS
