/* What a host over SSH asks for before it lets somebody in: asked on the terminal that the program
 * was started on, whatever its standard input and output are. */
#pragma once

#include "cli/terminal.h"
#include "core/host/ssh-question.h"

G_BEGIN_DECLS

/** StewardCliHostAsker:
 * @terminal: borrowed; its line is not drawn while a question stands
 * @unasked: (nullable): owned: what could not be asked, as there is no terminal; written by the
 *   thread that asks */
typedef struct
{
  StewardCliTerminal *terminal;
  StewardSshQuestion *unasked;
} StewardCliHostAsker;

void steward_cli_host_asker_clear (StewardCliHostAsker *asker);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StewardCliHostAsker, steward_cli_host_asker_clear)

/**
 * steward_cli_ask_host_cb:
 * @asker: a StewardCliHostAsker
 *
 * Fits StewardSshAskFunc. Passphrases, passwords and codes are not shown while they are typed.
 * Blocks, on any thread but the main one.
 *
 * Returns: (transfer full) (nullable): %NULL where there is no terminal, nothing was typed, or it
 * was cancelled
 */
char *steward_cli_ask_host_cb (const StewardSshQuestion *question,
                               GCancellable *cancellable,
                               gpointer asker);

/** steward_cli_ask_host_explain: @error: (inout): why the host did not let us in. Where a question
 * could not be asked it is replaced: %STEWARD_ERROR_DENIED, with what was to be asked. Not while
 * the host connects. */
void steward_cli_ask_host_explain (const StewardCliHostAsker *asker, GError **error);

/** steward_cli_ask_host_dup_text: Returns: (transfer full): the question in whole sentences, and
 * @prompt: (out) (transfer full): what stands before the answer. Pure. */
char *steward_cli_ask_host_dup_text (const StewardSshQuestion *question, char **prompt);

G_END_DECLS
