/* Turns a request into a plan: names, identities and hashes as they are now. Touches nothing. */
#pragma once

#include "core/operations/operation.h"

G_BEGIN_DECLS

/** steward_planning_make: Returns: (transfer full) (nullable). Errors: %STEWARD_ERROR_NOT_FOUND (no
 * backup, set-aside database, live database), %STEWARD_ERROR_INVALID (a tag that is none), those of
 * the database and the host */
StewardPlan *steward_planning_make (StewardDeployment *deployment,
                                    StewardStore *store,
                                    const StewardRequest *request,
                                    GCancellable *cancellable,
                                    GError **error);

G_END_DECLS
