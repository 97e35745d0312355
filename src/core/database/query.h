/* Private to this folder: one statement sent and awaited. Values are parameters, names go
 * through steward_query_quote() or the server's format('%I'); the public headers only have
 * named questions. */
#pragma once

#include <libpq-fe.h>

#include "core/database/connection.h"

G_BEGIN_DECLS

#define STEWARD_QUERY_DEADLINE_S 30u
/* A scan of every row, or of every file, of a large database. */
#define STEWARD_QUERY_LONG_DEADLINE_S (12u * 60u * 60u)

struct _StewardConnection
{
  PGconn *pg;
  char *place;          /* owned: host and port, for messages */
  char *server_address; /* owned, nullable */
  gboolean is_lost;     /* a statement may still run: the session is of no more use */
};

typedef enum
{
  STEWARD_WAIT_READY,
  STEWARD_WAIT_CANCELLED,
  STEWARD_WAIT_LATE,
} StewardWait;

/** steward_query_wait_socket: waits for @events (GIOCondition) on the session's socket.
 * @deadline_us: monotonic time */
StewardWait steward_query_wait_socket (PGconn *pg,
                                       gushort events,
                                       gint64 deadline_us,
                                       GCancellable *cancellable);

/** steward_query_error_code: Returns: the StewardError that tells what to do about an SQLSTATE
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html) */
int steward_query_error_code (const char *sqlstate);

/**
 * StewardQuery:
 * @sql: one statement with $1, $2, …
 * @values: its parameters as text, ended by %NULL
 * @deadline_s: seconds; 0 for %STEWARD_QUERY_DEADLINE_S
 */
typedef struct
{
  const char *sql;
  const char *values[6];
  guint deadline_s;
} StewardQuery;

/**
 * steward_query_run:
 *
 * Cancelled or late, the statement is cancelled on the server and its end awaited (10 s at most);
 * where it had finished all the same, its success is returned. Errors: %STEWARD_ERROR_UNREACHABLE
 * (connection lost, or late: whether a change took effect is then not known), else by
 * steward_query_error_code().
 *
 * Returns: (transfer full): the rows, freed with PQclear()
 */
PGresult *steward_query_run (StewardConnection *connection,
                             const StewardQuery *query,
                             GCancellable *cancellable,
                             GError **error);

/** steward_query_execute: the same where no rows are of interest. */
gboolean steward_query_execute (StewardConnection *connection,
                                const StewardQuery *query,
                                GCancellable *cancellable,
                                GError **error);

/** steward_query_rollback: ends an open transaction, if any; always leaves the session without
 * one. */
void steward_query_rollback (StewardConnection *connection);

/** steward_query_quote: Returns: (transfer full): @name as an SQL identifier */
char *steward_query_quote (StewardConnection *connection, const char *name);

/** steward_query_quote_text: Returns: (transfer full): @text as an SQL literal, `NULL` for %NULL */
char *steward_query_quote_text (StewardConnection *connection, const char *text);

/** steward_query_dup: Returns: (transfer full) (nullable): a field of a result, %NULL for SQL's
 * NULL */
char *steward_query_dup (const PGresult *result, int row, int column);

/** steward_query_is_true: Returns: whether a boolean field is true */
gboolean steward_query_is_true (const PGresult *result, int row, int column);

typedef PGresult StewardRows;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardRows, PQclear)

G_END_DECLS
