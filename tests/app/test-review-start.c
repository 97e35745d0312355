/* Into a review and out of it: asking for it, giving it up, what it takes to begin. */
#include "review-scene.h"

#include <string.h>

static gboolean
has_started (gpointer data)
{
  return ((ReviewScene *)data)->n_starts > 0;
}

static gboolean
has_gone_back (gpointer data)
{
  return ((ReviewScene *)data)->n_back > 0;
}

/* A button that is activated is clicked a little later. */
static void
click_to_start (ReviewScene *scene, const char *name)
{
  scene->n_starts = 0;
  g_assert_true (gtk_widget_activate (stage_get (scene->page, GTK_TYPE_BUTTON, name)));
  stage_wait (has_started, scene);
  g_assert_cmpuint (scene->n_starts, ==, 1);
}

static void
click_to_go_back (ReviewScene *scene, const char *name)
{
  scene->n_back = 0;
  stage_click (scene->page, name);
  stage_wait (has_gone_back, scene);
}

static void
test_refusal (ReviewScene *scene, gconstpointer data)
{
  StewardReview *review = review_samples_new_rollback ();

  review_samples_add_check (review, STEWARD_CHECK_REFUSED, "No room.");
  review_samples_add_check (review, STEWARD_CHECK_REFUSED, "No rights.");
  review_scene_take (scene, review);
  g_assert_true (review_scene_shows (scene, "2 checks refuse"));
  GtkWidget *start = stage_get (scene->page, GTK_TYPE_BUTTON, "Roll Back");
  g_assert_false (gtk_widget_is_sensitive (start));
  g_signal_emit_by_name (start, "clicked");
  stage_wait_closed (scene->window);
  g_assert_cmpuint (scene->n_starts, ==, 0);

  review_scene_take (scene, review_samples_new_upgrade ());
  g_assert_true (gtk_widget_is_sensitive (stage_get (scene->page, GTK_TYPE_BUTTON, "Upgrade")));
  g_assert_false (review_scene_shows (scene, "refuse"));
}

static void
test_starts_at_once (ReviewScene *scene, gconstpointer data)
{
  review_scene_take (scene, review_samples_new_upgrade ());
  g_assert_true (gtk_widget_has_css_class (stage_get (scene->page, GTK_TYPE_BUTTON, "Upgrade"),
                                           "suggested-action"));
  click_to_start (scene, "Upgrade");
  g_assert_null (scene->accepted_loss);

  review_scene_take (scene, review_samples_new_restart ());
  g_assert_true (review_scene_shows (scene, "The version stays " LTR ("3.0.0")));
  click_to_start (scene, "Restart");
  g_assert_null (scene->accepted_loss);
}

static void
test_rollback_asks (ReviewScene *scene, gconstpointer data)
{
  review_scene_take (scene, review_samples_new_rollback ());
  GtkWidget *start = stage_get (scene->page, GTK_TYPE_BUTTON, "Roll Back");
  g_assert_true (gtk_widget_has_css_class (start, "destructive-action"));
  g_assert_false (gtk_widget_has_css_class (start, "suggested-action"));
  g_assert_true (gtk_widget_activate (start));

  GtkWindow *dialog = stage_get_dialog (scene->window);
  GtkEditable *entry = stage_get (dialog, GTK_TYPE_ENTRY, NULL);
  g_assert_true (stage_shows (dialog, "11469 rows by count"));
  gtk_editable_set_text (entry, "3.6.0");
  g_assert_false (gtk_widget_is_sensitive (stage_get (dialog, GTK_TYPE_BUTTON, "Roll Back")));
  gtk_editable_set_text (entry, "3.0.0");
  g_assert_cmpuint (scene->n_starts, ==, 0);
  stage_click (dialog, "Roll Back");
  stage_wait_closed (scene->window);
  g_assert_cmpuint (scene->n_starts, ==, 1);
  g_assert_cmpstr (scene->accepted_loss, ==, "3.0.0");
}

static void
test_nothing_lost_by_count (ReviewScene *scene, gconstpointer data)
{
  StewardReview *review = review_samples_new_rollback ();

  g_hash_table_remove_all (review->price->rows);
  review->price->total = 0;
  review_scene_take (scene, review);
  g_assert_true (review_scene_shows (scene, "By count no row would be missing"));
  g_assert_true (gtk_widget_activate (stage_get (scene->page, GTK_TYPE_BUTTON, "Roll Back")));
  gtk_window_close (stage_get_dialog (scene->window));
  stage_wait_closed (scene->window);
  g_assert_cmpuint (scene->n_starts, ==, 0);
}

static void
test_question_goes_with_review (ReviewScene *scene, gconstpointer data)
{
  review_scene_take (scene, review_samples_new_rollback ());
  g_assert_true (gtk_widget_activate (stage_get (scene->page, GTK_TYPE_BUTTON, "Roll Back")));
  g_assert_nonnull (stage_get_dialog (scene->window));
  steward_review_page_clear (scene->page);
  stage_wait_closed (scene->window);
  g_assert_cmpuint (scene->n_starts, ==, 0);

  review_scene_take (scene, review_samples_new_rollback ());
  g_assert_true (gtk_widget_activate (stage_get (scene->page, GTK_TYPE_BUTTON, "Roll Back")));
  g_assert_nonnull (stage_get_dialog (scene->window));
  review_scene_take (scene, review_samples_new_upgrade ());
  stage_wait_closed (scene->window);
  g_assert_cmpuint (scene->n_starts, ==, 0);
}

static void
test_waits (ReviewScene *scene, gconstpointer data)
{
  review_scene_ask_for_upgrade (scene);
  const StewardRequest *request = steward_review_page_get_request (scene->page);
  g_assert_cmpstr (request->tag, ==, "3.6.0");
  g_assert_cmpuint (request->watch_s, ==, 7);
  g_assert_true (review_scene_shows (scene, "Upgrade to " LTR ("3.6.0")));
  g_assert_true (review_scene_shows (scene, "The target’s image is fetched"));
  g_assert_true (gtk_spinner_get_spinning (stage_get (scene->page, GTK_TYPE_SPINNER, NULL)));
  click_to_go_back (scene, "Cancel");
}

/* Given up, it neither shows its error nor what it found. */
static void
test_cleared (ReviewScene *scene, gconstpointer data)
{
  review_scene_ask_for_upgrade (scene);
  steward_review_page_clear (scene->page);
  g_assert_null (steward_review_page_get_request (scene->page));
  review_scene_wait_for_worker (scene);
  g_assert_false (review_scene_shows (scene, "Cannot Be Reviewed"));
}

static void
test_replaced (ReviewScene *scene, gconstpointer data)
{
  review_scene_ask_for_upgrade (scene);
  review_scene_take (scene, review_samples_new_restart ());
  review_scene_wait_for_worker (scene);
  g_assert_false (review_scene_shows (scene, "Cannot Be Reviewed"));
  g_assert_true (review_scene_shows (scene, "The version stays"));
  g_assert_cmpint (steward_review_page_get_request (scene->page)->kind, ==,
                   STEWARD_OPERATION_RESTART);
}

static void
test_ends_with_window (ReviewScene *scene, gconstpointer data)
{
  review_scene_ask_for_upgrade (scene);
}

/* By the real way: no engine answers. */
static void
test_error (ReviewScene *scene, gconstpointer data)
{
  review_scene_ask_for_upgrade (scene);
  stage_wait_shows (scene->page, "The Upgrade Cannot Be Reviewed");
  AdwStatusPage *failed = stage_get (scene->page, ADW_TYPE_STATUS_PAGE, NULL);
  g_autofree char *first = g_strdup (adw_status_page_get_description (failed));
  g_assert_cmpuint (strlen (first), >, 10);

  stage_click (scene->page, "Try Again");
  stage_wait_shows (scene->page, "Looking at what the upgrade would do…");
  stage_wait_shows (scene->page, "The Upgrade Cannot Be Reviewed");
  g_assert_cmpstr (adw_status_page_get_description (failed), ==, first);
  g_assert_cmpstr (steward_review_page_get_request (scene->page)->tag, ==, "3.6.0");
  click_to_go_back (scene, "Back");
}

static void
test_error_is_whole (ReviewScene *scene, gconstpointer data)
{
  g_autoptr (StewardServer) server = stage_server_new ("a <b>&amp; c", STAGE_UPDATE);
  StewardRequest request = { .kind = STEWARD_OPERATION_RESTART };

  steward_review_page_review (scene->page, server, &request);
  stage_wait_shows (scene->page, "The Restart Cannot Be Reviewed");
  g_assert_true (review_scene_shows (scene, "/srv/a <b>&amp; c"));
}

/* What is checked depends on it, so that the whole review is asked for again. */
static void
test_rehearsal_is_left_out (ReviewScene *scene, gconstpointer data)
{
  review_scene_take (scene, review_samples_new_upgrade ());
  GtkSwitch *rehearse = stage_get (scene->page, GTK_TYPE_SWITCH, NULL);
  g_assert_true (gtk_switch_get_active (rehearse));
  g_assert_false (steward_review_page_get_request (scene->page)->leaves_out_rehearsal);
  gtk_switch_set_active (rehearse, FALSE);
  g_assert_true (steward_review_page_get_request (scene->page)->leaves_out_rehearsal);
  g_assert_true (review_scene_shows (scene, "Looking at what the upgrade would do…"));
  stage_wait_shows (scene->page, "The Upgrade Cannot Be Reviewed");

  StewardReview *review = review_samples_new_upgrade ();
  review->plan->leaves_out_rehearsal = TRUE;
  review_scene_take (scene, review);
  g_assert_false (gtk_switch_get_active (stage_get (scene->page, GTK_TYPE_SWITCH, NULL)));
  g_assert_false (review_scene_shows (scene, "is rehearsed on it"));
}

static void
test_cancel_goes_back (ReviewScene *scene, gconstpointer data)
{
  review_scene_take (scene, review_samples_new_upgrade ());
  click_to_go_back (scene, "Cancel");
  click_to_go_back (scene, "Back");
  g_assert_cmpuint (scene->n_starts, ==, 0);
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
  add ("/review-start/refused-check-blocks", test_refusal);
  add ("/review-start/starts-at-once-where-nothing-is-lost", test_starts_at_once);
  add ("/review-start/rollback-wants-the-version-typed", test_rollback_asks);
  add ("/review-start/rollback-asks-even-without-missing-rows", test_nothing_lost_by_count);
  add ("/review-start/question-goes-with-its-review", test_question_goes_with_review);
  add ("/review-start/waits-with-a-way-back", test_waits);
  add ("/review-start/cleared-review-does-not-come-late", test_cleared);
  add ("/review-start/replaced-review-does-not-come-late", test_replaced);
  add ("/review-start/ends-while-a-review-is-under-way", test_ends_with_window);
  add ("/review-start/shows-an-error-and-tries-again", test_error);
  add ("/review-start/shows-an-error-whole", test_error_is_whole);
  add ("/review-start/rehearsal-can-be-left-out", test_rehearsal_is_left_out);
  add ("/review-start/cancel-and-back-go-back", test_cancel_goes_back);
  return g_test_run ();
}
