/* Questions in the midst of an operation: asked whatever page is shown, answered by typing the
 * version and by nothing else, gone when they wait no longer. */
#include "run-scene.h"

static void
ask (RunScene *scene)
{
  run_scene_init (scene, STEWARD_OPERATION_ROLLBACK);
  stage_run_begin (scene->script, "preflight");
  stage_run_ask (scene->script, "Two rows of <b>atoms</b> would be lost.", "3.4.1");
}

static void
type (GtkWindow *dialog, const char *text)
{
  gtk_editable_set_text (stage_get (dialog, GTK_TYPE_ENTRY, NULL), text);
}

static gboolean
is_over (gpointer run)
{
  return steward_run_is_over (run);
}

static void
end (RunScene *scene)
{
  stage_run_end (scene->script, STEWARD_RESULT_BACK, "It is over.");
  stage_wait (is_over, scene->run);
}

static void
test_asks (void)
{
  g_auto (RunScene) scene = { 0 };

  ask (&scene);
  GtkWindow *dialog = stage_get_dialog (scene.window);
  g_assert_true (stage_shows (dialog, "Agree to a Loss on parsec?"));
  g_assert_true (stage_shows (dialog, "Two rows of <b>atoms</b> would be lost."));
  g_assert_true (stage_shows (scene.page, "Waiting for your answer"));
  g_autofree char *unnamed = stage_dup_unnamed (dialog);
  g_assert_cmpstr (unnamed, ==, "");
  gtk_window_close (dialog);
  end (&scene);
}

static void
test_agrees_by_the_version (void)
{
  g_auto (RunScene) scene = { 0 };

  ask (&scene);
  GtkWindow *dialog = stage_get_dialog (scene.window);
  GtkWidget *agree = stage_get (dialog, GTK_TYPE_BUTTON, "Agree to the Loss");
  g_assert_false (gtk_widget_is_sensitive (agree));
  type (dialog, "3.4");
  g_assert_false (gtk_widget_is_sensitive (agree));
  type (dialog, "3.4.1");
  stage_click (dialog, "Agree to the Loss");
  stage_wait_closed (scene.window);
  end (&scene);
  g_assert_true (stage_run_was_agreed (scene.script));
}

static void
test_refuses_by_cancel (void)
{
  g_auto (RunScene) scene = { 0 };

  ask (&scene);
  GtkWindow *dialog = stage_get_dialog (scene.window);
  type (dialog, "3.4.1");
  stage_click (dialog, "Cancel");
  stage_wait_closed (scene.window);
  end (&scene);
  g_assert_false (stage_run_was_agreed (scene.script));
}

static void
test_refuses_by_closing (void)
{
  g_auto (RunScene) scene = { 0 };

  ask (&scene);
  gtk_window_close (stage_get_dialog (scene.window));
  stage_wait_closed (scene.window);
  end (&scene);
  g_assert_false (stage_run_was_agreed (scene.script));
}

static void
test_asks_while_another_page_is_shown (void)
{
  g_auto (RunScene) scene = { 0 };
  g_autoptr (StewardServer) other = stage_server_new ("other", STAGE_UPDATE);
  g_autoptr (StageRun) script = stage_run_new (other, STEWARD_OPERATION_RESTART);

  run_scene_init (&scene, STEWARD_OPERATION_ROLLBACK);
  steward_run_page_set_run (scene.page, other, steward_server_get_run (other));
  gtk_widget_set_visible (GTK_WIDGET (scene.page), FALSE);
  stage_run_begin (scene.script, "preflight");
  stage_run_ask (scene.script, "Two rows would be lost.", "3.4.1");
  GtkWindow *dialog = stage_get_dialog (scene.window);
  g_assert_true (stage_shows (dialog, "Agree to a Loss on parsec?"));
  type (dialog, "3.4.1");
  stage_click (dialog, "Agree to the Loss");
  stage_wait_closed (scene.window);
  end (&scene);
  g_assert_true (stage_run_was_agreed (scene.script));
}

static gboolean
has_question (gpointer run)
{
  return steward_run_get_question (run, NULL) != NULL;
}

/* Nobody was there when it was asked; it waits for five minutes. */
static void
test_asks_what_waits_already (void)
{
  g_autoptr (StewardServer) server = stage_server_new ("parsec", STAGE_UPDATE);
  g_autoptr (StageRun) script = stage_run_new (server, STEWARD_OPERATION_ROLLBACK);
  StewardRun *run = steward_server_get_run (server);
  GtkWidget *page = g_object_new (STEWARD_TYPE_RUN_PAGE, NULL);
  GtkWindow *window = stage_show (page);

  stage_run_ask (script, "Two rows would be lost.", "3.4.1");
  stage_wait (has_question, run);
  steward_run_page_set_run (STEWARD_RUN_PAGE (page), server, run);
  steward_run_page_set_run (STEWARD_RUN_PAGE (page), NULL, NULL);
  steward_run_page_set_run (STEWARD_RUN_PAGE (page), server, run);
  GtkWindow *dialog = stage_get_dialog (window);
  type (dialog, "3.4.1");
  stage_click (dialog, "Agree to the Loss");
  stage_wait_closed (window);
  stage_run_end (script, STEWARD_RESULT_DONE, NULL);
  stage_wait (is_over, run);
  g_assert_true (stage_run_was_agreed (script));
  gtk_window_destroy (window);
}

/* A dialog that stood on would agree to something else. */
static void
test_goes_when_it_waits_no_longer (void)
{
  g_auto (RunScene) scene = { 0 };

  ask (&scene);
  stage_get_dialog (scene.window);
  steward_run_cancel (scene.run);
  stage_wait_closed (scene.window);
  g_assert_false (stage_shows (scene.page, "Waiting for your answer"));
  end (&scene);
  g_assert_false (stage_run_was_agreed (scene.script));
}

static void
test_nobody_there_is_a_no (void)
{
  g_autoptr (StewardServer) server = stage_server_new ("parsec", STAGE_UPDATE);
  g_autoptr (StageRun) script = stage_run_new (server, STEWARD_OPERATION_ROLLBACK);
  StewardRun *run = steward_server_get_run (server);
  GtkWidget *page = g_object_new (STEWARD_TYPE_RUN_PAGE, NULL);
  GtkWindow *window = stage_show (page);

  steward_run_page_set_run (STEWARD_RUN_PAGE (page), server, run);
  gtk_window_destroy (window);
  stage_run_ask (script, "Two rows would be lost.", "3.4.1");
  stage_run_end (script, STEWARD_RESULT_BACK, "Nobody agreed.");
  stage_wait (is_over, run);
  g_assert_false (stage_run_was_agreed (script));
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *)data == NULL;
}

static void
test_window_is_closed_under_the_question (void)
{
  StewardServer *server = stage_server_new ("parsec", STAGE_UPDATE);
  StageRun *script = stage_run_new (server, STEWARD_OPERATION_ROLLBACK);
  StewardRun *run = steward_server_get_run (server);
  GtkWidget *page = g_object_new (STEWARD_TYPE_RUN_PAGE, NULL);
  GtkWindow *window = stage_show (page);

  g_object_add_weak_pointer (G_OBJECT (run), (gpointer *)&run);
  steward_run_page_set_run (STEWARD_RUN_PAGE (page), server, run);
  stage_run_ask (script, "Two rows would be lost.", "3.4.1");
  stage_get_dialog (window);
  gtk_window_destroy (window);
  stage_wait_closed (NULL);
  steward_run_answer (run, NULL);
  stage_run_end (script, STEWARD_RESULT_BACK, "Nobody agreed.");
  stage_wait (is_over, run);
  stage_run_free (script);
  g_object_unref (server);
  stage_wait (is_gone, &run);
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  g_test_add_func ("/run-asker/asks", test_asks);
  g_test_add_func ("/run-asker/agrees-by-the-version", test_agrees_by_the_version);
  g_test_add_func ("/run-asker/refuses-by-cancel", test_refuses_by_cancel);
  g_test_add_func ("/run-asker/refuses-by-closing", test_refuses_by_closing);
  g_test_add_func ("/run-asker/asks-while-another-page-is-shown",
                   test_asks_while_another_page_is_shown);
  g_test_add_func ("/run-asker/asks-what-waits-already", test_asks_what_waits_already);
  g_test_add_func ("/run-asker/goes-when-it-waits-no-longer", test_goes_when_it_waits_no_longer);
  g_test_add_func ("/run-asker/nobody-there-is-a-no", test_nobody_there_is_a_no);
  g_test_add_func ("/run-asker/window-is-closed-under-the-question",
                   test_window_is_closed_under_the_question);
  return g_test_run ();
}
