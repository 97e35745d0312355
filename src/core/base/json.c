/* Guards round json-glib: its parser recurses as deep as the text says, of several values takes the
 * last one and loses the others, and its getters trust the types. */
#include "core/base/json.h"

#include <gio/gio.h>
#include <string.h>

#define MAX_DEPTH 64

/* Whether the character can stand in JSON outside of strings. The parser knows comments and single
 * quotes, within which brackets would not count. */
static gboolean
is_plain (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("{}[]:,+-. \t\r\n", c) != NULL);
}

/* The code of `\uXXXX` at @text, or 0 where there is none. A zero would end the text early. */
static guint
read_code (const char *text, gsize size)
{
  guint code = 0;

  if (size < strlen ("\\uXXXX") || text[0] != '\\' || text[1] != 'u')
    return 0;
  for (gsize i = 2; i < strlen ("\\uXXXX"); i++)
    {
      if (!g_ascii_isxdigit (text[i]))
        return 0;
      code = code * 16 + (guint)g_ascii_xdigit_value (text[i]);
    }
  return code;
}

/* Bytes of the escape at @text, zero where it is none. A half of a surrogate pair is none: the
 * parser would take the quote that follows for a part of it. */
static gsize
escape_length (const char *text, gsize size)
{
  guint code = read_code (text, size);

  if (code >= 0xd800 && code <= 0xdfff)
    {
      gsize half = strlen ("\\uXXXX");
      guint second = read_code (text + half, size - half);
      return code <= 0xdbff && second >= 0xdc00 && second <= 0xdfff ? 2 * half : 0;
    }
  if (code > 0)
    return strlen ("\\uXXXX");
  return size >= 2 && text[1] != '\0' && strchr ("\"\\/bfnrt", text[1]) != NULL ? 2 : 0;
}

/* Bytes of the string at @text with its quotes, zero where it does not end or holds a wrong
 * escape. */
static gsize
string_length (const char *text, gsize size)
{
  gsize i = 1;

  while (i < size && text[i] != '"')
    {
      gsize length = text[i] == '\\' ? escape_length (text + i, size - i) : 1;
      if (length == 0)
        return 0;
      i += length;
    }
  return i < size ? i + 1 : 0;
}

/* Whether brackets and strings are those of one value that begins with @opening, nested no deeper
 * than is sane. */
static gboolean
is_one_shallow_value (const char *bytes, gsize size, char opening)
{
  guint depth = 0;
  gboolean is_over = FALSE;

  for (gsize i = 0, length = 1; i < size; i += length)
    {
      char c = bytes[i];
      length = c == '"' ? string_length (bytes + i, size - i) : 1;
      if (length == 0 || (c != '"' && !is_plain (c)))
        return FALSE;
      if (g_ascii_isspace (c))
        continue;
      if (is_over || (depth == 0 && c != opening))
        return FALSE;
      if ((c == '{' || c == '[') && ++depth > MAX_DEPTH)
        return FALSE;
      if (c == '}' || c == ']')
        is_over = --depth == 0;
    }
  return is_over;
}

JsonNode *
steward_json_parse (const char *bytes, gsize size, JsonNodeType type, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();

  if (size <= G_MAXSSIZE && g_utf8_validate_len (bytes, size, NULL)
      && is_one_shallow_value (bytes, size, type == JSON_NODE_ARRAY ? '[' : '{')
      && json_parser_load_from_data (parser, bytes, (gssize)size, NULL))
    {
      g_autoptr (JsonNode) root = json_parser_steal_root (parser);
      if (root != NULL && json_node_get_node_type (root) == type)
        return g_steal_pointer (&root);
    }

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       type == JSON_NODE_ARRAY ? "this is no JSON array"
                                               : "this is no JSON object");
  return NULL;
}

JsonObject *
steward_json_parse_object (const char *bytes, gsize size, GError **error)
{
  g_autoptr (JsonNode) root = steward_json_parse (bytes, size, JSON_NODE_OBJECT, error);

  return root != NULL ? json_node_dup_object (root) : NULL;
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
