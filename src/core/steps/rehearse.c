/* Rehearses the upgrade on this very data before anything is stopped: the fresh backup is restored
 * into a throw-away PostgreSQL, migrated there, and the target started on it once. */
#include <glib/gi18n-lib.h>

#include "core/steps/announce.h"
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
find_remainder (StewardStepContext *context, gboolean *is_there, GError **error)
{
  if (!steward_throwaway_find (context, is_there, error))
    return FALSE;
  for (gsize i = 0; !*is_there && i < G_N_ELEMENTS (roles); i++)
    {
      StewardStepState state = STEWARD_STEP_TODO;
      if (!steward_tool_inspect (context, roles[i], &state, error))
        return FALSE;
      *is_there = state != STEWARD_STEP_TODO;
    }
  return TRUE;
}

static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  gboolean is_there = FALSE;

  if (steward_step_is_recorded (context, &steward_step_rehearse))
    {
      *state = STEWARD_STEP_DONE;
      return TRUE;
    }
  if (!find_remainder (context, &is_there, error))
    return FALSE;
  *state = is_there ? STEWARD_STEP_STALE : STEWARD_STEP_TODO;
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
  gint64 begun_us = g_get_monotonic_time ();

  if (!steward_migration_run_start (self->context, &migration_run, error)
      || !steward_migration_run_finish (self->context, &migration_run, error))
    return FALSE;
  self->backup->passport->migrate_ms = (g_get_monotonic_time () - begun_us) / 1000;
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
  gint64 answered_ms = 0;

  if (!steward_trial_run (self->context, &trial, &answered_ms, error))
    return FALSE;
  self->backup->passport->answer_ms = answered_ms;
  return TRUE;
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

static gboolean
rehearse (Rehearsing *self, GError **error)
{
  return steward_throwaway_restore (self->context, self->throwaway, self->backup, error)
         && migrate (self, error) && try_server (self, error) && undo (self->context, error)
         && write_passport (self, error);
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  if (context->plan->leaves_out_rehearsal)
    {
      steward_progress_note (context->progress, _ ("The rehearsal was left out, as was asked."));
      return TRUE;
    }
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
  .undo = undo,
};
