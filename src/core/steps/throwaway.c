/* Two containers: the PostgreSQL, and the tools that share its network. */
#include "core/steps/throwaway.h"

#include "core/deployment/job.h"
#include "core/steps/proof.h"
#include "core/steps/tool-scripts.h"
#include "core/steps/tools.h"

#define ROLE "rehearsal"
#define RESTORE_ROLE "rehearse-restore"
/* Source: as in restore-beside.c */
#define RESTORE_JOBS "2"

void
steward_throwaway_init (StewardThrowaway *self, const StewardStepContext *context)
{
  const char *id = context->plan->id;

  self->name = steward_step_dup_job_name (context, ROLE);
  self->database = g_strconcat ("steward_", id, "_rehearsal", NULL);
  self->rehearsal = (StewardRehearsal){ self->name, id, self->database };
}

void
steward_throwaway_clear (StewardThrowaway *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->database, g_free);
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

gboolean
steward_throwaway_start (StewardStepContext *context, const StewardThrowaway *self, GError **error)
{
  return steward_rehearsal_start (context->deployment, &self->rehearsal,
                                  steward_step_get_fence (context), context->cancellable, error);
}

/* The backup is proven by it: what was dumped is there again, row by row counted. */
gboolean
steward_throwaway_restore (StewardStepContext *context,
                           const StewardThrowaway *self,
                           StewardBackup *backup,
                           GError **error)
{
  g_auto (StewardToolReport) report = { 0 };
  StewardJobStatus status;
  g_autofree char *file = g_path_get_basename (backup->dump_path);
  const char *arguments[] = { file, RESTORE_JOBS, backup->passport->dump_sha256, NULL };
  StewardToolRun tool_run = {
    .role = RESTORE_ROLE,
    .script = steward_tool_script_rehearse,
    .arguments = arguments,
    .database = self->database,
    .expected_bytes = backup->passport->database_bytes,
    .rehearsal = &self->rehearsal,
  };

  if (!inspect_job (context, RESTORE_ROLE, &status, error)
      || (status.state == STEWARD_JOB_ABSENT && !steward_tool_start (context, &tool_run, error)))
    return FALSE;
  if (!steward_tool_finish (context, &tool_run, &report, error))
    {
      steward_proof_note_failure (context, backup, &report);
      return FALSE;
    }
  backup->passport->restore_ms = report.took_ms;
  g_autoptr (JsonObject) counts = count_rows (&report);
  return steward_proof_note_rows (context, backup, counts, error);
}

gboolean
steward_throwaway_remove (StewardStepContext *context, GError **error)
{
  return steward_tool_remove (context, RESTORE_ROLE, error)
         && steward_tool_remove (context, ROLE, error);
}

gboolean
steward_throwaway_inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  StewardJobStatus server, tools;

  if (!inspect_job (context, ROLE, &server, error)
      || !inspect_job (context, RESTORE_ROLE, &tools, error))
    return FALSE;
  if (server.state == STEWARD_JOB_RUNNING)
    *state = STEWARD_STEP_RUNNING;
  else if (server.state != STEWARD_JOB_ABSENT || tools.state != STEWARD_JOB_ABSENT)
    *state = STEWARD_STEP_STALE;
  else
    *state = STEWARD_STEP_TODO;
  return TRUE;
}
