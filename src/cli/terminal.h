/* Shows an operation while it runs, on standard error: on a terminal one line a step with a bar
 * that is redrawn, elsewhere plain lines. Main thread. */
#pragma once

#include "core/base/progress.h"

G_BEGIN_DECLS

/**
 * StewardCliTerminalFlags:
 * @STEWARD_CLI_TERMINAL_REDRAWS: it is a terminal: a line can be drawn again
 * @STEWARD_CLI_TERMINAL_VERBOSE: commands and their output are shown too
 */
typedef enum
{
  STEWARD_CLI_TERMINAL_PLAIN = 0,
  STEWARD_CLI_TERMINAL_REDRAWS = 1 << 0,
  STEWARD_CLI_TERMINAL_VERBOSE = 1 << 1,
} StewardCliTerminalFlags;

/** StewardCliWriteFunc: takes text that is fit for a terminal */
typedef void (*StewardCliWriteFunc) (const char *text, gpointer data);

typedef struct _StewardCliTerminal StewardCliTerminal;

/** steward_cli_terminal_new: @write: sees escapes only where it redraws */
StewardCliTerminal *
steward_cli_terminal_new (StewardCliTerminalFlags flags, StewardCliWriteFunc write, gpointer data);
void steward_cli_terminal_free (StewardCliTerminal *terminal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardCliTerminal, steward_cli_terminal_free)

/** steward_cli_terminal_set_columns: how wide it is; 80 at first */
void steward_cli_terminal_set_columns (StewardCliTerminal *terminal, guint columns);

void steward_cli_terminal_show (StewardCliTerminal *terminal, const StewardEvent *event);

/** steward_cli_terminal_tick: draws the time of the step that runs anew */
void steward_cli_terminal_tick (StewardCliTerminal *terminal);

/** steward_cli_terminal_say: cleans @text and prints it on lines of its own */
void steward_cli_terminal_say (StewardCliTerminal *terminal, const char *text);

/** steward_cli_terminal_ask: likewise, an empty @text left out, and leaves the cursor behind
 * @prompt: nothing is drawn before steward_cli_terminal_end_question() */
void steward_cli_terminal_ask (StewardCliTerminal *terminal, const char *text, const char *prompt);
void steward_cli_terminal_end_question (StewardCliTerminal *terminal);

G_END_DECLS
