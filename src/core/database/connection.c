/* Opening and closing a session. libpq tells no SQLSTATE of a failed connection but in its verbose
 * message, so this file asks for that one and reads the code out of it; the words are never relied
 * on. */
#include "core/database/connection.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/database/query.h"

#define CONNECT_DEADLINE_US (10 * G_USEC_PER_SEC)

/* What the session must not inherit from the settings of a role or a database. */
#define SESSION_OPTIONS                                                                            \
  "-c search_path=pg_catalog,pg_temp -c statement_timeout=0 -c lock_timeout=10s -c "               \
  "row_security=off "                                                                              \
  "-c idle_in_transaction_session_timeout=0 -c default_transaction_read_only=off "                 \
  "-c standard_conforming_strings=on"

static void
discard_notice_cb (void *data, const PGresult *notice)
{
}

static PGconn *
start_connection (const StewardEndpoint *endpoint,
                  const char *database_name,
                  const char *application_name)
{
  g_autofree char *port = g_strdup_printf ("%u", endpoint->port);
  const char *folder = endpoint->socket_folder;
  const char *words[][2] = {
    { "host", folder != NULL ? folder : endpoint->host_name },
    { "hostaddr", folder != NULL ? NULL : endpoint->host_address },
    { "port", port },
    { "user", endpoint->user },
    { "password", endpoint->password },
    { "dbname", database_name },
    { "sslmode", folder != NULL ? "disable" : endpoint->sslmode },
    { "application_name", application_name },
    { "client_encoding", "UTF8" },
    { "options", SESSION_OPTIONS },
    { "keepalives_idle", "10" },
    { "keepalives_interval", "5" },
    { "keepalives_count", "3" },
    { "tcp_user_timeout", "30000" },
  };
  const char *keys[G_N_ELEMENTS (words) + 1] = { NULL };
  const char *values[G_N_ELEMENTS (words) + 1] = { NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      keys[i] = words[i][0];
      values[i] = words[i][1];
    }
  return PQconnectStartParams (keys, values, 0);
}

/* Returns whether the session stands; @furthest is how far it got. */
static StewardWait
drive_connection (PGconn *pg, ConnStatusType *furthest, GCancellable *cancellable)
{
  gint64 deadline_us = g_get_monotonic_time () + CONNECT_DEADLINE_US;
  PostgresPollingStatusType polling = PGRES_POLLING_WRITING;
  StewardWait wait = STEWARD_WAIT_READY;

  *furthest = CONNECTION_STARTED;
  while (wait == STEWARD_WAIT_READY && PQstatus (pg) != CONNECTION_BAD
         && polling != PGRES_POLLING_OK && polling != PGRES_POLLING_FAILED)
    {
      wait = steward_query_wait_socket (pg, polling == PGRES_POLLING_READING ? G_IO_IN : G_IO_OUT,
                                        deadline_us, cancellable);
      if (wait != STEWARD_WAIT_READY)
        break;
      *furthest = PQstatus (pg);
      polling = PQconnectPoll (pg);
    }
  return wait;
}

/* The code and the words of the last answer: with sslmode "prefer" libpq tries twice. */
static char *
find_sqlstate (PGconn *pg, char **words)
{
  g_autofree char *message = g_utf8_make_valid (PQerrorMessage (pg), -1);
  g_autoptr (GRegex) regex = g_regex_new (":  ([0-9A-Z]{5}): ([^\\n]*)", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  char *sqlstate = NULL;

  for (g_regex_match (regex, message, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_free (sqlstate);
      g_free (*words);
      sqlstate = g_match_info_fetch (match, 1);
      *words = g_match_info_fetch (match, 2);
    }
  if (sqlstate == NULL)
    *words = g_strdelimit (g_strdup (g_strstrip (message)), "\n", ' ');
  return sqlstate;
}

static void
set_denied_error (const StewardEndpoint *endpoint,
                  const char *place,
                  const char *database_name,
                  const char *sqlstate,
                  GError **error)
{
  if (g_strcmp0 (sqlstate, "42501") == 0)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED,
                 _ ("The role “%s” has no right to connect to the database “%s” at %s. "
                    "Grant it CONNECT."),
                 endpoint->user, database_name, place);
  else if (g_strcmp0 (sqlstate, "28000") == 0)
    g_set_error (
        error, STEWARD_ERROR, STEWARD_ERROR_DENIED,
        _ ("The database server at %s does not let the role “%s” in: it does not exist, may "
           "not log in, or pg_hba.conf turns it away."),
        place, endpoint->user);
  else
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED,
                 _ ("The database server at %s refused the password of the role “%s”. Check the "
                    "database address in the server's configuration."),
                 place, endpoint->user);
}

/* Without an answer of the server: nobody there, or TLS that was demanded and did not come
 * about. */
static int
code_without_answer (const StewardEndpoint *endpoint, ConnStatusType furthest)
{
  gboolean demands_tls =
      g_strcmp0 (endpoint->sslmode, "require") == 0
      || g_str_has_prefix (endpoint->sslmode ? endpoint->sslmode : "", "verify-");

  return demands_tls && furthest == CONNECTION_SSL_STARTUP ? STEWARD_ERROR_FAILED
                                                           : STEWARD_ERROR_UNREACHABLE;
}

static void
set_connect_error (PGconn *pg,
                   const StewardEndpoint *endpoint,
                   const char *place,
                   ConnStatusType furthest,
                   GError **error)
{
  g_autofree char *words = NULL;
  g_autofree char *sqlstate = find_sqlstate (pg, &words);
  const char *database_name = PQdb (pg);
  int code = sqlstate != NULL ? steward_query_error_code (sqlstate)
                              : code_without_answer (endpoint, furthest);

  if (PQconnectionNeedsPassword (pg) || code == STEWARD_ERROR_DENIED)
    set_denied_error (endpoint, place, database_name, sqlstate, error);
  else if (code == STEWARD_ERROR_NOT_FOUND)
    g_set_error (error, STEWARD_ERROR, code,
                 _ ("There is no database “%s” on the database server at %s."), database_name,
                 place);
  else if (g_strcmp0 (sqlstate, "55000") == 0)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                 _ ("The database “%s” at %s accepts no connections at present."), database_name,
                 place);
  else if (code == STEWARD_ERROR_UNREACHABLE)
    g_set_error (error, STEWARD_ERROR, code,
                 _ ("The database server at %s cannot be reached: %s. Check that it runs."), place,
                 words);
  else
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
                 _ ("No session with the database server at %s came about: %s."), place, words);
}

static void
set_wait_error (StewardWait wait, const char *place, GError **error)
{
  if (wait == STEWARD_WAIT_CANCELLED)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("Cancelled"));
  else
    g_set_error (
        error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
        _ ("The database server at %s did not answer within 10 seconds. Check that it runs."),
        place);
}

/* What only exists on some versions, or only a superuser may set. */
static gboolean
set_up_session (StewardConnection *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (StewardRows) result = steward_query_run (
      self,
      &(StewardQuery){
          .sql = "SELECT host (inet_server_addr ()),"
                 " (SELECT set_config (name, '0', false) FROM pg_settings"
                 "  WHERE name = 'idle_session_timeout'),"
                 " (SELECT set_config (name, 'C', false) FROM pg_settings"
                 "  WHERE name = 'lc_messages' AND current_setting ('is_superuser') = 'on')" },
      cancellable, error);

  if (result == NULL)
    return FALSE;
  self->server_address = steward_query_dup (result, 0, 0);
  return TRUE;
}

StewardConnection *
steward_connection_open (const StewardEndpoint *endpoint,
                         const char *database_name,
                         const char *application_name,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (StewardConnection) self = g_new0 (StewardConnection, 1);
  ConnStatusType furthest;
  StewardWait wait;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  self->place =
      g_strdup_printf ("%s:%u",
                       endpoint->host_name != NULL ? endpoint->host_name : endpoint->host_address,
                       endpoint->port);
  self->pg = start_connection (endpoint, database_name, application_name);
  PQsetErrorVerbosity (self->pg, PQERRORS_VERBOSE);
  PQsetNoticeReceiver (self->pg, discard_notice_cb, NULL);
  wait = drive_connection (self->pg, &furthest, cancellable);
  if (wait != STEWARD_WAIT_READY)
    {
      set_wait_error (wait, self->place, error);
      return NULL;
    }
  if (PQstatus (self->pg) != CONNECTION_OK)
    {
      set_connect_error (self->pg, endpoint, self->place, furthest, error);
      return NULL;
    }
  PQsetnonblocking (self->pg, 1);
  return set_up_session (self, cancellable, error) ? g_steal_pointer (&self) : NULL;
}

StewardConnection *
steward_connection_open_maintenance (const StewardEndpoint *endpoint,
                                     const char *application_name,
                                     GCancellable *cancellable,
                                     GError **error)
{
  StewardConnection *connection = NULL;

  if (g_strcmp0 (endpoint->database, "postgres") != 0)
    {
      g_autoptr (GError) reason = NULL;

      connection =
          steward_connection_open (endpoint, "postgres", application_name, cancellable, &reason);
      if (connection == NULL && !g_error_matches (reason, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND)
          && !g_error_matches (reason, STEWARD_ERROR, STEWARD_ERROR_DENIED))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }
    }
  if (connection == NULL)
    connection =
        steward_connection_open (endpoint, "template1", application_name, cancellable, error);
  return connection;
}

void
steward_connection_close (StewardConnection *self)
{
  PQfinish (self->pg);
  g_free (self->place);
  g_free (self->server_address);
  g_free (self);
}

const char *
steward_connection_get_server_address (StewardConnection *self)
{
  return self->server_address;
}

int
steward_connection_get_server_version (StewardConnection *self)
{
  return PQserverVersion (self->pg);
}
