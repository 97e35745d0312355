/* What changes something outside an operation, under the lock all the same: reading a backup back,
 * and deleting a backup or a set-aside database for good. */
#include <glib/gi18n-lib.h>

#include "core/database/copy.h"
#include "core/operations/catalog.h"
#include "core/steps/verify.h"

typedef struct
{
  StewardDeployment *deployment;
  StewardStore *store;
  StewardLock *lock;
  GCancellable *cancellable;
} Cleaning;

/* Looked at before anything is made on the server; and once more under the lock. */
static StewardLock *
take_lock (StewardStore *store,
           const StewardClient *client,
           const char *name,
           GCancellable *cancellable,
           GError **error)
{
  if (!steward_operation_check_finished (store, cancellable, error))
    return NULL;
  g_autoptr (StewardLock) lock =
      steward_operation_take_lock (store, client, NULL, name, cancellable, error);
  if (lock == NULL || !steward_operation_check_finished (store, cancellable, error))
    return NULL;
  return g_steal_pointer (&lock);
}

/* The job is named after the backup, so that whoever verifies it next finds what was left
 * behind. */
gboolean
steward_catalog_verify (StewardDeployment *deployment,
                        StewardStore *store,
                        const char *id,
                        const StewardClient *client,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (StewardBackup) backup = steward_backup_find (store, id, cancellable, error);
  g_autoptr (StewardLock) lock =
      backup != NULL ? take_lock (store, client, "verify", cancellable, error) : NULL;
  if (lock == NULL)
    return FALSE;
  const StewardStep *step = &steward_step_verify;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (StewardProgress) progress = steward_progress_new (client->event, client->data);
  g_autoptr (StewardPlan) plan = steward_plan_new (STEWARD_OPERATION_BACKUP, backup->id);
  StewardStepContext context = {
    .deployment = deployment,
    .store = store,
    .lock = lock,
    .plan = plan,
    .progress = progress,
    .cancellable = cancellable,
  };

  plan->backup_id = g_strdup (backup->id);
  plan->live_name = g_strdup (deployment->database->database);
  steward_progress_set_total (progress, step->weight);
  steward_progress_begin (progress, step->id, _ (step->title), step->weight);
  gboolean is_good = steward_verify_backup (&context, &local_error);
  steward_progress_end (progress, is_good ? NULL : local_error->message);
  if (!is_good)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return is_good;
}

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

gboolean
steward_catalog_delete (StewardDeployment *deployment,
                        StewardStore *store,
                        const char *id,
                        const StewardClient *client,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (StewardLock) lock = take_lock (store, client, "delete", cancellable, error);
  Cleaning cleaning = { deployment, store, lock, cancellable };

  if (lock == NULL)
    return FALSE;
  return steward_store_id_is_valid (id) ? delete_backup (&cleaning, id, error)
                                        : delete_database (&cleaning, id, error);
}
