/* See the header. What is written here is written in a folder of a temporary name, synced, and
 * named by a rename that overwrites nothing. */
#include "core/store/saved-copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/host/sandbox.h"
#include "core/store/meter.h"
#include "core/store/scripts.h"

#define PASSPORT_LIMIT_BYTES (1024 * 1024)
#define DUMP_SUFFIX ".dump"
#define PASSPORT_SUFFIX ".json"

/* A copy here that has no name yet. */
typedef struct
{
  char *path;      /* owned: its folder to come */
  char *temporary; /* owned, nullable: its folder */
  char *dump;      /* owned, nullable: in there */
  char *passport;  /* owned, nullable: in there */
} Draft;

static void
draft_clear (Draft *draft)
{
  if (draft->temporary != NULL)
    {
      g_unlink (draft->dump);
      g_unlink (draft->passport);
      g_rmdir (draft->temporary);
    }
  g_free (draft->path);
  g_free (draft->temporary);
  g_free (draft->dump);
  g_free (draft->passport);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Draft, draft_clear)

/* What the administrator knows it by: a document's place in the sandbox says nothing. */
static const char *
get_name (const char *path)
{
  const char *document = steward_sandbox_get_document (path);

  return document != NULL ? document : path;
}

static void
set_unusable (const char *path, const char *reason, GError **error)
{
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED,
               _ ("“%s” cannot be used on this machine: %s"), get_name (path), reason);
}

static gboolean
set_local_error (int code, const char *path, GError **error)
{
  const char *name = get_name (path);

  if (code == EEXIST)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                 _ ("“%s” is there already. It was left as it is; choose another folder."), name);
  else if (code == ENOSPC || code == EDQUOT)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NO_SPACE,
                 _ ("The disk of this machine that holds “%s” is full. No copy was made."), name);
  else if (code == ENOENT)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                 _ ("“%s” does not exist on this machine."), name);
  else
    set_unusable (path, g_strerror (code), error);
  return FALSE;
}

static gboolean
draft_begin (Draft *draft, const char *folder, const char *id, GError **error)
{
  g_autofree char *hidden = g_strdup_printf (".%s.XXXXXX", id);
  g_autofree char *temporary = g_build_filename (folder, hidden, NULL);
  g_autofree char *dump = g_strconcat (id, DUMP_SUFFIX, NULL);
  g_autofree char *passport = g_strconcat (id, PASSPORT_SUFFIX, NULL);

  draft->path = g_build_filename (folder, id, NULL);
  if (g_file_test (draft->path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
    return set_local_error (EEXIST, draft->path, error);
  if (g_mkdtemp_full (temporary, 0700) == NULL)
    return set_local_error (errno, folder, error);
  draft->dump = g_build_filename (temporary, dump, NULL);
  draft->passport = g_build_filename (temporary, passport, NULL);
  draft->temporary = g_steal_pointer (&temporary);
  return TRUE;
}

/* Not every file system can refuse to overwrite in one go; there it is looked at just before. */
static int
rename_new (const char *from, const char *to)
{
  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
    return 0;
  if (errno != EINVAL && errno != ENOSYS)
    return errno;
  if (g_file_test (to, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
    return EEXIST;
  return g_rename (from, to) == 0 ? 0 : errno;
}

/* @path: a folder, or a file that was written. Returns: an errno */
static int
sync_path (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  int code = fd >= 0 && fsync (fd) == 0 ? 0 : errno;

  if (fd >= 0)
    close (fd);
  return code;
}

/* Not every file system can sync a folder. */
static gboolean
draft_name (Draft *draft, const char *folder, GError **error)
{
  int code = sync_path (draft->dump);

  if (code == 0)
    code = sync_path (draft->passport);
  sync_path (draft->temporary);
  if (code == 0)
    code = rename_new (draft->temporary, draft->path);
  if (code != 0)
    return set_local_error (code, draft->path, error);
  g_clear_pointer (&draft->temporary, g_free);
  sync_path (folder);
  return TRUE;
}

/* A file that is not there yet, for this user alone. */
static GOutputStream *
create (const char *path, GError **error)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  if (fd >= 0)
    return g_unix_output_stream_new (fd, TRUE);
  set_local_error (errno, path, error);
  return NULL;
}

/* The stream's own errors are about this machine. */
static void
reword_local (GError **error, const char *path)
{
  if (error == NULL || *error == NULL)
    return;
  if (g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    {
      g_clear_error (error);
      set_local_error (ENOSPC, path, error);
    }
}

static gboolean
download (StewardStore *store,
          const char *path,
          GOutputStream *output,
          GCancellable *cancellable,
          GError **error)
{
  const char *argv[] = { "cat", path, NULL };
  StewardCommand command = { .argv = argv, .output = output, .deadline_ms = G_MAXUINT };
  g_autofree char *nothing =
      steward_host_call (steward_store_get_host (store), &command, cancellable, error);

  return nothing != NULL && g_output_stream_close (output, cancellable, error);
}

static gboolean
write_dump (StewardStore *store,
            const StewardBackup *backup,
            const Draft *draft,
            StewardProgress *progress,
            GCancellable *cancellable,
            GError **error)
{
  const StewardPassport *passport = backup->passport;
  g_autoptr (GOutputStream) file = create (draft->dump, error);
  g_autoptr (StewardMeter) meter = steward_meter_new (passport->dump_bytes, progress);
  g_autoptr (GError) local_error = NULL;

  if (file == NULL)
    return FALSE;
  g_autoptr (GOutputStream) output = g_converter_output_stream_new (file, G_CONVERTER (meter));
  if (!download (store, backup->dump_path, output, cancellable, &local_error))
    {
      reword_local (&local_error, draft->path);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (steward_meter_get_bytes (meter) == passport->dump_bytes
      && g_str_equal (steward_meter_get_sha256 (meter), passport->dump_sha256))
    return TRUE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
               _ ("What came of the backup %s is not what its passport says, so no copy was made. "
                  "Verify the backup."),
               backup->id);
  return FALSE;
}

static gboolean
write_passport (const StewardPassport *passport, const Draft *draft, GError **error)
{
  g_autofree char *text = steward_passport_print (passport);
  g_autoptr (GOutputStream) file = create (draft->passport, error);

  if (file == NULL)
    return FALSE;
  if (g_output_stream_write_all (file, text, strlen (text), NULL, NULL, error)
      && g_output_stream_close (file, NULL, error))
    return TRUE;
  reword_local (error, draft->path);
  return FALSE;
}

gboolean
steward_saved_copy_write (StewardStore *store,
                          const StewardBackup *backup,
                          const char *folder,
                          StewardProgress *progress,
                          GCancellable *cancellable,
                          GError **error)
{
  g_auto (Draft) draft = { 0 };

  g_return_val_if_fail (backup->state == STEWARD_BACKUP_COMPLETE, FALSE);
  return draft_begin (&draft, folder, backup->id, error)
         && write_dump (store, backup, &draft, progress, cancellable, error)
         && write_passport (backup->passport, &draft, error) && draft_name (&draft, folder, error);
}

void
steward_saved_copy_free (StewardSavedCopy *copy)
{
  g_clear_pointer (&copy->passport, steward_passport_free);
  g_free (copy->dump_path);
  g_free (copy);
}

/* One of the two files cannot be looked at. */
static gboolean
set_unseen (const char *path, GError **error)
{
  int code = errno;

  if (code != ENOENT)
    return set_local_error (code, path, error);
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
               _ ("“%s” is missing: a saved copy is a dump and its passport, both in one folder. "
                  "Nothing was touched."),
               get_name (path));
  return FALSE;
}

static GInputStream *
open_file (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd >= 0)
    return g_unix_input_stream_new (fd, TRUE);
  set_local_error (errno, path, error);
  return NULL;
}

static StewardPassport *
read_passport (const char *path, GError **error)
{
  g_autofree char *text = g_malloc (PASSPORT_LIMIT_BYTES);
  gsize length = 0;
  g_autoptr (GError) local_error = NULL;
  GStatBuf status;

  if (g_stat (path, &status) != 0)
    {
      set_unseen (path, error);
      return NULL;
    }
  if (!S_ISREG (status.st_mode) || status.st_size > PASSPORT_LIMIT_BYTES)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                   _ ("“%s” is no backup’s passport. Nothing was touched."), get_name (path));
      return NULL;
    }
  g_autoptr (GInputStream) file = open_file (path, error);
  if (file == NULL)
    return NULL;
  if (!g_input_stream_read_all (file, text, PASSPORT_LIMIT_BYTES, &length, NULL, &local_error))
    {
      set_unusable (path, local_error->message, error);
      return NULL;
    }
  return steward_passport_parse (text, length, error);
}

static gboolean
check_copy (const StewardSavedCopy *copy, GError **error)
{
  GStatBuf status;

  if (!steward_store_id_is_valid (copy->passport->id))
    g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                         _ ("The passport names no backup. Nothing was touched."));
  else if (copy->passport->damaged_s != 0)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                 _ ("The backup %s is marked as damaged in its passport. Nothing was touched."),
                 copy->passport->id);
  else if (g_stat (copy->dump_path, &status) != 0)
    set_unseen (copy->dump_path, error);
  else if (!S_ISREG (status.st_mode) || (guint64)status.st_size != copy->passport->dump_bytes)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                 _ ("“%s” has not the size that its passport says. Nothing was touched."),
                 get_name (copy->dump_path));
  else
    return TRUE;
  return FALSE;
}

/* The dump in a folder, which is to be the only one. */
static char *
find_dump (const char *folder, GError **error)
{
  DIR *dir = opendir (folder);
  g_autofree char *dump = NULL;
  guint n_dumps = 0;

  if (dir == NULL)
    {
      set_local_error (errno, folder, error);
      return NULL;
    }
  for (const struct dirent *entry = readdir (dir); entry != NULL; entry = readdir (dir))
    if (g_str_has_suffix (entry->d_name, DUMP_SUFFIX) && n_dumps++ == 0)
      dump = g_build_filename (folder, entry->d_name, NULL);
  closedir (dir);
  if (n_dumps == 1)
    return g_steal_pointer (&dump);
  if (n_dumps == 0)
    g_set_error (
        error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
        _ ("There is no dump in “%s”. Choose the folder of one saved copy: it has the name "
           "of the backup."),
        get_name (folder));
  else
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                 _ ("There is more than one dump in “%s”. Move the one that you want, with its "
                    "passport, to a folder of its own, and choose that."),
                 get_name (folder));
  return NULL;
}

/* What the two files' names begin with. */
static char *
dup_stem (const char *path, GError **error)
{
  g_autofree char *dump =
      g_file_test (path, G_FILE_TEST_IS_DIR) ? find_dump (path, error) : g_strdup (path);

  if (dump == NULL)
    return NULL;
  if (g_str_has_suffix (dump, DUMP_SUFFIX) || g_str_has_suffix (dump, PASSPORT_SUFFIX))
    return g_strndup (dump, strlen (dump) - strlen (DUMP_SUFFIX));
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
               _ ("“%s” is neither a dump nor a passport: the name of a saved copy ends in “.dump” "
                  "or “.json”."),
               get_name (dump));
  return NULL;
}

StewardSavedCopy *
steward_saved_copy_open (const char *path, GError **error)
{
  g_autofree char *stem = dup_stem (path, error);
  if (stem == NULL)
    return NULL;
  g_autoptr (StewardSavedCopy) copy = g_new0 (StewardSavedCopy, 1);
  g_autofree char *passport_path = g_strconcat (stem, PASSPORT_SUFFIX, NULL);

  copy->dump_path = g_strconcat (stem, DUMP_SUFFIX, NULL);
  copy->passport = read_passport (passport_path, error);
  if (copy->passport == NULL || !check_copy (copy, error))
    return NULL;
  return g_steal_pointer (&copy);
}

static gboolean
judge_received (const char *word, const StewardSavedCopy *copy, GError **error)
{
  if (g_str_has_prefix (word, "received"))
    return TRUE;
  g_set_error (
      error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
      _ ("“%s” is not what its passport says: it is damaged. Nothing of it was kept on the "
         "server."),
      get_name (copy->dump_path));
  return FALSE;
}

static gboolean
send_dump (StewardStore *store,
           const StewardSavedCopy *copy,
           const StewardFence *fence,
           StewardProgress *progress,
           GCancellable *cancellable,
           GError **error)
{
  const StewardPassport *passport = copy->passport;
  g_autofree char *partial = steward_store_dup_partial_path (store, passport->id);
  g_autofree char *length = g_strdup_printf ("%" G_GUINT64_FORMAT, passport->dump_bytes);
  g_autoptr (GInputStream) bytes = open_file (copy->dump_path, error);
  g_autoptr (StewardMeter) meter = steward_meter_new (passport->dump_bytes, progress);

  if (bytes == NULL)
    return FALSE;
  g_autoptr (GInputStream) input = g_converter_input_stream_new (bytes, G_CONVERTER (meter));
  const char *argv[] = {
    steward_store_script_receive, partial, steward_store_get_file_mode (store), length,
    passport->dump_sha256,        NULL
  };
  StewardStoreScript script = {
    .argv = argv, .stream = input, .fence = fence, .deadline_ms = G_MAXUINT
  };
  g_autofree char *word = steward_store_call (store, &script, cancellable, error);
  if (word != NULL)
    return judge_received (word, copy, error);
  /* The script does so itself unless it was killed. */
  steward_host_remove (steward_store_get_host (store), partial, fence, NULL, NULL);
  return FALSE;
}

static gboolean
check_space (StewardStore *store,
             const StewardSavedCopy *copy,
             GCancellable *cancellable,
             GError **error)
{
  const char *folder = steward_store_get_backups_folder (store);
  StewardDisk disk = { 0 };

  if (!steward_host_get_disk (steward_store_get_host (store), folder, &disk, cancellable, error))
    return FALSE;
  if (disk.free_bytes > copy->passport->dump_bytes)
    return TRUE;
  g_autofree char *needed = g_format_size (copy->passport->dump_bytes);
  g_autofree char *left = g_format_size (disk.free_bytes);
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NO_SPACE,
               _ ("The backup needs %s where “%s” lies, and %s are free. Nothing was touched."),
               needed, folder, left);
  return FALSE;
}

gboolean
steward_saved_copy_upload (StewardStore *store,
                           const StewardSavedCopy *copy,
                           const StewardFence *fence,
                           StewardProgress *progress,
                           GCancellable *cancellable,
                           GError **error)
{
  StewardPassport *passport = copy->passport;

  if (!check_space (store, copy, cancellable, error)
      || !steward_store_get_now (store, &passport->written_s, cancellable, error)
      || !send_dump (store, copy, fence, progress, cancellable, error))
    return FALSE;
  passport->read_back_s = passport->restored_s = 0;
  return steward_backup_complete (store, passport, fence, cancellable, error);
}
