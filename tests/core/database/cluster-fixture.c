/* Starting and ending the tests' own PostgreSQL; what is asked of it stands in the tests. */
#include "cluster-fixture.h"

#include <glib/gstdio.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

static Cluster *the_cluster;

/* PG_BINDIR chooses another version than the machine's own. */
static char *
find_binary (const char *name)
{
  g_autofree char *folder = g_strdup (g_getenv ("PG_BINDIR"));
  char *path;

  if (folder == NULL)
    g_spawn_command_line_sync ("pg_config --bindir", &folder, NULL, NULL, NULL);
  path = g_build_filename (folder != NULL ? g_strstrip (folder) : "", name, NULL);
  for (int major = 40; major >= 13 && !g_file_test (path, G_FILE_TEST_IS_EXECUTABLE); major--)
    {
      g_free (path);
      path = g_strdup_printf ("/usr/lib/postgresql/%d/bin/%s", major, name);
    }
  if (!g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
    g_error ("PostgreSQL's program %s is not installed", name);
  return path;
}

/* PostgreSQL refuses to run as root. */
static struct passwd *
find_unprivileged_user (void)
{
  struct passwd *user = geteuid () == 0 ? getpwnam ("postgres") : NULL;

  return user != NULL || geteuid () != 0 ? user : getpwnam ("nobody");
}

static void
enter_child_cb (gpointer data)
{
  struct passwd *user = data;

  if (user != NULL
      && (setgroups (0, NULL) != 0 || setgid (user->pw_gid) != 0 || setuid (user->pw_uid) != 0))
    _exit (126);
  prctl (PR_SET_PDEATHSIG, SIGINT);
}

static GSubprocess *
spawn (Cluster *self, const char *const *argv)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autofree char *log = g_build_filename (self->folder, "log", NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_set_cwd (launcher, self->folder);
  g_subprocess_launcher_set_stderr_file_path (launcher, log);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  g_subprocess_launcher_set_child_setup (launcher, enter_child_cb, find_unprivileged_user (), NULL);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  return process;
}

static void
init_data (Cluster *self)
{
  g_autofree char *initdb = find_binary ("initdb");
  g_autofree char *password = g_build_filename (self->folder, "password", NULL);
  const char *argv[] = {
    initdb,     "-D",     self->data, "-U",   CLUSTER_SUPERUSER,  "--auth=scram-sha-256",
    "--pwfile", password, "-E",       "UTF8", "--locale=C.UTF-8", "--no-sync",
    NULL
  };
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_file_set_contents (password, CLUSTER_PASSWORD "\n", -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (password, 0644), ==, 0);
  process = spawn (self, argv);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

static guint16
find_free_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

static PGconn *
connect_raw (Cluster *self, const char *user, const char *database)
{
  g_autofree char *port = g_strdup_printf ("%u", self->port);
  const char *keys[] = { "host", "port", "user", "password", "dbname", "application_name", NULL };
  const char *values[] = { "127.0.0.1", port, user, CLUSTER_PASSWORD, database, "somebody", NULL };

  return PQconnectdbParams (keys, values, 0);
}

static void
start_postgres (Cluster *self)
{
  g_autofree char *postgres = find_binary ("postgres");
  g_autofree char *port = g_strdup_printf ("%u", self->port);
  const char *argv[] = { postgres,
                         "-D",
                         self->data,
                         "-p",
                         port,
                         "-h",
                         "127.0.0.1",
                         "-k",
                         "",
                         "-c",
                         "fsync=off",
                         "-c",
                         "max_prepared_transactions=5",
                         "-c",
                         "wal_level=logical",
                         "-c",
                         "lc_messages=C.UTF-8",
                         NULL };
  gint64 deadline_us = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;
  gboolean is_up = FALSE;

  self->postgres = spawn (self, argv);
  while (!is_up && g_get_monotonic_time () < deadline_us)
    {
      PGconn *pg = connect_raw (self, CLUSTER_SUPERUSER, "postgres");

      is_up = PQstatus (pg) == CONNECTION_OK;
      PQfinish (pg);
      if (!is_up)
        g_usleep (20000);
    }
  g_assert_true (is_up);
}

Cluster *
cluster_start (void)
{
  Cluster *self = g_new0 (Cluster, 1);
  struct passwd *user = find_unprivileged_user ();
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("steward-database-test-XXXXXX", &error);
  g_assert_no_error (error);
  g_assert_true (user == NULL || chown (self->folder, user->pw_uid, user->pw_gid) == 0);
  self->data = g_build_filename (self->folder, "data", NULL);
  self->port = find_free_port ();
  self->sessions = g_ptr_array_new_with_free_func ((GDestroyNotify)PQfinish);
  init_data (self);
  start_postgres (self);
  g_free (cluster_sql (self, "postgres",
                       "SET password_encryption = 'scram-sha-256';"
                       "CREATE ROLE \"" CLUSTER_OWNER
                       "\" LOGIN CREATEDB PASSWORD 'a ''secret'' of \"tests\"';"
                       "CREATE ROLE plain LOGIN PASSWORD 'a ''secret'' of \"tests\"';"
                       "CREATE ROLE \"foreign\" LOGIN PASSWORD 'a ''secret'' of \"tests\"'"));
  return self;
}

void
cluster_stop (Cluster *self)
{
  if (self->postgres == NULL)
    return;
  g_subprocess_send_signal (self->postgres, SIGQUIT);
  g_subprocess_wait (self->postgres, NULL, NULL);
  g_clear_object (&self->postgres);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir =
      g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

void
cluster_free (Cluster *self)
{
  cluster_leave (self);
  g_ptr_array_unref (self->sessions);
  cluster_stop (self);
  remove_tree (self->folder);
  g_free (self->folder);
  g_free (self->data);
  g_free (self);
}

StewardEndpoint *
cluster_endpoint (Cluster *self, const char *user, const char *database)
{
  StewardEndpoint *endpoint = steward_endpoint_new ();

  endpoint->host_address = g_strdup ("127.0.0.1");
  endpoint->port = self->port;
  endpoint->user = g_strdup (user);
  endpoint->password = g_strdup (CLUSTER_PASSWORD);
  endpoint->database = g_strdup (database);
  return endpoint;
}

StewardConnection *
cluster_open (Cluster *self, const char *user, const char *database)
{
  g_autoptr (StewardEndpoint) endpoint = cluster_endpoint (self, user, database);
  g_autoptr (GError) error = NULL;
  StewardConnection *connection =
      steward_connection_open (endpoint, database, "steward test", NULL, &error);

  g_assert_no_error (error);
  return connection;
}

StewardConnection *
cluster_maintain (Cluster *self, const char *user)
{
  g_autoptr (StewardEndpoint) endpoint = cluster_endpoint (self, user, "parsec");
  g_autoptr (GError) error = NULL;
  StewardConnection *connection =
      steward_connection_open_maintenance (endpoint, "steward test", NULL, &error);

  g_assert_no_error (error);
  return connection;
}

StewardDatabase *
cluster_find (StewardConnection *connection, const char *name)
{
  g_autoptr (GError) error = NULL;
  StewardDatabase *database = steward_cluster_find_database (connection, name, NULL, &error);

  g_assert_no_error (error);
  return database;
}

static char *
run_raw (PGconn *pg, const char *sql)
{
  PGresult *result = PQexec (pg, sql);
  ExecStatusType status = PQresultStatus (result);
  char *value = NULL;

  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
    g_error ("%s: %s", sql, PQerrorMessage (pg));
  if (PQntuples (result) > 0)
    value = g_strdup (PQgetvalue (result, 0, 0));
  PQclear (result);
  return value;
}

char *
cluster_sql (Cluster *self, const char *database, const char *sql)
{
  PGconn *pg = connect_raw (self, CLUSTER_SUPERUSER, database);
  char *value = run_raw (pg, sql);

  PQfinish (pg);
  return value;
}

int
cluster_session (Cluster *self, const char *user, const char *database, const char *sql)
{
  PGconn *pg = connect_raw (self, user, database);

  g_assert_cmpint (PQstatus (pg), ==, CONNECTION_OK);
  g_ptr_array_add (self->sessions, pg);
  g_free (run_raw (pg, sql));
  return PQbackendPID (pg);
}

void
cluster_leave (Cluster *self)
{
  g_ptr_array_set_size (self->sessions, 0);
}

typedef struct
{
  Cluster *cluster;
  const char *condition;
  GCancellable *cancellable;
  const char *then;
} When;

static gpointer
when_cb (gpointer data)
{
  g_autofree When *when = data;
  gint64 deadline_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  gboolean is_met = FALSE;

  while (!is_met && g_get_monotonic_time () < deadline_us)
    {
      g_autofree char *value = cluster_sql (when->cluster, "postgres", when->condition);

      is_met = g_strcmp0 (value, "t") == 0;
      if (!is_met)
        g_usleep (20000);
    }
  g_assert_true (is_met);
  if (when->cancellable != NULL)
    g_cancellable_cancel (when->cancellable);
  else
    g_free (cluster_sql (when->cluster, "postgres", when->then));
  return NULL;
}

GThread *
cluster_when (Cluster *self, const char *condition, GCancellable *cancellable, const char *then)
{
  When *when = g_new0 (When, 1);

  *when = (When){ self, condition, cancellable, then };
  return g_thread_new ("when", when_cb, when);
}

static void
drop_databases (Cluster *self)
{
  g_autofree char *statements = cluster_sql (self, "postgres",
                                             "SELECT string_agg (format ('DROP DATABASE %I WITH "
                                             "(FORCE)', datname), E'\\n') FROM pg_database"
                                             " WHERE NOT datistemplate AND datname <> 'postgres'");
  g_auto (GStrv) lines = g_strsplit (statements, "\n", -1);

  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    g_free (cluster_sql (self, "postgres", lines[i]));
}

void
cluster_reset (Cluster *self, const char *owner, const char *database)
{
  PGconn *pg = connect_raw (self, CLUSTER_SUPERUSER, "postgres");
  char *quoted_owner = PQescapeIdentifier (pg, owner, strlen (owner));
  char *quoted_name = PQescapeIdentifier (pg, database, strlen (database));
  g_autofree char *create =
      g_strdup_printf ("CREATE DATABASE %s OWNER %s", quoted_name, quoted_owner);
  g_autofree char *fill = g_strdup_printf (
      "ALTER SCHEMA public OWNER TO %s; SET ROLE %s;"
      "CREATE TABLE migration (_id INTEGER PRIMARY KEY, name VARCHAR(256) UNIQUE NOT NULL,"
      " applied TIMESTAMPTZ NOT NULL);"
      "INSERT INTO migration VALUES (1, 'initial', '2026-01-02 03:04:05.678901+00'),"
      " (2, 'second', '2026-02-02 00:00:00+00');"
      "CREATE TABLE \"odd \"\"name\" (n INTEGER PRIMARY KEY, t TEXT);"
      "INSERT INTO \"odd \"\"name\" SELECT n, 'x' FROM generate_series (1, 3) n;",
      quoted_owner, quoted_owner);

  cluster_leave (self);
  drop_databases (self);
  g_free (run_raw (pg, create));
  g_free (cluster_sql (self, database, fill));
  PQfreemem (quoted_owner);
  PQfreemem (quoted_name);
  PQfinish (pg);
}

int
cluster_run (void)
{
  int status;

  the_cluster = cluster_start ();
  status = g_test_run ();
  g_clear_pointer (&the_cluster, cluster_free);
  return status;
}

Cluster *
cluster_get (void)
{
  return the_cluster;
}
