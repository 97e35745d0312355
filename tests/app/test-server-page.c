/* The page of a server as a whole: how the server is, what needs attention, the four buttons. */
#include "core/probe/trusted.h"
#include "page-stage.h"

static const char *const buttons[] = { "Upgrade…", "Back Up", "Restart…", "Roll Back…" };

static void
test_shows_how_the_server_is (void)
{
  static const struct
  {
    StageState state;
    const char *title;
    const char *text;
  } cases[] = {
    { STAGE_UNKNOWN, "Looking at the server…", "Looking at the server…" },
    { STAGE_CURRENT, "Up to date", "No newer version is known." },
    { STAGE_UPDATE, "Update available", "There are 2 newer versions" },
    { STAGE_SILENT, "Does not answer", "Clients are not served." },
    { STAGE_INTERRUPTED, "Interrupted", "until the operation is finished" },
    { STAGE_BUSY, "Being worked on", "Nothing else can be begun" },
    { STAGE_UNREACHABLE, "Unreachable", "is not known" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PageStage) stage = page_stage_new (cases[i].state);
      g_assert_true (stage_shows (stage->page, cases[i].title));
      g_assert_true (stage_shows (stage->page, cases[i].text));
    }
}

static void
test_does_not_call_current_what_it_could_not_ask (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);

  steward_server_take_versions (stage->server, NULL, "The registry is away.");
  stage_wait_painted (stage->window);
  g_assert_false (stage_shows (stage->page, "Up to date"));
  g_assert_true (stage_shows (stage->page, "Whether there are newer versions is not known."));
  g_assert_true (stage_shows (stage->page, "The registry is away."));
}

static void
answer_as_a_proxy (StewardFacts *facts)
{
  facts->status->health->answers_as_parsec = FALSE;
  facts->status->health->status = 502;
}

static void
test_a_proxys_answer_is_none (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);

  page_stage_take (stage, STAGE_CURRENT, answer_as_a_proxy);
  g_assert_true (stage_shows (stage->page, "Does not answer"));
  g_assert_true (stage_shows (stage->page, "not as Parsec does (status 502)"));
}

static void
test_shows_the_database (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);

  g_assert_true (stage_shows (page_stage_get_row (stage, "Size"), "734"));
  g_assert_true (stage_shows (page_stage_get_row (stage, "PostgreSQL"), "16.10"));
  g_assert_true (stage_shows (page_stage_get_row (stage, "Last Migration"), "0012_shamir"));
  g_assert_true (stage_shows (page_stage_get_row (stage, "Open Connections"), "6"));
  page_stage_take (stage, STAGE_INTERRUPTED, NULL);
  g_assert_true (stage_shows (page_stage_get_row (stage, "Name"), "it was set aside"));
  g_assert_null (stage_find (stage->page, GTK_TYPE_LIST_BOX_ROW, "Open Connections"));
}

static void
test_buttons_activate_the_windows_actions (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_UPDATE);

  for (gsize i = 0; i < G_N_ELEMENTS (buttons); i++)
    page_stage_click (stage, stage->page, buttons[i]);
  page_stage_wait_activated (stage, "upgrade 3.6.0;back-up;restart;roll-back ;");
}

static void
test_buttons_say_why_they_cannot_be_used (void)
{
  static const struct
  {
    StageState state;
    const char *reason;
  } cases[] = {
    { STAGE_UNKNOWN, "The server is being looked at." },
    { STAGE_UNREACHABLE, "The server cannot be looked at." },
    { STAGE_BUSY, "Somebody else is at work on this server." },
    { STAGE_INTERRUPTED, "An operation stands unfinished: resume it, or walk it back." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PageStage) stage = page_stage_new (cases[i].state);
      for (gsize j = 0; j < G_N_ELEMENTS (buttons); j++)
        {
          GtkWidget *button = page_stage_get_button (stage, buttons[j]);
          g_assert_false (gtk_widget_get_sensitive (button));
          g_assert_cmpstr (gtk_widget_get_tooltip_text (button), ==, cases[i].reason);
          gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button),
                                               GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                               cases[i].reason);
        }
    }
}

static void
test_upgrade_wants_a_target (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  GtkWidget *button = page_stage_get_button (stage, "Upgrade…");

  g_assert_false (gtk_widget_get_sensitive (button));
  g_assert_cmpstr (gtk_widget_get_tooltip_text (button), ==,
                   "Choose the version to upgrade to first.");
  g_assert_true (gtk_widget_get_sensitive (page_stage_get_button (stage, "Back Up")));
}

static void
drop_backups (StewardFacts *facts)
{
  g_ptr_array_set_size (facts->backups, 0);
}

static void
drop_all (StewardFacts *facts)
{
  drop_backups (facts);
  g_ptr_array_set_size (facts->asides, 0);
}

static void
test_rolls_back_to_what_there_is (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  GtkWidget *button = page_stage_get_button (stage, "Roll Back…");

  page_stage_take (stage, STAGE_CURRENT, drop_backups);
  stage_click (stage->page, "Roll Back…");
  page_stage_wait_activated (stage, "roll-back " STAGE_ASIDE_NAME ";");
  page_stage_take (stage, STAGE_CURRENT, drop_all);
  g_assert_false (gtk_widget_get_sensitive (button));
  g_assert_nonnull (gtk_widget_get_tooltip_text (button));
}

/* Itself, or what stands in it. */
static gboolean
has_focus (GtkWidget *widget)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));

  return focus != NULL && (focus == widget || gtk_widget_is_ancestor (focus, widget));
}

/* Without a pointer everything is reached by Tab. */
static void
test_keyboard_goes_past_what_cannot_be_used (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_UPDATE);

  page_stage_take (stage, STAGE_UPDATE, drop_all);
  GtkWidget *last = page_stage_get_button (stage, "Roll Back…");
  GtkWidget *row = page_stage_get_row (stage, "Upgrade To");
  g_assert_false (gtk_widget_get_sensitive (last));
  g_assert_true (gtk_widget_grab_focus (page_stage_get_button (stage, "Upgrade…")));
  for (guint i = 0; i < 8 && !has_focus (row); i++)
    gtk_widget_child_focus (GTK_WIDGET (stage->page), GTK_DIR_TAB_FORWARD);
  g_assert_true (has_focus (row));
}

/* Returns how many lines the buttons stand in; all of them are as long. */
static guint
count_lines (PageStage *stage)
{
  guint n_in_line[G_N_ELEMENTS (buttons)] = { 0 };
  guint n_lines = 0;
  graphene_point_t place, last = GRAPHENE_POINT_INIT (0, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      GtkWidget *button = page_stage_get_button (stage, buttons[i]);
      g_assert_true (gtk_widget_compute_point (button, GTK_WIDGET (stage->page),
                                               &GRAPHENE_POINT_INIT (0, 0), &place));
      if (i == 0 || place.y > last.y)
        n_lines++;
      n_in_line[n_lines - 1]++;
      last = place;
    }
  for (guint i = 0; i < n_lines; i++)
    g_assert_cmpuint (n_in_line[i] * n_lines, ==, G_N_ELEMENTS (buttons));
  return n_lines;
}

static void
test_buttons_stand_in_even_lines (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_UPDATE);
  GtkWidget *row = gtk_widget_get_parent (page_stage_get_button (stage, "Upgrade…"));
  int natural;

  gtk_widget_measure (row, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  g_assert_cmpuint (count_lines (stage), ==, 1);
  /* Three would fit. */
  gtk_widget_set_margin_end (row, gtk_widget_get_width (gtk_widget_get_parent (row)) - natural + 1);
  stage_wait_painted (stage->window);
  g_assert_cmpuint (count_lines (stage), ==, 2);
}

static void
test_suggests_one_thing (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_UPDATE);
  GtkWidget *upgrade = page_stage_get_button (stage, "Upgrade…");

  g_assert_true (gtk_widget_has_css_class (upgrade, "suggested-action"));
  page_stage_take (stage, STAGE_INTERRUPTED, NULL);
  g_assert_false (gtk_widget_has_css_class (upgrade, "suggested-action"));
  g_assert_true (
      gtk_widget_has_css_class (page_stage_get_button (stage, "Resume"), "suggested-action"));
}

static void
test_unfinished_operation_can_be_ended (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_INTERRUPTED);

  g_assert_true (stage_shows (stage->page, "An operation stands unfinished"));
  g_assert_true (stage_shows (stage->page, "Upgrade from"));
  page_stage_click (stage, stage->page, "Resume");
  page_stage_click (stage, stage->page, "Walk Back");
  page_stage_wait_activated (stage, "resume;walk-back;");
}

static void
need_hands (StewardFacts *facts)
{
  facts->status->unfinished->state = STEWARD_JOURNAL_HANDS;
  facts->status->unfinished->text = g_strdup ("Start the database by hand.");
}

static void
test_says_what_hands_are_needed_for (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_INTERRUPTED);

  page_stage_take (stage, STAGE_INTERRUPTED, need_hands);
  g_assert_true (stage_shows (stage->page, "An operation needs your hands"));
  g_assert_true (stage_shows (stage->page, "Start the database by hand."));
}

static void
test_names_who_is_at_work (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_BUSY);

  g_assert_true (stage_shows (stage->page, "Somebody else is at work"));
  g_assert_true (stage_shows (stage->page, "bob"));
  g_assert_true (stage_shows (stage->page, "laptop"));
  g_assert_true (stage_shows (stage->page, "Migrate the copy"));
  g_assert_null (stage_find (stage->page, GTK_TYPE_BUTTON, "Resume"));
}

static void
fall_silent (StewardFacts *facts)
{
  facts->status->lock.is_lapsed = TRUE;
}

static void
test_a_silent_holder_leaves_work_to_others (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_BUSY);

  page_stage_take (stage, STAGE_BUSY, fall_silent);
  g_assert_false (stage_shows (stage->page, "Somebody else is at work"));
  stage_click (stage->page, "Resume");
  page_stage_wait_activated (stage, "resume;");
}

static void
test_shows_the_way_to_an_operation (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_INTERRUPTED);
  g_autoptr (StageRun) run = stage_run_new (stage->server, STEWARD_OPERATION_UPGRADE);

  stage_wait_shows (stage->page, "An operation is under way");
  g_assert_null (stage_find (stage->page, GTK_TYPE_BUTTON, "Resume"));
  g_assert_false (gtk_widget_get_sensitive (page_stage_get_button (stage, "Back Up")));
  stage_click (stage->page, "Show");
  page_stage_wait_activated (stage, "show-run;");
  stage_run_end (run, STEWARD_RESULT_DONE, NULL);
  stage_run_settle (run);
  g_assert_false (stage_shows (stage->page, "An operation is under way"));
}

static void
drift (StewardFacts *facts)
{
  g_ptr_array_add (facts->status->drift, g_strdup ("PARSEC_<b>LOG</b>_LEVEL"));
}

static void
fail_database (StewardFacts *facts)
{
  drift (facts);
  facts->status->database_problem = g_strdup ("The password is wrong.");
}

static void
fail_store (StewardFacts *facts)
{
  drift (facts);
  facts->status->store_problem = g_strdup ("The folder cannot be read.");
}

static void
run_short (StewardFacts *facts)
{
  facts->status->shortage = g_strdup ("The next upgrade will need about 3 GB.");
}

static void
age_backup (StewardFacts *facts)
{
  facts->status->last_backup->passport->made_s -= 30 * 86400;
}

static void
forget_backup (StewardFacts *facts)
{
  g_clear_pointer (&facts->status->last_backup, steward_backup_free);
}

static void
distrust (StewardFacts *facts)
{
  StewardHealth *health = facts->status->health;

  health->tls = STEWARD_TLS_NOT_TRUSTED;
  health->tls_problem = g_strdup ("An authority that nobody knows.");
  health->fingerprint = g_strdup ("AB:CD:EF");
  health->server_name = g_strdup ("trust.test:443");
}

static gboolean
is_accepted (gpointer name)
{
  g_autofree char *fingerprint = steward_trusted_lookup (name);

  return g_strcmp0 (fingerprint, "AB:CD:EF") == 0;
}

static void
test_accepts_a_certificate (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);

  page_stage_take (stage, STAGE_CURRENT, distrust);
  g_assert_true (stage_shows (stage->page, "An authority that nobody knows."));
  g_assert_true (stage_shows (stage->page, "AB:CD:EF"));
  g_assert_false (is_accepted ((gpointer) "trust.test:443"));
  stage_click (stage->page, "Trust This Certificate");
  stage_wait (is_accepted, (gpointer) "trust.test:443");
  page_stage_take (stage, STAGE_CURRENT, NULL);
  g_assert_null (stage_find (stage->page, GTK_TYPE_BUTTON, "Trust This Certificate"));
}

static void
test_points_out_one_thing (void)
{
  static const struct
  {
    PageStageFunc change;
    const char *text;
  } cases[] = {
    { drift, "PARSEC_<b>LOG</b>_LEVEL" },
    { fail_database, "The password is wrong." },
    { fail_store, "The folder cannot be read." },
    { run_short, "The disk is getting full" },
    { age_backup, "The last backup is old" },
    { forget_backup, "There is no backup of this server" },
  };
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  GtkWidget *bar = stage_find (stage->page, GTK_TYPE_WIDGET, "attention");

  g_assert_null (bar);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      page_stage_take (stage, STAGE_CURRENT, cases[i].change);
      bar = stage_get (stage->page, GTK_TYPE_WIDGET, "attention");
      g_assert_true (stage_shows (bar, cases[i].text));
    }
  page_stage_take (stage, STAGE_CURRENT, NULL);
  g_assert_null (stage_find (stage->page, GTK_TYPE_WIDGET, "attention"));
}

static void
test_a_server_that_vanishes_leaves_a_sentence (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_UPDATE);

  page_stage_take (stage, STAGE_UNREACHABLE, NULL);
  g_assert_true (stage_shows (stage->page, "The Docker engine does not answer."));
  g_assert_null (stage_find (stage->page, GTK_TYPE_LIST_BOX_ROW, NULL));
  stage_click (stage->page, "Look Again");
  page_stage_wait_activated (stage, "refresh;");
}

static gboolean
is_idle (gpointer data)
{
  return !steward_server_is_looking (data);
}

static void
test_shows_that_it_looks (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_UPDATE);
  GtkWidget *button = page_stage_get_button (stage, "Refresh");

  steward_server_look (stage->server);
  stage_wait_painted (stage->window);
  g_assert_nonnull (stage_find (button, GTK_TYPE_SPINNER, NULL));
  stage_wait (is_idle, stage->server);
  stage_wait_painted (stage->window);
  g_assert_null (stage_find (button, GTK_TYPE_SPINNER, NULL));
}

static void
test_goes_back_where_the_leaflet_is_folded (void)
{
  g_autoptr (StewardServer) server = stage_server_new ("parsec", STAGE_CURRENT);
  GtkWidget *page = g_object_new (STEWARD_TYPE_SERVER_PAGE, NULL);
  GtkWidget *leaflet = adw_leaflet_new ();
  GtkWindow *window = NULL;

  adw_leaflet_append (ADW_LEAFLET (leaflet), page);
  steward_server_page_set_server (STEWARD_SERVER_PAGE (page), server);
  window = stage_show (leaflet);
  g_assert_null (stage_find (page, GTK_TYPE_BUTTON, "Back"));
  adw_leaflet_set_can_unfold (ADW_LEAFLET (leaflet), FALSE);
  stage_wait_painted (window);
  g_assert_nonnull (stage_find (page, GTK_TYPE_BUTTON, "Back"));
  gtk_window_destroy (window);
}

static void
test_title_is_name_and_place (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  g_autoptr (StewardServer) other = stage_server_new ("<b>&other", STAGE_UPDATE);

  g_assert_true (stage_shows (stage->page, "/srv/parsec/compose.yaml"));
  steward_server_page_set_server (stage->page, other);
  stage_wait_painted (stage->window);
  g_assert_true (stage_shows (stage->page, "/srv/<b>&other/compose.yaml"));
  g_assert_true (stage_shows (stage->page, "Update available"));
  steward_server_page_set_server (stage->page, NULL);
  stage_wait_painted (stage->window);
  g_assert_false (stage_shows (stage->page, "Update available"));
}

static void
test_lets_a_server_go (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_CURRENT);
  StewardServer *other = stage_server_new ("other", STAGE_UPDATE);

  g_object_add_weak_pointer (G_OBJECT (other), (gpointer *)&other);
  steward_server_page_set_server (stage->page, other);
  steward_server_page_set_server (stage->page, NULL);
  g_object_unref (other);
  g_assert_null (other);
}

static void
be_long (StewardFacts *facts)
{
  StewardStatus *status = facts->status;
  StewardBackup *backup = facts->backups->pdata[0];

  drift (facts);
  g_free (status->database);
  status->database = g_strnfill (63, 'x');
  g_free (status->last_migration);
  status->last_migration = g_strnfill (200, 'M');
  g_free (backup->passport->server_tag);
  backup->passport->server_tag = g_strnfill (128, '7');
  g_free (backup->passport->reason);
  backup->passport->reason = g_strdup ("<b>&amp;\342\200\256 \360\237\230\200");
}

static void
test_fits_a_phone (void)
{
  g_autoptr (PageStage) stage = page_stage_new (STAGE_UPDATE);

  for (StageState state = STAGE_CURRENT; state <= STAGE_UNREACHABLE; state++)
    {
      page_stage_take (stage, state, state != STAGE_UNREACHABLE ? be_long : NULL);
      g_assert_cmpint (stage_measure_width (stage->page), <=, 360);
    }
}

static void
test_everything_has_a_name (void)
{
  for (StageState state = STAGE_UNKNOWN; state <= STAGE_UNREACHABLE; state++)
    {
      g_autoptr (PageStage) stage = page_stage_new (state);
      g_autofree char *unnamed = stage_dup_unnamed (stage->page);
      g_assert_cmpstr (unnamed, ==, "");
    }
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  g_test_add_func ("/server-page/shows-how-the-server-is", test_shows_how_the_server_is);
  g_test_add_func ("/server-page/does-not-call-current-what-it-could-not-ask",
                   test_does_not_call_current_what_it_could_not_ask);
  g_test_add_func ("/server-page/a-proxys-answer-is-none", test_a_proxys_answer_is_none);
  g_test_add_func ("/server-page/shows-the-database", test_shows_the_database);
  g_test_add_func ("/server-page/buttons-activate-the-windows-actions",
                   test_buttons_activate_the_windows_actions);
  g_test_add_func ("/server-page/buttons-say-why-they-cannot-be-used",
                   test_buttons_say_why_they_cannot_be_used);
  g_test_add_func ("/server-page/upgrade-wants-a-target", test_upgrade_wants_a_target);
  g_test_add_func ("/server-page/rolls-back-to-what-there-is", test_rolls_back_to_what_there_is);
  g_test_add_func ("/server-page/keyboard-goes-past-what-cannot-be-used",
                   test_keyboard_goes_past_what_cannot_be_used);
  g_test_add_func ("/server-page/buttons-stand-in-even-lines", test_buttons_stand_in_even_lines);
  g_test_add_func ("/server-page/suggests-one-thing", test_suggests_one_thing);
  g_test_add_func ("/server-page/unfinished-operation-can-be-ended",
                   test_unfinished_operation_can_be_ended);
  g_test_add_func ("/server-page/says-what-hands-are-needed-for",
                   test_says_what_hands_are_needed_for);
  g_test_add_func ("/server-page/names-who-is-at-work", test_names_who_is_at_work);
  g_test_add_func ("/server-page/a-silent-holder-leaves-work-to-others",
                   test_a_silent_holder_leaves_work_to_others);
  g_test_add_func ("/server-page/shows-the-way-to-an-operation",
                   test_shows_the_way_to_an_operation);
  g_test_add_func ("/server-page/accepts-a-certificate", test_accepts_a_certificate);
  g_test_add_func ("/server-page/points-out-one-thing", test_points_out_one_thing);
  g_test_add_func ("/server-page/a-server-that-vanishes-leaves-a-sentence",
                   test_a_server_that_vanishes_leaves_a_sentence);
  g_test_add_func ("/server-page/shows-that-it-looks", test_shows_that_it_looks);
  g_test_add_func ("/server-page/goes-back-where-the-leaflet-is-folded",
                   test_goes_back_where_the_leaflet_is_folded);
  g_test_add_func ("/server-page/title-is-name-and-place", test_title_is_name_and_place);
  g_test_add_func ("/server-page/lets-a-server-go", test_lets_a_server_go);
  g_test_add_func ("/server-page/fits-a-phone", test_fits_a_phone);
  g_test_add_func ("/server-page/everything-has-a-name", test_everything_has_a_name);
  return g_test_run ();
}
