/* What ssh said when it could not connect, as one error for the administrator. Private to the host
 * folder. */
#pragma once

#include "core/host/ssh-address.h"

G_BEGIN_DECLS

/** steward_ssh_failure_set:
 * @said: what ssh printed on standard error (`LogLevel=VERBOSE`)
 * @printed: (nullable): what came from the account's login shell instead of our command
 *
 * Errors: %STEWARD_ERROR_UNREACHABLE, %STEWARD_ERROR_DENIED, %STEWARD_ERROR_REFUSED (the host key
 * is another one, or was not accepted), %STEWARD_ERROR_INVALID (ssh's own configuration). Blocks:
 * for a changed host key and for expired certificates the user's files are looked at.
 */
void steward_ssh_failure_set (const StewardSshAddress *address,
                              const char *said,
                              const char *printed,
                              GError **error);

/** steward_ssh_failure_is_authenticated: whether ssh said that it had come in. */
gboolean steward_ssh_failure_is_authenticated (const char *said);

G_END_DECLS
