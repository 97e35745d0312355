/* What is going on in an operation: the step in a sentence, how far it is, for how long it has run,
 * whether clients are turned away, whether the point of no return is passed; and Cancel. */
#pragma once

#include "app/run.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_PROGRESS_CARD (steward_progress_card_get_type ())
G_DECLARE_FINAL_TYPE (StewardProgressCard, steward_progress_card, STEWARD, PROGRESS_CARD, AdwBin)

/** steward_progress_card_set_run: @run: (nullable) */
void steward_progress_card_set_run (StewardProgressCard *self, StewardRun *run);

/** steward_progress_card_tick: shows the clocks as they are now */
void steward_progress_card_tick (StewardProgressCard *self);

G_END_DECLS
