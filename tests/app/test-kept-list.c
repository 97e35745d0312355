/* Backups, set-aside databases and the history on the page of a server. */
#include "page-stage.h"

#include "app/row-list.h"
#include "core/store/journal-fold.h"

/* The row of the complete backup of stage_facts_new(). */
#define GOOD "Read back"

static GtkWidget *
get_row_with (PageStage *stage, const char *list, const char *text)
{
  GtkWidget *box =
      stage_get (stage_get (stage->page, STEWARD_TYPE_ROW_LIST, list), GTK_TYPE_LIST_BOX, NULL);

  for (GtkWidget *row = gtk_widget_get_first_child (box); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (stage_shows (row, text))
      return row;
  g_error ("There is no row with “%s”.", text);
}

/* Opens the menu of a row and takes an item of it. */
static void
take_item (PageStage *stage, GtkWidget *row, const char *item)
{
  stage_click (page_stage_open_menu (stage, row), item);
}

static void
test_sums_up_the_space (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);

  g_assert_true (stage_shows (stage->page, "3 backups, which take 550"));
}

static void
test_says_what_backups_are_worth (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  GtkWidget *good = get_row_with (stage, "backups", GOOD);
  GtkWidget *damaged = get_row_with (stage, "backups", "Damaged");
  GtkWidget *partial = get_row_with (stage, "backups", "Partial");

  g_assert_true (stage_shows (good, "3.4.1"));
  g_assert_true (stage_shows (good, "26 hours ago"));
  g_assert_true (stage_shows (good, "Before the upgrade to"));
  g_assert_true (stage_shows (damaged, "shorter than its passport says"));
  g_assert_false (stage_shows (damaged, GOOD));
  g_assert_true (stage_shows (partial, "14 days ago"));
}

static void
restore_once (StewardFacts *facts)
{
  StewardBackup *backup = facts->backups->pdata[0];

  backup->passport->restored_s = facts->status->now_s - 7200;
}

static void
test_the_strongest_proof_is_said (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);

  page_stage_take (stage, STAGE_CURRENT, restore_once);
  get_row_with (stage, "backups", "Restored for a trial 2 hours ago");
}

static void
test_a_backup_can_be_rolled_back_to (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);

  take_item (stage, get_row_with (stage, "backups", GOOD), "Roll Back to This…");
  page_stage_wait_activated (stage, "roll-back " STAGE_BACKUP_ID ";");
  take_item (stage, get_row_with (stage, "asides", "3.4.1"), "Roll Back to This…");
  page_stage_wait_activated (stage, "roll-back " STAGE_ASIDE_NAME ";");
}

static void
test_what_is_no_backup_can_only_be_deleted (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  GtkWidget *row = get_row_with (stage, "backups", "Damaged");
  GtkWidget *button = page_stage_open_menu (stage, row);

  g_assert_false (stage_shows (button, "Roll Back to This…"));
  g_assert_false (stage_shows (button, "Verify"));
}

static void
be_marked (StewardFacts *facts)
{
  StewardBackup *backup = facts->backups->pdata[0];

  backup->state = STEWARD_BACKUP_DAMAGED;
  backup->size_bytes = backup->passport->dump_bytes;
  backup->problem = g_strdup ("The dump is no longer what was written.");
  backup->passport->damaged_s = facts->status->now_s - 7200;
}

static void
test_what_is_only_marked_can_be_verified (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);

  page_stage_take (stage, STAGE_CURRENT, be_marked);
  GtkWidget *row = get_row_with (stage, "backups", "Found damaged 2 hours ago");
  GtkWidget *button = page_stage_open_menu (stage, row);
  g_assert_true (stage_shows (button, "Verify"));
  g_assert_true (stage_shows (button, "Verify by Restoring…"));
  g_assert_false (stage_shows (button, "Save a Copy…"));
  g_assert_false (stage_shows (button, "Roll Back to This…"));
}

static void
test_nothing_can_be_done_while_somebody_is_at_work (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_BUSY);
  GtkWidget *row = get_row_with (stage, "backups", GOOD);
  GtkWidget *button = page_stage_open_menu (stage, row);
  const char *const items[] = { "Verify", "Roll Back to This…", "Delete…" };

  for (gsize i = 0; i < G_N_ELEMENTS (items); i++)
    g_assert_false (gtk_widget_is_sensitive (stage_get (button, GTK_TYPE_WIDGET, items[i])));
}

static void
be_foreign (StewardFacts *facts)
{
  StewardAside *aside = facts->asides->pdata[0];

  g_clear_pointer (&aside->tag, g_free);
}

static void
test_what_is_left_over_can_be_deleted (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);

  g_assert_false (stage_shows (stage->page, "Left Over"));
  page_stage_take (stage, STAGE_CURRENT, stage_facts_leave_over);
  g_assert_true (stage_shows (stage->page, "Left Over"));
  take_item (stage, get_row_with (stage, "orphans", STAGE_LEFT_OVER), "Delete…");
  GtkWindow *dialog = stage_get_dialog (stage->window);
  g_assert_true (stage_shows (dialog, "Delete What Is Left Over?"));
  g_assert_true (stage_shows (dialog, STAGE_LEFT_OVER));
}

static void
test_a_foreign_database_is_left_alone (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  GtkWidget *row = NULL;

  page_stage_take (stage, STAGE_CURRENT, be_foreign);
  row = get_row_with (stage, "asides", STAGE_ASIDE_NAME);
  g_assert_true (stage_shows (row, "it may belong to another server"));
  g_assert_null (stage_find (row, GTK_TYPE_MENU_BUTTON, NULL));
}

static void
be_copy (StewardFacts *facts)
{
  StewardAside *aside = facts->asides->pdata[0];

  g_free (aside->role);
  aside->role = g_strdup ("copy");
}

static void
test_a_left_copy_cannot_be_published (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  GtkWidget *button = NULL;

  page_stage_take (stage, STAGE_CURRENT, be_copy);
  button = page_stage_open_menu (stage, get_row_with (stage, "asides", "A copy"));
  g_assert_false (stage_shows (button, "Roll Back to This…"));
}

static gboolean
is_unreachable (gpointer data)
{
  return steward_server_get_state (data) == STEWARD_SERVER_UNREACHABLE;
}

/* Nobody answers here: it fails, and so does the look after it. */
static void
wait_for_failure (PageStage *stage, const char *list)
{
  stage_wait (is_unreachable, stage->server);
  page_stage_take (stage, STAGE_CURRENT, NULL);
  get_row_with (stage, list, ENGINE);
}

static void
test_restoring_asks_first (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);

  take_item (stage, get_row_with (stage, "backups", GOOD), "Verify by Restoring…");
  GtkWindow *dialog = stage_get_dialog (stage->window);
  g_assert_true (stage_shows (dialog, "Restore This Backup for a Trial?"));
  stage_click (dialog, "Restore for a Trial");
  stage_wait_closed (stage->window);
  wait_for_failure (stage, "backups");
}

static gboolean
has_spinner (gpointer data)
{
  return stage_find (data, GTK_TYPE_SPINNER, NULL) != NULL;
}

static void
test_verifying_tells_how_it_went (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  GtkWidget *row = get_row_with (stage, "backups", GOOD);

  page_stage_hold (stage);
  take_item (stage, row, "Verify");
  stage_wait (has_spinner, row);
  stage_wait_painted (stage->window);
  gtk_menu_button_popup (stage_get (row, GTK_TYPE_MENU_BUTTON, NULL));
  stage_wait_shows (row, "Cancel");
  g_assert_false (stage_shows (row, "Verify"));
  page_stage_release (stage);
  wait_for_failure (stage, "backups");
  row = get_row_with (stage, "backups", GOOD);
  g_assert_null (stage_find (row, GTK_TYPE_SPINNER, NULL));
  g_assert_nonnull (stage_find (row, GTK_TYPE_MENU_BUTTON, NULL));
}

static void
test_a_toast_tells_in_passing (void)
{
  StewardApplication *application = stage_application_new ();
  StewardWindow *window = stage_window_new (application);
  g_autoptr (StewardServer) server = stage_server_new ("parsec", STAGE_CURRENT);

  steward_window_choose (window, server);
  stage_wait_painted (GTK_WINDOW (window));
  gtk_widget_activate_action (stage_get (window, STEWARD_TYPE_ROW_LIST, "backups"), "kept.verify",
                              "s", STAGE_BACKUP_ID);
  stage_wait_shows (window, "The backup could not be verified");
  stage_application_free (application);
}

static void
test_deleting_asks_first (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  GtkWidget *row = get_row_with (stage, "backups", GOOD);
  GtkWindow *dialog = NULL;

  take_item (stage, row, "Delete…");
  dialog = stage_get_dialog (stage->window);
  g_assert_true (stage_shows (dialog, "Delete This Backup?"));
  g_assert_true (stage_shows (dialog, "3.4.1"));
  g_assert_true (stage_shows (dialog, "It is the only complete backup."));
  stage_click (dialog, "Cancel");
  stage_wait_closed (stage->window);
  g_assert_null (stage_find (row, GTK_TYPE_SPINNER, NULL));
}

static void
test_what_was_agreed_to_is_deleted (gconstpointer list)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  GtkWidget *row = get_row_with (stage, list, "3.4.1");
  GtkWindow *dialog = NULL;

  take_item (stage, row, "Delete…");
  dialog = stage_get_dialog (stage->window);
  g_assert_cmpint (adw_message_dialog_get_response_appearance (ADW_MESSAGE_DIALOG (dialog),
                                                               "go-on"),
                   ==, ADW_RESPONSE_DESTRUCTIVE);
  stage_click (dialog, "Delete");
  stage_wait_closed (stage->window);
  wait_for_failure (stage, list);
}

static void
add_backup (StewardFacts *facts)
{
  g_ptr_array_insert (facts->backups, 0,
                      stage_backup_new ("20261124t220300_aa00", STEWARD_BACKUP_COMPLETE, 60));
}

static void
test_a_refresh_keeps_rows_and_focus (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  GtkWidget *row = get_row_with (stage, "backups", GOOD);
  GtkWidget *button = stage_get (row, GTK_TYPE_MENU_BUTTON, NULL);
  GtkWidget *focus = NULL;

  gtk_widget_grab_focus (button);
  focus = gtk_window_get_focus (stage->window);
  g_assert_true (gtk_widget_is_ancestor (focus, row));
  page_stage_take (stage, STAGE_CURRENT, add_backup);
  g_assert_true (gtk_window_get_focus (stage->window) == focus);
  g_assert_cmpint (gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)), ==, 1);
}

static void
remove_first (StewardFacts *facts)
{
  g_ptr_array_remove_index (facts->backups, 0);
}

static void
test_focus_of_a_row_that_went_goes_to_its_neighbour (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  GtkWidget *next = get_row_with (stage, "backups", "Damaged");

  gtk_widget_grab_focus (get_row_with (stage, "backups", GOOD));
  page_stage_take (stage, STAGE_CURRENT, remove_first);
  g_assert_true (gtk_window_get_focus (stage->window) == next);
}

static void
fail_parts (StewardFacts *facts)
{
  g_clear_pointer (&facts->backups, g_ptr_array_unref);
  g_clear_pointer (&facts->asides, g_ptr_array_unref);
  g_clear_pointer (&facts->journals, g_ptr_array_unref);
  facts->backups_problem = g_strdup ("No <b>backups & no rights.");
  facts->asides_problem = g_strdup ("No <b>cluster.");
  facts->journals_problem = g_strdup ("No <b>journals.");
}

static void
test_what_cannot_be_read_says_why (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);

  page_stage_take (stage, STAGE_CURRENT, fail_parts);
  g_assert_true (stage_shows (stage->page, "No <b>backups & no rights."));
  g_assert_true (stage_shows (stage->page, "No <b>cluster."));
  g_assert_true (stage_shows (stage->page, "No <b>journals."));
}

static void
test_history_says_what_was_done (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  GtkWidget *back = get_row_with (stage, "rows", "Walked back");

  g_assert_true (stage_shows (back, "Upgrade from"));
  g_assert_true (stage_shows (back, "failed on the copy"));
  g_assert_true (stage_shows (get_row_with (stage, "rows", "Backup of"), "took 1 min 14 s"));
  get_row_with (stage, "rows", "Refused");
}

static void
do_a_lot (StewardFacts *facts)
{
  g_ptr_array_set_size (facts->journals, 0);
  for (int i = 0; i < 12; i++)
    {
      g_autofree char *id = g_strdup_printf ("20261123t2203%02d_ab12", i);
      StewardJournal *journal = steward_journal_new (NULL, id);
      journal->operation = g_strdup_printf ("<b>act %d</b>", i);
      g_ptr_array_add (facts->journals, journal);
    }
}

static void
test_long_history_is_shown_on_demand (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);

  page_stage_take (stage, STAGE_CURRENT, do_a_lot);
  g_assert_true (stage_shows (stage->page, "<b>act 9</b>"));
  g_assert_false (stage_shows (stage->page, "<b>act 10</b>"));
  page_stage_click (stage, stage->page, "Show All");
  stage_wait_painted (stage->window);
  g_assert_true (stage_shows (stage->page, "<b>act 11</b>"));
  g_assert_null (stage_find (stage->page, GTK_TYPE_BUTTON, "Show All"));
  page_stage_take (stage, STAGE_CURRENT, do_a_lot);
  g_assert_true (stage_shows (stage->page, "<b>act 11</b>"));
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  g_test_add_func ("/kept-list/sums-up-the-space", test_sums_up_the_space);
  g_test_add_func ("/kept-list/says-what-backups-are-worth", test_says_what_backups_are_worth);
  g_test_add_func ("/kept-list/the-strongest-proof-is-said", test_the_strongest_proof_is_said);
  g_test_add_func ("/kept-list/a-backup-can-be-rolled-back-to",
                   test_a_backup_can_be_rolled_back_to);
  g_test_add_func ("/kept-list/what-is-no-backup-can-only-be-deleted",
                   test_what_is_no_backup_can_only_be_deleted);
  g_test_add_func ("/kept-list/what-is-only-marked-can-be-verified",
                   test_what_is_only_marked_can_be_verified);
  g_test_add_func ("/kept-list/restoring-asks-first", test_restoring_asks_first);
  g_test_add_func ("/kept-list/nothing-can-be-done-while-somebody-is-at-work",
                   test_nothing_can_be_done_while_somebody_is_at_work);
  g_test_add_func ("/kept-list/what-is-left-over-can-be-deleted",
                   test_what_is_left_over_can_be_deleted);
  g_test_add_func ("/kept-list/a-foreign-database-is-left-alone",
                   test_a_foreign_database_is_left_alone);
  g_test_add_func ("/kept-list/a-left-copy-cannot-be-published",
                   test_a_left_copy_cannot_be_published);
  g_test_add_func ("/kept-list/verifying-tells-how-it-went", test_verifying_tells_how_it_went);
  g_test_add_func ("/kept-list/a-toast-tells-in-passing", test_a_toast_tells_in_passing);
  g_test_add_func ("/kept-list/deleting-asks-first", test_deleting_asks_first);
  g_test_add_data_func ("/kept-list/a-backup-is-deleted", "backups",
                        test_what_was_agreed_to_is_deleted);
  g_test_add_data_func ("/kept-list/a-database-is-deleted", "asides",
                        test_what_was_agreed_to_is_deleted);
  g_test_add_func ("/kept-list/a-refresh-keeps-rows-and-focus",
                   test_a_refresh_keeps_rows_and_focus);
  g_test_add_func ("/kept-list/focus-of-a-row-that-went-goes-to-its-neighbour",
                   test_focus_of_a_row_that_went_goes_to_its_neighbour);
  g_test_add_func ("/kept-list/what-cannot-be-read-says-why", test_what_cannot_be_read_says_why);
  g_test_add_func ("/history/says-what-was-done", test_history_says_what_was_done);
  g_test_add_func ("/history/is-shown-whole-on-demand", test_long_history_is_shown_on_demand);
  return g_test_run ();
}
