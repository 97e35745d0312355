/* Reading a backup back, as a step and outside any operation. */
#pragma once

#include "core/steps/step.h"

G_BEGIN_DECLS

/** steward_verify_backup: reads @backup back whole and brings its passport up to date. Needs the
 * plan's id and live name, and no journal. @backup: see steward_backup_is_examinable(). Errors:
 * %STEWARD_ERROR_FAILED (it did not read back; marked damaged where it is the dump) */
gboolean steward_verify_backup (StewardStepContext *context, StewardBackup *backup, GError **error);

G_END_DECLS
