/* Rehearses the upgrade on this very data before anything is stopped: the fresh backup is restored
 * into a throw-away PostgreSQL, migrated there, and the target started on it once. */
#include <glib/gi18n-lib.h>

#include "core/deployment/job.h"
#include "core/steps/announce.h"
#include "core/steps/downtime.h"
#include "core/steps/migration-run.h"
#include "core/steps/prove.h"
#include "core/steps/tool-scripts.h"
#include "core/steps/tools.h"
#include "core/steps/trial.h"

#define ROLE "rehearsal"
#define RESTORE_ROLE "rehearse-restore"
#define MIGRATE_ROLE "rehearse-migrate"
#define TRIAL_ROLE "rehearse-trial"
/* Source: as in restore-beside.c */
#define RESTORE_JOBS "2"
#define STOP_GRACE_S 3

typedef struct
{
  StewardStepContext *context;
  StewardRehearsal rehearsal;
  StewardBackup *backup; /* owned */
} Rehearsing;

/* In the order in which they can go: the last one has the network of the others. */
static const char *const roles[] = { TRIAL_ROLE, MIGRATE_ROLE, RESTORE_ROLE, ROLE };

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
  *state = STEWARD_STEP_TODO;
  if (steward_step_is_recorded (context, &steward_step_rehearse))
    *state = STEWARD_STEP_DONE;
  for (gsize i = 0; *state != STEWARD_STEP_DONE && i < G_N_ELEMENTS (roles); i++)
    {
      StewardJobStatus status;
      if (!inspect_job (context, roles[i], &status, error))
        return FALSE;
      if (g_str_equal (roles[i], ROLE) && status.state == STEWARD_JOB_RUNNING)
        *state = STEWARD_STEP_RUNNING;
      else if (status.state != STEWARD_JOB_ABSENT)
        *state = STEWARD_STEP_STALE;
    }
  return TRUE;
}

static gboolean
undo (StewardStepContext *context, GError **error)
{
  const StewardFence *fence = steward_step_get_fence (context);
  StewardEngine *engine = context->deployment->engine;

  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      g_autofree char *name = steward_step_dup_job_name (context, roles[i]);
      if (!steward_job_stop (engine, name, STOP_GRACE_S, fence, NULL, error)
          || !steward_job_remove (engine, name, fence, NULL, error))
        return FALSE;
    }
  return TRUE;
}

static JsonObject *
count_rows (const StewardToolReport *report)
{
  JsonObject *counts = json_object_new ();

  for (guint i = 0; i < report->tables->len; i++)
    {
      const StewardTableRows *rows = report->tables->pdata[i];
      json_object_set_int_member (counts, rows->table, rows->rows);
    }
  return counts;
}

/* The backup is proven by it: what was dumped is there again, row by row counted. */
static gboolean
restore (Rehearsing *self, GError **error)
{
  g_auto (StewardToolReport) report = { 0 };
  StewardJobStatus status;
  StewardPassport *passport = self->backup->passport;
  g_autofree char *file = g_path_get_basename (self->backup->dump_path);
  const char *arguments[] = { file, RESTORE_JOBS, NULL };
  StewardToolRun tool_run = {
    .role = RESTORE_ROLE,
    .script = steward_tool_script_rehearse,
    .arguments = arguments,
    .database = self->rehearsal.database,
    .expected_bytes = passport->database_bytes,
    .rehearsal = &self->rehearsal,
  };

  if (!inspect_job (self->context, RESTORE_ROLE, &status, error)
      || (status.state == STEWARD_JOB_ABSENT
          && !steward_tool_start (self->context, &tool_run, error))
      || !steward_tool_finish (self->context, &tool_run, &report, error))
    return FALSE;
  passport->restore_ms = report.took_ms;
  g_autoptr (JsonObject) counts = count_rows (&report);
  return steward_prove_rows (passport, counts, error);
}

static gboolean
migrate (Rehearsing *self, GError **error)
{
  StewardMigrationRun migration_run = {
    .role = MIGRATE_ROLE,
    .database = self->rehearsal.database,
    .rehearsal = &self->rehearsal,
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
    .database = self->rehearsal.database,
    .rehearsal = &self->rehearsal,
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
  return steward_store_get_now (context->store, &passport->restored_s, context->cancellable, error)
         && steward_backup_write_passport (context->store, passport,
                                           steward_step_get_fence (context), context->cancellable,
                                           error);
}

/* From whatever was begun; what has ended is read again. */
static gboolean
go_on (Rehearsing *self, GError **error)
{
  StewardStepContext *context = self->context;

  return restore (self, error) && migrate (self, error) && try_server (self, error)
         && undo (context, error) && write_passport (self, error) && record (self, error);
}

static gboolean
begin (Rehearsing *self, GError **error)
{
  StewardStepContext *context = self->context;

  return steward_rehearsal_start (context->deployment, &self->rehearsal,
                                  steward_step_get_fence (context), context->cancellable, error)
         && go_on (self, error);
}

typedef gboolean (*Rehearse) (Rehearsing *self, GError **error);

static gboolean
perform (StewardStepContext *context, Rehearse rehearse, GError **error)
{
  const StewardPlan *plan = context->plan;
  g_autoptr (StewardBackup) backup =
      steward_backup_find (context->store, plan->backup_id, context->cancellable, error);
  if (backup == NULL)
    return FALSE;
  g_autofree char *name = steward_step_dup_job_name (context, ROLE);
  g_autofree char *database = g_strconcat ("steward_", plan->id, "_rehearsal", NULL);
  Rehearsing self = { context, { name, plan->id, database }, backup };
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
  const char *argv[] = {
    "pg_restore", "--exit-on-error", "--no-owner", "--no-acl", "-j", RESTORE_JOBS,
    "-d",         "rehearsal",       path,         NULL
  };

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
