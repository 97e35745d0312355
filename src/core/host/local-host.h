/* The host that is this machine. */
#pragma once

#include "core/host/host.h"

G_BEGIN_DECLS

#define STEWARD_TYPE_LOCAL_HOST (steward_local_host_get_type ())
G_DECLARE_FINAL_TYPE (StewardLocalHost, steward_local_host, STEWARD, LOCAL_HOST, StewardHost)

/** steward_local_host_new: In a Flatpak sandbox it is one that leaves the sandbox: see
 * core/host/sandboxed-host.h */
StewardHost *steward_local_host_new (void);

G_END_DECLS
