/* What was done to a server, the newest first. */
#pragma once

#include "app/server.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_HISTORY_GROUP (steward_history_group_get_type ())
G_DECLARE_FINAL_TYPE (
    StewardHistoryGroup, steward_history_group, STEWARD, HISTORY_GROUP, AdwPreferencesGroup)

void steward_history_group_show (StewardHistoryGroup *self, const StewardFacts *facts);

G_END_DECLS
