/* Links to the release notes of all versions that an upgrade brings. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_NOTES_ROW (steward_notes_row_get_type ())
G_DECLARE_FINAL_TYPE (StewardNotesRow, steward_notes_row, STEWARD, NOTES_ROW, AdwExpanderRow)

/** steward_notes_row_show: @names: of versions, newest first; without any the row is hidden */
void steward_notes_row_show (StewardNotesRow *self, const char *const *names);

G_END_DECLS
