/* Reads the backup back whole: the hash that was taken while writing, and every byte through
 * pg_restore. */
#include "core/steps/verify.h"

#include <glib/gi18n-lib.h>

#include "core/steps/tool-scripts.h"
#include "core/steps/tools.h"

#define ROLE "verify"

static StewardBackup *
find_backup (StewardStepContext *context, GError **error)
{
  StewardBackup *backup =
      steward_backup_find (context->store, context->plan->backup_id, context->cancellable, error);

  if (backup == NULL || backup->state == STEWARD_BACKUP_COMPLETE)
    return backup;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID, _ ("The backup %s is not complete: %s"),
               backup->id, backup->problem != NULL ? backup->problem : "");
  steward_backup_free (backup);
  return NULL;
}

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
  g_autoptr (StewardBackup) backup = find_backup (context, error);

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
  StewardPassport *passport = backup->passport;
  g_autoptr (GError) local_error = NULL;
  const StewardFence *fence = steward_step_get_fence (context);

  if (steward_tool_finish (context, run, &report, &local_error))
    return steward_store_get_now (context->store, &passport->read_back_s, NULL, error)
           && steward_backup_write_passport (context->store, passport, fence, NULL, error)
           && steward_tool_remove (context, ROLE, error);

  /* Only a damaged dump is marked so: tools that were killed or cut off say nothing of it. */
  if ((report.is_unreadable
       || (report.sha256 != NULL && !g_str_equal (report.sha256, passport->dump_sha256)))
      && steward_store_get_now (context->store, &passport->damaged_s, NULL, NULL))
    steward_backup_write_passport (context->store, passport, fence, NULL, NULL);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
verify (StewardStepContext *context,
        gboolean (*begin) (StewardStepContext *, const StewardToolRun *, GError **),
        GError **error)
{
  g_autoptr (StewardBackup) backup = find_backup (context, error);

  if (backup == NULL)
    return FALSE;
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
steward_verify_backup (StewardStepContext *context, GError **error)
{
  return verify (context, steward_tool_start, error);
}

static gboolean
attach (StewardStepContext *context, GError **error)
{
  return verify (context, NULL, error);
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
  .run = steward_verify_backup,
  .attach = attach,
  .undo = undo,
};
