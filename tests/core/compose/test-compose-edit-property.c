/* Random files, put together with a mark where the tag belongs: whatever stands around it, the edit
 * must give the file with the new tag at the mark and every other byte as it was. */
#include "core/compose/compose-edit.h"

#include <string.h>

#define MARK "\x01"
#define N_ROUNDS 1000

static const char *const TAGS[] = { "3.0.0", "v3.0.0",   "3.6.0-rc.2",  "3",  "latest",
                                    "0",     "3.10.0_x", "3.0.0.3.0.0", "yes" };

/* Comments, strings and services that look like the tag but are not. OLD stands for the old tag. */
static const char *const COMMENTS[] = { "# image: r.io/a:OLD", "# déjà vu — été 🦀", "#",
                                        "# \t'\"[{", "" };
static const char *const NEIGHBOURS[] = {
  "  n%u:\n    image: b:OLD # été\n",
  "  n%u:\n    image: 'é' # c\n    command: \"image: r.io/a:OLD ü\"\n",
  "  n%u: {image: \"b:OLD\", labels: {image: r.io/a:OLD}}\n",
  "  n%u:\n    image: c\n    command: |\n      image: r.io/a:OLD\n\n      # 🦀 é\n",
  "  n%u:\n    image: d:${NV:-OLD}\n    environment: [\"V=OLD\", 'É=''x''']\n",
  "  n%u:\n    image: e:$NW\n    command: >-\n      a\n      b:OLD\n",
};

/* Where the tag stands, and how the services get at it. FIRST and SECOND are what follows `image`'s
 * indentation. */
static const struct
{
  const char *top, *first, *second, *env;
} WAYS[] = {
  { "", "image: r.io:5/a:" MARK, "image: 'r.io:5/a:" MARK "'", "" },
  { "", "image:   \"a:" MARK "\"   # a:OLD", "\"image\": a:" MARK, "W=OLD\n" },
  { "", "image: &img a:" MARK, "image: *img", "" },
  { "x-image: &img !!str 'a:" MARK "'\n", "image: *img", "image: *img # *img:OLD", "" },
  { "x-base: &base\n  user: é\n  image: a:" MARK "\n", "<<: *base", "<<: [*base]", "" },
  { "", "image: a:${V:-" MARK "}", "image: \"a:${V-" MARK "}\"", "VV=OLD\n" },
  { "", "image: a:${V:-OLD}", "image: a:$V", "V=" MARK "\n" },
  { "", "image: a:${V:?é}", "image: '${I}'", "V = \"" MARK "\" # OLD\nI=a:${V}\n" },
  { "", "image: $I", "image: ${I:-a:OLD}", "I=1\nexport I='r.io:5/a:" MARK "'\nVI=OLD\n" },
};

static char *
replace_all (const char *text, const char *from, const char *to)
{
  g_autoptr (GString) string = g_string_new (text);

  g_string_replace (string, from, to, 0);
  return g_strdup (string->str);
}

static void
append_random (GString *text, const char *const *choices, gsize n_choices)
{
  for (int n = g_test_rand_int_range (0, 4); n > 0; n--)
    g_string_append_printf (text, "%s\n", choices[g_test_rand_int_range (0, n_choices)]);
}

static void
append_neighbours (GString *text)
{
  static guint number = 0;

  for (int n = g_test_rand_int_range (0, 3); n > 0; n--)
    {
      g_autofree char *name = g_strdup_printf ("n%u", number++);
      const char *neighbour = NEIGHBOURS[g_test_rand_int_range (0, G_N_ELEMENTS (NEIGHBOURS))];
      g_autofree char *service = replace_all (neighbour, "n%u", name);
      g_string_append (text, service);
    }
  append_random (text, COMMENTS, G_N_ELEMENTS (COMMENTS));
}

static void
append_server (GString *text, const char *name, const char *image)
{
  g_string_append_printf (text, "  %s:\n", name);
  append_random (text, COMMENTS, G_N_ELEMENTS (COMMENTS));
  if (g_test_rand_bit ())
    g_string_append (text, "    environment: {PARSEC_DB: \"é OLD\"}\n");
  g_string_append_printf (text, "    %s\n", image);
  if (g_test_rand_bit ())
    g_string_append (text, "    command: [run, 'image: a:OLD']\n");
}

/* Line ends, byte order mark and end of file at random, the decoys filled in. */
static char *
finish (GString *text, const char *old_tag)
{
  g_autofree char *filled = replace_all (text->str, "OLD", old_tag);
  g_autofree char *ended =
      g_test_rand_bit () ? replace_all (filled, "\n", "\r\n") : g_strdup (filled);
  gsize length = strlen (ended);

  if (g_test_rand_bit () && length > 0 && ended[length - 1] == '\n')
    ended[length - 1] = '\0';
  return g_strconcat (g_test_rand_bit () ? "\xef\xbb\xbf" : "", ended, NULL);
}

static char *
generate_compose (guint way, const char *old_tag)
{
  g_autoptr (GString) text = g_string_new (NULL);

  append_random (text, COMMENTS, G_N_ELEMENTS (COMMENTS));
  g_string_append (text, WAYS[way].top);
  append_random (text, COMMENTS, G_N_ELEMENTS (COMMENTS));
  g_string_append (text, "services:\n");
  append_neighbours (text);
  append_server (text, "parsec", WAYS[way].first);
  append_neighbours (text);
  append_server (text, "pre-parsec", WAYS[way].second);
  append_neighbours (text);
  if (g_test_rand_bit ())
    g_string_append (text, "volumes: {d: {name: été-OLD}}\n");
  return finish (text, old_tag);
}

static char *
generate_env (guint way, const char *old_tag)
{
  g_autoptr (GString) text = g_string_new (NULL);

  append_random (text, COMMENTS, G_N_ELEMENTS (COMMENTS));
  g_string_append (text, "PASSWORD='é\nV=1\n'\n");
  g_string_append (text, WAYS[way].env);
  append_random (text, COMMENTS, G_N_ELEMENTS (COMMENTS));
  return finish (text, old_tag);
}

static void
assert_result (const GPtrArray *edits, const char *path, const char *template, const char *tag)
{
  g_autofree char *wanted = replace_all (template, MARK, tag);
  gboolean changes = strstr (template, MARK) != NULL;

  for (guint i = 0; i < edits->len; i++)
    {
      const StewardComposeEdit *edit = edits->pdata[i];
      gsize length;
      const char *bytes = g_bytes_get_data (edit->after, &length);
      if (!g_str_equal (edit->path, path))
        continue;
      g_assert_true (changes);
      g_assert_cmpmem (bytes, length, wanted, strlen (wanted));
      return;
    }
  g_assert_false (changes);
}

static void
run_round (void)
{
  guint way = g_test_rand_int_range (0, G_N_ELEMENTS (WAYS));
  guint old = g_test_rand_int_range (0, G_N_ELEMENTS (TAGS));
  guint new = (old + g_test_rand_int_range (1, G_N_ELEMENTS (TAGS))) % G_N_ELEMENTS (TAGS);
  g_autofree char *compose = generate_compose (way, TAGS[old]);
  g_autofree char *env = generate_env (way, TAGS[old]);
  g_autofree char *old_compose = replace_all (compose, MARK, TAGS[old]);
  g_autofree char *old_env = replace_all (env, MARK, TAGS[old]);
  g_autoptr (GBytes) compose_bytes = g_bytes_new (old_compose, strlen (old_compose));
  g_autoptr (GBytes) env_bytes = g_bytes_new (old_env, strlen (old_env));
  const StewardComposeFile files[] = { { "compose", compose_bytes, STEWARD_COMPOSE_FILE_YAML },
                                       { "env", env_bytes, STEWARD_COMPOSE_FILE_ENV } };
  const char *const services[] = { "parsec", "pre-parsec", NULL };
  const StewardComposeEditRequest request = { files,     G_N_ELEMENTS (files),
                                              services,  TAGS[old],
                                              TAGS[new], NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) edits = steward_compose_edit_plan (&request, &error);

  if (edits == NULL)
    g_test_message ("%s\n%s", old_compose, old_env);
  g_assert_no_error (error);
  assert_result (edits, "compose", compose, TAGS[new]);
  assert_result (edits, "env", env, TAGS[new]);
}

static void
test_only_the_tag_changes (void)
{
  for (guint i = 0; i < N_ROUNDS; i++)
    run_round ();
}

/* Files cut off or with a byte turned must give an error or a sound plan, never a crash. */
static void
test_damaged_files (void)
{
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      guint way = g_test_rand_int_range (0, G_N_ELEMENTS (WAYS));
      g_autofree char *compose = generate_compose (way, "3.0.0");
      g_autofree char *text = replace_all (compose, MARK, "3.0.0");
      gsize at = g_test_rand_int_range (0, strlen (text));
      text[at] = g_test_rand_int_range (0, 256);
      g_autoptr (GBytes) bytes = g_bytes_new (text, g_test_rand_bit () ? strlen (text) : at);
      const StewardComposeFile files[] = { { "compose", bytes, STEWARD_COMPOSE_FILE_YAML },
                                           { "env", bytes, STEWARD_COMPOSE_FILE_ENV } };
      const char *const services[] = { "parsec", "pre-parsec", NULL };
      const StewardComposeEditRequest request = { files,    g_test_rand_bit () ? 1 : 2,
                                                  services, "3.0.0",
                                                  "3.1.0",  NULL };
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) edits = steward_compose_edit_plan (&request, &error);

      g_assert_true ((edits == NULL) == (error != NULL));
      if (edits != NULL)
        g_assert_cmpuint (edits->len, ==, 1);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/compose-edit-property/only-the-tag-changes", test_only_the_tag_changes);
  g_test_add_func ("/compose-edit-property/damaged-files", test_damaged_files);
  return g_test_run ();
}
