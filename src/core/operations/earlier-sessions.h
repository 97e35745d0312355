/* What is left open in the database by whoever was cut off from it: a holder of the lock before
 * this one, or this one's own connection that broke. The database may not notice for hours that
 * nobody is there any more, and keeps the locks of a transaction that stands open. */
#pragma once

#include "core/deployment/deployment.h"

G_BEGIN_DECLS

/**
 * steward_end_earlier_sessions:
 * @lock: the caller's own
 *
 * Ends every session of Steward's operations with the database, and what it had not committed is
 * undone. Jobs go on: they outlive connections and holders. To be called while the caller has no
 * session open. Blocks.
 *
 * Errors: those of steward_deployment_connect() and steward_sessions_end_own()
 */
gboolean steward_end_earlier_sessions (StewardDeployment *deployment,
                                       StewardLock *lock,
                                       GCancellable *cancellable,
                                       GError **error);

G_END_DECLS
