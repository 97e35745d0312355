/* Command line and environment of the stand-in server. See options.h. */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>

#define DEFAULT_PORT 6777

static ParsecOptions *
refuse (const char *command, const char *problem)
{
  fprintf (stderr, "Usage: parsec %s [OPTIONS]\nTry 'parsec %s --help' for help.\n\nError: %s\n",
           command, command, problem);
  return NULL;
}

/* The arguments and those of PARSEC_CMD_ARGS behind them, without the program's name. */
static char **
collect_arguments (int argc, char **argv)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) more = NULL;
  const char *extra = g_getenv ("PARSEC_CMD_ARGS");

  for (int i = 1; i < argc; i++)
    g_strv_builder_add (builder, argv[i]);
  if (extra != NULL && g_shell_parse_argv (extra, NULL, &more, NULL))
    g_strv_builder_addv (builder, (const char **)more);
  return g_strv_builder_end (builder);
}

static ParsecOptions *
options_new_from_environment (void)
{
  ParsecOptions *self = g_new0 (ParsecOptions, 1);
  const char *port = g_getenv ("PARSEC_PORT");

  self->port = port ? (guint16)atoi (port) : DEFAULT_PORT;
  self->database_url = g_strdup (g_getenv ("PARSEC_DB"));
  self->key_file = g_strdup (g_getenv ("PARSEC_SSL_KEYFILE"));
  self->certificate_file = g_strdup (g_getenv ("PARSEC_SSL_CERTFILE"));
  self->skip_migrations_check = g_getenv ("PARSEC_SKIP_DATABASE_MIGRATIONS_CHECK") != NULL;
  return self;
}

/* Returns whether all of @arguments behind the command were understood. */
static gboolean
take_arguments (ParsecOptions *self, char **arguments)
{
  for (char **next = arguments + 1; *next != NULL; next++)
    {
      if (g_str_equal (*next, "--dry-run") && self->command == PARSEC_COMMAND_MIGRATE)
        self->dry_run = TRUE;
      else if (g_str_equal (*next, "--db") && next[1] != NULL)
        {
          g_free (self->database_url);
          self->database_url = g_strdup (*++next);
        }
      else
        return FALSE;
    }
  return TRUE;
}

static const char *
find_problem (const ParsecOptions *self)
{
  const char *blockstore = g_getenv ("PARSEC_BLOCKSTORE");

  if (self->database_url == NULL)
    return "Missing option '--db'.";
  if (!g_str_has_prefix (self->database_url, "postgresql://"))
    return "Invalid value for '--db': only addresses that start with postgresql:// are known.";
  if (blockstore != NULL && self->command == PARSEC_COMMAND_RUN
      && !g_str_equal (blockstore, "MOCKED") && !g_str_equal (blockstore, "POSTGRESQL"))
    return "Invalid value for '--blockstore': only MOCKED and POSTGRESQL are known.";
  return NULL;
}

ParsecOptions *
parsec_options_parse (int argc, char **argv)
{
  g_autoptr (ParsecOptions) self = options_new_from_environment ();
  g_auto (GStrv) arguments = collect_arguments (argc, argv);
  const char *command = arguments[0] ? arguments[0] : "";

  if (g_str_equal (command, "migrate"))
    self->command = PARSEC_COMMAND_MIGRATE;
  else if (g_str_equal (command, "run"))
    self->command = PARSEC_COMMAND_RUN;
  else
    return refuse ("COMMAND", "No such command.");

  if (!take_arguments (self, arguments))
    return refuse (command, "No such option.");
  if (find_problem (self) != NULL)
    return refuse (command, find_problem (self));

  return g_steal_pointer (&self);
}

void
parsec_options_free (ParsecOptions *self)
{
  g_free (self->database_url);
  g_free (self->key_file);
  g_free (self->certificate_file);
  g_free (self);
}
