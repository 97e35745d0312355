/* Puts a deployment together and finds its parts on the host: server, database, address. What is
 * done with them is the steps'. */
#include "core/deployment/deployment.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/compose/compose-server.h"
#include "core/database/endpoint.h"
#include "core/deployment/reach.h"

#define LABEL_PROJECT "com.docker.compose.project"
#define LABEL_SERVICE "com.docker.compose.service"
#define LABEL_ONEOFF "com.docker.compose.oneoff"

void
steward_found_free (StewardFound *found)
{
  g_clear_pointer (&found->project, steward_compose_project_free);
  g_free (found->running_image);
  g_free (found);
}

static int
compare_found (gconstpointer a, gconstpointer b)
{
  const StewardFound *const *first = a, *const *second = b;

  return strcmp ((*first)->project->name, (*second)->project->name);
}

static gboolean
is_oneoff (const StewardContainer *container)
{
  return g_strcmp0 (steward_container_get_label (container, LABEL_ONEOFF), "True") == 0;
}

static gboolean
is_server_image (const char *text)
{
  g_autoptr (StewardImageReference) image = steward_image_reference_parse (text, NULL);

  return image != NULL && steward_compose_server_is_image (image);
}

/* One entry a project; a running container of the server tells more than a stopped one. */
static void
add_found (GHashTable *by_name, const StewardContainer *container)
{
  StewardComposeProject *project = steward_compose_project_new_from_container (container, NULL);

  if (project == NULL)
    return;
  StewardFound *known = g_hash_table_lookup (by_name, project->name);
  if (known != NULL && (known->is_running || !container->running))
    {
      steward_compose_project_free (project);
      return;
    }
  StewardFound *found = g_new0 (StewardFound, 1);
  found->project = project;
  found->running_image = g_strdup (container->image);
  found->is_running = container->running;
  g_hash_table_replace (by_name, project->name, found);
}

GPtrArray *
steward_deployment_find (StewardEngine *engine, GCancellable *cancellable, GError **error)
{
  const char *const filters[] = { "label=" LABEL_PROJECT, NULL };
  g_autoptr (GPtrArray) containers =
      steward_engine_list_containers (engine, filters, cancellable, error);
  g_autoptr (GHashTable) by_name =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)steward_found_free);

  if (containers == NULL)
    return NULL;
  for (guint i = 0; i < containers->len; i++)
    {
      const StewardContainer *container = containers->pdata[i];
      if (is_server_image (container->image) && !is_oneoff (container))
        add_found (by_name, container);
    }

  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_found_free);
  GHashTableIter iter;
  gpointer found;
  g_hash_table_iter_init (&iter, by_name);
  while (g_hash_table_iter_next (&iter, NULL, &found))
    {
      g_ptr_array_add (all, found);
      g_hash_table_iter_steal (&iter);
    }
  g_ptr_array_sort (all, compare_found);
  return all;
}

static gboolean
resolve (StewardDeployment *self, const char *service, GCancellable *cancellable, GError **error)
{
  self->model_json =
      steward_compose_project_resolve (self->project, self->engine, cancellable, error);
  if (self->model_json == NULL)
    return FALSE;
  self->model =
      steward_compose_model_new_from_json (self->model_json, strlen (self->model_json), error);
  if (self->model == NULL)
    return FALSE;

  g_autoptr (StewardComposeServer) server =
      steward_compose_server_find (self->model, service, error);
  if (server == NULL)
    return FALSE;
  self->service = g_steal_pointer (&server->service);
  self->services = g_steal_pointer (&server->services);
  self->image = g_steal_pointer (&server->image);
  self->database_url = steward_compose_server_dup_database_url (self->model, self->service, error);
  if (self->database_url == NULL)
    return FALSE;
  self->database = steward_database_url_parse (self->database_url, error);
  return self->database != NULL;
}

StewardDeployment *
steward_deployment_open (StewardEngine *engine,
                         StewardComposeProject *project,
                         const char *service,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (StewardDeployment) self = g_new0 (StewardDeployment, 1);
  g_autofree char *beside = g_path_get_dirname (project->files[0]);

  g_atomic_ref_count_init (&self->refs);
  self->engine = steward_engine_ref (engine);
  self->project = project;
  self->folder = g_build_filename (beside, "steward", NULL);
  self->reach = steward_reach_new ();
  return resolve (self, service, cancellable, error) ? g_steal_pointer (&self) : NULL;
}

StewardDeployment *
steward_deployment_ref (StewardDeployment *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
steward_deployment_unref (StewardDeployment *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  steward_compose_project_free (self->project);
  g_clear_pointer (&self->model, steward_compose_model_free);
  g_clear_pointer (&self->image, steward_image_reference_free);
  g_clear_pointer (&self->database, steward_database_url_free);
  steward_reach_free (self->reach);
  steward_engine_unref (self->engine);
  g_strfreev (self->services);
  g_free (self->model_json);
  g_free (self->service);
  g_free (self->folder);
  g_free (self->database_url);
  g_free (self);
}

StewardHost *
steward_deployment_get_host (const StewardDeployment *self)
{
  return steward_engine_get_host (self->engine);
}

GPtrArray *
steward_deployment_list_project (StewardEngine *engine,
                                 const StewardComposeProject *project,
                                 GCancellable *cancellable,
                                 GError **error)
{
  g_autofree char *filter = g_strconcat ("label=" LABEL_PROJECT "=", project->name, NULL);
  const char *const filters[] = { filter, NULL };

  return steward_engine_list_containers (engine, filters, cancellable, error);
}

static GPtrArray *
list_project (const StewardDeployment *self, GCancellable *cancellable, GError **error)
{
  return steward_deployment_list_project (self->engine, self->project, cancellable, error);
}

static gboolean
is_of_service (const StewardContainer *container, const char *service)
{
  return g_strcmp0 (steward_container_get_label (container, LABEL_SERVICE), service) == 0;
}

GPtrArray *
steward_deployment_list_servers (const StewardDeployment *self,
                                 GCancellable *cancellable,
                                 GError **error)
{
  GPtrArray *containers = list_project (self, cancellable, error);

  for (guint i = containers != NULL ? containers->len : 0; i-- > 0;)
    {
      const char *service = steward_container_get_label (containers->pdata[i], LABEL_SERVICE);
      if (service == NULL || !g_strv_contains ((const char *const *)self->services, service))
        g_ptr_array_remove_index (containers, i);
    }
  return containers;
}

StewardContainer *
steward_deployment_pick_server (const StewardDeployment *self,
                                GPtrArray *containers,
                                GError **error)
{
  guint found = G_MAXUINT;

  for (guint i = 0; i < containers->len; i++)
    {
      const StewardContainer *container = containers->pdata[i];
      if (is_of_service (container, self->service) && !is_oneoff (container)
          && (found == G_MAXUINT || container->running))
        found = i;
    }
  if (found == G_MAXUINT)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                   _ ("The service “%s” has no container: the server has not been started."),
                   self->service);
      return NULL;
    }
  return g_ptr_array_steal_index (containers, found);
}

StewardContainer *
steward_deployment_find_server (const StewardDeployment *self,
                                GCancellable *cancellable,
                                GError **error)
{
  g_autoptr (GPtrArray) containers = list_project (self, cancellable, error);

  return containers != NULL ? steward_deployment_pick_server (self, containers, error) : NULL;
}

/* Whether @service answers to the database's host name. */
static gboolean
service_answers_to (const StewardComposeService *service, const char *name)
{
  if (g_strcmp0 (service->name, name) == 0 || g_strcmp0 (service->container_name, name) == 0)
    return TRUE;
  for (guint i = 0; i < service->networks->len; i++)
    {
      const StewardComposeNetwork *network = service->networks->pdata[i];
      if (g_strv_contains ((const char *const *)network->aliases, name))
        return TRUE;
    }
  return FALSE;
}

static const StewardComposeService *
find_database_service (const StewardDeployment *self)
{
  const GPtrArray *services = steward_compose_model_get_services (self->model);

  for (guint i = 0; self->database->host != NULL && i < services->len; i++)
    if (service_answers_to (services->pdata[i], self->database->host))
      return services->pdata[i];
  return NULL;
}

const char *
steward_deployment_get_database_service (const StewardDeployment *self)
{
  const StewardComposeService *service = find_database_service (self);

  if (service != NULL)
    return service->name;
  return self->database->host != NULL ? self->database->host : "localhost";
}

StewardContainer *
steward_deployment_pick_database (const StewardDeployment *self,
                                  GPtrArray *containers,
                                  GError **error)
{
  const StewardComposeService *service = find_database_service (self);

  if (service == NULL)
    return NULL;
  for (guint i = 0; i < containers->len; i++)
    {
      const StewardContainer *container = containers->pdata[i];
      if (is_of_service (container, service->name) && !is_oneoff (container) && container->running)
        return g_ptr_array_steal_index (containers, i);
    }
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
               _ ("The database’s service “%s” is not running. Start it, then try again."),
               service->name);
  return NULL;
}

StewardContainer *
steward_deployment_find_database (const StewardDeployment *self,
                                  GCancellable *cancellable,
                                  GError **error)
{
  if (find_database_service (self) == NULL)
    return NULL;
  g_autoptr (GPtrArray) containers = list_project (self, cancellable, error);

  return containers != NULL ? steward_deployment_pick_database (self, containers, error) : NULL;
}
