/* What can be looked at and cleaned outside an operation: target versions, pending migrations,
 * backups and set-aside databases. Blocks; for the deployment's worker thread. */
#pragma once

#include "core/database/cluster.h"
#include "core/deployment/migrations.h"
#include "core/operations/operation.h"

G_BEGIN_DECLS

/** StewardVersionsFlags: @STEWARD_VERSIONS_ALL: pre-releases and older versions too */
typedef enum
{
  STEWARD_VERSIONS_TARGETS = 0,
  STEWARD_VERSIONS_ALL = 1 << 0,
} StewardVersionsFlags;

/** steward_catalog_list_versions: Returns: (transfer full) (nullable): tags, newest first, floating
 * ones never. Errors: those of steward_registry_list_tags() */
GStrv steward_catalog_list_versions (StewardDeployment *deployment,
                                     StewardVersionsFlags flags,
                                     GCancellable *cancellable,
                                     GError **error);

/** steward_catalog_list_pending: fetches the image of @tag where it is not here (told as a note)
 * and asks it. Returns: (transfer full) (element-type StewardPendingMigration) (nullable). Errors:
 * %STEWARD_ERROR_INVALID (a tag that is none), those of steward_deployment_connect(),
 * steward_engine_pull_image(), steward_deployment_dry_run() and
 * steward_deployment_check_migrations(); %STEWARD_ERROR_REFUSED (no live database while an
 * operation stands unfinished) */
GPtrArray *steward_catalog_list_pending (StewardDeployment *deployment,
                                         StewardStore *store,
                                         const char *tag,
                                         const StewardClient *client,
                                         GCancellable *cancellable,
                                         GError **error);

/** StewardAside: a database of Steward's in the cluster that is not live.
 * @name: what to delete it or roll back to it by; @operation: (nullable): the id of the operation
 * that made it
 * @tag: (nullable): the version it belongs to; %NULL where no journal of this deployment tells of
 * it: it may be another deployment's in the same cluster
 * @role: `aside`, `copy`, `failed`; @size_bytes: -1 where the role may not ask
 * @made_s: when its operation began, host's time; 0 where it is not known */
typedef struct
{
  char *name;
  char *role;
  char *operation;
  char *tag;
  gint64 size_bytes;
  gint64 made_s;
} StewardAside;

void steward_aside_free (StewardAside *aside);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardAside, steward_aside_free)

/** steward_aside_new: pure. Returns: (transfer full) (nullable): what name and mark of a database
 * tell, without
 * @tag and @made_s; %NULL where neither says that it is Steward's */
StewardAside *steward_aside_new (const StewardDatabase *database);

/** steward_catalog_list_asides: Returns: (transfer full) (element-type StewardAside) (nullable):
 * newest first */
GPtrArray *steward_catalog_list_asides (StewardDeployment *deployment,
                                        StewardStore *store,
                                        GCancellable *cancellable,
                                        GError **error);

/** StewardVerifyFlags: @STEWARD_VERIFY_RESTORE: restored for a trial instead of read back */
typedef enum
{
  STEWARD_VERIFY_READ = 0,
  STEWARD_VERIFY_RESTORE = 1 << 0,
} StewardVerifyFlags;

/** steward_catalog_verify: reads a backup back whole, by its hash and by pg_restore, or restores it
 * into a throw-away PostgreSQL on the host and compares the rows, while the server runs on; nothing
 * is left of that. The passport is brought up to date: one that was marked damaged, and passes, is
 * complete again. Takes the lock. Errors: %STEWARD_ERROR_INVALID (not a backup that can be
 * verified; or it passed this, and is marked all the same for what a restore found) or
 * %STEWARD_ERROR_FAILED (it did not pass: marked damaged where it is the dump),
 * %STEWARD_ERROR_NOT_FOUND, %STEWARD_ERROR_NO_SPACE, %STEWARD_ERROR_REFUSED (an operation stands
 * unfinished), %STEWARD_ERROR_LOCKED */
gboolean steward_catalog_verify (StewardDeployment *deployment,
                                 StewardStore *store,
                                 const char *id,
                                 StewardVerifyFlags flags,
                                 const StewardClient *client,
                                 GCancellable *cancellable,
                                 GError **error);

typedef enum
{
  STEWARD_ORPHAN_CONTAINER,
  STEWARD_ORPHAN_FILE,
} StewardOrphanKind;

/** StewardOrphan: left of something that was cut off, and needed by nobody any more.
 * @name: what to delete it by: the container's name, or the file's path
 * @operation: (nullable): the id of what a container was for */
typedef struct
{
  StewardOrphanKind kind;
  char *name;
  char *operation;
} StewardOrphan;

void steward_orphan_free (StewardOrphan *orphan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardOrphan, steward_orphan_free)

/** steward_catalog_list_orphans: Returns: (transfer full) (element-type StewardOrphan) (nullable):
 * none while somebody is at work; never those of an unfinished operation. Errors: those of the
 * engine, the host and the store */
GPtrArray *steward_catalog_list_orphans (StewardDeployment *deployment,
                                         StewardStore *store,
                                         GCancellable *cancellable,
                                         GError **error);

/** steward_catalog_delete: deletes a backup, or drops a set-aside database, or removes an orphan,
 * for good. Takes the
 * lock. Errors: %STEWARD_ERROR_NOT_FOUND, %STEWARD_ERROR_REFUSED (the live database; not Steward's,
 * or no journal of this deployment tells of it; an operation stands unfinished),
 * %STEWARD_ERROR_LOCKED (also: somebody is connected) */
gboolean steward_catalog_delete (StewardDeployment *deployment,
                                 StewardStore *store,
                                 const char *id,
                                 const StewardClient *client,
                                 GCancellable *cancellable,
                                 GError **error);

G_END_DECLS
