/* A trial: the server's image started against a database that is not published, without ports,
 * known to nobody, and asked only `GET /`. */
#pragma once

#include "core/steps/step.h"

G_BEGIN_DECLS

/** steward_trial_run: starts the image on @database, waits until it answers as the plan's target
 * and stays up, and removes it. Errors: %STEWARD_ERROR_FAILED with the server's last words */
gboolean steward_trial_run (StewardStepContext *context,
                            const char *image,
                            const char *database,
                            GError **error);

/** steward_trial_remove: one that is not there is fine. */
gboolean steward_trial_remove (StewardStepContext *context, GError **error);

G_END_DECLS
