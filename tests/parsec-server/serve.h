/* The command `run`: waits for the database, refuses or not what it finds there, serves, and
 * closes its port while the database is away. */
#pragma once

#include "options.h"
#include "release.h"

/* Serves until SIGTERM or SIGINT, or until the server gives up, and exits the program: threads of
 * open connections use until the last moment what this function holds. */
G_NORETURN void parsec_serve (const ParsecRelease *release, const ParsecOptions *options);
