/* One look at a deployment, its parts side by side, so that a distant host is waited for once: a
 * part that fails leaves its reason, and the others are looked at all the same. */
#include "core/operations/status.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/parallel.h"
#include "core/database/cluster.h"
#include "core/database/migrations-table.h"
#include "core/deployment/drift.h"
#include "core/engine/image.h"
#include "core/steps/space.h"

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
  g_free (status->shortage);
  g_clear_pointer (&status->unfinished, steward_journal_free);
  steward_lock_state_clear (&status->lock);
  g_free (status->store_problem);
  g_free (status);
}

/* One look. Each part runs beside the others and writes members of its own. */
typedef struct
{
  StewardDeployment *deployment;
  StewardStore *store;
  StewardStatus *status;
  GCancellable *cancellable;
  GPtrArray *containers;       /* owned, nullable: the project's, as they are now */
  StewardContainer *container; /* owned, nullable: the server's */
  StewardSpace backups_space;  /* its path is NULL where it is not known; likewise the next one */
  StewardSpace engine_space;
  GError *containers_error; /* owned, as all below; nullable */
  GError *clock_error;
  GError *backups_error;
  GError *lock_error;
  GError *journals_error;
  GError *database_error;
} Reading;

static void
reading_clear (Reading *reading)
{
  g_clear_pointer (&reading->containers, g_ptr_array_unref);
  g_clear_pointer (&reading->container, steward_container_free);
  steward_space_clear (&reading->backups_space);
  steward_space_clear (&reading->engine_space);
  g_clear_error (&reading->containers_error);
  g_clear_error (&reading->clock_error);
  g_clear_error (&reading->backups_error);
  g_clear_error (&reading->lock_error);
  g_clear_error (&reading->journals_error);
  g_clear_error (&reading->database_error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

static void
read_clock_cb (gpointer data)
{
  Reading *reading = data;

  steward_store_get_now (reading->store, &reading->status->now_s, reading->cancellable,
                         &reading->clock_error);
}

static void
read_engine_cb (gpointer data)
{
  Reading *reading = data;

  reading->status->is_podman =
      steward_engine_is_podman (reading->deployment->engine, reading->cancellable);
}

/* An image that no registry has seen has no digest. */
static void
read_digest_cb (gpointer data)
{
  Reading *reading = data;
  g_autoptr (StewardImage) image =
      steward_engine_inspect_image (reading->deployment->engine, reading->container->image_id,
                                    reading->cancellable, NULL);
  const char *digest =
      image != NULL && image->repo_digests[0] != NULL ? strchr (image->repo_digests[0], '@') : NULL;

  reading->status->running_digest = digest != NULL ? g_strdup (digest + 1) : NULL;
}

static void
read_health_cb (gpointer data)
{
  Reading *reading = data;
  StewardStatus *status = reading->status;
  g_autoptr (GError) error = NULL;

  if (!reading->container->running)
    {
      status->health_problem = g_strdup (_ ("The server does not run."));
      return;
    }
  status->health =
      steward_deployment_ask_server (reading->deployment, reading->container, STEWARD_PROBE_VERSION,
                                     HEALTH_TIMEOUT_MS, reading->cancellable, &error);
  if (status->health == NULL)
    status->health_problem = g_strdup (error->message);
}

static void
read_drift_cb (gpointer data)
{
  Reading *reading = data;
  StewardStatus *status = reading->status;
  g_autoptr (GError) error = NULL;
  GPtrArray *drift = steward_deployment_compare (reading->deployment, reading->container,
                                                 reading->cancellable, &error);

  if (drift == NULL)
    {
      status->drift_problem = g_strdup (error->message);
      return;
    }
  g_ptr_array_unref (status->drift);
  status->drift = drift;
}

static void
tell_server (StewardStatus *status, const StewardContainer *container)
{
  status->container = g_strdup (container->name);
  status->is_running = container->running;
  status->running_image = g_strdup (container->image);
  status->running_image_id = g_strdup (container->image_id);
  status->label_version = g_strdup (steward_container_get_label (container, LABEL_VERSION));
}

static gboolean
look_into_database (Reading *reading, GError **error)
{
  StewardStatus *status = reading->status;
  GCancellable *cancellable = reading->cancellable;
  g_autoptr (GError) local_error = NULL;
  StewardContainer *container =
      steward_deployment_pick_database (reading->deployment, reading->containers, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  steward_deployment_take_database (reading->deployment, container);
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

  const StewardMigrationEntry *newest = steward_migrations_table_get_newest (migrations);
  if (newest != NULL)
    status->last_migration = g_strdup_printf ("%04d_%s", newest->id, newest->name);
  status->postgres_version = steward_connection_get_server_version (connection);
  status->database_bytes = live->size_bytes;
  status->sessions = live->sessions;
  return TRUE;
}

static void
read_database_cb (gpointer data)
{
  Reading *reading = data;

  look_into_database (reading, &reading->database_error);
}

/* What is asked about the containers, once they are known. */
static void
read_containers_cb (gpointer data)
{
  static const StewardParallelFunc all[] = { read_digest_cb, read_drift_cb, read_health_cb,
                                             read_database_cb, NULL };
  static const StewardParallelFunc no_server[] = { read_database_cb, NULL };
  Reading *reading = data;
  StewardDeployment *deployment = reading->deployment;
  g_autoptr (GError) error = NULL;

  if (reading->containers == NULL)
    reading->containers =
        steward_deployment_list_project (deployment->engine, deployment->project,
                                         reading->cancellable, &reading->containers_error);
  if (reading->containers == NULL)
    return;
  reading->container = steward_deployment_pick_server (deployment, reading->containers, &error);
  if (reading->container != NULL)
    tell_server (reading->status, reading->container);
  else
    reading->status->health_problem = g_strdup (error->message);
  steward_parallel_run (reading->container != NULL ? all : no_server, reading);
}

/* Whether an operation stands unfinished is known by now. */
static void
tell_database_problem (Reading *reading)
{
  StewardStatus *status = reading->status;
  const GError *error = reading->database_error;

  if (error == NULL)
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

static void
read_backups_cb (gpointer data)
{
  Reading *reading = data;
  StewardStatus *status = reading->status;
  g_autoptr (GPtrArray) backups =
      steward_backup_list (reading->store, reading->cancellable, &reading->backups_error);

  for (guint i = 0; backups != NULL && i < backups->len && status->last_backup == NULL; i++)
    if (((StewardBackup *)backups->pdata[i])->state == STEWARD_BACKUP_COMPLETE)
      status->last_backup = g_ptr_array_steal_index (backups, i);
}

/* Where it cannot be found out, the upgrade's own check will say so. */
static void
read_space_cb (gpointer data)
{
  Reading *reading = data;

  if (!steward_space_measure (reading->deployment, reading->store, STEWARD_PLACE_BACKUPS,
                              &reading->backups_space, reading->cancellable, NULL))
    steward_space_clear (&reading->backups_space);
  if (!steward_space_measure (reading->deployment, reading->store, STEWARD_PLACE_ENGINE,
                              &reading->engine_space, reading->cancellable, NULL))
    steward_space_clear (&reading->engine_space);
}

static gboolean
tell_shortage_of (StewardStatus *status, const StewardSpace *space, double needed_bytes)
{
  if (space->path == NULL || space->disk.free_bytes >= needed_bytes)
    return FALSE;
  g_autofree char *free_text = g_format_size (space->disk.free_bytes);
  g_autofree char *needed_text = g_format_size ((guint64)needed_bytes);
  status->shortage =
      g_strdup_printf (_ ("The next upgrade will need about %s in “%s”, and %s is free. Delete old "
                          "backups and set-aside databases, or give the disk more room."),
                       needed_text, space->path, free_text);
  return TRUE;
}

/* A backup, and beside it the rehearsal or the copy; on one disk or on two. */
static void
tell_shortage (Reading *reading)
{
  const StewardSpace *backups = &reading->backups_space, *engine = &reading->engine_space;
  StewardStatus *status = reading->status;
  double dump_bytes = STEWARD_SPACE_DUMP_FACTOR * MAX (status->database_bytes, 0);
  double copy_bytes = STEWARD_SPACE_COPY_FACTOR * MAX (status->database_bytes, 0);
  gboolean is_one_disk =
      backups->path != NULL && engine->path != NULL && backups->disk.id == engine->disk.id;

  if (!tell_shortage_of (status, backups, is_one_disk ? dump_bytes + copy_bytes : dump_bytes))
    tell_shortage_of (status, engine, copy_bytes);
}

static void
read_lock_cb (gpointer data)
{
  Reading *reading = data;

  steward_lock_peek (reading->store, &reading->status->lock, reading->cancellable,
                     &reading->lock_error);
}

static void
read_journals_cb (gpointer data)
{
  Reading *reading = data;

  steward_journal_find_unfinished (reading->store, &reading->status->unfinished,
                                   reading->cancellable, &reading->journals_error);
}

static void
tell_store_problem (Reading *reading)
{
  const GError *errors[] = { reading->backups_error, reading->lock_error, reading->journals_error };

  for (gsize i = 0; i < G_N_ELEMENTS (errors) && reading->status->store_problem == NULL; i++)
    if (errors[i] != NULL)
      reading->status->store_problem = g_strdup (errors[i]->message);
}

static StewardStatus *
read_status (Reading *reading, GError **error)
{
  static const StewardParallelFunc parts[] = { read_clock_cb,      read_engine_cb,
                                               read_backups_cb,    read_lock_cb,
                                               read_journals_cb,   read_space_cb,
                                               read_containers_cb, NULL };
  const StewardDeployment *deployment = reading->deployment;
  g_autoptr (StewardStatus) status = reading->status = g_new0 (StewardStatus, 1);

  status->configured_image = steward_image_reference_format (deployment->image);
  status->configured_tag = g_strdup (deployment->image->tag);
  status->database = g_strdup (deployment->database->database);
  status->drift = g_ptr_array_new_with_free_func (g_free);
  steward_parallel_run (parts, reading);

  GError **failure =
      reading->clock_error != NULL ? &reading->clock_error : &reading->containers_error;
  if (*failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (failure));
      return NULL;
    }
  if (g_cancellable_set_error_if_cancelled (reading->cancellable, error))
    return NULL;
  tell_store_problem (reading);
  tell_database_problem (reading);
  tell_shortage (reading);
  return g_steal_pointer (&status);
}

StewardStatus *
steward_status_read (StewardDeployment *deployment,
                     StewardStore *store,
                     GCancellable *cancellable,
                     GError **error)
{
  g_auto (Reading)
      reading = { .deployment = deployment, .store = store, .cancellable = cancellable };

  return read_status (&reading, error);
}

void
steward_look_clear (StewardLook *look)
{
  g_clear_pointer (&look->status, steward_status_free);
  g_clear_pointer (&look->store, steward_store_free);
  g_clear_pointer (&look->deployment, steward_deployment_unref);
}

/* What does not need the resolved model is asked beside it. */
typedef struct
{
  StewardEngine *engine;
  const StewardComposeProject *project;
  const char *service;
  GCancellable *cancellable;
  StewardDeployment *deployment; /* owned, nullable */
  GPtrArray *containers;         /* owned, nullable */
  GError *error;                 /* owned, nullable: of the deployment */
  GError *containers_error;      /* owned, nullable */
} Opening;

static void
open_cb (gpointer data)
{
  Opening *opening = data;

  opening->deployment =
      steward_deployment_open (opening->engine, steward_compose_project_copy (opening->project),
                               opening->service, opening->cancellable, &opening->error);
}

static void
list_cb (gpointer data)
{
  Opening *opening = data;

  opening->containers =
      steward_deployment_list_project (opening->engine, opening->project, opening->cancellable,
                                       &opening->containers_error);
}

gboolean
steward_look (StewardEngine *engine,
              const StewardComposeProject *project,
              const char *service,
              StewardLook *look,
              GCancellable *cancellable,
              GError **error)
{
  static const StewardParallelFunc parts[] = { open_cb, list_cb, NULL };
  Opening opening = { engine, project, service, cancellable };

  steward_parallel_run (parts, &opening);
  g_auto (Reading) reading = { .deployment = opening.deployment,
                               .cancellable = cancellable,
                               .containers = opening.containers,
                               .containers_error = opening.containers_error };
  look->deployment = opening.deployment;
  if (opening.error != NULL)
    {
      g_propagate_error (error, opening.error);
      return FALSE;
    }
  look->store = reading.store = steward_operation_new_store (look->deployment);
  if (reading.containers_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reading.containers_error));
      return FALSE;
    }
  look->status = read_status (&reading, error);
  return look->status != NULL;
}
