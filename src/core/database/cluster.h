/* What a cluster is and which databases it has; changes nothing. Who is connected stands in
 * sessions.h. Every function blocks; errors besides those named: %STEWARD_ERROR_UNREACHABLE,
 * %STEWARD_ERROR_FAILED. */
#pragma once

#include "core/database/connection.h"

G_BEGIN_DECLS

/**
 * StewardCluster:
 * @system_identifier: (nullable): the same for a cluster all its life, and for its replicas; %NULL
 * where the role may not ask (pg_control_system)
 * @server_version: server_version_num, 160010 for 16.10
 * @is_replica: in recovery: nothing can be written here
 */
typedef struct
{
  char *system_identifier;
  int server_version;
  gboolean is_replica;
} StewardCluster;

StewardCluster *
steward_cluster_read (StewardConnection *connection, GCancellable *cancellable, GError **error);
void steward_cluster_free (StewardCluster *cluster);

/**
 * StewardRole: what the session's role may do with one database
 * @is_superuser: may do everything, and end every session
 * @can_create: CREATEDB or superuser
 * @is_owner: owns the database, has the rights of its owner, or is superuser
 * @missing_grants: (nullable): the SQL that would give what set-aside, copy and publish need, for a
 * superuser to run; %NULL where nothing is missing
 */
typedef struct
{
  char *name;
  gboolean is_superuser;
  gboolean can_create;
  gboolean is_owner;
  char *missing_grants;
} StewardRole;

/** steward_cluster_read_role: Errors: %STEWARD_ERROR_NOT_FOUND (no such database) */
StewardRole *steward_cluster_read_role (StewardConnection *connection,
                                        const char *database_name,
                                        GCancellable *cancellable,
                                        GError **error);
void steward_role_free (StewardRole *role);

/** STEWARD_DATABASE_MARK: how the comment of every copy and set-aside database begins. */
#define STEWARD_DATABASE_MARK "Steward: "

/**
 * StewardDatabase:
 * @size_bytes: on disk; -1 where the role may not ask
 * @sessions: open ones of any role, this one left out
 * @connection_limit: -1 without; -2 where a DROP DATABASE was interrupted and only another one
 * helps
 * @comment: (nullable)
 */
typedef struct
{
  char *name;
  guint32 oid;
  char *owner;
  gint64 size_bytes;
  guint sessions;
  gboolean allows_connections;
  int connection_limit;
  char *comment;
  gboolean is_template;
} StewardDatabase;

/** steward_cluster_list_databases: Returns: (transfer full) (element-type StewardDatabase): all, by
 * name */
GPtrArray *steward_cluster_list_databases (StewardConnection *connection,
                                           GCancellable *cancellable,
                                           GError **error);

/** steward_cluster_find_database: Errors: %STEWARD_ERROR_NOT_FOUND. Returns: (transfer full): the
 * one called @name */
StewardDatabase *steward_cluster_find_database (StewardConnection *connection,
                                                const char *name,
                                                GCancellable *cancellable,
                                                GError **error);

/** steward_cluster_find_database_by_oid: the same; a renamed database keeps its @oid, no other ever
 * has it. */
StewardDatabase *steward_cluster_find_database_by_oid (StewardConnection *connection,
                                                       guint32 oid,
                                                       GCancellable *cancellable,
                                                       GError **error);

/** steward_database_is_marked: pure. Returns: whether its comment says that it is Steward's */
gboolean steward_database_is_marked (const StewardDatabase *database);
void steward_database_free (StewardDatabase *database);

/** steward_cluster_list_event_triggers: those that are enabled in the database of this session; a
 * migration may set them off. Returns: (transfer full): their names, sorted; empty where there are
 * none */
GStrv steward_cluster_list_event_triggers (StewardConnection *connection,
                                           GCancellable *cancellable,
                                           GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardCluster, steward_cluster_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardRole, steward_role_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardDatabase, steward_database_free)

G_END_DECLS
