/* Cleaning up, saving a copy and importing, from the page of a server. */
#include "app/backups-menu.h"
#include "app/clean-up-window.h"
#include "page-stage.h"

/* Two newer ones, so that the one of the stage is the third, two days old; and an old one. */
static void
add_backups (StewardFacts *facts)
{
  g_ptr_array_insert (facts->backups, 0,
                      stage_backup_new ("20261124t220300_aa00", STEWARD_BACKUP_COMPLETE, 60));
  g_ptr_array_add (facts->backups,
                   stage_backup_new ("20260101t220300_aa00", STEWARD_BACKUP_COMPLETE, 300 * 86400));
  g_ptr_array_add (facts->backups,
                   stage_backup_new ("20260101t120300_aa00", STEWARD_BACKUP_COMPLETE, 301 * 86400));
}

static GtkWindow *
open_window (PageStage *stage)
{
  GtkWidget *menu = NULL;

  page_stage_take (stage, STAGE_CURRENT, add_backups);
  menu = stage_get (stage->page, STEWARD_TYPE_BACKUPS_MENU, NULL);
  gtk_widget_activate_action (menu, "backups.clean-up", NULL);
  return stage_get_dialog (stage->window);
}

static guint
count_ticked (GtkWidget *root)
{
  guint n = GTK_IS_CHECK_BUTTON (root) && gtk_check_button_get_active (GTK_CHECK_BUTTON (root));

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_ticked (child);
  return n;
}

static void
set_keep (GtkWindow *window, double keep)
{
  GtkWidget *row = stage_get (window, ADW_TYPE_ACTION_ROW, "Beyond the Newest");

  gtk_spin_button_set_value (stage_get (row, GTK_TYPE_SPIN_BUTTON, NULL), keep);
  stage_wait_painted (window);
}

static void
test_ticks_what_the_rule_says (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  GtkWindow *window = open_window (stage);
  GtkWidget *delete = stage_get (window, GTK_TYPE_BUTTON, "Delete…");

  g_assert_cmpuint (count_ticked (GTK_WIDGET (window)), ==, 0);
  g_assert_false (gtk_widget_is_sensitive (delete));
  set_keep (window, 2);
  g_assert_cmpuint (count_ticked (GTK_WIDGET (window)), ==, 2);
  g_assert_true (gtk_widget_is_sensitive (delete));
  g_assert_true (stage_shows (window, "Stays: it has no passport that can be read"));
  g_autofree char *unnamed = stage_dup_unnamed (window);
  g_assert_cmpstr (unnamed, ==, "");
  g_assert_cmpint (stage_measure_width (window), <=, 360);
}

static void
test_names_what_it_deletes (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  GtkWindow *window = open_window (stage);

  set_keep (window, 2);
  stage_click (window, "Delete…");
  stage_wait_shows (stage_get_dialog (stage->window), "Delete All of These?");
  GtkWindow *dialog = stage_get_dialog (stage->window);
  g_assert_true (stage_shows (dialog, "Backup: Version"));
  g_assert_true (stage_shows (dialog, "183"));
  g_assert_false (stage_shows (dialog, "Set-aside database: "));
  stage_click (dialog, "Delete");
  stage_wait_shows (stage_get_dialog (stage->window), "It Could Not All Be Deleted");
}

static void
forget_history (StewardFacts *facts)
{
  add_backups (facts);
  g_clear_pointer (&facts->journals, g_ptr_array_unref);
  facts->journals_problem = g_strdup ("No journals.");
}

static void
test_offers_no_backup_where_history_is_not_known (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  GtkWindow *window = open_window (stage);

  page_stage_take (stage, STAGE_CURRENT, forget_history);
  set_keep (window, 1);
  g_assert_true (stage_shows (window, "no backup may go"));
  g_assert_cmpuint (count_ticked (GTK_WIDGET (window)), ==, 0);
}

static void
test_what_is_no_copy_is_told (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  GtkWidget *menu = stage_get (stage->page, STEWARD_TYPE_BACKUPS_MENU, NULL);

  steward_backups_menu_import (STEWARD_BACKUPS_MENU (menu), "/nowhere/x.dump");
  stage_wait_shows (stage_get_dialog (stage->window), "The Backup Was Not Imported");
}

static void
test_is_not_offered_while_somebody_is_at_work (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_BUSY);
  GtkWidget *menu = stage_get (stage->page, STEWARD_TYPE_BACKUPS_MENU, NULL);

  g_assert_false (stage_can (menu, "backups.import", NULL));
  g_assert_false (stage_can (menu, "backups.clean-up", NULL));
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  g_test_add_func ("/clean-up/ticks-what-the-rule-says", test_ticks_what_the_rule_says);
  g_test_add_func ("/clean-up/names-what-it-deletes", test_names_what_it_deletes);
  g_test_add_func ("/clean-up/offers-no-backup-where-history-is-not-known",
                   test_offers_no_backup_where_history_is_not_known);
  g_test_add_func ("/import/what-is-no-copy-is-told", test_what_is_no_copy_is_told);
  g_test_add_func ("/import/is-not-offered-while-somebody-is-at-work",
                   test_is_not_offered_while_somebody_is_at_work);
  return g_test_run ();
}
