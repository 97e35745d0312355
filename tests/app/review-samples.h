/* Reviews made by hand, as the core makes them. */
#pragma once

#include "core/deployment/migrations.h"
#include "core/operations/operation.h"

G_BEGIN_DECLS

/** Each returns: (transfer full): no check refuses in it */

/** review_samples_new_upgrade: 3.0.0 to 3.6.0; six migrations, two of which destroy */
StewardReview *review_samples_new_upgrade (void);

/** review_samples_new_rollback: 3.6.0 to 3.0.0; 11456 versions of files, 12 users and 1 row of a
 * table that Parsec does not have would be lost */
StewardReview *review_samples_new_rollback (void);

/** review_samples_new_restart: of 3.0.0, with drift */
StewardReview *review_samples_new_restart (void);

/** review_samples_add_check */
void review_samples_add_check (StewardReview *review, StewardCheckState state, const char *text);

G_END_DECLS
