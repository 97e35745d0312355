/* A throw-away PostgreSQL cluster. See cluster.h. */
#include "cluster.h"

#include <gio/gio.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#define PASSWORD "secret"

struct Cluster
{
  char *folder;        /* owned */
  char *programs;      /* owned: where initdb and postgres are */
  GSubprocess *server; /* owned */
  guint16 port;
  guint n_databases;
};

/* Runs the constant script with the cluster's values as $1…: never PostgreSQL as root, and never
 * longer than this program, which ends in the middle when a test fails. */
static GSubprocess *
start_as_postgres (Cluster *self, const char *script)
{
  g_autofree char *port = g_strdup_printf ("%u", self->port);
  const char *const as_root[] = { "setpriv",
                                  "--pdeathsig=INT",
                                  "--reuid=postgres",
                                  "--regid=postgres",
                                  "--clear-groups",
                                  "sh",
                                  "-euc",
                                  script,
                                  "sh",
                                  self->programs,
                                  self->folder,
                                  port,
                                  PASSWORD,
                                  NULL };
  const char *const as_user[] = { "setpriv",      "--pdeathsig=INT", "sh", "-euc",   script, "sh",
                                  self->programs, self->folder,      port, PASSWORD, NULL };
  g_autoptr (GError) error = NULL;
  GSubprocess *process = g_subprocess_newv (getuid () == 0 ? as_root : as_user,
                                            G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);

  g_assert_no_error (error);
  return process;
}

static void
hand_folder_to_postgres (Cluster *self)
{
  struct passwd *user = getpwnam ("postgres");

  if (getuid () != 0)
    return;
  g_assert_nonnull (user);
  g_assert_cmpint (chown (self->folder, user->pw_uid, user->pw_gid), ==, 0);
}

static void
make_data (Cluster *self)
{
  g_autoptr (GSubprocess) process = start_as_postgres (
      self, "cd \"$2\"; printf '%s\\n' \"$4\" >password;"
            "\"$1/initdb\" --no-sync -D data -U tester --pwfile=password --auth-local=trust"
            "  --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8;"
            "printf '%s\\n' \"listen_addresses = '127.0.0.1'\" \"port = $3\" 'fsync = off'"
            "  \"unix_socket_directories = '$2'\" >>data/postgresql.conf");
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

static char *
find_programs (void)
{
  g_autoptr (GDir) directory = g_dir_open ("/usr/lib/postgresql", 0, NULL);
  const char *name;
  guint64 newest = 0;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    newest = MAX (newest, g_ascii_strtoull (name, NULL, 10));
  if (newest == 0)
    g_error ("PostgreSQL is missing: install postgresql");
  return g_strdup_printf ("/usr/lib/postgresql/%" G_GUINT64_FORMAT "/bin", newest);
}

guint16
cluster_find_free_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

guint16
cluster_get_port (Cluster *self)
{
  return self->port;
}

static char *
build_url (Cluster *self, const char *database)
{
  return g_strdup_printf ("postgresql://tester:%s@127.0.0.1:%u/%s", PASSWORD, self->port, database);
}

static void
wait_for_server (Cluster *self)
{
  g_autofree char *url = build_url (self, "postgres");
  gint64 deadline = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;

  while (PQping (url) != PQPING_OK)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (20000);
    }
}

Cluster *
cluster_new (void)
{
  Cluster *self = g_new0 (Cluster, 1);

  self->folder = g_dir_make_tmp ("steward-cluster-XXXXXX", NULL);
  self->programs = find_programs ();
  self->port = cluster_find_free_port ();
  hand_folder_to_postgres (self);
  make_data (self);
  self->server = start_as_postgres (self, "cd \"$2\"; exec \"$1/postgres\" -D data >>log 2>&1");
  wait_for_server (self);
  return self;
}

char *
cluster_query (const char *url, const char *sql)
{
  PGconn *connection = PQconnectdb (url);
  PGresult *result = PQexec (connection, sql);
  ExecStatusType status = PQresultStatus (result);
  char *value;

  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
    g_error ("%s: %s", sql, PQerrorMessage (connection));
  value = g_strdup (PQntuples (result) > 0 ? PQgetvalue (result, 0, 0) : "");
  PQclear (result);
  PQfinish (connection);
  return value;
}

static void
query_cluster (Cluster *self, const char *sql)
{
  g_autofree char *url = build_url (self, "postgres");
  g_autofree char *value = cluster_query (url, sql);
}

char *
cluster_create_database (Cluster *self)
{
  g_autofree char *name = g_strdup_printf ("test_%u", ++self->n_databases);
  g_autofree char *sql = g_strdup_printf ("CREATE DATABASE %s", name);

  query_cluster (self, sql);
  return build_url (self, name);
}

void
cluster_end_sessions (Cluster *self)
{
  query_cluster (self, "SELECT pg_terminate_backend (pid) FROM pg_stat_activity"
                       " WHERE datname LIKE 'test%' AND pid <> pg_backend_pid ()");
}

void
cluster_close_database (Cluster *self, const char *url)
{
  g_autofree char *sql =
      g_strdup_printf ("ALTER DATABASE %s ALLOW_CONNECTIONS false", strrchr (url, '/') + 1);

  query_cluster (self, sql);
  cluster_end_sessions (self);
}

void
cluster_free (Cluster *self)
{
  const char *remove[] = { "rm", "-rf", "--", self->folder, NULL };

  g_subprocess_send_signal (self->server, SIGINT);
  g_subprocess_wait (self->server, NULL, NULL);
  g_object_unref (self->server);
  g_spawn_sync (NULL, (char **)remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  g_free (self->folder);
  g_free (self->programs);
  g_free (self);
}
