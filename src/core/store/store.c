/* Folders, paths, ids and the host's time. */
#include "core/store/store.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <time.h>

#include "core/store/scripts.h"

struct _StewardStore
{
  StewardHost *host;     /* owned */
  char *folder;          /* owned */
  char *backups_folder;  /* owned */
  const char *file_mode; /* octal; set by ensure */

  GMutex mutex;
  gboolean clock_is_known; /* guarded by mutex */
  gint64 clock_offset_us;  /* guarded by mutex: host's time less this machine's boot time */
};

StewardStore *
steward_store_new (StewardHost *host, const char *folder, const char *backups_folder)
{
  StewardStore *store = g_new0 (StewardStore, 1);

  store->host = g_object_ref (host);
  store->folder = g_strdup (folder);
  store->backups_folder = backups_folder != NULL ? g_strdup (backups_folder)
                                                 : g_build_filename (folder, "backups", NULL);
  store->file_mode = "600";
  g_mutex_init (&store->mutex);
  return store;
}

void
steward_store_free (StewardStore *store)
{
  g_object_unref (store->host);
  g_free (store->folder);
  g_free (store->backups_folder);
  g_mutex_clear (&store->mutex);
  g_free (store);
}

gboolean
steward_store_ensure (StewardStore *store, guint mode, GCancellable *cancellable, GError **error)
{
  g_autofree char *octal = g_strdup_printf ("%o", mode);
  const char *argv[] = { steward_store_script_ensure, store->folder, store->backups_folder, octal,
                         NULL };
  StewardStoreScript script = { .argv = argv };
  g_autofree char *output = steward_store_call (store, &script, cancellable, error);

  if (output == NULL)
    return FALSE;
  store->file_mode = (g_ascii_strtoull (output, NULL, 8) & 0020) != 0 ? "660" : "600";
  return TRUE;
}

StewardHost *
steward_store_get_host (StewardStore *store)
{
  return store->host;
}

const char *
steward_store_get_folder (StewardStore *store)
{
  return store->folder;
}

const char *
steward_store_get_backups_folder (StewardStore *store)
{
  return store->backups_folder;
}

const char *
steward_store_get_file_mode (StewardStore *store)
{
  return store->file_mode;
}

/* Goes on while the machine sleeps, and is blind to a clock that is set. */
static gint64
get_boot_time_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

gboolean
steward_store_get_now (StewardStore *store,
                       gint64 *now_s,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->mutex);
  gint64 host_s = 0;

  if (!store->clock_is_known)
    {
      if (!steward_host_get_clock (store->host, &host_s, cancellable, error))
        return FALSE;
      store->clock_offset_us = host_s * G_USEC_PER_SEC - get_boot_time_us ();
      store->clock_is_known = TRUE;
    }
  *now_s = (get_boot_time_us () + store->clock_offset_us) / G_USEC_PER_SEC;
  return TRUE;
}

char *
steward_store_make_id (StewardStore *store, GCancellable *cancellable, GError **error)
{
  gint64 now_s = 0;

  if (!steward_store_get_now (store, &now_s, cancellable, error))
    return NULL;
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (now_s);
  g_autofree char *time = now != NULL ? g_date_time_format (now, "%Y%m%dt%H%M%S") : NULL;
  g_autofree char *id =
      g_strdup_printf ("%s_%04x", time != NULL ? time : "", g_random_int () >> 16);
  if (!steward_store_id_is_valid (id))
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                           _ ("The host’s clock is not set. Set it, then try again. Nothing was "
                              "changed."));
      return NULL;
    }
  return g_steal_pointer (&id);
}

gboolean
steward_store_id_is_valid (const char *id)
{
  static const char pattern[] = "ddddddddtdddddd_xxxx";

  if (id == NULL || strlen (id) != strlen (pattern))
    return FALSE;
  for (gsize i = 0; pattern[i] != '\0'; i++)
    {
      gboolean fits = id[i] == pattern[i];
      if (pattern[i] == 'd')
        fits = g_ascii_isdigit (id[i]);
      else if (pattern[i] == 'x')
        fits = g_ascii_isxdigit (id[i]) && !g_ascii_isupper (id[i]);
      if (!fits)
        return FALSE;
    }
  return TRUE;
}

static char *
dup_path (const char *folder, const char *id, const char *suffix)
{
  g_return_val_if_fail (steward_store_id_is_valid (id), NULL);
  return g_strconcat (folder, "/", id, suffix, NULL);
}

char *
steward_store_dup_dump_path (StewardStore *store, const char *id)
{
  return dup_path (store->backups_folder, id, ".dump");
}

char *
steward_store_dup_partial_path (StewardStore *store, const char *id)
{
  return dup_path (store->backups_folder, id, ".dump.partial");
}

char *
steward_store_dup_passport_path (StewardStore *store, const char *id)
{
  return dup_path (store->backups_folder, id, ".json");
}

char *
steward_store_dup_journal_path (StewardStore *store, const char *id)
{
  g_autofree char *folder = g_strconcat (store->folder, "/journal", NULL);

  return dup_path (folder, id, ".jsonl");
}

char *
steward_store_dup_log_path (StewardStore *store, const char *id, const char *name)
{
  g_autofree char *folder = g_strconcat (store->folder, "/logs", NULL);
  g_autofree char *suffix = g_strconcat ("-", name, ".log", NULL);

  g_return_val_if_fail (strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_")
                            == strlen (name),
                        NULL);
  return dup_path (folder, id, suffix);
}

/* Two edited files may have the same name in different folders. */
char *
steward_store_dup_original_path (StewardStore *store, const char *id, const char *path)
{
  g_autofree char *folder = g_strconcat (store->folder, "/journal", NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);
  g_autofree char *suffix = g_strdup_printf (".%.16s.original", hash);

  return dup_path (folder, id, suffix);
}

gboolean
steward_store_save_original (StewardStore *store,
                             const char *id,
                             const char *path,
                             const StewardFence *fence,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autofree char *copy = steward_store_dup_original_path (store, id, path);
  const char *argv[] = { steward_store_script_save, path, copy, NULL };
  StewardStoreScript script = { .argv = argv, .fence = fence };

  g_return_val_if_fail (g_path_is_absolute (path), FALSE);
  g_autofree char *output = steward_store_call (store, &script, cancellable, error);
  if (output == NULL)
    return FALSE;
  if (g_str_has_prefix (output, "saved"))
    return TRUE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
               _ ("“%s” does not exist. Nothing was changed."), path);
  return FALSE;
}

GBytes *
steward_store_read_original (StewardStore *store,
                             const char *id,
                             const char *path,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autofree char *copy = steward_store_dup_original_path (store, id, path);

  return steward_host_read_file (store->host, copy, cancellable, error);
}
