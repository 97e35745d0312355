/* What the stand-in server was asked to do: command line, PARSEC_CMD_ARGS and PARSEC_* variables.
 * Leaves the doing to migrate.c and serve.c. */
#pragma once

#include <glib.h>

typedef enum
{
  PARSEC_COMMAND_RUN,
  PARSEC_COMMAND_MIGRATE,
} ParsecCommand;

typedef struct
{
  ParsecCommand command;
  gboolean dry_run;
  gboolean skip_migrations_check;
  guint16 port;
  char *database_url;     /* owned */
  char *key_file;         /* owned, nullable: no TLS */
  char *certificate_file; /* owned, nullable */
} ParsecOptions;

/* Returns: (transfer full) (nullable): NULL after the usage was written to standard error; the
 * program then exits with 2, as the real one does. */
ParsecOptions *parsec_options_parse (int argc, char **argv);

void parsec_options_free (ParsecOptions *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ParsecOptions, parsec_options_free)
