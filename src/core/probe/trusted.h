/* The certificates of servers that somebody on this machine has accepted: a private authority is
 * the rule in the field. One small file of the user's, for every program of Steward's alike; a name
 * has one certificate, and another one is a warning again. For any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** steward_trusted_lookup: @name: of the server, `NAME:PORT` as #StewardHealth has it.
 * Returns: (transfer full) (nullable): the SHA-256 fingerprint that was accepted for it; %NULL
 * where none was, or the file cannot be read */
char *steward_trusted_lookup (const char *name);

/** steward_trusted_accept: @fingerprint: takes the place of an earlier one. The file is replaced
 * whole. Errors: %STEWARD_ERROR_DENIED, %STEWARD_ERROR_NO_SPACE, %STEWARD_ERROR_FAILED; after an
 * error the earlier one stands */
gboolean steward_trusted_accept (const char *name, const char *fingerprint, GError **error);

G_END_DECLS
