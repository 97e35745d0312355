/* Which servers are on the list, and what is said of a host that cannot be worked with. Compose
 * files are read by the real docker compose, which needs no engine for it. */
#include "stage.h"

#include <glib/gstdio.h>

#define SERVER_FILE                                                                                \
  "services:\n"                                                                                    \
  "  server:\n"                                                                                    \
  "    image: registry.example.org/parsec-server:3.5.0\n"                                          \
  "    environment:\n"                                                                             \
  "      PARSEC_DB: postgresql://parsec:pass@database:5432/parsec\n"                               \
  "  database:\n"                                                                                  \
  "    image: postgres:16\n"

typedef struct
{
  GSettings *settings;
  StewardKnownHost *list;
  char *folder;
  char *file;
} Scene;

static void
use_compose (void)
{
  g_autofree char *config =
      g_build_filename (g_getenv ("STEWARD_TESTS_CACHE"), "compose-2.40", "docker-config", NULL);

  if (!g_file_test (config, G_FILE_TEST_IS_DIR))
    g_error ("docker compose is not in %s.", config);
  g_setenv ("DOCKER_CONFIG", config, TRUE);
}

static void
set_up (Scene *scene, gconstpointer data)
{
  stage_set_docker (GPOINTER_TO_INT (data));
  scene->settings = g_settings_new (STEWARD_APPLICATION_ID);
  g_settings_reset (scene->settings, "compose-files");
  g_settings_reset (scene->settings, "hidden");
  scene->list = steward_known_host_new (scene->settings, NULL);
  scene->folder = g_dir_make_tmp ("parsec-XXXXXX", NULL);
  scene->file = g_build_filename (scene->folder, "compose.yaml", NULL);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  stage_release (scene->list);
  g_object_unref (scene->settings);
  g_unlink (scene->file);
  g_rmdir (scene->folder);
  g_free (scene->file);
  g_free (scene->folder);
}

static void
write_file (Scene *scene, const char *text)
{
  g_assert_true (g_file_set_contents (scene->file, text, -1, NULL));
}

static guint
count (Scene *scene)
{
  return g_list_model_get_n_items (G_LIST_MODEL (scene->list));
}

/* (transfer none): the list holds it */
static StewardServer *
get_first (Scene *scene)
{
  g_autoptr (StewardServer) server = g_list_model_get_item (G_LIST_MODEL (scene->list), 0);

  g_assert_nonnull (server);
  return server;
}

static gboolean
has_looked (gpointer data)
{
  gboolean is_looking;

  g_object_get (data, "is-looking", &is_looking, NULL);
  return !is_looking;
}

static void
look (Scene *scene)
{
  steward_known_host_look (scene->list);
  stage_wait (has_looked, scene->list);
}

static void
take_result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *)data != NULL;
}

/* (transfer full) (nullable) */
static StewardServer *
add_file (Scene *scene, const char *path, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  steward_known_host_add_async (scene->list, path, take_result_cb, &result);
  stage_wait (is_set, &result);
  return steward_known_host_add_finish (scene->list, result, error);
}

static gboolean
is_listed (Scene *scene, const char *key, const char *file)
{
  g_auto (GStrv) files = g_settings_get_strv (scene->settings, key);

  return g_strv_contains ((const char *const *)files, file);
}

static void
test_adds (Scene *scene, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardServer) server = NULL;

  write_file (scene, SERVER_FILE);
  server = add_file (scene, scene->file, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (steward_server_get_place (server), ==, scene->file);
  g_assert_cmpuint (count (scene), ==, 1);
  g_assert_true (is_listed (scene, "compose-files", scene->file));
}

static void
test_adds_once (Scene *scene, gconstpointer data)
{
  g_autoptr (StewardServer) first = NULL;
  g_autoptr (StewardServer) second = NULL;

  write_file (scene, SERVER_FILE);
  first = add_file (scene, scene->file, NULL);
  second = add_file (scene, scene->file, NULL);
  g_assert_true (first == second);
  g_assert_cmpuint (count (scene), ==, 1);
  g_auto (GStrv) files = g_settings_get_strv (scene->settings, "compose-files");
  g_assert_cmpuint (g_strv_length (files), ==, 1);
}

/* What is no server's is not kept either. */
static void
check_refused (Scene *scene, const char *text)
{
  g_autoptr (GError) error = NULL;

  if (text != NULL)
    write_file (scene, text);
  g_assert_null (add_file (scene, scene->file, &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (error->message, !=, "");
  g_assert_cmpuint (count (scene), ==, 0);
  g_assert_false (is_listed (scene, "compose-files", scene->file));
}

static void
test_refuses_other_projects (Scene *scene, gconstpointer data)
{
  check_refused (scene, "services:\n  web:\n    image: nginx:1\n");
}

static void
test_refuses_what_is_no_compose_file (Scene *scene, gconstpointer data)
{
  check_refused (scene, "]\x01 not yaml: [");
}

static void
test_refuses_absent_files (Scene *scene, gconstpointer data)
{
  check_refused (scene, NULL);
}

static void
test_removes (Scene *scene, gconstpointer data)
{
  g_autoptr (StewardServer) server = NULL;
  g_autoptr (StewardServer) again = NULL;

  write_file (scene, SERVER_FILE);
  server = add_file (scene, scene->file, NULL);
  steward_known_host_remove (scene->list, server);
  g_assert_cmpuint (count (scene), ==, 0);
  g_assert_false (is_listed (scene, "compose-files", scene->file));
  g_assert_true (is_listed (scene, "hidden", scene->file));
  look (scene);
  g_assert_cmpuint (count (scene), ==, 0);

  again = add_file (scene, scene->file, NULL);
  g_assert_nonnull (again);
  g_assert_false (is_listed (scene, "hidden", scene->file));
  look (scene);
  g_assert_cmpuint (count (scene), ==, 1);
}

static gboolean
is_unreachable (gpointer data)
{
  return steward_server_get_state (data) == STEWARD_SERVER_UNREACHABLE;
}

/* Whoever added it shall read what happened to it. */
static void
test_keeps_added_files_that_are_gone (Scene *scene, gconstpointer data)
{
  const char *const files[] = { scene->file, NULL };

  g_settings_set_strv (scene->settings, "compose-files", files);
  look (scene);
  g_assert_cmpuint (count (scene), ==, 1);
  stage_wait (is_unreachable, get_first (scene));
  g_assert_nonnull (steward_server_get_facts (get_first (scene))->problem);
}

static void
test_settings_from_elsewhere (Scene *scene, gconstpointer data)
{
  const char *const files[] = { "",  "relative/compose.yaml", "<b>x</b>", scene->file, scene->file,
                                NULL };

  g_settings_set_strv (scene->settings, "compose-files", files);
  g_settings_set_strv (scene->settings, "hidden", files + 4);
  look (scene);
  g_assert_cmpuint (count (scene), ==, 0);
  g_settings_reset (scene->settings, "hidden");
  look (scene);
  g_assert_cmpuint (count (scene), ==, 1);
}

static void
check_host (Scene *scene, StewardHostState state)
{
  g_assert_cmpint (steward_known_host_get_state (scene->list), ==, STEWARD_HOST_UNKNOWN);
  look (scene);
  g_assert_cmpint (steward_known_host_get_state (scene->list), ==, state);
  if (state == STEWARD_HOST_READY)
    g_assert_null (steward_known_host_get_problem (scene->list));
  else
    g_assert_cmpstr (steward_known_host_get_problem (scene->list), !=, NULL);
}

static void
test_no_docker (Scene *scene, gconstpointer data)
{
  check_host (scene, STEWARD_HOST_NO_ENGINE);
}

static void
test_no_engine (Scene *scene, gconstpointer data)
{
  check_host (scene, STEWARD_HOST_UNREACHABLE);
}

static void
test_no_permission (Scene *scene, gconstpointer data)
{
  check_host (scene, STEWARD_HOST_DENIED);
}

static void
test_host_recovers (Scene *scene, gconstpointer data)
{
  look (scene);
  stage_set_docker (STAGE_DOCKER_EMPTY);
  look (scene);
  g_assert_cmpint (steward_known_host_get_state (scene->list), ==, STEWARD_HOST_READY);
  g_assert_null (steward_known_host_get_problem (scene->list));
}

static void
test_forgets_what_is_gone (Scene *scene, gconstpointer data)
{
  steward_known_host_take (scene->list, stage_server_new ("parsec", STAGE_CURRENT));
  look (scene);
  g_assert_cmpuint (count (scene), ==, 0);
}

/* An engine that does not answer has not lost its servers. */
static void
test_keeps_all_without_engine (Scene *scene, gconstpointer data)
{
  steward_known_host_take (scene->list, stage_server_new ("parsec", STAGE_CURRENT));
  look (scene);
  g_assert_cmpuint (count (scene), ==, 1);
  stage_wait (is_unreachable, get_first (scene));
}

/* Between the old container and the new one there is none. */
static void
test_keeps_what_is_worked_on (Scene *scene, gconstpointer data)
{
  g_autoptr (StewardServer) server = stage_server_new ("parsec", STAGE_UPDATE);
  g_autoptr (StageRun) run = stage_run_new (server, STEWARD_OPERATION_UPGRADE);

  steward_known_host_take (scene->list, g_object_ref (server));
  look (scene);
  g_assert_true (get_first (scene) == server);
  stage_run_end (run, STEWARD_RESULT_DONE, NULL);
  stage_run_settle (run);
  look (scene);
  g_assert_cmpuint (count (scene), ==, 0);
}

static void
test_is_sorted (Scene *scene, gconstpointer data)
{
  static const char *const names[] = { "zoo", "archive", "parsec" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    steward_known_host_take (scene->list, stage_server_new (names[i], STAGE_CURRENT));
  look (scene);
  g_assert_cmpuint (count (scene), ==, 3);
  g_assert_cmpstr (steward_server_get_name (get_first (scene)), ==, "archive");
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
  use_compose ();
  add ("/known-host/adds-a-compose-file", STAGE_DOCKER_AWAY, test_adds);
  add ("/known-host/adds-none-twice", STAGE_DOCKER_AWAY, test_adds_once);
  add ("/known-host/refuses-other-projects", STAGE_DOCKER_AWAY, test_refuses_other_projects);
  add ("/known-host/refuses-what-is-no-compose-file", STAGE_DOCKER_AWAY,
       test_refuses_what_is_no_compose_file);
  add ("/known-host/refuses-absent-files", STAGE_DOCKER_AWAY, test_refuses_absent_files);
  add ("/known-host/refuses-without-docker", STAGE_DOCKER_ABSENT, test_refuses_absent_files);
  add ("/known-host/removed-comes-back-when-added", STAGE_DOCKER_AWAY, test_removes);
  add ("/known-host/keeps-added-files-that-are-gone", STAGE_DOCKER_AWAY,
       test_keeps_added_files_that_are_gone);
  add ("/known-host/settings-from-elsewhere", STAGE_DOCKER_EMPTY, test_settings_from_elsewhere);
  add ("/known-host/no-docker", STAGE_DOCKER_ABSENT, test_no_docker);
  add ("/known-host/no-engine", STAGE_DOCKER_AWAY, test_no_engine);
  add ("/known-host/no-permission", STAGE_DOCKER_DENIED, test_no_permission);
  add ("/known-host/host-recovers", STAGE_DOCKER_DENIED, test_host_recovers);
  add ("/known-host/forgets-what-is-gone", STAGE_DOCKER_EMPTY, test_forgets_what_is_gone);
  add ("/known-host/keeps-all-without-engine", STAGE_DOCKER_AWAY, test_keeps_all_without_engine);
  add ("/known-host/keeps-what-is-worked-on", STAGE_DOCKER_EMPTY, test_keeps_what_is_worked_on);
  add ("/known-host/is-sorted", STAGE_DOCKER_DENIED, test_is_sorted);
  return g_test_run ();
}
