/* What an operation would do, put together from what the operation itself uses. Nothing of it is
 * done. */
#include <glib/gi18n-lib.h>

#include "core/database/cluster.h"
#include "core/operations/catalog.h"
#include "core/operations/planning.h"
#include "core/steps/downtime.h"
#include "core/steps/files.h"

#define JOURNALS_LOOKED_AT 50

static void
review_step_free (gpointer data)
{
  StewardReviewStep *step = data;

  g_free (step->title);
  g_free (step->command);
  g_free (step);
}

void
steward_review_free (StewardReview *review)
{
  g_clear_pointer (&review->plan, steward_plan_free);
  g_clear_pointer (&review->checks, g_ptr_array_unref);
  g_clear_pointer (&review->steps, g_ptr_array_unref);
  g_free (review->diff);
  g_clear_pointer (&review->pending, g_ptr_array_unref);
  g_free (review->pending_problem);
  g_clear_pointer (&review->price, steward_price_free);
  g_clear_pointer (&review->rehearsed, steward_passport_free);
  g_free (review);
}

typedef struct
{
  StewardDeployment *deployment;
  StewardStore *store;
  const StewardClient *client;
  StewardReview *review;
  GCancellable *cancellable;
} Reviewing;

static void
list_steps (Reviewing *reviewing)
{
  StewardReview *review = reviewing->review;
  g_autoptr (StewardProgress) progress = steward_progress_new (NULL, NULL);
  StewardStepContext context = {
    .deployment = reviewing->deployment,
    .store = reviewing->store,
    .plan = review->plan,
    .progress = progress,
    .cancellable = reviewing->cancellable,
  };

  review->steps = g_ptr_array_new_with_free_func (review_step_free);
  for (const StewardStep *const *step = steward_runner_get_steps (review->plan->kind);
       *step != NULL; step++)
    {
      StewardReviewStep *entry = g_new0 (StewardReviewStep, 1);
      entry->id = (*step)->id;
      entry->title = g_strdup (_ ((*step)->title));
      entry->command = (*step)->describe != NULL ? (*step)->describe (&context) : NULL;
      g_ptr_array_add (review->steps, entry);
    }
}

/* Why an edit cannot be planned stands among the checks. */
static void
plan_edit (Reviewing *reviewing)
{
  StewardReview *review = reviewing->review;
  g_autoptr (GPtrArray) edits =
      steward_files_plan_edit (reviewing->deployment, review->plan->from_tag, review->plan->to_tag,
                               reviewing->cancellable, NULL);

  if (edits != NULL && edits->len > 0)
    review->diff = steward_compose_edit_dup_diff (edits);
}

/* An upgrade that is refused is no reason to fetch an image. */
static void
list_pending (Reviewing *reviewing)
{
  StewardReview *review = reviewing->review;
  g_autoptr (GError) error = NULL;

  if (!steward_checks_refuse (review->checks, NULL))
    {
      review->pending_problem = g_strdup (_ ("The image was not asked, because a check refuses."));
      return;
    }
  review->pending =
      steward_catalog_list_pending (reviewing->deployment, reviewing->store, review->plan->to_tag,
                                    reviewing->client, reviewing->cancellable, &error);
  if (review->pending == NULL)
    review->pending_problem = g_strdup (error->message);
}

/* Without a sound source there is no price to be told; the checks say why. */
static gboolean
quote (Reviewing *reviewing, GError **error)
{
  StewardReview *review = reviewing->review;

  if (!steward_checks_refuse (review->checks, NULL))
    return TRUE;
  review->price = steward_price_quote (reviewing->deployment, reviewing->store, review->plan,
                                       reviewing->cancellable, error);
  return review->price != NULL;
}

static const StewardJournalStep *
find_step (const StewardJournal *journal, const StewardStep *wanted)
{
  for (guint i = 0; i < journal->steps->len; i++)
    {
      const StewardJournalStep *step = journal->steps->pdata[i];
      if (step->direction == STEWARD_DIRECTION_FORWARD && g_str_equal (step->step, wanted->id)
          && step->ended_s != 0 && !step->failed)
        return step;
    }
  return NULL;
}

/* How long the newest operation of this kind that was done kept the server away; 0 where there is
 * none. */
static guint64
read_earlier_downtime_ms (Reviewing *reviewing)
{
  StewardOperationKind kind = reviewing->review->plan->kind;
  gboolean is_restart = kind == STEWARD_OPERATION_RESTART;
  g_autoptr (GPtrArray) journals =
      steward_journal_list (reviewing->store, JOURNALS_LOOKED_AT, reviewing->cancellable, NULL);

  for (guint i = 0; journals != NULL && i < journals->len; i++)
    {
      const StewardJournal *journal = journals->pdata[i];
      if (journal->state != STEWARD_JOURNAL_DONE
          || g_strcmp0 (journal->operation, steward_operation_kind_get_name (kind)) != 0)
        continue;
      const StewardJournalStep *stop = find_step (journal, is_restart ? &steward_step_restart_server
                                                                      : &steward_step_stop_server);
      const StewardJournalStep *start =
          find_step (journal,
                     is_restart ? &steward_step_restart_server : &steward_step_start_server);
      if (stop != NULL && start != NULL && start->ended_s >= stop->started_s)
        return 1000 * MAX (start->ended_s - stop->started_s, 1);
    }
  return 0;
}

static guint64
read_database_bytes (Reviewing *reviewing)
{
  const char *name = reviewing->review->plan->live_name;
  g_autoptr (StewardConnection) connection =
      steward_deployment_connect (reviewing->deployment, name, NULL, reviewing->cancellable, NULL);
  g_autoptr (StewardDatabase) live =
      connection != NULL
          ? steward_cluster_find_database (connection, name, reviewing->cancellable, NULL)
          : NULL;

  return live != NULL ? MAX (live->size_bytes, 0) : 0;
}

/* A rehearsal with this very target is worth more than another upgrade long ago. */
static guint64
predict_downtime_ms (Reviewing *reviewing)
{
  const StewardReview *review = reviewing->review;
  StewardOperationKind kind = review->plan->kind;
  guint64 earlier_ms = kind != STEWARD_OPERATION_BACKUP && review->rehearsed == NULL
                           ? read_earlier_downtime_ms (reviewing)
                           : 0;

  if (kind == STEWARD_OPERATION_BACKUP || earlier_ms > 0)
    return earlier_ms;
  if (kind == STEWARD_OPERATION_UPGRADE)
    return steward_downtime_predict_upgrade (read_database_bytes (reviewing), review->rehearsed);
  return steward_downtime_predict_exchange ();
}

/* The newest rehearsal of this very upgrade, by the passport of the backup it was done with. */
static StewardPassport *
find_rehearsal (Reviewing *reviewing)
{
  const StewardPlan *plan = reviewing->review->plan;
  g_autoptr (GPtrArray) backups =
      steward_backup_list (reviewing->store, reviewing->cancellable, NULL);

  for (guint i = 0; backups != NULL && i < backups->len; i++)
    {
      StewardBackup *backup = backups->pdata[i];
      if (backup->passport != NULL && g_strcmp0 (backup->passport->rehearsed_tag, plan->to_tag) == 0
          && g_strcmp0 (backup->passport->server_tag, plan->from_tag) == 0)
        return g_steal_pointer (&backup->passport);
    }
  return NULL;
}

StewardReview *
steward_operation_review (StewardDeployment *deployment,
                          StewardStore *store,
                          const StewardRequest *request,
                          const StewardClient *client,
                          GCancellable *cancellable,
                          GError **error)
{
  g_autoptr (StewardReview) review = g_new0 (StewardReview, 1);
  Reviewing reviewing = { deployment, store, client, review, cancellable };

  if (!steward_operation_check_finished (store, cancellable, error))
    return NULL;
  review->plan = steward_planning_make (deployment, store, request, cancellable, error);
  if (review->plan == NULL)
    return NULL;
  review->checks = steward_checks_run (deployment, store, review->plan, cancellable);
  list_steps (&reviewing);
  if (request->kind == STEWARD_OPERATION_UPGRADE || request->kind == STEWARD_OPERATION_ROLLBACK)
    plan_edit (&reviewing);
  if (request->kind == STEWARD_OPERATION_UPGRADE)
    {
      list_pending (&reviewing);
      review->rehearsed = find_rehearsal (&reviewing);
    }
  if (request->kind == STEWARD_OPERATION_ROLLBACK && !quote (&reviewing, error))
    return NULL;
  review->downtime_ms = predict_downtime_ms (&reviewing);
  return g_cancellable_set_error_if_cancelled (cancellable, error) ? NULL
                                                                   : g_steal_pointer (&review);
}
