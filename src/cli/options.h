/* The command line, taken apart. Which option goes with which command is command.h's. */
#pragma once

#include "core/host/ssh-address.h"

G_BEGIN_DECLS

/** StewardCliOptionFlags: options that not every command takes. */
typedef enum
{
  STEWARD_CLI_OPTION_NONE = 0,
  STEWARD_CLI_OPTION_COMPOSE_FILE = 1 << 0,
  STEWARD_CLI_OPTION_SERVICE = 1 << 1,
  STEWARD_CLI_OPTION_TO = 1 << 2,
  STEWARD_CLI_OPTION_BACKUP = 1 << 3,
  STEWARD_CLI_OPTION_ACCEPT_LOSS = 1 << 4,
  STEWARD_CLI_OPTION_WATCH = 1 << 5,
  STEWARD_CLI_OPTION_ALL = 1 << 6,
  STEWARD_CLI_OPTION_PLAN = 1 << 7,
  STEWARD_CLI_OPTION_YES = 1 << 8,
  STEWARD_CLI_OPTION_NO_REHEARSAL = 1 << 9,
  STEWARD_CLI_OPTION_GUARD_AFTER = 1 << 10,
  STEWARD_CLI_OPTION_RESTORE = 1 << 11,
  STEWARD_CLI_OPTION_KEEP = 1 << 12,
  STEWARD_CLI_OPTION_OLDER_THAN = 1 << 13,
  STEWARD_CLI_OPTION_DEPLOYMENT =
      STEWARD_CLI_OPTION_COMPOSE_FILE | STEWARD_CLI_OPTION_SERVICE, /* which one is meant */
} StewardCliOptionFlags;

/**
 * StewardCliOptions:
 * @command, @operand, @place: (nullable): the words that are no options
 * @host: (nullable): %NULL for this machine
 * @compose_file: (nullable): absolute
 * @watch_s, @guard_s, @keep, @older_than_days: 0 where they were not given
 */
typedef struct
{
  char *command;
  char *operand;
  char *place;
  StewardSshAddress *host;
  char *compose_file;
  char *service;
  char *tag;
  char *backup;
  char *accepted_loss;
  int watch_s;
  int guard_s;
  guint keep;
  guint older_than_days;
  gboolean all;
  gboolean plan;
  gboolean yes;
  gboolean no_rehearsal;
  gboolean restore;
  gboolean json;
  gboolean verbose;
  gboolean version;
  gboolean help;
} StewardCliOptions;

void steward_cli_options_clear (StewardCliOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StewardCliOptions, steward_cli_options_clear)

/**
 * steward_cli_options_parse:
 * @argv: (array zero-terminated=1): with the program's name
 * @options: (out caller-allocates): clear it; after an error @json is right all the same
 *
 * Errors: %G_OPTION_ERROR
 */
gboolean
steward_cli_options_parse (const char *const *argv, StewardCliOptions *options, GError **error);

/** steward_cli_options_get_given: Returns: which of the flagged options were given */
StewardCliOptionFlags steward_cli_options_get_given (const StewardCliOptions *options);

/** steward_cli_option_get_name: @flag: one. Returns: how it is typed: `--to` */
const char *steward_cli_option_get_name (StewardCliOptionFlags flag);

/** steward_cli_options_dup_help: @commands: the translated list of commands.
 * Returns: (transfer full): what --help prints */
char *steward_cli_options_dup_help (const char *commands);

G_END_DECLS
