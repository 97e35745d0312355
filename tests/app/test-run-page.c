/* The page of a running operation: what is on the screen while it goes forward and back, Cancel,
 * and that it can be left and closed at any time. */
#include "run-scene.h"

#include "app/step-row.h"

static GtkListBox *
get_list (const RunScene *scene)
{
  return stage_get (scene->page, GTK_TYPE_LIST_BOX, "steps");
}

static gpointer
get_row (const RunScene *scene, const char *title)
{
  return stage_get (get_list (scene), STEWARD_TYPE_STEP_ROW, title);
}

static void
assert_row_is (const RunScene *scene, const char *title, const char *word)
{
  g_autofree char *label = g_strdup_printf ("%s: %s", title, word);

  gtk_test_accessible_assert_property (get_row (scene, title), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       label);
}

static void
test_tells_what_goes_on (void)
{
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  g_assert_true (stage_shows (scene.page, "Getting ready"));
  AdwWindowTitle *title = stage_get (scene.page, ADW_TYPE_WINDOW_TITLE, "title");
  g_assert_cmpstr (adw_window_title_get_title (title), ==, "Upgrade");
  g_assert_cmpstr (adw_window_title_get_subtitle (title), ==, "parsec");
  stage_run_until (scene.script, "dump");
  stage_run_settle (scene.script);
  g_assert_true (stage_shows (scene.page, "Step 3 of 15: Dump the database"));
  g_assert_true (stage_shows (scene.page, "Running for 0:0"));
}

static void
test_rows_say_their_state (void)
{
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  assert_row_is (&scene, "Dump the database", "To come");
  stage_run_skip (scene.script, "preflight");
  stage_run_begin (scene.script, "pull-image");
  stage_run_begin (scene.script, "dump");
  stage_run_settle (scene.script);
  assert_row_is (&scene, "Check everything first", "Done before");
  assert_row_is (&scene, "Fetch the image", "Done");
  assert_row_is (&scene, "Dump the database", "Running");
  g_assert_nonnull (stage_find (get_row (&scene, "Dump the database"), GTK_TYPE_SPINNER, NULL));
  g_assert_null (stage_find (get_row (&scene, "Fetch the image"), GTK_TYPE_SPINNER, NULL));
  g_assert_true (stage_shows (get_row (&scene, "Fetch the image"), "0.0 s"));
  stage_run_fail (scene.script, "The <disk> is full.");
  stage_run_settle (scene.script);
  assert_row_is (&scene, "Dump the database", "Failed");
  g_assert_true (stage_shows (get_row (&scene, "Dump the database"), "The <disk> is full."));
  stage_run_begin_undo (scene.script, "dump");
  stage_run_settle (scene.script);
  assert_row_is (&scene, "Dump the database", "Walking back");
  stage_run_undo (scene.script, "dump");
  stage_run_settle (scene.script);
  assert_row_is (&scene, "Dump the database", "Walked back");
  g_assert_true (stage_shows (get_row (&scene, "Dump the database"), "Walked back"));
  g_assert_true (stage_shows (get_row (&scene, "Dump the database"), "The <disk> is full."));
}

static void
test_rows_stay (void)
{
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_BACKUP);
  gpointer row = get_row (&scene, "Dump the database");
  gtk_widget_grab_focus (row);
  stage_run_until (scene.script, "verify");
  stage_run_output (scene.script, "a line");
  stage_run_end (scene.script, STEWARD_RESULT_DONE, NULL);
  stage_run_settle (scene.script);
  g_assert_true (get_row (&scene, "Dump the database") == row);
  g_assert_true (gtk_root_get_focus (GTK_ROOT (scene.window)) == row);
}

static void
test_marks_the_point_of_no_return (void)
{
  g_auto (RunScene) scene = { 0 };
  guint n = 0;

  run_scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  for (int i = 0; gtk_list_box_get_row_at_index (get_list (&scene), i) != NULL; i++)
    n += stage_shows (gtk_list_box_get_row_at_index (get_list (&scene), i), "Point of no return");
  g_assert_cmpuint (n, ==, 1);
  g_assert_true (stage_shows (get_row (&scene, "Publish the copy"), "Point of no return"));
  stage_run_until (scene.script, "publish");
  stage_run_settle (scene.script);
  g_assert_false (stage_shows (scene.page, "The point of no return is passed"));
  stage_run_begin (scene.script, "start-server");
  stage_run_settle (scene.script);
  g_assert_true (stage_shows (scene.page, "The point of no return is passed"));
}

static gboolean
is_command_open (gpointer row)
{
  return stage_find (row, GTK_TYPE_LABEL, "command") != NULL;
}

static gboolean
is_command_closed (gpointer row)
{
  return !is_command_open (row);
}

static void
test_row_opens_to_its_command (void)
{
  g_auto (RunScene) scene = { 0 };
  const char *command = "pg_dump --file=\"a b\" parsec\nsha256sum <a>";

  run_scene_init (&scene, STEWARD_OPERATION_BACKUP);
  stage_run_until (scene.script, "dump");
  stage_run_settle (scene.script);
  gpointer row = get_row (&scene, "Dump the database");
  gtk_widget_activate (row);
  g_assert_true (is_command_closed (row));
  stage_run_command (scene.script, command);
  stage_run_settle (scene.script);
  gtk_widget_activate (row);
  stage_wait (is_command_open, row);
  gtk_test_accessible_assert_state (row, GTK_ACCESSIBLE_STATE_EXPANDED, TRUE);
  GtkLabel *label = stage_get (row, GTK_TYPE_LABEL, "command");
  g_assert_cmpstr (gtk_label_get_text (label), ==, command);
  g_assert_true (gtk_label_get_selectable (label));
  g_assert_cmpint (gtk_widget_get_direction (GTK_WIDGET (label)), ==, GTK_TEXT_DIR_LTR);
  stage_click (row, "Copy the Command");
  g_autofree char *copied = run_scene_dup_copied (&scene);
  g_assert_cmpstr (copied, ==, command);
  gtk_widget_activate (row);
  stage_wait (is_command_closed, row);
}

static void
test_bar_shows_percent (void)
{
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_RESTART);
  GtkProgressBar *bar = stage_get (scene.page, GTK_TYPE_PROGRESS_BAR, NULL);
  g_assert_cmpstr (gtk_progress_bar_get_text (bar), ==, "0 %");
  stage_run_until (scene.script, "watch-health");
  stage_run_fraction (scene.script, 0.5);
  stage_run_settle (scene.script);
  double fraction = steward_run_get_fraction (scene.run);
  g_autofree char *percent = g_strdup_printf ("%d %%", (int)(fraction * 100));
  g_assert_cmpfloat (gtk_progress_bar_get_fraction (bar), ==, fraction);
  g_assert_cmpfloat (fraction, >, 0.2);
  g_assert_cmpstr (gtk_progress_bar_get_text (bar), ==, percent);
}

static void
test_tells_that_clients_are_turned_away (void)
{
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_RESTART);
  g_assert_false (stage_shows (scene.page, "Clients have been turned away"));
  stage_run_begin (scene.script, "restart-server");
  stage_run_server_stops (scene.script);
  stage_run_settle (scene.script);
  g_assert_true (stage_shows (scene.page, "Clients have been turned away for 0:00"));
  stage_wait_shows (scene.page, "Clients have been turned away for 0:01");
  stage_run_server_answers (scene.script);
  stage_run_settle (scene.script);
  g_assert_false (stage_shows (scene.page, "Clients have been turned away"));
}

static void
test_tells_why_it_goes_back (void)
{
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  stage_run_until (scene.script, "copy");
  stage_run_fail (scene.script, "The disk is full.");
  stage_run_undo (scene.script, "copy");
  stage_run_begin_undo (scene.script, "set-aside");
  stage_run_settle (scene.script);
  g_assert_true (stage_shows (scene.page, "Walking back: Set the database aside"));
  GtkLabel *reason = stage_get (scene.page, GTK_TYPE_LABEL, "reason");
  g_assert_cmpstr (gtk_label_get_text (reason), ==, "The disk is full.");
  g_assert_null (stage_find (scene.page, GTK_TYPE_PROGRESS_BAR, NULL));
}

static GtkWidget *
get_cancel (const RunScene *scene)
{
  return stage_get (scene->page, GTK_TYPE_BUTTON, "cancel");
}

/* The button in every step of the operation, and what it says where it cannot be pressed. */
static void
test_cancel_only_where_safe (void)
{
  const StewardStep *const *steps = steward_runner_get_steps (STEWARD_OPERATION_UPGRADE);
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  g_assert_true (gtk_widget_is_sensitive (get_cancel (&scene)));
  for (gsize i = 0; steps[i] != NULL; i++)
    {
      gboolean is_safe = (steps[i]->flags & STEWARD_STEP_CANCELLABLE) != 0;
      stage_run_begin (scene.script, steps[i]->id);
      stage_run_settle (scene.script);
      const char *tooltip = gtk_widget_get_tooltip_text (get_cancel (&scene));
      g_assert_cmpint (gtk_widget_is_sensitive (get_cancel (&scene)), ==, is_safe);
      g_assert_cmpstr (tooltip, ==,
                       is_safe ? NULL
                               : "This step is finished first; it cannot be interrupted safely.");
    }
  stage_run_begin_undo (scene.script, "copy");
  stage_run_settle (scene.script);
  g_assert_false (gtk_widget_is_sensitive (get_cancel (&scene)));
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (get_cancel (&scene)), "Going back"));
}

static gboolean
is_cancelled (gpointer data)
{
  return stage_run_is_cancelled (data);
}

static void
test_cancel_says_that_it_was_pressed (void)
{
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_BACKUP);
  stage_run_until (scene.script, "dump");
  stage_run_settle (scene.script);
  stage_click (scene.page, "cancel");
  stage_wait (is_cancelled, scene.script);
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (get_cancel (&scene))), ==, "Cancelling…");
  g_assert_false (gtk_widget_is_sensitive (get_cancel (&scene)));
  g_assert_true (stage_shows (scene.page, "Cancelling, as soon as that is safe …"));
}

static gboolean
has_clock (const RunScene *scene)
{
  return g_main_context_find_source_by_user_data (NULL, scene->page) != NULL;
}

static void
test_clock_goes_only_while_it_is_seen (void)
{
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_BACKUP);
  g_assert_true (has_clock (&scene));
  gtk_widget_set_visible (GTK_WIDGET (scene.page), FALSE);
  g_assert_false (has_clock (&scene));
  stage_wait_painted (scene.window);
  gtk_widget_set_visible (GTK_WIDGET (scene.page), TRUE);
  g_assert_true (has_clock (&scene));
  stage_wait_painted (scene.window);
  stage_run_end (scene.script, STEWARD_RESULT_DONE, NULL);
  stage_run_settle (scene.script);
  g_assert_false (has_clock (&scene));
}

static void
test_shows_a_run_from_its_midst (void)
{
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  steward_run_page_set_run (scene.page, NULL, NULL);
  stage_run_until (scene.script, "stop-server");
  stage_run_command (scene.script, "docker stop parsec-server-1");
  stage_run_settle (scene.script);
  steward_run_page_set_run (scene.page, scene.server, scene.run);
  g_assert_true (stage_shows (scene.page, "Step 7 of 15: Stop the server"));
  g_assert_true (stage_shows (scene.page, "Clients have been turned away"));
  assert_row_is (&scene, "Dump the database", "Done");
  stage_wait_shows (scene.page, "$ docker stop parsec-server-1");
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *)data == NULL;
}

/* The page first, then the operation: neither holds the other. */
static void
test_closed_in_the_midst (void)
{
  StewardServer *server = stage_server_new ("parsec", STAGE_UPDATE);
  StageRun *script = stage_run_new (server, STEWARD_OPERATION_UPGRADE);
  StewardRun *run = steward_server_get_run (server);
  GtkWidget *page = g_object_new (STEWARD_TYPE_RUN_PAGE, NULL);
  GtkWindow *window = stage_show (page);

  g_object_add_weak_pointer (G_OBJECT (page), (gpointer *)&page);
  g_object_add_weak_pointer (G_OBJECT (run), (gpointer *)&run);
  steward_run_page_set_run (STEWARD_RUN_PAGE (page), server, run);
  stage_run_until (script, "dump");
  stage_run_command (script, "pg_dump parsec");
  stage_run_settle (script);
  gtk_window_destroy (window);
  stage_wait (is_gone, &page);
  stage_run_until (script, "watch-health");
  stage_run_output (script, "goes on");
  stage_run_settle (script);
  g_assert_cmpstr (steward_run_step_get_id (steward_run_get_current_step (run)), ==,
                   "watch-health");
  stage_run_end (script, STEWARD_RESULT_DONE, NULL);
  stage_run_free (script);
  g_object_unref (server);
  stage_wait (is_gone, &run);
}

static void
test_lets_go_of_a_run (void)
{
  g_auto (RunScene) scene = { 0 };
  g_autoptr (StewardServer) other = stage_server_new ("other", STAGE_UPDATE);
  g_autoptr (StageRun) script = stage_run_new (other, STEWARD_OPERATION_RESTART);

  run_scene_init (&scene, STEWARD_OPERATION_BACKUP);
  stage_run_until (scene.script, "dump");
  stage_run_settle (scene.script);
  steward_run_page_set_run (scene.page, other, steward_server_get_run (other));
  g_assert_true (stage_shows (scene.page, "Getting ready"));
  g_assert_null (stage_find (scene.page, STEWARD_TYPE_STEP_ROW, "Dump the database"));
  stage_run_end (scene.script, STEWARD_RESULT_DONE, NULL);
  stage_run_settle (scene.script);
  g_assert_true (stage_shows (scene.page, "Getting ready"));
  g_assert_nonnull (stage_find (scene.page, STEWARD_TYPE_STEP_ROW, "Restart the server"));
}

/* Ended operations are kept by their server alone. */
static void
test_lets_go_of_an_ended_run (void)
{
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_BACKUP);
  stage_run_end (scene.script, STEWARD_RESULT_DONE, NULL);
  stage_run_settle (scene.script);
  g_autoptr (StageRun) next = stage_run_new (scene.server, STEWARD_OPERATION_BACKUP);
  g_object_add_weak_pointer (G_OBJECT (scene.run), (gpointer *)&scene.run);
  g_assert_nonnull (scene.run);
  steward_run_page_set_run (scene.page, scene.server, steward_server_get_run (scene.server));
  stage_wait (is_gone, &scene.run);
  g_assert_true (stage_shows (scene.page, "Getting ready"));
}

/* What happened stands in the output, too, in the order in which it did. */
static void
test_output_tells_it_all (void)
{
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_RESTART);
  stage_run_begin (scene.script, "restart-server");
  stage_run_server_stops (scene.script);
  stage_run_command (scene.script, "docker compose up");
  stage_run_output (scene.script, "Recreating");
  stage_run_note (scene.script, "It was slow.");
  stage_run_fail (scene.script, "It broke.");
  stage_run_undo (scene.script, "preflight");
  stage_run_server_answers (scene.script);
  stage_run_settle (scene.script);
  g_autofree char *text = steward_log_dup_text (steward_run_get_log (scene.run));
  g_assert_cmpstr (text, ==,
                   "Restart the server\nClients are turned away from now on.\ndocker compose up\n"
                   "Recreating\nIt was slow.\nIt broke.\nWalking back: Check everything first\n"
                   "Clients are served again.\n");
  stage_wait_shows (scene.page, "Failed: It broke.");
}

static void
test_fits_and_is_named (void)
{
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  stage_run_until (scene.script, "start-server");
  stage_run_command (scene.script, "docker compose up --detach server");
  stage_run_settle (scene.script);
  gtk_widget_activate (get_row (&scene, "Start the server"));
  stage_wait (is_command_open, get_row (&scene, "Start the server"));
  g_autofree char *unnamed = stage_dup_unnamed (scene.page);
  g_assert_cmpstr (unnamed, ==, "");
  g_assert_cmpint (stage_measure_width (scene.page), <=, 360);
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  g_test_add_func ("/run-page/tells-what-goes-on", test_tells_what_goes_on);
  g_test_add_func ("/run-page/rows-say-their-state", test_rows_say_their_state);
  g_test_add_func ("/run-page/rows-stay", test_rows_stay);
  g_test_add_func ("/run-page/marks-the-point-of-no-return", test_marks_the_point_of_no_return);
  g_test_add_func ("/run-page/row-opens-to-its-command", test_row_opens_to_its_command);
  g_test_add_func ("/run-page/bar-shows-percent", test_bar_shows_percent);
  g_test_add_func ("/run-page/tells-that-clients-are-turned-away",
                   test_tells_that_clients_are_turned_away);
  g_test_add_func ("/run-page/tells-why-it-goes-back", test_tells_why_it_goes_back);
  g_test_add_func ("/run-page/cancel-only-where-safe", test_cancel_only_where_safe);
  g_test_add_func ("/run-page/cancel-says-that-it-was-pressed",
                   test_cancel_says_that_it_was_pressed);
  g_test_add_func ("/run-page/clock-goes-only-while-it-is-seen",
                   test_clock_goes_only_while_it_is_seen);
  g_test_add_func ("/run-page/shows-a-run-from-its-midst", test_shows_a_run_from_its_midst);
  g_test_add_func ("/run-page/closed-in-the-midst", test_closed_in_the_midst);
  g_test_add_func ("/run-page/lets-go-of-a-run", test_lets_go_of_a_run);
  g_test_add_func ("/run-page/lets-go-of-an-ended-run", test_lets_go_of_an_ended_run);
  g_test_add_func ("/run-page/output-tells-it-all", test_output_tells_it_all);
  g_test_add_func ("/run-page/fits-and-is-named", test_fits_and_is_named);
  return g_test_run ();
}
