/* The end of an operation on its page: what is told of each result, what can be done then, and what
 * is copied. */
#include "run-scene.h"

#define ISOLATED(text) "\342\201\246" text "\342\201\251"

static void
end (RunScene *scene, StewardResult result, const char *message)
{
  stage_run_end (scene->script, result, message);
  stage_run_settle (scene->script);
}

static const char *
get_text (const RunScene *scene, const char *id)
{
  return gtk_label_get_text (stage_get (scene->page, GTK_TYPE_LABEL, id));
}

/* Neither more nor less than an operation that stands unfinished offers. */
static void
assert_offers (const RunScene *scene, gboolean is_unfinished)
{
  g_assert_cmpint (stage_find (scene->page, GTK_TYPE_BUTTON, "resume") != NULL, ==, is_unfinished);
  g_assert_cmpint (stage_find (scene->page, GTK_TYPE_BUTTON, "walk_back") != NULL, ==,
                   is_unfinished);
}

static void
test_done (gconstpointer data)
{
  static const char *const sentences[] = {
    [STEWARD_OPERATION_BACKUP] = "Backup " ISOLATED (STAGE_BACKUP_ID) " is complete and verified.",
    [STEWARD_OPERATION_UPGRADE] =
        "The server was upgraded from " ISOLATED (STAGE_TAG) " to " ISOLATED (STAGE_TARGET) ".",
    [STEWARD_OPERATION_RESTART] =
        "The server was restarted, with " ISOLATED (STAGE_TAG) " as before.",
    [STEWARD_OPERATION_ROLLBACK] =
        "The server was rolled back from " ISOLATED (STAGE_TAG) " to " ISOLATED ("3.4.1") ".",
  };
  StewardOperationKind kind = GPOINTER_TO_INT (data);
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, kind);
  end (&scene, STEWARD_RESULT_DONE, NULL);
  g_assert_cmpstr (get_text (&scene, "heading"), ==, "Done");
  g_assert_cmpstr (get_text (&scene, "ending"), ==, sentences[kind]);
  g_assert_null (stage_find (scene.page, GTK_TYPE_LABEL, "error"));
  g_assert_null (stage_find (scene.page, GTK_TYPE_BUTTON, "cancel"));
  g_assert_cmpint (stage_shows (scene.page, "The server was away for 7.4 s."), ==,
                   kind != STEWARD_OPERATION_BACKUP);
  assert_offers (&scene, FALSE);
}

static void
test_refused (void)
{
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  stage_run_begin (scene.script, "preflight");
  end (&scene, STEWARD_RESULT_REFUSED, "There is no <room>.");
  g_assert_cmpstr (get_text (&scene, "heading"), ==, "Refused");
  g_assert_cmpstr (get_text (&scene, "error"), ==, "There is no <room>.");
  g_assert_cmpstr (get_text (&scene, "ending"), ==, "Nothing was touched.");
  g_assert_false (stage_shows (scene.page, STAGE_BACKUP_ID));
  assert_offers (&scene, FALSE);
}

static void
test_back (void)
{
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  stage_run_until (scene.script, "copy");
  stage_run_fail (scene.script, "The disk is full.");
  stage_run_undo (scene.script, "copy");
  end (&scene, STEWARD_RESULT_BACK, "The disk is full.");
  g_assert_cmpstr (get_text (&scene, "heading"), ==, "Failed");
  g_assert_cmpstr (get_text (&scene, "error"), ==, "The disk is full.");
  g_assert_cmpstr (get_text (&scene, "ending"), ==, "The server is where it was before.");
  assert_offers (&scene, FALSE);
}

static void
test_walked_back_as_asked_for (void)
{
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  stage_run_undo (scene.script, "copy");
  end (&scene, STEWARD_RESULT_BACK, NULL);
  g_assert_cmpstr (get_text (&scene, "heading"), ==, "Walked Back");
  g_assert_null (stage_find (scene.page, GTK_TYPE_LABEL, "error"));
  g_assert_cmpstr (get_text (&scene, "ending"), ==, "The server is where it was before.");
}

static void
test_cancelled (gconstpointer data)
{
  StewardResult result = GPOINTER_TO_INT (data);
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled.");
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  stage_run_end_with (scene.script, result, error);
  stage_run_settle (scene.script);
  g_assert_cmpstr (get_text (&scene, "heading"), ==, "Cancelled");
  g_assert_null (stage_find (scene.page, GTK_TYPE_LABEL, "error"));
  g_assert_cmpstr (get_text (&scene, "ending"), ==,
                   result == STEWARD_RESULT_BACK ? "The server is where it was before."
                                                 : "Nothing was touched.");
}

static void
test_unfinished (gconstpointer data)
{
  StewardResult result = GPOINTER_TO_INT (data);
  gboolean is_interrupted = result == STEWARD_RESULT_INTERRUPTED;
  const char *message = "The disk is full. Free 3 GB in /srv, then walk this operation back.";
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  stage_run_until (scene.script, "stop-server");
  end (&scene, result, message);
  g_assert_cmpstr (get_text (&scene, "heading"), ==,
                   is_interrupted ? "Interrupted" : "Your Hands Are Needed");
  g_assert_cmpstr (get_text (&scene, "error"), ==, message);
  GtkLabel *error = stage_get (scene.page, GTK_TYPE_LABEL, "error");
  g_assert_true (gtk_label_get_selectable (error) && gtk_label_get_wrap (error));
  g_assert_nonnull (strstr (get_text (&scene, "ending"), "lients are turned away"));
  assert_offers (&scene, TRUE);
  GtkWidget *resume = stage_get (scene.page, GTK_TYPE_BUTTON, "resume");
  g_assert_cmpint (gtk_widget_has_css_class (resume, "suggested-action"), ==, is_interrupted);
  g_assert_cmpstr (gtk_actionable_get_action_name (GTK_ACTIONABLE (resume)), ==, "win.resume");
}

static gboolean
is_looking (gpointer server)
{
  return steward_server_is_looking (server);
}

static gboolean
is_not_looking (gpointer server)
{
  return !is_looking (server);
}

/* The folder is known from a look; the one after the operation finds no engine here. */
static void
test_tells_where_the_backup_is (gconstpointer data)
{
  gboolean is_verified = GPOINTER_TO_INT (data);
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  stage_run_until (scene.script, is_verified ? "stop-server" : "verify");
  stage_run_fail (scene.script, "It broke.");
  end (&scene, STEWARD_RESULT_BACK, "It broke.");
  stage_wait (is_not_looking, scene.server);
  stage_server_set_state (scene.server, STAGE_UPDATE);
  g_assert_true (
      stage_shows (scene.page, is_verified
                                   ? "The backup " ISOLATED (STAGE_BACKUP_ID) " lies in " ISOLATED (
                                       "/srv/parsec/steward/backups") ", complete and verified."
                                   : "; it was not read back."));
}

static void
test_notes_are_to_be_read (void)
{
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_BACKUP);
  stage_run_note (scene.script, "The clock of <the host> is wrong.");
  stage_run_note (scene.script, "The second.");
  end (&scene, STEWARD_RESULT_DONE, NULL);
  GtkWidget *notes = stage_get (scene.page, GTK_TYPE_BOX, "notes");
  g_assert_true (stage_shows (notes, "The clock of <the host> is wrong."));
  g_assert_true (stage_shows (notes, "The second."));
}

static void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” is not in:\n%s", part, text);
}

static void
test_report_has_it_all (void)
{
  static const char *const parts[] = {
    "Server: parsec\n",
    "Operation: Upgrade\n",
    ": 20261123t224500_ef56\n",
    "Version before: 3.5.0\n",
    "Version asked for: 3.6.0\n",
    "Result: Failed\n",
    "The server is where it was before.\n",
    "The disk is full.\n",
    "The server was away for 7.4 s.\n",
    "20261123t220300_ab12",
    "The clock is wrong.\n",
    "  Dump the database: Done (0.0 s)\n",
    "  Set the database aside: Walked back (0.0 s)\n",
    "  Check everything first: Done (0.0 s)\n",
    "  Copy the database: Failed (0.0 s)\n    The disk is full.\n",
    "  Publish the copy: Not begun\n",
  };
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  stage_run_until (scene.script, "copy");
  stage_run_note (scene.script, "The clock is wrong.");
  stage_run_fail (scene.script, "The disk is full.");
  stage_run_undo (scene.script, "set-aside");
  stage_run_undo (scene.script, "dump");
  end (&scene, STEWARD_RESULT_BACK, "The disk is full.");
  stage_click (scene.page, "copy");
  g_autofree char *text = run_scene_dup_copied (&scene);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    assert_has (text, parts[i]);
  g_assert_null (strstr (text, "\342\201\246"));
}

/* Whoever pressed something there goes on from the report. */
static void
test_focus_moves_to_the_report (void)
{
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_BACKUP);
  gtk_widget_grab_focus (stage_get (scene.page, GTK_TYPE_BUTTON, "cancel"));
  end (&scene, STEWARD_RESULT_DONE, NULL);
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (scene.window));
  g_assert_nonnull (focus);
  g_assert_true (gtk_widget_is_ancestor (focus, stage_get (scene.page, GTK_TYPE_WIDGET, "report")));
}

static void
test_fits_and_is_named (void)
{
  g_auto (RunScene) scene = { 0 };

  run_scene_init (&scene, STEWARD_OPERATION_UPGRADE);
  stage_run_note (scene.script, "/srv/a-very-long-path/that-has/no-blank/anywhere/in-it/at-all/x");
  end (&scene, STEWARD_RESULT_HANDS, "20261123t224500_ef5620261123t224500_ef5620261123t224500_ef");
  g_autofree char *unnamed = stage_dup_unnamed (scene.page);
  g_assert_cmpstr (unnamed, ==, "");
  g_assert_cmpint (stage_measure_width (scene.page), <=, 360);
}

static void
add_tests_of_results (void)
{
  for (int kind = STEWARD_OPERATION_BACKUP; kind <= STEWARD_OPERATION_ROLLBACK; kind++)
    {
      g_autofree char *path =
          g_strdup_printf ("/run-end/done/%s", steward_operation_kind_get_name (kind));
      g_test_add_data_func (path, GINT_TO_POINTER (kind), test_done);
    }
  g_test_add_func ("/run-end/refused", test_refused);
  g_test_add_func ("/run-end/back", test_back);
  g_test_add_func ("/run-end/walked-back-as-asked-for", test_walked_back_as_asked_for);
  g_test_add_data_func ("/run-end/cancelled/refused", GINT_TO_POINTER (STEWARD_RESULT_REFUSED),
                        test_cancelled);
  g_test_add_data_func ("/run-end/cancelled/back", GINT_TO_POINTER (STEWARD_RESULT_BACK),
                        test_cancelled);
  g_test_add_data_func ("/run-end/interrupted", GINT_TO_POINTER (STEWARD_RESULT_INTERRUPTED),
                        test_unfinished);
  g_test_add_data_func ("/run-end/hands", GINT_TO_POINTER (STEWARD_RESULT_HANDS), test_unfinished);
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  add_tests_of_results ();
  g_test_add_data_func ("/run-end/tells-where-the-backup-is/verified", GINT_TO_POINTER (TRUE),
                        test_tells_where_the_backup_is);
  g_test_add_data_func ("/run-end/tells-where-the-backup-is/unread", GINT_TO_POINTER (FALSE),
                        test_tells_where_the_backup_is);
  g_test_add_func ("/run-end/notes-are-to-be-read", test_notes_are_to_be_read);
  g_test_add_func ("/run-end/report-has-it-all", test_report_has_it_all);
  g_test_add_func ("/run-end/focus-moves-to-the-report", test_focus_moves_to_the_report);
  g_test_add_func ("/run-end/fits-and-is-named", test_fits_and_is_named);
  return g_test_run ();
}
