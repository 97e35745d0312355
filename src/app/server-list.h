/* The servers of all hosts that the window knows: of this machine, and of those over SSH that were
 * added. Nothing on a server is touched by any of it. A GListModel of StewardServer, host by host;
 * main thread. */
#pragma once

#include "app/known-host.h"

G_BEGIN_DECLS

/** StewardServerList: Properties, read only: "host-state" (int) and "problem" (nullable: a
 * sentence) of this machine, "is-looking" (at any host). */
#define STEWARD_TYPE_SERVER_LIST (steward_server_list_get_type ())
G_DECLARE_FINAL_TYPE (StewardServerList, steward_server_list, STEWARD, SERVER_LIST, GObject)

/** steward_server_list_new: @settings: keeps "hosts", and what known-host.h names */
StewardServerList *steward_server_list_new (GSettings *settings);

/** steward_server_list_look: at every host; see steward_known_host_look() */
void steward_server_list_look (StewardServerList *self);

/** steward_server_list_get_this_machine: Returns: (transfer none) */
StewardKnownHost *steward_server_list_get_this_machine (StewardServerList *self);

/** steward_server_list_get_hosts: Returns: (transfer none) (element-type StewardKnownHost): those
 * over SSH, in the order they were added */
GListModel *steward_server_list_get_hosts (StewardServerList *self);

/** steward_server_list_knows_host: whether one of them has this name */
gboolean steward_server_list_knows_host (StewardServerList *self, const char *name);

/**
 * steward_server_list_ensure_host:
 * @text: `[USER@]HOST[:PORT]`
 *
 * The host of this address, which is added, and kept in the settings, unless it is known. It is not
 * looked at yet. Returns: (transfer none) (nullable). Errors: those of steward_ssh_address_parse()
 */
StewardKnownHost *
steward_server_list_ensure_host (StewardServerList *self, const char *text, GError **error);

/** steward_server_list_remove_host: off the list, with its servers. Not while one of them is busy.
 */
void steward_server_list_remove_host (StewardServerList *self, StewardKnownHost *host);

/** steward_server_list_remove: off the list; it comes back when its compose file is added. */
void steward_server_list_remove (StewardServerList *self, StewardServer *server);

G_END_DECLS
