/* Whether what was restored is what had been dumped. */
#pragma once

#include "core/steps/step.h"

G_BEGIN_DECLS

/** steward_prove_rows: whether each table has the rows of the passport. @counts: from
 * `schema.table` to its rows. Errors: %STEWARD_ERROR_FAILED */
gboolean steward_prove_rows (const StewardPassport *passport, JsonObject *counts, GError **error);

G_END_DECLS
