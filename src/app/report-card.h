/* How an operation ended: what was done, what state the server is in, why it failed, where the
 * backup is, what else is to be read, what can be done; and Copy Report. */
#pragma once

#include "app/server.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_REPORT_CARD (steward_report_card_get_type ())
G_DECLARE_FINAL_TYPE (StewardReportCard, steward_report_card, STEWARD, REPORT_CARD, AdwBin)

/** steward_report_card_show: @run: is over */
void steward_report_card_show (StewardReportCard *self, StewardServer *server, StewardRun *run);

/** steward_report_card_clear: lets go of what is shown, which is out of sight then */
void steward_report_card_clear (StewardReportCard *self);

G_END_DECLS
