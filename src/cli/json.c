/* The pieces, and printing. */
#include "cli/json.h"

#include "cli/text.h"

void
steward_cli_json_set_text (JsonObject *object, const char *name, const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;

  if (valid != NULL)
    json_object_set_string_member (object, name, valid);
  else
    json_object_set_null_member (object, name);
}

void
steward_cli_json_set_time (JsonObject *object, const char *name, gint64 unix_s)
{
  g_autoptr (GDateTime) time = unix_s != 0 ? g_date_time_new_from_unix_utc (unix_s) : NULL;
  g_autofree char *text = time != NULL ? g_date_time_format_iso8601 (time) : NULL;

  steward_cli_json_set_text (object, name, text);
}

void
steward_cli_json_set_size (JsonObject *object, const char *name, gint64 size_bytes)
{
  if (size_bytes >= 0)
    json_object_set_int_member (object, name, size_bytes);
  else
    json_object_set_null_member (object, name);
}

void
steward_cli_json_set_list (JsonObject *object, const char *name, const char *const *list)
{
  JsonArray *array = json_array_new ();

  for (gsize i = 0; list != NULL && list[i] != NULL; i++)
    {
      g_autofree char *valid = g_utf8_make_valid (list[i], -1);
      json_array_add_string_element (array, valid);
    }
  json_object_set_array_member (object, name, array);
}

void
steward_cli_json_set_object (JsonObject *object, const char *name, JsonObject *value)
{
  if (value != NULL)
    json_object_set_object_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

void
steward_cli_json_set_array (JsonObject *object,
                            const char *name,
                            const GPtrArray *elements,
                            StewardCliJsonFunc func)
{
  JsonArray *array;

  if (elements == NULL)
    {
      json_object_set_null_member (object, name);
      return;
    }
  array = json_array_new ();
  for (guint i = 0; i < elements->len; i++)
    json_array_add_object_element (array, func (elements->pdata[i]));
  json_object_set_array_member (object, name, array);
}

char *
steward_cli_json_print (JsonObject *object)
{
  g_autoptr (JsonNode) root = json_node_init_object (json_node_alloc (), object);
  g_autofree char *text = json_to_string (root, TRUE);
  g_autofree char *clean = steward_cli_text_clean (text);

  return g_strconcat (clean, "\n", NULL);
}
