/* Who is connected to a database and what else holds on to it, and ending one's own sessions. */
#pragma once

#include "core/database/connection.h"

G_BEGIN_DECLS

/**
 * StewardSession: a process of the server that uses a database; never the caller's own, and never
 * an autovacuum worker, which makes room by itself
 * @application: (nullable): what it says of itself
 * @address: (nullable): the client's; %NULL on a unix socket, and where the role may not see it
 * @state: (nullable): `active`, `idle`, `idle in transaction`, …; %NULL where the role may not see
 * it
 */
typedef struct
{
  int pid;
  char *user;
  char *application;
  char *address;
  char *state;
} StewardSession;

void steward_session_free (StewardSession *session);

/** steward_session_dup_label: Returns: (transfer full): “user application address (pid)”, for
 * messages */
char *steward_session_dup_label (const StewardSession *session);

/**
 * StewardSessionFilter:
 * @database: (nullable): only sessions in it; %NULL for all databases
 * @except_role: (nullable): leave this role's out
 * @except_application: (nullable): leave those out whose application name begins so
 * @only_application: (nullable): only those whose application name begins so
 */
typedef struct
{
  const char *database;
  const char *except_role;
  const char *except_application;
  const char *only_application;
} StewardSessionFilter;

/** steward_sessions_list: Errors: %STEWARD_ERROR_UNREACHABLE, %STEWARD_ERROR_FAILED.
 * Returns: (transfer full) (element-type StewardSession): by process id; empty where there are
 * none, or where the database does not exist */
GPtrArray *steward_sessions_list (StewardConnection *connection,
                                  const StewardSessionFilter *filter,
                                  GCancellable *cancellable,
                                  GError **error);

/**
 * steward_sessions_end_own:
 *
 * Ends those sessions of @filter that run as the role of @connection, and waits 10 s at most until
 * they are gone (one that connects meanwhile is ended too: close the database first). Idempotent.
 *
 * Errors: as steward_sessions_list(); some may have been ended then.
 *
 * Returns: (transfer full) (element-type StewardSession): what of @filter is still there, other
 * roles' included
 */
GPtrArray *steward_sessions_end_own (StewardConnection *connection,
                                     const StewardSessionFilter *filter,
                                     GCancellable *cancellable,
                                     GError **error);

typedef enum
{
  STEWARD_OBSTACLE_PREPARED, /* a prepared transaction: blocks rename, copy and drop */
  STEWARD_OBSTACLE_SLOT, /* an active logical replication slot: blocks drop, its session all else */
  STEWARD_OBSTACLE_SUBSCRIPTION, /* likewise; not copied, and would start anew under the live name
                                  */
} StewardObstacleKind;

typedef struct
{
  StewardObstacleKind kind;
  char *name;
} StewardObstacle;

void steward_obstacle_free (StewardObstacle *obstacle);

/** steward_sessions_list_obstacles: what holds on to @database without being a session.
 * Errors: %STEWARD_ERROR_UNREACHABLE, %STEWARD_ERROR_FAILED.
 * Returns: (transfer full) (element-type StewardObstacle): by kind and name */
GPtrArray *steward_sessions_list_obstacles (StewardConnection *connection,
                                            const char *database,
                                            GCancellable *cancellable,
                                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardSession, steward_session_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardObstacle, steward_obstacle_free)

G_END_DECLS
