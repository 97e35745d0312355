/* What an upgrade, a rollback or a restart would do, before it is begun: what will happen, checks,
 * diff, migrations, downtime, what would be lost, the commands. Signal "start" (accepted loss:
 * nullable utf8): begin what was reviewed. */
#pragma once

#include "app/server.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_REVIEW_PAGE (steward_review_page_get_type ())
G_DECLARE_FINAL_TYPE (StewardReviewPage, steward_review_page, STEWARD, REVIEW_PAGE, AdwBin)

/** steward_review_page_review: asks @server what @request would do, and shows it. @request is
 * copied. A review that was under way is given up. */
void steward_review_page_review (StewardReviewPage *self,
                                 StewardServer *server,
                                 const StewardRequest *request);

/** steward_review_page_take_review: shows what @server said of @request, which is copied.
 * @review: (transfer full) */
void steward_review_page_take_review (StewardReviewPage *self,
                                      StewardServer *server,
                                      const StewardRequest *request,
                                      StewardReview *review);

/** steward_review_page_get_request: Returns: (transfer none) (nullable): until the next review */
const StewardRequest *steward_review_page_get_request (StewardReviewPage *self);

/** steward_review_page_clear: gives the review up */
void steward_review_page_clear (StewardReviewPage *self);

G_END_DECLS
