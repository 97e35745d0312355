/* Reading what `docker inspect` prints: an array of objects. Adds to base/json.h what docker's way
 * of writing needs; absent, null or of another type reads as empty. Private to the engine folder.
 * Pure. @object may be %NULL everywhere. */
#pragma once

#include "core/base/json.h"

G_BEGIN_DECLS

/** steward_inspect_parse: Returns: (transfer full) (nullable): the array.
 * Errors: %STEWARD_ERROR_INVALID */
JsonArray *steward_inspect_parse (const char *text, GError **error);

/** steward_inspect_get_first: Returns: (transfer none) (nullable) */
JsonObject *steward_inspect_get_first (JsonArray *array);

/* Each Returns: (transfer full) (not nullable) */
char *steward_inspect_dup_string (JsonObject *object, const char *member);
char **steward_inspect_dup_strv (JsonObject *object, const char *member);
GHashTable *steward_inspect_dup_map (JsonObject *object, const char *member);

/** steward_inspect_dup_filled: as dup_string, but %NULL for the empty string. */
char *steward_inspect_dup_filled (JsonObject *object, const char *member);

gint64 steward_inspect_get_int (JsonObject *object, const char *member);
gboolean steward_inspect_get_boolean (JsonObject *object, const char *member);
/** steward_inspect_get_time_us: microseconds since 1970; 0 for docker's year 1, "never" */
gint64 steward_inspect_get_time_us (JsonObject *object, const char *member);

G_END_DECLS
