/* An operation of the past. */
#pragma once

#include "core/store/journal.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_HISTORY_ROW (steward_history_row_get_type ())
G_DECLARE_FINAL_TYPE (StewardHistoryRow, steward_history_row, STEWARD, HISTORY_ROW, AdwActionRow)

void steward_history_row_show (StewardHistoryRow *self, const StewardJournal *journal);

G_END_DECLS
