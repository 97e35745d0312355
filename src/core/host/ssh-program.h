/* The OpenSSH client's programs: how they are called. Private to the host folder. */
#pragma once

#include "core/host/ssh-address.h"

G_BEGIN_DECLS

/** The environment variable that names a configuration file for ssh to read instead of the user's
 * and the system's; for tests and unusual set-ups. */
#define STEWARD_SSH_CONFIG "STEWARD_SSH_CONFIG"

/** steward_ssh_program_argv: Returns: (transfer full) (element-type utf8): `ssh`, the options that
 * name the host, and last the host; insert further options after the first element, and end it with
 * %NULL */
GPtrArray *steward_ssh_program_argv (const StewardSshAddress *address);

/** steward_ssh_program_master_argv: Returns: (transfer full) (element-type utf8): the client that
 * opens the shared connection at @socket and runs @line there */
GPtrArray *steward_ssh_program_master_argv (const StewardSshAddress *address,
                                            const char *socket,
                                            const char *line);

/** steward_ssh_program_client_argv: Returns: (transfer full) (element-type utf8): a client of the
 * shared connection at @socket, without anything to do yet. It never opens a connection of its own:
 * if that one cannot be used it prints %STEWARD_SSH_NO_MASTER and fails. */
GPtrArray *steward_ssh_program_client_argv (const char *socket);

#define STEWARD_SSH_NO_MASTER "steward-no-connection"

/** steward_ssh_program_read: runs a short program of this machine without input, for at most 5 s.
 * Returns: (transfer full) (nullable): its output; %NULL if it failed */
char *steward_ssh_program_read (const char *const *argv);

G_END_DECLS
