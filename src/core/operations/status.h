/* How a deployment is: versions, health, database, drift, backups, and whether somebody is at work.
 * One look, nothing touched. What cannot be found out is left empty with its reason; the rest is
 * told all the same. */
#pragma once

#include "core/operations/operation.h"

G_BEGIN_DECLS

/**
 * StewardStatus:
 * @configured_image: what the compose files ask for
 * @running_image, @running_image_id, @running_digest, @label_version: (nullable): of the server's
 * container; %NULL where there is none
 * @container: (nullable): its name; @is_running
 * @is_podman: see StewardEngineVersions
 * @health: (nullable): what it answered; @health_problem: (nullable): why there is none
 * @database: the live database's name; @database_problem: (nullable): why nothing more is known of
 * it; the other members of it are then empty
 * @last_migration: (nullable): `0014_add_realm_archiving`
 * @sessions: open connections to the live database
 * @drift: (element-type utf8): see drift.h; empty where there is no container. @drift_problem:
 * (nullable): why it is not known
 * @last_backup: (nullable): the newest complete one; @now_s the host's clock
 * @shortage: (nullable): a sentence: the disk on which the next upgrade will not find the room that
 * it needs
 * @unfinished: (nullable): the operation that waits to be resumed or walked back
 * @lock: who is at work
 * @store_problem: (nullable): why backups, journals or the lock could not be read; what of them is
 * there was
 */
typedef struct
{
  char *configured_image;
  char *configured_tag;
  char *container;
  gboolean is_running;
  gboolean is_podman;
  char *running_image;
  char *running_image_id;
  char *running_digest;
  char *label_version;
  StewardHealth *health;
  char *health_problem;
  char *database;
  char *database_problem;
  int postgres_version;
  gint64 database_bytes;
  char *last_migration;
  guint sessions;
  GPtrArray *drift;
  char *drift_problem;
  StewardBackup *last_backup;
  gint64 now_s;
  char *shortage;
  StewardJournal *unfinished;
  StewardLockState lock;
  char *store_problem;
} StewardStatus;

void steward_status_free (StewardStatus *status);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardStatus, steward_status_free)

/** steward_status_read: Errors: of the engine and the host only; all else is told in the status */
StewardStatus *steward_status_read (StewardDeployment *deployment,
                                    StewardStore *store,
                                    GCancellable *cancellable,
                                    GError **error);

/** StewardLook: a deployment and how it was a moment later; all owned, %NULL where the look failed
 * before. */
typedef struct
{
  StewardDeployment *deployment;
  StewardStore *store;
  StewardStatus *status;
} StewardLook;

void steward_look_clear (StewardLook *look);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StewardLook, steward_look_clear)

/**
 * steward_look:
 * @service: (nullable): as for steward_deployment_open()
 * @look: (out caller-allocates): clear it, after an error too
 *
 * Opens a deployment and reads its status, as steward_deployment_open() and steward_status_read()
 * do one after the other, and waits less for a distant host.
 *
 * Errors: those of either
 */
gboolean steward_look (StewardEngine *engine,
                       const StewardComposeProject *project,
                       const char *service,
                       StewardLook *look,
                       GCancellable *cancellable,
                       GError **error);

G_END_DECLS
