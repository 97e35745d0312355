/* Small pieces that every printer of JSON uses. Texts are made valid UTF-8, unknown ones are null,
 * times are ISO 8601 in UTC. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** @text: (nullable) */
void steward_cli_json_set_text (JsonObject *object, const char *name, const char *text);

/** @unix_s: 0 for null */
void steward_cli_json_set_time (JsonObject *object, const char *name, gint64 unix_s);

/** @size_bytes: -1 for null */
void steward_cli_json_set_size (JsonObject *object, const char *name, gint64 size_bytes);

/** @list: (nullable): reads as an empty one */
void steward_cli_json_set_list (JsonObject *object, const char *name, const char *const *list);

/** @value: (transfer full) (nullable): %NULL for null */
void steward_cli_json_set_object (JsonObject *object, const char *name, JsonObject *value);

typedef JsonObject *(*StewardCliJsonFunc) (gconstpointer element);

/** @elements: (nullable): %NULL for null */
void steward_cli_json_set_array (JsonObject *object,
                                 const char *name,
                                 const GPtrArray *elements,
                                 StewardCliJsonFunc func);

/** steward_cli_json_print: Returns: (transfer full): indented, with a line end, and without a
 * control character that a terminal would obey */
char *steward_cli_json_print (JsonObject *object);

G_END_DECLS
