/* Points in time as the store's files spell them: UTC, ISO 8601, whole seconds. Private to the
 * store folder. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Returns: (transfer full): such as `2026-11-23T22:03:00Z` */
char *steward_timestamp_print (gint64 unix_s);

/** steward_timestamp_parse: anything at all; FALSE where it is no time or is before 1970 */
gboolean steward_timestamp_parse (const char *text, gint64 *unix_s);

/** Returns: (transfer full): for a person, in this machine's time zone */
char *steward_timestamp_print_local (gint64 unix_s);

G_END_DECLS
