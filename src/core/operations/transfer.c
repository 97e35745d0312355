/* Asks before and tells meanwhile; the bytes are saved-copy.h's. */
#include "core/operations/transfer.h"

#include <glib/gi18n-lib.h>

#include "core/database/cluster.h"

void
steward_import_free (StewardImport *import)
{
  g_clear_pointer (&import->copy, steward_saved_copy_free);
  g_free (import->warning);
  g_free (import);
}

/* Told of as a step of an operation is. */
static StewardProgress *
begin (const StewardClient *client, const char *id, const char *title)
{
  StewardProgress *progress = steward_progress_new (client->event, client->data);

  steward_progress_begin (progress, id, title, 1);
  return progress;
}

static gboolean
end (StewardProgress *progress, GError *failure, GError **error)
{
  steward_progress_end (progress, failure != NULL ? failure->message : NULL);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

gboolean
steward_transfer_export (StewardStore *store,
                         const char *id,
                         const char *folder,
                         const StewardClient *client,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (StewardBackup) backup = steward_backup_find (store, id, cancellable, error);
  if (backup == NULL || !steward_backup_check_restorable (backup, error))
    return FALSE;
  g_autoptr (StewardProgress) progress = begin (client, "export", _ ("Save a copy of the backup"));
  GError *failure = NULL;

  steward_saved_copy_write (store, backup, folder, progress, cancellable, &failure);
  return end (progress, failure, error);
}

typedef enum
{
  THERE_NOT,
  THERE_RIGHT,
  THERE_DAMAGED, /* the same backup, and its dump is to be replaced */
} There;

/* What the host has of the same id. @there: (out) */
static gboolean
look (StewardStore *store,
      const StewardPassport *passport,
      There *there,
      GCancellable *cancellable,
      GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (StewardBackup) backup =
      steward_backup_find (store, passport->id, cancellable, &local_error);

  *there = THERE_NOT;
  if (g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
    return TRUE;
  if (backup == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (backup->passport == NULL
      || !g_str_equal (backup->passport->dump_sha256, passport->dump_sha256))
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                   _ ("There is a backup %s on the server already, and it is not known to be this "
                      "one. Nothing was touched."),
                   backup->id);
      return FALSE;
    }
  *there = backup->state == STEWARD_BACKUP_COMPLETE ? THERE_RIGHT : THERE_DAMAGED;
  return TRUE;
}

/* A complete one may have turned bad unseen: it is read before it is taken for this one. */
static gboolean
look_closely (StewardStore *store,
              const StewardPassport *passport,
              There *there,
              const StewardFence *fence,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (!look (store, passport, there, cancellable, error))
    return FALSE;
  if (*there != THERE_RIGHT)
    return TRUE;
  g_autoptr (StewardBackup) backup = steward_backup_find (store, passport->id, cancellable, error);
  if (backup == NULL)
    return FALSE;
  if (steward_backup_check_hash (store, backup, fence, cancellable, &local_error))
    return TRUE;
  *there = THERE_DAMAGED;
  if (g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_INVALID))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
compare_cluster (StewardImport *import, const StewardCluster *cluster, GError **error)
{
  const StewardPassport *passport = import->copy->passport;
  int major = (int)(passport->postgres_version / 10000);

  if (major > cluster->server_version / 10000)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                   _ ("The backup %s was made by PostgreSQL %d, which is newer than the one that "
                      "runs. Nothing was touched."),
                   passport->id, major);
      return FALSE;
    }
  if (g_strcmp0 (passport->system_identifier, cluster->system_identifier) != 0)
    import->warning = g_strdup_printf (
        _ ("The backup %s was made on another database server: it may be another Parsec server’s. "
           "In a rollback to it, what it holds would take the place of this server’s data."),
        passport->id);
  return TRUE;
}

/* A database that is away is a reason to bring a backup, not one against it. */
static gboolean
check_cluster (StewardImport *import,
               StewardDeployment *deployment,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (StewardConnection) connection =
      steward_deployment_connect (deployment, NULL, NULL, cancellable, &local_error);
  g_autoptr (StewardCluster) cluster =
      connection != NULL ? steward_cluster_read (connection, cancellable, &local_error) : NULL;

  if (cluster != NULL)
    return compare_cluster (import, cluster, error);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  import->warning =
      g_strdup_printf (_ ("Whether the backup was made of this server’s database cannot be found "
                          "out: %s"),
                       local_error->message);
  return TRUE;
}

StewardImport *
steward_import_open (StewardDeployment *deployment,
                     StewardStore *store,
                     const char *path,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (StewardSavedCopy) copy = steward_saved_copy_open (path, error);
  There there = THERE_NOT;

  if (copy == NULL || !look (store, copy->passport, &there, cancellable, error))
    return NULL;
  g_autoptr (StewardImport) import = g_new0 (StewardImport, 1);
  import->copy = g_steal_pointer (&copy);
  return check_cluster (import, deployment, cancellable, error) ? g_steal_pointer (&import) : NULL;
}

gboolean
steward_import_run (StewardStore *store,
                    const StewardImport *import,
                    const StewardClient *client,
                    GCancellable *cancellable,
                    GError **error)
{
  const StewardPassport *passport = import->copy->passport;
  g_autoptr (StewardLock) lock =
      steward_operation_take_lock_between (store, client, "import", cancellable, error);
  There there = THERE_NOT;
  if (lock == NULL
      || !look_closely (store, passport, &there, steward_lock_get_fence (lock), cancellable, error))
    return FALSE;
  g_autoptr (StewardProgress) progress =
      begin (client, "import", _ ("Copy the backup to the server"));
  GError *failure = NULL;

  if (there == THERE_RIGHT)
    steward_progress_note (progress, _ ("The backup is on the server already, and is right."));
  else
    steward_saved_copy_upload (store, import->copy, steward_lock_get_fence (lock), progress,
                               cancellable, &failure);
  return end (progress, failure, error);
}
