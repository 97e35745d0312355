/* A command as one line that every login shell reads alike, and that frames its output. Pure.
 * Private to the host folder. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * steward_command_line:
 * @token: letters and digits; see core/host/framing.h
 *
 * sshd hands the line to the account's login shell, which may be of any kind: sh, bash, dash, zsh,
 * busybox, fish, csh, tcsh. Between single quotes all of them agree on every character but the
 * quote itself, the backslash before a quote or another backslash (fish), the line end and the
 * exclamation mark (csh): none of these is used, arguments are spelled without them.
 *
 * Returns: (transfer full): the line
 */
char *steward_command_line (const char *token, const char *const *argv);

G_END_DECLS
