/* The commands of stewardctl: their names, what each takes, and the function behind it. */
#pragma once

#include "cli/reply.h"
#include "cli/session.h"

G_BEGIN_DECLS

/** StewardCliCommandFunc: runs on the worker's thread and blocks. It may set @reply's exit status
 * itself; otherwise that follows from @error. */
typedef gboolean (*StewardCliCommandFunc) (StewardCliSession *session,
                                           StewardCliReply *reply,
                                           GError **error);

/**
 * StewardCliCommandFlags:
 * @STEWARD_CLI_COMMAND_OPERATES: changes something, so that whoever runs it has to agree first
 * @STEWARD_CLI_COMMAND_TAKES_ID, @STEWARD_CLI_COMMAND_TAKES_FILE: has an operand: an id, or a file
 *   here
 * @STEWARD_CLI_COMMAND_TAKES_FOLDER: and after it a folder here
 */
typedef enum
{
  STEWARD_CLI_COMMAND_LOOKS = 0,
  STEWARD_CLI_COMMAND_OPERATES = 1 << 0,
  STEWARD_CLI_COMMAND_TAKES_ID = 1 << 1,
  STEWARD_CLI_COMMAND_TAKES_FILE = 1 << 2,
  STEWARD_CLI_COMMAND_TAKES_FOLDER = 1 << 3,
} StewardCliCommandFlags;

/** StewardCliCommand: @summary: for N_(); @accepts without STEWARD_CLI_OPTION_DEPLOYMENT means that
 * it is about the whole host */
typedef struct
{
  const char *name;
  const char *summary;
  StewardCliCommandFlags flags;
  StewardCliOptionFlags accepts;
  StewardCliOptionFlags needs;
  StewardCliCommandFunc run;
} StewardCliCommand;

/** steward_cli_command_find: Errors: %G_OPTION_ERROR (no such command, or none given) */
const StewardCliCommand *steward_cli_command_find (const char *name, GError **error);

/** StewardCliPresence: whether somebody is there who can be asked. */
typedef enum
{
  STEWARD_CLI_NOBODY_THERE,
  STEWARD_CLI_SOMEBODY_THERE,
} StewardCliPresence;

/** steward_cli_command_check: whether @options fit the command. Pure. Errors: %G_OPTION_ERROR */
gboolean steward_cli_command_check (const StewardCliCommand *command,
                                    const StewardCliOptions *options,
                                    StewardCliPresence presence,
                                    GError **error);

/** steward_cli_command_dup_list: Returns: (transfer full): for --help */
char *steward_cli_command_dup_list (void);

/* look.c */
gboolean
steward_cli_deployments (StewardCliSession *session, StewardCliReply *reply, GError **error);
gboolean steward_cli_status (StewardCliSession *session, StewardCliReply *reply, GError **error);
gboolean steward_cli_versions (StewardCliSession *session, StewardCliReply *reply, GError **error);
gboolean
steward_cli_migrations (StewardCliSession *session, StewardCliReply *reply, GError **error);
gboolean steward_cli_backups (StewardCliSession *session, StewardCliReply *reply, GError **error);
gboolean steward_cli_history (StewardCliSession *session, StewardCliReply *reply, GError **error);
/* tend.c */
gboolean steward_cli_verify (StewardCliSession *session, StewardCliReply *reply, GError **error);
gboolean steward_cli_trust (StewardCliSession *session, StewardCliReply *reply, GError **error);
gboolean steward_cli_delete (StewardCliSession *session, StewardCliReply *reply, GError **error);
/* prune.c */
gboolean steward_cli_prune (StewardCliSession *session, StewardCliReply *reply, GError **error);
/* transfer.c */
gboolean steward_cli_export (StewardCliSession *session, StewardCliReply *reply, GError **error);
gboolean steward_cli_import (StewardCliSession *session, StewardCliReply *reply, GError **error);
/* operate.c */
gboolean steward_cli_backup (StewardCliSession *session, StewardCliReply *reply, GError **error);
gboolean steward_cli_upgrade (StewardCliSession *session, StewardCliReply *reply, GError **error);
gboolean steward_cli_restart (StewardCliSession *session, StewardCliReply *reply, GError **error);
gboolean steward_cli_rollback (StewardCliSession *session, StewardCliReply *reply, GError **error);
/* continue.c */
gboolean steward_cli_resume (StewardCliSession *session, StewardCliReply *reply, GError **error);
gboolean steward_cli_walk_back (StewardCliSession *session, StewardCliReply *reply, GError **error);

G_END_DECLS
