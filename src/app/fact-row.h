/* A fact: what it is, and its value at the other end, or below where it is long. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_FACT_ROW (steward_fact_row_get_type ())
G_DECLARE_FINAL_TYPE (StewardFactRow, steward_fact_row, STEWARD, FACT_ROW, AdwActionRow)

/** steward_fact_row_set_value: @value: (nullable): plain text; a row without is hidden */
void steward_fact_row_set_value (StewardFactRow *self, const char *value);

/** steward_fact_row_set_note: @note: (nullable): plain text below the title */
void steward_fact_row_set_note (StewardFactRow *self, const char *note);

G_END_DECLS
