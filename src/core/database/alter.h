/* Private to this folder: several changes of one database as one transaction, which holds only for
 * the database that is meant. */
#pragma once

#include "core/database/connection.h"

G_BEGIN_DECLS

typedef enum
{
  STEWARD_ALTER_COMMIT,
  STEWARD_ALTER_ROLL_BACK, /* try every statement, keep none */
} StewardAlterEnd;

/**
 * StewardAlter:
 * @oid: the database that is meant
 * @name: what it is called when all statements have run
 * @statements: ended by %NULL; every name in them quoted
 */
typedef struct
{
  guint32 oid;
  const char *name;
  const char *const *statements;
  StewardAlterEnd end;
} StewardAlter;

/**
 * steward_alter_run:
 *
 * Runs the statements in one transaction and commits only if @oid then has @name. After a failure
 * nothing has changed, except that with %STEWARD_ERROR_UNREACHABLE or %G_IO_ERROR_CANCELLED at the
 * commit it is not known.
 *
 * Errors: %STEWARD_ERROR_LOCKED (in use; the message names who), %STEWARD_ERROR_CHANGED (@oid is
 * called otherwise, or the name is taken), %STEWARD_ERROR_DENIED, %STEWARD_ERROR_NOT_FOUND,
 * %STEWARD_ERROR_UNREACHABLE, %STEWARD_ERROR_FAILED.
 */
gboolean steward_alter_run (StewardConnection *connection,
                            const StewardAlter *alter,
                            GCancellable *cancellable,
                            GError **error);

/** steward_alter_name_users: where @error is %STEWARD_ERROR_LOCKED, replaces its message by one
 * that names the sessions and prepared transactions in @database. */
void steward_alter_name_users (StewardConnection *connection, const char *database, GError **error);

G_END_DECLS
