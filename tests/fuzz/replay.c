/* Runs every file of a folder through a target, as TAP: what fuzzing once found stays found.
 *
 *   fuzz-NAME FOLDER */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
compare_names_cb (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *
list_names (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names_cb);
  return names;
}

/* From a block of its own size, so that a sanitizer sees a read beyond the end. */
static void
replay (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  gsize size = 0;

  g_file_get_contents (path, &content, &size, &error);
  g_assert_no_error (error);

  g_autofree guint8 *data = g_malloc (MAX (size, 1));
  memcpy (data, content, size);
  LLVMFuzzerTestOneInput (data, size);
}

int
main (int argc, char **argv)
{
  if (argc != 2)
    return EXIT_FAILURE;
  LLVMFuzzerInitialize (&argc, &argv);

  g_autoptr (GPtrArray) names = list_names (argv[1]);
  printf ("1..%u\n", MAX (names->len, 1));
  if (names->len == 0)
    printf ("not ok 1 /%s/is-not-empty\n", argv[1]);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      /* A crash would not say with what. */
      printf ("# %s\n", name);
      fflush (stdout);
      replay (argv[1], name);
      printf ("ok %u %s\n", i + 1, name);
    }
  return names->len > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
