/* Where a host is reached: the text that an administrator types. Pure. */
#pragma once

#include "core/base/error.h"

G_BEGIN_DECLS

/** StewardSshAddress:
 * @user: (nullable): %NULL: as ssh's configuration says
 * @host: a name, an alias of `~/.ssh/config`, or a numeric address (IPv6 without brackets)
 * @port: 0 for ssh's own choice
 */
typedef struct
{
  char *user;
  char *host;
  guint16 port;
} StewardSshAddress;

/** steward_ssh_address_parse: reads `[USER@]HOST[:PORT]` or `[USER@][IPV6][:PORT]`; a bare IPv6
 * address is understood too. Returns: (transfer full) (nullable)
 * Errors: %STEWARD_ERROR_INVALID (empty, a leading dash, blanks, control characters, characters of
 * a shell, a port that is none) */
StewardSshAddress *steward_ssh_address_parse (const char *text, GError **error);

/** steward_ssh_address_format: Returns: (transfer full): what steward_ssh_address_parse() reads
 * back as the same address */
char *steward_ssh_address_format (const StewardSshAddress *address);

StewardSshAddress *steward_ssh_address_copy (const StewardSshAddress *address);
void steward_ssh_address_free (StewardSshAddress *address);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardSshAddress, steward_ssh_address_free)

G_END_DECLS
