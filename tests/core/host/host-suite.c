/* The suite's fixture and the small tools of its parts. */
#include "host-suite.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static void
set_up (Host *host, gconstpointer kind)
{
  host->host = ((const HostKind *)kind)->construct ();
  host->parent = g_dir_make_tmp ("steward-host-XXXXXX", NULL);
  g_assert_nonnull (host->parent);
  host->folder = g_build_filename (host->parent, "-a 'b' \"c\" $(d) `e` \\f *\n", NULL);
  g_assert_cmpint (g_mkdir (host->folder, 0700), ==, 0);
}

static void
remove_tree (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      struct stat info;

      if (lstat (path, &info) == 0 && S_ISDIR (info.st_mode))
        remove_tree (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

static void
tear_down (Host *host, gconstpointer kind)
{
  remove_tree (host->parent);
  g_free (host->parent);
  g_free (host->folder);
  g_assert_finalize_object (host->host);
}

static void
add_cases (const HostKind *kind, const HostCase *cases)
{
  for (gsize i = 0; cases[i].name != NULL; i++)
    {
      g_autofree char *path = g_strconcat (kind->prefix, cases[i].name, NULL);

      g_test_add (path, Host, kind, set_up, cases[i].test, tear_down);
    }
}

void
host_suite_add (const HostKind *kind)
{
  add_cases (kind, host_run_cases);
  add_cases (kind, host_file_cases);
  add_cases (kind, host_disk_cases);
  add_cases (kind, host_fence_cases);
  add_cases (kind, host_talk_cases);
}

char *
host_dup_path (const Host *host, const char *name)
{
  return g_build_filename (host->folder, name, NULL);
}

char *
host_write (const Host *host, const char *name, const char *content)
{
  char *path = host_dup_path (host, name);

  g_assert_true (g_file_set_contents (path, content, -1, NULL));
  return path;
}

void
host_assert_content (const char *path, const char *content)
{
  g_autofree char *found = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &found, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, content);
}

guint
host_count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

void
host_wait_until (gboolean (*condition) (gpointer data), gpointer data)
{
  gint64 limit_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (!condition (data))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, limit_us);
      g_usleep (5000);
    }
}

gboolean
host_process_is_alive (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  const char *state = strrchr (text, ')');
  return state != NULL && state[2] != 'Z' && state[2] != 'X';
}

static gboolean
has_ended (gpointer data)
{
  return !host_process_is_alive (GPOINTER_TO_INT (data));
}

void
host_assert_process_ends (int pid)
{
  g_assert_cmpint (pid, >, 1);
  host_wait_until (has_ended, GINT_TO_POINTER (pid));
}

void
host_assert_hidden (const char *secret)
{
  static const char *const files[] = { "cmdline", "environ" };
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  guint seen = 0;

  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
      {
        g_autofree char *path = g_build_filename ("/proc", name, files[i], NULL);
        g_autofree char *text = NULL;
        gsize length = 0;

        if (!g_ascii_isdigit (*name) || !g_file_get_contents (path, &text, &length, NULL))
          continue;
        seen++;
        g_assert_null (memmem (text, length, secret, strlen (secret)));
      }
  g_assert_cmpuint (seen, >, 4);
}
