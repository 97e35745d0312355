/* A trial: the server's image started against a database that is not published, without ports,
 * known to nobody, and asked only `GET /`. */
#pragma once

#include "core/deployment/rehearsal.h"
#include "core/steps/step.h"

G_BEGIN_DECLS

/**
 * StewardTrial:
 * @role: names the container, see steward_step_dup_job_name()
 * @image: by name or id
 * @database: the database's name
 * @rehearsal: (nullable): where that database is
 * @expected_ms: how long it took to answer when that was measured before, 0 where it was not: it
 * is waited for, and watched, for longer accordingly
 */
typedef struct
{
  const char *role;
  const char *image;
  const char *database;
  const StewardRehearsal *rehearsal;
  guint64 expected_ms;
} StewardTrial;

/** The role of a trial beside the live database. */
#define STEWARD_TRIAL_ROLE "trial"

/** steward_trial_get_settle_ms: how long a server must stay up that took @answer_ms to answer */
guint64 steward_trial_get_settle_ms (guint64 answer_ms);

/** steward_trial_run: starts the image on @database, waits until it answers as the plan's target
 * and stays up, and removes it. @answered_ms: (out) (nullable): how long it took to answer.
 * Errors: %STEWARD_ERROR_FAILED with the server's last words */
gboolean steward_trial_run (StewardStepContext *context,
                            const StewardTrial *trial,
                            guint64 *answered_ms,
                            GError **error);

/** steward_trial_remove: one that is not there is fine. */
gboolean steward_trial_remove (StewardStepContext *context, const char *role, GError **error);

/** steward_trial_undo: that of %STEWARD_TRIAL_ROLE, for the table of a step */
gboolean steward_trial_undo (StewardStepContext *context, GError **error);

G_END_DECLS
