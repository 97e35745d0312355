/* Which hosts are on the list, and their servers joined into one. Nobody is connected to. */
#include "stage.h"

typedef struct
{
  GSettings *settings;
  StewardServerList *list;
} Scene;

static void
set_up (Scene *scene, gconstpointer data)
{
  static const char *const keys[] = { "hosts", "compose-files", "hidden" };

  scene->settings = g_settings_new (STEWARD_APPLICATION_ID);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (scene->settings, keys[i]);
  scene->list = steward_server_list_new (scene->settings);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  stage_release (scene->list);
  g_object_unref (scene->settings);
}

static guint
count_hosts (Scene *scene)
{
  return g_list_model_get_n_items (steward_server_list_get_hosts (scene->list));
}

static char *
dup_kept (Scene *scene, const char *key)
{
  g_auto (GStrv) names = g_settings_get_strv (scene->settings, key);

  return g_strjoinv (" ", names);
}

static void
test_adds (Scene *scene, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  StewardKnownHost *host =
      steward_server_list_ensure_host (scene->list, "admin@parsec.example.org:2222", &error);
  g_autofree char *kept = dup_kept (scene, "hosts");

  g_assert_no_error (error);
  g_assert_cmpstr (steward_known_host_get_name (host), ==, "admin@parsec.example.org:2222");
  g_assert_nonnull (steward_known_host_get_asker (host));
  g_assert_cmpuint (count_hosts (scene), ==, 1);
  g_assert_cmpstr (kept, ==, "admin@parsec.example.org:2222");
  g_assert_true (steward_server_list_knows_host (scene->list, "admin@parsec.example.org:2222"));
}

static void
test_adds_once (Scene *scene, gconstpointer data)
{
  StewardKnownHost *first = steward_server_list_ensure_host (scene->list, "parsec.test", NULL);
  StewardKnownHost *second = steward_server_list_ensure_host (scene->list, "parsec.test", NULL);

  g_assert_true (first == second);
  g_assert_cmpuint (count_hosts (scene), ==, 1);
}

static void
test_refuses_rubbish (Scene *scene, gconstpointer data)
{
  static const char *const texts[] = { "", "-oProxyCommand=x", "a b", "host:99999", "a@b@c;d" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (steward_server_list_ensure_host (scene->list, texts[i], &error));
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
    }
  g_assert_cmpuint (count_hosts (scene), ==, 0);
}

/* A settings file from somewhere else. */
static void
test_reads_settings (Scene *scene, gconstpointer data)
{
  static const char *const names[] = { "one.test", "-oProxyCommand=x", "one.test", "two.test",
                                       NULL };

  g_settings_set_strv (scene->settings, "hosts", names);
  g_autoptr (StewardServerList) list = steward_server_list_new (scene->settings);
  g_assert_cmpuint (g_list_model_get_n_items (steward_server_list_get_hosts (list)), ==, 2);
}

static void
test_joins_servers (Scene *scene, gconstpointer data)
{
  StewardKnownHost *host = steward_server_list_ensure_host (scene->list, "one.test", NULL);
  StewardServer *here = stage_server_new ("here", STAGE_CURRENT);
  StewardServer *there = stage_server_new ("there", STAGE_CURRENT);

  steward_known_host_take (host, there);
  steward_known_host_take (steward_server_list_get_this_machine (scene->list), here);
  g_autoptr (StewardServer) first = g_list_model_get_item (G_LIST_MODEL (scene->list), 0);
  g_autoptr (StewardServer) second = g_list_model_get_item (G_LIST_MODEL (scene->list), 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (scene->list)), ==, 2);
  g_assert_true (first == here);
  g_assert_true (second == there);
  steward_server_list_remove (scene->list, second);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (scene->list)), ==, 1);
}

/* Its own places go with it, those of others stay. */
static void
test_removes (Scene *scene, gconstpointer data)
{
  static const char *const places[] = { "/srv/here.yaml", "ssh://one.test/srv/there.yaml",
                                        "ssh://two.test/srv/there.yaml", NULL };
  StewardKnownHost *host = steward_server_list_ensure_host (scene->list, "one.test", NULL);

  g_settings_set_strv (scene->settings, "compose-files", places);
  g_settings_set_strv (scene->settings, "hidden", places);
  steward_known_host_take (host, stage_server_new ("there", STAGE_CURRENT));
  steward_server_list_remove_host (scene->list, host);
  g_autofree char *kept = dup_kept (scene, "hosts");
  g_autofree char *files = dup_kept (scene, "compose-files");
  g_autofree char *hidden = dup_kept (scene, "hidden");
  g_assert_cmpstr (kept, ==, "");
  g_assert_cmpstr (files, ==, "/srv/here.yaml ssh://two.test/srv/there.yaml");
  g_assert_cmpstr (hidden, ==, files);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (scene->list)), ==, 0);
}

static void
add (const char *path, void (*func) (Scene *, gconstpointer))
{
  g_test_add (path, Scene, NULL, set_up, func, tear_down);
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  add ("/server-list/adds-a-host", test_adds);
  add ("/server-list/adds-no-host-twice", test_adds_once);
  add ("/server-list/refuses-what-is-no-host", test_refuses_rubbish);
  add ("/server-list/settings-from-elsewhere", test_reads_settings);
  add ("/server-list/joins-the-servers-of-all-hosts", test_joins_servers);
  add ("/server-list/removes-a-host-with-its-places", test_removes);
  return g_test_run ();
}
