/* A host as the window knows it: this machine, or one over SSH. Its servers are those that its
 * containers tell of and those whose compose file was added by hand, without those that were taken
 * off the list. Nothing on a server is touched by any of it. A host over SSH that is away is tried
 * again with growing pauses. A GListModel of StewardServer; main thread. */
#pragma once

#include "app/host-asker.h"
#include "app/server.h"
#include "core/host/ssh-address.h"

G_BEGIN_DECLS

/** StewardHostState: whether the host and its engine can be worked with;
 * @STEWARD_HOST_UNKNOWN: not asked yet */
typedef enum
{
  STEWARD_HOST_UNKNOWN,
  STEWARD_HOST_READY,
  STEWARD_HOST_NO_ENGINE, /* no docker command, or nothing that Steward can use */
  STEWARD_HOST_DENIED,    /* the host does not let this user in, or may not use the engine */
  STEWARD_HOST_UNREACHABLE,
} StewardHostState;

/** StewardKnownHost: Properties, read only: "host-state" (int), "problem" (nullable: a sentence),
 * "is-looking". */
#define STEWARD_TYPE_KNOWN_HOST (steward_known_host_get_type ())
G_DECLARE_FINAL_TYPE (StewardKnownHost, steward_known_host, STEWARD, KNOWN_HOST, GObject)

/** steward_known_host_new: @settings: keeps "compose-files" and "hidden"; @address: (nullable):
 * %NULL for this machine */
StewardKnownHost *steward_known_host_new (GSettings *settings, const StewardSshAddress *address);

/** steward_known_host_get_name: Returns: (nullable): the address, %NULL for this machine */
const char *steward_known_host_get_name (StewardKnownHost *self);

/** steward_known_host_get_asker: Returns: (transfer none) (nullable): what it asks before it lets
 * somebody in; %NULL for this machine */
StewardHostAsker *steward_known_host_get_asker (StewardKnownHost *self);

/** steward_known_host_look: finds servers anew, and has each look at itself. What an operation of
 * this window works on stays on the list, and so does everything if the host cannot be asked. */
void steward_known_host_look (StewardKnownHost *self);

/** steward_known_host_add_async: opens the compose file @path of the host; nothing is added if it
 * is not understood. */
void steward_known_host_add_async (StewardKnownHost *self,
                                   const char *path,
                                   GAsyncReadyCallback callback,
                                   gpointer data);
/** Returns: (transfer full) (nullable): the server, which may have been on the list before */
StewardServer *
steward_known_host_add_finish (StewardKnownHost *self, GAsyncResult *result, GError **error);

/** steward_known_host_take: puts @server on the list, as the last one. @server: (transfer full) */
void steward_known_host_take (StewardKnownHost *self, StewardServer *server);

/** steward_known_host_remove: off the list; it comes back when its compose file is added.
 * Returns: whether it was one of this host */
gboolean steward_known_host_remove (StewardKnownHost *self, StewardServer *server);

/** steward_known_host_is_busy: whether an operation of this window runs there */
gboolean steward_known_host_is_busy (StewardKnownHost *self);

/** steward_known_host_close: ends the connection and the trying, and forgets what was added there
 * by hand. Nothing there is touched. */
void steward_known_host_close (StewardKnownHost *self);

StewardHostState steward_known_host_get_state (StewardKnownHost *self);
/** Returns: (nullable) */
const char *steward_known_host_get_problem (StewardKnownHost *self);

G_END_DECLS
