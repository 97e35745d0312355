/* Asks the core. See the header. */
#include "app/finding.h"

void
steward_finding_free (StewardFinding *finding)
{
  g_ptr_array_unref (finding->projects);
  g_clear_error (&finding->problem);
  g_free (finding);
}

static gboolean
is_known (const GPtrArray *projects, const char *file)
{
  for (guint i = 0; i < projects->len; i++)
    {
      const StewardComposeProject *project = projects->pdata[i];
      if (g_strv_contains ((const char *const *)project->files, file))
        return TRUE;
    }
  return FALSE;
}

/* What is said of a file that cannot be read now. */
static StewardComposeProject *
project_new_unread (const char *file)
{
  StewardComposeProject *project = g_new0 (StewardComposeProject, 1);

  project->directory = g_path_get_dirname (file);
  project->name = g_path_get_basename (project->directory);
  project->files = g_strdupv ((char *[]){ (char *)file, NULL });
  project->env_files = g_new0 (char *, 1);
  return project;
}

/* A host that is away is not waited for once more for each file. */
static StewardComposeProject *
open_added (StewardEngine *engine, const char *file, GCancellable *cancellable)
{
  StewardComposeProject *project =
      steward_host_is_connected (steward_engine_get_host (engine))
          ? steward_compose_project_new_from_file (engine, file, cancellable, NULL)
          : NULL;

  return project != NULL ? project : project_new_unread (file);
}

static gboolean
find (StewardFinding *finding, StewardEngine *engine, GCancellable *cancellable, GError **error)
{
  g_auto (StewardEngineVersions) versions = { 0 };

  if (!steward_host_connect (steward_engine_get_host (engine), cancellable, error)
      || !steward_engine_check (engine, &versions, cancellable, error))
    return FALSE;
  g_autoptr (GPtrArray) found = steward_deployment_find (engine, cancellable, error);
  for (guint i = 0; found != NULL && i < found->len; i++)
    g_ptr_array_add (finding->projects,
                     g_steal_pointer (&((StewardFound *)found->pdata[i])->project));
  return found != NULL;
}

StewardFinding *
steward_finding_new (StewardEngine *engine,
                     const char *const *files,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (StewardFinding) finding = g_new0 (StewardFinding, 1);

  finding->projects = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_compose_project_free);
  find (finding, engine, cancellable, &finding->problem);
  for (gsize i = 0; files[i] != NULL; i++)
    if (!is_known (finding->projects, files[i]))
      g_ptr_array_add (finding->projects, open_added (engine, files[i], cancellable));
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&finding);
}

StewardComposeProject *
steward_finding_open (StewardEngine *engine,
                      const char *file,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (StewardComposeProject) project =
      steward_compose_project_new_from_file (engine, file, cancellable, error);
  if (project == NULL)
    return NULL;
  g_autoptr (StewardDeployment) deployment =
      steward_deployment_open (engine, steward_compose_project_copy (project), NULL, cancellable,
                               error);

  return deployment != NULL ? g_steal_pointer (&project) : NULL;
}
