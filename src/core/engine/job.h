/* The one mechanism for one-off containers (dry run, dump, restore, migration, trial): a service of
 * a compose document runs detached under a name of its own, so that it outlives the connection and
 * anybody who comes back finds it, its log and its true result. The document's content is its
 * author's business.
 *
 * All calls block. A job is known by its container's name alone: every call but the start may be
 * made by another process. Effects are held back by a lost fence. */
#pragma once

#include "core/engine/engine.h"

G_BEGIN_DECLS

/**
 * StewardJobSpec:
 * @name: the container's name; it can be taken only once
 * @project_name: the compose project the container belongs to
 * @directory: absolute; relative paths of the document start here
 * @document: compose JSON; may hold secrets: it travels on standard input. Its image must be on the
 * engine. Values hold no `$` but as `$$`. Networks must all be external or the service's
 * `network_mode` be `none` or `host`; else compose makes a network that nobody removes.
 * @service: the service of the document to run
 * @fence: (nullable)
 */
typedef struct
{
  const char *name;
  const char *project_name;
  const char *directory;
  GBytes *document;
  const char *service;
  const StewardFence *fence;
} StewardJobSpec;

typedef enum
{
  STEWARD_JOB_ABSENT,
  STEWARD_JOB_RUNNING,
  STEWARD_JOB_ENDED,
} StewardJobState;

/** StewardJobStatus: all but @state only for a job that has started */
typedef struct
{
  StewardJobState state;
  int exit_code; /* of an ended one; 128 plus the signal's number if killed; -1: it never ran */
  gboolean oom_killed;
  gint64 started_us;  /* microseconds since 1970 */
  gint64 finished_us; /* of an ended one */
} StewardJobStatus;

/**
 * steward_job_start:
 *
 * Starts the job and returns. Nothing but that container is made; it stays until
 * steward_job_remove().
 *
 * Errors: %STEWARD_ERROR_LOCKED (the name is taken; that container is untouched),
 * %STEWARD_ERROR_NOT_FOUND (no such image, network, service, or program in the image),
 * %STEWARD_ERROR_INVALID (compose does not understand the document), %STEWARD_ERROR_LOST_LOCK,
 * %STEWARD_ERROR_FAILED. After an error other than LOCKED a container of the name may be there
 * that never ran (%STEWARD_JOB_ENDED); remove it.
 */
gboolean steward_job_start (StewardEngine *engine,
                            const StewardJobSpec *spec,
                            GCancellable *cancellable,
                            GError **error);

/**
 * StewardJobWatch:
 * @line: (nullable): each line of the job's output and errors, from its beginning
 * @deadline_ms: how long to wait; 0 for no limit
 */
typedef struct
{
  StewardLineFunc line;
  gpointer line_data;
  guint deadline_ms;
} StewardJobWatch;

/**
 * steward_job_wait:
 * @watch: (nullable)
 * @status: (out caller-allocates): of the ended job
 *
 * Follows a job, started by whomever, until it has ended, and reads its true result. Cancelling
 * ends the waiting only. An engine that is away for up to a minute is waited for; lines that were
 * seen are not repeated.
 *
 * Errors: %STEWARD_ERROR_NOT_FOUND (no such job), %STEWARD_ERROR_UNREACHABLE (deadline, or the
 * engine is away: the job may go on)
 */
gboolean steward_job_wait (StewardEngine *engine,
                           const char *name,
                           const StewardJobWatch *watch,
                           StewardJobStatus *status,
                           GCancellable *cancellable,
                           GError **error);

/** steward_job_inspect: @status: (out caller-allocates). An absent job is no error. */
gboolean steward_job_inspect (StewardEngine *engine,
                              const char *name,
                              StewardJobStatus *status,
                              GCancellable *cancellable,
                              GError **error);

/** steward_job_get_output: what the job printed so far: @outcome's `output` (64 MiB at most) and
 * `errors` (the last 64 KiB), kept apart; its `status` says nothing. Clear it.
 * Errors: %STEWARD_ERROR_NOT_FOUND */
gboolean steward_job_get_output (StewardEngine *engine,
                                 const char *name,
                                 StewardOutcome *outcome,
                                 GCancellable *cancellable,
                                 GError **error);

/** steward_job_stop: asks the job to end, by force after @grace_s seconds; it keeps its log and
 * result. One that has ended or is not there is fine. */
gboolean steward_job_stop (StewardEngine *engine,
                           const char *name,
                           guint grace_s,
                           const StewardFence *fence,
                           GCancellable *cancellable,
                           GError **error);

/** steward_job_remove: removes the job's container, by force, with the unnamed volumes it brought;
 * one that is not there is fine. */
gboolean steward_job_remove (StewardEngine *engine,
                             const char *name,
                             const StewardFence *fence,
                             GCancellable *cancellable,
                             GError **error);

G_END_DECLS
