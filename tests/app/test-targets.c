/* The choice of a version on the page of a server, its release notes and its migrations. */
#include "page-stage.h"

#include "app/offers.h"
#include "app/pending-group.h"
#include "core/probe/sql-risk.h"

#define COMBO "Upgrade To"

/* Returns: (transfer full): what the combo row offers, in a line */
static char *
dup_offers (PageStage *stage)
{
  AdwComboRow *row = stage_get (stage->page, ADW_TYPE_COMBO_ROW, COMBO);
  GListModel *items = adw_combo_row_get_model (row);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    g_strv_builder_add (builder, gtk_string_list_get_string (GTK_STRING_LIST (items), i));
  g_auto (GStrv) offers = g_strv_builder_end (builder);
  return g_strjoinv (" ", offers);
}

static void
take_versions (PageStage *stage, const char *versions)
{
  steward_server_take_versions (stage->server, g_strsplit (versions, " ", -1), NULL);
  stage_wait_painted (stage->window);
}

static void
test_offers_what_is_newer (void)
{
  static const struct
  {
    const char *versions;
    const char *current;
    StewardOffersFlags flags;
    const char *expected;
  } cases[] = {
    { "3.6.0 3.6.0-rc.1 3.5.0 3.4.0", "3.5.0", STEWARD_OFFERS_RELEASES, "3.6.0" },
    { "3.6.0 3.6.0-rc.1 3.5.0 3.4.0", "3.5.0", STEWARD_OFFERS_PRERELEASES, "3.6.0 3.6.0-rc.1" },
    { "v3.6.0 v3.5.0", "3.5.0", STEWARD_OFFERS_RELEASES, "v3.6.0" },
    { "3.6.0 latest 3.6", "3.5.0", STEWARD_OFFERS_RELEASES, "3.6.0" },
    { "3.6.0 3.5.0", "latest", STEWARD_OFFERS_RELEASES, "3.6.0 3.5.0" },
    { "3.6.0 3.5.0", NULL, STEWARD_OFFERS_RELEASES, "3.6.0 3.5.0" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) versions = g_strsplit (cases[i].versions, " ", -1);
      g_auto (GStrv) offers =
          steward_offers_list ((const char *const *)versions, cases[i].current, cases[i].flags);
      g_autofree char *line = g_strjoinv (" ", offers);
      g_assert_cmpstr (line, ==, cases[i].expected);
    }
}

static void
test_upgrades_to_what_was_chosen (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_UPDATE);
  g_autofree char *offers = dup_offers (stage);

  g_assert_cmpstr (offers, ==, "3.6.0 3.5.1 Other Version…");
  page_stage_choose (stage, COMBO, "3.5.1");
  stage_click (stage->page, "Upgrade…");
  page_stage_wait_activated (stage, "upgrade 3.5.1;");
}

static void
test_choice_outlives_a_refresh (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_UPDATE);

  page_stage_choose (stage, COMBO, "3.5.1");
  page_stage_take (stage, STAGE_UPDATE, NULL);
  take_versions (stage, "3.7.0 3.6.0 3.5.1");
  stage_click (stage->page, "Upgrade…");
  page_stage_wait_activated (stage, "upgrade 3.5.1;");
  take_versions (stage, "3.7.0 3.6.0");
  stage_click (stage->page, "Upgrade…");
  page_stage_wait_activated (stage, "upgrade 3.7.0;");
}

static void
test_newest_is_chosen_until_somebody_chooses (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_UPDATE);

  take_versions (stage, "3.7.0 3.6.0 3.5.1");
  stage_click (stage->page, "Upgrade…");
  page_stage_wait_activated (stage, "upgrade 3.7.0;");
}

static void
test_choice_is_the_servers_own (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_UPDATE);
  g_autoptr (StewardServer) other = stage_server_new ("other", STAGE_UPDATE);

  page_stage_choose (stage, COMBO, "3.5.1");
  steward_server_page_set_server (stage->page, other);
  stage_wait_painted (stage->window);
  stage_click (stage->page, "Upgrade…");
  page_stage_wait_activated (stage, "upgrade 3.6.0;");
}

static void
test_prereleases_are_offered_on_demand (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_UPDATE);

  stage_click (stage->page, "prereleases");
  stage_wait_painted (stage->window);
  g_autofree char *with = dup_offers (stage);
  g_assert_cmpstr (with, ==, "3.6.0 3.6.0-rc.1 3.5.1 Other Version…");
  page_stage_choose (stage, COMBO, "3.6.0-rc.1");
  stage_click (stage->page, "prereleases");
  stage_wait_painted (stage->window);
  g_autofree char *without = dup_offers (stage);
  g_assert_cmpstr (without, ==, "3.6.0 3.5.1 Other Version…");
  stage_click (stage->page, "Upgrade…");
  page_stage_wait_activated (stage, "upgrade 3.6.0;");
}

static void
test_the_setting_is_the_switch (void)
{
  StewardApplication *application = stage_application_new ();
  GSettings *settings = steward_application_get_settings (application);
  StewardWindow *window = stage_window_new (application);
  g_autoptr (StewardServer) server = stage_server_new ("parsec", STAGE_UPDATE);

  steward_window_choose (window, server);
  stage_wait_painted (GTK_WINDOW (window));
  GtkSwitch *button = stage_get (window, GTK_TYPE_SWITCH, "prereleases");
  g_assert_false (gtk_switch_get_active (button));
  g_settings_set_boolean (settings, "show-prereleases", TRUE);
  g_assert_true (gtk_switch_get_active (button));
  gtk_switch_set_active (button, FALSE);
  g_assert_false (g_settings_get_boolean (settings, "show-prereleases"));
  stage_application_free (application);
}

static gboolean
has_versions_problem (gpointer data)
{
  const char *problem = NULL;

  steward_server_get_versions (data, &problem);
  return problem != NULL;
}

/* Nobody answers here: that the registry was asked shows in what it says. */
static void
test_prereleases_are_asked_for_once (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_UPDATE);

  take_versions (stage, "3.6.0 3.5.0");
  stage_click (stage->page, "prereleases");
  stage_wait (has_versions_problem, stage->server);
}

static void
type (PageStage *stage, const char *text)
{
  gtk_editable_set_text (stage_get (stage->page, ADW_TYPE_ENTRY_ROW, "other"), text);
  stage_wait_painted (stage->window);
}

static void
test_a_version_can_be_typed (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  GtkWidget *upgrade = page_stage_get_button (stage, "Upgrade…");

  steward_server_take_versions (stage->server, NULL, "The registry is away.");
  stage_wait_painted (stage->window);
  g_assert_true (stage_shows (page_stage_get_row (stage, COMBO), "The registry is away."));
  g_assert_null (stage_find (stage->page, ADW_TYPE_ENTRY_ROW, NULL));
  page_stage_choose (stage, COMBO, "Other Version…");
  g_assert_false (gtk_widget_get_sensitive (upgrade));
  type (stage, "no tag!");
  g_assert_true (stage_shows (stage->page, "No Image Can Have This Tag"));
  g_assert_false (gtk_widget_get_sensitive (upgrade));
  type (stage, " 3.9.9 ");
  g_assert_false (stage_shows (stage->page, "No Image Can Have This Tag"));
  page_stage_take (stage, STAGE_CURRENT, NULL);
  stage_click (stage->page, "Upgrade…");
  page_stage_wait_activated (stage, "upgrade 3.9.9;");
}

static void
test_links_the_notes_of_all_versions_between (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_UPDATE);
  AdwExpanderRow *row = stage_get (stage->page, ADW_TYPE_EXPANDER_ROW, "Release Notes");

  g_assert_true (stage_shows (row, "2 versions"));
  adw_expander_row_set_expanded (row, TRUE);
  stage_wait_painted (stage->window);
  GtkLinkButton *link = stage_get (page_stage_get_row (stage, "3.5.1"), GTK_TYPE_LINK_BUTTON, NULL);
  g_assert_cmpstr (gtk_link_button_get_uri (link), ==,
                   "https://github.com/Scille/parsec-cloud/releases/tag/v3.5.1");
  g_assert_nonnull (stage_find (row, GTK_TYPE_LINK_BUTTON, NULL));
  page_stage_choose (stage, COMBO, "3.5.1");
  g_assert_true (stage_shows (row, "1 version"));
}

static StewardPendingMigration *
migration_new (const char *file, const char *sql)
{
  StewardPendingMigration *migration = g_new0 (StewardPendingMigration, 1);

  migration->file = g_strdup (file);
  migration->risks = sql != NULL ? steward_sql_find_risks (sql) : NULL;
  return migration;
}

static void
answer (PageStage *stage, const char *tag)
{
  GPtrArray *pending =
      g_ptr_array_new_with_free_func ((GDestroyNotify)steward_pending_migration_free);

  g_ptr_array_add (pending, migration_new ("0013_safe.sql", "CREATE TABLE a (b integer);"));
  g_ptr_array_add (pending, migration_new ("0014_<b>.sql", "DROP TABLE invitation;"));
  g_ptr_array_add (pending, migration_new ("0015_hidden.sql", NULL));
  steward_pending_group_take_answer (stage_get (stage->page, STEWARD_TYPE_PENDING_GROUP, NULL), tag,
                                     pending, NULL);
  stage_wait_painted (stage->window);
}

static void
test_migrations_are_marked_by_their_risk (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_UPDATE);

  answer (stage, "3.6.0");
  g_assert_true (stage_shows (stage->page, "runs 3 migrations"));
  g_assert_true (stage_shows (page_stage_get_row (stage, "0013_safe.sql"),
                              "No statement that destroys was found."));
  g_assert_true (stage_shows (page_stage_get_row (stage, "0014_<b>.sql"), "DROP TABLE invitation"));
  g_assert_true (stage_shows (page_stage_get_row (stage, "0015_hidden.sql"),
                              "The image does not show its statements."));
  g_assert_null (stage_find (stage->page, GTK_TYPE_BUTTON, "ask"));
}

static void
test_an_answer_without_migrations_is_one (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_UPDATE);

  steward_pending_group_take_answer (stage_get (stage->page, STEWARD_TYPE_PENDING_GROUP, NULL),
                                     "3.6.0", g_ptr_array_new (), NULL);
  stage_wait_painted (stage->window);
  g_assert_true (stage_shows (stage->page, "needs no migrations"));
}

static void
migrate (StewardFacts *facts)
{
  g_free (facts->status->last_migration);
  facts->status->last_migration = g_strdup ("0013_safe");
}

static void
test_answers_are_kept_while_they_are_true (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_UPDATE);

  answer (stage, "3.6.0");
  page_stage_choose (stage, COMBO, "3.5.1");
  g_assert_false (stage_shows (stage->page, "0013_safe.sql"));
  page_stage_choose (stage, COMBO, "3.6.0");
  g_assert_true (stage_shows (stage->page, "0013_safe.sql"));
  page_stage_take (stage, STAGE_UPDATE, NULL);
  g_assert_true (stage_shows (stage->page, "0013_safe.sql"));
  page_stage_take (stage, STAGE_UPDATE, migrate);
  g_assert_false (stage_shows (stage->page, "0013_safe.sql"));
}

static void
test_asks_only_when_told_to (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_UPDATE);
  GtkWidget *group = stage_get (stage->page, STEWARD_TYPE_PENDING_GROUP, NULL);

  g_assert_true (stage_shows (group, "Not asked for yet."));
  page_stage_hold (stage);
  page_stage_click (stage, group, "Show");
  g_assert_true (stage_shows (group, "Asking version"));
  g_assert_nonnull (stage_find (group, GTK_TYPE_SPINNER, NULL));
  page_stage_release (stage);
  stage_wait_shows (group, "Show");
  g_assert_null (stage_find (group, GTK_TYPE_SPINNER, NULL));
  g_assert_true (stage_shows (group, ENGINE));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (page_stage_get_button (stage, "ask")),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Show Pending Migrations");
}

static void
test_asking_can_be_given_up (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_UPDATE);
  GtkWidget *group = stage_get (stage->page, STEWARD_TYPE_PENDING_GROUP, NULL);

  page_stage_hold (stage);
  page_stage_click (stage, group, "Show");
  page_stage_click (stage, group, "Stop");
  g_assert_true (stage_shows (group, "Not asked for yet."));
  page_stage_click (stage, group, "Show");
  page_stage_choose (stage, COMBO, "3.5.1");
  g_assert_null (stage_find (group, GTK_TYPE_SPINNER, NULL));
  g_assert_true (stage_shows (group, "Not asked for yet."));
  page_stage_release (stage);
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  g_test_add_func ("/targets/offers-what-is-newer", test_offers_what_is_newer);
  g_test_add_func ("/targets/upgrades-to-what-was-chosen", test_upgrades_to_what_was_chosen);
  g_test_add_func ("/targets/choice-outlives-a-refresh", test_choice_outlives_a_refresh);
  g_test_add_func ("/targets/newest-is-chosen-until-somebody-chooses",
                   test_newest_is_chosen_until_somebody_chooses);
  g_test_add_func ("/targets/choice-is-the-servers-own", test_choice_is_the_servers_own);
  g_test_add_func ("/targets/prereleases-are-offered-on-demand",
                   test_prereleases_are_offered_on_demand);
  g_test_add_func ("/targets/the-setting-is-the-switch", test_the_setting_is_the_switch);
  g_test_add_func ("/targets/prereleases-are-asked-for-once", test_prereleases_are_asked_for_once);
  g_test_add_func ("/targets/a-version-can-be-typed", test_a_version_can_be_typed);
  g_test_add_func ("/targets/links-the-notes-of-all-versions-between",
                   test_links_the_notes_of_all_versions_between);
  g_test_add_func ("/targets/migrations-are-marked-by-their-risk",
                   test_migrations_are_marked_by_their_risk);
  g_test_add_func ("/targets/an-answer-without-migrations-is-one",
                   test_an_answer_without_migrations_is_one);
  g_test_add_func ("/targets/answers-are-kept-while-they-are-true",
                   test_answers_are_kept_while_they_are_true);
  g_test_add_func ("/targets/asks-only-when-told-to", test_asks_only_when_told_to);
  g_test_add_func ("/targets/asking-can-be-given-up", test_asking_can_be_given_up);
  return g_test_run ();
}
