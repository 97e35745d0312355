/* A deployment of the host as the window sees it: what was found at the last look, the operation
 * that runs, and what can be asked for. Owns the deployment's one worker thread; nothing here
 * blocks. Main thread. */
#pragma once

#include "app/facts.h"
#include "app/run.h"

G_BEGIN_DECLS

/**
 * StewardServerState: one word for the sidebar.
 * @STEWARD_SERVER_UNKNOWN: not looked at yet
 * @STEWARD_SERVER_ANSWERING: it does; whether there is a newer version is not known
 * @STEWARD_SERVER_CURRENT: it answers, and no newer version is known
 * @STEWARD_SERVER_UPDATE: it answers, and there is a newer version
 * @STEWARD_SERVER_SILENT: it does not run, or does not answer
 * @STEWARD_SERVER_BUSY: an operation runs, here or from elsewhere
 * @STEWARD_SERVER_INTERRUPTED: an operation waits to be resumed or walked back
 * @STEWARD_SERVER_UNREACHABLE: nothing could be found out; see the problem
 */
typedef enum
{
  STEWARD_SERVER_UNKNOWN,
  STEWARD_SERVER_ANSWERING,
  STEWARD_SERVER_CURRENT,
  STEWARD_SERVER_UPDATE,
  STEWARD_SERVER_SILENT,
  STEWARD_SERVER_BUSY,
  STEWARD_SERVER_INTERRUPTED,
  STEWARD_SERVER_UNREACHABLE,
} StewardServerState;

/** StewardServer: Properties, read only: "name", "place" (the first compose file), "state" (int),
 * "version" (nullable: the tag that runs), "run" (nullable), "is-looking".
 * Signals: "changed": facts, versions or the run are others now. */
#define STEWARD_TYPE_SERVER (steward_server_get_type ())
G_DECLARE_FINAL_TYPE (StewardServer, steward_server, STEWARD, SERVER, GObject)

/** steward_server_new: @project: (transfer full); @service: (nullable): set by hand */
StewardServer *
steward_server_new (StewardEngine *engine, StewardComposeProject *project, const char *service);

const char *steward_server_get_name (StewardServer *self);
const char *steward_server_get_place (StewardServer *self);
/** steward_server_get_key: Returns: what the settings know it by: its place, for another host
 * behind `ssh://` and the address */
const char *steward_server_get_key (StewardServer *self);
/** steward_server_get_host_name: Returns: (nullable): the host's address, %NULL for this one */
const char *steward_server_get_host_name (StewardServer *self);
StewardServerState steward_server_get_state (StewardServer *self);
gboolean steward_server_is_looking (StewardServer *self);

/** steward_server_get_facts: Returns: (transfer none) (nullable): until the next "changed" */
const StewardFacts *steward_server_get_facts (StewardServer *self);

/** steward_server_get_versions: Returns: (transfer none) (nullable): tags newer than the one that
 * runs, newest first, pre-releases too if asked for; %NULL while not known or with @problem: (out)
 * (nullable) (transfer none) */
const char *const *steward_server_get_versions (StewardServer *self, const char **problem);

/** steward_server_get_run: Returns: (transfer none) (nullable): the newest operation of this
 * window */
StewardRun *steward_server_get_run (StewardServer *self);

/** steward_server_take_facts: shows what a look found. @facts: (transfer full) */
void steward_server_take_facts (StewardServer *self, StewardFacts *facts);

/** steward_server_take_versions: shows what the registry said. @versions: (transfer full)
 * (nullable) (array zero-terminated=1); @problem: (nullable) */
void steward_server_take_versions (StewardServer *self, GStrv versions, const char *problem);

/** steward_server_take_run: makes @run the server's operation. @run: (transfer full) */
void steward_server_take_run (StewardServer *self, StewardRun *run);

/** steward_server_get_worker: Returns: (transfer none): for steward_run_new() */
StewardWorker *steward_server_get_worker (StewardServer *self);

/** steward_server_look: looks anew; a look that is under way already is enough. Nothing is looked
 * at while an operation of this window runs; it is done when that is over. */
void steward_server_look (StewardServer *self);

/** steward_server_list_versions: asks the registry anew */
void steward_server_list_versions (StewardServer *self, StewardVersionsFlags flags);

/** steward_server_review_async: see steward_operation_review(); @request is copied. */
void steward_server_review_async (StewardServer *self,
                                  const StewardRequest *request,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer data);
/** Returns: (transfer full) (nullable) */
StewardReview *steward_server_review_finish (GAsyncResult *result, GError **error);

/** steward_server_list_pending_async: see steward_catalog_list_pending() */
void steward_server_list_pending_async (StewardServer *self,
                                        const char *tag,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer data);
/** Returns: (transfer full) (nullable) (element-type StewardPendingMigration) */
GPtrArray *steward_server_list_pending_finish (GAsyncResult *result, GError **error);

/** StewardServerFunc: on the worker's thread, with the deployment as it is then, and its store */
typedef gpointer (*StewardServerFunc) (StewardDeployment *deployment,
                                       StewardStore *store,
                                       gpointer data,
                                       GCancellable *cancellable,
                                       GError **error);

/** StewardServerWork: @data: (transfer full); @free_result: (nullable) */
typedef struct
{
  StewardServerFunc func;
  gpointer data;
  GDestroyNotify free_data;
  GDestroyNotify free_result;
} StewardServerWork;

/** steward_server_work_async: opens the deployment and hands it to @work */
void steward_server_work_async (StewardServer *self,
                                const StewardServerWork *work,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data);
/** Returns: (transfer full) (nullable): the work's */
gpointer steward_server_work_finish (GAsyncResult *result, GError **error);

/** steward_server_run: begins an operation; @request is copied. Not while one runs.
 * Returns: (transfer none): also steward_server_get_run() */
StewardRun *steward_server_run (StewardServer *self, const StewardRequest *request);

/** steward_server_continue: of the unfinished operation of the facts. @accepted_loss: (nullable) */
StewardRun *steward_server_continue (StewardServer *self,
                                     StewardContinuation continuation,
                                     const char *accepted_loss);

G_END_DECLS
