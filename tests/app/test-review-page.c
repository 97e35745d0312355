/* What the review page shows of a review, and what it takes to go on from there. */
#include "stage.h"

#include "app/check-row.h"
#include "app/review-page.h"
#include "review-samples.h"

#include <string.h>

/* As text that reads left to right is set into a sentence. */
#define LTR(text) "\342\201\246" text "\342\201\251"

typedef struct
{
  GtkWindow *window;
  StewardReviewPage *page;
  StewardServer *server;
  guint n_back;
  guint n_starts;
  char *accepted_loss;
} Scene;

static void
back_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ((Scene *)data)->n_back++;
}

static void
start_cb (StewardReviewPage *page, const char *accepted_loss, gpointer data)
{
  Scene *scene = data;

  scene->n_starts++;
  g_free (scene->accepted_loss);
  scene->accepted_loss = g_strdup (accepted_loss);
}

static void
set_up (Scene *scene, gconstpointer data)
{
  GActionEntry entries[] = { { .name = "back", .activate = back_cb } };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  scene->page = g_object_new (STEWARD_TYPE_REVIEW_PAGE, NULL);
  scene->server = stage_server_new ("parsec", STAGE_UPDATE);
  g_signal_connect (scene->page, "start", G_CALLBACK (start_cb), scene);
  scene->window = stage_show (GTK_WIDGET (scene->page));
  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), scene);
  gtk_widget_insert_action_group (GTK_WIDGET (scene->window), "win", G_ACTION_GROUP (group));
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *)data == NULL;
}

/* Nothing may hold the page any more, whatever was under way. */
static void
tear_down (Scene *scene, gconstpointer data)
{
  g_object_add_weak_pointer (G_OBJECT (scene->page), (gpointer *)&scene->page);
  gtk_window_destroy (scene->window);
  stage_wait (is_gone, &scene->page);
  g_object_unref (scene->server);
  g_free (scene->accepted_loss);
}

static void
take (Scene *scene, StewardReview *review)
{
  StewardRequest request = { .kind = review->plan->kind };

  steward_review_page_take_review (scene->page, scene->server, &request, review);
  stage_wait_painted (scene->window);
}

static gboolean
shows (Scene *scene, const char *text)
{
  return stage_shows (scene->page, text);
}

static void
assert_shows_all (Scene *scene, const char *const *texts)
{
  for (; *texts != NULL; texts++)
    if (!shows (scene, *texts))
      g_error ("“%s” is not on the screen.", *texts);
}

static void
expand_all (GtkWidget *widget)
{
  if (ADW_IS_EXPANDER_ROW (widget))
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (widget), TRUE);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    expand_all (child);
}

static gboolean
has_started (gpointer data)
{
  return ((Scene *)data)->n_starts > 0;
}

static gboolean
has_gone_back (gpointer data)
{
  return ((Scene *)data)->n_back > 0;
}

/* A button that is activated is clicked a little later. */
static void
click_to_start (Scene *scene, const char *name)
{
  scene->n_starts = 0;
  g_assert_true (gtk_widget_activate (stage_get (scene->page, GTK_TYPE_BUTTON, name)));
  stage_wait (has_started, scene);
  g_assert_cmpuint (scene->n_starts, ==, 1);
}

static void
click_to_go_back (Scene *scene, const char *name)
{
  scene->n_back = 0;
  stage_click (scene->page, name);
  stage_wait (has_gone_back, scene);
}

static void
test_upgrade (Scene *scene, gconstpointer data)
{
  const char *const texts[] = {
    "Upgrade to " LTR ("3.6.0"),
    "parsec",
    "First a backup is made",
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

  take (scene, review_samples_new_upgrade ());
  assert_shows_all (scene, texts);
  g_assert_false (shows (scene, "What Would Be Lost"));
  g_assert_false (shows (scene, "refuse"));
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
test_marks_migrations (Scene *scene, gconstpointer data)
{
  take (scene, review_samples_new_upgrade ());
  g_assert_cmpuint (count_called (GTK_WIDGET (scene->page), "May remove data"), ==, 2);

  GtkWidget *row = stage_get (scene->page, ADW_TYPE_ACTION_ROW, LTR ("0011_remove_conduit.sql"));
  g_assert_cmpuint (count_called (row, "May remove data"), ==, 1);
  gtk_test_accessible_assert_property (stage_get (row, GTK_TYPE_IMAGE, "May remove data"),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "May remove data");
}

static void
test_unreadable_migration (Scene *scene, gconstpointer data)
{
  StewardReview *review = review_samples_new_upgrade ();
  StewardPendingMigration *first = review->pending->pdata[0];

  g_clear_pointer (&first->risks, g_ptr_array_unref);
  take (scene, review);
  g_assert_true (shows (scene, "The image does not show its statements"));
  g_assert_true (shows (scene, "3 of them may remove data"));
}

static void
test_no_migration (Scene *scene, gconstpointer data)
{
  StewardReview *review = review_samples_new_upgrade ();

  g_ptr_array_set_size (review->pending, 0);
  take (scene, review);
  g_assert_true (shows (scene, "No migration is pending"));
}

static void
test_pending_problem (Scene *scene, gconstpointer data)
{
  StewardReview *review = review_samples_new_upgrade ();

  g_clear_pointer (&review->pending, g_ptr_array_unref);
  review->pending_problem = g_strdup ("The registry <b>is silent</b>.");
  take (scene, review);
  g_assert_true (shows (scene, "The registry <b>is silent</b>."));
  g_assert_false (shows (scene, "will be applied"));
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
test_checks (Scene *scene, gconstpointer data)
{
  StewardReview *review = review_samples_new_upgrade ();
  g_autoptr (GString) folded = g_string_new (NULL);
  g_autoptr (GString) opened = g_string_new (NULL);

  review_samples_add_check (review, STEWARD_CHECK_REFUSED, "No room for <the> backup & more.");
  take (scene, review);
  append_states (folded, GTK_WIDGET (scene->page));
  g_assert_cmpstr (folded->str, ==, "21");
  g_assert_true (shows (scene, "No room for <the> backup & more."));
  gtk_test_accessible_assert_property (stage_get (scene->page, GTK_TYPE_IMAGE, "Refused"),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Refused");

  expand_all (GTK_WIDGET (scene->page));
  stage_wait_shows (scene->page, "The host’s clock is right.");
  append_states (opened, GTK_WIDGET (scene->page));
  g_assert_cmpstr (opened->str, ==, "21000");
}

static void
test_refusal (Scene *scene, gconstpointer data)
{
  StewardReview *review = review_samples_new_rollback ();

  review_samples_add_check (review, STEWARD_CHECK_REFUSED, "No room.");
  review_samples_add_check (review, STEWARD_CHECK_REFUSED, "No rights.");
  take (scene, review);
  g_assert_true (shows (scene, "2 checks refuse"));
  GtkWidget *start = stage_get (scene->page, GTK_TYPE_BUTTON, "Roll Back");
  g_assert_false (gtk_widget_is_sensitive (start));
  g_signal_emit_by_name (start, "clicked");
  stage_wait_closed (scene->window);
  g_assert_cmpuint (scene->n_starts, ==, 0);

  take (scene, review_samples_new_upgrade ());
  g_assert_true (gtk_widget_is_sensitive (stage_get (scene->page, GTK_TYPE_BUTTON, "Upgrade")));
  g_assert_false (shows (scene, "refuse"));
}

static void
test_starts_at_once (Scene *scene, gconstpointer data)
{
  take (scene, review_samples_new_upgrade ());
  g_assert_true (gtk_widget_has_css_class (stage_get (scene->page, GTK_TYPE_BUTTON, "Upgrade"),
                                           "suggested-action"));
  click_to_start (scene, "Upgrade");
  g_assert_null (scene->accepted_loss);

  take (scene, review_samples_new_restart ());
  g_assert_true (shows (scene, "The version stays " LTR ("3.0.0")));
  click_to_start (scene, "Restart");
  g_assert_null (scene->accepted_loss);
}

static void
test_loss (Scene *scene, gconstpointer data)
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

  take (scene, review_samples_new_rollback ());
  assert_shows_all (scene, texts);
  g_assert_false (shows (scene, "Devices"));
  g_assert_false (shows (scene, "Migrations"));
  g_assert_false (shows (scene, "public.user_: 12"));
}

static void
test_rollback_asks (Scene *scene, gconstpointer data)
{
  take (scene, review_samples_new_rollback ());
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
test_nothing_lost_by_count (Scene *scene, gconstpointer data)
{
  StewardReview *review = review_samples_new_rollback ();

  g_hash_table_remove_all (review->price->rows);
  review->price->total = 0;
  take (scene, review);
  g_assert_true (shows (scene, "By count no row would be missing"));
  g_assert_true (gtk_widget_activate (stage_get (scene->page, GTK_TYPE_BUTTON, "Roll Back")));
  gtk_window_close (stage_get_dialog (scene->window));
  stage_wait_closed (scene->window);
  g_assert_cmpuint (scene->n_starts, ==, 0);
}

static void
test_question_goes_with_review (Scene *scene, gconstpointer data)
{
  take (scene, review_samples_new_rollback ());
  g_assert_true (gtk_widget_activate (stage_get (scene->page, GTK_TYPE_BUTTON, "Roll Back")));
  g_assert_nonnull (stage_get_dialog (scene->window));
  steward_review_page_clear (scene->page);
  stage_wait_closed (scene->window);
  g_assert_cmpuint (scene->n_starts, ==, 0);

  take (scene, review_samples_new_rollback ());
  g_assert_true (gtk_widget_activate (stage_get (scene->page, GTK_TYPE_BUTTON, "Roll Back")));
  g_assert_nonnull (stage_get_dialog (scene->window));
  take (scene, review_samples_new_upgrade ());
  stage_wait_closed (scene->window);
  g_assert_cmpuint (scene->n_starts, ==, 0);
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
wait_for_copy (Scene *scene, const char *expected)
{
  Copy copy = { gtk_widget_get_clipboard (GTK_WIDGET (scene->page)), expected };

  stage_wait (is_copied, &copy);
}

static void
test_copies (Scene *scene, gconstpointer data)
{
  StewardReview *review = review_samples_new_upgrade ();
  g_autofree char *diff = g_strdup (review->diff);

  take (scene, review);
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
test_unknown_downtime (Scene *scene, gconstpointer data)
{
  StewardReview *review = review_samples_new_restart ();

  review->downtime_ms = 0;
  take (scene, review);
  g_assert_true (shows (scene, "Not known"));
}

static gpointer
idle_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  return NULL;
}

static void
idled_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(gboolean *)data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *)data;
}

/* Until all that the worker was asked for before has come back. */
static void
wait_for_worker (Scene *scene)
{
  gboolean is_over = FALSE;

  steward_worker_run_async (steward_server_get_worker (scene->server), idle_cb, NULL, NULL, NULL,
                            NULL, idled_cb, &is_over);
  stage_wait (is_true, &is_over);
}

static void
ask_for_upgrade (Scene *scene)
{
  g_autofree char *tag = g_strdup ("3.6.0");
  StewardRequest request = { .kind = STEWARD_OPERATION_UPGRADE, .tag = tag, .watch_s = 7 };

  steward_review_page_review (scene->page, scene->server, &request);
  memset (tag, 'x', strlen (tag));
}

static void
test_waits (Scene *scene, gconstpointer data)
{
  ask_for_upgrade (scene);
  const StewardRequest *request = steward_review_page_get_request (scene->page);
  g_assert_cmpstr (request->tag, ==, "3.6.0");
  g_assert_cmpuint (request->watch_s, ==, 7);
  g_assert_true (shows (scene, "Upgrade to " LTR ("3.6.0")));
  g_assert_true (shows (scene, "The target’s image is fetched"));
  g_assert_true (gtk_spinner_get_spinning (stage_get (scene->page, GTK_TYPE_SPINNER, NULL)));
  click_to_go_back (scene, "Cancel");
}

/* Given up, it neither shows its error nor what it found. */
static void
test_cleared (Scene *scene, gconstpointer data)
{
  ask_for_upgrade (scene);
  steward_review_page_clear (scene->page);
  g_assert_null (steward_review_page_get_request (scene->page));
  wait_for_worker (scene);
  g_assert_false (shows (scene, "Cannot Be Reviewed"));
}

static void
test_replaced (Scene *scene, gconstpointer data)
{
  ask_for_upgrade (scene);
  take (scene, review_samples_new_restart ());
  wait_for_worker (scene);
  g_assert_false (shows (scene, "Cannot Be Reviewed"));
  g_assert_true (shows (scene, "The version stays"));
  g_assert_cmpint (steward_review_page_get_request (scene->page)->kind, ==,
                   STEWARD_OPERATION_RESTART);
}

static void
test_ends_with_window (Scene *scene, gconstpointer data)
{
  ask_for_upgrade (scene);
}

/* By the real way: no engine answers. */
static void
test_error (Scene *scene, gconstpointer data)
{
  ask_for_upgrade (scene);
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
test_error_is_whole (Scene *scene, gconstpointer data)
{
  g_autoptr (StewardServer) server = stage_server_new ("a <b>&amp; c", STAGE_UPDATE);
  StewardRequest request = { .kind = STEWARD_OPERATION_RESTART };

  steward_review_page_review (scene->page, server, &request);
  stage_wait_shows (scene->page, "The Restart Cannot Be Reviewed");
  g_assert_true (shows (scene, "/srv/a <b>&amp; c"));
}

static void
test_cancel_goes_back (Scene *scene, gconstpointer data)
{
  take (scene, review_samples_new_upgrade ());
  click_to_go_back (scene, "Cancel");
  click_to_go_back (scene, "Back");
  g_assert_cmpuint (scene->n_starts, ==, 0);
}

static void
assert_named (Scene *scene)
{
  expand_all (GTK_WIDGET (scene->page));
  stage_wait_painted (scene->window);
  g_autofree char *unnamed = stage_dup_unnamed (scene->page);
  g_assert_cmpstr (unnamed, ==, "");
}

static void
test_names (Scene *scene, gconstpointer data)
{
  take (scene, review_samples_new_upgrade ());
  assert_named (scene);
  take (scene, review_samples_new_rollback ());
  assert_named (scene);
  ask_for_upgrade (scene);
  assert_named (scene);
  stage_wait_shows (scene->page, "Try Again");
  assert_named (scene);
}

/* Whatever is shown, also where a word cannot be broken. */
static void
test_narrow (Scene *scene, gconstpointer data)
{
  StewardReview *upgrade = review_samples_new_upgrade ();
  g_autofree char *tag = g_strnfill (128, 'w');

  g_free (upgrade->plan->to_tag);
  upgrade->plan->to_tag = g_strdup (tag);
  review_samples_add_check (upgrade, STEWARD_CHECK_REFUSED, tag);
  take (scene, upgrade);
  expand_all (GTK_WIDGET (scene->page));
  stage_wait_painted (scene->window);
  g_assert_cmpint (stage_measure_width (scene->page), <=, 360);
  take (scene, review_samples_new_rollback ());
  expand_all (GTK_WIDGET (scene->page));
  stage_wait_painted (scene->window);
  g_assert_cmpint (stage_measure_width (scene->page), <=, 360);
}

static void
add (const char *path, void (*test) (Scene *scene, gconstpointer data))
{
  g_test_add (path, Scene, NULL, set_up, test, tear_down);
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
  add ("/review-page/refused-check-blocks", test_refusal);
  add ("/review-page/starts-at-once-where-nothing-is-lost", test_starts_at_once);
  add ("/review-page/says-what-would-be-lost", test_loss);
  add ("/review-page/rollback-wants-the-version-typed", test_rollback_asks);
  add ("/review-page/rollback-asks-even-without-missing-rows", test_nothing_lost_by_count);
  add ("/review-page/question-goes-with-its-review", test_question_goes_with_review);
  add ("/review-page/copies-changes-and-commands", test_copies);
  add ("/review-page/says-that-downtime-is-not-known", test_unknown_downtime);
  add ("/review-page/waits-with-a-way-back", test_waits);
  add ("/review-page/cleared-review-does-not-come-late", test_cleared);
  add ("/review-page/replaced-review-does-not-come-late", test_replaced);
  add ("/review-page/ends-while-a-review-is-under-way", test_ends_with_window);
  add ("/review-page/shows-an-error-and-tries-again", test_error);
  add ("/review-page/shows-an-error-whole", test_error_is_whole);
  add ("/review-page/cancel-and-back-go-back", test_cancel_goes_back);
  add ("/review-page/all-has-a-name", test_names);
  add ("/review-page/fits-360-pixels", test_narrow);
  return g_test_run ();
}
