/* Making databases beside the live one, and dropping them. What a copy by template does not carry
 * (rights, limits, settings) is database-properties.h's work; names are given in set-aside.h.
 *
 * None of these can run in a transaction: PostgreSQL does not allow it. They want a session in
 * another database of the owner with CREATEDB, or of a superuser, and have a deadline of 12 hours.
 */
#pragma once

#include "core/database/cluster.h"
#include "core/database/connection.h"

G_BEGIN_DECLS

/**
 * StewardCopy:
 * @source: the database to copy, or to be like: its name and identity count
 * @name: the new one's, 63 bytes at most
 * @comment: the new one's, beginning with %STEWARD_DATABASE_MARK
 */
typedef struct
{
  const StewardDatabase *source;
  const char *name;
  const char *comment;
} StewardCopy;

/**
 * steward_copy_create:
 *
 * Copies the source's files, byte for byte, with its owner, encoding, locale and recorded collation
 * version; open for connections, even where the source is closed. From PostgreSQL 15 on with
 * STRATEGY FILE_COPY, which does not fill pg_wal.
 *
 * Errors: %STEWARD_ERROR_LOCKED (sessions or prepared transactions in the source; the message names
 * them), %STEWARD_ERROR_CHANGED (the name is taken; the source is another database by now),
 * %STEWARD_ERROR_NO_SPACE, %STEWARD_ERROR_DENIED, %STEWARD_ERROR_NOT_FOUND, %STEWARD_ERROR_INVALID
 * (name or comment), %STEWARD_ERROR_UNREACHABLE, %STEWARD_ERROR_FAILED. After a failure there is no
 * new database; after %STEWARD_ERROR_UNREACHABLE there may be one, complete, perhaps still without
 * its comment. A server that is killed meanwhile leaves files that it does not list.
 *
 * Returns: the identity of the new database, 0 where it failed
 */
guint32 steward_copy_create (StewardConnection *connection,
                             const StewardCopy *copy,
                             GCancellable *cancellable,
                             GError **error);

/** steward_copy_create_empty: the same, without content: what a dump of the source is restored
 * into. Sessions in the source do not matter. */
guint32 steward_copy_create_empty (StewardConnection *connection,
                                   const StewardCopy *copy,
                                   GCancellable *cancellable,
                                   GError **error);

/**
 * steward_copy_drop:
 * @database: its name and identity count
 *
 * Drops a copy or a set-aside database for good. It and its mark are looked at again right before.
 * Idempotent: an identity that is gone is a success.
 *
 * Errors: %STEWARD_ERROR_REFUSED (its comment does not say that it is Steward's),
 * %STEWARD_ERROR_CHANGED (called otherwise by now), %STEWARD_ERROR_LOCKED (somebody is connected,
 * named), %STEWARD_ERROR_DENIED, %STEWARD_ERROR_UNREACHABLE, %STEWARD_ERROR_FAILED. After a failure
 * it is there, whole; cancelled or cut off, it may be there with connection limit -2, of no use but
 * to be dropped again.
 */
gboolean steward_copy_drop (StewardConnection *connection,
                            const StewardDatabase *database,
                            GCancellable *cancellable,
                            GError **error);

G_END_DECLS
