/* What a command's or a script's end means, in words for a person. Private to the host folder. Any
 * thread. */
#pragma once

#include "core/host/host.h"

G_BEGIN_DECLS

/** steward_host_failure_set_program: %STEWARD_ERROR_NOT_FOUND: @program is not installed there */
void steward_host_failure_set_program (const char *program, GError **error);

/** steward_host_failure_set: what a status other than zero means; quotes the last line of standard
 * error. */
void steward_host_failure_set (const StewardCommand *command,
                               const StewardOutcome *outcome,
                               GError **error);

/** steward_host_failure_set_file: the same of a file's script: the path, what happened, what
 * stands. */
void steward_host_failure_set_file (const char *path,
                                    const StewardCommand *command,
                                    const StewardOutcome *outcome,
                                    GError **error);

G_END_DECLS
