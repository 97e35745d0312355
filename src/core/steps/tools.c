/* The tools' jobs. A job's result is read from its log, so that whoever comes back reads the
 * same. */
#include "core/steps/tools.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/deployment/job.h"
#include "core/engine/container.h"

#define STOP_GRACE_S 5

void
steward_tool_report_clear (StewardToolReport *report)
{
  g_clear_pointer (&report->sha256, g_free);
  g_clear_pointer (&report->compression, g_free);
  g_clear_pointer (&report->tables, g_ptr_array_unref);
}

gboolean
steward_tool_inspect (StewardStepContext *context,
                      const char *role,
                      StewardStepState *state,
                      GError **error)
{
  g_autofree char *name = steward_step_dup_job_name (context, role);
  StewardJobStatus status;

  if (!steward_job_inspect (context->deployment->engine, name, &status, context->cancellable,
                            error))
    return FALSE;
  *state = status.state == STEWARD_JOB_ABSENT ? STEWARD_STEP_TODO : STEWARD_STEP_RUNNING;
  return TRUE;
}

gboolean
steward_tool_remove (StewardStepContext *context, const char *role, GError **error)
{
  g_autofree char *name = steward_step_dup_job_name (context, role);
  StewardEngine *engine = context->deployment->engine;
  const StewardFence *fence = steward_step_get_fence (context);

  return steward_job_stop (engine, name, STOP_GRACE_S, fence, NULL, error)
         && steward_job_remove (engine, name, fence, NULL, error);
}

gboolean
steward_tool_remove_all (StewardStepContext *context, GError **error)
{
  StewardEngine *engine = context->deployment->engine;
  g_autofree char *filter =
      g_strconcat ("label=" STEWARD_LABEL_OPERATION "=", context->plan->id, NULL);
  const char *filters[] = { filter, NULL };
  g_autoptr (GPtrArray) containers = steward_engine_list_containers (engine, filters, NULL, error);

  for (guint i = 0; containers != NULL && i < containers->len; i++)
    if (!steward_job_remove (engine, ((StewardContainer *)containers->pdata[i])->name,
                             steward_step_get_fence (context), NULL, error))
      return FALSE;
  return containers != NULL;
}

gboolean
steward_tool_start (StewardStepContext *context, const StewardToolRun *run, GError **error)
{
  g_autofree char *name = steward_step_dup_job_name (context, run->role);
  StewardToolsJob job = {
    .name = name,
    .operation = context->plan->id,
    .script = run->script,
    .arguments = run->arguments,
    .database = run->database,
    .folder = run->folder != NULL ? run->folder : steward_store_get_backups_folder (context->store),
    .rehearsal = run->rehearsal,
  };

  return steward_tool_remove (context, run->role, error)
         && steward_deployment_start_tools_job (context->deployment, &job,
                                                steward_step_get_fence (context),
                                                context->cancellable, error);
}

typedef struct
{
  StewardStepContext *context;
  const StewardToolRun *run;
  StewardToolReport *report;
  char *last_words; /* owned, nullable */
} Reading;

static void
read_rows (StewardToolReport *report, const char *text)
{
  char *table = NULL;
  guint64 count = g_ascii_strtoull (text, &table, 10);
  StewardTableRows *rows = g_new0 (StewardTableRows, 1);

  rows->rows = count;
  rows->table = g_strdup (*table == ' ' ? table + 1 : table);
  g_ptr_array_add (report->tables, rows);
}

static gboolean
read_told (Reading *reading, const char *line)
{
  StewardToolReport *report = reading->report;
  const char *value = strchr (line, ' ');

  value = value != NULL ? value + 1 : "";
  if (g_str_has_prefix (line, "progress "))
    steward_progress_set_fraction (reading->context->progress,
                                   (double)g_ascii_strtoull (value, NULL, 10)
                                       / MAX (reading->run->expected_bytes, 1));
  else if (g_str_has_prefix (line, "rows "))
    read_rows (report, value);
  else if (g_str_has_prefix (line, "snapshot "))
    report->snapshot_s = g_ascii_strtoll (value, NULL, 10);
  else if (g_str_has_prefix (line, "bytes "))
    report->bytes = g_ascii_strtoull (value, NULL, 10);
  else if (g_str_has_prefix (line, "took "))
    report->took_ms = g_ascii_strtoull (value, NULL, 10);
  else if (g_str_has_prefix (line, "compression "))
    report->compression = g_strdup (value);
  else if (g_str_has_prefix (line, "sha256 "))
    report->sha256 = g_strdup (value);
  else if (g_str_equal (line, "unreadable"))
    report->is_unreadable = TRUE;
  else if (g_str_equal (line, "done"))
    report->is_done = TRUE;
  else
    return FALSE;
  return TRUE;
}

static void
line_cb (const char *line, gpointer data)
{
  Reading *reading = data;

  if (read_told (reading, line))
    return;
  g_free (reading->last_words);
  reading->last_words = g_strdup (line);
  steward_progress_output (reading->context->progress, line);
}

/* Exit code and last line must both say so. */
static gboolean
judge (const Reading *reading, const StewardJobStatus *status, GError **error)
{
  if (status->exit_code == 0 && reading->report->is_done)
    return TRUE;
  const char *words = reading->last_words != NULL ? reading->last_words : "";
  StewardError code = strstr (words, "No space left on device") != NULL ? STEWARD_ERROR_NO_SPACE
                                                                        : STEWARD_ERROR_FAILED;
  if (status->oom_killed)
    g_set_error_literal (error, STEWARD_ERROR, code,
                         _ ("The database’s tools were ended for want of memory."));
  else
    g_set_error (error, STEWARD_ERROR, code, _ ("The database’s tools failed with status %d: %s"),
                 status->exit_code, words);
  return FALSE;
}

gboolean
steward_tool_finish (StewardStepContext *context,
                     const StewardToolRun *run,
                     StewardToolReport *report,
                     GError **error)
{
  g_autofree char *name = steward_step_dup_job_name (context, run->role);
  Reading reading = { context, run, report, NULL };
  StewardJobWatch watch = { .line = line_cb, .line_data = &reading };
  StewardJobStatus status;
  g_autoptr (GError) local_error = NULL;

  report->tables = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_table_rows_free);
  gboolean is_good = steward_job_wait (context->deployment->engine, name, &watch, &status,
                                       context->cancellable, &local_error)
                     && judge (&reading, &status, &local_error);
  g_free (reading.last_words);
  if (is_good || g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE))
    {
      if (!is_good)
        g_propagate_error (error, g_steal_pointer (&local_error));
      return is_good;
    }
  steward_tool_remove (context, run->role, NULL);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
