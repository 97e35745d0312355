/* The live database. */
#pragma once

#include "app/server.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_DATABASE_GROUP (steward_database_group_get_type ())
G_DECLARE_FINAL_TYPE (
    StewardDatabaseGroup, steward_database_group, STEWARD, DATABASE_GROUP, AdwPreferencesGroup)

void steward_database_group_show (StewardDatabaseGroup *self, const StewardStatus *status);

G_END_DECLS
