/* A file that somebody chose, in the sandbox by way of the desktop's portal: which file of this machine it
 * is. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** steward_portal_file_dup_path: Reads what the file system says of it, and nothing else.
 * Returns: (transfer full) (nullable): the path outside of the sandbox; elsewhere the file's own.
 * Errors: %STEWARD_ERROR_NOT_FOUND (the portal does not tell) */
char *steward_portal_file_dup_path (GFile *file, GError **error);

G_END_DECLS
