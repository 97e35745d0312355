/* Reading and writing compose's JSON. json-glib parses by recursion, so depth is bounded first. */
#include "core/compose/compose-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"

#define DEPTH_MAX 100

typedef enum
{
  REPLACE_VALUES = 0,
  REPLACE_KEYS = 1 << 0,
} ReplaceFlags;

typedef struct
{
  const char *from, *to;
  ReplaceFlags flags;
} Replacement;

static char *
replace (const char *text, const Replacement *replacement)
{
  GString *string = g_string_new (text);

  g_string_replace (string, replacement->from, replacement->to, 0);
  return g_string_free (string, FALSE);
}

static JsonNode *copy_replacing (JsonNode *node, const Replacement *replacement);

static JsonNode *
copy_object (JsonObject *object, const Replacement *replacement)
{
  g_autoptr (JsonObject) copy = json_object_new ();
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    {
      g_autofree char *key = (replacement->flags & REPLACE_KEYS) != 0
                                 ? replace (l->data, replacement)
                                 : g_strdup (l->data);
      json_object_set_member (copy, key,
                              copy_replacing (json_object_get_member (object, l->data),
                                              replacement));
    }
  return json_node_init_object (json_node_alloc (), copy);
}

static JsonNode *
copy_array (JsonArray *array, const Replacement *replacement)
{
  g_autoptr (JsonArray) copy = json_array_new ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    json_array_add_element (copy, copy_replacing (json_array_get_element (array, i), replacement));
  return json_node_init_array (json_node_alloc (), copy);
}

static JsonNode *
copy_replacing (JsonNode *node, const Replacement *replacement)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return copy_object (json_node_get_object (node), replacement);
  if (JSON_NODE_HOLDS_ARRAY (node))
    return copy_array (json_node_get_array (node), replacement);
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return json_node_copy (node);

  g_autofree char *text = replace (json_node_get_string (node), replacement);
  return json_node_init_string (json_node_alloc (), text);
}

static gboolean
depth_is_sane (const char *json, gsize length)
{
  gboolean in_string = FALSE;
  gsize depth = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (in_string && json[i] == '\\')
        i++;
      else if (json[i] == '"')
        in_string = !in_string;
      else if (!in_string && strchr ("[{", json[i]) != NULL && json[i] != '\0')
        depth++;
      else if (!in_string && strchr ("]}", json[i]) != NULL && json[i] != '\0' && depth > 0)
        depth--;
      if (depth > DEPTH_MAX)
        return FALSE;
    }
  return TRUE;
}

JsonNode *
steward_compose_json_parse (const char *json, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  const Replacement unescape = { "$$", "$", REPLACE_KEYS };

  /* The parser's own message may quote the text, which holds passwords. */
  if (!g_utf8_validate_len (json, length, NULL) || !depth_is_sane (json, length)
      || !json_parser_load_from_data (parser, json, length, NULL)
      || json_parser_get_root (parser) == NULL
      || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                           _ ("What “docker compose config” printed is not a JSON object."));
      return NULL;
    }
  return copy_replacing (json_parser_get_root (parser), &unescape);
}

JsonNode *
steward_compose_json_escape (JsonNode *node)
{
  const Replacement escape = { "$", "$$", REPLACE_VALUES };

  return copy_replacing (node, &escape);
}
