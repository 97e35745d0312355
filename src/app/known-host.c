/* Keeps the list in step with what a look finds: servers that stay keep their objects, and so their
 * operations. */
#include "app/known-host.h"

#include <string.h>

#include "app/finding.h"
#include "app/places.h"
#include "core/host/local-host.h"
#include "core/host/ssh-host.h"
#include "core/operations/worker.h"

#define KEY_PRERELEASES "show-prereleases"
/* Between two attempts to reach a host that is away, and between two looks at a connection. */
#define FIRST_PAUSE_S 2
#define LAST_PAUSE_S 60
#define WATCH_S 2

struct _StewardKnownHost
{
  GObject parent_instance;

  GSettings *settings;       /* owned */
  char *name;                /* owned, nullable */
  char *prefix;              /* owned */
  StewardPlaces places;      /* of the two */
  StewardHostAsker *asker;   /* owned, nullable */
  StewardEngine *engine;     /* owned */
  StewardWorker *worker;     /* owned; finds, and opens what is added */
  GCancellable *cancellable; /* owned */
  GPtrArray *servers;        /* owned, of StewardServer */
  StewardHostState state;
  char *problem; /* owned, nullable */
  gboolean is_looking;
  guint pause_s; /* before the next attempt */
  guint again;   /* source, 0 where none waits */
  guint watch;   /* source, 0 where the connection is not watched */
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
  return STEWARD_KNOWN_HOST (model)->servers->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  StewardKnownHost *self = STEWARD_KNOWN_HOST (model);

  return position < self->servers->len ? g_object_ref (self->servers->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (StewardKnownHost,
                               steward_known_host,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* What the worker is given. */
typedef struct
{
  StewardEngine *engine; /* owned */
  GStrv files;           /* owned: added by hand */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  steward_engine_unref (job->engine);
  g_strfreev (job->files);
  g_free (job);
}

static gpointer
find_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  const Job *job = data;

  return steward_finding_new (job->engine, (const char *const *)job->files, cancellable, error);
}

static gpointer
open_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  const Job *job = data;

  return steward_finding_open (job->engine, job->files[0], cancellable, error);
}

static StewardServer *
find_server (StewardKnownHost *self, const StewardComposeProject *project)
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

static int
compare_cb (gconstpointer a, gconstpointer b)
{
  StewardServer *first = *(StewardServer **)a, *second = *(StewardServer **)b;

  return g_utf8_collate (steward_server_get_name (first), steward_server_get_name (second));
}

/* The one that is known already, or a new one. (transfer full) */
static StewardServer *
ensure_server (StewardKnownHost *self, const StewardComposeProject *project)
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
add_remaining (StewardKnownHost *self, const StewardFinding *finding, GPtrArray *servers)
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
take_finding (StewardKnownHost *self, const StewardFinding *finding)
{
  g_autoptr (GPtrArray) old = g_ptr_array_ref (self->servers);
  g_autoptr (GPtrArray) servers = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < finding->projects->len; i++)
    {
      const StewardComposeProject *project = finding->projects->pdata[i];
      if (!steward_places_contains (&self->places, STEWARD_PLACES_HIDDEN, project->files[0]))
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
  if (g_error_matches (problem, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE)
      || g_error_matches (problem, STEWARD_ERROR, STEWARD_ERROR_DISCONNECTED))
    return STEWARD_HOST_UNREACHABLE;
  return STEWARD_HOST_NO_ENGINE;
}

static void
set_problem (StewardKnownHost *self, const GError *problem)
{
  g_free (self->problem);
  self->problem = problem != NULL ? g_strdup (problem->message) : NULL;
  self->state = judge (problem);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROBLEM]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HOST_STATE]);
}

/* Where pre-releases are offered they are asked for. */
static void
list_versions (StewardKnownHost *self, StewardServer *server)
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
look_at (StewardKnownHost *self, StewardServer *server, const GError *problem)
{
  if (problem == NULL)
    {
      steward_server_look (server);
      list_versions (self, server);
    }
  else if (!is_running (server))
    tell_problem (server, problem);
}

static gboolean
again_cb (gpointer data)
{
  StewardKnownHost *self = data;

  self->again = 0;
  steward_known_host_look (self);
  return G_SOURCE_REMOVE;
}

/* A connection that broke is noticed before anybody asks. */
static gboolean
watch_cb (gpointer data)
{
  StewardKnownHost *self = data;

  if (self->is_looking || steward_host_is_connected (steward_engine_get_host (self->engine)))
    return G_SOURCE_CONTINUE;
  self->watch = 0;
  steward_known_host_look (self);
  return G_SOURCE_REMOVE;
}

/* What nobody answers, or what the host refuses, is not asked for again and again. */
static void
plan_next (StewardKnownHost *self)
{
  g_clear_handle_id (&self->again, g_source_remove);
  g_clear_handle_id (&self->watch, g_source_remove);
  if (self->name == NULL)
    return;
  if (self->state == STEWARD_HOST_UNREACHABLE)
    {
      self->again = g_timeout_add_seconds (self->pause_s, again_cb, self);
      self->pause_s = MIN (2 * self->pause_s, LAST_PAUSE_S);
      return;
    }
  self->pause_s = FIRST_PAUSE_S;
  if (self->state == STEWARD_HOST_READY)
    self->watch = g_timeout_add_seconds (WATCH_S, watch_cb, self);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (StewardKnownHost) self = data;
  g_autoptr (StewardFinding) finding = steward_worker_run_finish (result, NULL);

  self->is_looking = FALSE;
  if (finding != NULL)
    {
      take_finding (self, finding);
      set_problem (self, finding->problem);
      for (guint i = 0; i < self->servers->len; i++)
        look_at (self, self->servers->pdata[i], finding->problem);
      plan_next (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IS_LOOKING]);
}

static Job *
job_new (StewardKnownHost *self, GStrv files)
{
  Job *job = g_new0 (Job, 1);

  job->engine = steward_engine_ref (self->engine);
  job->files = files;
  return job;
}

void
steward_known_host_look (StewardKnownHost *self)
{
  if (self->is_looking)
    return;
  self->is_looking = TRUE;
  g_clear_handle_id (&self->again, g_source_remove);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IS_LOOKING]);
  steward_worker_run_async (self->worker, find_cb,
                            job_new (self, steward_places_dup_files (&self->places,
                                                                     STEWARD_PLACES_ADDED)),
                            job_free, (GDestroyNotify)steward_finding_free, self->cancellable,
                            found_cb, g_object_ref (self));
}

void
steward_known_host_add_async (StewardKnownHost *self,
                              const char *path,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  GStrv files = g_strdupv ((char *[]){ (char *)path, NULL });

  steward_worker_run_async (self->worker, open_cb, job_new (self, files), job_free,
                            (GDestroyNotify)steward_compose_project_free, self->cancellable,
                            callback, data);
}

void
steward_known_host_take (StewardKnownHost *self, StewardServer *server)
{
  g_ptr_array_add (self->servers, server);
  g_list_model_items_changed (G_LIST_MODEL (self), self->servers->len - 1, 0, 1);
}

StewardServer *
steward_known_host_add_finish (StewardKnownHost *self, GAsyncResult *result, GError **error)
{
  g_autoptr (StewardComposeProject) project = steward_worker_run_finish (result, error);
  if (project == NULL)
    return NULL;

  steward_places_remove (&self->places, STEWARD_PLACES_HIDDEN, project->files[0]);
  steward_places_add (&self->places, STEWARD_PLACES_ADDED, project->files[0]);
  StewardServer *server = find_server (self, project);
  if (server == NULL)
    {
      server = steward_server_new (self->engine, steward_compose_project_copy (project), NULL);
      steward_known_host_take (self, server);
    }
  steward_server_look (server);
  list_versions (self, server);
  return g_object_ref (server);
}

gboolean
steward_known_host_remove (StewardKnownHost *self, StewardServer *server)
{
  guint position = 0;

  if (!g_ptr_array_find (self->servers, server, &position))
    return FALSE;
  steward_places_remove (&self->places, STEWARD_PLACES_ADDED, steward_server_get_place (server));
  steward_places_add (&self->places, STEWARD_PLACES_HIDDEN, steward_server_get_place (server));
  g_ptr_array_remove_index (self->servers, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  return TRUE;
}

gboolean
steward_known_host_is_busy (StewardKnownHost *self)
{
  for (guint i = 0; i < self->servers->len; i++)
    if (is_running (self->servers->pdata[i]))
      return TRUE;
  return FALSE;
}

static void
stop (StewardKnownHost *self)
{
  g_clear_handle_id (&self->again, g_source_remove);
  g_clear_handle_id (&self->watch, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  if (self->asker != NULL)
    steward_host_asker_close (self->asker);
}

void
steward_known_host_close (StewardKnownHost *self)
{
  g_return_if_fail (self->name != NULL);
  stop (self);
  steward_places_forget (&self->places);
}

StewardHostState
steward_known_host_get_state (StewardKnownHost *self)
{
  return self->state;
}

const char *
steward_known_host_get_problem (StewardKnownHost *self)
{
  return self->problem;
}

const char *
steward_known_host_get_name (StewardKnownHost *self)
{
  return self->name;
}

StewardHostAsker *
steward_known_host_get_asker (StewardKnownHost *self)
{
  return self->asker;
}

static StewardHost *
new_ssh_host (StewardKnownHost *self, const StewardSshAddress *address)
{
  self->asker = steward_host_asker_new ();
  StewardSshAsker asker = steward_host_asker_get_asker (self->asker);

  return steward_ssh_host_new (address, &asker);
}

StewardKnownHost *
steward_known_host_new (GSettings *settings, const StewardSshAddress *address)
{
  StewardKnownHost *self = g_object_new (STEWARD_TYPE_KNOWN_HOST, NULL);
  g_autoptr (StewardHost) host =
      address != NULL ? new_ssh_host (self, address) : steward_local_host_new ();

  self->settings = g_object_ref (settings);
  self->name = address != NULL ? steward_ssh_address_format (address) : NULL;
  self->prefix = address != NULL ? g_strconcat ("ssh://", self->name, NULL) : g_strdup ("");
  self->places = (StewardPlaces){ self->settings, self->prefix };
  self->engine = steward_engine_new (host);
  return self;
}

static void
steward_known_host_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  StewardKnownHost *self = STEWARD_KNOWN_HOST (object);

  if (id == PROP_HOST_STATE)
    g_value_set_int (value, self->state);
  else if (id == PROP_PROBLEM)
    g_value_set_string (value, self->problem);
  else if (id == PROP_IS_LOOKING)
    g_value_set_boolean (value, self->is_looking);
}

static void
steward_known_host_finalize (GObject *object)
{
  StewardKnownHost *self = STEWARD_KNOWN_HOST (object);

  stop (self);
  g_object_unref (self->cancellable);
  steward_worker_free (self->worker);
  g_ptr_array_unref (self->servers);
  g_clear_pointer (&self->engine, steward_engine_unref);
  g_clear_object (&self->asker);
  g_clear_object (&self->settings);
  g_free (self->name);
  g_free (self->prefix);
  g_free (self->problem);
  G_OBJECT_CLASS (steward_known_host_parent_class)->finalize (object);
}

static void
steward_known_host_class_init (StewardKnownHostClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = steward_known_host_get_property;
  object_class->finalize = steward_known_host_finalize;
  props[PROP_HOST_STATE] =
      g_param_spec_int ("host-state", NULL, NULL, 0, STEWARD_HOST_UNREACHABLE, 0, flags);
  props[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);
  props[PROP_IS_LOOKING] = g_param_spec_boolean ("is-looking", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
steward_known_host_init (StewardKnownHost *self)
{
  self->cancellable = g_cancellable_new ();
  self->pause_s = FIRST_PAUSE_S;
  self->worker = steward_worker_new ("steward-host");
  self->servers = g_ptr_array_new_with_free_func (g_object_unref);
}
