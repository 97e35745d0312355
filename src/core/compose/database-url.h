/* The address of a database as PARSEC_DB spells it: reading it, and the same address with another
 * database's name. Opens no connection.
 * Source of the form: PostgreSQL's documentation, "Connection URIs". */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * StewardDatabaseUrl:
 * @user: (nullable): decoded
 * @password: (nullable): decoded; a secret
 * @host: (nullable): decoded; name, address or folder of a unix socket; %NULL means the default one
 * @port: 0 means the default one
 * @database: decoded
 * @parameters: name → value, decoded, of what follows the `?`, but for what stands above
 */
typedef struct
{
  char *user;
  char *password;
  char *host;
  guint16 port;
  char *database;
  GHashTable *parameters;
} StewardDatabaseUrl;

/**
 * steward_database_url_parse:
 *
 * Pure. What the server and libpq would read differently is refused: several hosts, a bare `#` or a
 * second bare `@`, a value given twice, a database's name among the parameters. So is an address
 * that names no database. Messages never quote the address.
 *
 * Returns: (transfer full): the parts, or %NULL with %STEWARD_ERROR_INVALID
 */
StewardDatabaseUrl *steward_database_url_parse (const char *url, GError **error);
void steward_database_url_free (StewardDatabaseUrl *self);

/**
 * steward_database_url_dup_with_database:
 * @database: the other database's name, not encoded
 *
 * Returns: (transfer full): @url with @database in place of its own and every other byte as it
 * was, or %NULL with %STEWARD_ERROR_INVALID as for steward_database_url_parse()
 */
char *
steward_database_url_dup_with_database (const char *url, const char *database, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardDatabaseUrl, steward_database_url_free)

G_END_DECLS
