/* The ssh client that opens the shared connection and keeps it: one child process. It ends with the
 * thread that started it, and with its standard input. Private to the host folder. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** StewardSshMaster: descriptors that do not block; -1 once closed */
typedef struct
{
  GPid pid;
  int pidfd;
  int in, out, err;
} StewardSshMaster;

#define STEWARD_SSH_MASTER_INIT                                                                    \
  {                                                                                                \
    0, -1, -1, -1, -1                                                                              \
  }

/** steward_ssh_master_start: @askpass_socket: where the askpass program finds us
 * Errors: %STEWARD_ERROR_NOT_FOUND (no ssh), %STEWARD_ERROR_FAILED */
gboolean steward_ssh_master_start (StewardSshMaster *self,
                                   const char *const *argv,
                                   const char *askpass_socket,
                                   GError **error);

/** steward_ssh_master_end: lets it end, or ends it with all that it started; within 3 s. For one
 * that did not start, too. */
void steward_ssh_master_end (StewardSshMaster *self);

G_END_DECLS
