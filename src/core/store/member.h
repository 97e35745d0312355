/* Members of JSON that anybody may have written: whatever it holds, the answer is a value of the
 * right type or none. Private to the store folder. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** Returns: (transfer none) (nullable) */
const char *steward_member_get_text (JsonObject *object, const char *name);
/** Returns: (transfer none) (nullable) */
JsonObject *steward_member_get_object (JsonObject *object, const char *name);
/** Returns: whether there is such a whole number; else @number is as it was */
gboolean steward_member_get_number (JsonObject *object, const char *name, gint64 *number);

G_END_DECLS
