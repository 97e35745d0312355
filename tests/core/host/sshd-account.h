/* A throw-away account behind the real sshd of a fixture, which lets it in by PAM: pam_unix with a
 * password, and pam_oath with a one-time code. Nothing of this machine is changed: that sshd runs
 * in a mount namespace of its own, over whose /etc/passwd, /etc/shadow and /etc/pam.d/sshd the
 * fixture's own files lie. Needs root, and the capability to mount. */
#pragma once

#include "sshd-fixture.h"

G_BEGIN_DECLS

#define SSHD_ACCOUNT_NAME "steward-anna"

/** The first codes that an account with codes takes, each once: those of RFC 4226, appendix D. */
#define SSHD_ACCOUNT_CODES "84755224", "94287082", "37359152"

/** SshdAccountFlags:
 * @SSHD_ACCOUNT_CODE: after the password a one-time code is asked for
 */
typedef enum
{
  SSHD_ACCOUNT_DEFAULT = 0,
  SSHD_ACCOUNT_CODE = 1 << 0,
} SshdAccountFlags;

/** SshdAccount: @shell: (nullable): the login shell; %NULL for /bin/sh */
typedef struct
{
  const char *password;
  const char *shell;
  SshdAccountFlags flags;
} SshdAccount;

/** sshd_account_is_possible: whether this machine lets us do that; if not, skip. */
gboolean sshd_account_is_possible (void);

/** sshd_account_start: stops the fixture's sshd, and starts it with that account and nobody else,
 * without keys. Its home is the fixture's folder `home`, where it may not write. */
void sshd_account_start (SshdFixture *sshd, const SshdAccount *account);

G_END_DECLS
