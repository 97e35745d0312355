/* How a server is, at a glance: an icon, a word, a sentence. */
#pragma once

#include "app/server.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_STATUS_CARD (steward_status_card_get_type ())
G_DECLARE_FINAL_TYPE (StewardStatusCard, steward_status_card, STEWARD, STATUS_CARD, AdwBin)

void steward_status_card_show (StewardStatusCard *self, StewardServer *server);

G_END_DECLS
