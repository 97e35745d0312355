/* The compose document for a one-off run of an image (a migration, a trial, a dry run): the
 * server's service as resolved, without what would make it known, reachable or lasting. Starts
 * nothing. The caller gives it to compose on standard input: it holds passwords. */
#pragma once

#include "core/compose/compose-model.h"

G_BEGIN_DECLS

typedef enum
{
  STEWARD_COMPOSE_OVERLAY_KEEP_NETWORKS, /* those of the service, or its network mode */
  STEWARD_COMPOSE_OVERLAY_NO_NETWORK,
  STEWARD_COMPOSE_OVERLAY_HOST_NETWORK,
  STEWARD_COMPOSE_OVERLAY_NETWORK_OF_CONTAINER,
} StewardComposeOverlayNetwork;

/**
 * StewardComposeOverlayOptions:
 * @service: name of the service of the model that it is taken from
 * @job: name of the only service of the document
 * @image: (nullable): %NULL keeps the service's
 * @command: (nullable): %NULL keeps the service's; an entry point of the service is kept either way
 * @environment: (nullable) (element-type utf8 utf8): variables that are set or replaced
 * @labels: (nullable) (element-type utf8 utf8): the only labels that it will have
 * @container: (nullable): whose network it shares, where @network says so; names and addresses of
 * hosts are that container's then, and what the service says of them is dropped
 */
typedef struct
{
  const char *service;
  const char *job;
  const char *image;
  const char *const *command;
  GHashTable *environment;
  GHashTable *labels;
  StewardComposeOverlayNetwork network;
  const char *container;
} StewardComposeOverlayOptions;

/**
 * steward_compose_overlay_dup_json:
 *
 * Pure. Dropped: labels, published ports, container name, aliases, static addresses, dependencies,
 * links, health check, profiles, deploy, build, terminal, and everything that is not known to be
 * needed. Networks and volumes become external ones under the engine's names, so nothing is created
 * or renamed. Logs go to `json-file`, whatever the service says: they are read back. Values reach
 * the container exactly.
 *
 * Returns: (transfer full): a compose document in JSON without a project name; or %NULL with
 * %STEWARD_ERROR_NOT_FOUND where the model has no such service, and %STEWARD_ERROR_REFUSED where it
 * shares the network or the volumes of another service
 */
char *steward_compose_overlay_dup_json (const StewardComposeModel *model,
                                        const StewardComposeOverlayOptions *options,
                                        GError **error);

G_END_DECLS
