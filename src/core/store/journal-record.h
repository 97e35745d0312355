/* One line of a journal: JSON and its sum. Pure. Private to the store folder. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** steward_record_print: @record: an object without `sum`. Returns: (transfer full): the line,
 * without its end */
char *steward_record_print (JsonObject *record);

/** steward_record_parse: Returns: (transfer full) (nullable): %NULL where the line is not whole */
JsonObject *steward_record_parse (const char *line, gsize length);

G_END_DECLS
