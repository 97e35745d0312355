/* A pending migration: its file, and which of its statements destroy. */
#pragma once

#include "core/deployment/migrations.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_PENDING_ROW (steward_pending_row_get_type ())
G_DECLARE_FINAL_TYPE (StewardPendingRow, steward_pending_row, STEWARD, PENDING_ROW, AdwActionRow)

void steward_pending_row_show (StewardPendingRow *self, const StewardPendingMigration *migration);

G_END_DECLS
