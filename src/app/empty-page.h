/* What is shown in place of a server where there is none: that they are being looked for, the first
 * run, or why Docker cannot be used and what to do. Activates the window's actions. */
#pragma once

#include "app/server-list.h"

#include <adwaita.h>

G_BEGIN_DECLS

/** StewardEmptyPage: Property "has-way-back" (boolean): whether a button leads to the list. */
#define STEWARD_TYPE_EMPTY_PAGE (steward_empty_page_get_type ())
G_DECLARE_FINAL_TYPE (StewardEmptyPage, steward_empty_page, STEWARD, EMPTY_PAGE, AdwBin)

/** steward_empty_page_set_servers: whose emptiness is explained. To be called once. */
void steward_empty_page_set_servers (StewardEmptyPage *self, StewardServerList *servers);

G_END_DECLS
