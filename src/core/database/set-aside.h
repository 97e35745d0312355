/* Names, comments and openness of databases: taking the live one aside, publishing a copy, and
 * giving the original its name back. Making and dropping databases is copy.h's work; ending
 * sessions sessions.h's.
 *
 * Every function wants a session in another database (steward_connection_open_maintenance()) of the
 * owner with CREATEDB, or of a superuser; each is one transaction, idempotent, and takes 10 to 20
 * ms at any size.
 *
 * Errors of all: %STEWARD_ERROR_LOCKED (sessions or prepared transactions in it; the message names
 * them), %STEWARD_ERROR_CHANGED (the identity is called otherwise than expected, or the new name is
 * taken), %STEWARD_ERROR_NOT_FOUND (no database with this identity), %STEWARD_ERROR_DENIED,
 * %STEWARD_ERROR_INVALID (a name over 63 bytes), %STEWARD_ERROR_UNREACHABLE, %STEWARD_ERROR_FAILED.
 * After a failure nothing has changed; only with %STEWARD_ERROR_UNREACHABLE and
 * %G_IO_ERROR_CANCELLED it is not known: look which name the identity has
 * (steward_cluster_find_database_by_oid()), or call again. */
#pragma once

#include "core/database/cluster.h"
#include "core/database/connection.h"

G_BEGIN_DECLS

typedef enum
{
  STEWARD_CONNECTIONS_KEEP, /* as they are */
  STEWARD_CONNECTIONS_ALLOW,
  STEWARD_CONNECTIONS_FORBID, /* for everybody, superusers too; who is in stays in */
} StewardConnections;

/**
 * StewardMove:
 * @oid: the database that is meant, whatever others do to names meanwhile
 * @from: the name it has
 * @to: the name it gets
 * @comment: (nullable): its comment afterwards; %NULL for none
 * @connections: whether it lets anybody in afterwards
 */
typedef struct
{
  guint32 oid;
  const char *from;
  const char *to;
  const char *comment;
  StewardConnections connections;
} StewardMove;

/**
 * steward_set_aside_move:
 *
 * Gives the database its new name, comment and openness, all or nothing. The three uses:
 * taking aside (live to aside, the comment %STEWARD_DATABASE_MARK and why, connections kept so that
 * rows can be counted), publishing (copy to live, the original's comment, connections allowed; the
 * commit point) and walking back (aside to live, the original's comment and openness). Where it has
 * the name @to already, the rest is made so.
 */
gboolean steward_set_aside_move (StewardConnection *connection,
                                 const StewardMove *move,
                                 GCancellable *cancellable,
                                 GError **error);

/** steward_set_aside_set_connections: opens or closes @database (its name and identity count);
 * sessions that are in stay and do not block.
 * @connections: %STEWARD_CONNECTIONS_KEEP only checks the identity */
gboolean steward_set_aside_set_connections (StewardConnection *connection,
                                            const StewardDatabase *database,
                                            StewardConnections connections,
                                            GCancellable *cancellable,
                                            GError **error);

/** steward_set_aside_set_comment: also marks a copy whose making was cut off before its comment was
 * set.
 * @comment: (nullable): %NULL removes it */
gboolean steward_set_aside_set_comment (StewardConnection *connection,
                                        const StewardDatabase *database,
                                        const char *comment,
                                        GCancellable *cancellable,
                                        GError **error);

G_END_DECLS
