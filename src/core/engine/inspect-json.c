/* Docker's times and lists as GLib has them. */
#include "core/engine/inspect-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"

JsonArray *
steward_inspect_parse (const char *text, GError **error)
{
  g_autoptr (JsonNode) root = steward_json_parse (text, strlen (text), JSON_NODE_ARRAY, NULL);

  if (root != NULL)
    return json_node_dup_array (root);
  g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                       _ ("Docker’s answer could not be understood."));
  return NULL;
}

JsonObject *
steward_inspect_get_first (JsonArray *array)
{
  return json_array_get_length (array) > 0 ? steward_json_get_element_object (array, 0) : NULL;
}

/* @text: (nullable) */
static char *
dup_text (const char *text)
{
  return g_strdup (text != NULL ? text : "");
}

char *
steward_inspect_dup_string (JsonObject *object, const char *member)
{
  return dup_text (steward_json_get_string (object, member));
}

char *
steward_inspect_dup_filled (JsonObject *object, const char *member)
{
  const char *value = steward_json_get_string (object, member);

  return value != NULL && *value != '\0' ? g_strdup (value) : NULL;
}

char **
steward_inspect_dup_strv (JsonObject *object, const char *member)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array = steward_json_get_array (object, member);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      const char *text = steward_json_get_element_string (array, i);
      g_strv_builder_add (builder, text != NULL ? text : "");
    }
  return g_strv_builder_end (builder);
}

GHashTable *
steward_inspect_dup_map (JsonObject *object, const char *member)
{
  GHashTable *map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  JsonObject *members = steward_json_get_object (object, member);
  g_autoptr (GList) names = members != NULL ? json_object_get_members (members) : NULL;

  for (GList *l = names; l != NULL; l = l->next)
    g_hash_table_insert (map, g_strdup (l->data),
                         dup_text (steward_json_get_string (members, l->data)));
  return map;
}

gint64
steward_inspect_get_int (JsonObject *object, const char *member)
{
  return object != NULL ? json_object_get_int_member_with_default (object, member, 0) : 0;
}

gboolean
steward_inspect_get_boolean (JsonObject *object, const char *member)
{
  return object != NULL && json_object_get_boolean_member_with_default (object, member, FALSE);
}

gint64
steward_inspect_get_time_us (JsonObject *object, const char *member)
{
  const char *text = steward_json_get_string (object, member);
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  if (time == NULL || g_date_time_get_year (time) < 1970)
    return 0;
  return g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
}
