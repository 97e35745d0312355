/* Deletes backups, set-aside databases and orphans for good: outside an operation, under the lock
 * all the same. */
#include <glib/gi18n-lib.h>

#include "core/database/copy.h"
#include "core/engine/job.h"
#include "core/operations/orphans.h"

typedef struct
{
  StewardDeployment *deployment;
  StewardStore *store;
  StewardLock *lock;
  GCancellable *cancellable;
} Cleaning;

static gboolean
delete_backup (Cleaning *cleaning, const char *id, GError **error)
{
  g_autoptr (StewardBackup) backup =
      steward_backup_find (cleaning->store, id, cleaning->cancellable, error);

  return backup != NULL
         && steward_backup_delete (cleaning->store, backup->id,
                                   steward_lock_get_fence (cleaning->lock), cleaning->cancellable,
                                   error);
}

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list values;

  va_start (values, format);
  g_propagate_error (error,
                     g_error_new_valist (STEWARD_ERROR, STEWARD_ERROR_REFUSED, format, values));
  va_end (values);
  return FALSE;
}

/* Another deployment in the same cluster may have set a database aside just now: what no journal
 * here tells of is left alone. */
static gboolean
check_ours (Cleaning *cleaning, const StewardDatabase *database, GError **error)
{
  g_autoptr (StewardAside) aside = steward_aside_new (database);
  g_autoptr (StewardJournal) journal =
      aside != NULL && aside->operation != NULL
          ? steward_journal_load (cleaning->store, aside->operation, cleaning->cancellable, NULL)
          : NULL;

  if (!steward_database_is_marked (database))
    return refuse (error, _ ("“%s” is none of Steward’s databases. Nothing was touched."),
                   database->name);
  if (journal == NULL)
    return refuse (error,
                   _ ("No journal of this deployment tells of the database “%s”, so it is left "
                      "alone. Nothing was touched; if you know that nobody needs it, drop it by "
                      "hand."),
                   database->name);
  return TRUE;
}

static StewardDatabase *
find_database (Cleaning *cleaning, StewardConnection *connection, const char *name, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  StewardDatabase *database =
      steward_cluster_find_database (connection, name, cleaning->cancellable, &local_error);

  if (g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                 _ ("There is neither a backup nor a set-aside database “%s” on this server."),
                 name);
  else if (database == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return database;
}

static gboolean
delete_database (Cleaning *cleaning, const char *name, GError **error)
{
  if (g_str_equal (name, cleaning->deployment->database->database))
    return refuse (error, _ ("“%s” is the live database. Nothing was touched."), name);
  g_autoptr (StewardConnection) connection =
      steward_deployment_connect (cleaning->deployment, NULL, cleaning->lock, cleaning->cancellable,
                                  error);
  g_autoptr (StewardDatabase) database =
      connection != NULL ? find_database (cleaning, connection, name, error) : NULL;
  return database != NULL && check_ours (cleaning, database, error)
         && steward_copy_drop (connection, database, cleaning->cancellable, error);
}

/* Looked for anew, so that nothing else is ever removed. */
static gboolean
delete_orphan (Cleaning *cleaning, const char *name, GError **error)
{
  const StewardFence *fence = steward_lock_get_fence (cleaning->lock);
  g_autoptr (GPtrArray) orphans =
      steward_orphans_find (cleaning->deployment, cleaning->store, cleaning->cancellable, error);

  for (guint i = 0; orphans != NULL && i < orphans->len; i++)
    {
      const StewardOrphan *orphan = orphans->pdata[i];
      if (!g_str_equal (orphan->name, name))
        continue;
      if (orphan->kind == STEWARD_ORPHAN_CONTAINER)
        return steward_job_remove (cleaning->deployment->engine, name, fence, cleaning->cancellable,
                                   error);
      return steward_host_remove (steward_store_get_host (cleaning->store), name, fence,
                                  cleaning->cancellable, error);
    }
  if (orphans != NULL)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                 _ ("“%s” is nothing that was left over on this server. Nothing was touched."),
                 name);
  return FALSE;
}

/* No database of Steward's has such a name. */
static gboolean
names_orphan (const char *id)
{
  return g_path_is_absolute (id) || g_str_has_prefix (id, "steward-");
}

gboolean
steward_catalog_delete (StewardDeployment *deployment,
                        StewardStore *store,
                        const char *id,
                        const StewardClient *client,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (StewardLock) lock =
      steward_operation_take_lock_between (store, client, "delete", cancellable, error);
  Cleaning cleaning = { deployment, store, lock, cancellable };

  if (lock == NULL)
    return FALSE;
  if (names_orphan (id))
    return delete_orphan (&cleaning, id, error);
  return steward_store_id_is_valid (id) ? delete_backup (&cleaning, id, error)
                                        : delete_database (&cleaning, id, error);
}
