/* Listing, completing, checking and deleting backups. */
#include "core/store/backup.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/store/scripts.h"

#define MAX_BACKUPS 1000
#define PASSPORT_LIMIT_BYTES (1024 * 1024)

void
steward_backup_free (StewardBackup *backup)
{
  g_free (backup->id);
  g_clear_pointer (&backup->passport, steward_passport_free);
  g_free (backup->dump_path);
  g_free (backup->problem);
  g_free (backup);
}

/* The id of a file with this ending, or NULL. (transfer full) */
static char *
dup_id (const char *path, const char *ending)
{
  g_autofree char *name = g_path_get_basename (path);

  if (!g_str_has_suffix (name, ending))
    return NULL;
  name[strlen (name) - strlen (ending)] = '\0';
  return steward_store_id_is_valid (name) ? g_steal_pointer (&name) : NULL;
}

static StewardBackup *
ensure_backup (GHashTable *backups, const char *id)
{
  StewardBackup *backup = g_hash_table_lookup (backups, id);

  if (backup == NULL)
    {
      backup = g_new0 (StewardBackup, 1);
      backup->id = g_strdup (id);
      backup->state = STEWARD_BACKUP_PARTIAL;
      g_hash_table_insert (backups, backup->id, backup);
    }
  return backup;
}

/* A dump counts before a partial one of the same id. */
static void
add_file (GHashTable *backups, const StewardFile *file)
{
  g_autofree char *dump_id = dup_id (file->path, ".dump");
  g_autofree char *partial_id = dup_id (file->path, ".dump.partial");
  const char *id = dump_id != NULL ? dump_id : partial_id;

  if (id == NULL || file->is_folder)
    return;

  StewardBackup *backup = ensure_backup (backups, id);
  backup->modified_s = MAX (backup->modified_s, file->modified_s);
  if (dump_id == NULL && backup->dump_path != NULL)
    return;
  g_free (backup->dump_path);
  backup->dump_path = g_strdup (file->path);
  backup->size_bytes = file->size_bytes;
}

static void
set_problem (StewardBackup *backup, const char *problem)
{
  backup->state = STEWARD_BACKUP_DAMAGED;
  g_free (backup->problem);
  backup->problem = g_strdup (problem);
}

/* What a passport and a dump beside it make of each other. Returns: (nullable): a sentence */
static const char *
find_mismatch (const StewardBackup *backup)
{
  const StewardPassport *passport = backup->passport;

  if (strcmp (passport->id, backup->id) != 0)
    return _ ("The passport belongs to another backup.");
  if (backup->dump_path == NULL || !g_str_has_suffix (backup->dump_path, ".dump"))
    return _ ("The dump is missing.");
  if (backup->size_bytes != passport->dump_bytes)
    return _ ("The dump has not the size that was written.");
  return NULL;
}

/* A word of a newer Steward is some damage all the same. */
static const char *
get_damage_sentence (const StewardPassport *passport)
{
  if (g_strcmp0 (passport->damage, STEWARD_DAMAGE_ROWS) == 0)
    return _ ("Restored for a trial, it had other rows than its passport says.");
  if (g_strcmp0 (passport->damage, STEWARD_DAMAGE_UNREADABLE) == 0)
    return _ ("The database’s tools do not understand the dump.");
  return _ ("The dump is no longer what was written.");
}

static void
judge (StewardBackup *backup)
{
  const char *mismatch = find_mismatch (backup);

  backup->state = STEWARD_BACKUP_COMPLETE;
  if (mismatch != NULL)
    set_problem (backup, mismatch);
  else if (backup->passport->damaged_s != 0)
    set_problem (backup, get_damage_sentence (backup->passport));
}

gboolean
steward_backup_is_examinable (const StewardBackup *backup)
{
  return backup->passport != NULL && find_mismatch (backup) == NULL
         && (backup->state == STEWARD_BACKUP_COMPLETE || backup->passport->damaged_s != 0);
}

gboolean
steward_backup_check_restorable (const StewardBackup *backup, GError **error)
{
  if (backup->state == STEWARD_BACKUP_COMPLETE)
    return TRUE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
               _ ("The backup %s cannot be restored: %s Nothing was touched."), backup->id,
               backup->problem != NULL ? backup->problem : _ ("It has no passport yet."));
  return FALSE;
}

static void
add_passport (GHashTable *backups, const StewardStoreFile *file)
{
  StewardBackup *backup = ensure_backup (backups, file->id);
  g_autoptr (GError) error = NULL;

  backup->passport = steward_passport_parse (g_bytes_get_data (file->content, NULL),
                                             g_bytes_get_size (file->content), &error);
  if (backup->passport != NULL)
    judge (backup);
  else
    set_problem (backup, error->message);
}

static int
compare_newest_first (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(StewardBackup *const *)b)->id, (*(StewardBackup *const *)a)->id);
}

GPtrArray *
steward_backup_list (StewardStore *store, GCancellable *cancellable, GError **error)
{
  const char *folder = steward_store_get_backups_folder (store);
  StewardStoreFiles wanted = { folder, ".json", MAX_BACKUPS, PASSPORT_LIMIT_BYTES };
  g_autoptr (GHashTable) found = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) files =
      steward_host_list (steward_store_get_host (store), folder, cancellable, error);
  g_autoptr (GPtrArray) passports =
      files != NULL ? steward_store_read_many (store, &wanted, cancellable, error) : NULL;

  if (passports == NULL)
    return NULL;
  for (guint i = 0; i < files->len; i++)
    add_file (found, g_ptr_array_index (files, i));
  for (guint i = 0; i < passports->len; i++)
    add_passport (found, g_ptr_array_index (passports, i));

  GPtrArray *backups = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_backup_free);
  GHashTableIter iter;
  gpointer backup = NULL;
  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, NULL, &backup))
    g_ptr_array_add (backups, backup);
  g_ptr_array_sort (backups, compare_newest_first);
  return backups;
}

StewardBackup *
steward_backup_find (StewardStore *store, const char *id, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) backups = steward_backup_list (store, cancellable, error);

  if (backups == NULL)
    return NULL;
  for (guint i = 0; i < backups->len; i++)
    if (strcmp (((StewardBackup *)g_ptr_array_index (backups, i))->id, id) == 0)
      return g_ptr_array_steal_index (backups, i);
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
               _ ("There is no backup “%s” on this server."), id);
  return NULL;
}

gboolean
steward_backup_write_passport (StewardStore *store,
                               const StewardPassport *passport,
                               const StewardFence *fence,
                               GCancellable *cancellable,
                               GError **error)
{
  g_autofree char *path = steward_store_dup_passport_path (store, passport->id);
  g_autofree char *text = steward_passport_print (passport);

  g_return_val_if_fail (path != NULL, FALSE);
  return steward_store_write (store, path, text, fence, cancellable, error);
}

/* @is_right: (out): whether the dump is, byte for byte, what the passport says */
static gboolean
compare_hash (StewardStore *store,
              const StewardPassport *passport,
              gboolean *is_right,
              GCancellable *cancellable,
              GError **error)
{
  g_autofree char *path = steward_store_dup_dump_path (store, passport->id);
  g_autofree char *wanted =
      g_strdup_printf ("%" G_GUINT64_FORMAT " %s", passport->dump_bytes, passport->dump_sha256);
  const char *argv[] = { steward_store_script_hash, path, NULL };
  StewardStoreScript script = { .argv = argv, .deadline_ms = G_MAXUINT };
  g_autofree char *output = steward_store_call (store, &script, cancellable, error);

  if (output == NULL)
    return FALSE;
  *is_right = strcmp (g_strchomp (output), wanted) == 0;
  return TRUE;
}

gboolean
steward_backup_check_hash (StewardStore *store,
                           StewardBackup *backup,
                           const StewardFence *fence,
                           GCancellable *cancellable,
                           GError **error)
{
  gboolean is_right = FALSE;
  gint64 now_s = 0;

  g_return_val_if_fail (backup->state == STEWARD_BACKUP_COMPLETE, FALSE);
  if (!steward_store_get_now (store, &now_s, cancellable, error)
      || !compare_hash (store, backup->passport, &is_right, cancellable, error))
    return FALSE;

  if (is_right)
    steward_passport_set_proof (backup->passport, STEWARD_PROOF_READ_BACK, now_s);
  else
    steward_passport_set_damage (backup->passport, STEWARD_DAMAGE_HASH, now_s);
  judge (backup);
  if (!steward_backup_write_passport (store, backup->passport, fence, cancellable, error))
    return FALSE;
  if (!is_right)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                 _ ("The backup %s is damaged: its dump is no longer what was written. It is "
                    "marked and will not be restored; the server was not touched. Make a new "
                    "backup."),
                 backup->id);
  return is_right;
}

/* Syncs the dump and gives it its name. */
static gboolean
name_dump (StewardStore *store,
           const StewardPassport *passport,
           const StewardFence *fence,
           GCancellable *cancellable,
           GError **error)
{
  g_autofree char *dump = steward_store_dup_dump_path (store, passport->id);
  g_autofree char *partial = steward_store_dup_partial_path (store, passport->id);
  g_autofree char *size = g_strdup_printf ("%" G_GUINT64_FORMAT, passport->dump_bytes);
  const char *argv[] = { steward_store_script_name, dump, partial, size, NULL };
  StewardStoreScript script = { .argv = argv, .fence = fence, .deadline_ms = G_MAXUINT };
  g_autofree char *word = steward_store_call (store, &script, cancellable, error);

  if (word == NULL)
    return FALSE;
  if (g_str_has_prefix (word, "named"))
    return TRUE;
  if (g_str_has_prefix (word, "size"))
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_CHANGED,
                 _ ("The dump “%s” is not as long as it was when it was written. It was not made a "
                    "backup."),
                 partial);
  else
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND, _ ("The dump “%s” does not exist."),
                 partial);
  return FALSE;
}

gboolean
steward_backup_complete (StewardStore *store,
                         const StewardPassport *passport,
                         const StewardFence *fence,
                         GCancellable *cancellable,
                         GError **error)
{
  g_return_val_if_fail (steward_store_id_is_valid (passport->id), FALSE);
  return name_dump (store, passport, fence, cancellable, error)
         && steward_backup_write_passport (store, passport, fence, cancellable, error);
}

gboolean
steward_backup_delete (StewardStore *store,
                       const char *id,
                       const StewardFence *fence,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autofree char *passport = steward_store_dup_passport_path (store, id);
  g_autofree char *dump = steward_store_dup_dump_path (store, id);
  g_autofree char *partial = steward_store_dup_partial_path (store, id);
  const char *argv[] = { steward_store_script_delete,
                         passport,
                         steward_store_get_backups_folder (store),
                         dump,
                         partial,
                         NULL };
  StewardStoreScript script = { .argv = argv, .fence = fence, .deadline_ms = G_MAXUINT };

  g_return_val_if_fail (passport != NULL, FALSE);
  g_autofree char *output = steward_store_call (store, &script, cancellable, error);
  return output != NULL;
}
