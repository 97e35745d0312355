/* Takes a request through plan, checks, lock and journal to the runner. What the steps do is
 * theirs. */
#include "core/operations/operation.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "core/operations/earlier-sessions.h"
#include "core/operations/planning.h"

void
steward_report_clear (StewardReport *report)
{
  g_clear_pointer (&report->id, g_free);
  g_clear_pointer (&report->backup_id, g_free);
  g_clear_pointer (&report->from_tag, g_free);
  g_clear_pointer (&report->to_tag, g_free);
}

StewardStore *
steward_operation_new_store (const StewardDeployment *deployment)
{
  return steward_store_new (steward_deployment_get_host (deployment), deployment->folder, NULL);
}

/* Passes events on and measures the downtime by the way. */
typedef struct
{
  const StewardClient *client;
  StewardReport *report;
  gint64 stopped_us;
} Follower;

static void
event_cb (const StewardEvent *event, gpointer data)
{
  Follower *follower = data;

  if (event->kind == STEWARD_EVENT_SERVER_STOPS && follower->stopped_us == 0)
    follower->stopped_us = g_get_monotonic_time ();
  if (event->kind == STEWARD_EVENT_SERVER_ANSWERS && follower->stopped_us != 0)
    follower->report->downtime_ms = (g_get_monotonic_time () - follower->stopped_us) / 1000;
  if (follower->client->event != NULL)
    follower->client->event (event, follower->client->data);
}

static void
fill_report (StewardReport *report, const StewardPlan *plan)
{
  report->id = g_strdup (plan->id);
  report->kind = plan->kind;
  report->backup_id = g_strdup (plan->backup_id);
  report->from_tag = g_strdup (plan->from_tag);
  report->to_tag = g_strdup (plan->to_tag);
}

/* As it stands in the journal: whoever resumes may be another process. */
static void
fill_rehearsed (StewardReport *report, StewardJournal *journal)
{
  JsonObject *facts = steward_journal_get_facts (journal, steward_step_rehearse.id);
  StewardRehearsed *rehearsed = &report->rehearsed;

  if (facts == NULL)
    return;
  rehearsed->restore_ms = json_object_get_int_member_with_default (facts, "restore_ms", 0);
  rehearsed->migrate_ms = json_object_get_int_member_with_default (facts, "migrate_ms", 0);
  rehearsed->answer_ms = json_object_get_int_member_with_default (facts, "answer_ms", 0);
  rehearsed->downtime_ms = json_object_get_int_member_with_default (facts, "downtime_ms", 0);
}

StewardLock *
steward_operation_take_lock (StewardStore *store,
                             const StewardClient *client,
                             const char *id,
                             const char *name,
                             GCancellable *cancellable,
                             GError **error)
{
  g_auto (StewardIdentity) identity = { 0 };

  if (!steward_store_ensure (store, STEWARD_STORE_MODE_PRIVATE, cancellable, error)
      || !steward_host_get_identity (steward_store_get_host (store), &identity, cancellable, error))
    return NULL;
  StewardHolder holder = {
    .user = (char *)g_get_user_name (),
    .machine = (char *)g_get_host_name (),
    .host_user = identity.user,
    .client = (char *)client->name,
    .process_id = getpid (),
    .operation_id = (char *)id,
    .operation = (char *)name,
  };
  StewardLockRequest request = { .holder = &holder, .flags = STEWARD_LOCK_TAKE_OVER_LAPSED };
  return steward_lock_take (store, &request, cancellable, error);
}

gboolean
steward_operation_check_finished (StewardStore *store, GCancellable *cancellable, GError **error)
{
  g_autoptr (StewardJournal) unfinished = NULL;

  if (!steward_journal_find_unfinished (store, &unfinished, cancellable, error))
    return FALSE;
  if (unfinished == NULL)
    return TRUE;
  g_set_error (
      error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
      _ ("The operation %s (%s) stands unfinished: resume it or walk it back first. Nothing "
         "was touched."),
      unfinished->id, unfinished->operation != NULL ? unfinished->operation : _ ("unknown"));
  return FALSE;
}

/* Looked at before anything is made on the server; and once more under the lock. */
StewardLock *
steward_operation_take_lock_between (StewardStore *store,
                                     const StewardClient *client,
                                     const char *name,
                                     GCancellable *cancellable,
                                     GError **error)
{
  if (!steward_operation_check_finished (store, cancellable, error))
    return NULL;
  g_autoptr (StewardLock) lock =
      steward_operation_take_lock (store, client, NULL, name, cancellable, error);
  if (lock == NULL || !steward_operation_check_finished (store, cancellable, error))
    return NULL;
  return g_steal_pointer (&lock);
}

static StewardResult
run_locked (StewardDeployment *deployment,
            StewardStore *store,
            StewardPlan *plan,
            StewardLock *lock,
            Follower *follower,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (JsonObject) json = steward_plan_to_json (plan);
  g_autoptr (StewardProgress) progress = steward_progress_new (event_cb, follower);

  if (!steward_operation_check_finished (store, cancellable, error))
    return STEWARD_RESULT_REFUSED;
  g_autoptr (StewardJournal) journal =
      steward_journal_create (store, plan->id, steward_operation_kind_get_name (plan->kind), json,
                              steward_lock_get_fence (lock), cancellable, error);
  if (journal == NULL)
    return STEWARD_RESULT_REFUSED;
  StewardStepContext context = {
    .deployment = deployment,
    .store = store,
    .lock = lock,
    .journal = journal,
    .plan = plan,
    .progress = progress,
    .cancellable = cancellable,
    .ask = follower->client->ask,
    .ask_data = follower->client->data,
  };
  StewardResult result = steward_runner_run (&context, error);
  fill_rehearsed (follower->report, journal);
  return result;
}

/* A holder that is alive is told of as such, not as an operation that waits to be resumed. */
static gboolean
check_nobody_is_at_work (StewardStore *store,
                         const StewardClient *client,
                         GCancellable *cancellable,
                         GError **error)
{
  g_auto (StewardLockState) state = { 0 };

  if (!steward_lock_peek (store, &state, cancellable, error))
    return FALSE;
  if (!state.is_held || state.is_lapsed)
    return TRUE;
  g_autoptr (StewardLock) lock =
      steward_operation_take_lock (store, client, NULL, "look", cancellable, error);
  return lock != NULL;
}

StewardResult
steward_operation_run (StewardDeployment *deployment,
                       StewardStore *store,
                       const StewardRequest *request,
                       const StewardClient *client,
                       StewardReport *report,
                       GCancellable *cancellable,
                       GError **error)
{
  Follower follower = { client, report, 0 };

  /* Looked at before anything is made on the server; and once more under the lock. */
  if (!check_nobody_is_at_work (store, client, cancellable, error)
      || !steward_operation_check_finished (store, cancellable, error))
    return STEWARD_RESULT_REFUSED;
  g_autoptr (StewardPlan) plan =
      steward_planning_make (deployment, store, request, cancellable, error);
  if (plan == NULL)
    return STEWARD_RESULT_REFUSED;
  g_autoptr (GPtrArray) checks = steward_checks_run (deployment, store, plan, cancellable);
  if (!steward_checks_refuse (checks, error))
    return STEWARD_RESULT_REFUSED;
  g_autoptr (StewardLock) lock =
      steward_operation_take_lock (store, client, plan->id,
                                   steward_operation_kind_get_name (plan->kind), cancellable,
                                   error);
  if (lock == NULL)
    return STEWARD_RESULT_REFUSED;
  fill_report (report, plan);
  return run_locked (deployment, store, plan, lock, &follower, cancellable, error);
}

static StewardResult
continue_locked (StewardDeployment *deployment,
                 StewardStore *store,
                 StewardJournal *journal,
                 StewardPlan *plan,
                 StewardLock *lock,
                 Follower *follower,
                 StewardContinuation continuation,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (StewardProgress) progress = steward_progress_new (event_cb, follower);
  StewardStepContext context = {
    .deployment = deployment,
    .store = store,
    .lock = lock,
    .journal = journal,
    .plan = plan,
    .progress = progress,
    .cancellable = cancellable,
    .ask = follower->client->ask,
    .ask_data = follower->client->data,
  };

  /* What the holder before this one left open may change nothing any more. */
  if (!steward_end_earlier_sessions (deployment, lock, cancellable, error))
    return STEWARD_RESULT_INTERRUPTED;
  StewardResult result = continuation == STEWARD_CONTINUE_RESUME
                             ? steward_runner_run (&context, error)
                             : steward_runner_walk_back (&context, error);
  fill_rehearsed (follower->report, journal);
  return result;
}

static StewardJournal *
find_unfinished (StewardStore *store, GCancellable *cancellable, GError **error)
{
  StewardJournal *journal = NULL;

  if (!steward_journal_find_unfinished (store, &journal, cancellable, error))
    return NULL;
  if (journal == NULL)
    g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                         _ ("No operation stands unfinished on this server."));
  else if (journal->plan == NULL)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_HANDS,
                   _ ("The journal of the operation %s has lost its plan. Nothing was touched; the "
                      "databases and files are as that operation left them."),
                   journal->id);
      g_clear_pointer (&journal, steward_journal_free);
    }
  return journal;
}

StewardResult
steward_operation_continue (StewardDeployment *deployment,
                            StewardStore *store,
                            StewardContinuation continuation,
                            const char *accepted_loss,
                            const StewardClient *client,
                            StewardReport *report,
                            GCancellable *cancellable,
                            GError **error)
{
  Follower follower = { client, report, 0 };
  g_autoptr (StewardJournal) seen = find_unfinished (store, cancellable, error);
  if (seen == NULL)
    return STEWARD_RESULT_REFUSED;
  g_autoptr (StewardLock) lock =
      steward_operation_take_lock (store, client, seen->id, seen->operation, cancellable, error);
  if (lock == NULL)
    return STEWARD_RESULT_REFUSED;

  /* The one before may have gone on until the lock was ours. */
  g_autoptr (StewardJournal) journal = find_unfinished (store, cancellable, error);
  g_autoptr (StewardPlan) plan =
      journal != NULL ? steward_plan_from_json (journal->plan, error) : NULL;
  if (plan == NULL)
    return STEWARD_RESULT_REFUSED;
  if (accepted_loss != NULL)
    {
      g_free (plan->accepted_loss);
      plan->accepted_loss = g_strdup (accepted_loss);
    }
  fill_report (report, plan);
  return continue_locked (deployment, store, journal, plan, lock, &follower, continuation,
                          cancellable, error);
}
