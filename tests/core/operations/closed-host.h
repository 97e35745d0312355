/* This machine, as a host that lets commands through and no forward: what AllowTcpForwarding no
 * makes of an SSH host, or a rootless engine of any. */
#pragma once

#include "core/host/host.h"

G_BEGIN_DECLS

#define CLOSED_TYPE_HOST (closed_host_get_type ())
G_DECLARE_FINAL_TYPE (ClosedHost, closed_host, CLOSED, HOST, StewardHost)

typedef enum
{
  CLOSED_HOST_DENIES,     /* a forward is refused */
  CLOSED_HOST_LEADS_AWAY, /* a forward leads to where nobody listens */
} ClosedHostKind;

StewardHost *closed_host_new (ClosedHostKind kind);

/** closed_host_count: how often a forward was asked for. */
guint closed_host_count (StewardHost *host);

G_END_DECLS
