/* The window around the pages: the list, the actions, its dialogs, its end. */
#include "stage.h"

#include <string.h>

#define N_SERVERS 3
/* As a name is set into a sentence. */
#define LTR(text) "\342\201\246" text "\342\201\251"

typedef struct
{
  StewardApplication *application;
  StewardServerList *list;
  StewardServer *servers[N_SERVERS]; /* owned */
  StewardWindow *window;
} Scene;

/* The window comes last: what was chosen when it closed is chosen when it opens. */
static void
set_up (Scene *scene, gconstpointer last_server)
{
  static const struct
  {
    const char *name;
    StageState state;
  } servers[N_SERVERS] = {
    { "archive", STAGE_SILENT },
    { "parsec", STAGE_UPDATE },
    { "training", STAGE_INTERRUPTED },
  };

  scene->application = stage_application_new ();
  scene->list = steward_application_get_servers (scene->application);
  for (gsize i = 0; i < N_SERVERS; i++)
    {
      scene->servers[i] = stage_server_new (servers[i].name, servers[i].state);
      steward_known_host_take (steward_server_list_get_this_machine (scene->list),
                               g_object_ref (scene->servers[i]));
    }
  if (last_server != NULL)
    g_settings_set_string (steward_application_get_settings (scene->application), "last-server",
                           last_server);
  scene->window = stage_window_new (scene->application);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  for (gsize i = 0; i < N_SERVERS; i++)
    g_object_unref (scene->servers[i]);
  stage_application_free (scene->application);
}

static GtkListBox *
get_list (Scene *scene)
{
  return stage_get (scene->window, GTK_TYPE_LIST_BOX, "list");
}

static gboolean
is_chosen (Scene *scene, const char *name)
{
  return stage_find (gtk_list_box_get_selected_row (get_list (scene)), GTK_TYPE_LABEL, name)
         != NULL;
}

static gboolean
is_visible_page (Scene *scene, const char *name)
{
  GtkStack *content = stage_get (scene->window, GTK_TYPE_STACK, "content");

  return g_strcmp0 (gtk_stack_get_visible_child_name (content), name) == 0;
}

static void
choose (Scene *scene, int i)
{
  stage_click (get_list (scene), steward_server_get_name (scene->servers[i]));
}

static void
test_list (Scene *scene, gconstpointer data)
{
  GtkListBox *list = get_list (scene);

  for (gsize i = 0; i < N_SERVERS; i++)
    g_assert_true (stage_shows (list, steward_server_get_name (scene->servers[i])));
  g_assert_true (stage_shows (list, STAGE_TAG));
  g_assert_true (stage_shows (list, "No answer"));
  g_assert_true (stage_shows (list, "Update"));
  g_assert_true (stage_shows (list, "Interrupted"));
  stage_server_set_state (scene->servers[1], STAGE_CURRENT);
  g_assert_true (stage_shows (list, "Up to date"));
  g_assert_false (stage_shows (list, "Update"));
}

static void
test_first_is_chosen (Scene *scene, gconstpointer data)
{
  g_assert_true (is_chosen (scene, "archive"));
  g_assert_true (is_visible_page (scene, "server"));
}

static void
test_choosing (Scene *scene, gconstpointer data)
{
  GSettings *settings = steward_application_get_settings (scene->application);

  choose (scene, 2);
  g_assert_true (is_chosen (scene, "training"));
  g_autofree char *last = g_settings_get_string (settings, "last-server");
  g_assert_cmpstr (last, ==, "/srv/training/compose.yaml");
}

static void
test_last_is_chosen_again (Scene *scene, gconstpointer data)
{
  g_assert_true (is_chosen (scene, "parsec"));
}

static void
test_vanished_server (Scene *scene, gconstpointer data)
{
  choose (scene, 1);
  steward_server_list_remove (scene->list, scene->servers[1]);
  stage_wait_shows (scene->window, "“" LTR ("parsec") "” is not found any more");
  g_assert_true (is_chosen (scene, "archive"));
}

static void
test_removes (Scene *scene, gconstpointer data)
{
  GSettings *settings = steward_application_get_settings (scene->application);

  choose (scene, 1);
  stage_activate (scene->window, "win.remove-server", NULL);
  GtkWindow *dialog = stage_get_dialog (scene->window);
  g_assert_true (stage_shows (dialog, "Remove “" LTR ("parsec") "” from the List?"));
  g_assert_true (stage_shows (dialog, "Nothing on the server is touched"));
  stage_click (dialog, "Remove");
  stage_wait_closed (scene->window);
  g_assert_null (stage_find (get_list (scene), GTK_TYPE_LABEL, "parsec"));
  g_assert_false (stage_shows (scene->window, "is not found any more"));
  g_assert_true (is_chosen (scene, "archive"));
  g_auto (GStrv) hidden = g_settings_get_strv (settings, "hidden");
  g_assert_true (g_strv_contains ((const char *const *)hidden, "/srv/parsec/compose.yaml"));
}

static void
test_removes_not_by_cancel (Scene *scene, gconstpointer data)
{
  choose (scene, 1);
  stage_activate (scene->window, "win.remove-server", NULL);
  stage_click (stage_get_dialog (scene->window), "Cancel");
  stage_wait_closed (scene->window);
  g_assert_true (is_chosen (scene, "parsec"));
}

/* The last one leaves the page for no server. */
static void
test_removes_all (Scene *scene, gconstpointer data)
{
  for (gsize i = 0; i < N_SERVERS; i++)
    {
      stage_activate (scene->window, "win.remove-server", NULL);
      stage_click (stage_get_dialog (scene->window), "Remove");
      stage_wait_closed (scene->window);
    }
  g_assert_true (is_visible_page (scene, "empty"));
  g_assert_true (stage_shows (scene->window, "No servers yet"));
  g_assert_false (stage_can (scene->window, "win.remove-server", NULL));
}

static void
test_run_stays_in_view (Scene *scene, gconstpointer data)
{
  g_autoptr (StageRun) run = stage_run_new (scene->servers[1], STEWARD_OPERATION_BACKUP);

  choose (scene, 1);
  g_assert_true (is_visible_page (scene, "run"));
  choose (scene, 0);
  g_assert_true (is_visible_page (scene, "server"));
  choose (scene, 1);
  g_assert_true (is_visible_page (scene, "run"));
  stage_activate (scene->window, "win.back", NULL);
  g_assert_true (is_visible_page (scene, "server"));
  stage_activate (scene->window, "win.show-run", NULL);
  g_assert_true (is_visible_page (scene, "run"));
}

static void
test_review_and_back (Scene *scene, gconstpointer data)
{
  choose (scene, 1);
  stage_activate (scene->window, "win.upgrade", STAGE_TARGET);
  g_assert_true (is_visible_page (scene, "review"));
  stage_activate (scene->window, "win.back", NULL);
  g_assert_true (is_visible_page (scene, "server"));
}

/* Each action, and the states of a server in which it is offered. */
static void
test_actions (Scene *scene, gconstpointer data)
{
  static const struct
  {
    const char *action;
    const char *target;
    const char *states; /* of the enumeration, in order: + where it is offered */
  } cases[] = {
    /*                                ? c u s i b x */
    { "win.back-up", NULL, "-+++---" },       { "win.upgrade", STAGE_TARGET, "-+++---" },
    { "win.restart", NULL, "-+++---" },       { "win.roll-back", "", "-+++---" },
    { "win.resume", NULL, "----+--" },        { "win.walk-back", NULL, "----+--" },
    { "win.remove-server", NULL, "+++++++" }, { "win.show-run", NULL, "-------" },
    { "win.add-server", NULL, "+++++++" },    { "win.refresh", NULL, "+++++++" },
  };

  for (StageState state = STAGE_UNKNOWN; state <= STAGE_UNREACHABLE; state++)
    {
      StewardServer *server = stage_server_new ("zoo", STAGE_UNKNOWN);
      steward_known_host_take (steward_server_list_get_this_machine (scene->list), server);
      steward_window_choose (scene->window, server);
      stage_server_set_state (server, state);
      for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        if (stage_can (scene->window, cases[i].action, cases[i].target)
            != (cases[i].states[state] == '+'))
          g_error ("%s is offered wrongly in state %d", cases[i].action, state);
      steward_server_list_remove (scene->list, server);
    }
}

static void
test_actions_while_run (Scene *scene, gconstpointer data)
{
  g_autoptr (StageRun) run = NULL;

  choose (scene, 1);
  g_assert_true (stage_can (scene->window, "win.upgrade", STAGE_TARGET));
  run = stage_run_new (scene->servers[1], STEWARD_OPERATION_BACKUP);
  g_assert_false (stage_can (scene->window, "win.upgrade", STAGE_TARGET));
  g_assert_false (stage_can (scene->window, "win.remove-server", NULL));
  g_assert_true (stage_can (scene->window, "win.show-run", NULL));
  stage_run_end (run, STEWARD_RESULT_DONE, NULL);
  stage_run_settle (run);
  stage_server_set_state (scene->servers[1], STAGE_UPDATE);
  g_assert_true (stage_can (scene->window, "win.upgrade", STAGE_TARGET));
  g_assert_true (stage_can (scene->window, "win.show-run", NULL));
}

/* What a notification does, whatever is shown meanwhile. */
static void
test_leads_to_a_run (Scene *scene, gconstpointer data)
{
  GActionGroup *actions = G_ACTION_GROUP (scene->application);
  g_autoptr (StageRun) run = stage_run_new (scene->servers[2], STEWARD_OPERATION_UPGRADE);

  stage_run_end (run, STEWARD_RESULT_DONE, NULL);
  stage_run_settle (run);
  choose (scene, 1);
  g_action_group_activate_action (actions, "show-run",
                                  g_variant_new_string (
                                      steward_server_get_key (scene->servers[2])));
  g_assert_true (is_chosen (scene, "training"));
  g_assert_true (is_visible_page (scene, "run"));
  g_action_group_activate_action (actions, "show-run",
                                  g_variant_new_string (
                                      steward_server_get_key (scene->servers[1])));
  g_assert_true (is_chosen (scene, "parsec"));
  g_assert_true (is_visible_page (scene, "server"));
  g_action_group_activate_action (actions, "show-run", g_variant_new_string ("/gone"));
  g_assert_true (is_chosen (scene, "parsec"));
}

static gboolean
has_no_window (gpointer data)
{
  return gtk_application_get_windows (data) == NULL;
}

static void
test_closes_at_once (Scene *scene, gconstpointer data)
{
  gtk_window_close (GTK_WINDOW (scene->window));
  g_assert_true (has_no_window (scene->application));
}

static void
test_close_asks (Scene *scene, gconstpointer data)
{
  g_autoptr (StageRun) run = stage_run_new (scene->servers[2], STEWARD_OPERATION_UPGRADE);

  gtk_window_close (GTK_WINDOW (scene->window));
  GtkWindow *dialog = stage_get_dialog (scene->window);
  g_assert_true (stage_shows (dialog, "Leave the Operation Unfinished?"));
  stage_click (dialog, "Cancel");
  stage_wait_closed (scene->window);
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (scene->window)));

  gtk_window_close (GTK_WINDOW (scene->window));
  stage_click (stage_get_dialog (scene->window), "Close");
  stage_wait (has_no_window, scene->application);
}

static void
test_close_asks_no_more (Scene *scene, gconstpointer data)
{
  g_autoptr (StageRun) run = stage_run_new (scene->servers[2], STEWARD_OPERATION_UPGRADE);

  stage_run_end (run, STEWARD_RESULT_DONE, NULL);
  stage_run_settle (run);
  gtk_window_close (GTK_WINDOW (scene->window));
  g_assert_true (has_no_window (scene->application));
}

/* Whatever dialog is in front. */
static void
test_quits (Scene *scene, gconstpointer data)
{
  GActionGroup *actions = G_ACTION_GROUP (scene->application);

  g_action_group_activate_action (actions, "preferences", NULL);
  stage_get_dialog (scene->window);
  g_action_group_activate_action (actions, "quit", NULL);
  stage_wait (has_no_window, scene->application);
  stage_wait_closed (NULL);
}

static void
test_size_is_remembered (Scene *scene, gconstpointer data)
{
  GSettings *settings = steward_application_get_settings (scene->application);
  int width, height;

  gtk_window_set_default_size (GTK_WINDOW (scene->window), 801, 602);
  stage_wait_painted (GTK_WINDOW (scene->window));
  gtk_window_close (GTK_WINDOW (scene->window));
  g_settings_get (settings, "window-size", "(ii)", &width, &height);
  g_assert_cmpint (width, ==, 801);
  g_assert_cmpint (height, ==, 602);
}

static void
test_second_start (Scene *scene, gconstpointer data)
{
  GtkApplication *application = GTK_APPLICATION (scene->application);
  GList *windows;

  g_application_activate (G_APPLICATION (application));
  windows = gtk_application_get_windows (application);
  g_assert_true (windows->data == scene->window);
  g_assert_null (windows->next);
}

static void
test_toast_is_no_markup (Scene *scene, gconstpointer data)
{
  steward_window_toast (GTK_WIDGET (get_list (scene)), "<b>one</b> & two");
  stage_wait_shows (scene->window, "<b>one</b> & two");
}

static void
add (const char *path, const char *last_server, void (*func) (Scene *, gconstpointer))
{
  g_test_add (path, Scene, last_server, set_up, func, tear_down);
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  add ("/window/lists-servers", NULL, test_list);
  add ("/window/chooses-the-first", NULL, test_first_is_chosen);
  add ("/window/chooses-by-row", NULL, test_choosing);
  add ("/window/chooses-the-last-one-again", "/srv/parsec/compose.yaml", test_last_is_chosen_again);
  add ("/window/last-one-is-gone", "a settings file from elsewhere", test_first_is_chosen);
  add ("/window/says-that-a-server-vanished", NULL, test_vanished_server);
  add ("/window/removes-from-the-list", NULL, test_removes);
  add ("/window/cancel-removes-nothing", NULL, test_removes_not_by_cancel);
  add ("/window/removes-the-last-one", NULL, test_removes_all);
  add ("/window/run-stays-in-view", NULL, test_run_stays_in_view);
  add ("/window/review-and-back", NULL, test_review_and_back);
  add ("/window/offers-what-can-be-done", NULL, test_actions);
  add ("/window/offers-nothing-while-it-runs", NULL, test_actions_while_run);
  add ("/window/leads-to-a-run-that-is-over", NULL, test_leads_to_a_run);
  add ("/window/closes-at-once", NULL, test_closes_at_once);
  add ("/window/close-asks-while-it-runs", NULL, test_close_asks);
  add ("/window/close-asks-no-more-after-it", NULL, test_close_asks_no_more);
  add ("/window/quits-with-its-dialogs", NULL, test_quits);
  add ("/window/remembers-its-size", NULL, test_size_is_remembered);
  add ("/window/second-start-raises-the-first", NULL, test_second_start);
  add ("/window/toast-is-no-markup", NULL, test_toast_is_no_markup);
  return g_test_run ();
}
