/* The Flatpak sandbox that Steward may run in: what it was given, as the sandbox itself tells.
 * Where there is no sandbox nothing is missing. Private to the core, and to where the window starts
 * or meets a portal. */
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

/** steward_sandbox_get_document: what the desktop's portal shows of this machine in the sandbox,
 * each choice of somebody's in a folder of its own that means nothing to them. Any thread. Returns:
 * (transfer none) (nullable): the rest of @path, which begins with the name of what was chosen;
 * %NULL where it is no document */
const char *steward_sandbox_get_document (const char *path);

G_END_DECLS
