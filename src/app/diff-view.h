/* A unified diff, to be read: each line with its sign, what goes and what comes in their colours,
 * left to right in any language. Scrolls by itself where a line is long. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_DIFF_VIEW (steward_diff_view_get_type ())
G_DECLARE_FINAL_TYPE (StewardDiffView, steward_diff_view, STEWARD, DIFF_VIEW, AdwBin)

/** steward_diff_view_set_diff: @diff: valid UTF-8 */
void steward_diff_view_set_diff (StewardDiffView *self, const char *diff);

/** steward_diff_view_copy: to the clipboard, as it was set */
void steward_diff_view_copy (StewardDiffView *self);

G_END_DECLS
