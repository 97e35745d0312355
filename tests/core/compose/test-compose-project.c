/* A compose project, from labels as a table and on the real engine with both versions of
 * compose. */
#include "core/compose/compose-project.h"

#include <string.h>

#include "engine-suite.h"

#define SECRET "hunter2"

static StewardContainer *
make_container (const char *directory, const char *files, const char *env_files)
{
  StewardContainer *container = g_new0 (StewardContainer, 1);

  container->name = g_strdup ("parsec-server");
  container->labels = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (container->labels, (char *)"com.docker.compose.project", (char *)"demo");
  if (directory != NULL)
    g_hash_table_insert (container->labels, (char *)"com.docker.compose.project.working_dir",
                         (char *)directory);
  if (files != NULL)
    g_hash_table_insert (container->labels, (char *)"com.docker.compose.project.config_files",
                         (char *)files);
  if (env_files != NULL)
    g_hash_table_insert (container->labels, (char *)"com.docker.compose.project.environment_file",
                         (char *)env_files);
  return container;
}

/* Lists are written with `|` between their members. */
static void
test_labels (void)
{
  static const struct
  {
    const char *files, *env_files, *expected_files, *expected_env_files;
  } cases[] = {
    { "/a/b.yaml", NULL, "/a/b.yaml", "" },
    { "/a/b.yaml,/a/c.yaml", "", "/a/b.yaml|/a/c.yaml", "" },
    { "/a, b/c,d.yaml,/e.yaml", "/a/.env,/b/x y.env", "/a, b/c,d.yaml|/e.yaml",
      "/a/.env|/b/x y.env" },
    { "b.yaml", NULL, "/a/b.yaml", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (StewardContainer) container =
          make_container ("/a", cases[i].files, cases[i].env_files);
      g_autoptr (StewardComposeProject) project =
          steward_compose_project_new_from_container (container, NULL);
      g_assert_nonnull (project);
      g_autofree char *files = g_strjoinv ("|", project->files);
      g_autofree char *env_files = g_strjoinv ("|", project->env_files);

      g_assert_cmpstr (project->name, ==, "demo");
      g_assert_cmpstr (project->directory, ==, "/a");
      g_assert_cmpstr (files, ==, cases[i].expected_files);
      g_assert_cmpstr (env_files, ==, cases[i].expected_env_files);
    }
}

static void
test_bad_labels (void)
{
  static const struct
  {
    const char *directory, *files;
  } cases[] = { { NULL, "/a/b.yaml" }, { "/a", NULL },   { "/a", "" },
                { "/a", "-" },         { "/a", "/a/-" }, { "a", "b.yaml" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (StewardContainer) container =
          make_container (cases[i].directory, cases[i].files, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (steward_compose_project_new_from_container (container, &error));
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
    }
}

static void
test_format (void)
{
  static const struct
  {
    const char *argv[5];
    const char *text;
  } cases[] = {
    { { "docker", "compose", "-f", "/a/b-c_d.yaml", NULL }, "docker compose -f /a/b-c_d.yaml" },
    { { "a b", "", "é", "$x", NULL }, "'a b' '' 'é' '$x'" },
    { { "it's", "~", "#", "a;b", NULL }, "'it'\\''s' '~' '#' 'a;b'" },
    { { NULL }, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = steward_format_command (cases[i].argv);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* A folder of the test's own whose name is the project's. */
typedef struct
{
  char *name;
  char *folder;
  char *path;
} Files;

static void
files_clear (Files *files)
{
  g_free (files->name);
  g_free (files->folder);
  g_free (files->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Files, files_clear)

static void
write_file (const Files *files, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (files->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
files_init (Files *files, Suite *suite, const char *text)
{
  files->name = engine_suite_dup_name ();
  files->folder = g_build_filename (suite->folder, files->name, NULL);
  files->path = g_build_filename (files->folder, "a, 'b'.yaml", NULL);
  g_assert_cmpint (g_mkdir_with_parents (files->folder, 0700), ==, 0);
  write_file (files, "a, 'b'.yaml", text);
}

/* Two services, one of which depends on the other and has a secret. */
static void
init_two_services (Files *files, Suite *suite)
{
  g_autofree char *text = g_strdup_printf (
      "services:\n"
      "  web: {image: '%s', command: &forever [sh, -c, 'sleep 1000'], stop_grace_period: 0s,\n"
      "        network_mode: none, env_file: [web.env], depends_on: [db], labels: {a: '${A:-1}'}}\n"
      "  db: {image: '%s', command: *forever, stop_grace_period: 0s, network_mode: none}\n",
      engine_suite_get_image (), engine_suite_get_image ());

  files_init (files, suite, text);
  write_file (files, "web.env", "PASSWORD=" SECRET "\n");
}

static StewardComposeProject *
load (Suite *suite, const Files *files)
{
  g_autoptr (GError) error = NULL;
  StewardComposeProject *project =
      steward_compose_project_new_from_file (suite->engine, files->path, NULL, &error);

  g_assert_no_error (error);
  return project;
}

static void
up (Suite *suite, const StewardComposeProject *project, StewardComposeUpFlags flags)
{
  const char *services[] = { "web", NULL };
  StewardComposeUp request = { .services = services, .flags = flags };
  g_autoptr (GError) error = NULL;

  steward_compose_project_up (project, suite->engine, &request, NULL, &error);
  g_assert_no_error (error);
}

static StewardContainer *
inspect_service (Suite *suite, const Files *files, const char *service)
{
  g_autofree char *name = g_strdup_printf ("%s-%s-1", files->name, service);

  return steward_engine_inspect_container (suite->engine, name, NULL, NULL);
}

static void
test_from_file (Suite *suite, gconstpointer compose)
{
  g_auto (Files) files = { 0 };
  init_two_services (&files, suite);
  g_autoptr (StewardComposeProject) project = load (suite, &files);
  const char *arguments[] = { "ps", NULL };
  g_auto (GStrv) argv = steward_compose_project_dup_argv (project, suite->engine, arguments);
  g_autofree char *line = g_strjoinv ("|", argv);
  g_autofree char *expected =
      g_strdup_printf ("docker|compose|--project-name|%s|--project-directory|%s|-f|%s|ps",
                       files.name, files.folder, files.path);

  g_assert_cmpstr (project->name, ==, files.name);
  g_assert_cmpstr (line, ==, expected);
}

static void
test_file_names_itself (Suite *suite, gconstpointer compose)
{
  g_auto (Files) files = { 0 };

  files_init (&files, suite, "name: my-own\nservices: {a: {image: x}}\n");
  g_autoptr (StewardComposeProject) project = load (suite, &files);
  g_assert_cmpstr (project->name, ==, "my-own");
}

static void
test_from_container (Suite *suite, gconstpointer compose)
{
  g_auto (Files) files = { 0 };
  init_two_services (&files, suite);
  write_file (&files, "more.env", "A=2\n");
  g_autoptr (StewardComposeProject) first = load (suite, &files);
  g_strfreev (first->env_files);
  first->env_files = g_new0 (char *, 2);
  first->env_files[0] = g_build_filename (files.folder, "more.env", NULL);
  up (suite, first, STEWARD_COMPOSE_UP_DEFAULT);

  g_autoptr (StewardContainer) container = inspect_service (suite, &files, "web");
  g_assert_cmpstr (steward_container_get_label (container, "a"), ==, "2");
  g_autoptr (StewardComposeProject) project =
      steward_compose_project_new_from_container (container, NULL);
  g_assert_cmpstr (project->name, ==, first->name);
  g_assert_cmpstr (project->directory, ==, first->directory);
  g_assert_true (
      g_strv_equal ((const char *const *)project->files, (const char *const *)first->files));
  g_assert_true (g_strv_equal ((const char *const *)project->env_files,
                               (const char *const *)first->env_files));
}

static void
test_resolve (Suite *suite, gconstpointer compose)
{
  g_auto (Files) files = { 0 };
  init_two_services (&files, suite);
  g_autoptr (StewardComposeProject) project = load (suite, &files);
  g_autofree char *model = steward_compose_project_resolve (project, suite->engine, NULL, NULL);

  g_assert_nonnull (strstr (model, "\"PASSWORD\": \"" SECRET "\""));
}

static void
test_up_touches_one_service (Suite *suite, gconstpointer compose)
{
  g_auto (Files) files = { 0 };
  init_two_services (&files, suite);
  g_autoptr (StewardComposeProject) project = load (suite, &files);

  up (suite, project, STEWARD_COMPOSE_UP_DEFAULT);
  g_autoptr (StewardContainer) first = inspect_service (suite, &files, "web");
  g_assert_true (first->running);
  g_assert_null (inspect_service (suite, &files, "db"));
  up (suite, project, STEWARD_COMPOSE_UP_DEFAULT);
  g_autoptr (StewardContainer) same = inspect_service (suite, &files, "web");
  g_assert_cmpstr (same->id, ==, first->id);
  up (suite, project, STEWARD_COMPOSE_UP_FORCE_RECREATE);
  g_autoptr (StewardContainer) other = inspect_service (suite, &files, "web");
  g_assert_true (other->running);
  g_assert_cmpstr (other->id, !=, first->id);
}

static gboolean
is_current (Suite *suite, const StewardComposeProject *project, const Files *files)
{
  g_autoptr (StewardContainer) container = inspect_service (suite, files, "web");
  g_autofree char *model = steward_compose_project_resolve (project, suite->engine, NULL, NULL);
  gboolean current = FALSE;
  g_autoptr (GError) error = NULL;

  steward_compose_project_is_current (
      project, suite->engine, model, "web",
      steward_container_get_label (container, "com.docker.compose.config-hash"), &current, NULL,
      &error);
  g_assert_no_error (error);
  return current;
}

/* However the container was made, and until one of its files changes. */
static void
test_is_current (Suite *suite, gconstpointer compose)
{
  g_auto (Files) files = { 0 };
  init_two_services (&files, suite);
  g_autoptr (StewardComposeProject) project = load (suite, &files);

  up (suite, project, STEWARD_COMPOSE_UP_DEFAULT);
  g_assert_true (is_current (suite, project, &files));
  g_free (engine_suite_docker (suite, "compose", "-f", files.path, "up", "-d", "--pull", "never",
                               NULL));
  g_assert_true (is_current (suite, project, &files));
  write_file (&files, "web.env", "PASSWORD=other\n");
  g_assert_false (is_current (suite, project, &files));
}

static void
test_hash (Suite *suite, gconstpointer compose)
{
  g_auto (Files) files = { 0 };
  init_two_services (&files, suite);
  g_autoptr (StewardComposeProject) project = load (suite, &files);
  g_autoptr (GError) error = NULL;

  g_free (engine_suite_docker (suite, "compose", "-f", files.path, "up", "-d", "--pull", "never",
                               NULL));
  g_autoptr (StewardContainer) container = inspect_service (suite, &files, "web");
  g_autofree char *hash = steward_compose_project_hash (project, suite->engine, "web", NULL, NULL);
  g_assert_cmpstr (hash, ==,
                   steward_container_get_label (container, "com.docker.compose.config-hash"));
  g_assert_null (steward_compose_project_hash (project, suite->engine, "other", NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
}

/* Each is refused in words that show no value. */
static void
test_bad_files (Suite *suite, gconstpointer compose)
{
  static const char *const texts[] = {
    "services: {a: {image: x, env_file: [missing.env]}}\n",
    "services: {a: {image: x\n",
    "services: {a: {image: x, env_file: [bad.env]}}\n",
    "services: {a: {image: '${" SECRET "'}}\n",
    "services: {a: {image: x, ports: ['" SECRET "']}}\n",
    "services: {a: {image: '${REQUIRED:?" SECRET "}'}}\n",
    "services: {a: {image: x, volumes: ['" SECRET ":/x']}}\n",
    "services: " SECRET "\n",
    "",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto (Files) files = { 0 };
      g_autoptr (GError) error = NULL;

      files_init (&files, suite, texts[i]);
      write_file (&files, "bad.env", "P%=" SECRET "\n");
      g_assert_null (
          steward_compose_project_new_from_file (suite->engine, files.path, NULL, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
      g_assert_null (strstr (error->message, SECRET));
    }
}

static void
test_no_file (Suite *suite, gconstpointer compose)
{
  g_autofree char *path = g_build_filename (suite->folder, "absent.yaml", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_compose_project_new_from_file (suite->engine, path, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
}

static void
note_line_cb (const char *line, gpointer data)
{
  g_string_append_printf (data, "%s\n", line);
}

static void
test_up_says_what_it_does (Suite *suite, gconstpointer compose)
{
  g_auto (Files) files = { 0 };
  init_two_services (&files, suite);
  g_autoptr (StewardComposeProject) project = load (suite, &files);
  g_autoptr (GString) lines = g_string_new (NULL);
  const char *services[] = { "web", NULL };
  StewardComposeUp request = { .services = services, .line = note_line_cb, .line_data = lines };
  g_autoptr (GError) error = NULL;

  g_assert_true (steward_compose_project_up (project, suite->engine, &request, NULL, &error));
  g_assert_nonnull (strstr (lines->str, "-web-1  Started"));
  write_file (&files, "web.env", "P%=" SECRET "\n");
  g_string_truncate (lines, 0);
  g_assert_false (steward_compose_project_up (project, suite->engine, &request, NULL, &error));
  g_assert_null (strstr (error->message, SECRET));
  g_assert_null (strstr (lines->str, SECRET));
}

static void
test_up_misses_image (Suite *suite, gconstpointer compose)
{
  g_auto (Files) files = { 0 };
  files_init (&files, suite, "services: {web: {image: 'steward-no-such:1', network_mode: none}}\n");
  g_autoptr (StewardComposeProject) project = load (suite, &files);
  const char *services[] = { "web", NULL };
  StewardComposeUp request = { .services = services };
  g_autoptr (GError) error = NULL;

  g_assert_false (steward_compose_project_up (project, suite->engine, &request, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "steward-no-such:1"));
}

static void
test_up_is_fenced (Suite *suite, gconstpointer compose)
{
  g_auto (Files) files = { 0 };
  init_two_services (&files, suite);
  g_autoptr (StewardComposeProject) project = load (suite, &files);
  const char *services[] = { "web", NULL };
  StewardFence lost = { suite->folder, (char *)"1" };
  StewardComposeUp request = { .services = services, .fence = &lost };
  g_autoptr (GError) error = NULL;

  steward_compose_project_up (project, suite->engine, &request, NULL, &error);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK);
  g_assert_null (inspect_service (suite, &files, "web"));
}

static const SuiteCase cases[] = {
  { "/file/gives-the-project", test_from_file },
  { "/file/may-name-the-project", test_file_names_itself },
  { "/file/may-be-absent", test_no_file },
  { "/file/is-refused-without-showing-values", test_bad_files },
  { "/container/gives-the-project", test_from_container },
  { "/resolve/gives-the-model", test_resolve },
  { "/hash/is-the-one-of-the-label", test_hash },
  { "/current/is-however-it-was-made", test_is_current },
  { "/up/touches-one-service", test_up_touches_one_service },
  { "/up/says-what-it-does-and-no-values", test_up_says_what_it_does },
  { "/up/misses-an-image", test_up_misses_image },
  { "/up/is-held-back-by-a-lost-fence", test_up_is_fenced },
  { NULL, NULL },
};

static void
add_tests (void)
{
  g_test_add_func ("/compose-project/labels/give-the-project", test_labels);
  g_test_add_func ("/compose-project/labels/may-say-too-little", test_bad_labels);
  g_test_add_func ("/compose-project/command/is-quoted-where-needed", test_format);
  engine_suite_add_both ("/compose-project", cases);
}

int
main (int argc, char **argv)
{
  return engine_suite_run (argc, argv, add_tests);
}
