/* A stand-in for the Parsec server: the commands, output, exit statuses and answers that Steward
 * meets, with migrations of its own on a real PostgreSQL. It keeps no secrets and serves no client;
 * the facts it follows were observed on the real program, none of whose code or text is here. */
#include <stdio.h>

#include "migrate.h"
#include "options.h"
#include "release.h"
#include "serve.h"

int
main (int argc, char **argv)
{
  g_autoptr (ParsecOptions) options = parsec_options_parse (argc, argv);
  g_autoptr (ParsecRelease) release = NULL;
  g_autoptr (GError) error = NULL;

  if (options == NULL)
    return 2;

  release = parsec_release_load (&error);
  if (release == NULL)
    {
      fprintf (stderr, "Error: %s\n", error->message);
      return 1;
    }
  if (options->command == PARSEC_COMMAND_MIGRATE)
    return parsec_migrate (release, options);

  parsec_serve (release, options);
}
