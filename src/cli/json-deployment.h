/* What a deployment is and how it is, as JSON. The man page documents the members. Pure. */
#pragma once

#include <json-glib/json-glib.h>

#include "core/operations/status.h"

G_BEGIN_DECLS

/** Each returns: (transfer full) */
JsonObject *steward_cli_project_to_json (const StewardComposeProject *project);
JsonObject *steward_cli_found_to_json (const StewardFound *found);
JsonObject *steward_cli_lock_to_json (const StewardLockState *lock);

/** steward_cli_status_set_json: sets the members of @status in @object. */
void steward_cli_status_set_json (JsonObject *object, const StewardStatus *status);

G_END_DECLS
