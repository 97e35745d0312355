/* A throw-away PostgreSQL cluster of the machine's own binaries on a free loopback port, for tests.
 * It demands passwords (SCRAM), knows the roles below and ends with the test program, however that
 * ends. */
#pragma once

#include "core/database/cluster.h"
#include "core/database/connection.h"

#define CLUSTER_SUPERUSER "steward_admin" /* a superuser */
#define CLUSTER_OWNER "parsec owner"      /* CREATEDB, no superuser */
#define CLUSTER_PLAIN "plain"             /* may log in, nothing else */
#define CLUSTER_FOREIGN "foreign"         /* likewise; somebody else's sessions */
#define CLUSTER_PASSWORD "a 'secret' of \"tests\""

typedef struct
{
  char *folder;
  char *data;
  guint16 port;
  GSubprocess *postgres; /* nullable: stopped */
  GPtrArray *sessions;   /* open PGconn */
} Cluster;

/** cluster_start: initdb, start, roles; aborts where that fails. */
Cluster *cluster_start (void);

/** cluster_stop: stops the server at once, as a crash of it looks to its clients; keeps the
 * data. */
void cluster_stop (Cluster *cluster);

/** cluster_free: stops it and removes its folder. */
void cluster_free (Cluster *cluster);

/** cluster_endpoint: Returns: (transfer full): the way in as @user, with @database as the live
 * name */
StewardEndpoint *cluster_endpoint (Cluster *cluster, const char *user, const char *database);

/** cluster_open: Returns: (transfer full): a session of the code under test */
StewardConnection *cluster_open (Cluster *cluster, const char *user, const char *database);

/** cluster_maintain: Returns: (transfer full): a maintenance session of the code under test */
StewardConnection *cluster_maintain (Cluster *cluster, const char *user);

/** cluster_find: Returns: (transfer full): the database @name; aborts where there is none */
StewardDatabase *cluster_find (StewardConnection *connection, const char *name);

/** cluster_sql: runs @sql as the superuser in @database; aborts where it fails.
 * Returns: (transfer full) (nullable): the first field of the last result */
char *cluster_sql (Cluster *cluster, const char *database, const char *sql);

/** cluster_session: opens a session that stays until cluster_leave(), and runs @sql in it.
 * Returns: its process id on the server */
int cluster_session (Cluster *cluster, const char *user, const char *database, const char *sql);
void cluster_leave (Cluster *cluster);

/** cluster_when: in a thread, waits (20 s at most) until the SQL @condition is true, and then
 * cancels @cancellable or, where that is NULL, runs @then as the superuser. Join it. */
GThread *
cluster_when (Cluster *cluster, const char *condition, GCancellable *cancellable, const char *then);

/** cluster_run: starts the test program's tests with one cluster for them all. */
int cluster_run (void);

/** cluster_get: Returns: (transfer none): that cluster */
Cluster *cluster_get (void);

/** cluster_reset: drops every database of earlier tests and their sessions, and makes a fresh
 * @database owned by
 * @owner with a `migration` table of two rows and a table `public."odd ""name"` of three. */
void cluster_reset (Cluster *cluster, const char *owner, const char *database);
