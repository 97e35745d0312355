/* The servers of this machine: those that containers tell of, and those whose compose file was
 * added by hand; without those that were taken off the list. Nothing on the server is touched by
 * any of it. A GListModel of StewardServer; main thread. */
#pragma once

#include "app/server.h"

G_BEGIN_DECLS

/** StewardHostState: whether the engine can be worked with; @STEWARD_HOST_UNKNOWN: not asked yet */
typedef enum
{
  STEWARD_HOST_UNKNOWN,
  STEWARD_HOST_READY,
  STEWARD_HOST_NO_ENGINE, /* no docker command, or nothing that Steward can use */
  STEWARD_HOST_DENIED,    /* this user may not talk to the engine */
  STEWARD_HOST_UNREACHABLE,
} StewardHostState;

/** StewardServerList: Properties, read only: "host-state" (int), "problem" (nullable: a sentence),
 * "is-looking". */
#define STEWARD_TYPE_SERVER_LIST (steward_server_list_get_type ())
G_DECLARE_FINAL_TYPE (StewardServerList, steward_server_list, STEWARD, SERVER_LIST, GObject)

/** steward_server_list_new: @settings: keeps "compose-files" and "hidden" */
StewardServerList *steward_server_list_new (GSettings *settings);

/** steward_server_list_look: finds servers anew, and has each look at itself. What an operation of
 * this window works on stays on the list, and so does everything if the host cannot be asked. */
void steward_server_list_look (StewardServerList *self);

/** steward_server_list_add_async: opens the compose file @path; nothing is added if it is not
 * understood. */
void steward_server_list_add_async (StewardServerList *self,
                                    const char *path,
                                    GAsyncReadyCallback callback,
                                    gpointer data);
/** Returns: (transfer full) (nullable): the server, which may have been on the list before */
StewardServer *
steward_server_list_add_finish (StewardServerList *self, GAsyncResult *result, GError **error);

/** steward_server_list_take: puts @server on the list, as the last one. @server: (transfer full) */
void steward_server_list_take (StewardServerList *self, StewardServer *server);

/** steward_server_list_remove: off the list; it comes back when its compose file is added. */
void steward_server_list_remove (StewardServerList *self, StewardServer *server);

StewardHostState steward_server_list_get_host_state (StewardServerList *self);
/** Returns: (nullable) */
const char *steward_server_list_get_problem (StewardServerList *self);

G_END_DECLS
