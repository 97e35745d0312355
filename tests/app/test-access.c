/* Everything can be read aloud and has its keys. */
#include "views.h"

#define NARROW 360

static void
check_names (GtkWindow *window)
{
  g_autofree char *unnamed = stage_dup_unnamed (window);

  if (*unnamed != '\0')
    g_error ("Without a name:\n%s", unnamed);
}

/* GTK's own stacks have no names for their pages. */
static gboolean
is_named_page (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);

  return GTK_IS_STACK (parent)
         && gtk_stack_page_get_name (gtk_stack_get_page (GTK_STACK (parent), widget)) != NULL;
}

/* A page behind the one that is shown would be read aloud. Returns how many pages are named. */
static guint
check_pages (GtkWidget *widget)
{
  guint n_pages = 0;

  if (is_named_page (widget))
    {
      GtkStack *stack = GTK_STACK (gtk_widget_get_parent (widget));
      g_assert_true (gtk_widget_get_visible (widget)
                     == (widget == gtk_stack_get_visible_child (stack)));
      n_pages++;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n_pages += check_pages (child);
  return n_pages;
}

static void
test_reading (gconstpointer data)
{
  ViewScene scene;

  view_open (data, &scene, 1000, 720);
  check_names (GTK_WINDOW (scene.window));
  if (scene.dialog != NULL)
    check_names (scene.dialog);
  g_assert_cmpuint (check_pages (GTK_WIDGET (scene.window)), >=, 8);
  view_close (&scene);
}

static const View *
find_view (const char *name)
{
  for (const View *view = views_get (); view->name != NULL; view++)
    if (g_str_equal (view->name, name))
      return view;
  g_error ("There is no view %s.", name);
}

/* On a narrow screen the menu stands on another page. */
static void
test_menu (gconstpointer data)
{
  static const char *const items[] = { "Refresh", "Remove from the List", "Preferences",
                                       "Keyboard Shortcuts", "About Steward" };
  ViewScene scene;

  view_open (find_view ("11-server-current"), &scene, GPOINTER_TO_INT (data), 720);
  gtk_widget_activate_action (GTK_WIDGET (scene.window), "win.menu", NULL);
  GtkWidget *popover = stage_get (scene.window, GTK_TYPE_POPOVER_MENU, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (items); i++)
    g_assert_true (stage_shows (popover, items[i]));
  check_names (GTK_WINDOW (scene.window));
  view_close (&scene);
}

static void
test_way_back_when_narrow (void)
{
  ViewScene scene;

  view_open (find_view ("02-first-run"), &scene, NARROW, 720);
  g_assert_true (stage_shows (scene.window, "No Parsec Server Found"));
  stage_click (scene.window, "Back");
  stage_wait_shows (scene.window, "No servers yet");
  g_assert_false (stage_shows (scene.window, "No Parsec Server Found"));
  view_close (&scene);
}

static void
test_keys (void)
{
  static const struct
  {
    const char *action;
    const char *key;
  } keys[] = {
    { "app.quit", "<Control>q" },
    { "app.preferences", "<Control>comma" },
    { "window.close", "<Control>w" },
    { "app.shortcuts", "<Control>question" },
    { "win.add-server", "<Control>n" },
    { "win.refresh", "<Control>r" },
    { "win.menu", "F10" },
    { "win.back", "<Alt>Left" },
  };
  ViewScene scene;

  view_open (find_view ("11-server-current"), &scene, 1000, 720);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_auto (GStrv) set =
          gtk_application_get_accels_for_action (GTK_APPLICATION (scene.application),
                                                 keys[i].action);
      g_assert_true (g_strv_contains ((const char *const *)set, keys[i].key));
      g_assert_true (stage_can (scene.window, keys[i].action, NULL));
    }
  view_close (&scene);
}

/* What has keys stands in the window that lists them. */
static void
test_keys_are_listed (void)
{
  static const char *const titles[] = {
    "Add a server",       "Refresh",          "Go back", "Main menu", "Preferences",
    "Keyboard shortcuts", "Close the window", "Quit",
  };
  ViewScene scene;

  view_open (find_view ("52-shortcuts"), &scene, 1000, 720);
  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    g_assert_true (stage_shows (scene.dialog, titles[i]));
  view_close (&scene);
}

/* See steward_compat_show_shortcuts(). */
static void
assert_all_are_shown (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      g_assert_true (gtk_widget_get_visible (window));
    }
}

static void
test_no_window_is_hidden (void)
{
  ViewScene scene;

  view_open (find_view ("52-shortcuts"), &scene, 1000, 720);
  assert_all_are_shown ();
  gtk_window_close (GTK_WINDOW (scene.dialog));
  stage_wait_closed (scene.window);
  assert_all_are_shown ();
  stage_activate (scene.window, "app.shortcuts", NULL);
  g_assert_true (stage_shows (stage_get_dialog (scene.window), "Quit"));
  view_close (&scene);
}

static void
set_number (ViewScene *scene, const char *row_name, double value)
{
  GtkWidget *row = stage_get (scene->dialog, ADW_TYPE_ACTION_ROW, row_name);

  gtk_spin_button_set_value (stage_get (row, GTK_TYPE_SPIN_BUTTON, NULL), value);
}

static void
test_preferences (void)
{
  ViewScene scene;

  view_open (find_view ("50-preferences"), &scene, 1000, 720);
  GSettings *settings = steward_application_get_settings (scene.application);
  stage_click (scene.dialog, "Offer pre-releases");
  g_assert_true (g_settings_get_boolean (settings, "show-prereleases"));
  set_number (&scene, "Watch a started server", 45);
  g_assert_cmpuint (g_settings_get_uint (settings, "watch-seconds"), ==, 45);
  set_number (&scene, "Guard a stopped server", 600);
  g_assert_cmpuint (g_settings_get_uint (settings, "guard-seconds"), ==, 600);
  view_close (&scene);
}

static void
test_about (void)
{
  ViewScene scene;

  view_open (find_view ("51-about"), &scene, 1000, 720);
  g_assert_true (stage_shows (scene.dialog, "Steward"));
  g_assert_true (stage_shows (scene.dialog, STEWARD_VERSION));
  g_assert_true (stage_shows (scene.dialog, "Troubleshooting"));
  g_assert_true (stage_shows (scene.dialog, "What’s New"));
  view_close (&scene);
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  views_add_tests ("/access/can-be-read/", test_reading);
  g_test_add_data_func ("/access/menu", GINT_TO_POINTER (1000), test_menu);
  g_test_add_data_func ("/access/menu-when-narrow", GINT_TO_POINTER (NARROW), test_menu);
  g_test_add_func ("/access/way-back-when-narrow", test_way_back_when_narrow);
  g_test_add_func ("/access/keys", test_keys);
  g_test_add_func ("/access/keys-are-listed", test_keys_are_listed);
  g_test_add_func ("/access/no-window-is-hidden", test_no_window_is_hidden);
  g_test_add_func ("/access/preferences-take-effect", test_preferences);
  g_test_add_func ("/access/about-tells", test_about);
  return g_test_run ();
}
