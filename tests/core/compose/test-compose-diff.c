/* The diff that is shown before an edit. */
#include "core/compose/compose-edit.h"

#include <string.h>

typedef struct
{
  const char *name;
  StewardComposeFileKind kind;
  const char *before, *after, *diff;
} DiffCase;

#define HEAD "--- /srv/f\n+++ /srv/f\n"

static const DiffCase CASES[] = {
  { "three-lines-of-context", STEWARD_COMPOSE_FILE_YAML, "1\n2\n3\n4\n5 old\n6\n7\n8\n9\n",
    "1\n2\n3\n4\n5 new\n6\n7\n8\n9\n",
    HEAD "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5 old\n+5 new\n 6\n 7\n 8\n" },
  { "at-the-edges", STEWARD_COMPOSE_FILE_YAML, "a\nb", "A\nb",
    HEAD "@@ -1,2 +1,2 @@\n-a\n+A\n b\n\\ No newline at end of file\n" },
  { "last-line-without-end", STEWARD_COMPOSE_FILE_YAML, "a", "b",
    HEAD "@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n" },
  { "close-changes-in-one-hunk", STEWARD_COMPOSE_FILE_YAML, "a\n2\n3\n4\n5\n6\n7\na\n",
    "b\n2\n3\n4\n5\n6\n7\nb\n", HEAD "@@ -1,8 +1,8 @@\n-a\n+b\n 2\n 3\n 4\n 5\n 6\n 7\n-a\n+b\n" },
  { "far-changes-in-two", STEWARD_COMPOSE_FILE_YAML, "a\n2\n3\n4\n5\n6\n7\n8\na\n",
    "b\n2\n3\n4\n5\n6\n7\n8\nb\n",
    HEAD "@@ -1,4 +1,4 @@\n-a\n+b\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-a\n+b\n" },
  { "env-files-without-context", STEWARD_COMPOSE_FILE_ENV, "PASSWORD=x\nV=1\nSECRET=y\n",
    "PASSWORD=x\nV=2\nSECRET=y\n", HEAD "@@ -2,1 +2,1 @@\n-V=1\n+V=2\n" },
  { "carriage-returns-stay-out", STEWARD_COMPOSE_FILE_YAML, "a\r\nb\r\n", "a\r\nc\r\n",
    HEAD "@@ -1,2 +1,2 @@\n a\n-b\n+c\n" },
  { "rubbish-is-made-readable", STEWARD_COMPOSE_FILE_ENV, "V=1 # \xff", "V=2 # \xff",
    HEAD "@@ -1,1 +1,1 @@\n-V=1 # \xef\xbf\xbd\n\\ No newline at end of file\n"
         "+V=2 # \xef\xbf\xbd\n\\ No newline at end of file\n" },
};

static void
test_shows_what_changes (gconstpointer data)
{
  const DiffCase *item = data;
  g_autoptr (GPtrArray) edits = g_ptr_array_new ();
  g_autoptr (GBytes) before = g_bytes_new_static (item->before, strlen (item->before));
  g_autoptr (GBytes) after = g_bytes_new_static (item->after, strlen (item->after));
  StewardComposeEdit edit = { (char *)"/srv/f", item->kind, before, after };

  g_ptr_array_add (edits, &edit);
  g_autofree char *diff = steward_compose_edit_dup_diff (edits);
  g_assert_cmpstr (diff, ==, item->diff);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      g_autofree char *path = g_strconcat ("/compose-diff/", CASES[i].name, NULL);
      g_test_add_data_func (path, &CASES[i], test_shows_what_changes);
    }
  return g_test_run ();
}
