/* The one runner of all operations. Knows tables and the journal; what a step does is the
 * step's. */
#include "core/operations/runner.h"

#include <glib/gi18n-lib.h>

#include "core/operations/await-host.h"
#include "core/operations/earlier-sessions.h"
#include "core/steps/tools.h"

/* A connection that breaks this often within one step is no accident of the network. */
#define EFFORTS 20

static const StewardStep *const backup_steps[] = { &steward_step_preflight, &steward_step_dump,
                                                   &steward_step_verify, NULL };

static const StewardStep *const upgrade_steps[] = {
  &steward_step_preflight,    &steward_step_pull_image,
  &steward_step_dump,         &steward_step_verify,
  &steward_step_rehearse,     &steward_step_guard,
  &steward_step_stop_server,  &steward_step_set_aside,
  &steward_step_copy,         &steward_step_migrate_copy,
  &steward_step_try_server,   &steward_step_switch_tag,
  &steward_step_publish,      &steward_step_start_server,
  &steward_step_watch_health, NULL,
};

static const StewardStep *const restart_steps[] = { &steward_step_preflight,
                                                    &steward_step_restart_server,
                                                    &steward_step_watch_health, NULL };

static const StewardStep *const rollback_steps[] = {
  &steward_step_preflight,    &steward_step_pull_image,   &steward_step_restore_beside,
  &steward_step_prove,        &steward_step_guard,        &steward_step_stop_server,
  &steward_step_set_aside,    &steward_step_switch_tag,   &steward_step_publish,
  &steward_step_start_server, &steward_step_watch_health, NULL,
};

static const StewardStep *const *const tables[] = {
  [STEWARD_OPERATION_BACKUP] = backup_steps,
  [STEWARD_OPERATION_UPGRADE] = upgrade_steps,
  [STEWARD_OPERATION_RESTART] = restart_steps,
  [STEWARD_OPERATION_ROLLBACK] = rollback_steps,
};

const StewardStep *const *
steward_runner_get_steps (StewardOperationKind kind)
{
  return tables[kind];
}

static gboolean
append (StewardStepContext *context, StewardRecord record, GError **error)
{
  return steward_journal_append (context->journal, &record, steward_step_get_fence (context), NULL,
                                 error);
}

static gboolean
record_intent (StewardStepContext *context, const StewardStep *step, GError **error)
{
  return append (context, (StewardRecord){ .kind = STEWARD_RECORD_INTENT, .step = step->id },
                 error);
}

/* Written with what comes next: whoever resumes asks the server, not this record alone. */
static gboolean
record_done (StewardStepContext *context, const StewardStep *step, GError **error)
{
  StewardRecord record = { .kind = STEWARD_RECORD_DONE, .step = step->id };

  return steward_journal_append_later (context->journal, &record, NULL, error);
}

static gboolean
record_direction (StewardStepContext *context, StewardDirection direction, GError **error)
{
  return append (context,
                 (StewardRecord){ .kind = STEWARD_RECORD_DIRECTION, .direction = direction },
                 error);
}

/* For records that follow the fact: a journal that cannot take them is told of, no more. */
static void
record_afterwards (StewardStepContext *context, StewardRecord record)
{
  g_autoptr (GError) error = NULL;

  if (!append (context, record, &error))
    steward_progress_note (context->progress, error->message);
}

/* With it go the operation's one-off containers, unless it is not over yet. What could not be
 * removed is told of; it changes nothing that matters. */
static void
record_end (StewardStepContext *context, StewardJournalState state, const char *text)
{
  g_autoptr (GError) error = NULL;

  if (state != STEWARD_JOURNAL_HANDS && !steward_tool_remove_all (context, &error))
    steward_progress_note (context->progress, error->message);
  record_afterwards (context,
                     (StewardRecord){ .kind = STEWARD_RECORD_END, .state = state, .text = text });
}

static const StewardJournalStep *
find_forward (StewardStepContext *context, const StewardStep *step)
{
  const GPtrArray *steps = context->journal->steps;

  for (guint i = 0; i < steps->len; i++)
    {
      const StewardJournalStep *known = steps->pdata[i];
      if (known->direction == STEWARD_DIRECTION_FORWARD && g_str_equal (known->step, step->id))
        return known;
    }
  return NULL;
}

static gboolean
had_begun (StewardStepContext *context, const StewardStep *step)
{
  return find_forward (context, step) != NULL;
}

/* Does what the real server says is still to do of one step. It is asked before the intent is
 * written: that begins a new attempt and ends what the journal says of the one before. */
static gboolean
advance (StewardStepContext *context, const StewardStep *step, GError **error)
{
  StewardStepState state = STEWARD_STEP_TODO;

  if (!step->inspect (context, &state, error))
    return FALSE;
  if (state == STEWARD_STEP_DONE)
    return TRUE;
  if (!record_intent (context, step, error))
    return FALSE;
  if (state == STEWARD_STEP_STALE && !step->undo (context, error))
    return FALSE;
  if (!(state == STEWARD_STEP_RUNNING ? step->attach (context, error) : step->run (context, error)))
    return FALSE;
  return record_done (context, step, error);
}

/* One step's work, in either direction. @step: (nullable) */
typedef gboolean (*Effort) (StewardStepContext *context, const StewardStep *step, GError **error);

/* Makes an effort, and makes it once more where it is only the connection that broke. */
static gboolean
persist (StewardStepContext *context,
         const StewardStep *step,
         Effort effort,
         GCancellable *cancellable,
         GError **error)
{
  StewardHost *host = steward_deployment_get_host (context->deployment);

  for (guint i = 1;; i++)
    {
      guint session = steward_host_get_session (host);
      GError *failure = NULL;

      if (effort (context, step, &failure))
        return TRUE;
      if (i == EFFORTS || !steward_await_host (context, session, cancellable, &failure))
        {
          g_propagate_error (error, failure);
          return FALSE;
        }
      g_error_free (failure);
      /* Where that cannot be done, the effort cannot either, or does not need it. */
      steward_end_earlier_sessions (context->deployment, context->lock, cancellable, NULL);
    }
}

/* Somebody else is in charge, or nobody knows how the server is: neither forward nor back. */
static gboolean
is_out_of_hand (const GError *failure)
{
  return g_error_matches (failure, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK)
         || g_error_matches (failure, STEWARD_ERROR, STEWARD_ERROR_DISCONNECTED);
}

static void
tell_command (StewardStepContext *context, const StewardStep *step)
{
  g_autofree char *command = step->describe != NULL ? step->describe (context) : NULL;

  if (command != NULL)
    steward_progress_command (context->progress, command);
}

static gboolean
run_step (StewardStepContext *context,
          const StewardStep *step,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  steward_progress_begin (context->progress, step->id, _ (step->title), step->weight);
  steward_lock_set_step (context->lock, step->id);
  context->cancellable = (step->flags & STEWARD_STEP_CANCELLABLE) ? cancellable : NULL;
  tell_command (context, step);

  if (persist (context, step, advance, cancellable, &local_error))
    {
      steward_progress_end (context->progress, NULL);
      return TRUE;
    }
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&local_error);
      g_set_error_literal (&local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("Cancelled."));
    }
  steward_progress_end (context->progress, local_error->message);
  if (!is_out_of_hand (local_error))
    record_afterwards (context, (StewardRecord){ .kind = STEWARD_RECORD_FAILED,
                                                 .step = step->id,
                                                 .text = local_error->message });
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gsize
find_commit (const StewardStep *const *steps)
{
  gsize i = 0;

  while (steps[i] != NULL && !(steps[i]->flags & STEWARD_STEP_COMMITS))
    i++;
  return i;
}

/* Where to begin: after the commit point if the server says that it is behind us. */
static gboolean
find_start (StewardStepContext *context,
            const StewardStep *const *steps,
            gsize *start,
            GError **error)
{
  gsize commit = find_commit (steps);
  StewardStepState state = STEWARD_STEP_TODO;

  *start = 0;
  if (steps[commit] == NULL || !had_begun (context, steps[commit]))
    return TRUE;
  if (!steps[commit]->inspect (context, &state, error))
    return FALSE;
  if (state != STEWARD_STEP_DONE)
    return TRUE;
  for (; *start <= commit; (*start)++)
    steward_progress_skip (context->progress, steps[*start]->id, _ (steps[*start]->title),
                           steps[*start]->weight);
  return TRUE;
}

static void
set_total (StewardProgress *progress, const StewardStep *const *steps)
{
  guint total = 0;

  for (gsize i = 0; steps[i] != NULL; i++)
    total += steps[i]->weight;
  steward_progress_set_total (progress, total);
}

static gboolean
withdraw (StewardStepContext *context, const StewardStep *step, GError **error)
{
  return record_intent (context, step, error) && step->undo (context, error)
         && record_done (context, step, error);
}

static gboolean
withdraw_patiently (StewardStepContext *context,
                    const StewardStep *step,
                    GCancellable *cancellable,
                    GError **error)
{
  gint64 begun_us = 0;

  for (;;)
    {
      GError *failure = NULL;

      if (persist (context, step, withdraw, cancellable, &failure))
        return TRUE;
      if (!steward_await_services (context, &begun_us, cancellable, failure))
        {
          g_propagate_error (error, failure);
          return FALSE;
        }
      g_error_free (failure);
    }
}

static gboolean
undo_step (StewardStepContext *context, const StewardStep *step, GError **error)
{
  g_autoptr (GCancellable) fresh = g_cancellable_new ();

  context->cancellable = fresh;
  steward_progress_begin_undo (context->progress, step->id, _ (step->title));
  steward_lock_set_step (context->lock, step->id);
  if (!withdraw_patiently (context, step, fresh, error))
    return FALSE;
  steward_progress_end_undo (context->progress);
  return TRUE;
}

/* Nobody agreed to lose what was written since the publish: what was undone after it is done again,
 * so that the target serves on. Adds to @loss why it does not. */
static void
redo_after_commit (StewardStepContext *context, const StewardStep *const *steps, GError *loss)
{
  record_afterwards (context, (StewardRecord){ .kind = STEWARD_RECORD_DIRECTION,
                                               .direction = STEWARD_DIRECTION_FORWARD });
  for (gsize i = find_commit (steps) + 1; steps[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      if (steps[i]->undo == NULL || run_step (context, steps[i], NULL, &error))
        continue;
      g_autofree char *said = g_steal_pointer (&loss->message);
      loss->message = g_strdup_printf (_ ("%s Its server could not be started, though. Mend the "
                                          "cause, then resume. The cause: %s"),
                                       said, error->message);
      return;
    }
}

/* What is left of the way back from steps[last], for a person to type; %NULL where nothing is. One
 * list: what fails ends it, and nothing after it is done. */
static char *
dup_way_by_hand (StewardStepContext *context, const StewardStep *const *steps, gsize last)
{
  g_autoptr (GStrvBuilder) commands = g_strv_builder_new ();
  gboolean was_published = FALSE;

  for (gsize i = last + 1; i-- > 0;)
    {
      if (steps[i]->describe_undo == NULL || !had_begun (context, steps[i]))
        continue;
      g_autofree char *command = steps[i]->describe_undo (context);
      g_strv_builder_add (commands, command);
      was_published |= (steps[i]->flags & STEWARD_STEP_COMMITS) != 0;
    }
  g_auto (GStrv) lines = g_strv_builder_end (commands);
  if (lines[0] == NULL)
    return NULL;
  g_autofree char *list = g_strjoinv (" &&\n", lines);
  g_autofree char *kept =
      was_published
          ? g_strdup_printf (_ ("What clients have written since the publish stays in the "
                                "database “%s”."),
                             context->plan->copy_name)
          : NULL;
  return g_strconcat (kept != NULL ? kept : "", kept != NULL ? "\n" : "",
                      _ ("By hand, these commands bring back what was; the first one that fails "
                         "stops the rest:"),
                      "\n", list, NULL);
}

/* That of steps[last] failed. */
static StewardResult
judge_failed_undo (StewardStepContext *context,
                   const StewardStep *const *steps,
                   gsize last,
                   GError *failure,
                   GError **error)
{
  if (g_error_matches (failure, STEWARD_ERROR, STEWARD_ERROR_LOSS))
    redo_after_commit (context, steps, failure);
  if (is_out_of_hand (failure) || g_error_matches (failure, STEWARD_ERROR, STEWARD_ERROR_LOSS))
    {
      g_propagate_error (error, failure);
      return STEWARD_RESULT_INTERRUPTED;
    }
  g_autofree char *by_hand = dup_way_by_hand (context, steps, last);
  g_autofree char *text =
      g_strdup_printf (_ ("Going back did not succeed. Nothing was deleted. Mend the cause, then "
                          "walk this operation back again. The cause: %s"),
                       failure->message);
  g_error_free (failure);
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_HANDS, "%s%s%s", text,
               by_hand != NULL ? "\n\n" : "", by_hand != NULL ? by_hand : "");
  record_end (context, STEWARD_JOURNAL_HANDS, error != NULL ? (*error)->message : NULL);
  return STEWARD_RESULT_HANDS;
}

static gboolean
turn_back (StewardStepContext *context, const StewardStep *step, GError **error)
{
  return record_direction (context, STEWARD_DIRECTION_BACK, error);
}

/* Undoes steps[last] to steps[0]. */
static StewardResult
go_back (StewardStepContext *context, const StewardStep *const *steps, gsize last, GError **error)
{
  GError *failure = NULL;

  if (!persist (context, NULL, turn_back, NULL, &failure))
    return judge_failed_undo (context, steps, last, failure, error);
  for (gsize i = last + 1; i-- > 0;)
    if (steps[i]->undo != NULL && !undo_step (context, steps[i], &failure))
      return judge_failed_undo (context, steps, i, failure, error);
  return STEWARD_RESULT_BACK;
}

/* The last step that was ever begun, by this process or by one before it. */
static gsize
find_last_begun (StewardStepContext *context, const StewardStep *const *steps)
{
  gsize last = 0;

  for (gsize i = 0; steps[i] != NULL; i++)
    if (had_begun (context, steps[i]))
      last = i;
  return last;
}

/* Whether a step that changes something had begun. */
static gboolean
was_touched (const StewardStep *const *steps, gsize last)
{
  for (gsize i = 0; i <= last; i++)
    if (steps[i]->undo != NULL || !(steps[i]->flags & STEWARD_STEP_CANCELLABLE))
      return TRUE;
  return FALSE;
}

/* A step failed: back where that is right, and the failure told. */
static StewardResult
give_up (StewardStepContext *context,
         const StewardStep *const *steps,
         GError *failure,
         GError **error)
{
  gsize last = find_last_begun (context, steps);

  if (is_out_of_hand (failure))
    {
      g_propagate_error (error, failure);
      return STEWARD_RESULT_INTERRUPTED;
    }
  if (g_error_matches (failure, STEWARD_ERROR, STEWARD_ERROR_HANDS))
    {
      record_end (context, STEWARD_JOURNAL_HANDS, failure->message);
      g_propagate_error (error, failure);
      return STEWARD_RESULT_HANDS;
    }
  if (!was_touched (steps, last))
    {
      record_end (context, STEWARD_JOURNAL_REFUSED, failure->message);
      g_propagate_error (error, failure);
      return STEWARD_RESULT_REFUSED;
    }

  StewardResult result = go_back (context, steps, last, error);
  if (result == STEWARD_RESULT_BACK)
    {
      record_end (context, STEWARD_JOURNAL_BACK, failure->message);
      g_propagate_error (error, failure);
      return result;
    }
  g_prefix_error (error, "%s ", failure->message);
  g_error_free (failure);
  return result;
}

/* What could not be removed is told of; it changes nothing that matters. */
static void
tidy_up (StewardStepContext *context, const StewardStep *const *steps)
{
  for (gsize i = 0; steps[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      if (steps[i]->tidy != NULL && !steps[i]->tidy (context, &error))
        steward_progress_note (context->progress, error->message);
    }
}

StewardResult
steward_runner_run (StewardStepContext *context, GError **error)
{
  const StewardStep *const *steps = steward_runner_get_steps (context->plan->kind);
  GCancellable *cancellable = context->cancellable;
  GError *failure = NULL;
  gsize i = 0;

  set_total (context->progress, steps);
  if (context->journal->direction == STEWARD_DIRECTION_BACK
      && !record_direction (context, STEWARD_DIRECTION_FORWARD, error))
    return STEWARD_RESULT_INTERRUPTED;
  if (!find_start (context, steps, &i, error))
    return STEWARD_RESULT_INTERRUPTED;
  for (; steps[i] != NULL; i++)
    {
      gboolean is_committed = i > find_commit (steps);
      if (!run_step (context, steps[i], is_committed ? NULL : cancellable, &failure))
        return give_up (context, steps, failure, error);
    }
  tidy_up (context, steps);
  record_end (context, STEWARD_JOURNAL_DONE, NULL);
  return STEWARD_RESULT_DONE;
}

/* What processes before this one had done, as the journal has it. */
static void
tell_done (StewardStepContext *context, const StewardStep *const *steps)
{
  for (gsize i = 0; steps[i] != NULL; i++)
    {
      const StewardJournalStep *known = find_forward (context, steps[i]);
      if (known != NULL && known->ended_s != 0 && !known->failed)
        steward_progress_skip (context->progress, steps[i]->id, _ (steps[i]->title), 0);
    }
}

StewardResult
steward_runner_walk_back (StewardStepContext *context, GError **error)
{
  const StewardStep *const *steps = steward_runner_get_steps (context->plan->kind);

  tell_done (context, steps);
  StewardResult result = go_back (context, steps, find_last_begun (context, steps), error);
  if (result == STEWARD_RESULT_BACK)
    record_end (context, STEWARD_JOURNAL_BACK, NULL);
  return result;
}
