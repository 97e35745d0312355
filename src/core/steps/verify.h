/* Reading a backup back, as a step and outside any operation. */
#pragma once

#include "core/steps/step.h"

G_BEGIN_DECLS

/** steward_verify_backup: reads the plan's backup back whole and brings its passport up to date.
 * Needs the plan's id, backup and live name, and no journal. Errors: %STEWARD_ERROR_NOT_FOUND,
 * %STEWARD_ERROR_INVALID (not a complete backup), %STEWARD_ERROR_FAILED (it did not read back) */
gboolean steward_verify_backup (StewardStepContext *context, GError **error);

G_END_DECLS
