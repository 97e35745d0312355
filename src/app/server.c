/* Sends work to the deployment's worker and keeps what comes back. See the header. */
#include "app/server.h"

#include <string.h>

#include "core/base/version.h"
#include "core/host/ssh-host.h"
#include "core/operations/worker.h"

struct _StewardServer
{
  GObject parent_instance;

  StewardEngine *engine;          /* owned */
  StewardComposeProject *project; /* owned */
  char *service;                  /* owned, nullable */
  char *host_name;                /* owned, nullable */
  char *key;                      /* owned */
  StewardWorker *worker;          /* owned */
  GCancellable *cancellable;      /* owned; ends what only looks, when the server is let go */

  StewardFacts *facts;    /* owned, nullable */
  GStrv versions;         /* owned, nullable */
  char *versions_problem; /* owned, nullable */
  StewardRun *run;        /* owned, nullable */
  gboolean is_looking;
};

enum
{
  PROP_0,
  PROP_NAME,
  PROP_PLACE,
  PROP_STATE,
  PROP_VERSION,
  PROP_RUN,
  PROP_IS_LOOKING,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];
static guint changed_signal;

G_DEFINE_FINAL_TYPE (StewardServer, steward_server, G_TYPE_OBJECT)

static StewardRequest *
request_copy (const StewardRequest *request)
{
  StewardRequest *copy = g_memdup2 (request, sizeof *request);

  copy->tag = g_strdup (request->tag);
  copy->source = g_strdup (request->source);
  copy->accepted_loss = g_strdup (request->accepted_loss);
  return copy;
}

static void
request_free (gpointer data)
{
  StewardRequest *request = data;

  g_free ((char *)request->tag);
  g_free ((char *)request->source);
  g_free ((char *)request->accepted_loss);
  g_free (request);
}

/* What the worker is given: copies of what it reads. */
typedef struct
{
  StewardEngine *engine;          /* owned */
  StewardComposeProject *project; /* owned */
  char *service;                  /* owned, nullable */
  StewardRequest *request;        /* owned, nullable */
  StewardContinuation continuation;
  char *accepted_loss;    /* owned, nullable: of a continuation */
  StewardServerWork work; /* its data owned */
} Job;

static Job *
job_new (StewardServer *self)
{
  Job *job = g_new0 (Job, 1);

  job->engine = steward_engine_ref (self->engine);
  job->project = steward_compose_project_copy (self->project);
  job->service = g_strdup (self->service);
  return job;
}

static void
job_free (gpointer data)
{
  Job *job = data;

  steward_engine_unref (job->engine);
  steward_compose_project_free (job->project);
  g_free (job->service);
  g_clear_pointer (&job->request, request_free);
  g_free (job->accepted_loss);
  if (job->work.free_data != NULL)
    job->work.free_data (job->work.data);
  g_free (job);
}

/* Each piece of work sees the deployment as it is then. */
static StewardDeployment *
job_open (const Job *job, GCancellable *cancellable, GError **error)
{
  return steward_deployment_open (job->engine, steward_compose_project_copy (job->project),
                                  job->service, cancellable, error);
}

static gpointer
look_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  const Job *job = data;

  return steward_facts_read (job->engine, job->project, job->service, cancellable, error);
}

static void
tell_changed (StewardServer *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_VERSION]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RUN]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IS_LOOKING]);
  g_signal_emit (self, changed_signal, 0);
}

void
steward_server_take_facts (StewardServer *self, StewardFacts *facts)
{
  g_clear_pointer (&self->facts, steward_facts_free);
  self->facts = facts;
  tell_changed (self);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (StewardServer) self = data;
  StewardFacts *facts = steward_worker_run_finish (result, NULL);

  self->is_looking = FALSE;
  if (facts != NULL)
    steward_server_take_facts (self, facts);
  else
    tell_changed (self);
}

static gboolean
is_running (StewardServer *self)
{
  return self->run != NULL && !steward_run_is_over (self->run);
}

void
steward_server_look (StewardServer *self)
{
  if (self->is_looking || is_running (self))
    return;
  self->is_looking = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IS_LOOKING]);
  steward_worker_run_async (self->worker, look_cb, job_new (self), job_free,
                            (GDestroyNotify)steward_facts_free, self->cancellable, looked_cb,
                            g_object_ref (self));
}

void
steward_server_take_versions (StewardServer *self, GStrv versions, const char *problem)
{
  g_clear_pointer (&self->versions, g_strfreev);
  g_free (self->versions_problem);
  self->versions = versions;
  self->versions_problem = g_strdup (problem);
  tell_changed (self);
}

static gpointer
work_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  const Job *job = data;
  g_autoptr (StewardDeployment) deployment = job_open (job, cancellable, error);
  if (deployment == NULL)
    return NULL;
  g_autoptr (StewardStore) store = steward_operation_new_store (deployment);

  return job->work.func (deployment, store, job->work.data, cancellable, error);
}

void
steward_server_work_async (StewardServer *self,
                           const StewardServerWork *work,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  Job *job = job_new (self);

  job->work = *work;
  steward_worker_run_async (self->worker, work_cb, job, job_free, work->free_result, cancellable,
                            callback, data);
}

gpointer
steward_server_work_finish (GAsyncResult *result, GError **error)
{
  return steward_worker_run_finish (result, error);
}

static const StewardClient quiet_client = { .name = "steward " STEWARD_VERSION };

static gpointer
review (StewardDeployment *deployment,
        StewardStore *store,
        gpointer request,
        GCancellable *cancellable,
        GError **error)
{
  return steward_operation_review (deployment, store, request, &quiet_client, cancellable, error);
}

void
steward_server_review_async (StewardServer *self,
                             const StewardRequest *request,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  StewardServerWork work = { review, request_copy (request), request_free,
                             (GDestroyNotify)steward_review_free };

  steward_server_work_async (self, &work, cancellable, callback, data);
}

StewardReview *
steward_server_review_finish (GAsyncResult *result, GError **error)
{
  return steward_server_work_finish (result, error);
}

static gpointer
list_pending (StewardDeployment *deployment,
              StewardStore *store,
              gpointer tag,
              GCancellable *cancellable,
              GError **error)
{
  return steward_catalog_list_pending (deployment, store, tag, &quiet_client, cancellable, error);
}

void
steward_server_list_pending_async (StewardServer *self,
                                   const char *tag,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer data)
{
  StewardServerWork work = { list_pending, g_strdup (tag), g_free,
                             (GDestroyNotify)g_ptr_array_unref };

  steward_server_work_async (self, &work, cancellable, callback, data);
}

GPtrArray *
steward_server_list_pending_finish (GAsyncResult *result, GError **error)
{
  return steward_server_work_finish (result, error);
}

static gpointer
list_versions (StewardDeployment *deployment,
               StewardStore *store,
               gpointer flags,
               GCancellable *cancellable,
               GError **error)
{
  return steward_catalog_list_versions (deployment, GPOINTER_TO_UINT (flags), cancellable, error);
}

static void
versions_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (StewardServer) self = data;
  g_autoptr (GError) error = NULL;
  GStrv versions = steward_server_work_finish (result, &error);

  steward_server_take_versions (self, versions, error != NULL ? error->message : NULL);
}

void
steward_server_list_versions (StewardServer *self, StewardVersionsFlags flags)
{
  StewardServerWork work = { list_versions, GUINT_TO_POINTER (flags), NULL,
                             (GDestroyNotify)g_strfreev };

  steward_server_work_async (self, &work, self->cancellable, versions_cb, g_object_ref (self));
}

static StewardResult
run_request (gpointer data,
             const StewardClient *client,
             StewardReport *report,
             GCancellable *cancellable,
             GError **error)
{
  const Job *job = data;
  g_autoptr (StewardDeployment) deployment = job_open (job, cancellable, error);
  if (deployment == NULL)
    return STEWARD_RESULT_REFUSED;
  g_autoptr (StewardStore) store = steward_operation_new_store (deployment);

  return steward_operation_run (deployment, store, job->request, client, report, cancellable,
                                error);
}

static StewardResult
run_continuation (gpointer data,
                  const StewardClient *client,
                  StewardReport *report,
                  GCancellable *cancellable,
                  GError **error)
{
  const Job *job = data;
  g_autoptr (StewardDeployment) deployment = job_open (job, cancellable, error);
  if (deployment == NULL)
    return STEWARD_RESULT_INTERRUPTED;
  g_autoptr (StewardStore) store = steward_operation_new_store (deployment);

  return steward_operation_continue (deployment, store, job->continuation, job->accepted_loss,
                                     client, report, cancellable, error);
}

static void
run_over_cb (StewardRun *run, StewardServer *self)
{
  steward_server_look (self);
  tell_changed (self);
}

void
steward_server_take_run (StewardServer *self, StewardRun *run)
{
  g_clear_object (&self->run);
  self->run = run;
  g_signal_connect_object (run, "over", G_CALLBACK (run_over_cb), self, 0);
  tell_changed (self);
}

static StewardRun *
begin (StewardServer *self, const StewardRunWork *work)
{
  g_return_val_if_fail (!is_running (self), self->run);

  steward_server_take_run (self, steward_run_new (self->worker, work));
  return self->run;
}

StewardWorker *
steward_server_get_worker (StewardServer *self)
{
  return self->worker;
}

StewardRun *
steward_server_run (StewardServer *self, const StewardRequest *request)
{
  Job *job = job_new (self);
  StewardRunWork work = { request->kind, run_request, job, job_free };

  job->request = request_copy (request);
  return begin (self, &work);
}

StewardRun *
steward_server_continue (StewardServer *self,
                         StewardContinuation continuation,
                         const char *accepted_loss)
{
  const StewardJournal *unfinished = self->facts->status->unfinished;
  Job *job = job_new (self);
  StewardRunWork work = { STEWARD_OPERATION_UPGRADE, run_continuation, job, job_free };

  job->continuation = continuation;
  job->accepted_loss = g_strdup (accepted_loss);
  steward_operation_kind_parse (unfinished->operation, &work.kind);
  return begin (self, &work);
}

StewardServer *
steward_server_new (StewardEngine *engine, StewardComposeProject *project, const char *service)
{
  StewardServer *self = g_object_new (STEWARD_TYPE_SERVER, NULL);
  StewardHost *host = steward_engine_get_host (engine);
  g_autofree char *name = g_strconcat ("steward-", project->name, NULL);

  self->engine = steward_engine_ref (engine);
  self->project = project;
  self->service = g_strdup (service);
  if (STEWARD_IS_SSH_HOST (host))
    self->host_name = g_strdup (steward_host_get_name (host));
  self->key = self->host_name != NULL
                  ? g_strconcat ("ssh://", self->host_name, project->files[0], NULL)
                  : g_strdup (project->files[0]);
  self->worker = steward_worker_new (name);
  return self;
}

const char *
steward_server_get_key (StewardServer *self)
{
  return self->key;
}

const char *
steward_server_get_host_name (StewardServer *self)
{
  return self->host_name;
}

const char *
steward_server_get_name (StewardServer *self)
{
  return self->project->name;
}

const char *
steward_server_get_place (StewardServer *self)
{
  return self->project->files[0];
}

gboolean
steward_server_is_looking (StewardServer *self)
{
  return self->is_looking;
}

const StewardFacts *
steward_server_get_facts (StewardServer *self)
{
  return self->facts;
}

const char *const *
steward_server_get_versions (StewardServer *self, const char **problem)
{
  if (problem != NULL)
    *problem = self->versions_problem;
  return (const char *const *)self->versions;
}

StewardRun *
steward_server_get_run (StewardServer *self)
{
  return self->run;
}

static gboolean
has_update (StewardServer *self)
{
  g_autoptr (StewardVersion) current = steward_version_parse (self->facts->status->configured_tag);

  for (gsize i = 0; current != NULL && self->versions[i] != NULL; i++)
    {
      g_autoptr (StewardVersion) version = steward_version_parse (self->versions[i]);
      if (version != NULL && !steward_version_is_prerelease (version)
          && steward_version_compare (version, current) > 0)
        return TRUE;
    }
  return FALSE;
}

StewardServerState
steward_server_get_state (StewardServer *self)
{
  const StewardStatus *status = self->facts != NULL ? self->facts->status : NULL;

  if (is_running (self))
    return STEWARD_SERVER_BUSY;
  if (self->facts == NULL)
    return STEWARD_SERVER_UNKNOWN;
  if (status == NULL)
    return STEWARD_SERVER_UNREACHABLE;
  if (status->lock.is_held && !status->lock.is_lapsed)
    return STEWARD_SERVER_BUSY;
  if (status->unfinished != NULL)
    return STEWARD_SERVER_INTERRUPTED;
  if (status->health == NULL || !status->health->answers_as_parsec)
    return STEWARD_SERVER_SILENT;
  if (self->versions == NULL)
    return STEWARD_SERVER_ANSWERING;
  return has_update (self) ? STEWARD_SERVER_UPDATE : STEWARD_SERVER_CURRENT;
}

static const char *
get_version (StewardServer *self)
{
  return self->facts != NULL && self->facts->status != NULL ? self->facts->status->configured_tag
                                                            : NULL;
}

static void
steward_server_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  StewardServer *self = STEWARD_SERVER (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, steward_server_get_name (self));
      break;
    case PROP_PLACE:
      g_value_set_string (value, steward_server_get_place (self));
      break;
    case PROP_STATE:
      g_value_set_int (value, steward_server_get_state (self));
      break;
    case PROP_VERSION:
      g_value_set_string (value, get_version (self));
      break;
    case PROP_RUN:
      g_value_set_object (value, self->run);
      break;
    case PROP_IS_LOOKING:
      g_value_set_boolean (value, self->is_looking);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
steward_server_finalize (GObject *object)
{
  StewardServer *self = STEWARD_SERVER (object);

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_clear_pointer (&self->worker, steward_worker_free);
  g_clear_pointer (&self->facts, steward_facts_free);
  g_clear_pointer (&self->project, steward_compose_project_free);
  g_clear_pointer (&self->engine, steward_engine_unref);
  g_clear_object (&self->run);
  g_strfreev (self->versions);
  g_free (self->versions_problem);
  g_free (self->service);
  g_free (self->host_name);
  g_free (self->key);
  G_OBJECT_CLASS (steward_server_parent_class)->finalize (object);
}

static void
steward_server_class_init (StewardServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = steward_server_get_property;
  object_class->finalize = steward_server_finalize;
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  props[PROP_PLACE] = g_param_spec_string ("place", NULL, NULL, NULL, flags);
  props[PROP_STATE] =
      g_param_spec_int ("state", NULL, NULL, 0, STEWARD_SERVER_UNREACHABLE, 0, flags);
  props[PROP_VERSION] = g_param_spec_string ("version", NULL, NULL, NULL, flags);
  props[PROP_RUN] = g_param_spec_object ("run", NULL, NULL, STEWARD_TYPE_RUN, flags);
  props[PROP_IS_LOOKING] = g_param_spec_boolean ("is-looking", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
steward_server_init (StewardServer *self)
{
  self->cancellable = g_cancellable_new ();
}
