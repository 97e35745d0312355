/* One look at a deployment, part by part: a part that fails leaves its reason and the next one is
 * looked at. */
#include "core/operations/status.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/database/cluster.h"
#include "core/database/migrations-table.h"
#include "core/database/sessions.h"
#include "core/deployment/drift.h"
#include "core/engine/image.h"

#define HEALTH_TIMEOUT_MS 3000
#define LABEL_VERSION "org.opencontainers.image.version"

void
steward_status_free (StewardStatus *status)
{
  g_free (status->configured_image);
  g_free (status->configured_tag);
  g_free (status->container);
  g_free (status->running_image);
  g_free (status->running_image_id);
  g_free (status->running_digest);
  g_free (status->label_version);
  g_clear_pointer (&status->health, steward_health_free);
  g_free (status->health_problem);
  g_free (status->database);
  g_free (status->database_problem);
  g_free (status->last_migration);
  g_clear_pointer (&status->drift, g_ptr_array_unref);
  g_free (status->drift_problem);
  g_clear_pointer (&status->last_backup, steward_backup_free);
  g_clear_pointer (&status->unfinished, steward_journal_free);
  steward_lock_state_clear (&status->lock);
  g_free (status->store_problem);
  g_free (status);
}

typedef struct
{
  StewardDeployment *deployment;
  StewardStore *store;
  StewardStatus *status;
  GCancellable *cancellable;
} Reading;

/* An image that no registry has seen has no digest. */
static char *
dup_digest (Reading *reading, const char *image_id)
{
  g_autoptr (StewardImage) image =
      steward_engine_inspect_image (reading->deployment->engine, image_id, reading->cancellable,
                                    NULL);
  const char *digest =
      image != NULL && image->repo_digests[0] != NULL ? strchr (image->repo_digests[0], '@') : NULL;

  return digest != NULL ? g_strdup (digest + 1) : NULL;
}

static void
read_health (Reading *reading, const StewardContainer *container)
{
  StewardStatus *status = reading->status;
  g_autoptr (GError) error = NULL;

  if (!container->running)
    {
      status->health_problem = g_strdup (_ ("The server does not run."));
      return;
    }
  status->health =
      steward_deployment_ask_server (reading->deployment, container, STEWARD_PROBE_VERSION,
                                     HEALTH_TIMEOUT_MS, reading->cancellable, &error);
  if (status->health == NULL)
    status->health_problem = g_strdup (error->message);
}

static void
read_drift (Reading *reading, const StewardContainer *container)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *drift =
      steward_deployment_compare (reading->deployment, container, reading->cancellable, &error);

  if (drift == NULL)
    {
      reading->status->drift_problem = g_strdup (error->message);
      return;
    }
  g_ptr_array_unref (reading->status->drift);
  reading->status->drift = drift;
}

static gboolean
read_server (Reading *reading, GError **error)
{
  StewardStatus *status = reading->status;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (StewardContainer) container =
      steward_deployment_find_server (reading->deployment, reading->cancellable, &local_error);

  if (container == NULL)
    {
      status->health_problem = g_strdup (local_error->message);
      if (g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  status->container = g_strdup (container->name);
  status->is_running = container->running;
  status->running_image = g_strdup (container->image);
  status->running_image_id = g_strdup (container->image_id);
  status->running_digest = dup_digest (reading, container->image_id);
  status->label_version = g_strdup (steward_container_get_label (container, LABEL_VERSION));
  read_health (reading, container);
  read_drift (reading, container);
  return TRUE;
}

static gboolean
look_into_database (Reading *reading, GError **error)
{
  StewardStatus *status = reading->status;
  GCancellable *cancellable = reading->cancellable;
  StewardSessionFilter filter = { .database = status->database };
  g_autoptr (StewardConnection) connection =
      steward_deployment_connect (reading->deployment, status->database, NULL, cancellable, error);
  if (connection == NULL)
    return FALSE;
  g_autoptr (StewardDatabase) live =
      steward_cluster_find_database (connection, status->database, cancellable, error);
  if (live == NULL)
    return FALSE;
  g_autoptr (StewardMigrationsTable) migrations =
      steward_migrations_table_read (connection, cancellable, error);
  if (migrations == NULL)
    return FALSE;
  g_autoptr (GPtrArray) sessions = steward_sessions_list (connection, &filter, cancellable, error);
  if (sessions == NULL)
    return FALSE;

  const StewardMigrationEntry *newest = steward_migrations_table_get_newest (migrations);
  if (newest != NULL)
    status->last_migration = g_strdup_printf ("%04d_%s", newest->id, newest->name);
  status->postgres_version = steward_connection_get_server_version (connection);
  status->database_bytes = live->size_bytes;
  status->sessions = sessions->len;
  return TRUE;
}

static void
read_database (Reading *reading)
{
  StewardStatus *status = reading->status;
  g_autoptr (GError) error = NULL;

  if (look_into_database (reading, &error))
    return;
  if (status->unfinished != NULL && g_error_matches (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
    status->database_problem = g_strdup_printf (
        _ ("No database is called “%s” while the operation %s is unfinished: this keeps everybody "
           "from "
           "writing, and nothing is lost. Unless somebody is at work on it, resume it or walk it "
           "back."),
        status->database, status->unfinished->id);
  else
    status->database_problem = g_strdup (error->message);
}

static gboolean
look_into_store (Reading *reading, GError **error)
{
  StewardStatus *status = reading->status;
  g_autoptr (GPtrArray) backups = steward_backup_list (reading->store, reading->cancellable, error);

  for (guint i = 0; backups != NULL && i < backups->len && status->last_backup == NULL; i++)
    if (((StewardBackup *)backups->pdata[i])->state == STEWARD_BACKUP_COMPLETE)
      status->last_backup = g_ptr_array_steal_index (backups, i);
  return backups != NULL
         && steward_lock_peek (reading->store, &status->lock, reading->cancellable, error)
         && steward_journal_find_unfinished (reading->store, &status->unfinished,
                                             reading->cancellable, error);
}

StewardStatus *
steward_status_read (StewardDeployment *deployment,
                     StewardStore *store,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (StewardStatus) status = g_new0 (StewardStatus, 1);
  g_autoptr (GError) store_error = NULL;
  Reading reading = { deployment, store, status, cancellable };

  status->configured_image = steward_image_reference_format (deployment->image);
  status->configured_tag = g_strdup (deployment->image->tag);
  status->database = g_strdup (deployment->database->database);
  status->drift = g_ptr_array_new_with_free_func (g_free);
  if (!steward_store_get_now (store, &status->now_s, cancellable, error)
      || !read_server (&reading, error))
    return NULL;
  status->is_podman = steward_engine_is_podman (deployment->engine, cancellable);
  if (!look_into_store (&reading, &store_error))
    status->store_problem = g_strdup (store_error->message);
  read_database (&reading);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&status);
}
