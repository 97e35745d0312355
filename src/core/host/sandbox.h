/* The Flatpak sandbox that Steward may run in: what it was given, as the sandbox itself tells. Where
 * there is no sandbox nothing is missing. Private to the core and to the window's start. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Where Flatpak describes a sandbox within it. */
#define STEWARD_SANDBOX_INFO "/.flatpak-info"

typedef enum
{
  STEWARD_PERMISSION_HOST_COMMANDS, /* to run commands of this machine */
  STEWARD_PERMISSION_NETWORK,
  STEWARD_PERMISSION_SSH_FOLDER, /* to read ~/.ssh */
  STEWARD_PERMISSION_SSH_AGENT,
  STEWARD_PERMISSION_DISPLAY,
} StewardPermission;

/** steward_sandbox_is_here: whether Steward runs in a sandbox. Any thread. */
gboolean steward_sandbox_is_here (void);

/**
 * steward_sandbox_find_lack:
 * @info: the file that describes the sandbox: %STEWARD_SANDBOX_INFO but for tests
 *
 * Any thread; reads a small file.
 *
 * Returns: (transfer full) (nullable): the sentence that says what is not allowed and what to type;
 * %NULL if the permission is there, or no sandbox
 */
char *steward_sandbox_find_lack (const char *info, StewardPermission permission);

G_END_DECLS
