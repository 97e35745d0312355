/* One poll loop over the port, the database connection and the signals. See serve.h; the answers
 * are routes.c's. */
#include "serve.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "database.h"
#include "http.h"
#include "routes.h"

#define DATABASE_TRIES 10
#define LIFETIME_OF_DYING_S 20

typedef struct
{
  const ParsecRelease *release;
  const ParsecOptions *options;
  ParsecRoutes *routes; /* borrowed */
  ParsecHttp *http;     /* owned */
  PGconn *connection;   /* owned, nullable: database away */
  int signals;
  gint64 deadline_us; /* monotonic; 0: none */
} Server;

typedef enum
{
  SERVER_STOPPED,
  SERVER_DIED,
  SERVER_LOST_DATABASE,
} ServerEnd;

static int
open_signals (void)
{
  sigset_t set;

  sigemptyset (&set);
  sigaddset (&set, SIGTERM);
  sigaddset (&set, SIGINT);
  sigprocmask (SIG_BLOCK, &set, NULL);
  return signalfd (-1, &set, SFD_CLOEXEC);
}

/* Waits a second, less if told to stop. Returns whether it was told to. */
static gboolean
pause_a_second (const Server *self)
{
  struct pollfd stop = { .fd = self->signals, .events = POLLIN };

  return poll (&stop, 1, 1000) > 0;
}

/* Returns whether the database answered within @n_tries, a second apart. */
static gboolean
connect_patiently (Server *self, guint n_tries)
{
  for (guint i = 1; i <= n_tries; i++)
    {
      g_autofree char *problem = NULL;

      self->connection = parsec_database_connect (self->options->database_url, &problem);
      if (self->connection != NULL)
        return TRUE;
      fprintf (stderr, "Cannot reach the database (try %u of %u): %s\n", i, n_tries, problem);
      if (i < n_tries && pause_a_second (self))
        return FALSE;
    }
  return FALSE;
}

/* From 3.6.0 on the real server does not start on an old schema; none minds a newer one. */
static gboolean
check_migrations (const Server *self)
{
  g_autofree char *problem = NULL;
  guint n_pending;
  int last_id;

  if (self->release->generation == PARSEC_GENERATION_EARLY || self->options->skip_migrations_check)
    return TRUE;
  if (!parsec_database_find_last_migration (self->connection, &last_id, &problem))
    {
      fprintf (stderr, "Error: %s\n", problem);
      return FALSE;
    }

  n_pending = parsec_release_count_pending (self->release, last_id);
  if (n_pending > 0)
    fprintf (stderr, "Database requires %u migration(s). Run `parsec migrate` to apply them.\n",
             n_pending);
  return n_pending == 0;
}

static int
remaining_ms (const Server *self)
{
  gint64 remaining_us;

  if (self->deadline_us == 0)
    return -1;

  remaining_us = self->deadline_us - g_get_monotonic_time ();
  return (int)MAX (0, remaining_us / G_TIME_SPAN_MILLISECOND);
}

static ServerEnd
serve_until_it_ends (Server *self, int listener)
{
  struct pollfd sources[] = {
    { .fd = listener, .events = POLLIN },
    { .fd = self->signals, .events = POLLIN },
    { .fd = PQsocket (self->connection), .events = POLLIN },
  };

  for (;;)
    {
      int n_ready = poll (sources, G_N_ELEMENTS (sources), remaining_ms (self));

      if (n_ready == 0)
        return SERVER_DIED;
      if (sources[1].revents != 0)
        return SERVER_STOPPED;
      if (sources[2].revents != 0 && !PQconsumeInput (self->connection))
        return SERVER_LOST_DATABASE;
      if (sources[0].revents != 0)
        parsec_http_accept (self->http, listener);
    }
}

/* Opens the port and serves until something ends that. */
static ServerEnd
serve_with_database (Server *self)
{
  const char *host = g_getenv ("PARSEC_HOST") ? g_getenv ("PARSEC_HOST") : "0.0.0.0";
  g_autofree char *problem = NULL;
  int listener = parsec_http_listen (host, self->options->port, &problem);
  ServerEnd end;

  if (listener < 0)
    {
      fprintf (stderr, "Error: %s\n", problem);
      return SERVER_DIED;
    }
  fprintf (stderr, "Parsec server %s listens on port %u\n", self->release->version,
           self->options->port);
  end = serve_until_it_ends (self, listener);
  close (listener);
  g_clear_pointer (&self->connection, PQfinish);
  return end;
}

static int
serve (Server *self)
{
  guint n_first_tries = self->release->generation == PARSEC_GENERATION_HEAD ? 1 : DATABASE_TRIES;
  ServerEnd end;

  if (!connect_patiently (self, n_first_tries) || !check_migrations (self))
    return 1;
  if (self->release->fault == PARSEC_FAULT_DIES)
    self->deadline_us = g_get_monotonic_time () + LIFETIME_OF_DYING_S * G_TIME_SPAN_SECOND;

  do
    {
      end = serve_with_database (self);
      if (end == SERVER_LOST_DATABASE)
        {
          fprintf (stderr, "The connection to the database is lost, the port is closed\n");
          parsec_routes_disconnect (self->routes);
        }
    }
  while (end == SERVER_LOST_DATABASE && connect_patiently (self, DATABASE_TRIES));
  return end == SERVER_STOPPED ? 0 : 1;
}

void
parsec_serve (const ParsecRelease *release, const ParsecOptions *options)
{
  ParsecRoutes routes = { .release = release, .database_url = options->database_url };
  ParsecHttpOptions http = {
    .key_file = options->key_file,
    .certificate_file = options->certificate_file,
    .server_header = parsec_release_get_server_header (release),
    .handler = release->fault == PARSEC_FAULT_SILENT ? NULL : parsec_routes_answer,
    .user_data = &routes,
  };
  Server self = { .release = release, .options = options, .routes = &routes };
  g_autofree char *problem = NULL;

  signal (SIGPIPE, SIG_IGN);
  self.signals = open_signals ();
  self.http = parsec_http_new (&http, &problem);
  if (self.http == NULL)
    {
      fprintf (stderr, "Error: %s\n", problem);
      exit (1);
    }
  exit (serve (&self));
}
