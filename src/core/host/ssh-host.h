/* A host reached over SSH, by the OpenSSH client of this machine (8.7 or later): what that client's
 * configuration says counts, aliases, jump hosts, agents and certificates too. One shared
 * connection carries all commands; it is opened by the first one, and again by the next one after
 * it broke.
 *
 * The environment variable STEWARD_SSH_CONFIG names a configuration file that is read instead of
 * the user's and the system's; for tests and unusual set-ups. */
#pragma once

#include "core/host/host.h"
#include "core/host/ssh-address.h"
#include "core/host/ssh-question.h"

G_BEGIN_DECLS

#define STEWARD_TYPE_SSH_HOST (steward_ssh_host_get_type ())
G_DECLARE_FINAL_TYPE (StewardSshHost, steward_ssh_host, STEWARD, SSH_HOST, StewardHost)

/** steward_ssh_host_new: connects to nothing yet.
 * @asker: (nullable): answers what ssh asks; copied, and its data is freed with the host */
StewardHost *steward_ssh_host_new (const StewardSshAddress *address, const StewardSshAsker *asker);

/**
 * steward_ssh_host_connect:
 *
 * Ensures that the connection stands; every command does so by itself. Blocks until the host has
 * let us in and its shell has run something; the time that questions stay open does not count.
 * Several threads wait for the same opening; it is given up when the last of them is cancelled.
 *
 * Errors: %STEWARD_ERROR_UNREACHABLE (no such host, no answer, refused port), %STEWARD_ERROR_DENIED
 * (user, keys or answers are wrong or missing; the account runs no commands),
 * %STEWARD_ERROR_REFUSED (another host key than the known one, one that was not accepted, or an
 * expired certificate of the host), %STEWARD_ERROR_INVALID (ssh's configuration),
 * %STEWARD_ERROR_NOT_FOUND (no ssh on this machine)
 */
gboolean steward_ssh_host_connect (StewardSshHost *self, GCancellable *cancellable, GError **error);

/** steward_ssh_list_configured_hosts: the hosts that the user's ssh configuration names, those of
 * included files too; patterns are left out. Never fails. Returns: (transfer full): each once, in
 * their order */
char **steward_ssh_list_configured_hosts (void);

G_END_DECLS
