/* Reads the backup back whole: the hash that was taken while writing, and every byte through
 * pg_restore. */
#include "core/steps/verify.h"

#include <glib/gi18n-lib.h>

#include "core/steps/proof.h"
#include "core/steps/tool-scripts.h"
#include "core/steps/tools.h"

#define ROLE "verify"

static char *
describe (const StewardStepContext *context)
{
  g_autofree char *path = steward_store_dup_dump_path (context->store, context->plan->backup_id);
  const char *argv[] = { "sha256sum", path, NULL };

  return steward_format_command (argv);
}

static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  g_autoptr (StewardBackup) backup = steward_proof_find (context, error);

  if (backup == NULL)
    return FALSE;
  if (backup->passport->read_back_s != 0)
    {
      *state = STEWARD_STEP_DONE;
      return TRUE;
    }
  return steward_tool_inspect (context, ROLE, state, error);
}

static gboolean
finish (StewardStepContext *context,
        const StewardToolRun *run,
        StewardBackup *backup,
        GError **error)
{
  g_auto (StewardToolReport) report = { 0 };

  if (steward_tool_finish (context, run, &report, error))
    return steward_proof_note (context, backup, STEWARD_PROOF_READ_BACK, error)
           && steward_tool_remove (context, ROLE, error);
  steward_proof_note_failure (context, backup, &report);
  return FALSE;
}

static gboolean
verify (StewardStepContext *context,
        StewardBackup *backup,
        gboolean (*begin) (StewardStepContext *, const StewardToolRun *, GError **),
        GError **error)
{
  g_autofree char *file = g_path_get_basename (backup->dump_path);
  const char *arguments[] = { file, backup->passport->dump_sha256, NULL };
  StewardToolRun tool_run = {
    .role = ROLE,
    .script = steward_tool_script_verify,
    .arguments = arguments,
    .database = context->plan->live_name,
    .expected_bytes = backup->size_bytes,
  };
  return (begin == NULL || begin (context, &tool_run, error))
         && finish (context, &tool_run, backup, error);
}

gboolean
steward_verify_backup (StewardStepContext *context, StewardBackup *backup, GError **error)
{
  return verify (context, backup, steward_tool_start, error);
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  g_autoptr (StewardBackup) backup = steward_proof_find (context, error);

  return backup != NULL && steward_verify_backup (context, backup, error);
}

static gboolean
attach (StewardStepContext *context, GError **error)
{
  g_autoptr (StewardBackup) backup = steward_proof_find (context, error);

  return backup != NULL && verify (context, backup, NULL, error);
}

static gboolean
undo (StewardStepContext *context, GError **error)
{
  return steward_tool_remove (context, ROLE, error);
}

const StewardStep steward_step_verify = {
  .id = "verify",
  .title = N_ ("Read the backup back"),
  .weight = 10,
  .flags = STEWARD_STEP_CANCELLABLE,
  .describe = describe,
  .inspect = inspect,
  .run = run,
  .attach = attach,
  .undo = undo,
};
