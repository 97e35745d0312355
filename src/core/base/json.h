/* Reading of JSON that others wrote: bounded in depth, and with getters that take any shape. Values
 * that are missing and values of another type are the same: not there. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * steward_json_parse:
 * @bytes: (array length=size): a JSON text whose outermost value has to be of @type
 * @type: %JSON_NODE_OBJECT or %JSON_NODE_ARRAY
 *
 * Errors: %G_IO_ERROR_INVALID_DATA (never with a part of the text: it may be a secret).
 *
 * Returns: (transfer full) (nullable): the value
 */
JsonNode *steward_json_parse (const char *bytes, gsize size, JsonNodeType type, GError **error);

/** steward_json_parse_object: the same of an object */
JsonObject *steward_json_parse_object (const char *bytes, gsize size, GError **error);

/** steward_json_get_string: Returns: (transfer none) (nullable): the string of @object, which may
 * be %NULL */
const char *steward_json_get_string (JsonObject *object, const char *name);
/** steward_json_get_object: Returns: (transfer none) (nullable) */
JsonObject *steward_json_get_object (JsonObject *object, const char *name);
/** steward_json_get_array: Returns: (transfer none) (nullable) */
JsonArray *steward_json_get_array (JsonObject *object, const char *name);
/** steward_json_get_size: Returns: the integer, zero where there is none or a negative one */
guint64 steward_json_get_size (JsonObject *object, const char *name);

/** steward_json_get_element_string: Returns: (transfer none) (nullable) */
const char *steward_json_get_element_string (JsonArray *array, guint i);
/** steward_json_get_element_object: Returns: (transfer none) (nullable) */
JsonObject *steward_json_get_element_object (JsonArray *array, guint i);

G_END_DECLS
