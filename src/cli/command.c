/* The table, and whether a command line fits a row of it. */
#include "cli/command.h"

#include <glib/gi18n-lib.h>

#include "cli/text.h"

#define DEPLOYMENT STEWARD_CLI_OPTION_DEPLOYMENT
#define PLAN (STEWARD_CLI_OPTION_PLAN | STEWARD_CLI_OPTION_YES | DEPLOYMENT)
#define OPERATES STEWARD_CLI_COMMAND_OPERATES
/* What takes the live database away for a while. */
#define LOSES                                                                                      \
  (STEWARD_CLI_OPTION_ACCEPT_LOSS | STEWARD_CLI_OPTION_WATCH | STEWARD_CLI_OPTION_GUARD_AFTER)

static const StewardCliCommand commands[] = {
  { "deployments", N_ ("List the Parsec servers of this host"), 0, 0, 0, steward_cli_deployments },
  { "status", N_ ("Show versions, health, database and backups"), 0, DEPLOYMENT, 0,
    steward_cli_status },
  { "trust", N_ ("Accept the server’s certificate from now on"), OPERATES,
    DEPLOYMENT | STEWARD_CLI_OPTION_YES, 0, steward_cli_trust },
  { "versions", N_ ("List the versions to upgrade to"), 0, DEPLOYMENT | STEWARD_CLI_OPTION_ALL, 0,
    steward_cli_versions },
  { "migrations", N_ ("List what an upgrade would change in the database"), 0,
    DEPLOYMENT | STEWARD_CLI_OPTION_TO, STEWARD_CLI_OPTION_TO, steward_cli_migrations },
  { "backup", N_ ("Make a verified backup of the database"), OPERATES, PLAN, 0,
    steward_cli_backup },
  { "upgrade", N_ ("Upgrade to another version"), OPERATES,
    PLAN | STEWARD_CLI_OPTION_TO | STEWARD_CLI_OPTION_NO_REHEARSAL | LOSES, STEWARD_CLI_OPTION_TO,
    steward_cli_upgrade },
  { "restart", N_ ("Restart the server, with the same version"), OPERATES,
    PLAN | STEWARD_CLI_OPTION_WATCH, 0, steward_cli_restart },
  { "rollback", N_ ("Go back to a backup or a set-aside database"), OPERATES,
    PLAN | STEWARD_CLI_OPTION_BACKUP | LOSES, 0, steward_cli_rollback },
  { "backups", N_ ("List backups and set-aside databases"), 0, DEPLOYMENT, 0, steward_cli_backups },
  { "verify", N_ ("Read a backup back whole, or restore it for a trial"),
    STEWARD_CLI_COMMAND_TAKES_ID, DEPLOYMENT | STEWARD_CLI_OPTION_RESTORE, 0, steward_cli_verify },
  { "delete", N_ ("Delete a backup or a set-aside database"),
    OPERATES | STEWARD_CLI_COMMAND_TAKES_ID, DEPLOYMENT | STEWARD_CLI_OPTION_YES, 0,
    steward_cli_delete },
  { "prune", N_ ("Delete backups by count and age"), OPERATES,
    PLAN | STEWARD_CLI_OPTION_KEEP | STEWARD_CLI_OPTION_OLDER_THAN, 0, steward_cli_prune },
  { "export", N_ ("Save a copy of a backup in a folder of this machine"),
    STEWARD_CLI_COMMAND_TAKES_ID | STEWARD_CLI_COMMAND_TAKES_FOLDER, DEPLOYMENT, 0,
    steward_cli_export },
  { "import", N_ ("Bring a saved copy of a backup to the server"),
    OPERATES | STEWARD_CLI_COMMAND_TAKES_FILE, DEPLOYMENT | STEWARD_CLI_OPTION_YES, 0,
    steward_cli_import },
  { "history", N_ ("List past operations"), 0, DEPLOYMENT, 0, steward_cli_history },
  { "resume", N_ ("Go on with the unfinished operation"), OPERATES,
    DEPLOYMENT | STEWARD_CLI_OPTION_YES | STEWARD_CLI_OPTION_ACCEPT_LOSS, 0, steward_cli_resume },
  { "walk-back", N_ ("Undo the unfinished operation"), OPERATES,
    DEPLOYMENT | STEWARD_CLI_OPTION_YES | STEWARD_CLI_OPTION_ACCEPT_LOSS, 0,
    steward_cli_walk_back },
};

const StewardCliCommand *
steward_cli_command_find (const char *name, GError **error)
{
  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return &commands[i];
  if (name == NULL)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                         _ ("A command is missing. “stewardctl --help” lists them."));
  else
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                 _ ("There is no command “%s”. “stewardctl --help” lists them."), name);
  return NULL;
}

G_GNUC_PRINTF (2, 3)
static gboolean
fail (GError **error, const char *format, ...)
{
  va_list values;

  va_start (values, format);
  g_propagate_error (error,
                     g_error_new_valist (G_OPTION_ERROR, G_OPTION_ERROR_FAILED, format, values));
  va_end (values);
  return FALSE;
}

static gboolean
check_operands (const StewardCliCommand *command, const StewardCliOptions *options, GError **error)
{
  gboolean takes_folder = (command->flags & STEWARD_CLI_COMMAND_TAKES_FOLDER) != 0;
  const char *excess = options->place != NULL && !takes_folder ? options->place : NULL;

  if (!(command->flags & (STEWARD_CLI_COMMAND_TAKES_ID | STEWARD_CLI_COMMAND_TAKES_FILE)))
    excess = options->operand;
  else if (options->operand == NULL && (command->flags & STEWARD_CLI_COMMAND_TAKES_FILE))
    return fail (error, _ ("“%s” needs the folder of a saved copy, or one of its two files."),
                 command->name);
  else if (options->operand == NULL)
    return fail (error, _ ("“%s” needs an id. “stewardctl backups” lists them."), command->name);
  if (takes_folder && options->place == NULL)
    return fail (error, _ ("“%s” needs an id and a folder of this machine."), command->name);
  return excess == NULL
         || fail (error, _ ("“%s” takes no further word, and “%s” was given."), command->name,
                  excess);
}

static gboolean
check_options (const StewardCliCommand *command, StewardCliOptionFlags given, GError **error)
{
  StewardCliOptionFlags missing = command->needs & ~given;
  StewardCliOptionFlags excess = given & ~command->accepts;

  if (missing != 0)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("“%s” needs “%s”."),
                 command->name, steward_cli_option_get_name (missing));
  else if (excess != 0)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("“%s” does not take “%s”."),
                 command->name, steward_cli_option_get_name (excess));
  return missing == 0 && excess == 0;
}

gboolean
steward_cli_command_check (const StewardCliCommand *command,
                           const StewardCliOptions *options,
                           StewardCliPresence presence,
                           GError **error)
{
  if (!check_operands (command, options, error)
      || !check_options (command, steward_cli_options_get_given (options), error))
    return FALSE;
  if (!(command->flags & OPERATES) || options->yes || options->plan
      || presence == STEWARD_CLI_SOMEBODY_THERE)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               _ ("There is no terminal to ask on, so “%s” needs “--yes”."), command->name);
  return FALSE;
}

char *
steward_cli_command_dup_list (void)
{
  g_autoptr (StewardCliTable) table = steward_cli_table_new ();
  GString *text =
      g_string_new (_ ("Takes a Parsec server to another version and back.\n\nCommands:\n"));

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      StewardCliCommandFlags flags = commands[i].flags;
      g_autofree char *name =
          g_strconcat (commands[i].name, flags & STEWARD_CLI_COMMAND_TAKES_ID ? " " : "",
                       flags & STEWARD_CLI_COMMAND_TAKES_ID ? _ ("ID") : "",
                       flags & STEWARD_CLI_COMMAND_TAKES_FILE ? " " : "",
                       flags & STEWARD_CLI_COMMAND_TAKES_FILE ? _ ("FILE") : "",
                       flags & STEWARD_CLI_COMMAND_TAKES_FOLDER ? " " : "",
                       flags & STEWARD_CLI_COMMAND_TAKES_FOLDER ? _ ("FOLDER") : "", NULL);
      steward_cli_table_add_pair (table, name, _ (commands[i].summary));
    }
  steward_cli_table_print (table, 2, text);
  return g_string_free (text, FALSE);
}
