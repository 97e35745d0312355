/* Plans, pending migrations and reports of operations as JSON. The man page documents the members.
 * Pure. */
#pragma once

#include <json-glib/json-glib.h>

#include "core/deployment/migrations.h"
#include "core/operations/operation.h"

G_BEGIN_DECLS

/** Each returns: (transfer full) */
JsonObject *steward_cli_review_to_json (const StewardReview *review);
JsonObject *steward_cli_report_to_json (const StewardReport *report);

/** steward_cli_pending_set_json: @pending: (nullable) (element-type StewardPendingMigration) */
void steward_cli_pending_set_json (JsonObject *object, const GPtrArray *pending);

G_END_DECLS
