/* The one thing of a server that needs attention, with the buttons that help. */
#pragma once

#include "app/server.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_ATTENTION_BAR (steward_attention_bar_get_type ())
G_DECLARE_FINAL_TYPE (StewardAttentionBar, steward_attention_bar, STEWARD, ATTENTION_BAR, AdwBin)

/** steward_attention_bar_show: hides itself where nothing needs attention */
void steward_attention_bar_show (StewardAttentionBar *self, StewardServer *server);

G_END_DECLS
