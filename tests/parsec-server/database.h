/* The stand-in server's connection to PostgreSQL and where its schema stands.
 * Leaves applying migrations to migrate.c. */
#pragma once

#include <glib.h>
#include <libpq-fe.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PGconn, PQfinish)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PGresult, PQclear)

/* Connects, waiting ten seconds at most. Returns: (transfer full) (nullable): NULL with @problem
 * set to one line without the address's secrets. */
PGconn *parsec_database_connect (const char *url, char **problem);

/* Runs @sql, which may hold several statements. Returns whether it went through; if not, @problem
 * is set to the message, with its detail and hint on lines of their own as the real driver does. */
gboolean parsec_database_execute (PGconn *connection, const char *sql, char **problem);

/* Sets @last_id to the migration with the newest time of application, 0 if there is none or no
 * table; that, and not the highest number, is what the real server goes by. */
gboolean parsec_database_find_last_migration (PGconn *connection, int *last_id, char **problem);
