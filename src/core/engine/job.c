/* Jobs are `docker compose run -d` with a name of their own: making a container of a name is
 * atomic, and it outlives whoever made it. Following one is logs, then wait, then the state. */
#include "core/engine/job.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/engine/container.h"
#include "core/engine/docker-error.h"
#include "core/engine/inspect-json.h"

#define START_DEADLINE_MS 120000
#define HICCUP_S 60
#define RETRY_MS 1000
#define NEVER_RAN (-1)

/* COMMAND…: both streams as the one of errors, of which the host keeps only the end. */
static const char follow_script[] = "exec \"$@\" >&2\n";

typedef struct
{
  const StewardJobWatch *watch; /* borrowed, nullable */
  gint64 deadline_us;           /* monotonic */
  guint64 seen;                 /* lines passed on so far */
  guint64 position;             /* lines of the present reading */
} Follower;

static void
set_start_error (const StewardJobSpec *spec, const StewardOutcome *outcome, GError **error)
{
  g_autofree char *line = steward_docker_error_dup_line (outcome->errors->str);
  StewardError code = steward_docker_error_classify (line);

  if (code == STEWARD_ERROR_LOCKED)
    g_set_error (error, STEWARD_ERROR, code, _ ("A job “%s” is there already."), spec->name);
  else if (steward_docker_error_is_public (line))
    g_set_error (error, STEWARD_ERROR, code, _ ("The job “%s” could not be started: %s"),
                 spec->name, line);
  else
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                 _ ("“docker compose” did not accept the description of the job “%s”."),
                 spec->name);
}

gboolean
steward_job_start (StewardEngine *engine,
                   const StewardJobSpec *spec,
                   GCancellable *cancellable,
                   GError **error)
{
  /* Without an env file of its own compose would read `.env` of the folder, broken or not. */
  const char *argv[] = { "compose",
                         "-p",
                         spec->project_name,
                         "--project-directory",
                         spec->directory,
                         "--env-file",
                         "/dev/null",
                         "-f",
                         "-",
                         "run",
                         "-d",
                         "--no-deps",
                         "-T",
                         "--interactive=false",
                         "--name",
                         spec->name,
                         "--",
                         spec->service,
                         NULL };
  g_autoptr (GInputStream) input = g_memory_input_stream_new_from_bytes (spec->document);
  StewardCommand command = {
    .argv = argv, .input = input, .fence = spec->fence, .deadline_ms = START_DEADLINE_MS
  };
  g_auto (StewardOutcome) outcome = { 0 };

  if (!steward_engine_run (engine, &command, &outcome, cancellable, error))
    return FALSE;
  if (outcome.status != 0)
    set_start_error (spec, &outcome, error);
  return outcome.status == 0;
}

static gboolean
parse_status (const char *text, StewardJobStatus *status, GError **error)
{
  g_autoptr (JsonArray) array = steward_inspect_parse (text, error);
  if (array == NULL)
    return FALSE;

  JsonObject *container = steward_inspect_get_first (array);
  JsonObject *state = steward_json_get_object (container, "State");
  gboolean is_alive = steward_inspect_get_boolean (state, "Running")
                      || steward_inspect_get_boolean (state, "Restarting");

  status->state = is_alive ? STEWARD_JOB_RUNNING : STEWARD_JOB_ENDED;
  status->started_us = steward_inspect_get_time_us (state, "StartedAt");
  if (is_alive)
    return TRUE;
  status->finished_us = steward_inspect_get_time_us (state, "FinishedAt");
  status->oom_killed = steward_inspect_get_boolean (state, "OOMKilled");
  status->exit_code =
      status->started_us != 0 ? steward_inspect_get_int (state, "ExitCode") : NEVER_RAN;
  return TRUE;
}

gboolean
steward_job_inspect (StewardEngine *engine,
                     const char *name,
                     StewardJobStatus *status,
                     GCancellable *cancellable,
                     GError **error)
{
  const char *argv[] = { "inspect", "--type", "container", "--", name, NULL };
  StewardCommand command = { .argv = argv };
  g_autoptr (GError) local_error = NULL;

  memset (status, 0, sizeof *status);
  g_autofree char *output = steward_engine_call (engine, &command, cancellable, &local_error);
  if (output != NULL)
    return parse_status (output, status, error);
  if (g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
    {
      status->state = STEWARD_JOB_ABSENT;
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Lines of the job have a time before them ("2026-01-31T23:59:59.123456789Z "), docker's own
 * complaints have none. Returns: (nullable): the text behind it */
static const char *
skip_time (const char *line)
{
  const char *space = strchr (line, ' ');
  gboolean is_time = space != NULL && (gsize)(space - line) > strlen ("2026-01-31T23:59:59")
                     && strspn (line, "0123456789-:.TZ") == (gsize)(space - line);

  return is_time ? space + 1 : NULL;
}

static void
follower_line_cb (const char *line, gpointer data)
{
  Follower *follower = data;
  const char *text = skip_time (line);

  if (text == NULL)
    return;
  follower->position++;
  if (follower->position <= follower->seen)
    return;
  follower->seen = follower->position;
  follower->watch->line (text, follower->watch->line_data);
}

/* @deadline_us: see Follower. Returns: what StewardCommand takes; at least a millisecond */
static guint
remaining_ms (gint64 deadline_us)
{
  if (deadline_us == G_MAXINT64)
    return G_MAXUINT;
  return CLAMP ((deadline_us - g_get_monotonic_time ()) / 1000, 1, G_MAXUINT - 1);
}

/* How it ends does not count: the state is asked afterwards. */
static void
read_lines (StewardEngine *engine,
            Follower *follower,
            const char *const *logs,
            GCancellable *cancellable)
{
  g_auto (GStrv) docker = steward_engine_dup_argv (engine, logs);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (StewardOutcome) outcome = { 0 };

  g_strv_builder_add_many (builder, "sh", "-c", follow_script, "steward", NULL);
  g_strv_builder_addv (builder, (const char **)docker);
  g_auto (GStrv) argv = g_strv_builder_end (builder);
  StewardCommand command = { .argv = (const char *const *)argv,
                             .line = follower_line_cb,
                             .line_data = follower,
                             .deadline_ms = remaining_ms (follower->deadline_us) };
  follower->position = 0;
  steward_host_run (steward_engine_get_host (engine), &command, &outcome, cancellable, NULL);
}

static void
wait_for_end (StewardEngine *engine,
              Follower *follower,
              const char *name,
              GCancellable *cancellable)
{
  const char *argv[] = { "wait", "--", name, NULL };
  StewardCommand command = { .argv = argv, .deadline_ms = remaining_ms (follower->deadline_us) };
  g_auto (StewardOutcome) outcome = { 0 };

  steward_engine_run (engine, &command, &outcome, cancellable, NULL);
}

/* Returns: FALSE if cancelled */
static gboolean
pause_unless_cancelled (GCancellable *cancellable, GError **error)
{
  GPollFD fd = { 0 };

  if (!g_cancellable_make_pollfd (cancellable, &fd))
    g_usleep (RETRY_MS * 1000);
  else
    {
      g_poll (&fd, 1, RETRY_MS);
      g_cancellable_release_fd (cancellable);
    }
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* Asks for the state, for a while again where the engine is away. */
static gboolean
inspect_patiently (StewardEngine *engine,
                   const Follower *follower,
                   const char *name,
                   StewardJobStatus *status,
                   GCancellable *cancellable,
                   GError **error)
{
  gint64 limit_us =
      MIN (follower->deadline_us, g_get_monotonic_time () + HICCUP_S * G_USEC_PER_SEC);

  for (;;)
    {
      g_autoptr (GError) local_error = NULL;

      if (steward_job_inspect (engine, name, status, cancellable, &local_error))
        return TRUE;
      if (!g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE)
          || g_get_monotonic_time () >= limit_us)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      if (!pause_unless_cancelled (cancellable, error))
        return FALSE;
    }
}

static gboolean
check_still_waiting (const Follower *follower,
                     const char *name,
                     StewardJobState state,
                     GError **error)
{
  if (state == STEWARD_JOB_ABSENT)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                   _ ("There is no job “%s” on this host."), name);
      return FALSE;
    }
  if (g_get_monotonic_time () >= follower->deadline_us)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
                   _ ("The job “%s” did not end in time; it may still be running."), name);
      return FALSE;
    }
  return TRUE;
}

gboolean
steward_job_wait (StewardEngine *engine,
                  const char *name,
                  const StewardJobWatch *watch,
                  StewardJobStatus *status,
                  GCancellable *cancellable,
                  GError **error)
{
  const char *follow[] = { "logs", "--timestamps", "--follow", "--", name, NULL };
  const char *rest[] = { "logs", "--timestamps", "--", name, NULL };
  guint deadline_ms = watch != NULL ? watch->deadline_ms : 0;
  gint64 deadline_us =
      deadline_ms != 0 ? g_get_monotonic_time () + deadline_ms * 1000LL : G_MAXINT64;
  Follower follower = { watch, deadline_us, 0, 0 };
  gboolean has_lines = watch != NULL && watch->line != NULL;

  for (;;)
    {
      if (has_lines)
        read_lines (engine, &follower, follow, cancellable);
      wait_for_end (engine, &follower, name, cancellable);
      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !inspect_patiently (engine, &follower, name, status, cancellable, error))
        return FALSE;
      if (status->state == STEWARD_JOB_ENDED)
        break;
      if (!check_still_waiting (&follower, name, status->state, error)
          || !pause_unless_cancelled (cancellable, error))
        return FALSE;
    }
  if (has_lines)
    read_lines (engine, &follower, rest, cancellable);
  return TRUE;
}

gboolean
steward_job_get_output (StewardEngine *engine,
                        const char *name,
                        StewardOutcome *outcome,
                        GCancellable *cancellable,
                        GError **error)
{
  const char *argv[] = { "logs", "--", name, NULL };
  StewardCommand command = { .argv = argv };

  if (!steward_engine_run (engine, &command, outcome, cancellable, error))
    return FALSE;
  if (outcome->status != 0)
    steward_docker_error_set (outcome, error);
  return outcome->status == 0;
}

gboolean
steward_job_stop (StewardEngine *engine,
                  const char *name,
                  guint grace_s,
                  const StewardFence *fence,
                  GCancellable *cancellable,
                  GError **error)
{
  return steward_engine_stop_container (engine, name, grace_s, fence, cancellable, error);
}

gboolean
steward_job_remove (StewardEngine *engine,
                    const char *name,
                    const StewardFence *fence,
                    GCancellable *cancellable,
                    GError **error)
{
  const char *argv[] = { "rm", "--force", "--volumes", "--", name, NULL };
  StewardCommand command = { .argv = argv, .fence = fence };
  g_autoptr (GError) local_error = NULL;

  g_autofree char *output = steward_engine_call (engine, &command, cancellable, &local_error);
  if (output != NULL || g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
