/* One-off containers of a deployment: the server's image on a database of one's choice, and the
 * tools of the database's own image. Both outlive the connection; see engine/job.h. */
#pragma once

#include "core/deployment/rehearsal.h"

G_BEGIN_DECLS

/** The label that names the operation a container belongs to; leftovers are found by it. */
#define STEWARD_LABEL_OPERATION "io.github.stewardapp.operation"

/** The label that names the deployment it belongs to, by the folder of its store. */
#define STEWARD_LABEL_DEPLOYMENT "io.github.stewardapp.deployment"

/** What sessions with the database that the tools open call themselves. */
#define STEWARD_TOOLS_SESSION "steward-tools"

/**
 * StewardServerJob:
 * @name: the container's name
 * @operation: (nullable): the operation's id, for the label
 * @image: the image's reference or id
 * @command: what to run, for example `migrate`, `--dry-run`
 * @database: the name of the database it works on
 * @rehearsal: (nullable): where that database is, if not where the server's own is; blocks of data
 * are not asked for there
 */
typedef struct
{
  const char *name;
  const char *operation;
  const char *image;
  const char *const *command;
  const char *database;
  const StewardRehearsal *rehearsal;
} StewardServerJob;

/**
 * steward_deployment_start_server_job:
 *
 * Runs the server's image as the compose files would, but on another database, without ports,
 * aliases, labels, dependencies and restarts. Errors: as steward_job_start()
 */
gboolean steward_deployment_start_server_job (const StewardDeployment *self,
                                              const StewardServerJob *job,
                                              const StewardFence *fence,
                                              GCancellable *cancellable,
                                              GError **error);

/**
 * StewardToolsJob:
 * @script: a constant shell script, POSIX; it finds PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE
 * in its environment and the folder at `/steward`
 * @arguments: its positional arguments; no secrets
 * @database: the database's name
 * @folder: absolute; the host's folder that the script sees as `/steward`
 * @rehearsal: (nullable): as of StewardServerJob
 */
typedef struct
{
  const char *name;
  const char *operation;
  const char *script;
  const char *const *arguments;
  const char *database;
  const char *folder;
  const StewardRehearsal *rehearsal;
} StewardToolsJob;

/** steward_deployment_dup_tools_image: that of the database's container: its tools are of the
 * server's own version. Returns: (transfer full) (nullable): an id. Errors: %STEWARD_ERROR_REFUSED
 * (there is no such container in the project) */
char *steward_deployment_dup_tools_image (const StewardDeployment *self,
                                          GCancellable *cancellable,
                                          GError **error);

/** steward_deployment_start_tools_job: as this user, in the database's own image, on the server's
 * networks. Errors: as steward_job_start(); %STEWARD_ERROR_REFUSED (no image with the tools is
 * known) */
gboolean steward_deployment_start_tools_job (const StewardDeployment *self,
                                             const StewardToolsJob *job,
                                             const StewardFence *fence,
                                             GCancellable *cancellable,
                                             GError **error);

/** steward_deployment_run_server_job: the server job to its end: waits, reads what it printed,
 * removes it. A job of that name that was left behind is removed first.
 *
 * Returns: (transfer full) (nullable): standard output, whatever the exit status was */
char *steward_deployment_run_server_job (const StewardDeployment *self,
                                         const StewardServerJob *job,
                                         guint deadline_ms,
                                         const StewardFence *fence,
                                         GCancellable *cancellable,
                                         GError **error);

G_END_DECLS
