/* What was chosen through a portal, and what was not. */
#include "app/portal-file.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/xattr.h>

#include "core/base/error.h"

/* A runtime folder of our own, with a document in it. */
typedef struct
{
  char *folder;
  char *documents;
  char *own; /* of this document */
  char *path;
} Document;

static void
set_up (Document *document, gconstpointer data)
{
  document->folder = g_strdup (g_get_user_runtime_dir ());
  document->documents = g_build_filename (document->folder, "doc", NULL);
  document->own = g_build_filename (document->documents, "7f3a01c2", NULL);
  document->path = g_build_filename (document->own, "compose.yaml", NULL);
  g_assert_cmpint (g_mkdir_with_parents (document->own, 0700), ==, 0);
  g_assert_true (g_file_set_contents (document->path, "services: {}\n", -1, NULL));
}

static void
tear_down (Document *document, gconstpointer data)
{
  g_unlink (document->path);
  g_rmdir (document->own);
  g_rmdir (document->documents);
  g_free (document->folder);
  g_free (document->documents);
  g_free (document->own);
  g_free (document->path);
}

static void
test_told (Document *document, gconstpointer data)
{
  static const char outside[] = "/srv/parsec/compose.yaml";
  g_autoptr (GFile) file = g_file_new_for_path (document->path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (setxattr (document->path, "user.document-portal.host-path", outside,
                             strlen (outside), 0),
                   ==, 0);
  g_autofree char *path = steward_portal_file_dup_path (file, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, outside);
}

static void
test_untold (Document *document, gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_path (document->path);
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_portal_file_dup_path (file, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "“compose.yaml”"));
}

static void
test_plain (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/srv/documents/doc/compose.yaml");
  g_autoptr (GError) error = NULL;
  g_autofree char *path = steward_portal_file_dup_path (file, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, "/srv/documents/doc/compose.yaml");
}

int
main (int argc, char **argv)
{
  /* Below the working folder, not /tmp: not every kernel's tmpfs has attributes of users. */
  g_autofree char *work = g_get_current_dir ();
  g_autofree char *runtime = g_build_filename (work, "portal-file-XXXXXX", NULL);

  g_assert_nonnull (g_mkdtemp_full (runtime, 0700));
  g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/portal-file/is-where-the-portal-says", Document, NULL, set_up, test_told,
              tear_down);
  g_test_add ("/portal-file/is-refused-where-the-portal-is-silent", Document, NULL, set_up,
              test_untold, tear_down);
  g_test_add_func ("/portal-file/is-itself-without-a-portal", test_plain);
  int status = g_test_run ();
  g_rmdir (runtime);
  return status;
}
