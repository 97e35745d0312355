/* The migrations that an upgrade to the chosen version would run. Asked for by a button: asking may
 * fetch the version's image. Answers are kept for each version. */
#pragma once

#include "app/server.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_PENDING_GROUP (steward_pending_group_get_type ())
G_DECLARE_FINAL_TYPE (
    StewardPendingGroup, steward_pending_group, STEWARD, PENDING_GROUP, AdwPreferencesGroup)

/** steward_pending_group_show: @server: (nullable); @target: (nullable): the group is hidden
 * without. What is being asked of another server or version is given up. */
void
steward_pending_group_show (StewardPendingGroup *self, StewardServer *server, const char *target);

/** steward_pending_group_take_answer: keeps and shows what @tag would run. @pending: (transfer
 * full) (nullable) (element-type StewardPendingMigration): %NULL with @problem */
void steward_pending_group_take_answer (StewardPendingGroup *self,
                                        const char *tag,
                                        GPtrArray *pending,
                                        const char *problem);

G_END_DECLS
