/* An operation while it runs and after it: steps, progress, live output, the point of no return,
 * Cancel where it is safe, its question, its end and its report. */
#pragma once

#include "app/server.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_RUN_PAGE (steward_run_page_get_type ())
G_DECLARE_FINAL_TYPE (StewardRunPage, steward_run_page, STEWARD, RUN_PAGE, AdwBin)

/** steward_run_page_set_run: @server, @run: (nullable) */
void steward_run_page_set_run (StewardRunPage *self, StewardServer *server, StewardRun *run);

G_END_DECLS
