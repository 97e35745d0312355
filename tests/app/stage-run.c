/* An operation whose events come from a test: its calls are queued, the server's worker thread
 * tells them by the core's own progress. See stage.h. */
#include "stage.h"

#include "core/operations/channel.h"

typedef enum
{
  ACT_BEGIN,
  ACT_SKIP,
  ACT_FAIL,
  ACT_UNDO,
  ACT_BEGIN_UNDO,
  ACT_FRACTION,
  ACT_OUTPUT,
  ACT_COMMAND,
  ACT_NOTE,
  ACT_STOPS,
  ACT_ANSWERS,
  ACT_ASK,
  ACT_END,
} ActKind;

typedef struct
{
  ActKind kind;
  char *text; /* owned, nullable */
  char *word; /* owned, nullable */
  double fraction;
  StewardResult result;
  GQuark domain; /* of the error at the end; 0 for STEWARD_ERROR_FAILED */
  int code;
} Act;

/* What both threads use. */
typedef struct
{
  StewardOperationKind kind;
  GAsyncQueue *acts;         /* owned, of Act */
  GCancellable *cancellable; /* owned, nullable; guarded by the queue's lock */
  gatomicrefcount refs;
  int n_told;    /* atomic: acts that were carried out */
  int is_asking; /* atomic */
  int is_agreed; /* atomic */
} Script;

struct _StageRun
{
  Script *script;        /* owned */
  StewardServer *server; /* owned */
  int n_queued;
  gboolean is_ended;
};

static void
act_free (Act *act)
{
  g_free (act->text);
  g_free (act->word);
  g_free (act);
}

static void
script_unref (gpointer data)
{
  Script *script = data;

  if (!g_atomic_ref_count_dec (&script->refs))
    return;
  g_async_queue_unref (script->acts);
  g_clear_object (&script->cancellable);
  g_free (script);
}

static const StewardStep *
get_step (StewardOperationKind kind, const char *id)
{
  const StewardStep *const *steps = steward_runner_get_steps (kind);

  for (gsize i = 0; steps[i] != NULL; i++)
    if (g_str_equal (steps[i]->id, id))
      return steps[i];
  g_error ("There is no step “%s”.", id);
}

static guint
get_total (StewardOperationKind kind)
{
  const StewardStep *const *steps = steward_runner_get_steps (kind);
  guint total = 0;

  for (gsize i = 0; steps[i] != NULL; i++)
    total += steps[i]->weight;
  return total;
}

typedef struct
{
  Script *script;
  StewardProgress *progress;
  const StewardClient *client;
  GCancellable *cancellable;
  gboolean is_in_step;
} Telling;

static void
leave_step (Telling *telling, const char *failure)
{
  if (telling->is_in_step)
    steward_progress_end (telling->progress, failure);
  telling->is_in_step = FALSE;
}

static void
enter_step (Telling *telling, const char *id)
{
  const StewardStep *step = get_step (telling->script->kind, id);

  leave_step (telling, NULL);
  steward_progress_begin (telling->progress, step->id, step->title, step->weight);
  telling->is_in_step = TRUE;
}

static void
skip_step (Telling *telling, const char *id)
{
  const StewardStep *step = get_step (telling->script->kind, id);

  leave_step (telling, NULL);
  steward_progress_skip (telling->progress, step->id, step->title, step->weight);
}

static void
begin_undo (Telling *telling, const char *id)
{
  const StewardStep *step = get_step (telling->script->kind, id);

  telling->is_in_step = FALSE;
  steward_progress_begin_undo (telling->progress, step->id, step->title);
}

static void
ask (Telling *telling, const Act *act)
{
  StewardQuestion question = { act->text, act->word };

  g_atomic_int_set (&telling->script->is_asking, TRUE);
  g_atomic_int_set (&telling->script->is_agreed,
                    telling->client->ask (&question, telling->cancellable, telling->client->data));
  g_atomic_int_set (&telling->script->is_asking, FALSE);
}

static void
tell (Telling *telling, const Act *act)
{
  switch (act->kind)
    {
    case ACT_BEGIN:
      enter_step (telling, act->text);
      break;
    case ACT_SKIP:
      skip_step (telling, act->text);
      break;
    case ACT_FAIL:
      leave_step (telling, act->text);
      break;
    case ACT_UNDO:
      begin_undo (telling, act->text);
      steward_progress_end_undo (telling->progress);
      break;
    case ACT_BEGIN_UNDO:
      begin_undo (telling, act->text);
      break;
    case ACT_FRACTION:
      steward_progress_set_fraction (telling->progress, act->fraction);
      break;
    case ACT_OUTPUT:
      steward_progress_output (telling->progress, act->text);
      break;
    case ACT_COMMAND:
      steward_progress_command (telling->progress, act->text);
      break;
    case ACT_NOTE:
      steward_progress_note (telling->progress, act->text);
      break;
    case ACT_STOPS:
      steward_progress_server_stops (telling->progress);
      break;
    case ACT_ANSWERS:
      steward_progress_server_answers (telling->progress);
      break;
    case ACT_ASK:
      ask (telling, act);
      break;
    case ACT_END:
      break;
    }
}

static void
fill_report (StewardReport *report, const Script *script)
{
  gboolean changes_tag = script->kind == STEWARD_OPERATION_UPGRADE;

  *report = (StewardReport){
    .id = g_strdup ("20261123t224500_ef56"),
    .kind = script->kind,
    .backup_id = script->kind != STEWARD_OPERATION_RESTART ? g_strdup (STAGE_BACKUP_ID) : NULL,
    .from_tag = g_strdup (STAGE_TAG),
    .to_tag = g_strdup (changes_tag                                  ? STAGE_TARGET
                        : script->kind == STEWARD_OPERATION_ROLLBACK ? "3.4.1"
                                                                     : STAGE_TAG),
    .downtime_ms = script->kind != STEWARD_OPERATION_BACKUP ? 7400 : 0,
  };
}

/* On the worker's thread. */
static StewardResult
run_cb (gpointer data,
        const StewardClient *client,
        StewardReport *report,
        GCancellable *cancellable,
        GError **error)
{
  Script *script = data;
  g_autoptr (StewardProgress) progress = steward_progress_new (client->event, client->data);
  Telling telling = { script, progress, client, cancellable, FALSE };

  g_async_queue_lock (script->acts);
  script->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  g_async_queue_unlock (script->acts);
  steward_progress_set_total (progress, get_total (script->kind));
  for (;;)
    {
      Act *act = g_async_queue_pop (script->acts);
      gboolean is_end = act->kind == ACT_END;
      StewardResult result = act->result;
      tell (&telling, act);
      if (is_end && result == STEWARD_RESULT_DONE)
        leave_step (&telling, NULL);
      if (is_end && result != STEWARD_RESULT_REFUSED)
        fill_report (report, script);
      if (is_end && act->text != NULL)
        g_set_error_literal (error, act->domain != 0 ? act->domain : STEWARD_ERROR, act->code,
                             act->text);
      act_free (act);
      g_atomic_int_inc (&script->n_told);
      if (is_end)
        return result;
    }
}

StageRun *
stage_run_new (StewardServer *server, StewardOperationKind kind)
{
  StageRun *run = g_new0 (StageRun, 1);
  Script *script = g_new0 (Script, 1);
  StewardRunWork work = { kind, run_cb, script, script_unref };

  g_atomic_ref_count_init (&script->refs);
  g_atomic_ref_count_inc (&script->refs);
  script->kind = kind;
  script->acts = g_async_queue_new_full ((GDestroyNotify)act_free);
  run->script = script;
  run->server = g_object_ref (server);
  steward_server_take_run (server, steward_run_new (steward_server_get_worker (server), &work));
  return run;
}

/* A worker that waited for ever would outlive the test. */
void
stage_run_free (StageRun *run)
{
  if (!run->is_ended)
    stage_run_end (run, STEWARD_RESULT_INTERRUPTED, "The test ended.");
  script_unref (run->script);
  g_object_unref (run->server);
  g_free (run);
}

static void
queue (StageRun *run, Act act)
{
  g_assert_false (run->is_ended);
  act.text = g_strdup (act.text);
  act.word = g_strdup (act.word);
  run->n_queued++;
  g_async_queue_push (run->script->acts, g_memdup2 (&act, sizeof act));
}

void
stage_run_begin (StageRun *run, const char *id)
{
  queue (run, (Act){ .kind = ACT_BEGIN, .text = (char *)id });
}

void
stage_run_until (StageRun *run, const char *id)
{
  const StewardStep *const *steps = steward_runner_get_steps (run->script->kind);

  for (gsize i = 0; steps[i] != NULL; i++)
    {
      if (g_str_equal (steps[i]->id, "stop-server"))
        stage_run_server_stops (run);
      stage_run_begin (run, steps[i]->id);
      if (g_str_equal (steps[i]->id, id))
        return;
    }
  g_error ("There is no step “%s”.", id);
}

void
stage_run_skip (StageRun *run, const char *id)
{
  queue (run, (Act){ .kind = ACT_SKIP, .text = (char *)id });
}

void
stage_run_fail (StageRun *run, const char *why)
{
  queue (run, (Act){ .kind = ACT_FAIL, .text = (char *)why });
}

void
stage_run_undo (StageRun *run, const char *id)
{
  queue (run, (Act){ .kind = ACT_UNDO, .text = (char *)id });
}

void
stage_run_begin_undo (StageRun *run, const char *id)
{
  queue (run, (Act){ .kind = ACT_BEGIN_UNDO, .text = (char *)id });
}

void
stage_run_fraction (StageRun *run, double fraction)
{
  queue (run, (Act){ .kind = ACT_FRACTION, .fraction = fraction });
}

void
stage_run_output (StageRun *run, const char *line)
{
  queue (run, (Act){ .kind = ACT_OUTPUT, .text = (char *)line });
}

void
stage_run_command (StageRun *run, const char *command)
{
  queue (run, (Act){ .kind = ACT_COMMAND, .text = (char *)command });
}

void
stage_run_note (StageRun *run, const char *sentence)
{
  queue (run, (Act){ .kind = ACT_NOTE, .text = (char *)sentence });
}

void
stage_run_server_stops (StageRun *run)
{
  queue (run, (Act){ .kind = ACT_STOPS });
}

void
stage_run_server_answers (StageRun *run)
{
  queue (run, (Act){ .kind = ACT_ANSWERS });
}

void
stage_run_ask (StageRun *run, const char *text, const char *version)
{
  queue (run, (Act){ .kind = ACT_ASK, .text = (char *)text, .word = (char *)version });
}

void
stage_run_end (StageRun *run, StewardResult result, const char *message)
{
  queue (run, (Act){ .kind = ACT_END, .text = (char *)message, .result = result });
  run->is_ended = TRUE;
}

void
stage_run_end_with (StageRun *run, StewardResult result, const GError *error)
{
  queue (run, (Act){ .kind = ACT_END,
                     .text = error->message,
                     .result = result,
                     .domain = error->domain,
                     .code = error->code });
  run->is_ended = TRUE;
}

gboolean
stage_run_was_agreed (StageRun *run)
{
  return g_atomic_int_get (&run->script->is_agreed);
}

gboolean
stage_run_is_cancelled (StageRun *run)
{
  g_async_queue_lock (run->script->acts);
  gboolean is_cancelled = g_cancellable_is_cancelled (run->script->cancellable);
  g_async_queue_unlock (run->script->acts);
  return is_cancelled;
}

static gboolean
is_told (gpointer data)
{
  StageRun *run = data;

  return g_atomic_int_get (&run->script->n_told) == run->n_queued
         || g_atomic_int_get (&run->script->is_asking);
}

static gboolean
reached_cb (gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
is_reached (gpointer data)
{
  return *(gboolean *)data;
}

static gboolean
is_over (gpointer data)
{
  StageRun *run = data;

  return steward_run_is_over (steward_server_get_run (run->server));
}

/* What was told waits at higher priorities than this: it is reached only when all was shown. */
void
stage_run_settle (StageRun *run)
{
  gboolean is_flushed = FALSE;

  stage_wait (is_told, run);
  g_idle_add_full (STEWARD_WORKER_PRIORITY, reached_cb, &is_flushed, NULL);
  stage_wait (is_reached, &is_flushed);
  if (run->is_ended)
    stage_wait (is_over, run);
}
