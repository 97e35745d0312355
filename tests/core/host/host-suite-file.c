/* Files: each script of the host against a real folder. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/host/scripts.h"
#include "host-suite.h"

#define OLD "old: 1\n"
#define NEW "new: \"2\"\n"

static gboolean
replace (Host *host, const char *path, const char *content, const char *expected, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (content, strlen (content));
  g_autoptr (GBytes) before =
      expected != NULL ? g_bytes_new_static (expected, strlen (expected)) : NULL;

  return steward_host_replace_file (host->host, path, bytes, before, 0640, NULL, NULL, error);
}

static guint
get_mode (const char *path)
{
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  return info.st_mode & 07777;
}

static void
test_replace_creates (Host *host, gconstpointer kind)
{
  g_autofree char *path = host_dup_path (host, "-new 'file'\n");
  g_autoptr (GError) error = NULL;

  g_assert_true (replace (host, path, NEW, NULL, &error));
  g_assert_no_error (error);
  host_assert_content (path, NEW);
  g_assert_cmpuint (get_mode (path), ==, 0640);
}

static void
test_replace_keeps_mode_and_owner (Host *host, gconstpointer kind)
{
  g_autofree char *path = host_write (host, "file", OLD);
  uid_t user = geteuid () == 0 ? 12345 : geteuid ();
  gid_t group = geteuid () == 0 ? 54321 : getegid ();
  struct stat info;

  g_assert_cmpint (g_chmod (path, 0444), ==, 0);
  g_assert_cmpint (chown (path, user, group), ==, 0);
  g_assert_true (replace (host, path, NEW, OLD, NULL));
  host_assert_content (path, NEW);
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0444);
  g_assert_cmpuint (info.st_uid, ==, user);
  g_assert_cmpuint (info.st_gid, ==, group);
}

static void
test_replace_refuses_changed (Host *host, gconstpointer kind)
{
  g_autofree char *path = host_write (host, "file", "by somebody else\n");
  g_autoptr (GError) error = NULL;

  g_assert_false (replace (host, path, NEW, OLD, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_CHANGED);
  host_assert_content (path, "by somebody else\n");
  g_assert_cmpuint (host_count_files (host->folder), ==, 1);
}

static void
test_replace_refuses_gone (Host *host, gconstpointer kind)
{
  g_autofree char *path = host_dup_path (host, "file");
  g_autoptr (GError) error = NULL;

  g_assert_false (replace (host, path, NEW, OLD, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_CHANGED);
  g_assert_cmpuint (host_count_files (host->folder), ==, 0);
}

/* A connection that breaks ends the input early; the script alone can notice. */
static void
test_replace_refuses_half (Host *host, gconstpointer kind)
{
  g_autofree char *path = host_write (host, "file", OLD);
  const char *argv[] = {
    "sh", "-c", steward_script_replace, "steward", path, "", "600", "9", NULL
  };
  g_autoptr (GInputStream) half = g_memory_input_stream_new_from_data (NEW, strlen (NEW) - 1, NULL);
  StewardCommand command = { .argv = argv, .input = half };
  g_auto (StewardOutcome) outcome = { 0 };

  g_assert_cmpuint (strlen (NEW), ==, 9);
  g_assert_true (steward_host_run (host->host, &command, &outcome, NULL, NULL));
  g_assert_cmpint (outcome.status, ==, STEWARD_EXIT_CUT);
  host_assert_content (path, OLD);
  g_assert_cmpuint (host_count_files (host->folder), ==, 1);
}

static void
test_replace_follows_link (Host *host, gconstpointer kind)
{
  g_autofree char *target = host_write (host, "target\n", OLD);
  g_autofree char *link = host_dup_path (host, "link");

  g_assert_cmpint (symlink ("target\n", link), ==, 0);
  g_assert_true (replace (host, link, NEW, OLD, NULL));
  host_assert_content (target, NEW);
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
}

static void
test_replace_misses_folder (Host *host, gconstpointer kind)
{
  g_autofree char *path = host_dup_path (host, "absent/file");
  g_autoptr (GError) error = NULL;

  g_assert_false (replace (host, path, NEW, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
}

typedef struct
{
  const char *path;
  const char *contents[2];
  int stop; /* atomic */
  guint torn;
  guint seen;
} Reader;

static gpointer
read_again_and_again (gpointer data)
{
  Reader *reader = data;

  while (!g_atomic_int_get (&reader->stop))
    {
      g_autofree char *text = NULL;
      gboolean is_there = g_file_get_contents (reader->path, &text, NULL, NULL);

      reader->seen++;
      if (!is_there
          || !g_strv_contains ((const char *[]){ reader->contents[0], reader->contents[1], NULL },
                               text))
        reader->torn++;
    }
  return NULL;
}

static void
test_replace_is_atomic (Host *host, gconstpointer kind)
{
  g_autofree char *first = g_strnfill (300000, 'a');
  g_autofree char *second = g_strnfill (200000, 'b');
  g_autofree char *path = host_write (host, "file", first);
  Reader reader = { path, { first, second }, 0, 0, 0 };
  GThread *thread = g_thread_new ("reader", read_again_and_again, &reader);

  for (int i = 0; i < 10; i++)
    g_assert_true (replace (host, path, i % 2 == 0 ? second : first, NULL, NULL));
  g_atomic_int_set (&reader.stop, TRUE);
  g_thread_join (thread);
  g_assert_cmpuint (reader.seen, >, 0);
  g_assert_cmpuint (reader.torn, ==, 0);
}

static void
test_read_any_bytes (Host *host, gconstpointer kind)
{
  static const char content[] = "a\0b\r\n\xff";
  g_autofree char *path = host_dup_path (host, "file");

  g_assert_true (g_file_set_contents (path, content, sizeof content, NULL));
  g_autoptr (GBytes) bytes = steward_host_read_file (host->host, path, NULL, NULL);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), content,
                   sizeof content);
}

static void
test_read_misses (Host *host, gconstpointer kind)
{
  g_autofree char *path = host_dup_path (host, "absent");
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_host_read_file (host->host, path, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, path));
}

static void
test_append (Host *host, gconstpointer kind)
{
  g_autofree char *path = host_dup_path (host, "-journal");

  g_assert_true (steward_host_append_line (host->host, path, "one", NULL, NULL, NULL));
  g_assert_true (steward_host_append_line (host->host, path, "$(two)", NULL, NULL, NULL));
  host_assert_content (path, "one\n$(two)\n");
  g_assert_cmpuint (get_mode (path), ==, 0600);
}

static void
test_append_after_torn_line (Host *host, gconstpointer kind)
{
  g_autofree char *path = host_write (host, "journal", "one\ntor");

  g_assert_true (steward_host_append_line (host->host, path, "two", NULL, NULL, NULL));
  host_assert_content (path, "one\ntor\ntwo\n");
}

static void
test_reserve (Host *host, gconstpointer kind)
{
  g_autofree char *path = host_dup_path (host, "journal");
  struct stat info;

  g_assert_true (steward_host_reserve (host->host, path, 65536, NULL, NULL, NULL));
  g_assert_true (steward_host_append_line (host->host, path, "one", NULL, NULL, NULL));
  host_assert_content (path, "one\n");
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0600);
  g_assert_cmpint (info.st_blocks * 512, >=, 65536);
}

static void
test_list (Host *host, gconstpointer kind)
{
  g_autofree char *later = host_write (host, "b 'c'\n", "12345");
  g_autofree char *hidden = host_write (host, ".a", "");
  g_autofree char *inner = host_dup_path (host, "folder");

  g_assert_cmpint (g_mkdir (inner, 0750), ==, 0);
  g_autoptr (GPtrArray) files = steward_host_list (host->host, host->folder, NULL, NULL);
  g_assert_cmpuint (files->len, ==, 3);
  const StewardFile *first = files->pdata[0], *second = files->pdata[1], *third = files->pdata[2];
  g_assert_cmpstr (first->path, ==, hidden);
  g_assert_cmpstr (second->path, ==, later);
  g_assert_cmpuint (second->size_bytes, ==, 5);
  g_assert_false (second->is_folder);
  g_assert_cmpstr (third->path, ==, inner);
  g_assert_true (third->is_folder);
  g_assert_cmpuint (third->mode, ==, 0750);
}

static void
test_list_absent (Host *host, gconstpointer kind)
{
  g_autofree char *path = host_dup_path (host, "absent");
  g_autoptr (GPtrArray) files = steward_host_list (host->host, path, NULL, NULL);

  g_assert_nonnull (files);
  g_assert_cmpuint (files->len, ==, 0);
}

static void
test_stat (Host *host, gconstpointer kind)
{
  g_autofree char *target = host_write (host, "target", "1234");
  g_autofree char *link = host_dup_path (host, "link");

  g_assert_cmpint (g_chmod (target, 0640), ==, 0);
  g_assert_cmpint (symlink (target, link), ==, 0);
  g_autoptr (StewardFile) file = steward_host_stat (host->host, link, NULL, NULL);
  g_assert_nonnull (file);
  g_assert_cmpstr (file->path, ==, link);
  g_assert_cmpuint (file->size_bytes, ==, 4);
  g_assert_cmpuint (file->mode, ==, 0640);
  g_assert_cmpint (ABS (file->modified_s - g_get_real_time () / G_USEC_PER_SEC), <, 120);
}

static void
test_stat_misses (Host *host, gconstpointer kind)
{
  g_autofree char *path = host_dup_path (host, "absent");
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_host_stat (host->host, path, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
}

static void
test_remove (Host *host, gconstpointer kind)
{
  g_autofree char *path = host_write (host, "-rf", "x");
  g_autoptr (GError) error = NULL;

  g_assert_true (steward_host_remove (host->host, path, NULL, NULL, NULL));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (steward_host_remove (host->host, path, NULL, NULL, NULL));
  g_assert_false (steward_host_remove (host->host, host->folder, NULL, NULL, &error));
  g_assert_nonnull (error);
  g_assert_true (g_file_test (host->folder, G_FILE_TEST_IS_DIR));
}

static void
test_make_folder (Host *host, gconstpointer kind)
{
  g_autofree char *path = host_dup_path (host, "steward");

  g_assert_true (steward_host_make_folder (host->host, path, 0750, NULL, NULL, NULL));
  g_assert_cmpuint (get_mode (path), ==, 0750);
  g_assert_true (steward_host_make_folder (host->host, path, 0700, NULL, NULL, NULL));
  g_assert_cmpuint (get_mode (path), ==, 0750);
}

static void
test_clock (Host *host, gconstpointer kind)
{
  gint64 now_s = 0;

  g_assert_true (steward_host_get_clock (host->host, &now_s, NULL, NULL));
  g_assert_cmpint (ABS (now_s - g_get_real_time () / G_USEC_PER_SEC), <, 60);
}

static void
test_identity (Host *host, gconstpointer kind)
{
  g_auto (StewardIdentity) identity = { 0 };
  g_autofree char *boot_id = NULL;

  g_assert_true (steward_host_get_identity (host->host, &identity, NULL, NULL));
  g_assert_cmpstr (identity.user, ==, g_get_user_name ());
  g_assert_cmpstr (identity.machine, ==, g_get_host_name ());
  g_assert_true (g_file_get_contents ("/proc/sys/kernel/random/boot_id", &boot_id, NULL, NULL));
  g_assert_cmpstr (identity.boot_id, ==, g_strchomp (boot_id));
}

const HostCase host_file_cases[] = {
  { "/replace/creates-with-the-mode", test_replace_creates },
  { "/replace/keeps-mode-and-owner", test_replace_keeps_mode_and_owner },
  { "/replace/refuses-what-changed", test_replace_refuses_changed },
  { "/replace/refuses-what-is-gone", test_replace_refuses_gone },
  { "/replace/refuses-half-a-file", test_replace_refuses_half },
  { "/replace/follows-a-link", test_replace_follows_link },
  { "/replace/misses-a-folder", test_replace_misses_folder },
  { "/replace/never-shows-a-torn-file", test_replace_is_atomic },
  { "/read/gives-any-bytes", test_read_any_bytes },
  { "/read/misses-a-file", test_read_misses },
  { "/append/adds-lines", test_append },
  { "/append/begins-anew-after-a-torn-line", test_append_after_torn_line },
  { "/reserve/sets-disk-aside", test_reserve },
  { "/list/gives-all-in-order", test_list },
  { "/list/takes-an-absent-folder-as-empty", test_list_absent },
  { "/stat/follows-a-link", test_stat },
  { "/stat/misses-a-file", test_stat_misses },
  { "/remove/takes-files-only", test_remove },
  { "/make-folder/leaves-one-that-is-there", test_make_folder },
  { "/clock/tells-the-time", test_clock },
  { "/identity/tells-who-and-where", test_identity },
  { NULL, NULL },
};
