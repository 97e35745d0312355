/* The stage itself: what the other programs of this folder stand on. */
#include "stage.h"

static void
test_server_states (void)
{
  static const struct
  {
    StageState state;
    StewardServerState expected;
  } cases[] = {
    { STAGE_UNKNOWN, STEWARD_SERVER_UNKNOWN },         { STAGE_CURRENT, STEWARD_SERVER_CURRENT },
    { STAGE_UPDATE, STEWARD_SERVER_UPDATE },           { STAGE_SILENT, STEWARD_SERVER_SILENT },
    { STAGE_INTERRUPTED, STEWARD_SERVER_INTERRUPTED }, { STAGE_BUSY, STEWARD_SERVER_BUSY },
    { STAGE_UNREACHABLE, STEWARD_SERVER_UNREACHABLE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (StewardServer) server = stage_server_new ("parsec", cases[i].state);
      g_assert_cmpint (steward_server_get_state (server), ==, cases[i].expected);
    }
}

static void
test_run_goes_through (void)
{
  g_autoptr (StewardServer) server = stage_server_new ("parsec", STAGE_UPDATE);
  g_autoptr (StageRun) script = stage_run_new (server, STEWARD_OPERATION_UPGRADE);
  StewardRun *run = steward_server_get_run (server);
  g_autoptr (StewardRunStep) first = g_list_model_get_item (steward_run_get_steps (run), 0);

  stage_run_until (script, "dump");
  stage_run_settle (script);
  g_assert_cmpint (steward_run_step_get_state (first), ==, STEWARD_RUN_STEP_DONE);
  g_assert_true (steward_run_can_cancel (run));
  g_assert_cmpfloat (steward_run_get_fraction (run), >, 0);
  g_assert_cmpint (steward_server_get_state (server), ==, STEWARD_SERVER_BUSY);

  stage_run_until (script, "watch-health");
  stage_run_server_answers (script);
  stage_run_end (script, STEWARD_RESULT_DONE, NULL);
  stage_run_settle (script);
  g_assert_true (steward_run_is_over (run));
  g_assert_cmpint (steward_run_get_result (run), ==, STEWARD_RESULT_DONE);
  g_assert_cmpstr (steward_run_get_report (run)->to_tag, ==, STAGE_TARGET);
}

static void
answer_cb (StewardRun *run, const char *text, const char *version, gpointer data)
{
  steward_run_answer (run, data != NULL ? data : version);
}

static void
test_question_is_answered (gconstpointer typed)
{
  g_autoptr (StewardServer) server = stage_server_new ("parsec", STAGE_UPDATE);
  g_autoptr (StageRun) script = stage_run_new (server, STEWARD_OPERATION_ROLLBACK);

  g_signal_connect (steward_server_get_run (server), "question", G_CALLBACK (answer_cb),
                    (gpointer)typed);
  stage_run_ask (script, "Twelve rows would be lost.", STAGE_TAG);
  stage_run_end (script, STEWARD_RESULT_DONE, NULL);
  stage_run_settle (script);
  stage_run_settle (script);
  g_assert_cmpint (stage_run_was_agreed (script), ==, typed == NULL);
}

static void
test_finds_what_is_shown (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *button = gtk_button_new_with_mnemonic ("_Back Up");
  GtkWidget *hidden = gtk_label_new ("Hidden");
  GtkWidget *bare = gtk_button_new_from_icon_name ("go-previous-symbolic");
  GtkWindow *window;

  gtk_widget_set_visible (hidden, FALSE);
  gtk_box_append (GTK_BOX (box), button);
  gtk_box_append (GTK_BOX (box), hidden);
  gtk_box_append (GTK_BOX (box), bare);
  window = stage_show (box);
  g_assert_true (stage_find (window, GTK_TYPE_BUTTON, "Back Up") == button);
  g_assert_null (stage_find (window, GTK_TYPE_WIDGET, "Hidden"));
  g_assert_true (stage_shows (window, "Back"));
  g_assert_false (stage_shows (window, "Hidden"));

  g_autofree char *unnamed = stage_dup_unnamed (window);
  g_assert_true (g_str_has_suffix (unnamed, "/GtkBox/GtkButton\n"));
  g_assert_null (strstr (unnamed, "GtkButton\n/"));
  gtk_window_destroy (window);
}

static void
test_application_ends (void)
{
  StewardApplication *application = stage_application_new ();
  StewardWindow *window = stage_window_new (application);

  g_assert_true (stage_shows (window, "Looking for Servers…"));
  stage_application_free (application);
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  g_test_add_func ("/stage/servers-are-in-the-state-asked-for", test_server_states);
  g_test_add_func ("/stage/run-goes-through", test_run_goes_through);
  g_test_add_data_func ("/stage/question-is-agreed-to", NULL, test_question_is_answered);
  g_test_add_data_func ("/stage/question-is-declined", "no", test_question_is_answered);
  g_test_add_func ("/stage/finds-what-is-shown", test_finds_what_is_shown);
  g_test_add_func ("/stage/application-ends-without-remains", test_application_ends);
  g_test_add_func ("/stage/application-starts-again", test_application_ends);
  return g_test_run ();
}
