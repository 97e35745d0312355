/* How long a server will be away: predicted, in milliseconds. Pure. */
#pragma once

#include "core/store/passport.h"

G_BEGIN_DECLS

/** steward_downtime_predict_upgrade: @rehearsed: (nullable): of the backup that was rehearsed with
 * the same target: what it measured counts instead of what is assumed */
guint64 steward_downtime_predict_upgrade (guint64 database_bytes, const StewardPassport *rehearsed);

/** steward_downtime_predict_exchange: of a rollback or restart, where the database that the server
 * will find is ready before */
guint64 steward_downtime_predict_exchange (void);

G_END_DECLS
