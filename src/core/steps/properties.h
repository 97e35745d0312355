/* What neither a copy by template nor a restore carries: replayed and compared before a publish. */
#pragma once

#include "core/database/cluster.h"
#include "core/steps/step.h"

G_BEGIN_DECLS

/** steward_properties_replay: gives the database @oid the owner, rights, limits and settings of
 * @source, reads them back and compares. Errors: %STEWARD_ERROR_FAILED names what differs */
gboolean steward_properties_replay (StewardStepContext *context,
                                    StewardConnection *connection,
                                    const char *source,
                                    guint32 oid,
                                    GError **error);

G_END_DECLS
