/* Where there is no server, a new administrator reads what to do. */
#include "stage.h"

typedef struct
{
  StewardApplication *application;
  StewardWindow *window;
} Scene;

static void
set_up (Scene *scene, gconstpointer data)
{
  stage_set_docker (GPOINTER_TO_INT (data));
  scene->application = stage_application_new ();
  scene->window = stage_window_new (scene->application);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  stage_application_free (scene->application);
  stage_set_docker (STAGE_DOCKER_AWAY);
}

static void
look (Scene *scene)
{
  steward_server_list_look (steward_application_get_servers (scene->application));
}

static void
test_looking (Scene *scene, gconstpointer data)
{
  g_assert_true (stage_shows (scene->window, "Looking for Servers…"));
  g_assert_null (stage_find (scene->window, GTK_TYPE_SPINNER, NULL));
  g_assert_null (stage_find (scene->window, GTK_TYPE_BUTTON, "Look Again"));
  look (scene);
  g_assert_true (gtk_spinner_get_spinning (stage_get (scene->window, GTK_TYPE_SPINNER, NULL)));
  stage_wait_shows (scene->window, "No Parsec Server Found");
  g_assert_null (stage_find (scene->window, GTK_TYPE_SPINNER, NULL));
}

static void
test_first_run (Scene *scene, gconstpointer data)
{
  GtkWidget *add;

  look (scene);
  stage_wait_shows (scene->window, "No Parsec Server Found");
  g_assert_true (stage_shows (scene->window, "Others can be added by their compose file."));
  add = stage_get (scene->window, GTK_TYPE_BUTTON, "Add a Server…");
  g_assert_true (gtk_widget_is_sensitive (add));
  g_assert_cmpstr (adw_status_page_get_icon_name (
                       stage_get (scene->window, ADW_TYPE_STATUS_PAGE, NULL)),
                   ==, STEWARD_APPLICATION_ID);
}

/* Uninstalled, too. */
static void
test_icon_is_there (Scene *scene, gconstpointer data)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gdk_display_get_default ());

  g_assert_true (gtk_icon_theme_has_icon (theme, STEWARD_APPLICATION_ID));
  g_assert_true (gtk_icon_theme_has_icon (theme, STEWARD_APPLICATION_ID "-symbolic"));
}

/* Servers on other hosts can be added all the same. */
static void
check_trouble (Scene *scene, const char *title, const char *sentence)
{
  look (scene);
  stage_wait_shows (scene->window, title);
  g_assert_true (stage_shows (scene->window, sentence));
  g_assert_nonnull (stage_find (stage_get (scene->window, ADW_TYPE_STATUS_PAGE, NULL),
                                GTK_TYPE_BUTTON, "Add a Server…"));
  g_assert_true (stage_shows (scene->window, "reached over SSH"));
  g_assert_true (
      gtk_widget_is_sensitive (stage_get (scene->window, GTK_TYPE_BUTTON, "Look Again")));
}

static void
test_no_docker (Scene *scene, gconstpointer data)
{
  check_trouble (scene, "Docker Cannot Be Used", "“docker” is not installed");
}

static void
test_no_permission (Scene *scene, gconstpointer data)
{
  check_trouble (scene, "No Permission to Use Docker", "the group “docker”");
}

static void
test_no_answer (Scene *scene, gconstpointer data)
{
  check_trouble (scene, "Docker Does Not Answer", "Start it, then try again.");
}

static void
test_looks_again (Scene *scene, gconstpointer data)
{
  look (scene);
  stage_wait_shows (scene->window, "No Permission to Use Docker");
  stage_set_docker (STAGE_DOCKER_EMPTY);
  stage_click (scene->window, "Look Again");
  stage_wait_shows (scene->window, "No Parsec Server Found");
}

/* The window may go while Docker is still being asked. */
static void
test_closes_meanwhile (Scene *scene, gconstpointer data)
{
  look (scene);
  gtk_window_close (GTK_WINDOW (scene->window));
  g_assert_null (gtk_application_get_windows (GTK_APPLICATION (scene->application)));
}

static void
add (const char *path, StageDocker docker, void (*func) (Scene *, gconstpointer))
{
  g_test_add (path, Scene, GINT_TO_POINTER (docker), set_up, func, tear_down);
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  add ("/empty-page/says-that-it-looks", STAGE_DOCKER_EMPTY, test_looking);
  add ("/empty-page/first-run-invites-to-add", STAGE_DOCKER_EMPTY, test_first_run);
  add ("/empty-page/icon-is-found", STAGE_DOCKER_EMPTY, test_icon_is_there);
  add ("/empty-page/no-docker", STAGE_DOCKER_ABSENT, test_no_docker);
  add ("/empty-page/no-permission", STAGE_DOCKER_DENIED, test_no_permission);
  add ("/empty-page/no-answer", STAGE_DOCKER_AWAY, test_no_answer);
  add ("/empty-page/looks-again", STAGE_DOCKER_DENIED, test_looks_again);
  add ("/empty-page/window-closes-while-it-looks", STAGE_DOCKER_EMPTY, test_closes_meanwhile);
  return g_test_run ();
}
