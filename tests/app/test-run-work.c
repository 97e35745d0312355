/* An operation and its work on the worker's thread: it lives until that is over, whoever holds it,
 * and work that was cancelled before it began never begins. */
#include "stage.h"

/* On the worker's thread: waits for leave, then tells. */
typedef struct
{
  GAsyncQueue *leave; /* owned */
  int is_freed;       /* atomic */
} Gate;

static StewardResult
gate_cb (gpointer data,
         const StewardClient *client,
         StewardReport *report,
         GCancellable *cancellable,
         GError **error)
{
  Gate *gate = data;
  g_autoptr (StewardProgress) progress = steward_progress_new (client->event, client->data);

  steward_progress_begin (progress, "preflight", "Check everything first", 3);
  g_async_queue_pop (gate->leave);
  for (guint i = 0; i < 1000; i++)
    steward_progress_output (progress, "a line that nobody waits for");
  steward_progress_end (progress, NULL);
  return STEWARD_RESULT_DONE;
}

static void
gate_free (gpointer data)
{
  g_atomic_int_set (&((Gate *)data)->is_freed, TRUE);
}

static gboolean
is_freed (gpointer data)
{
  return g_atomic_int_get (&((Gate *)data)->is_freed);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *)data == NULL;
}

static void
test_lives_until_its_work_is_over (void)
{
  g_autoptr (StewardWorker) worker = steward_worker_new ("test");
  Gate gate = { g_async_queue_new (), FALSE };
  StewardRunWork work = { STEWARD_OPERATION_BACKUP, gate_cb, &gate, gate_free };
  StewardRun *run = steward_run_new (worker, &work);
  guint n_over = 0;

  g_signal_connect_swapped (run, "over", G_CALLBACK (count_cb), &n_over);
  g_object_add_weak_pointer (G_OBJECT (run), (gpointer *)&run);
  g_object_unref (run);
  g_assert_nonnull (run);
  g_async_queue_push (gate.leave, &gate);
  stage_wait (is_gone, &run);
  g_assert_cmpuint (n_over, ==, 1);
  stage_wait (is_freed, &gate);
  g_async_queue_unref (gate.leave);
}

static void
test_outlives_its_worker (void)
{
  StewardWorker *worker = steward_worker_new ("test");
  Gate gate = { g_async_queue_new (), FALSE };
  StewardRunWork work = { STEWARD_OPERATION_BACKUP, gate_cb, &gate, gate_free };
  StewardRun *run = steward_run_new (worker, &work);

  steward_worker_free (worker);
  g_object_add_weak_pointer (G_OBJECT (run), (gpointer *)&run);
  g_object_unref (run);
  g_async_queue_push (gate.leave, &gate);
  stage_wait (is_gone, &run);
  stage_wait (is_freed, &gate);
  g_async_queue_unref (gate.leave);
}

static gboolean
is_over (gpointer data)
{
  return steward_run_is_over (data);
}

/* Work that waits behind other work and is cancelled there never begins. */
static void
test_cancelled_before_it_began (void)
{
  g_autoptr (StewardWorker) worker = steward_worker_new ("test");
  Gate gate = { g_async_queue_new (), FALSE };
  StewardRunWork first = { STEWARD_OPERATION_BACKUP, gate_cb, &gate, NULL };
  StewardRunWork second = { STEWARD_OPERATION_RESTART, gate_cb, &gate, gate_free };
  g_autoptr (StewardRun) running = steward_run_new (worker, &first);
  g_autoptr (StewardRun) waiting = steward_run_new (worker, &second);

  steward_run_cancel (waiting);
  g_async_queue_push (gate.leave, &gate);
  stage_wait (is_over, waiting);
  g_assert_cmpint (steward_run_get_result (waiting), ==, STEWARD_RESULT_REFUSED);
  g_assert_error (steward_run_get_error (waiting), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (steward_run_get_report (waiting)->kind, ==, STEWARD_OPERATION_RESTART);
  g_assert_cmpint (steward_run_get_result (running), ==, STEWARD_RESULT_DONE);
  stage_wait (is_freed, &gate);
  g_async_queue_unref (gate.leave);
}

/* Two counts of progress, as where an operation is taken up anew. */
static StewardResult
count_twice_cb (gpointer data,
                const StewardClient *client,
                StewardReport *report,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (StewardProgress) first = steward_progress_new (client->event, client->data);
  g_autoptr (StewardProgress) second = steward_progress_new (client->event, client->data);

  steward_progress_set_total (first, 10);
  steward_progress_begin (first, "preflight", "Check everything first", 6);
  steward_progress_end (first, NULL);
  steward_progress_set_total (second, 10);
  steward_progress_begin (second, "preflight", "Check everything first", 2);
  steward_progress_end (second, NULL);
  g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_FAILED, "It broke.");
  return STEWARD_RESULT_INTERRUPTED;
}

static void
test_fraction_outlives_a_new_count (void)
{
  g_autoptr (StewardWorker) worker = steward_worker_new ("test");
  StewardRunWork work = { STEWARD_OPERATION_BACKUP, count_twice_cb, NULL, NULL };
  g_autoptr (StewardRun) run = steward_run_new (worker, &work);

  stage_wait (is_over, run);
  g_assert_cmpfloat (steward_run_get_fraction (run), ==, 0.6);
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  g_test_add_func ("/run-work/lives-until-it-is-over", test_lives_until_its_work_is_over);
  g_test_add_func ("/run-work/outlives-its-worker", test_outlives_its_worker);
  g_test_add_func ("/run-work/cancelled-before-it-began", test_cancelled_before_it_began);
  g_test_add_func ("/run-work/fraction-outlives-a-new-count", test_fraction_outlives_a_new_count);
  return g_test_run ();
}
