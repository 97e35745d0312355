/* Drift: what making the server's container anew would change besides the tag. */
#pragma once

#include "core/deployment/deployment.h"

G_BEGIN_DECLS

/** steward_deployment_list_drift: Returns: (transfer full) (element-type utf8) (nullable): names of
 * what differs between the container and the compose files: variables by name only, their values
 * may be secrets; empty where compose would leave the container as it is */
GPtrArray *steward_deployment_list_drift (const StewardDeployment *self,
                                          GCancellable *cancellable,
                                          GError **error);

/** steward_deployment_compare: the same for a server's container that was looked at already */
GPtrArray *steward_deployment_compare (const StewardDeployment *self,
                                       const StewardContainer *container,
                                       GCancellable *cancellable,
                                       GError **error);

G_END_DECLS
