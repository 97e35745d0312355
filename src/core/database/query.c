/* Sending one statement and waiting for its end, with deadline and cancellation. What is asked
 * stands in the files named after the questions. */
#include "core/database/query.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"

/* How long the server may take to end a statement that was cancelled. */
#define CANCEL_PATIENCE_US (10 * G_USEC_PER_SEC)

static const struct
{
  const char *sqlstate; /* a whole one, or a class of two characters */
  StewardError code;
} error_codes[] = {
  { "08", STEWARD_ERROR_UNREACHABLE },    { "28", STEWARD_ERROR_DENIED },
  { "3D000", STEWARD_ERROR_NOT_FOUND },   { "40", STEWARD_ERROR_LOCKED },
  { "42501", STEWARD_ERROR_DENIED },      { "42P01", STEWARD_ERROR_CHANGED },
  { "42P04", STEWARD_ERROR_CHANGED },     { "53100", STEWARD_ERROR_NO_SPACE },
  { "53300", STEWARD_ERROR_UNREACHABLE }, { "55006", STEWARD_ERROR_LOCKED },
  { "55P03", STEWARD_ERROR_LOCKED },      { "57P01", STEWARD_ERROR_UNREACHABLE },
  { "57P02", STEWARD_ERROR_UNREACHABLE }, { "57P03", STEWARD_ERROR_UNREACHABLE },
};

int
steward_query_error_code (const char *sqlstate)
{
  for (gsize i = 0; i < G_N_ELEMENTS (error_codes); i++)
    if (g_str_has_prefix (sqlstate, error_codes[i].sqlstate))
      return error_codes[i].code;
  return STEWARD_ERROR_FAILED;
}

static int
milliseconds_until (gint64 deadline_us)
{
  gint64 left_ms = (deadline_us - g_get_monotonic_time () + 999) / 1000;

  return CLAMP (left_ms, 0, G_MAXINT);
}

StewardWait
steward_query_wait_socket (PGconn *pg,
                           gushort events,
                           gint64 deadline_us,
                           GCancellable *cancellable)
{
  GPollFD fds[2] = { { .fd = PQsocket (pg), .events = events } };
  gboolean has_cancel_fd = g_cancellable_make_pollfd (cancellable, &fds[1]);
  int n_ready;

  do
    n_ready = g_poll (fds, has_cancel_fd ? 2 : 1, milliseconds_until (deadline_us));
  while (n_ready < 0 && errno == EINTR);
  if (has_cancel_fd)
    g_cancellable_release_fd (cancellable);

  if (g_cancellable_is_cancelled (cancellable))
    return STEWARD_WAIT_CANCELLED;
  return n_ready == 0 ? STEWARD_WAIT_LATE : STEWARD_WAIT_READY;
}

/* Until the statement was sent and its result can be taken without blocking. A lost connection
 * counts as ready: PQgetResult() then says so. */
static StewardWait
wait_result (PGconn *pg, gint64 deadline_us, GCancellable *cancellable)
{
  StewardWait wait = STEWARD_WAIT_READY;
  int unsent = PQflush (pg);

  while (wait == STEWARD_WAIT_READY && unsent >= 0 && (unsent == 1 || PQisBusy (pg)))
    {
      wait = steward_query_wait_socket (pg, unsent == 1 ? G_IO_IN | G_IO_OUT : G_IO_IN, deadline_us,
                                        cancellable);
      if (wait == STEWARD_WAIT_READY && !PQconsumeInput (pg))
        break;
      unsent = PQflush (pg);
    }
  return wait;
}

static void
cancel_statement (StewardConnection *self)
{
  PGcancel *cancel = PQgetCancel (self->pg);
  char reason[256];

  if (cancel != NULL && !PQcancel (cancel, reason, sizeof reason))
    g_debug ("cannot cancel a statement: %s", reason);
  PQfreeCancel (cancel);
  self->is_lost = wait_result (self->pg, g_get_monotonic_time () + CANCEL_PATIENCE_US, NULL)
                  != STEWARD_WAIT_READY;
}

/* The last result that matters; libpq wants to be asked until there is none. */
static PGresult *
take_result (StewardConnection *self)
{
  PGresult *result = NULL;
  PGresult *next;

  while ((next = PQgetResult (self->pg)) != NULL)
    {
      PQclear (result);
      result = next;
    }
  return result;
}

static void
set_lost_error (StewardConnection *self, GError **error)
{
  self->is_lost = TRUE;
  g_set_error (
      error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
      _ ("The connection to the database server at %s was lost. Whether its last statement "
         "took effect is not known; look again once the server answers."),
      self->place);
}

static void
set_result_error (StewardConnection *self, const PGresult *result, GError **error)
{
  const char *sqlstate = PQresultErrorField (result, PG_DIAG_SQLSTATE);
  const char *message = PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY);

  if (PQstatus (self->pg) == CONNECTION_BAD || sqlstate == NULL)
    {
      set_lost_error (self, error);
      return;
    }
  g_set_error (error, STEWARD_ERROR, steward_query_error_code (sqlstate),
               _ ("The database server at %s answered: %s (SQLSTATE %s)"), self->place,
               message != NULL ? message : "", sqlstate);
}

static void
set_wait_error (StewardConnection *self, StewardWait wait, guint deadline_s, GError **error)
{
  if (wait == STEWARD_WAIT_CANCELLED)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("Cancelled"));
  else
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
                 ngettext ("The database server at %s gave no answer within %u second.",
                           "The database server at %s gave no answer within %u seconds.",
                           deadline_s),
                 self->place, deadline_s);
}

static gboolean
send_statement (StewardConnection *self, const StewardQuery *query, GError **error)
{
  int n_values = 0;

  while (n_values < (int)G_N_ELEMENTS (query->values) && query->values[n_values] != NULL)
    n_values++;
  if (!self->is_lost
      && PQsendQueryParams (self->pg, query->sql, n_values, NULL, query->values, NULL, NULL, 0))
    return TRUE;
  set_lost_error (self, error);
  return FALSE;
}

PGresult *
steward_query_run (StewardConnection *self,
                   const StewardQuery *query,
                   GCancellable *cancellable,
                   GError **error)
{
  guint deadline_s = query->deadline_s > 0 ? query->deadline_s : STEWARD_QUERY_DEADLINE_S;
  gint64 deadline_us = g_get_monotonic_time () + deadline_s * G_USEC_PER_SEC;
  g_autoptr (StewardRows) result = NULL;
  StewardWait wait;

  if (g_cancellable_set_error_if_cancelled (cancellable, error)
      || !send_statement (self, query, error))
    return NULL;
  wait = wait_result (self->pg, deadline_us, cancellable);
  if (wait != STEWARD_WAIT_READY)
    cancel_statement (self);
  if (!self->is_lost)
    result = take_result (self);

  if (PQresultStatus (result) == PGRES_TUPLES_OK || PQresultStatus (result) == PGRES_COMMAND_OK)
    return g_steal_pointer (&result);
  if (wait != STEWARD_WAIT_READY)
    set_wait_error (self, wait, deadline_s, error);
  else
    set_result_error (self, result, error);
  return NULL;
}

gboolean
steward_query_execute (StewardConnection *self,
                       const StewardQuery *query,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (StewardRows) result = steward_query_run (self, query, cancellable, error);

  return result != NULL;
}

void
steward_query_rollback (StewardConnection *self)
{
  g_autoptr (GError) error = NULL;

  if (PQtransactionStatus (self->pg) == PQTRANS_IDLE)
    return;
  if (!steward_query_execute (self, &(StewardQuery){ .sql = "ROLLBACK" }, NULL, &error))
    {
      g_debug ("cannot roll back: %s", error->message);
      self->is_lost = TRUE;
    }
}

/* Text that is no UTF-8 becomes an empty name, which the server refuses. */
char *
steward_query_quote (StewardConnection *self, const char *name)
{
  char *quoted = PQescapeIdentifier (self->pg, name, strlen (name));
  char *copy = g_strdup (quoted != NULL ? quoted : "\"\"");

  PQfreemem (quoted);
  return copy;
}

char *
steward_query_quote_text (StewardConnection *self, const char *text)
{
  char *quoted = text != NULL ? PQescapeLiteral (self->pg, text, strlen (text)) : NULL;
  char *copy = g_strdup (quoted != NULL ? quoted : "NULL");

  PQfreemem (quoted);
  return copy;
}

char *
steward_query_dup (const PGresult *result, int row, int column)
{
  return PQgetisnull (result, row, column) ? NULL : g_strdup (PQgetvalue (result, row, column));
}

gboolean
steward_query_is_true (const PGresult *result, int row, int column)
{
  return g_str_equal (PQgetvalue (result, row, column), "t");
}
