/* Starts, asks and removes the trial server. */
#include "core/steps/trial.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/version.h"
#include "core/deployment/job.h"

#define ANSWER_TIMEOUT_MS 60000
#define INTERVAL_MS 150
/* How much longer than expected it may take, and how often its time to answer it must stay up. */
#define PATIENCE 5
#define SETTLE_FACTOR 2
#define LEAST_SETTLE_MS 2000
#define MOST_SETTLE_MS 30000
#define STOP_GRACE_S 3

typedef struct
{
  StewardStepContext *context;
  const StewardTrial *trial;
  const char *name;
} Trial;

guint64
steward_trial_get_settle_ms (guint64 answer_ms)
{
  return CLAMP (SETTLE_FACTOR * answer_ms, LEAST_SETTLE_MS, MOST_SETTLE_MS);
}

gboolean
steward_trial_remove (StewardStepContext *context, const char *role, GError **error)
{
  g_autofree char *name = steward_step_dup_job_name (context, role);
  const StewardFence *fence = steward_step_get_fence (context);

  return steward_job_stop (context->deployment->engine, name, STOP_GRACE_S, fence, NULL, error)
         && steward_job_remove (context->deployment->engine, name, fence, NULL, error);
}

gboolean
steward_trial_undo (StewardStepContext *context, GError **error)
{
  return steward_trial_remove (context, STEWARD_TRIAL_ROLE, error);
}

static gboolean
is_alive_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  Trial *trial = data;
  StewardJobStatus status;

  if (!steward_job_inspect (trial->context->deployment->engine, trial->name, &status, cancellable,
                            error))
    return FALSE;
  if (status.state == STEWARD_JOB_RUNNING)
    return TRUE;
  g_autofree char *words =
      steward_engine_dup_last_words (trial->context->deployment->engine, trial->name, NULL);
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
               _ ("The target’s server ended on the copy with status %d: %s"), status.exit_code,
               words);
  return FALSE;
}

static gboolean
check_answer (StewardStepContext *context, const StewardHealth *health, GError **error)
{
  g_autoptr (StewardVersion) expected = steward_version_parse (context->plan->to_tag);

  if (expected == NULL || health->server_major == steward_version_get_major (expected))
    return TRUE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
               _ ("The server answers as version %u, not as %s."), health->server_major,
               steward_version_get_name (expected));
  return FALSE;
}

/* Stays up for the settling time. */
static gboolean
settle (Trial *trial, guint64 answer_ms, GError **error)
{
  StewardJobWatch watch = { .deadline_ms = (guint)steward_trial_get_settle_ms (answer_ms) };
  StewardJobStatus status;
  g_autoptr (GError) local_error = NULL;

  if (!steward_job_wait (trial->context->deployment->engine, trial->name, &watch, &status,
                         trial->context->cancellable, &local_error)
      && !g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return is_alive_cb (trial, trial->context->cancellable, error);
}

static gboolean
ask (Trial *trial, guint64 *answered_ms, GError **error)
{
  StewardStepContext *context = trial->context;
  g_autoptr (StewardContainer) container =
      steward_engine_inspect_container (context->deployment->engine, trial->name,
                                        context->cancellable, error);
  gint64 begun_us = g_get_monotonic_time ();
  StewardProbeWait wait = {
    .timeout_ms = (guint)MAX (ANSWER_TIMEOUT_MS, PATIENCE * trial->trial->expected_ms),
    .interval_ms = INTERVAL_MS,
    .alive = is_alive_cb,
    .alive_data = trial,
  };

  if (container == NULL)
    return FALSE;
  g_autoptr (StewardHealth) health =
      steward_deployment_wait_server (context->deployment, container, &wait, context->cancellable,
                                      error);
  guint64 passed_ms = (guint64)(g_get_monotonic_time () - begun_us) / 1000;
  if (answered_ms != NULL)
    *answered_ms = passed_ms;
  return health != NULL && check_answer (context, health, error)
         && settle (trial, MAX (passed_ms, trial->trial->expected_ms), error);
}

gboolean
steward_trial_run (StewardStepContext *context,
                   const StewardTrial *trial,
                   guint64 *answered_ms,
                   GError **error)
{
  g_autofree char *name = steward_step_dup_job_name (context, trial->role);
  Trial started = { context, trial, name };
  StewardServerJob job = {
    .name = name,
    .operation = context->plan->id,
    .image = trial->image,
    .database = trial->database,
    .rehearsal = trial->rehearsal,
  };
  g_autoptr (GError) local_error = NULL;

  if (!steward_trial_remove (context, trial->role, error))
    return FALSE;
  gboolean is_good = steward_deployment_start_server_job (context->deployment, &job,
                                                          steward_step_get_fence (context),
                                                          context->cancellable, &local_error)
                     && ask (&started, answered_ms, &local_error);
  if (is_good)
    return steward_trial_remove (context, trial->role, error);
  /* Where this fails, too, the undo does it; what failed first is the reason. */
  steward_trial_remove (context, trial->role, NULL);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
