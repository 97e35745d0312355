/* The server's containers during an operation: stopping them for good, removing them before a
 * publish, and bringing back what ran. Shared by the steps on either side of the publish. */
#pragma once

#include "core/steps/step.h"

G_BEGIN_DECLS

/** How long a started server may take until it answers. */
#define STEWARD_SERVERS_ANSWER_TIMEOUT_MS 90000

/** steward_servers_note: records what runs, and whether it answers, as facts of the step that stops
 * it; once, as a second attempt would note its own effects. */
gboolean steward_servers_note (StewardStepContext *context, GError **error);

/** steward_servers_stop: takes the restart policy from every container of the server's services,
 * tells the progress that the downtime begins, and stops them. Afterwards none of them runs. */
gboolean steward_servers_stop (StewardStepContext *context, GError **error);

/** steward_servers_remove: the same, and keeps each one's log in the store and removes it. Volumes
 * stay.
 * @keep_image_id: (nullable): containers of this image are left alone */
gboolean
steward_servers_remove (StewardStepContext *context, const char *keep_image_id, GError **error);

/** steward_servers_describe_remove: Returns: (transfer full): a command that does so by hand, with
 * every container of the server's services */
char *steward_servers_describe_remove (const StewardStepContext *context);

/** steward_servers_up: has compose make and start the container of the server's service, and no
 * other's. */
gboolean
steward_servers_up (StewardStepContext *context, StewardComposeUpFlags flags, GError **error);

/** steward_servers_wait: until the server's container answers as a Parsec server, or ends.
 * Errors: %STEWARD_ERROR_UNREACHABLE, %STEWARD_ERROR_FAILED (it ended), with what it said last */
gboolean steward_servers_wait (StewardStepContext *context, guint timeout_ms, GError **error);

G_END_DECLS
