/* A throw-away PostgreSQL cluster on loopback for the stand-in server's own tests, made from the
 * newest PostgreSQL that is installed. Runs as the user postgres where the tests run as root. */
#pragma once

#include <glib.h>

typedef struct Cluster Cluster;

/* Makes and starts a cluster, or aborts the test program. */
Cluster *cluster_new (void);

/* Makes an empty database. Returns: (transfer full): its address, with user and password. */
char *cluster_create_database (Cluster *self);

/* Ends the sessions in all databases but those of the caller's own. */
void cluster_end_sessions (Cluster *self);

/* Lets no new session in, or lets them in again. @url is one that cluster_create_database gave. */
void cluster_close_database (Cluster *self, const char *url);

guint16 cluster_get_port (Cluster *self);

/* Stops the cluster and removes its folder. */
void cluster_free (Cluster *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Cluster, cluster_free)

/* Runs @sql, which must go through. Returns: (transfer full): the first value, or an empty text. */
char *cluster_query (const char *url, const char *sql);

/* A loopback port on which nobody listens. */
guint16 cluster_find_free_port (void);
