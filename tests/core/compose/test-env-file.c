/* Env files, as compose 2.26 and 2.40 were seen to read them. */
#include "core/base/error.h"
#include "core/compose/env-file.h"

#include <string.h>

static const struct
{
  const char *text, *name, *value;
  gsize offset;
  StewardEnvValueFlags flags;
} READ[] = {
  { "A=1", "A", "1", 2 },
  { "A=1\n", "A", "1", 2 },
  { "A=", "A", "", 2 },
  { "A=\nB=2", "A", "", 2 },
  { "\n \t# B=1\n  A = 1 \t\r\n", "A", "1", 15 },
  { "\xef\xbb\xbf"
    "A=1",
    "A", "1", 5 },
  { "export A=1", "A", "1", 9 },
  { "export\tA=1", "A", "1", 9 },
  { "export=1", "export", "1", 7 },
  { "A: 1", "A", "1", 3 },
  { "A.b-c[0]=1", "A.b-c[0]", "1", 9 },
  { "A=a#b", "A", "a#b", 2 },
  { "A=a #b", "A", "a", 2 },
  { "A=a\t#b", "A", "a\t#b", 2 },
  { "A= # c", "A", "# c", 3 },
  { "A='a b' # c", "A", "a b", 3 },
  { "A=\"a#b\"\r\n", "A", "a#b", 3 },
  { "A='1' B=2", "B", "2", 8 },
  { "A='1\nB=2\n'\nC=3", "C", "3", 13 },
  { "A=1\nA=2", "A", "2", 6 },
  { "A=1\nA\n", "A", "1", 2 },
  { "A=a=b", "A", "a=b", 2 },
  { "A=é", "A", "é", 2 },
  { "A=$B", "A", "$B", 2, STEWARD_ENV_VALUE_INTERPOLATED },
  { "A=\"$B\"", "A", "$B", 3, STEWARD_ENV_VALUE_INTERPOLATED },
  { "A='$B'", "A", "$B", 3, STEWARD_ENV_VALUE_NONE },
  { "A=\"a\\\"b\"", "A", "a\\\"b", 3, STEWARD_ENV_VALUE_ESCAPED },
  { "A=a\\n", "A", "a\\n", 2, STEWARD_ENV_VALUE_ESCAPED },
};

static const struct
{
  const char *text, *line;
} BROKEN[] = {
  { "A B=1", "Line 1 " },    { "A=1\n=2", "Line 2 " },   { "A='1\n\n", "Line 1 " },
  { "\n\nÉ=1", "Line 3 " },  { "A=\"1\\\"", "Line 1 " }, { "A=\"\\", "Line 1 " },
  { "hunter2!", "Line 1 " },
};

static void
test_reads_as_compose_does (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (READ); i++)
    {
      g_autoptr (GHashTable) values = steward_env_values_new ();
      g_autoptr (GBytes) content = g_bytes_new (READ[i].text, strlen (READ[i].text));
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", READ[i].text);
      steward_env_file_read (values, "/srv/.env", content, 7, &error);
      g_assert_no_error (error);
      const StewardEnvValue *value = g_hash_table_lookup (values, READ[i].name);
      g_assert_cmpstr (value->text, ==, READ[i].value);
      g_assert_cmpuint (value->offset, ==, READ[i].offset);
      g_assert_cmpuint (value->flags, ==, READ[i].flags);
      g_assert_cmpuint (value->file, ==, 7);
    }
}

static void
test_names_the_broken_line (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (BROKEN); i++)
    {
      g_autoptr (GHashTable) values = steward_env_values_new ();
      g_autoptr (GBytes) content = g_bytes_new (BROKEN[i].text, strlen (BROKEN[i].text));
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", BROKEN[i].text);
      g_assert_false (steward_env_file_read (values, "/srv/.env", content, 0, &error));
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, BROKEN[i].line));
      g_assert_null (strstr (error->message, "hunter2"));
    }
}

static void
test_an_empty_file_has_no_values (void)
{
  g_autoptr (GHashTable) values = steward_env_values_new ();
  g_autoptr (GBytes) content = g_bytes_new (NULL, 0);

  g_assert_true (steward_env_file_read (values, "/srv/.env", content, 0, NULL));
  g_assert_cmpuint (g_hash_table_size (values), ==, 0);
}

static void
test_a_key_alone_is_no_value (void)
{
  g_autoptr (GHashTable) values = steward_env_values_new ();
  g_autoptr (GBytes) content = g_bytes_new_static ("A\nexport B\n", strlen ("A\nexport B\n"));

  g_assert_true (steward_env_file_read (values, "/srv/.env", content, 0, NULL));
  g_assert_cmpuint (g_hash_table_size (values), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/env-file/reads-as-compose-does", test_reads_as_compose_does);
  g_test_add_func ("/env-file/names-the-broken-line", test_names_the_broken_line);
  g_test_add_func ("/env-file/an-empty-file-has-no-values", test_an_empty_file_has_no_values);
  g_test_add_func ("/env-file/a-key-alone-is-no-value", test_a_key_alone_is_no_value);
  return g_test_run ();
}
