/* What a command works with: the options, the deployment they mean, and the way to the person. Made
 * on the main thread; opened and used on the worker's. */
#pragma once

#include "cli/options.h"
#include "core/host/ssh-question.h"
#include "core/operations/operation.h"

G_BEGIN_DECLS

/**
 * StewardCliSession:
 * @options, @client, @asker, @cancellable: borrowed; @asker answers what a host over SSH asks
 * @engine, @deployment, @store: owned; %NULL before they are opened
 */
typedef struct
{
  const StewardCliOptions *options;
  const StewardClient *client;
  const StewardSshAsker *asker;
  GCancellable *cancellable;
  StewardEngine *engine;
  StewardDeployment *deployment;
  StewardStore *store;
} StewardCliSession;

void steward_cli_session_clear (StewardCliSession *session);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StewardCliSession, steward_cli_session_clear)

/** What is typed to agree to begin; a question with another word is about a loss. */
#define STEWARD_CLI_CONSENT "y"

/** steward_cli_session_open_engine: the host, and its engine; asks that nothing yet.
 * Errors: those of steward_host_connect() */
gboolean steward_cli_session_open_engine (StewardCliSession *session, GError **error);

/** steward_cli_session_open: the engine, the deployment and its store.
 * Errors: those of steward_host_connect() and steward_engine_check(); %G_OPTION_ERROR (it is not
 * clear which deployment is meant), those of steward_deployment_open() */
gboolean steward_cli_session_open (StewardCliSession *session, GError **error);

/** steward_cli_session_confirm: asks whether to begin, unless `--yes` says so. Blocks until
 * answered. Errors: %G_IO_ERROR_CANCELLED: no */
gboolean steward_cli_session_confirm (StewardCliSession *session, const char *text, GError **error);

/** steward_cli_session_note: says a sentence while a command runs */
void steward_cli_session_note (StewardCliSession *session, const char *sentence);

/**
 * steward_cli_session_choose:
 * @found: (element-type StewardFound): the projects of the host; the chosen one's project is taken
 *   out of it
 * @compose_file: (nullable): absolute
 *
 * Which of them is meant. Pure. Returns: (transfer full) (nullable): %NULL without an error where
 * @compose_file belongs to none of them: its containers were never made
 * Errors: %G_OPTION_ERROR, with the names of those in question
 */
StewardComposeProject *
steward_cli_session_choose (const GPtrArray *found, const char *compose_file, GError **error);

G_END_DECLS
