/* The command `migrate [--dry-run]`: applies the release's migrations and reports them the way the
 * real server does, everything about them in one burst at the end. */
#pragma once

#include "options.h"
#include "release.h"

/* Blocks until done. Returns the program's exit status: 0 even if a migration failed, 1 if there
 * was no connection or it was lost. */
int parsec_migrate (const ParsecRelease *release, const ParsecOptions *options);
