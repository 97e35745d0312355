/* How the database and the server of a deployment are reached from here, and what is remembered of
 * it: by a forward to a published port or the container's own address; where none can be had, or it
 * leads nowhere, by a relay into the container. Private to the deployment folder.
 *
 * A step opens several sessions within a second; asking the engine anew for each would make up a
 * good part of the downtime. */
#pragma once

#include "core/deployment/deployment.h"
#include "core/engine/relay.h"

G_BEGIN_DECLS

typedef enum
{
  STEWARD_WAY_FORWARD,
  STEWARD_WAY_RELAY, /* the other one was seen not to lead there */
} StewardWay;

/** StewardReachEnd: the database, or the server.
 * @relay: (nullable): the one that leads into the container @relayed_id */
typedef struct
{
  StewardWay way;
  StewardRelay *relay;
  char *relayed_id;
} StewardReachEnd;

/** StewardReach: @container: (nullable): the database's, believed until @until_us (monotonic)
 * @found: (nullable): the same, for the next session: see steward_deployment_take_database() */
typedef struct _StewardReach
{
  StewardReachEnd database;
  StewardReachEnd server;
  StewardContainer *container;
  gint64 until_us;
  StewardContainer *found;
} StewardReach;

StewardReach *steward_reach_new (void);
void steward_reach_free (StewardReach *reach);

/** steward_reach_forward: a forward to @port of @container, where that answers as seen on the host:
 * published, else the container's own, else (host networking) the host's. As
 * steward_host_forward(); %STEWARD_ERROR_NOT_FOUND (it has no address on its host) */
gboolean steward_reach_forward (const StewardDeployment *deployment,
                                const StewardContainer *container,
                                guint16 port,
                                char **near_address,
                                guint16 *near_port,
                                GCancellable *cancellable,
                                GError **error);

/** steward_reach_get_relay: a relay to @port of @container; the last one is used again while it
 * leads there. Its socket is called as libpq looks for it. Errors: those of steward_relay_new().
 * Returns: (transfer none) (nullable): @end's */
StewardRelay *steward_reach_get_relay (const StewardDeployment *deployment,
                                       StewardReachEnd *end,
                                       const StewardContainer *container,
                                       guint16 port,
                                       GCancellable *cancellable,
                                       GError **error);

/** steward_reach_suggests_relay: whether @error, of a forward or of what went through it, is one
 * that a relay into @container may not have. */
gboolean steward_reach_suggests_relay (const StewardContainer *container, const GError *error);

/** steward_reach_set_error: neither way led there: @forward and @relay (both transfer full) say
 * why. */
void steward_reach_set_error (GError *forward, GError *relay, GError **error);

/** steward_reach_explain: puts what the relay knows of the end of a connection in the place of an
 * @error by which nobody answered. */
void steward_reach_explain (StewardRelay *relay, const StewardContainer *container, GError **error);

G_END_DECLS
