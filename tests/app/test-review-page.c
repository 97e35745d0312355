/* What the review page shows of a review. What it takes to go on is test-review-start.c's. */
#include "review-scene.h"

#include "app/check-row.h"

static void
assert_shows_all (ReviewScene *scene, const char *const *texts)
{
  for (; *texts != NULL; texts++)
    if (!review_scene_shows (scene, *texts))
      g_error ("“%s” is not on the screen.", *texts);
}

static void
test_upgrade (ReviewScene *scene, gconstpointer data)
{
  const char *const texts[] = {
    "Upgrade to " LTR ("3.6.0"),
    "parsec",
    "First a backup is made",
    "is rehearsed on it",
    "Rehearsed on",
    "The backup was restored in 12 s and migrated in 2.5 s; the new server answered after 1.2 s.",
    "nothing is lost",
    LTR ("3.0.0"),
    "About 35 s",
    "other changes of the compose files: PARSEC_LOG_LEVEL",
    "3 checks are good",
    "6 migrations will be applied",
    "2 of them may remove data",
    LTR ("0006_outsider_enabled.sql"),
    LTR ("DROP TABLE notification"),
    LTR ("DROP COLUMN") ": " LTR ("ALTER TABLE device DROP COLUMN api_version"),
    LTR ("DELETE FROM invitation WHERE conduit_state <> 'FINISHED'"),
    "-    image: ghcr.io/scille/parsec-cloud/parsec-server:3.0.0",
    "+    image: ghcr.io/scille/parsec-cloud/parsec-server:3.6.0",
    "Check everything first",
    "Dump the database",
    NULL,
  };

  review_scene_take (scene, review_samples_new_upgrade ());
  assert_shows_all (scene, texts);
  g_assert_false (review_scene_shows (scene, "What Would Be Lost"));
  g_assert_false (review_scene_shows (scene, "refuse"));
}

static guint
count_called (GtkWidget *widget, const char *tooltip)
{
  guint n_called = gtk_widget_get_mapped (widget)
                   && g_strcmp0 (gtk_widget_get_tooltip_text (widget), tooltip) == 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n_called += count_called (child, tooltip);
  return n_called;
}

static void
test_marks_migrations (ReviewScene *scene, gconstpointer data)
{
  review_scene_take (scene, review_samples_new_upgrade ());
  g_assert_cmpuint (count_called (GTK_WIDGET (scene->page), "May remove data"), ==, 2);

  GtkWidget *row = stage_get (scene->page, ADW_TYPE_ACTION_ROW, LTR ("0011_remove_conduit.sql"));
  g_assert_cmpuint (count_called (row, "May remove data"), ==, 1);
  gtk_test_accessible_assert_property (stage_get (row, GTK_TYPE_IMAGE, "May remove data"),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "May remove data");
}

static void
test_unreadable_migration (ReviewScene *scene, gconstpointer data)
{
  StewardReview *review = review_samples_new_upgrade ();
  StewardPendingMigration *first = review->pending->pdata[0];

  g_clear_pointer (&first->risks, g_ptr_array_unref);
  review_scene_take (scene, review);
  g_assert_true (review_scene_shows (scene, "The image does not show its statements"));
  g_assert_true (review_scene_shows (scene, "3 of them may remove data"));
}

static void
test_no_migration (ReviewScene *scene, gconstpointer data)
{
  StewardReview *review = review_samples_new_upgrade ();

  g_ptr_array_set_size (review->pending, 0);
  review_scene_take (scene, review);
  g_assert_true (review_scene_shows (scene, "No migration is pending"));
}

static void
test_pending_problem (ReviewScene *scene, gconstpointer data)
{
  StewardReview *review = review_samples_new_upgrade ();

  g_clear_pointer (&review->pending, g_ptr_array_unref);
  review->pending_problem = g_strdup ("The registry <b>is silent</b>.");
  review_scene_take (scene, review);
  g_assert_true (review_scene_shows (scene, "The registry <b>is silent</b>."));
  g_assert_false (review_scene_shows (scene, "will be applied"));
}

/* In the order in which they stand on the screen. */
static void
append_states (GString *states, GtkWidget *widget)
{
  if (STEWARD_IS_CHECK_ROW (widget) && gtk_widget_get_mapped (widget))
    g_string_append_printf (states, "%d", steward_check_row_get_state (STEWARD_CHECK_ROW (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    append_states (states, child);
}

static void
test_checks (ReviewScene *scene, gconstpointer data)
{
  StewardReview *review = review_samples_new_upgrade ();
  g_autoptr (GString) folded = g_string_new (NULL);
  g_autoptr (GString) opened = g_string_new (NULL);

  review_samples_add_check (review, STEWARD_CHECK_REFUSED, "No room for <the> backup & more.");
  review_scene_take (scene, review);
  append_states (folded, GTK_WIDGET (scene->page));
  g_assert_cmpstr (folded->str, ==, "21");
  g_assert_true (review_scene_shows (scene, "No room for <the> backup & more."));
  gtk_test_accessible_assert_property (stage_get (scene->page, GTK_TYPE_IMAGE, "Refused"),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Refused");

  review_scene_expand_all (GTK_WIDGET (scene->page));
  stage_wait_shows (scene->page, "The host’s clock is right.");
  append_states (opened, GTK_WIDGET (scene->page));
  g_assert_cmpstr (opened->str, ==, "21000");
}

static void
test_loss (ReviewScene *scene, gconstpointer data)
{
  const char *const texts[] = {
    "What Would Be Lost",
    "11469 rows by count, and rows changed in place, which are not known.",
    "Versions of files and folders",
    "11456 rows",
    "Users",
    LTR ("public.user_"),
    "12 rows",
    LTR ("public.\"odd <b>name\""),
    "1 row",
    NULL,
  };

  review_scene_take (scene, review_samples_new_rollback ());
  assert_shows_all (scene, texts);
  g_assert_false (review_scene_shows (scene, "Devices"));
  g_assert_false (review_scene_shows (scene, "Migrations"));
  g_assert_false (review_scene_shows (scene, "public.user_: 12"));
}

typedef struct
{
  GdkClipboard *clipboard;
  const char *expected;
} Copy;

/* What this program itself has put there. */
static gboolean
is_copied (gpointer data)
{
  const Copy *copy = data;
  GdkContentProvider *content = gdk_clipboard_get_content (copy->clipboard);
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  return content != NULL && gdk_content_provider_get_value (content, &value, NULL)
         && g_strcmp0 (g_value_get_string (&value), copy->expected) == 0;
}

static void
wait_for_copy (ReviewScene *scene, const char *expected)
{
  Copy copy = { gtk_widget_get_clipboard (GTK_WIDGET (scene->page)), expected };

  stage_wait (is_copied, &copy);
}

static void
test_copies (ReviewScene *scene, gconstpointer data)
{
  StewardReview *review = review_samples_new_upgrade ();
  g_autofree char *diff = g_strdup (review->diff);

  review_scene_take (scene, review);
  stage_click (scene->page, "Copy the Changes");
  wait_for_copy (scene, diff);

  GtkWidget *row = stage_get (scene->page, ADW_TYPE_EXPANDER_ROW, "Fetch the image");
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);
  stage_wait_painted (scene->window);
  gtk_test_accessible_assert_property (stage_get (row, GTK_TYPE_BUTTON, "Copy the Command"),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Copy the Command of “Fetch the image”");
  stage_click (row, "Copy the Command");
  wait_for_copy (scene, "docker pull ghcr.io/scille/parsec-cloud/parsec-server:3.6.0");
}

static void
test_unknown_downtime (ReviewScene *scene, gconstpointer data)
{
  StewardReview *review = review_samples_new_restart ();

  review->downtime_ms = 0;
  review_scene_take (scene, review);
  g_assert_true (review_scene_shows (scene, "Not known"));
}

static void
test_predicts_no_tenths (ReviewScene *scene, gconstpointer data)
{
  StewardReview *review = review_samples_new_restart ();

  review->downtime_ms = 7100;
  review_scene_take (scene, review);
  g_assert_true (review_scene_shows (scene, "About 8 s"));
}

static gboolean
has_focus (gpointer data)
{
  GtkWidget *focus = gtk_window_get_focus (((ReviewScene *)data)->window);

  return focus != NULL && gtk_widget_get_mapped (focus);
}

static void
assert_focus_at_top (ReviewScene *scene)
{
  stage_wait (has_focus, scene);
  g_assert_true (stage_shows (gtk_window_get_focus (scene->window), "Version now"));
}

/* To the top of what is shown, never to the button that begins. */
static void
test_focus (ReviewScene *scene, gconstpointer data)
{
  review_scene_ask_for_upgrade (scene);
  gtk_widget_grab_focus (stage_get (scene->page, GTK_TYPE_BUTTON, "Cancel"));
  review_scene_take (scene, review_samples_new_upgrade ());
  assert_focus_at_top (scene);

  gtk_window_set_focus (scene->window, NULL);
  review_scene_take (scene, review_samples_new_rollback ());
  assert_focus_at_top (scene);
}

static void
assert_named (ReviewScene *scene)
{
  review_scene_expand_all (GTK_WIDGET (scene->page));
  stage_wait_painted (scene->window);
  g_autofree char *unnamed = stage_dup_unnamed (scene->page);
  g_assert_cmpstr (unnamed, ==, "");
}

static void
test_names (ReviewScene *scene, gconstpointer data)
{
  review_scene_take (scene, review_samples_new_upgrade ());
  assert_named (scene);
  review_scene_take (scene, review_samples_new_rollback ());
  assert_named (scene);
  review_scene_ask_for_upgrade (scene);
  assert_named (scene);
  stage_wait_shows (scene->page, "Try Again");
  assert_named (scene);
}

/* Whatever is shown, also where a word cannot be broken. */
static void
test_narrow (ReviewScene *scene, gconstpointer data)
{
  StewardReview *upgrade = review_samples_new_upgrade ();
  g_autofree char *tag = g_strnfill (128, 'w');

  g_free (upgrade->plan->to_tag);
  upgrade->plan->to_tag = g_strdup (tag);
  review_samples_add_check (upgrade, STEWARD_CHECK_REFUSED, tag);
  review_scene_take (scene, upgrade);
  review_scene_expand_all (GTK_WIDGET (scene->page));
  stage_wait_painted (scene->window);
  g_assert_cmpint (stage_measure_width (scene->page), <=, 360);
  review_scene_take (scene, review_samples_new_rollback ());
  review_scene_expand_all (GTK_WIDGET (scene->page));
  stage_wait_painted (scene->window);
  g_assert_cmpint (stage_measure_width (scene->page), <=, 360);
}

static void
add (const char *path, void (*test) (ReviewScene *scene, gconstpointer data))
{
  g_test_add (path, ReviewScene, NULL, review_scene_set_up, test, review_scene_tear_down);
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  add ("/review-page/shows-all-of-an-upgrade", test_upgrade);
  add ("/review-page/marks-migrations-that-destroy", test_marks_migrations);
  add ("/review-page/says-which-migration-is-not-known", test_unreadable_migration);
  add ("/review-page/says-that-no-migration-is-pending", test_no_migration);
  add ("/review-page/says-why-migrations-are-not-known", test_pending_problem);
  add ("/review-page/folds-good-checks-only", test_checks);
  add ("/review-page/says-what-would-be-lost", test_loss);
  add ("/review-page/copies-changes-and-commands", test_copies);
  add ("/review-page/says-that-downtime-is-not-known", test_unknown_downtime);
  add ("/review-page/predicts-no-tenths-of-a-second", test_predicts_no_tenths);
  add ("/review-page/focus-goes-to-the-top-of-a-review", test_focus);
  add ("/review-page/all-has-a-name", test_names);
  add ("/review-page/fits-360-pixels", test_narrow);
  return g_test_run ();
}
