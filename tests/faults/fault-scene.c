/* Begins, goes on with and judges a fault. See the header. */
#include "fault-scene.h"

#include "fault-report.h"
#include "invariants.h"

#define WATCH_S 1
#define LOCK_WAIT_S 60

static StewardRequest
get_request (const FaultScene *self)
{
  return (StewardRequest){
    .kind = self->kind,
    .tag = self->kind == STEWARD_OPERATION_UPGRADE ? self->tag : NULL,
    .accepted_loss = self->kind == STEWARD_OPERATION_ROLLBACK ? FAULT_OLD : NULL,
    .leaves_out_rehearsal = !self->scene.rehearses,
    .watch_s = self->watch_s,
    .guard_s = self->guard_s,
  };
}

void
fault_scene_add_test (const char *suite, const char *name, gconstpointer fault, GTestDataFunc func)
{
  g_autofree char *word = g_strdelimit (g_strdup (name), " ',", '-');
  g_autofree char *path = g_strdup_printf ("/%s/%s", suite, word);

  g_test_add_data_func (path, fault, func);
}

void
fault_scene_begin (FaultScene *self,
                   DeploymentFixture *fixture,
                   StewardOperationKind kind,
                   const char *name)
{
  g_autoptr (GError) error = NULL;

  *self = (FaultScene){
    .fixture = fixture, .kind = kind, .name = name, .tag = FAULT_NEW, .watch_s = WATCH_S
  };
  self->scene.fixture = fixture;
  /* To the loss of what clients write while a backup is restored. */
  self->scene.agrees = kind == STEWARD_OPERATION_ROLLBACK;
  deployment_fixture_reset (fixture);
  if (kind == STEWARD_OPERATION_ROLLBACK)
    {
      g_auto (OperationScene) upgrade = { .fixture = fixture };
      operation_scene_upgrade (&upgrade, FAULT_NEW);
      operation_scene_assert_result (&upgrade, STEWARD_RESULT_DONE);
      deployment_fixture_open (fixture, &error);
      g_assert_no_error (error);
    }
  self->client = writing_client_new (fixture->server_url);
  g_assert_true (writing_client_wait (self->client));
}

void
fault_scene_run (FaultScene *self)
{
  StewardRequest request = get_request (self);

  operation_scene_run (&self->scene, &request);
}

void
fault_scene_run_killed (FaultScene *self)
{
  StewardRequest request = get_request (self);

  operation_scene_run_killed (&self->scene, &request);
}

GPid
fault_scene_run_frozen (FaultScene *self)
{
  StewardRequest request = get_request (self);

  return operation_scene_run_frozen (&self->scene, &request);
}

guint
fault_scene_walk_journal (gboolean (*play) (guint nth, JournalHostMoment moment))
{
  JournalHostMoment moment = JOURNAL_HOST_AFTER;
  guint nth = 1;

  while (play (nth, moment) && !g_test_failed ())
    {
      moment = moment == JOURNAL_HOST_AFTER ? JOURNAL_HOST_BEFORE : JOURNAL_HOST_AFTER;
      if (deployment_fixture_run_is_long ())
        play (nth, moment);
      nth += deployment_fixture_run_is_long () ? 1 : FAULT_SCENE_JOURNAL_SHARE;
    }
  return nth;
}

/* A last heartbeat of a killed one may still be on its way. */
static void
go_on (FaultScene *self, StewardContinuation continuation)
{
  gint64 end_us = g_get_monotonic_time () + LOCK_WAIT_S * G_TIME_SPAN_SECOND;

  do
    operation_scene_continue (&self->scene, continuation, self->scene.agrees ? FAULT_OLD : NULL);
  while (g_error_matches (self->scene.error, STEWARD_ERROR, STEWARD_ERROR_LOCKED)
         && g_get_monotonic_time () < end_us);
}

/* Interrupted or killed: whoever comes next. */
void
fault_scene_relaunch (FaultScene *self, StewardContinuation continuation)
{
  g_autoptr (StewardJournal) unfinished = NULL;
  g_autoptr (GError) error = NULL;

  deployment_fixture_set_engine_back (self->fixture);
  steward_journal_find_unfinished (self->fixture->store, &unfinished, NULL, &error);
  g_assert_no_error (error);
  if (unfinished == NULL)
    operation_scene_let_lock_lapse (&self->scene);
  else
    go_on (self, continuation);
  /* Going back would have lost what clients wrote: nobody agreed to that. */
  if (g_error_matches (self->scene.error, STEWARD_ERROR, STEWARD_ERROR_LOSS))
    go_on (self, STEWARD_CONTINUE_RESUME);
}

void
fault_scene_end (FaultScene *self)
{
  gboolean is_served = writing_client_wait (self->client);
  const GArray *rows = writing_client_stop (self->client);
  Invariants invariants = {
    .fixture = self->fixture,
    .rows = self->scene.agrees ? NULL : rows,
  };

  if (!is_served)
    invariants_break (&invariants, 'A', "nobody answers");
  invariants_check (&invariants);
  fault_report_add (self->name, invariants.broken);
  g_test_message ("%u rows acknowledged; broken: %s", rows->len,
                  *invariants.broken != '\0' ? invariants.broken : "none");
  g_assert_cmpstr (invariants.broken, ==, "");
  g_clear_pointer (&self->client, writing_client_free);
  operation_scene_clear (&self->scene);
}
