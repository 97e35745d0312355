/* The shared connection to one host: an ssh client that opens it and keeps it, on a thread of its
 * own; other clients pass commands through it. Private to the host folder. */
#pragma once

#include "core/host/ssh-address.h"
#include "core/host/ssh-question.h"

G_BEGIN_DECLS

typedef struct _StewardSshConnection StewardSshConnection;

/** steward_ssh_connection_new: opens nothing yet. Takes over @asker's data. */
StewardSshConnection *steward_ssh_connection_new (const StewardSshAddress *address,
                                                  const StewardSshAsker *asker);

/** steward_ssh_connection_free: closes the connection; blocks for a moment. Nobody may use it. */
void steward_ssh_connection_free (StewardSshConnection *self);

/** steward_ssh_connection_enter: waits until the connection stands, opening it if need be, and
 * until there is room for one more session; leave it with steward_ssh_connection_leave().
 * @serial: (out): which connection it is: another number after each opening
 * Errors: as steward_ssh_host_connect() */
gboolean steward_ssh_connection_enter (StewardSshConnection *self,
                                       guint *serial,
                                       GCancellable *cancellable,
                                       GError **error);
void steward_ssh_connection_leave (StewardSshConnection *self);

/** steward_ssh_connection_drop: gives that connection up, if it is still the one. */
void steward_ssh_connection_drop (StewardSshConnection *self, guint serial);

/** steward_ssh_connection_is_open: whether that connection still stands, as far as is known. */
gboolean steward_ssh_connection_is_open (StewardSshConnection *self, guint serial);

/** steward_ssh_connection_end_command: asks the host to end a command's processes. Does not block.
 * @group: 0 where it is not known */
void steward_ssh_connection_end_command (StewardSshConnection *self, int group, const char *token);

/** steward_ssh_connection_get_prohibitions: Returns: how many forwards the host has forbidden since
 * the connection stands */
guint steward_ssh_connection_get_prohibitions (StewardSshConnection *self);

/** steward_ssh_connection_get_socket: Returns: where clients find the connection; valid between
 * enter and leave */
const char *steward_ssh_connection_get_socket (StewardSshConnection *self);

/** steward_ssh_connection_dup_token: Returns: (transfer full): a token for one command's markers */
char *steward_ssh_connection_dup_token (StewardSshConnection *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardSshConnection, steward_ssh_connection_free)

G_END_DECLS
