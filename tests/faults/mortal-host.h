/* This machine, as a host whose client dies, as by SIGKILL, at one of its writes to the journal:
 * before the line is written, or when it was written and synced. */
#pragma once

#include "core/host/host.h"

G_BEGIN_DECLS

#define MORTAL_TYPE_HOST (mortal_host_get_type ())
G_DECLARE_FINAL_TYPE (MortalHost, mortal_host, MORTAL, HOST, StewardHost)

typedef enum
{
  MORTAL_HOST_BEFORE,
  MORTAL_HOST_AFTER,
} MortalHostMoment;

/** mortal_host_new: dies at the write number @nth, counted from 1. */
StewardHost *mortal_host_new (guint nth, MortalHostMoment moment);

G_END_DECLS
