/* Adding a host over SSH, to a real sshd on loopback: suggestions, questions, refusals. */
#include "app/add-server-window.h"
#include "app/host-question-window.h"
#include "sshd-fixture.h"
#include "stage.h"

#include <glib/gstdio.h>

typedef struct
{
  SshdFixture *sshd;
  StewardApplication *application;
  StewardWindow *window;
  StewardServerList *servers;
  GtkWindow *adding;
  char *address;
} Scene;

/* An engine that has no containers, in front of what sshd gives a session. */
static char *
dup_settings (StageDocker docker)
{
  g_autofree char *path = NULL;

  stage_set_docker (docker);
  path = g_strdup (g_getenv ("PATH"));
  stage_set_docker (STAGE_DOCKER_AWAY);
  return g_strdup_printf ("SetEnv SHLVL=1 PATH=%s", path);
}

static void
set_up (Scene *scene, gconstpointer docker)
{
  g_autofree char *settings = dup_settings (GPOINTER_TO_INT (docker));

  scene->sshd = sshd_fixture_new (settings);
  sshd_fixture_configure (scene->sshd, "Host parsec-one parsec-two\nHost other-*\n");
  scene->address = g_strdup_printf ("127.0.0.1:%u", scene->sshd->port);
  scene->application = stage_application_new ();
  scene->window = stage_window_new (scene->application);
  scene->servers = steward_application_get_servers (scene->application);
  stage_activate (scene->window, "win.add-server", NULL);
  scene->adding = stage_get_dialog (scene->window);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  stage_application_free (scene->application);
  sshd_fixture_free (scene->sshd);
  g_free (scene->address);
}

static guint
count_hosts (Scene *scene)
{
  return g_list_model_get_n_items (steward_server_list_get_hosts (scene->servers));
}

static void
type (Scene *scene, const char *text)
{
  gtk_editable_set_text (stage_get (scene->adding, ADW_TYPE_ENTRY_ROW, NULL), text);
}

static void
test_suggests (Scene *scene, gconstpointer data)
{
  g_autofree char *unnamed = stage_dup_unnamed (scene->adding);

  g_assert_cmpstr (unnamed, ==, "");
  g_assert_true (stage_shows (scene->adding, "parsec-one"));
  g_assert_false (stage_shows (scene->adding, "other-"));
  type (scene, "two");
  g_assert_false (stage_shows (scene->adding, "parsec-one"));
  stage_click (scene->adding, "parsec-two");
  g_assert_cmpstr (gtk_editable_get_text (stage_get (scene->adding, ADW_TYPE_ENTRY_ROW, NULL)), ==,
                   "parsec-two");
}

static void
test_rubbish (Scene *scene, gconstpointer data)
{
  type (scene, "-oProxyCommand=touch");
  stage_click (scene->adding, "Connect");
  g_assert_true (gtk_widget_get_visible (stage_get (scene->adding, GTK_TYPE_LABEL, "problem")));
  g_assert_cmpuint (count_hosts (scene), ==, 0);
}

/* Refused: said in the window, and the host is not kept. */
static void
test_refused (Scene *scene, gconstpointer data)
{
  sshd_fixture_stop (scene->sshd);
  type (scene, scene->address);
  stage_click (scene->adding, "Connect");
  stage_wait_shows (scene->adding, "takes no SSH connections at this port");
  g_assert_cmpuint (count_hosts (scene), ==, 0);
}

static void
test_no_servers (Scene *scene, gconstpointer data)
{
  type (scene, scene->address);
  stage_click (scene->adding, "Connect");
  stage_wait_shows (scene->adding, "no container there runs or ran a Parsec server");
  g_assert_cmpuint (count_hosts (scene), ==, 0);
}

static gboolean
is_asked (gpointer data)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);
      if (STEWARD_IS_HOST_QUESTION_WINDOW (window))
        {
          *(GtkWindow **)data = window;
          return TRUE;
        }
    }
  return FALSE;
}

/* A key that nobody vouches for: the host is given up. */
static void
test_unknown_key (Scene *scene, gconstpointer data)
{
  g_autofree char *known_hosts = sshd_fixture_dup_path (scene->sshd, "known_hosts");
  GtkWindow *question = NULL;

  g_assert_cmpint (g_unlink (known_hosts), ==, 0);
  type (scene, scene->address);
  stage_click (scene->adding, "Connect");
  stage_wait (is_asked, &question);
  g_assert_true (stage_shows (question, "SHA256:"));
  stage_click (question, "Cancel");
  stage_wait_shows (scene->adding, "was not accepted");
  g_assert_cmpuint (count_hosts (scene), ==, 0);
  g_assert_false (g_file_test (known_hosts, G_FILE_TEST_EXISTS));
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
  add ("/add-server/suggests-configured-hosts", STAGE_DOCKER_EMPTY, test_suggests);
  add ("/add-server/refuses-what-is-no-host", STAGE_DOCKER_EMPTY, test_rubbish);
  add ("/add-server/says-why-a-host-is-away", STAGE_DOCKER_EMPTY, test_refused);
  add ("/add-server/says-that-there-are-no-servers", STAGE_DOCKER_EMPTY, test_no_servers);
  add ("/add-server/gives-up-without-the-right-key", STAGE_DOCKER_EMPTY, test_unknown_key);
  return g_test_run ();
}
