/* The hosts over SSH in the sidebar: a row each, hidden where there are none. Asks what they ask
 * before they let somebody in; a row that is activated has its host tried again. */
#pragma once

#include "app/server-list.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** StewardHostList: Actions: "host.remove" (s: the address): takes a host off the list, once
 * that is agreed to. */
#define STEWARD_TYPE_HOST_LIST (steward_host_list_get_type ())
G_DECLARE_FINAL_TYPE (StewardHostList, steward_host_list, STEWARD, HOST_LIST, GtkBox)

/** steward_host_list_set_servers: whose hosts are shown. To be called once. */
void steward_host_list_set_servers (StewardHostList *self, StewardServerList *servers);

G_END_DECLS
