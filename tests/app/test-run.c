/* The model of an operation: what the core's events make of its steps, its progress, its question
 * and its end. */
#include "stage.h"

/* A server, an operation told event by event, and what the tests ask of both. */
typedef struct
{
  StewardServer *server; /* owned */
  StageRun *script;      /* owned */
  StewardRun *run;       /* borrowed from the server */
} Scene;

static void
scene_init (Scene *scene, StewardOperationKind kind)
{
  scene->server = stage_server_new ("parsec", STAGE_UPDATE);
  scene->script = stage_run_new (scene->server, kind);
  scene->run = steward_server_get_run (scene->server);
}

static void
scene_clear (Scene *scene)
{
  stage_run_free (scene->script);
  g_object_unref (scene->server);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scene, scene_clear)

/* Returns: (transfer none) */
static StewardRunStep *
get_step (StewardRun *run, const char *id)
{
  GListModel *steps = steward_run_get_steps (run);

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (StewardRunStep) step = g_list_model_get_item (steps, i);
      if (g_str_equal (steward_run_step_get_id (step), id))
        return step;
    }
  g_error ("There is no step “%s”.", id);
}

static void
assert_state (const Scene *scene, const char *id, StewardRunStepState expected)
{
  g_assert_cmpint (steward_run_step_get_state (get_step (scene->run, id)), ==, expected);
}

static void
test_steps_are_the_core_s (gconstpointer data)
{
  StewardOperationKind kind = GPOINTER_TO_INT (data);
  const StewardStep *const *steps = steward_runner_get_steps (kind);
  g_auto (Scene) scene = { 0 };
  gsize n = 0;

  scene_init (&scene, kind);
  for (; steps[n] != NULL; n++)
    {
      StewardRunStep *step = get_step (scene.run, steps[n]->id);
      g_assert_cmpstr (steward_run_step_get_title (step), ==, steps[n]->title);
      g_assert_cmpint (steward_run_step_get_state (step), ==, STEWARD_RUN_STEP_PENDING);
      g_assert_cmpint (steward_run_step_get_elapsed_ms (step), ==, 0);
      g_assert_null (steward_run_step_get_command (step));
      g_assert_cmpint (steward_run_step_commits (step), ==,
                       (steps[n]->flags & STEWARD_STEP_COMMITS) != 0);
    }
  g_assert_cmpuint (g_list_model_get_n_items (steward_run_get_steps (scene.run)), ==, n);
  g_assert_null (steward_run_get_current_step (scene.run));
}

static void
test_every_step_runs_and_is_done (gconstpointer data)
{
  StewardOperationKind kind = GPOINTER_TO_INT (data);
  const StewardStep *const *steps = steward_runner_get_steps (kind);
  g_auto (Scene) scene = { 0 };

  scene_init (&scene, kind);
  for (gsize i = 0; steps[i] != NULL; i++)
    {
      stage_run_begin (scene.script, steps[i]->id);
      stage_run_settle (scene.script);
      assert_state (&scene, steps[i]->id, STEWARD_RUN_STEP_RUNNING);
      g_assert_true (steward_run_get_current_step (scene.run)
                     == get_step (scene.run, steps[i]->id));
      if (i > 0)
        assert_state (&scene, steps[i - 1]->id, STEWARD_RUN_STEP_DONE);
    }
  stage_run_end (scene.script, STEWARD_RESULT_DONE, NULL);
  stage_run_settle (scene.script);
  for (gsize i = 0; steps[i] != NULL; i++)
    {
      assert_state (&scene, steps[i]->id, STEWARD_RUN_STEP_DONE);
      g_assert_true (steward_run_step_was_done (get_step (scene.run, steps[i]->id)));
    }
}

static void
test_every_step_fails_and_is_walked_back (gconstpointer data)
{
  StewardOperationKind kind = GPOINTER_TO_INT (data);
  const StewardStep *const *steps = steward_runner_get_steps (kind);

  for (gsize i = 0; steps[i] != NULL; i++)
    {
      g_auto (Scene) scene = { 0 };
      const char *id = steps[i]->id;
      scene_init (&scene, kind);
      stage_run_until (scene.script, id);
      stage_run_fail (scene.script, "It broke.");
      stage_run_settle (scene.script);
      assert_state (&scene, id, STEWARD_RUN_STEP_FAILED);
      g_assert_false (steward_run_step_was_done (get_step (scene.run, id)));
      stage_run_begin_undo (scene.script, id);
      stage_run_settle (scene.script);
      assert_state (&scene, id, STEWARD_RUN_STEP_GOING_BACK);
      g_assert_true (steward_run_is_going_back (scene.run));
      stage_run_undo (scene.script, id);
      stage_run_end (scene.script, STEWARD_RESULT_BACK, "It broke.");
      stage_run_settle (scene.script);
      assert_state (&scene, id, STEWARD_RUN_STEP_BACK);
      g_assert_cmpstr (steward_run_step_get_failure (get_step (scene.run, id)), ==, "It broke.");
      g_assert_false (steward_run_is_going_back (scene.run));
    }
}

/* What walks back without a word of it stays: a backup that was read back, and what is not to come.
 */
static void
test_walking_back_keeps_the_backup (void)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  stage_run_until (scene.script, "copy");
  stage_run_fail (scene.script, "It broke.");
  stage_run_begin_undo (scene.script, "copy");
  stage_run_undo (scene.script, "copy");
  stage_run_begin_undo (scene.script, "verify");
  stage_run_undo (scene.script, "verify");
  stage_run_begin_undo (scene.script, "dump");
  stage_run_undo (scene.script, "dump");
  stage_run_settle (scene.script);
  assert_state (&scene, "migrate-copy", STEWARD_RUN_STEP_PENDING);
  stage_run_end (scene.script, STEWARD_RESULT_BACK, "It broke.");
  stage_run_settle (scene.script);
  assert_state (&scene, "dump", STEWARD_RUN_STEP_DONE);
  assert_state (&scene, "verify", STEWARD_RUN_STEP_DONE);
  assert_state (&scene, "copy", STEWARD_RUN_STEP_BACK);
  assert_state (&scene, "migrate-copy", STEWARD_RUN_STEP_NOT_BEGUN);
}

static void
test_unfinished_steps_are_to_come (void)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  stage_run_until (scene.script, "copy");
  stage_run_end (scene.script, STEWARD_RESULT_INTERRUPTED, "The host is away.");
  stage_run_settle (scene.script);
  assert_state (&scene, "migrate-copy", STEWARD_RUN_STEP_PENDING);
}

static void
test_resumed_steps_were_done_before (void)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  stage_run_skip (scene.script, "dump");
  stage_run_skip (scene.script, "publish");
  stage_run_settle (scene.script);
  assert_state (&scene, "dump", STEWARD_RUN_STEP_SKIPPED);
  g_assert_true (steward_run_step_was_done (get_step (scene.run, "dump")));
  g_assert_true (steward_run_is_committed (scene.run));
  g_assert_false (steward_run_can_cancel (scene.run));
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_command_is_told_of (void)
{
  g_auto (Scene) scene = { 0 };
  guint n = 0;

  scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  g_signal_connect_swapped (get_step (scene.run, "dump"), "notify::command", G_CALLBACK (count_cb),
                            &n);
  stage_run_until (scene.script, "dump");
  stage_run_command (scene.script, "pg_dump parsec");
  stage_run_settle (scene.script);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (steward_run_step_get_command (get_step (scene.run, "dump")), ==,
                   "pg_dump parsec");
  g_assert_null (steward_run_step_get_command (get_step (scene.run, "verify")));
}

static void
test_step_has_a_clock (void)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene, STEWARD_OPERATION_BACKUP);
  stage_run_begin (scene.script, "preflight");
  stage_run_settle (scene.script);
  StewardRunStep *step = get_step (scene.run, "preflight");
  gint64 before_ms = steward_run_step_get_elapsed_ms (step);
  g_usleep (20000);
  g_assert_cmpint (steward_run_step_get_elapsed_ms (step), >=, before_ms + 20);
  stage_run_begin (scene.script, "dump");
  stage_run_settle (scene.script);
  gint64 done_ms = steward_run_step_get_elapsed_ms (step);
  g_assert_cmpint (done_ms, >=, 20);
  g_usleep (20000);
  g_assert_cmpint (steward_run_step_get_elapsed_ms (step), ==, done_ms);
}

typedef struct
{
  double last;
  guint n;
} Fractions;

static void
fraction_cb (StewardRun *run, GParamSpec *pspec, gpointer data)
{
  Fractions *fractions = data;

  g_assert_cmpfloat (steward_run_get_fraction (run), >=, fractions->last);
  fractions->last = steward_run_get_fraction (run);
  fractions->n++;
}

static void
test_fraction_never_runs_backwards (void)
{
  g_auto (Scene) scene = { 0 };
  Fractions fractions = { 0.0, 0 };

  scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  g_signal_connect (scene.run, "notify::fraction", G_CALLBACK (fraction_cb), &fractions);
  stage_run_until (scene.script, "copy");
  stage_run_fraction (scene.script, 0.9);
  stage_run_settle (scene.script);
  double reached = steward_run_get_fraction (scene.run);
  g_assert_cmpfloat (reached, >, 0.5);
  g_assert_cmpfloat (reached, <, 0.7);
  stage_run_fail (scene.script, "It broke.");
  stage_run_undo (scene.script, "copy");
  stage_run_begin (scene.script, "preflight");
  stage_run_settle (scene.script);
  g_assert_cmpfloat (steward_run_get_fraction (scene.run), >=, reached);
  stage_run_end (scene.script, STEWARD_RESULT_BACK, "It broke.");
  stage_run_settle (scene.script);
  g_assert_cmpfloat (steward_run_get_fraction (scene.run), <, 1.0);
  g_assert_cmpuint (fractions.n, >, 3);
}

static void
test_done_is_all_of_it (void)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene, STEWARD_OPERATION_RESTART);
  stage_run_until (scene.script, "watch-health");
  stage_run_end (scene.script, STEWARD_RESULT_DONE, NULL);
  stage_run_settle (scene.script);
  g_assert_cmpfloat (steward_run_get_fraction (scene.run), ==, 1.0);
}

/* Nothing after the point of no return, whatever a step's own flags say. */
static void
test_cancel_only_where_safe (gconstpointer data)
{
  StewardOperationKind kind = GPOINTER_TO_INT (data);
  const StewardStep *const *steps = steward_runner_get_steps (kind);
  gboolean is_committed = FALSE;
  g_auto (Scene) scene = { 0 };

  scene_init (&scene, kind);
  stage_run_settle (scene.script);
  g_assert_true (steward_run_can_cancel (scene.run));
  for (gsize i = 0; steps[i] != NULL; i++)
    {
      gboolean is_safe = (steps[i]->flags & STEWARD_STEP_CANCELLABLE) != 0 && !is_committed;
      stage_run_begin (scene.script, steps[i]->id);
      stage_run_settle (scene.script);
      g_assert_cmpint (steward_run_can_cancel (scene.run), ==, is_safe);
      g_assert_cmpint (steward_run_is_committed (scene.run), ==, is_committed);
      is_committed |= (steps[i]->flags & STEWARD_STEP_COMMITS) != 0;
    }
  stage_run_begin_undo (scene.script, "preflight");
  stage_run_settle (scene.script);
  g_assert_false (steward_run_can_cancel (scene.run));
}

static void
test_cancel_reaches_the_work (void)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene, STEWARD_OPERATION_BACKUP);
  stage_run_until (scene.script, "dump");
  stage_run_settle (scene.script);
  g_assert_false (stage_run_is_cancelled (scene.script));
  steward_run_cancel (scene.run);
  g_assert_true (stage_run_is_cancelled (scene.script));
  g_assert_true (steward_run_is_cancelling (scene.run));
  g_assert_false (steward_run_can_cancel (scene.run));
  stage_run_end (scene.script, STEWARD_RESULT_BACK, "Cancelled.");
  stage_run_settle (scene.script);
  g_assert_false (steward_run_is_cancelling (scene.run));
}

static void
test_back_across_the_commit_point (void)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  stage_run_until (scene.script, "watch-health");
  stage_run_fail (scene.script, "The server ended by itself.");
  stage_run_undo (scene.script, "start-server");
  stage_run_settle (scene.script);
  g_assert_true (steward_run_is_committed (scene.run));
  stage_run_undo (scene.script, "publish");
  stage_run_settle (scene.script);
  g_assert_false (steward_run_is_committed (scene.run));
}

/* Nobody agrees: the core does again what it undid, and the publish stands. */
static void
test_publish_stands_where_nobody_agrees (void)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  stage_run_until (scene.script, "watch-health");
  stage_run_fail (scene.script, "The server ended by itself.");
  stage_run_undo (scene.script, "start-server");
  stage_run_begin_undo (scene.script, "publish");
  stage_run_settle (scene.script);
  assert_state (&scene, "publish", STEWARD_RUN_STEP_GOING_BACK);
  stage_run_begin (scene.script, "start-server");
  stage_run_settle (scene.script);
  assert_state (&scene, "publish", STEWARD_RUN_STEP_DONE);
  assert_state (&scene, "start-server", STEWARD_RUN_STEP_RUNNING);
  g_assert_true (steward_run_is_committed (scene.run));
  g_assert_false (steward_run_can_cancel (scene.run));
}

static void
end_within_undo (Scene *scene, StewardResult result, StewardError code)
{
  g_autoptr (GError) error = g_error_new_literal (STEWARD_ERROR, code, "It cannot go back.");

  scene_init (scene, STEWARD_OPERATION_UPGRADE);
  stage_run_until (scene->script, "publish");
  stage_run_begin (scene->script, "start-server");
  stage_run_begin_undo (scene->script, "publish");
  stage_run_end_with (scene->script, result, error);
  stage_run_settle (scene->script);
}

static void
test_failed_walk_back_is_a_failed_step (void)
{
  g_auto (Scene) scene = { 0 };

  end_within_undo (&scene, STEWARD_RESULT_HANDS, STEWARD_ERROR_HANDS);
  assert_state (&scene, "publish", STEWARD_RUN_STEP_FAILED);
}

static void
test_unagreed_loss_leaves_the_step_done (void)
{
  g_auto (Scene) scene = { 0 };

  end_within_undo (&scene, STEWARD_RESULT_INTERRUPTED, STEWARD_ERROR_LOSS);
  assert_state (&scene, "publish", STEWARD_RUN_STEP_DONE);
}

static void
test_stopped_while_clients_are_turned_away (void)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene, STEWARD_OPERATION_RESTART);
  stage_run_begin (scene.script, "restart-server");
  stage_run_settle (scene.script);
  g_assert_false (steward_run_is_stopped (scene.run));
  g_assert_cmpint (steward_run_get_stopped_ms (scene.run), ==, 0);
  stage_run_server_stops (scene.script);
  stage_run_settle (scene.script);
  g_assert_true (steward_run_is_stopped (scene.run));
  g_usleep (20000);
  stage_run_server_stops (scene.script);
  stage_run_settle (scene.script);
  g_assert_cmpint (steward_run_get_stopped_ms (scene.run), >=, 20);
  stage_run_server_answers (scene.script);
  stage_run_settle (scene.script);
  g_assert_false (steward_run_is_stopped (scene.run));
  g_assert_cmpint (steward_run_get_stopped_ms (scene.run), ==, 0);
}

typedef struct
{
  StewardResult result;
  const char *message;
  gboolean is_stopped;
} Ending;

/* The server of the first step on is stopped; whether it still is afterwards follows from how it
 * ended. */
static void
test_endings (void)
{
  static const Ending endings[] = {
    { STEWARD_RESULT_DONE, NULL, FALSE },
    { STEWARD_RESULT_REFUSED, "There is no room.", TRUE },
    { STEWARD_RESULT_BACK, "It broke.", FALSE },
    { STEWARD_RESULT_BACK, NULL, FALSE },
    { STEWARD_RESULT_INTERRUPTED, "The lock is gone.", TRUE },
    { STEWARD_RESULT_HANDS, "Do this by hand.", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      const Ending *ending = &endings[i];
      g_auto (Scene) scene = { 0 };
      guint n = 0;
      scene_init (&scene, STEWARD_OPERATION_UPGRADE);
      g_signal_connect_swapped (scene.run, "over", G_CALLBACK (count_cb), &n);
      stage_run_begin (scene.script, "stop-server");
      stage_run_server_stops (scene.script);
      stage_run_end (scene.script, ending->result, ending->message);
      stage_run_settle (scene.script);
      g_assert_cmpuint (n, ==, 1);
      g_assert_cmpint (steward_run_get_result (scene.run), ==, ending->result);
      g_assert_cmpint (steward_run_is_stopped (scene.run), ==, ending->is_stopped);
      g_assert_cmpint (steward_run_get_report (scene.run)->kind, ==, STEWARD_OPERATION_UPGRADE);
      g_assert_cmpstr (ending->message != NULL ? steward_run_get_error (scene.run)->message : NULL,
                       ==, ending->message);
      g_assert_cmpint (steward_run_get_error (scene.run) != NULL, ==, ending->message != NULL);
      assert_state (&scene, "stop-server",
                    ending->result == STEWARD_RESULT_DONE ? STEWARD_RUN_STEP_DONE
                                                          : STEWARD_RUN_STEP_FAILED);
    }
}

static void
test_clock_stops_at_the_end (void)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene, STEWARD_OPERATION_BACKUP);
  g_usleep (20000);
  g_assert_cmpint (steward_run_get_elapsed_ms (scene.run), >=, 20);
  stage_run_end (scene.script, STEWARD_RESULT_DONE, NULL);
  stage_run_settle (scene.script);
  gint64 in_all_ms = steward_run_get_elapsed_ms (scene.run);
  g_usleep (20000);
  g_assert_cmpint (steward_run_get_elapsed_ms (scene.run), ==, in_all_ms);
}

static void
test_notes_are_kept (void)
{
  g_auto (Scene) scene = { 0 };
  guint n = 0;

  scene_init (&scene, STEWARD_OPERATION_BACKUP);
  g_signal_connect_swapped (scene.run, "note", G_CALLBACK (count_cb), &n);
  stage_run_note (scene.script, "The clock is wrong.");
  stage_run_note (scene.script, "There is <b>little</b> room.");
  stage_run_settle (scene.script);
  const GPtrArray *notes = steward_run_get_notes (scene.run);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (notes->len, ==, 2);
  g_assert_cmpstr (notes->pdata[1], ==, "There is <b>little</b> room.");
}

static gboolean
is_over (gpointer data)
{
  return steward_run_is_over (data);
}

static gboolean
has_question (gpointer data)
{
  return steward_run_get_question (data, NULL) != NULL;
}

static void
ask (Scene *scene)
{
  const char *version = NULL;

  scene_init (scene, STEWARD_OPERATION_ROLLBACK);
  stage_run_begin (scene->script, "preflight");
  stage_run_ask (scene->script, "Two rows would be lost.", "3.4.1");
  stage_wait (has_question, scene->run);
  g_assert_cmpstr (steward_run_get_question (scene->run, &version), ==, "Two rows would be lost.");
  g_assert_cmpstr (version, ==, "3.4.1");
}

static gboolean
goes_on (gpointer data)
{
  StewardRunStep *step = steward_run_get_current_step (data);

  return g_str_equal (steward_run_step_get_id (step), "pull-image");
}

static void
test_question_waits_for_its_version (gconstpointer data)
{
  const char *typed = data;
  g_auto (Scene) scene = { 0 };
  guint n_over = 0;

  ask (&scene);
  g_signal_connect_swapped (scene.run, "question-over", G_CALLBACK (count_cb), &n_over);
  steward_run_answer (scene.run, typed);
  g_assert_cmpuint (n_over, ==, 1);
  g_assert_null (steward_run_get_question (scene.run, NULL));
  stage_run_begin (scene.script, "pull-image");
  stage_wait (goes_on, scene.run);
  g_assert_cmpint (stage_run_was_agreed (scene.script), ==, g_strcmp0 (typed, "3.4.1") == 0);
  g_assert_cmpuint (n_over, ==, 1);
}

static void
test_cancel_answers_with_no (void)
{
  g_auto (Scene) scene = { 0 };
  guint n_over = 0;

  ask (&scene);
  g_signal_connect_swapped (scene.run, "question-over", G_CALLBACK (count_cb), &n_over);
  steward_run_cancel (scene.run);
  stage_run_end (scene.script, STEWARD_RESULT_BACK, "Cancelled.");
  stage_wait (is_over, scene.run);
  g_assert_false (stage_run_was_agreed (scene.script));
  g_assert_cmpuint (n_over, ==, 1);
}

static void
add_for_each_kind (const char *name, GTestDataFunc func)
{
  for (int kind = STEWARD_OPERATION_BACKUP; kind <= STEWARD_OPERATION_ROLLBACK; kind++)
    {
      g_autofree char *path =
          g_strdup_printf ("/run/%s/%s", name, steward_operation_kind_get_name (kind));
      g_test_add_data_func (path, GINT_TO_POINTER (kind), func);
    }
}

static void
add_tests_of_steps (void)
{
  add_for_each_kind ("steps-are-the-core-s", test_steps_are_the_core_s);
  add_for_each_kind ("every-step-runs-and-is-done", test_every_step_runs_and_is_done);
  add_for_each_kind ("every-step-fails-and-is-walked-back",
                     test_every_step_fails_and_is_walked_back);
  add_for_each_kind ("cancel-only-where-safe", test_cancel_only_where_safe);
  g_test_add_func ("/run/walking-back-keeps-the-backup", test_walking_back_keeps_the_backup);
  g_test_add_func ("/run/unfinished-steps-are-to-come", test_unfinished_steps_are_to_come);
  g_test_add_func ("/run/resumed-steps-were-done-before", test_resumed_steps_were_done_before);
  g_test_add_func ("/run/command-is-told-of", test_command_is_told_of);
  g_test_add_func ("/run/step-has-a-clock", test_step_has_a_clock);
  g_test_add_func ("/run/back-across-the-commit-point", test_back_across_the_commit_point);
  g_test_add_func ("/run/publish-stands-where-nobody-agrees",
                   test_publish_stands_where_nobody_agrees);
  g_test_add_func ("/run/failed-walk-back-is-a-failed-step",
                   test_failed_walk_back_is_a_failed_step);
  g_test_add_func ("/run/unagreed-loss-leaves-the-step-done",
                   test_unagreed_loss_leaves_the_step_done);
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  add_tests_of_steps ();
  g_test_add_func ("/run/fraction-never-runs-backwards", test_fraction_never_runs_backwards);
  g_test_add_func ("/run/done-is-all-of-it", test_done_is_all_of_it);
  g_test_add_func ("/run/cancel-reaches-the-work", test_cancel_reaches_the_work);
  g_test_add_func ("/run/stopped-while-clients-are-turned-away",
                   test_stopped_while_clients_are_turned_away);
  g_test_add_func ("/run/endings", test_endings);
  g_test_add_func ("/run/clock-stops-at-the-end", test_clock_stops_at_the_end);
  g_test_add_func ("/run/notes-are-kept", test_notes_are_kept);
  g_test_add_data_func ("/run/question/agreed", "3.4.1", test_question_waits_for_its_version);
  g_test_add_data_func ("/run/question/another-version", "3.4.10",
                        test_question_waits_for_its_version);
  g_test_add_data_func ("/run/question/refused", NULL, test_question_waits_for_its_version);
  g_test_add_func ("/run/question/cancelled", test_cancel_answers_with_no);
  return g_test_run ();
}
