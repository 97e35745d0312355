/* The live output of an operation: follows its end while one is there, and not while one reads
 * further up; can be copied and put away. */
#pragma once

#include "app/log.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_LOG_VIEW (steward_log_view_get_type ())
G_DECLARE_FINAL_TYPE (StewardLogView, steward_log_view, STEWARD, LOG_VIEW, AdwBin)

/** steward_log_view_set_log: @log: (nullable) */
void steward_log_view_set_log (StewardLogView *self, StewardLog *log);

G_END_DECLS
