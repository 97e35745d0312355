/* Reading the deployment's files for the edit. */
#include "core/steps/files.h"

GStrv
steward_files_list (const StewardDeployment *deployment, GCancellable *cancellable, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const StewardComposeProject *project = deployment->project;

  g_strv_builder_addv (builder, (const char **)project->files);
  g_strv_builder_addv (builder, (const char **)project->env_files);
  if (project->env_files[0] != NULL)
    return g_strv_builder_end (builder);

  /* Compose finds this one by itself. */
  g_autofree char *path = g_build_filename (project->directory, ".env", NULL);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (StewardFile) file =
      steward_host_stat (steward_deployment_get_host (deployment), path, cancellable, &local_error);
  if (file != NULL)
    g_strv_builder_add (builder, path);
  else if (!g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return g_strv_builder_end (builder);
}

static gboolean
read_all (const StewardDeployment *deployment,
          GStrv paths,
          GArray *files,
          GCancellable *cancellable,
          GError **error)
{
  for (gsize i = 0; paths[i] != NULL; i++)
    {
      StewardComposeFile file = {
        .path = paths[i],
        .kind = i < g_strv_length (deployment->project->files) ? STEWARD_COMPOSE_FILE_YAML
                                                               : STEWARD_COMPOSE_FILE_ENV,
      };
      file.content = steward_host_read_file (steward_deployment_get_host (deployment), paths[i],
                                             cancellable, error);
      if (file.content == NULL)
        return FALSE;
      g_array_append_val (files, file);
    }
  return TRUE;
}

static void
clear_file (gpointer data)
{
  g_clear_pointer (&((StewardComposeFile *)data)->content, g_bytes_unref);
}

GPtrArray *
steward_files_plan_edit (const StewardDeployment *deployment,
                         const char *old_tag,
                         const char *new_tag,
                         GCancellable *cancellable,
                         GError **error)
{
  g_auto (GStrv) paths = steward_files_list (deployment, cancellable, error);
  g_autoptr (GArray) files = g_array_new (FALSE, FALSE, sizeof (StewardComposeFile));

  g_array_set_clear_func (files, clear_file);
  if (paths == NULL || !read_all (deployment, paths, files, cancellable, error))
    return NULL;
  StewardComposeEditRequest request = {
    .files = (const StewardComposeFile *)files->data,
    .n_files = files->len,
    .services = (const char *const *)deployment->services,
    .old_tag = old_tag,
    .new_tag = new_tag,
  };
  return steward_compose_edit_plan (&request, error);
}
