/* Measures the places. */
#include "core/steps/space.h"

#include <glib/gi18n-lib.h>

/* Source: https://hub.docker.com/_/postgres, "PGDATA" */
#define DEFAULT_DATA "/var/lib/postgresql/data"

void
steward_space_clear (StewardSpace *space)
{
  g_clear_pointer (&space->path, g_free);
}

/* The folder that is there, whether or not the store was made already. */
static char *
dup_backups (const StewardDeployment *deployment, StewardStore *store, GCancellable *cancellable)
{
  g_autoptr (StewardFile) file =
      steward_host_stat (steward_deployment_get_host (deployment),
                         steward_store_get_backups_folder (store), cancellable, NULL);

  return file != NULL ? g_strdup (file->path) : g_path_get_dirname (deployment->project->files[0]);
}

static gboolean
measure_database (const StewardDeployment *deployment,
                  StewardSpace *space,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (StewardContainer) container =
      steward_deployment_find_database (deployment, cancellable, &local_error);
  if (container == NULL)
    {
      if (local_error == NULL)
        g_set_error_literal (&local_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                             _ ("The database has no container on this host."));
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  const char *data = steward_container_get_environment (container, "PGDATA");
  space->path = g_strdup (data != NULL ? data : DEFAULT_DATA);
  const char *argv[] = { "stat", "-f", "-c", "%a %S %i", space->path, NULL };
  g_autofree char *output =
      steward_engine_exec (deployment->engine, container->id, argv, NULL, cancellable, error);

  if (output == NULL)
    return FALSE;
  if (steward_disk_parse (output, &space->disk))
    return TRUE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
               _ ("How much room there is for “%s” could not be found out."), space->path);
  return FALSE;
}

gboolean
steward_space_measure (const StewardDeployment *deployment,
                       StewardStore *store,
                       StewardPlace place,
                       StewardSpace *space,
                       GCancellable *cancellable,
                       GError **error)
{
  if (place == STEWARD_PLACE_DATABASE)
    return measure_database (deployment, space, cancellable, error);
  space->path = place == STEWARD_PLACE_BACKUPS
                    ? dup_backups (deployment, store, cancellable)
                    : steward_engine_dup_folder (deployment->engine, cancellable, error);
  return space->path != NULL
         && steward_host_get_disk (steward_deployment_get_host (deployment), space->path,
                                   &space->disk, cancellable, error);
}
