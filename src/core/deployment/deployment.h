/* A deployment: one compose project on a host that contains a Parsec server. Put together once from
 * what compose, the engine and the files say, and then frozen: an operation works on what it saw.
 *
 * Blocks; one worker thread a deployment. */
#pragma once

#include "core/compose/compose-model.h"
#include "core/compose/compose-project.h"
#include "core/compose/database-url.h"
#include "core/database/connection.h"
#include "core/engine/container.h"
#include "core/engine/image-reference.h"
#include "core/engine/job.h"
#include "core/probe/probe.h"
#include "core/store/lock.h"

G_BEGIN_DECLS

/**
 * StewardDeployment: what all steps read; nothing of it is changed after it was opened.
 * @model_json: what @model was read from; it holds secrets
 * @folder: `steward/` beside the first compose file
 * @service: the server's service
 * @services: all services with the server's image, @service among them
 * @image: the server's image as the compose files ask for it
 * @database_url: the address in the server's configuration, a secret; @database its parts
 * @reach: what is remembered of the ways to its database and its server; one thread at a time
 */
typedef struct
{
  StewardEngine *engine;
  StewardComposeProject *project;
  StewardComposeModel *model;
  char *model_json;
  char *folder;
  char *service;
  GStrv services;
  StewardImageReference *image;
  char *database_url;
  StewardDatabaseUrl *database;
  struct _StewardReach *reach;
  gatomicrefcount refs;
} StewardDeployment;

/** StewardFound: a project on the host that seems to hold a Parsec server.
 * @running_image: (nullable): what its container was made from */
typedef struct
{
  StewardComposeProject *project;
  char *running_image;
  gboolean is_running;
} StewardFound;

void steward_found_free (StewardFound *found);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardFound, steward_found_free)

/** steward_deployment_find: Returns: (transfer full) (element-type StewardFound) (nullable): the
 * deployments that the host's containers tell of, running or stopped, by name */
GPtrArray *
steward_deployment_find (StewardEngine *engine, GCancellable *cancellable, GError **error);

/**
 * steward_deployment_open:
 * @project: (transfer full)
 * @service: (nullable): the server's service where it is set by hand
 *
 * Reads the resolved model; touches nothing. The database need not be there.
 *
 * Errors: those of compose-project.h and compose-server.h: the shape is not understood
 */
StewardDeployment *steward_deployment_open (StewardEngine *engine,
                                            StewardComposeProject *project,
                                            const char *service,
                                            GCancellable *cancellable,
                                            GError **error);
StewardDeployment *steward_deployment_ref (StewardDeployment *self);
void steward_deployment_unref (StewardDeployment *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardDeployment, steward_deployment_unref)

/** steward_deployment_get_host: Returns: (transfer none) */
StewardHost *steward_deployment_get_host (const StewardDeployment *self);

/** steward_deployment_list_project: Returns: (transfer full) (element-type StewardContainer)
 * (nullable): all containers of a project that need not be resolved yet */
GPtrArray *steward_deployment_list_project (StewardEngine *engine,
                                            const StewardComposeProject *project,
                                            GCancellable *cancellable,
                                            GError **error);

/** steward_deployment_pick_server, steward_deployment_pick_database: as
 * steward_deployment_find_server() and steward_deployment_find_database(), out of @containers of
 * the project, which was listed a moment ago; it loses the one that is returned. */
StewardContainer *steward_deployment_pick_server (const StewardDeployment *self,
                                                  GPtrArray *containers,
                                                  GError **error);
StewardContainer *steward_deployment_pick_database (const StewardDeployment *self,
                                                    GPtrArray *containers,
                                                    GError **error);

/** steward_deployment_list_servers: Returns: (transfer full) (element-type StewardContainer)
 * (nullable): every container, one-off ones too, of a service with the server's image, in whatever
 * state */
GPtrArray *steward_deployment_list_servers (const StewardDeployment *self,
                                            GCancellable *cancellable,
                                            GError **error);

/** steward_deployment_find_server: Returns: (transfer full) (nullable): the container of the
 * server's own service, a running one first. Errors: %STEWARD_ERROR_NOT_FOUND */
StewardContainer *steward_deployment_find_server (const StewardDeployment *self,
                                                  GCancellable *cancellable,
                                                  GError **error);

/** steward_deployment_find_database: Returns: (transfer full) (nullable): the running container
 * that answers to the database's host name on the server's networks; %NULL without an error where
 * the database is elsewhere. Errors: %STEWARD_ERROR_UNREACHABLE (it is a service of the project and
 * does not run) */
StewardContainer *steward_deployment_find_database (const StewardDeployment *self,
                                                    GCancellable *cancellable,
                                                    GError **error);

/**
 * steward_deployment_connect:
 * @name: (nullable): the database to enter; %NULL for one outside the live and the set-aside ones
 * @lock: (nullable): for sessions that change something: it is checked after the session stands,
 * and the session carries its generation, so that a takeover can end it
 *
 * Reaches the same cluster that the server uses, and makes sure that it is: by a forward, or where
 * none can be had or leads nowhere, by a relay into the database's container, which then serves for
 * as long as the deployment lives. Sessions through it end with the deployment.
 *
 * Errors: those of steward_connection_open(), steward_deployment_find_database(),
 * steward_relay_new() (neither way leads there);
 * %STEWARD_ERROR_REFUSED (another PostgreSQL answers there), %STEWARD_ERROR_LOST_LOCK
 */
StewardConnection *steward_deployment_connect (const StewardDeployment *self,
                                               const char *name,
                                               StewardLock *lock,
                                               GCancellable *cancellable,
                                               GError **error);

/** steward_deployment_take_database: the next steward_deployment_connect() goes to @container
 * (transfer full), which was found a moment ago, instead of looking for it. */
void steward_deployment_take_database (StewardDeployment *self, StewardContainer *container);

/** steward_deployment_get_database_service: Returns: (transfer none): the service of the database;
 * its host name where it is none of this project */
const char *steward_deployment_get_database_service (const StewardDeployment *self);

/** steward_deployment_describe_sql: Returns: (transfer full): a command by which @sql can be run by
 * hand */
char *steward_deployment_describe_sql (const StewardDeployment *self, const char *sql);

/** steward_deployment_dup_session_name: what sessions of this generation are called */
char *steward_deployment_dup_session_name (const StewardFence *fence);

/** steward_deployment_ask_server: asks the server in @container over HTTP, at its published port,
 * else at its own address, else by a relay into it; as steward_probe_ask(). Errors: further those
 * of steward_host_forward() and steward_relay_new() */
StewardHealth *steward_deployment_ask_server (const StewardDeployment *self,
                                              const StewardContainer *container,
                                              StewardProbeFlags flags,
                                              guint timeout_ms,
                                              GCancellable *cancellable,
                                              GError **error);

/** steward_deployment_wait_server: as steward_probe_wait(). */
StewardHealth *steward_deployment_wait_server (const StewardDeployment *self,
                                               const StewardContainer *container,
                                               const StewardProbeWait *wait,
                                               GCancellable *cancellable,
                                               GError **error);

G_END_DECLS
