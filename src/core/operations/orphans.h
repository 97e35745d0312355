/* Finds what catalog.h calls orphans, for whoever holds the lock. */
#pragma once

#include "core/operations/catalog.h"

G_BEGIN_DECLS

/** steward_orphans_find: as steward_catalog_list_orphans(), whoever holds the lock. Returns:
 * (transfer full) (element-type StewardOrphan) (nullable) */
GPtrArray *steward_orphans_find (StewardDeployment *deployment,
                                 StewardStore *store,
                                 GCancellable *cancellable,
                                 GError **error);

G_END_DECLS
