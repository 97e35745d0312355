/* What the target announces that it will migrate: asked once, kept in the journal, compared
 * afterwards. */
#pragma once

#include "core/probe/migration-output.h"
#include "core/steps/step.h"

G_BEGIN_DECLS

/** steward_announce: dry run of the plan's target on the live database, checked and recorded.
 * Errors: %STEWARD_ERROR_REFUSED (half-applied or surprising migrations, database newer than the
 * image) */
gboolean steward_announce (StewardStepContext *context, GError **error);

/** steward_announce_get: Returns: (transfer full) (nullable): what was announced.
 * Errors: %STEWARD_ERROR_INVALID (the journal does not hold it) */
StewardMigrationOutput *steward_announce_get (StewardStepContext *context, GError **error);

/** steward_announce_get_image: Returns: (transfer none): the image that was fetched, by its id;
 * else by name */
const char *steward_announce_get_image (StewardStepContext *context);

G_END_DECLS
