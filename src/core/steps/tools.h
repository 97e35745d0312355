/* Runs a script of tool-scripts.h as a job, from its start or from wherever it is, and reads what
 * it tells. */
#pragma once

#include "core/deployment/rehearsal.h"
#include "core/steps/step.h"

G_BEGIN_DECLS

/**
 * StewardToolReport: what a script told.
 * @tables: (element-type StewardTableRows)
 */
typedef struct
{
  gint64 snapshot_s;
  guint64 bytes;
  guint64 took_ms;
  char *sha256;
  char *compression;
  GPtrArray *tables;
  gboolean is_unreadable;
  gboolean is_done;
} StewardToolReport;

void steward_tool_report_clear (StewardToolReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StewardToolReport, steward_tool_report_clear)

/**
 * StewardToolRun:
 * @role: names the job: `dump`
 * @script: see tool-scripts.h
 * @arguments: the script's
 * @database: the database it works on
 * @folder: (nullable): the folder of the host that it sees as `/steward`; %NULL for that of backups
 * @expected_bytes: what `progress` is measured against
 * @rehearsal: (nullable): where that database is
 */
typedef struct
{
  const char *role;
  const char *script;
  const char *const *arguments;
  const char *database;
  const char *folder;
  guint64 expected_bytes;
  const StewardRehearsal *rehearsal;
} StewardToolRun;

/** steward_tool_inspect: %STEWARD_STEP_RUNNING for a job that runs or has ended and was not read,
 * else to do. */
gboolean steward_tool_inspect (StewardStepContext *context,
                               const char *role,
                               StewardStepState *state,
                               GError **error);

/** steward_tool_start: starts the job; a left-over of the name is removed first. */
gboolean
steward_tool_start (StewardStepContext *context, const StewardToolRun *run, GError **error);

/**
 * steward_tool_finish:
 * @report: (out caller-allocates): clear it
 *
 * Waits for the job and passes its lines on. A failed or cancelled one is ended and removed; a good
 * one stays, to be read again after an interruption, until steward_tool_remove(). Errors:
 * %STEWARD_ERROR_FAILED, %STEWARD_ERROR_NO_SPACE with the tool's own last words
 */
gboolean steward_tool_finish (StewardStepContext *context,
                              const StewardToolRun *run,
                              StewardToolReport *report,
                              GError **error);

/** steward_tool_remove: ends and removes the job; one that is not there is fine. */
gboolean steward_tool_remove (StewardStepContext *context, const char *role, GError **error);

/** steward_tool_remove_all: removes every one-off container of this operation, also what a process
 * that was killed had no time to remove. Nothing of the operation is to be taken up any more. */
gboolean steward_tool_remove_all (StewardStepContext *context, GError **error);

G_END_DECLS
