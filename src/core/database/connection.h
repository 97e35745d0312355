/* One session with a PostgreSQL server (13 or later). What can be asked or done through it stands
 * in the other headers of this folder; there is no general query. */
#pragma once

#include <gio/gio.h>

#include "core/database/endpoint.h"

G_BEGIN_DECLS

/** StewardConnection: used by one thread at a time. Every function that takes one blocks, ends
 * early when its cancellable says so (the statement is then cancelled on the server too) and has a
 * deadline (30 s where its header names no other). */
typedef struct _StewardConnection StewardConnection;

/**
 * steward_connection_open:
 * @database_name: the database to enter; need not be the endpoint's
 * @application_name: what others see in pg_stat_activity (63 bytes at most)
 *
 * Opens a session that searches pg_catalog alone, has no statement timeout, waits 10 s at most for
 * a lock and never sees rows filtered by row security. Where @endpoint has no numeric address, the
 * look-up of the name cannot be cancelled.
 *
 * Errors: %STEWARD_ERROR_UNREACHABLE (refused, no answer in 10 s, starting up, no connection left),
 * %STEWARD_ERROR_DENIED (password, unknown role, pg_hba.conf, no CONNECT right),
 * %STEWARD_ERROR_NOT_FOUND (no such database), %STEWARD_ERROR_REFUSED (the database accepts no
 * connections), %STEWARD_ERROR_FAILED (TLS and the rest).
 *
 * Returns: (transfer full): the session; close it with steward_connection_close()
 */
StewardConnection *steward_connection_open (const StewardEndpoint *endpoint,
                                            const char *database_name,
                                            const char *application_name,
                                            GCancellable *cancellable,
                                            GError **error);

/**
 * steward_connection_open_maintenance:
 *
 * Opens a session outside the live database, as renaming and copying need it: in `postgres`, else
 * in `template1`. Errors as steward_connection_open(), about the last one tried.
 */
StewardConnection *steward_connection_open_maintenance (const StewardEndpoint *endpoint,
                                                        const char *application_name,
                                                        GCancellable *cancellable,
                                                        GError **error);

/** steward_connection_close: frees @connection. What it had not committed is rolled back. */
void steward_connection_close (StewardConnection *connection);

/** steward_connection_get_server_address: the address at which the *server* took this session:
 * inside a container its own, whatever port was published. Returns: (nullable): %NULL on a unix
 * socket */
const char *steward_connection_get_server_address (StewardConnection *connection);

/** steward_connection_get_server_version: Returns: PostgreSQL's server_version_num, 160010
 * for 16.10 */
int steward_connection_get_server_version (StewardConnection *connection);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardConnection, steward_connection_close)

G_END_DECLS
