/* JSON of any shape, and what the getters make of it. */
#include "core/base/json.h"

#include <gio/gio.h>
#include <string.h>

static void
test_refuses (void)
{
  g_autofree char *deep = g_strnfill (1024 * 1024, '[');
  /* For the parser, the quote after half a pair is a part of the string. */
  g_autofree char *hidden = g_strconcat ("{\"a\":\"\\ud800\",\",\"b\":", deep, "\"}", NULL);
  const char *const cases[] = { "",
                                "[]",
                                "null",
                                "\"a\"",
                                "{",
                                "{\"a\":}",
                                "{} x",
                                "{\"a\":\"\xff\"}",
                                "<html>",
                                "{\"auth\":\"secret\"",
                                "[]{}",
                                "{\"a\":1}{\"b\":2}",
                                "7 {}",
                                "var a = {};",
                                "{'a':1}",
                                "{}/**/",
                                "{\"a\":1/*\"*/}{\"b\":2/*\"*/}",
                                "{\"a\":[1,2}",
                                "}{}",
                                "{\"a\":\"\\ud800\"}",
                                "{\"a\":\"\\udc00\"}",
                                "{\"a\":\"\\ud800\\u0041\"}",
                                "{\"a\":\"\\u12\"}",
                                "{\"a\":\"\\x\"}",
                                "{\"a\":\"\\",
                                deep,
                                hidden };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonObject) object =
          steward_json_parse_object (cases[i], strlen (cases[i]), &error);

      if (object != NULL)
        g_error ("case %zu was taken", i);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_assert_null (strstr (error->message, "secret"));
    }
}

static void
test_arrays (void)
{
  const char *const cases[] = { "", "{}", "[]x", "[]{}", "[", "[\"\\ud800\"]", "[[1,2]" };
  static const char good[] = " [{\"a\":1}, 2]\n";
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) refusal = NULL;
      g_assert_null (steward_json_parse (cases[i], strlen (cases[i]), JSON_NODE_ARRAY, &refusal));
      g_assert_error (refusal, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    }
  g_autoptr (JsonNode) root = steward_json_parse (good, strlen (good), JSON_NODE_ARRAY, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (root)), ==, 2);
}

static void
test_getters (void)
{
  static const char text[] =
      "{\"s\":\"é\\u00e9\\ud83e\\udd80\\n\\/\",\"n\":7,\"m\":-7,\"f\":1.5,\"z\":null,"
      "\"o\":{\"s\":\"in [[[ \\\" \"},\"a\":[\"x\",{\"y\":1},null]}";
  g_autoptr (JsonObject) object = steward_json_parse_object (text, strlen (text), NULL);
  JsonArray *array = steward_json_get_array (object, "a");

  g_assert_cmpstr (steward_json_get_string (object, "s"), ==, "éé🦀\n/");
  g_assert_cmpuint (steward_json_get_size (object, "n"), ==, 7);
  g_assert_cmpuint (steward_json_get_size (object, "m"), ==, 0);
  g_assert_cmpstr (steward_json_get_string (steward_json_get_object (object, "o"), "s"), ==,
                   "in [[[ \" ");
  g_assert_cmpstr (steward_json_get_element_string (array, 0), ==, "x");
  g_assert_null (steward_json_get_element_string (array, 1));
  g_assert_nonnull (steward_json_get_element_object (array, 1));
  g_assert_null (steward_json_get_element_object (array, 2));
}

static void
test_other_types (void)
{
  static const char text[] = "{\"s\":\"x\",\"n\":7,\"f\":1.5,\"z\":null,\"o\":{},\"a\":[]}";
  static const char *const names[] = { "s", "n", "f", "z", "o", "a", "none" };
  g_autoptr (JsonObject) object = steward_json_parse_object (text, strlen (text), NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_true ((steward_json_get_string (object, names[i]) != NULL) == (*names[i] == 's'));
      g_assert_true ((steward_json_get_object (object, names[i]) != NULL) == (*names[i] == 'o'));
      g_assert_true ((steward_json_get_array (object, names[i]) != NULL) == (*names[i] == 'a'));
      g_assert_cmpuint (steward_json_get_size (object, names[i]), ==,
                        strcmp (names[i], "n") == 0 ? 7 : 0);
    }
  g_assert_null (steward_json_get_string (NULL, "s"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/refuses-rubbish-and-depth", test_refuses);
  g_test_add_func ("/json/takes-one-array", test_arrays);
  g_test_add_func ("/json/getters-read-values", test_getters);
  g_test_add_func ("/json/getters-pass-over-other-types", test_other_types);
  return g_test_run ();
}
