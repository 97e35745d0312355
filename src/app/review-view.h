/* What is to be read of one review, top to bottom: the story, the loss, checks, migrations, changes
 * of files, steps. Made anew for each review. */
#pragma once

#include "core/operations/operation.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_REVIEW_VIEW (steward_review_view_get_type ())
G_DECLARE_FINAL_TYPE (StewardReviewView, steward_review_view, STEWARD, REVIEW_VIEW, AdwBin)

/** steward_review_view_new: @review: only read while this runs */
GtkWidget *steward_review_view_new (const StewardReview *review);

G_END_DECLS
