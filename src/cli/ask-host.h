/* What a host over SSH asks for before it lets somebody in: asked on the terminal that the program
 * was started on, whatever its standard input and output are. */
#pragma once

#include "core/host/ssh-question.h"

G_BEGIN_DECLS

/**
 * steward_cli_ask_host_cb:
 * @terminal: a StewardCliTerminal, whose line is not drawn meanwhile
 *
 * Fits StewardSshAskFunc. Passphrases, passwords and codes are not shown while they are typed.
 * Blocks, on any thread but the main one.
 *
 * Returns: (transfer full) (nullable): %NULL where there is no terminal, nothing was typed, or it
 * was cancelled
 */
char *steward_cli_ask_host_cb (const StewardSshQuestion *question,
                               GCancellable *cancellable,
                               gpointer terminal);

/** steward_cli_ask_host_dup_text: Returns: (transfer full): the question in whole sentences, and
 * @prompt: (out) (transfer full): what stands before the answer. Pure. */
char *steward_cli_ask_host_dup_text (const StewardSshQuestion *question, char **prompt);

G_END_DECLS
