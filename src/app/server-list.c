/* Keeps the list in step with what a look finds: servers that stay keep their objects, and so their
 * operations. */
#include "app/server-list.h"

#include <string.h>

#include "core/host/local-host.h"
#include "core/operations/worker.h"

#define KEY_COMPOSE_FILES "compose-files"
#define KEY_HIDDEN "hidden"
#define KEY_PRERELEASES "show-prereleases"

struct _StewardServerList
{
  GObject parent_instance;

  GSettings *settings;       /* owned */
  StewardEngine *engine;     /* owned */
  StewardWorker *worker;     /* owned; finds, and opens what is added */
  GCancellable *cancellable; /* owned */
  GPtrArray *servers;        /* owned, of StewardServer */
  StewardHostState state;
  char *problem; /* owned, nullable */
  gboolean is_looking;
};

enum
{
  PROP_0,
  PROP_HOST_STATE,
  PROP_PROBLEM,
  PROP_IS_LOOKING,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static GType
get_item_type (GListModel *model)
{
  return STEWARD_TYPE_SERVER;
}

static guint
get_n_items (GListModel *model)
{
  return STEWARD_SERVER_LIST (model)->servers->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  StewardServerList *self = STEWARD_SERVER_LIST (model);

  return position < self->servers->len ? g_object_ref (self->servers->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (StewardServerList,
                               steward_server_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* What a look finds. */
typedef struct
{
  GPtrArray *projects; /* owned, of StewardComposeProject */
  GError *problem;     /* owned, nullable */
} Finding;

/* What the worker is given. */
typedef struct
{
  StewardEngine *engine; /* owned */
  GStrv files;           /* owned: added by hand */
} Job;

static void
finding_free (Finding *finding)
{
  g_ptr_array_unref (finding->projects);
  g_clear_error (&finding->problem);
  g_free (finding);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Finding, finding_free)

static void
job_free (gpointer data)
{
  Job *job = data;

  steward_engine_unref (job->engine);
  g_strfreev (job->files);
  g_free (job);
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

/* A file that is gone or broken stays on the list: the server's page says what is wrong with it. */
static StewardComposeProject *
open_added (const Job *job, const char *file, GCancellable *cancellable)
{
  StewardComposeProject *project =
      steward_compose_project_new_from_file (job->engine, file, cancellable, NULL);

  if (project != NULL)
    return project;
  project = g_new0 (StewardComposeProject, 1);
  project->directory = g_path_get_dirname (file);
  project->name = g_path_get_basename (project->directory);
  project->files = g_strdupv ((char *[]){ (char *)file, NULL });
  project->env_files = g_new0 (char *, 1);
  return project;
}

static gpointer
find_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  const Job *job = data;
  g_autoptr (Finding) finding = g_new0 (Finding, 1);
  g_auto (StewardEngineVersions) versions = { 0 };

  finding->projects = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_compose_project_free);
  if (steward_engine_check (job->engine, &versions, cancellable, &finding->problem))
    {
      g_autoptr (GPtrArray) found =
          steward_deployment_find (job->engine, cancellable, &finding->problem);
      for (guint i = 0; found != NULL && i < found->len; i++)
        g_ptr_array_add (finding->projects,
                         g_steal_pointer (&((StewardFound *)found->pdata[i])->project));
    }
  for (gsize i = 0; job->files[i] != NULL; i++)
    if (g_path_is_absolute (job->files[i]) && !is_known (finding->projects, job->files[i]))
      g_ptr_array_add (finding->projects, open_added (job, job->files[i], cancellable));
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&finding);
}

static StewardServer *
find_server (StewardServerList *self, const StewardComposeProject *project)
{
  for (guint i = 0; i < self->servers->len; i++)
    {
      StewardServer *server = self->servers->pdata[i];
      if (g_str_equal (steward_server_get_place (server), project->files[0])
          && g_str_equal (steward_server_get_name (server), project->name))
        return server;
    }
  return NULL;
}

static gboolean
is_hidden (StewardServerList *self, const char *file)
{
  g_auto (GStrv) hidden = g_settings_get_strv (self->settings, KEY_HIDDEN);

  return g_strv_contains ((const char *const *)hidden, file);
}

static int
compare_cb (gconstpointer a, gconstpointer b)
{
  StewardServer *first = *(StewardServer **)a, *second = *(StewardServer **)b;

  return g_utf8_collate (steward_server_get_name (first), steward_server_get_name (second));
}

/* The one that is known already, or a new one. (transfer full) */
static StewardServer *
ensure_server (StewardServerList *self, const StewardComposeProject *project)
{
  StewardServer *server = find_server (self, project);

  if (server != NULL)
    return g_object_ref (server);
  return steward_server_new (self->engine, steward_compose_project_copy (project), NULL);
}

static gboolean
is_running (StewardServer *server)
{
  StewardRun *run = steward_server_get_run (server);

  return run != NULL && !steward_run_is_over (run);
}

/* An operation removes containers and makes new ones: for an instant there may be none. */
static void
add_remaining (StewardServerList *self, const Finding *finding, GPtrArray *servers)
{
  for (guint i = 0; i < self->servers->len; i++)
    {
      StewardServer *server = self->servers->pdata[i];
      if ((finding->problem != NULL || is_running (server))
          && !g_ptr_array_find (servers, server, NULL))
        g_ptr_array_add (servers, g_object_ref (server));
    }
}

static void
take_finding (StewardServerList *self, const Finding *finding)
{
  g_autoptr (GPtrArray) old = g_ptr_array_ref (self->servers);
  g_autoptr (GPtrArray) servers = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < finding->projects->len; i++)
    {
      const StewardComposeProject *project = finding->projects->pdata[i];
      if (!is_hidden (self, project->files[0]))
        g_ptr_array_add (servers, ensure_server (self, project));
    }
  add_remaining (self, finding, servers);
  g_ptr_array_sort (servers, compare_cb);
  g_ptr_array_unref (self->servers);
  self->servers = g_ptr_array_ref (servers);
  if (old->len != servers->len
      || (old->len > 0 && memcmp (old->pdata, servers->pdata, old->len * sizeof (gpointer)) != 0))
    g_list_model_items_changed (G_LIST_MODEL (self), 0, old->len, servers->len);
}

static StewardHostState
judge (const GError *problem)
{
  if (problem == NULL)
    return STEWARD_HOST_READY;
  if (g_error_matches (problem, STEWARD_ERROR, STEWARD_ERROR_DENIED))
    return STEWARD_HOST_DENIED;
  if (g_error_matches (problem, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE))
    return STEWARD_HOST_UNREACHABLE;
  return STEWARD_HOST_NO_ENGINE;
}

static void
set_problem (StewardServerList *self, const GError *problem)
{
  g_free (self->problem);
  self->problem = problem != NULL ? g_strdup (problem->message) : NULL;
  self->state = judge (problem);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROBLEM]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HOST_STATE]);
}

/* Where pre-releases are offered they are asked for. */
static void
list_versions (StewardServerList *self, StewardServer *server)
{
  steward_server_list_versions (server, g_settings_get_boolean (self->settings, KEY_PRERELEASES)
                                            ? STEWARD_VERSIONS_ALL
                                            : STEWARD_VERSIONS_TARGETS);
}

/* Each server would find the same out by itself, but only after it had waited for an answer. */
static void
tell_problem (StewardServer *server, const GError *problem)
{
  StewardFacts *facts = g_new0 (StewardFacts, 1);

  facts->problem = g_error_copy (problem);
  steward_server_take_facts (server, facts);
}

static void
look_at (StewardServerList *self, StewardServer *server, const GError *problem)
{
  if (problem == NULL)
    {
      steward_server_look (server);
      list_versions (self, server);
    }
  else if (!is_running (server))
    tell_problem (server, problem);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (StewardServerList) self = data;
  g_autoptr (Finding) finding = steward_worker_run_finish (result, NULL);

  self->is_looking = FALSE;
  if (finding != NULL)
    {
      take_finding (self, finding);
      set_problem (self, finding->problem);
      for (guint i = 0; i < self->servers->len; i++)
        look_at (self, self->servers->pdata[i], finding->problem);
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IS_LOOKING]);
}

static Job *
job_new (StewardServerList *self, GStrv files)
{
  Job *job = g_new0 (Job, 1);

  job->engine = steward_engine_ref (self->engine);
  job->files = files;
  return job;
}

void
steward_server_list_look (StewardServerList *self)
{
  if (self->is_looking)
    return;
  self->is_looking = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IS_LOOKING]);
  steward_worker_run_async (self->worker, find_cb,
                            job_new (self, g_settings_get_strv (self->settings, KEY_COMPOSE_FILES)),
                            job_free, (GDestroyNotify)finding_free, self->cancellable, found_cb,
                            g_object_ref (self));
}

static gpointer
open_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  const Job *job = data;
  StewardComposeProject *project =
      steward_compose_project_new_from_file (job->engine, job->files[0], cancellable, error);
  if (project == NULL)
    return NULL;
  g_autoptr (StewardDeployment) deployment =
      steward_deployment_open (job->engine, steward_compose_project_copy (project), NULL,
                               cancellable, error);

  if (deployment != NULL)
    return project;
  steward_compose_project_free (project);
  return NULL;
}

void
steward_server_list_add_async (StewardServerList *self,
                               const char *path,
                               GAsyncReadyCallback callback,
                               gpointer data)
{
  GStrv files = g_strdupv ((char *[]){ (char *)path, NULL });

  steward_worker_run_async (self->worker, open_cb, job_new (self, files), job_free,
                            (GDestroyNotify)steward_compose_project_free, self->cancellable,
                            callback, data);
}

/* Puts @file into a list of the settings, or takes it out. */
static void
set_listed (StewardServerList *self, const char *key, const char *file, gboolean is_listed)
{
  g_auto (GStrv) old = g_settings_get_strv (self->settings, key);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (gsize i = 0; old[i] != NULL; i++)
    if (!g_str_equal (old[i], file))
      g_strv_builder_add (builder, old[i]);
  if (is_listed)
    g_strv_builder_add (builder, file);
  g_auto (GStrv) list = g_strv_builder_end (builder);
  g_settings_set_strv (self->settings, key, (const char *const *)list);
}

void
steward_server_list_take (StewardServerList *self, StewardServer *server)
{
  g_ptr_array_add (self->servers, server);
  g_list_model_items_changed (G_LIST_MODEL (self), self->servers->len - 1, 0, 1);
}

StewardServer *
steward_server_list_add_finish (StewardServerList *self, GAsyncResult *result, GError **error)
{
  g_autoptr (StewardComposeProject) project = steward_worker_run_finish (result, error);
  if (project == NULL)
    return NULL;

  set_listed (self, KEY_HIDDEN, project->files[0], FALSE);
  set_listed (self, KEY_COMPOSE_FILES, project->files[0], TRUE);
  StewardServer *server = find_server (self, project);
  if (server == NULL)
    {
      server = steward_server_new (self->engine, steward_compose_project_copy (project), NULL);
      steward_server_list_take (self, server);
    }
  steward_server_look (server);
  list_versions (self, server);
  return g_object_ref (server);
}

void
steward_server_list_remove (StewardServerList *self, StewardServer *server)
{
  guint position = 0;

  if (!g_ptr_array_find (self->servers, server, &position))
    return;
  set_listed (self, KEY_COMPOSE_FILES, steward_server_get_place (server), FALSE);
  set_listed (self, KEY_HIDDEN, steward_server_get_place (server), TRUE);
  g_ptr_array_remove_index (self->servers, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

StewardHostState
steward_server_list_get_host_state (StewardServerList *self)
{
  return self->state;
}

const char *
steward_server_list_get_problem (StewardServerList *self)
{
  return self->problem;
}

StewardServerList *
steward_server_list_new (GSettings *settings)
{
  StewardServerList *self = g_object_new (STEWARD_TYPE_SERVER_LIST, NULL);
  g_autoptr (StewardHost) host = steward_local_host_new ();

  self->settings = g_object_ref (settings);
  self->engine = steward_engine_new (host);
  return self;
}

static void
steward_server_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  StewardServerList *self = STEWARD_SERVER_LIST (object);

  if (id == PROP_HOST_STATE)
    g_value_set_int (value, self->state);
  else if (id == PROP_PROBLEM)
    g_value_set_string (value, self->problem);
  else if (id == PROP_IS_LOOKING)
    g_value_set_boolean (value, self->is_looking);
}

static void
steward_server_list_finalize (GObject *object)
{
  StewardServerList *self = STEWARD_SERVER_LIST (object);

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  steward_worker_free (self->worker);
  g_ptr_array_unref (self->servers);
  g_clear_pointer (&self->engine, steward_engine_unref);
  g_clear_object (&self->settings);
  g_free (self->problem);
  G_OBJECT_CLASS (steward_server_list_parent_class)->finalize (object);
}

static void
steward_server_list_class_init (StewardServerListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = steward_server_list_get_property;
  object_class->finalize = steward_server_list_finalize;
  props[PROP_HOST_STATE] =
      g_param_spec_int ("host-state", NULL, NULL, 0, STEWARD_HOST_UNREACHABLE, 0, flags);
  props[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);
  props[PROP_IS_LOOKING] = g_param_spec_boolean ("is-looking", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
steward_server_list_init (StewardServerList *self)
{
  self->cancellable = g_cancellable_new ();
  self->worker = steward_worker_new ("steward-host");
  self->servers = g_ptr_array_new_with_free_func (g_object_unref);
}
