/* The choice of the version to upgrade to: one of those that are offered, or another one that is
 * typed. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** StewardTargetRow: Properties, read only: "target" (nullable: a tag), "is-other" (a version is to
 * be typed). */
#define STEWARD_TYPE_TARGET_ROW (steward_target_row_get_type ())
G_DECLARE_FINAL_TYPE (StewardTargetRow, steward_target_row, STEWARD, TARGET_ROW, AdwComboRow)

/** steward_target_row_set_offers: @offers: newest first. What was chosen stays, unless it is no
 * longer offered; then it is the newest. */
void steward_target_row_set_offers (StewardTargetRow *self, const char *const *offers);

/** steward_target_row_set_typed: @tag: what was typed; none of a target unless it can be a tag */
void steward_target_row_set_typed (StewardTargetRow *self, const char *tag);

/** steward_target_row_reset: forgets what was chosen and typed. */
void steward_target_row_reset (StewardTargetRow *self);

/** steward_target_row_get_target: Returns: (transfer none) (nullable) */
const char *steward_target_row_get_target (StewardTargetRow *self);

G_END_DECLS
