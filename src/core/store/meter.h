/* A meter in a stream: passes bytes on as they are, counts and hashes them, and tells how far it
 * is. For GConverterInputStream and GConverterOutputStream. */
#pragma once

#include <gio/gio.h>

#include "core/base/progress.h"

G_BEGIN_DECLS

#define STEWARD_TYPE_METER (steward_meter_get_type ())
G_DECLARE_FINAL_TYPE (StewardMeter, steward_meter, STEWARD, METER, GObject)

/** steward_meter_new: @expected_bytes: what the fraction is of; @progress: (nullable): borrowed */
StewardMeter *steward_meter_new (guint64 expected_bytes, StewardProgress *progress);

guint64 steward_meter_get_bytes (StewardMeter *self);

/** steward_meter_get_sha256: ends the hash. Returns: (transfer none): lower-case hex */
const char *steward_meter_get_sha256 (StewardMeter *self);

G_END_DECLS
