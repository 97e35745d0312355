/* What sshd is told for the operations' tests. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** ssh_settings_dup: lines of sshd_config: a session of sshd has the environment that they say,
 * and none of this program's.
 * @path: (nullable): a folder in front of PATH
 * @variables: (nullable): further ones, `NAME=VALUE NAME=VALUE`; the first one of a name counts */
char *ssh_settings_dup (const char *path, const char *variables);

G_END_DECLS
