/* Connection and schema state of the stand-in server. See database.h. */
#include "database.h"

#include <stdlib.h>

#define UNDEFINED_TABLE "42P01"
#define CONNECTION_CLOSED "the underlying connection is closed"

static void
ignore_notice (void *data, const char *message)
{
  (void)data;
  (void)message;
}

/* The server's own words where there are any: they follow "FATAL:" in libpq's message. */
static char *
describe_connection_problem (PGconn *connection)
{
  const char *message = PQerrorMessage (connection);
  const char *fatal = g_strrstr (message, "FATAL:");
  char *line = g_strdup (fatal ? fatal + strlen ("FATAL:") : message);
  char *end = strchr (g_strstrip (line), '\n');

  if (end != NULL)
    *end = '\0';
  return line;
}

static char *
describe_result_problem (PGconn *connection, const PGresult *result)
{
  const char *primary = PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY);
  const char *detail = PQresultErrorField (result, PG_DIAG_MESSAGE_DETAIL);
  const char *hint = PQresultErrorField (result, PG_DIAG_MESSAGE_HINT);
  GString *text;

  if (PQstatus (connection) == CONNECTION_BAD || primary == NULL)
    return g_strdup (CONNECTION_CLOSED);

  text = g_string_new (primary);
  if (detail != NULL)
    g_string_append_printf (text, "\nDETAIL:  %s", detail);
  if (hint != NULL)
    g_string_append_printf (text, "\nHINT:  %s", hint);
  return g_string_free (text, FALSE);
}

PGconn *
parsec_database_connect (const char *url, char **problem)
{
  const char *const keywords[] = { "dbname", "connect_timeout", "client_encoding", NULL };
  const char *const values[] = { url, "10", "UTF8", NULL };
  g_autoptr (PGconn) connection = PQconnectdbParams (keywords, values, 1);

  PQsetNoticeProcessor (connection, ignore_notice, NULL);
  if (PQstatus (connection) == CONNECTION_OK)
    return g_steal_pointer (&connection);

  *problem = describe_connection_problem (connection);
  return NULL;
}

gboolean
parsec_database_execute (PGconn *connection, const char *sql, char **problem)
{
  g_autoptr (PGresult) result = PQexec (connection, sql);
  ExecStatusType status = PQresultStatus (result);

  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
    return TRUE;

  *problem = describe_result_problem (connection, result);
  return FALSE;
}

gboolean
parsec_database_find_last_migration (PGconn *connection, int *last_id, char **problem)
{
  g_autoptr (PGresult) result =
      PQexec (connection, "SELECT _id FROM migration ORDER BY applied DESC, _id DESC LIMIT 1");
  const char *state = PQresultErrorField (result, PG_DIAG_SQLSTATE);

  *last_id = 0;
  if (g_strcmp0 (state, UNDEFINED_TABLE) == 0)
    return TRUE;
  if (PQresultStatus (result) != PGRES_TUPLES_OK)
    {
      *problem = describe_result_problem (connection, result);
      return FALSE;
    }
  if (PQntuples (result) > 0)
    *last_id = atoi (PQgetvalue (result, 0, 0));
  return TRUE;
}
