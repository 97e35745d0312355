/* What stewardctl's exit status says of the server. The man page has the same list. */
#pragma once

#include "core/operations/runner.h"

G_BEGIN_DECLS

/**
 * StewardCliExit:
 * @STEWARD_CLI_EXIT_DONE: as asked
 * @STEWARD_CLI_EXIT_FAILED: it failed or was cancelled, and the server is where it was before
 * @STEWARD_CLI_EXIT_USAGE: the command line cannot be understood; nothing was looked at
 * @STEWARD_CLI_EXIT_REFUSED: a check said no; nothing was touched
 * @STEWARD_CLI_EXIT_INTERRUPTED: unfinished: it can be resumed or walked back
 * @STEWARD_CLI_EXIT_HANDS: neither forward nor back; the message says what to do
 * @STEWARD_CLI_EXIT_BUSY: somebody else is at work; sysexits.h's EX_TEMPFAIL
 */
typedef enum
{
  STEWARD_CLI_EXIT_DONE = 0,
  STEWARD_CLI_EXIT_FAILED = 1,
  STEWARD_CLI_EXIT_USAGE = 2,
  STEWARD_CLI_EXIT_REFUSED = 3,
  STEWARD_CLI_EXIT_INTERRUPTED = 4,
  STEWARD_CLI_EXIT_HANDS = 5,
  STEWARD_CLI_EXIT_BUSY = 75,
} StewardCliExit;

/** steward_cli_exit_of_error: of a command that only looks or tidies. @error: (nullable) */
StewardCliExit steward_cli_exit_of_error (const GError *error);

/** steward_cli_exit_of_result: of an operation. @error: (nullable): what it ended with; an
 * operation that could not begin is %STEWARD_RESULT_REFUSED */
StewardCliExit steward_cli_exit_of_result (StewardResult result, const GError *error);

/** steward_cli_error_get_code: Returns: the word for @error in JSON: `refused`, `usage`, … */
const char *steward_cli_error_get_code (const GError *error);

/** steward_cli_error_get_message: Returns: (transfer none): translated, for a person. GLib's own
 * word for a cancelled call says nothing of an operation. */
const char *steward_cli_error_get_message (const GError *error);

/** steward_cli_result_get_name: Returns: the word in JSON: `done`, `back`, … */
const char *steward_cli_result_get_name (StewardResult result);

G_END_DECLS
