/* Reading and writing compose's JSON. json-glib parses by recursion, so depth is bounded first. */
#include "core/compose/compose-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/json.h"

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

JsonNode *
steward_compose_json_parse (const char *json, gsize length, GError **error)
{
  g_autoptr (JsonNode) root = steward_json_parse (json, length, JSON_NODE_OBJECT, NULL);
  const Replacement unescape = { "$$", "$", REPLACE_KEYS };

  if (root == NULL)
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                           _ ("What “docker compose config” printed is not a JSON object."));
      return NULL;
    }
  return copy_replacing (root, &unescape);
}

JsonNode *
steward_compose_json_escape (JsonNode *node)
{
  const Replacement escape = { "$", "$$", REPLACE_VALUES };

  return copy_replacing (node, &escape);
}
