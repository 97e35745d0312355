/* Rehearses the upgrade on this very data before anything is stopped: the fresh backup is restored
 * into a throw-away PostgreSQL, migrated there, and the target started on it once. */
#include <glib/gi18n-lib.h>

#include "core/deployment/job.h"
#include "core/steps/announce.h"
#include "core/steps/downtime.h"
#include "core/steps/migration-run.h"
#include "core/steps/proof.h"
#include "core/steps/throwaway.h"
#include "core/steps/tools.h"
#include "core/steps/trial.h"

#define MIGRATE_ROLE "rehearse-migrate"
#define TRIAL_ROLE "rehearse-trial"

typedef struct
{
  StewardStepContext *context;
  const StewardThrowaway *throwaway; /* borrowed */
  StewardBackup *backup;             /* borrowed */
} Rehearsing;

/* They share the throw-away PostgreSQL's network, and go before it. */
static const char *const roles[] = { TRIAL_ROLE, MIGRATE_ROLE };

static gboolean
inspect_job (StewardStepContext *context,
             const char *role,
             StewardJobStatus *status,
             GError **error)
{
  g_autofree char *name = steward_step_dup_job_name (context, role);

  return steward_job_inspect (context->deployment->engine, name, status, context->cancellable,
                              error);
}

/* Goes on for as long as its PostgreSQL does. */
static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  *state = STEWARD_STEP_DONE;
  if (steward_step_is_recorded (context, &steward_step_rehearse))
    return TRUE;
  if (!steward_throwaway_inspect (context, state, error))
    return FALSE;
  for (gsize i = 0; *state == STEWARD_STEP_TODO && i < G_N_ELEMENTS (roles); i++)
    {
      StewardJobStatus status;
      if (!inspect_job (context, roles[i], &status, error))
        return FALSE;
      if (status.state != STEWARD_JOB_ABSENT)
        *state = STEWARD_STEP_STALE;
    }
  return TRUE;
}

static gboolean
undo (StewardStepContext *context, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    if (!steward_tool_remove (context, roles[i], error))
      return FALSE;
  return steward_throwaway_remove (context, error);
}

static gboolean
migrate (Rehearsing *self, GError **error)
{
  StewardMigrationRun migration_run = {
    .role = MIGRATE_ROLE,
    .database = self->throwaway->database,
    .rehearsal = &self->throwaway->rehearsal,
  };
  StewardJobStatus status;

  if (!inspect_job (self->context, MIGRATE_ROLE, &status, error)
      || (status.state == STEWARD_JOB_ABSENT
          && !steward_migration_run_start (self->context, &migration_run, error))
      || !steward_migration_run_finish (self->context, &migration_run, error)
      || !inspect_job (self->context, MIGRATE_ROLE, &status, error))
    return FALSE;
  self->backup->passport->migrate_ms = MAX ((status.finished_us - status.started_us) / 1000, 1);
  return TRUE;
}

static gboolean
try_server (Rehearsing *self, GError **error)
{
  StewardTrial trial = {
    .role = TRIAL_ROLE,
    .image = steward_announce_get_image (self->context),
    .database = self->throwaway->database,
    .rehearsal = &self->throwaway->rehearsal,
  };

  return steward_trial_run (self->context, &trial, &self->backup->passport->answer_ms, error);
}

/* For the report, whoever writes it, and for the steps to come. */
static gboolean
record (Rehearsing *self, GError **error)
{
  const StewardPassport *passport = self->backup->passport;
  JsonObject *facts = json_object_new ();
  gint64 predicted_ms =
      (gint64)steward_downtime_predict_upgrade (passport->database_bytes, passport);

  json_object_set_int_member (facts, "restore_ms", (gint64)passport->restore_ms);
  json_object_set_int_member (facts, "migrate_ms", (gint64)passport->migrate_ms);
  json_object_set_int_member (facts, "answer_ms", (gint64)passport->answer_ms);
  json_object_set_int_member (facts, "downtime_ms", predicted_ms);
  return steward_step_record (self->context, &steward_step_rehearse, facts, error);
}

static gboolean
write_passport (Rehearsing *self, GError **error)
{
  StewardStepContext *context = self->context;
  StewardPassport *passport = self->backup->passport;

  g_free (passport->rehearsed_tag);
  passport->rehearsed_tag = g_strdup (context->plan->to_tag);
  return steward_backup_write_passport (context->store, passport, steward_step_get_fence (context),
                                        context->cancellable, error);
}

/* From whatever was begun; what has ended is read again. */
static gboolean
go_on (Rehearsing *self, GError **error)
{
  StewardStepContext *context = self->context;

  return steward_throwaway_restore (context, self->throwaway, self->backup, error)
         && migrate (self, error) && try_server (self, error) && undo (context, error)
         && write_passport (self, error) && record (self, error);
}

static gboolean
begin (Rehearsing *self, GError **error)
{
  return steward_throwaway_start (self->context, self->throwaway, error) && go_on (self, error);
}

typedef gboolean (*Rehearse) (Rehearsing *self, GError **error);

static gboolean
perform (StewardStepContext *context, Rehearse rehearse, GError **error)
{
  g_autoptr (StewardBackup) backup = steward_proof_find (context, error);
  if (backup == NULL)
    return FALSE;
  g_auto (StewardThrowaway) throwaway = { 0 };
  steward_throwaway_init (&throwaway, context);
  Rehearsing self = { context, &throwaway, backup };
  g_autoptr (GError) local_error = NULL;
  if (rehearse (&self, &local_error))
    return TRUE;
  if (!g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE)
      && !g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_prefix_error (&local_error, "%s ",
                    _ ("The rehearsal failed, and the server was never stopped."));
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  if (!context->plan->leaves_out_rehearsal)
    return perform (context, begin, error);
  steward_progress_note (context->progress, _ ("The rehearsal was left out, as was asked."));
  return TRUE;
}

static gboolean
attach (StewardStepContext *context, GError **error)
{
  return perform (context, go_on, error);
}

static char *
describe (const StewardStepContext *context)
{
  g_autofree char *path = steward_store_dup_dump_path (context->store, context->plan->backup_id);
  const char *argv[] = { "pg_restore", "--exit-on-error", "--no-owner", "--no-acl",
                         "-d",         "rehearsal",       path,         NULL };

  return steward_format_command (argv);
}

const StewardStep steward_step_rehearse = {
  .id = "rehearse",
  .title = N_ ("Rehearse on a throw-away copy"),
  .weight = 30,
  .flags = STEWARD_STEP_CANCELLABLE,
  .describe = describe,
  .inspect = inspect,
  .run = run,
  .attach = attach,
  .undo = undo,
};
