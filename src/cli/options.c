/* One GOptionContext for all commands: options may stand before and after the command's name. */
#include "cli/options.h"

#include <glib/gi18n-lib.h>

#define WATCH_MAX_S 3600
/* Before that a lock has not even lapsed. */
#define GUARD_MIN_S 30
#define GUARD_MAX_S 86400
#define KEEP_MAX 100000
#define OLDER_THAN_MAX_DAYS 36500

/* What GOption fills in; taken over into StewardCliOptions once it is known to be right. */
typedef struct
{
  char **words;
  char *watch;
  char *guard;
  char *keep;
  char *older_than;
  char *host;
} Raw;

static const struct
{
  StewardCliOptionFlags flag;
  const char *name;
} names[] = {
  { STEWARD_CLI_OPTION_COMPOSE_FILE, "--compose-file" },
  { STEWARD_CLI_OPTION_SERVICE, "--service" },
  { STEWARD_CLI_OPTION_TO, "--to" },
  { STEWARD_CLI_OPTION_BACKUP, "--backup" },
  { STEWARD_CLI_OPTION_ACCEPT_LOSS, "--accept-loss" },
  { STEWARD_CLI_OPTION_WATCH, "--watch" },
  { STEWARD_CLI_OPTION_ALL, "--all" },
  { STEWARD_CLI_OPTION_PLAN, "--plan" },
  { STEWARD_CLI_OPTION_YES, "--yes" },
  { STEWARD_CLI_OPTION_NO_REHEARSAL, "--no-rehearsal" },
  { STEWARD_CLI_OPTION_GUARD_AFTER, "--guard-after" },
  { STEWARD_CLI_OPTION_RESTORE, "--restore" },
  { STEWARD_CLI_OPTION_KEEP, "--keep" },
  { STEWARD_CLI_OPTION_OLDER_THAN, "--older-than" },
};

void
steward_cli_options_clear (StewardCliOptions *options)
{
  g_free (options->command);
  g_free (options->operand);
  g_free (options->place);
  g_clear_pointer (&options->host, steward_ssh_address_free);
  g_free (options->compose_file);
  g_free (options->service);
  g_free (options->tag);
  g_free (options->backup);
  g_free (options->accepted_loss);
  *options = (StewardCliOptions){ 0 };
}

static GOptionContext *
context_new (StewardCliOptions *options, Raw *raw)
{
  const GOptionEntry entries[] = {
    { "host", 'H', 0, G_OPTION_ARG_STRING, &raw->host,
      N_ ("The host with the server, reached over SSH; this machine if left out"),
      N_ ("[USER@]HOST[:PORT]") },
    { "compose-file", 'f', 0, G_OPTION_ARG_FILENAME, &options->compose_file,
      N_ ("The deployment whose compose file this is"), N_ ("PATH") },
    { "service", 0, 0, G_OPTION_ARG_STRING, &options->service,
      N_ ("The compose service that runs the server, where it is not found by its image"),
      N_ ("NAME") },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options->tag,
      N_ ("The version to upgrade to, spelled as in the registry"), N_ ("TAG") },
    { "backup", 0, 0, G_OPTION_ARG_STRING, &options->backup,
      N_ ("The backup or set-aside database to roll back to"), N_ ("ID") },
    { "accept-loss", 0, 0, G_OPTION_ARG_STRING, &options->accepted_loss,
      N_ ("Agree to lose what was written since; VERSION is the one to go back to"),
      N_ ("VERSION") },
    { "watch", 0, 0, G_OPTION_ARG_STRING, &raw->watch,
      N_ ("How long the started server is watched"), N_ ("SECONDS") },
    { "guard-after", 0, 0, G_OPTION_ARG_STRING, &raw->guard,
      N_ ("How long this Steward may be silent before the host brings the old version back"),
      N_ ("SECONDS") },
    { "all", 0, 0, G_OPTION_ARG_NONE, &options->all,
      N_ ("Show pre-releases and older versions too"), NULL },
    { "plan", 0, 0, G_OPTION_ARG_NONE, &options->plan,
      N_ ("Show what would be done, and touch nothing"), NULL },
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &options->yes,
      N_ ("Do not ask before beginning; never agrees to a loss"), NULL },
    { "no-rehearsal", 0, 0, G_OPTION_ARG_NONE, &options->no_rehearsal,
      N_ ("Upgrade without trying it on a throw-away copy first"), NULL },
    { "restore", 0, 0, G_OPTION_ARG_NONE, &options->restore,
      N_ ("Verify by restoring into a throw-away PostgreSQL"), NULL },
    { "keep", 0, 0, G_OPTION_ARG_STRING, &raw->keep, N_ ("How many of the newest backups stay"),
      N_ ("COUNT") },
    { "older-than", 0, 0, G_OPTION_ARG_STRING, &raw->older_than,
      N_ ("How old a backup has to be to be deleted"), N_ ("DAYS") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, N_ ("Print the result as one JSON object"),
      NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &options->verbose,
      N_ ("Show the commands that are run, and their output"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, N_ ("Print the version"), NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &options->help, N_ ("Print this help"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &raw->words, NULL,
      N_ ("COMMAND [ID] [FOLDER]") },
    G_OPTION_ENTRY_NULL,
  };
  GOptionContext *context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_help_enabled (context, FALSE);
  return context;
}

static gboolean
fail (GError **error, const char *sentence)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, sentence);
  return FALSE;
}

/* An empty value is never meant, and must not read as an option that was left out. */
static gboolean
check_values (const StewardCliOptions *options, GError **error)
{
  const char *const values[] = { options->compose_file, options->service,       options->tag,
                                 options->backup,       options->accepted_loss, options->operand,
                                 options->place };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    if (values[i] != NULL && values[i][0] == '\0')
      return fail (error, _ ("A value on the command line is empty."));
  return TRUE;
}

static gboolean
take_words (StewardCliOptions *options, char **words, GError **error)
{
  guint count = words != NULL ? g_strv_length (words) : 0;

  if (count > 3)
    return fail (error, _ ("There are too many words on the command line."));
  options->command = count > 0 ? g_strdup (words[0]) : NULL;
  options->operand = count > 1 ? g_strdup (words[1]) : NULL;
  options->place = count > 2 ? g_strdup (words[2]) : NULL;
  return TRUE;
}

/* @text: (nullable): then @number stays */
static gboolean
take_number (const char *text, guint64 max, guint64 *number)
{
  return text == NULL || g_ascii_string_to_unsigned (text, 10, 1, max, number, NULL);
}

static gboolean
take_numbers (StewardCliOptions *options, const Raw *raw, GError **error)
{
  guint64 seconds = 0, count = 0, days = 0;

  if (!take_number (raw->watch, WATCH_MAX_S, &seconds))
    return fail (error, _ ("“--watch” takes a number of seconds from 1 to 3600."));
  if (!take_number (raw->keep, KEEP_MAX, &count))
    return fail (error, _ ("“--keep” takes a number of backups from 1 to 100000."));
  if (!take_number (raw->older_than, OLDER_THAN_MAX_DAYS, &days))
    return fail (error, _ ("“--older-than” takes a number of days from 1 to 36500."));
  options->watch_s = (int)seconds;
  options->keep = (guint)count;
  options->older_than_days = (guint)days;
  return TRUE;
}

static gboolean
take_guard (StewardCliOptions *options, const char *text, GError **error)
{
  guint64 seconds;

  if (text == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, GUARD_MIN_S, GUARD_MAX_S, &seconds, NULL))
    return fail (error, _ ("“--guard-after” takes a number of seconds from 30 to 86400."));
  options->guard_s = (int)seconds;
  return TRUE;
}

/* What is relative here is not relative there. */
static gboolean
take_place (StewardCliOptions *options, const char *host, GError **error)
{
  g_autofree char *typed = g_steal_pointer (&options->compose_file);
  g_autoptr (GError) local_error = NULL;

  if (host != NULL && (options->host = steward_ssh_address_parse (host, &local_error)) == NULL)
    return fail (error, local_error->message);
  if (host != NULL && typed != NULL && !g_path_is_absolute (typed))
    return fail (error,
                 _ ("With “--host” the path of the compose file has to begin with “/”: it is "
                    "a path on that host."));
  options->compose_file = typed != NULL ? g_canonicalize_filename (typed, NULL) : NULL;
  return TRUE;
}

gboolean
steward_cli_options_parse (const char *const *argv, StewardCliOptions *options, GError **error)
{
  Raw raw = { 0 };
  g_auto (GStrv) rest = g_strdupv ((char **)argv);
  g_autoptr (GOptionContext) context = NULL;

  *options = (StewardCliOptions){ 0 };
  context = context_new (options, &raw);
  gboolean is_parsed = g_option_context_parse_strv (context, &rest, error);
  g_auto (GStrv) words = raw.words;
  g_autofree char *watch = raw.watch;
  g_autofree char *guard = raw.guard;
  g_autofree char *keep = raw.keep;
  g_autofree char *older_than = raw.older_than;
  g_autofree char *host = raw.host;

  if (!is_parsed)
    options->json = g_strv_contains (argv, "--json");
  if (!is_parsed || !take_words (options, words, error) || !take_numbers (options, &raw, error)
      || !take_guard (options, guard, error) || !check_values (options, error))
    return FALSE;
  return take_place (options, host, error);
}

StewardCliOptionFlags
steward_cli_options_get_given (const StewardCliOptions *options)
{
  StewardCliOptionFlags given = STEWARD_CLI_OPTION_NONE;

  if (options->compose_file != NULL)
    given |= STEWARD_CLI_OPTION_COMPOSE_FILE;
  if (options->service != NULL)
    given |= STEWARD_CLI_OPTION_SERVICE;
  if (options->tag != NULL)
    given |= STEWARD_CLI_OPTION_TO;
  if (options->backup != NULL)
    given |= STEWARD_CLI_OPTION_BACKUP;
  if (options->accepted_loss != NULL)
    given |= STEWARD_CLI_OPTION_ACCEPT_LOSS;
  if (options->watch_s != 0)
    given |= STEWARD_CLI_OPTION_WATCH;
  if (options->guard_s != 0)
    given |= STEWARD_CLI_OPTION_GUARD_AFTER;
  if (options->all)
    given |= STEWARD_CLI_OPTION_ALL;
  if (options->plan)
    given |= STEWARD_CLI_OPTION_PLAN;
  if (options->yes)
    given |= STEWARD_CLI_OPTION_YES;
  if (options->no_rehearsal)
    given |= STEWARD_CLI_OPTION_NO_REHEARSAL;
  if (options->keep != 0)
    given |= STEWARD_CLI_OPTION_KEEP;
  if (options->older_than_days != 0)
    given |= STEWARD_CLI_OPTION_OLDER_THAN;
  if (options->restore)
    given |= STEWARD_CLI_OPTION_RESTORE;
  return given;
}

const char *
steward_cli_option_get_name (StewardCliOptionFlags flag)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].flag & flag)
      return names[i].name;
  return "";
}

char *
steward_cli_options_dup_help (const char *commands)
{
  StewardCliOptions options = { 0 };
  Raw raw = { 0 };
  g_autoptr (GOptionContext) context = context_new (&options, &raw);

  g_option_context_set_summary (context, commands);
  return g_option_context_get_help (context, TRUE, NULL);
}
