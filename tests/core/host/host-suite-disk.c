/* Disks that are full or read-only: a small tmpfs mounted for each test, by root or with sudo. */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "host-suite.h"

#define OLD "old\n"

/* Runs a command as root; its last argument is the mount point. */
static void
run_as_root (const char *const *argv)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GError) error = NULL;
  int status = 0;

  if (geteuid () != 0)
    g_strv_builder_add_many (builder, "sudo", "-n", NULL);
  g_strv_builder_addv (builder, (const char **)argv);
  g_auto (GStrv) whole = g_strv_builder_end (builder);
  g_spawn_sync (NULL, whole, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

/* A disk of 64 KiB that holds `file`. Returns: (transfer full): that file */
static char *
mount_disk (const Host *host)
{
  const char *argv[] = { "mount",        "-t",         "tmpfs", "-o", "size=64k,mode=0777",
                         "steward-test", host->folder, NULL };

  run_as_root (argv);
  return host_write (host, "file", OLD);
}

static void
unmount_disk (const Host *host)
{
  const char *argv[] = { "umount", host->folder, NULL };

  run_as_root (argv);
}

static GBytes *
make_too_much (void)
{
  return g_bytes_new_take (g_strnfill (200000, 'x'), 200000);
}

static void
test_replace_on_full_disk (Host *host, gconstpointer kind)
{
  g_autofree char *path = mount_disk (host);
  g_autoptr (GBytes) content = make_too_much ();
  g_autoptr (GError) error = NULL;

  steward_host_replace_file (host->host, path, content, NULL, 0600, NULL, NULL, &error);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NO_SPACE);
  host_assert_content (path, OLD);
  g_assert_cmpuint (host_count_files (host->folder), ==, 1);
  unmount_disk (host);
}

static void
test_append_on_full_disk (Host *host, gconstpointer kind)
{
  g_autofree char *path = mount_disk (host);
  g_autofree char *line = g_strnfill (100000, 'x');
  g_autoptr (GError) error = NULL;

  steward_host_append_line (host->host, path, line, NULL, NULL, &error);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NO_SPACE);
  unmount_disk (host);
}

/* What was reserved can be written when nothing else can. */
static void
test_append_to_reserved (Host *host, gconstpointer kind)
{
  g_autofree char *path = mount_disk (host);
  g_autofree char *filler = host_dup_path (host, "filler");
  g_autofree char *line = g_strnfill (10000, 'x');
  g_autofree char *much = g_strnfill (100000, 'x');
  g_autoptr (GError) error = NULL;

  g_assert_true (steward_host_reserve (host->host, path, 16384, NULL, NULL, NULL));
  steward_host_append_line (host->host, filler, much, NULL, NULL, &error);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NO_SPACE);
  g_assert_true (steward_host_append_line (host->host, path, line, NULL, NULL, NULL));
  unmount_disk (host);
}

static void
test_reserve_on_full_disk (Host *host, gconstpointer kind)
{
  g_autofree char *path = mount_disk (host);
  g_autoptr (GError) error = NULL;

  steward_host_reserve (host->host, path, 1000000, NULL, NULL, &error);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NO_SPACE);
  host_assert_content (path, OLD);
  unmount_disk (host);
}

static void
test_free_space (Host *host, gconstpointer kind)
{
  g_autofree char *path = mount_disk (host);
  StewardDisk disk = { 0 }, other = { 0 };

  g_assert_true (steward_host_get_disk (host->host, path, &disk, NULL, NULL));
  g_assert_cmpuint (disk.free_bytes, >, 30000);
  g_assert_cmpuint (disk.free_bytes, <, 65536);
  g_assert_true (steward_host_get_disk (host->host, "/", &other, NULL, NULL));
  g_assert_cmpuint (other.id, !=, disk.id);
  unmount_disk (host);
}

static void
test_read_only (Host *host, gconstpointer kind)
{
  g_autofree char *path = mount_disk (host);
  const char *argv[] = { "mount", "-o", "remount,ro", host->folder, NULL };
  g_autoptr (GBytes) content = g_bytes_new_static ("new", 3);
  g_autoptr (GError) replace_error = NULL, append_error = NULL, remove_error = NULL;

  run_as_root (argv);
  steward_host_replace_file (host->host, path, content, NULL, 0600, NULL, NULL, &replace_error);
  steward_host_append_line (host->host, path, "line", NULL, NULL, &append_error);
  steward_host_remove (host->host, path, NULL, NULL, &remove_error);
  g_assert_error (replace_error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_error (append_error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_error (remove_error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  host_assert_content (path, OLD);
  unmount_disk (host);
}

const HostCase host_disk_cases[] = {
  { "/replace/leaves-the-old-file-on-a-full-disk", test_replace_on_full_disk },
  { "/append/says-that-the-disk-is-full", test_append_on_full_disk },
  { "/append/uses-what-was-reserved", test_append_to_reserved },
  { "/reserve/says-that-the-disk-is-too-small", test_reserve_on_full_disk },
  { "/free-space/tells-what-is-left", test_free_space },
  { "/files/say-that-a-disk-is-read-only", test_read_only },
  { NULL, NULL },
};
