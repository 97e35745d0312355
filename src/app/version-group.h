/* What runs, whether it answers, and what could run instead. */
#pragma once

#include "app/server.h"

#include <adwaita.h>

G_BEGIN_DECLS

/** StewardVersionGroup: Signal "target-changed" */
#define STEWARD_TYPE_VERSION_GROUP (steward_version_group_get_type ())
G_DECLARE_FINAL_TYPE (
    StewardVersionGroup, steward_version_group, STEWARD, VERSION_GROUP, AdwPreferencesGroup)

/** steward_version_group_set_server: forgets the choice made for another server. @server:
 * (nullable) */
void steward_version_group_set_server (StewardVersionGroup *self, StewardServer *server);

/** steward_version_group_show: brings the rows up to date; what was chosen stays. */
void steward_version_group_show (StewardVersionGroup *self);

/** steward_version_group_get_target: Returns: (transfer none) (nullable): the chosen tag */
const char *steward_version_group_get_target (StewardVersionGroup *self);

G_END_DECLS
