/* Where a database server answers and as whom to enter; plain data, put together by others.
 * Opening a connection is connection.h's work. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * StewardEndpoint:
 * @host_name: (nullable): the host as the server's configuration spells it; TLS checks this name
 * @host_address: (nullable): a numeric address to connect to instead of resolving @host_name
 * @port: the TCP port, and the number in the name of a unix socket
 * @socket_folder: (nullable): connect to the unix socket in this folder of this machine instead of
 * either; without TLS then, whatever @sslmode says: how the bytes go on from there is the matter of
 * who made the socket
 * @user: the role
 * @password: (nullable): never part of a message, an argument or a log
 * @database: the live name: what the server's configuration asks for
 * @sslmode: (nullable): a value of libpq's `sslmode`; %NULL leaves libpq's default
 *
 * All strings are owned by the structure. At least one of @host_name and @host_address is set.
 */
typedef struct
{
  char *host_name;
  char *host_address;
  guint16 port;
  char *socket_folder;
  char *user;
  char *password;
  char *database;
  char *sslmode;
} StewardEndpoint;

/** steward_endpoint_new: Returns: (transfer full): an empty one with port 5432, to be filled in */
StewardEndpoint *steward_endpoint_new (void);
StewardEndpoint *steward_endpoint_copy (const StewardEndpoint *endpoint);

/** steward_endpoint_free: also wipes the password from memory. */
void steward_endpoint_free (StewardEndpoint *endpoint);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardEndpoint, steward_endpoint_free)

G_END_DECLS
