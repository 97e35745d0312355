/* Our end of the askpass program: ssh starts that program for each question, and it hands the
 * question over on a socket of a private folder. Private to the host folder. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** The environment variable by which the askpass program finds the socket. */
#define STEWARD_ASKPASS_SOCKET "STEWARD_ASKPASS_SOCKET"

/** steward_ssh_askpass_listen: Returns: a listening descriptor; -1 on error */
int steward_ssh_askpass_listen (const char *path, GError **error);

/** steward_ssh_askpass_accept: takes one question of this user's; waits at most 5 s for its text.
 * @hint: (out) (transfer full): what kind of prompt ssh says it is, mostly empty
 * @prompt: (out) (transfer full): ssh's words
 * Returns: a descriptor to answer on; -1 where none came */
int steward_ssh_askpass_accept (int listener, char **hint, char **prompt);

/** steward_ssh_askpass_answer: @answer: (nullable): %NULL for none. Closes @fd. */
void steward_ssh_askpass_answer (int fd, const char *answer);

/** steward_ssh_askpass_get_program: Returns: the program's path; the environment variable
 * STEWARD_ASKPASS names another one, for what is not installed */
const char *steward_ssh_askpass_get_program (void);

G_END_DECLS
