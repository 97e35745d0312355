/* What an administrator sends with a report: versions and states, without secrets and without names
 * of people. */
#pragma once

#include "app/server-list.h"

G_BEGIN_DECLS

/** steward_troubleshooting_dup_text: Returns: (transfer full) */
char *steward_troubleshooting_dup_text (StewardServerList *servers);

G_END_DECLS
