/* This machine, seen from within a Flatpak sandbox: a command leaves the sandbox by flatpak-spawn, and
 * everything that is done by commands, files and locks too, is done outside. */
#pragma once

#include "core/host/host.h"

G_BEGIN_DECLS

#define STEWARD_TYPE_SANDBOXED_HOST (steward_sandboxed_host_get_type ())
G_DECLARE_FINAL_TYPE (
    StewardSandboxedHost, steward_sandboxed_host, STEWARD, SANDBOXED_HOST, StewardHost)

/** steward_sandboxed_host_new: Errors of its commands: further %STEWARD_ERROR_DENIED (the sandbox
 * may not run commands outside: nothing was run; the message says what to type) */
StewardHost *steward_sandboxed_host_new (void);

G_END_DECLS
