/* Guards round json-glib: its parser recurses as deep as the text says, and its getters trust the
 * types. */
#include "core/base/json.h"

#include <gio/gio.h>

#define MAX_DEPTH 64

static gboolean
is_shallow (const char *bytes, gsize size)
{
  guint depth = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < size; i++)
    {
      char c = bytes[i];
      if (in_string && c == '\\')
        i++;
      else if (c == '"')
        in_string = !in_string;
      else if (!in_string && (c == '{' || c == '[') && ++depth > MAX_DEPTH)
        return FALSE;
      else if (!in_string && (c == '}' || c == ']') && depth > 0)
        depth--;
    }
  return TRUE;
}

JsonObject *
steward_json_parse_object (const char *bytes, gsize size, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();

  if (size <= G_MAXSSIZE && g_utf8_validate_len (bytes, size, NULL) && is_shallow (bytes, size)
      && json_parser_load_from_data (parser, bytes, (gssize)size, NULL))
    {
      JsonNode *root = json_parser_get_root (parser);
      if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
        return json_object_ref (json_node_get_object (root));
    }

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "this is no JSON object");
  return NULL;
}

static const char *
node_string (JsonNode *node)
{
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

static JsonNode *
member (JsonObject *object, const char *name)
{
  return object != NULL ? json_object_get_member (object, name) : NULL;
}

const char *
steward_json_get_string (JsonObject *object, const char *name)
{
  return node_string (member (object, name));
}

JsonObject *
steward_json_get_object (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
steward_json_get_array (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

guint64
steward_json_get_size (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_INT64)
    return 0;
  return (guint64)MAX (json_node_get_int (node), 0);
}

const char *
steward_json_get_element_string (JsonArray *array, guint i)
{
  return node_string (json_array_get_element (array, i));
}

JsonObject *
steward_json_get_element_object (JsonArray *array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}
