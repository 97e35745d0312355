/* Containers on the real engine: what is told of them and what is done to them. */
#include "core/engine/container.h"

#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

#include "engine-suite.h"

#define FOREVER "trap 'exit 0' TERM; while :; do sleep 0.1; done"

static StewardContainer *
inspect (Suite *suite, const char *name)
{
  g_autoptr (GError) error = NULL;
  StewardContainer *container =
      steward_engine_inspect_container (suite->engine, name, NULL, &error);

  g_assert_no_error (error);
  return container;
}

/* A container with one of everything. Returns: its name */
static char *
start_with_everything (Suite *suite, const char *network)
{
  char *name = engine_suite_dup_name ();
  g_autofree char *mount = g_strconcat (suite->folder, ":/data:ro", NULL);

  g_free (engine_suite_docker (suite, "network", "create", network, NULL));
  g_free (engine_suite_docker (suite, "run", "-d", "--name", name, "--network", network,
                               "--network-alias", "db", "-p", "127.0.0.1::6777", "-v", mount, "-e",
                               "SECRET=a=b", "--label", "note=a,b", "--restart", "on-failure:5",
                               "--entrypoint", "sh", engine_suite_get_image (), "-c", FOREVER,
                               NULL));
  return name;
}

static void
test_configuration (Suite *suite, gconstpointer compose)
{
  g_autofree char *network = engine_suite_dup_name ();
  g_autofree char *name = start_with_everything (suite, network);
  g_autoptr (StewardContainer) container = inspect (suite, name);

  g_assert_cmpuint (strlen (container->id), ==, 64);
  g_assert_cmpstr (container->name, ==, name);
  g_assert_cmpstr (container->image, ==, engine_suite_get_image ());
  g_assert_true (g_str_has_prefix (container->image_id, "sha256:"));
  g_assert_cmpstr (container->restart_policy, ==, "on-failure:5");
  g_assert_cmpstr (container->network_mode, ==, network);
  g_assert_cmpstr (steward_container_get_environment (container, "SECRET"), ==, "a=b");
  g_assert_cmpstr (steward_container_get_label (container, "note"), ==, "a,b");
  g_assert_cmpstr (container->entrypoint[0], ==, "sh");
  g_assert_cmpstr (container->command[1], ==, FOREVER);
}

static void
test_connections (Suite *suite, gconstpointer compose)
{
  g_autofree char *network_name = engine_suite_dup_name ();
  g_autofree char *name = start_with_everything (suite, network_name);
  g_autofree char *port = engine_suite_docker (suite, "port", name, "6777", NULL);
  g_autoptr (StewardContainer) container = inspect (suite, name);
  const StewardPublishedPort *published = container->ports->pdata[0];
  const StewardMount *bind = container->mounts->pdata[0];
  const StewardContainerNetwork *network = container->networks->pdata[0];

  g_assert_cmpuint (published->container_port, ==, 6777);
  g_assert_cmpstr (published->protocol, ==, "tcp");
  g_assert_cmpstr (published->host_address, ==, "127.0.0.1");
  g_assert_cmpuint (published->host_port, ==, atoi (strrchr (port, ':') + 1));
  g_assert_cmpstr (bind->type, ==, "bind");
  g_assert_cmpstr (bind->source, ==, suite->folder);
  g_assert_cmpstr (bind->destination, ==, "/data");
  g_assert_true (bind->read_only);
  g_assert_cmpstr (network->name, ==, network_name);
  g_assert_true (g_hostname_is_ip_address (network->address));
  g_assert_true (g_strv_contains ((const char *const *)network->aliases, "db"));
}

static void
test_state_running (Suite *suite, gconstpointer compose)
{
  g_autofree char *name = engine_suite_start (suite, FOREVER);
  g_autoptr (StewardContainer) container = inspect (suite, name);

  g_assert_true (container->running);
  g_assert_cmpstr (container->status, ==, "running");
  g_assert_cmpint (container->finished_us, ==, 0);
  g_assert_cmpint (ABS (container->started_us - g_get_real_time ()), <, 120 * G_USEC_PER_SEC);
  g_assert_cmpint (container->created_us, <=, container->started_us);
  g_assert_null (container->health);
  g_assert_cmpstr (container->restart_policy, ==, "no");
}

static void
test_state_ended (Suite *suite, gconstpointer compose)
{
  g_autofree char *name = engine_suite_start (suite, "sleep 0.2; exit 5");
  g_autofree char *status = engine_suite_docker (suite, "wait", name, NULL);
  g_autoptr (StewardContainer) container = inspect (suite, name);

  g_assert_cmpstr (status, ==, "5");
  g_assert_false (container->running);
  g_assert_cmpint (container->exit_code, ==, 5);
  g_assert_cmpint (container->finished_us, >=, container->started_us);
}

static void
test_inspect_misses (Suite *suite, gconstpointer compose)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_engine_inspect_container (suite->engine, "steward-no-such", NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
}

static void
test_list (Suite *suite, gconstpointer compose)
{
  g_autofree char *first = engine_suite_start (suite, FOREVER);
  g_autofree char *second = engine_suite_start (suite, "exit 0");
  g_autofree char *first_filter = g_strdup_printf ("name=^%s$", first);
  g_autofree char *second_filter = g_strdup_printf ("name=^%s$", second);
  const char *filters[] = { first_filter, second_filter, NULL };
  g_autoptr (GPtrArray) found = steward_engine_list_containers (suite->engine, filters, NULL, NULL);

  g_assert_cmpuint (found->len, ==, 2);
  g_assert_cmpstr (((StewardContainer *)found->pdata[0])->name, ==, first);
  g_assert_cmpstr (((StewardContainer *)found->pdata[1])->name, ==, second);
}

static void
test_list_nothing (Suite *suite, gconstpointer compose)
{
  const char *filters[] = { "name=steward-no-such", NULL };
  g_autoptr (GPtrArray) found = steward_engine_list_containers (suite->engine, filters, NULL, NULL);

  g_assert_nonnull (found);
  g_assert_cmpuint (found->len, ==, 0);
}

/* A container that `ps` still names and `inspect` no longer knows. */
static void
test_list_vanishing (Suite *suite, gconstpointer compose)
{
  g_autofree char *name = engine_suite_start (suite, FOREVER);
  g_autofree char *filter = g_strdup_printf ("name=^%s$", name);
  const char *filters[] = { filter, NULL };
  g_autoptr (GError) error = NULL;

  engine_suite_set_fake (suite, "\"$real\" \"$@\" || exit\n"
                                "[ \"$1\" != ps ] || printf '%064d\\n' 7");
  g_autoptr (GPtrArray) found =
      steward_engine_list_containers (suite->engine, filters, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpstr (((StewardContainer *)found->pdata[0])->name, ==, name);
}

static void
assert_list_fails (Suite *suite, StewardError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_engine_list_containers (suite->engine, NULL, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, (int)code);
}

/* A shell there is, as on every host. */
static void
test_list_no_docker (Suite *suite, gconstpointer compose)
{
  g_autofree char *shell = g_find_program_in_path ("sh");
  g_autofree char *link = g_build_filename (suite->folder, "sh", NULL);

  g_assert_cmpint (symlink (shell, link), ==, 0);
  g_setenv ("PATH", suite->folder, TRUE);
  assert_list_fails (suite, STEWARD_ERROR_NOT_FOUND);
}

static void
test_list_not_running (Suite *suite, gconstpointer compose)
{
  g_autofree char *address = g_strconcat ("unix://", suite->folder, "/absent.sock", NULL);

  g_setenv ("DOCKER_HOST", address, TRUE);
  assert_list_fails (suite, STEWARD_ERROR_UNREACHABLE);
}

/* By the second of the two commands only. */
static void
test_list_stops_midway (Suite *suite, gconstpointer compose)
{
  g_autofree char *name = engine_suite_start (suite, FOREVER);

  engine_suite_set_fake (suite, "[ \"$1\" = ps ] && exec \"$real\" \"$@\"\n"
                                "echo 'Cannot connect to the Docker daemon at unix:///x' >&2\n"
                                "exit 1");
  assert_list_fails (suite, STEWARD_ERROR_UNREACHABLE);
}

static void
test_stop_and_start (Suite *suite, gconstpointer compose)
{
  g_autofree char *name = engine_suite_start (suite, FOREVER);

  for (int i = 0; i < 2; i++)
    {
      g_assert_true (steward_engine_stop_container (suite->engine, name, 10, NULL, NULL, NULL));
      g_autoptr (StewardContainer) stopped = inspect (suite, name);
      g_assert_false (stopped->running);
      g_assert_cmpint (stopped->exit_code, ==, 0);
    }
  for (int i = 0; i < 2; i++)
    {
      g_assert_true (steward_engine_start_container (suite->engine, name, NULL, NULL, NULL));
      g_autoptr (StewardContainer) started = inspect (suite, name);
      g_assert_true (started->running);
    }
}

static void
test_stop_by_force (Suite *suite, gconstpointer compose)
{
  g_autofree char *name = engine_suite_start (suite, "trap '' TERM; while :; do sleep 1; done");

  g_assert_true (steward_engine_stop_container (suite->engine, name, 1, NULL, NULL, NULL));
  g_autoptr (StewardContainer) stopped = inspect (suite, name);
  g_assert_false (stopped->running);
  g_assert_cmpint (stopped->exit_code, ==, 137);
}

static void
test_absent (Suite *suite, gconstpointer compose)
{
  const char *name = "steward-no-such";
  g_autoptr (GError) start_error = NULL, policy_error = NULL;

  g_assert_true (steward_engine_stop_container (suite->engine, name, 1, NULL, NULL, NULL));
  g_assert_true (steward_engine_remove_container (suite->engine, name, NULL, NULL, NULL));
  steward_engine_start_container (suite->engine, name, NULL, NULL, &start_error);
  g_assert_error (start_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
  steward_engine_set_restart_policy (suite->engine, name, "no", NULL, NULL, &policy_error);
  g_assert_error (policy_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
}

static void
test_remove_keeps_volumes (Suite *suite, gconstpointer compose)
{
  g_autofree char *name = engine_suite_dup_name ();
  g_autofree char *volume = engine_suite_dup_name ();
  g_autofree char *mount = g_strconcat (volume, ":/named", NULL);
  g_autofree char *id =
      engine_suite_docker (suite, "run", "-d", "--name", name, "--network", "none", "-v", mount,
                           "-v", "/unnamed", engine_suite_get_image (), "sh", "-c", FOREVER, NULL);
  g_autoptr (StewardContainer) container = inspect (suite, id);

  g_assert_cmpuint (container->mounts->len, ==, 2);
  g_assert_true (steward_engine_remove_container (suite->engine, name, NULL, NULL, NULL));
  g_assert_cmpuint (engine_suite_count (suite, "container", name), ==, 0);
  for (guint i = 0; i < container->mounts->len; i++)
    {
      const StewardMount *kept = container->mounts->pdata[i];
      g_autofree char *removed = engine_suite_docker (suite, "volume", "rm", kept->name, NULL);

      g_assert_cmpstr (removed, ==, kept->name);
    }
}

static void
test_restart_policy (Suite *suite, gconstpointer compose)
{
  static const char *const policies[] = { "always", "unless-stopped", "on-failure:3", "on-failure",
                                          "no" };
  g_autofree char *name = engine_suite_start (suite, FOREVER);

  for (gsize i = 0; i < G_N_ELEMENTS (policies); i++)
    {
      g_assert_true (
          steward_engine_set_restart_policy (suite->engine, name, policies[i], NULL, NULL, NULL));
      g_autoptr (StewardContainer) container = inspect (suite, name);
      g_assert_cmpstr (container->restart_policy, ==, policies[i]);
    }
}

static void
test_fenced (Suite *suite, gconstpointer compose)
{
  g_autofree char *name = engine_suite_start (suite, FOREVER);
  g_autofree char *log = g_build_filename (suite->folder, "log", NULL);
  StewardFence lost = { suite->folder, (char *)"1" };
  g_autoptr (GError) stop = NULL, removal = NULL, policy = NULL, saving = NULL;

  steward_engine_stop_container (suite->engine, name, 1, &lost, NULL, &stop);
  steward_engine_remove_container (suite->engine, name, &lost, NULL, &removal);
  steward_engine_set_restart_policy (suite->engine, name, "always", &lost, NULL, &policy);
  steward_engine_save_log (suite->engine, name, log, &lost, NULL, &saving);
  g_assert_error (stop, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK);
  g_assert_error (removal, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK);
  g_assert_error (policy, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK);
  g_assert_error (saving, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK);
  g_autoptr (StewardContainer) container = inspect (suite, name);
  g_assert_true (container->running);
  g_assert_cmpstr (container->restart_policy, ==, "no");
}

static void
test_save_log (Suite *suite, gconstpointer compose)
{
  g_autofree char *name = engine_suite_start (suite, "echo one; echo two >&2");
  g_autofree char *status = engine_suite_docker (suite, "wait", name, NULL);
  g_autofree char *path = g_build_filename (suite->folder, "a 'log'", NULL);
  g_autofree char *text = NULL;
  struct stat info;

  g_assert_true (steward_engine_save_log (suite->engine, name, path, NULL, NULL, NULL));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  /* Docker itself does not keep the order between the two streams. */
  g_assert_true (g_regex_match_simple ("^(\\d{4}-\\S+Z (one|two)\n){2}$", text, 0, 0));
  g_assert_nonnull (strstr (text, "Z one\n"));
  g_assert_nonnull (strstr (text, "Z two\n"));
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0600);
}

static void
test_save_log_fails (Suite *suite, gconstpointer compose)
{
  g_autofree char *path = g_build_filename (suite->folder, "log", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (suite->folder, 0, NULL);

  g_assert_true (g_file_set_contents (path, "before", -1, NULL));
  steward_engine_save_log (suite->engine, "steward-no-such", path, NULL, NULL, &error);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "before");
  g_dir_rewind (dir);
  g_assert_cmpstr (g_dir_read_name (dir), ==, "log");
  g_assert_null (g_dir_read_name (dir));
}

static void
test_exec (Suite *suite, gconstpointer compose)
{
  g_autofree char *name = engine_suite_start (suite, FOREVER);
  const char *argv[] = { "sh", "-c", "cat; echo noise >&2; echo \"$1\"", "sh", "a 'b'", NULL };
  g_autoptr (GInputStream) input = g_memory_input_stream_new_from_data ("in\n", -1, NULL);
  g_autofree char *output = steward_engine_exec (suite->engine, name, argv, input, NULL, NULL);

  g_assert_cmpstr (output, ==, "in\na 'b'\n");
}

static void
assert_exec_fails (Suite *suite, const char *name, const char *const *argv, StewardError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_engine_exec (suite->engine, name, argv, NULL, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, (int)code);
}

static void
test_exec_fails (Suite *suite, gconstpointer compose)
{
  g_autofree char *name = engine_suite_start (suite, FOREVER);
  g_autofree char *ended = engine_suite_start (suite, "exit 0");
  g_autofree char *status = engine_suite_docker (suite, "wait", ended, NULL);
  const char *failing[] = { "sh", "-c", "echo connection refused >&2; exit 3", NULL };
  const char *missing[] = { "steward-no-such-program", NULL };

  assert_exec_fails (suite, name, failing, STEWARD_ERROR_FAILED);
  assert_exec_fails (suite, name, missing, STEWARD_ERROR_NOT_FOUND);
  assert_exec_fails (suite, ended, failing, STEWARD_ERROR_FAILED);
  assert_exec_fails (suite, "steward-no-such", failing, STEWARD_ERROR_NOT_FOUND);
}

static const SuiteCase cases[] = {
  { "/inspect/tells-the-configuration", test_configuration },
  { "/inspect/tells-networks-ports-and-mounts", test_connections },
  { "/inspect/tells-a-running-state", test_state_running },
  { "/inspect/tells-how-it-ended", test_state_ended },
  { "/inspect/misses-a-container", test_inspect_misses },
  { "/list/gives-running-and-stopped-ones", test_list },
  { "/list/may-be-empty", test_list_nothing },
  { "/list/leaves-out-what-vanishes", test_list_vanishing },
  { "/list/tells-that-there-is-no-docker", test_list_no_docker },
  { "/list/tells-that-the-engine-is-away", test_list_not_running },
  { "/list/tells-that-the-engine-went-away-midway", test_list_stops_midway },
  { "/effects/stop-and-start-again-and-again", test_stop_and_start },
  { "/effects/stop-by-force", test_stop_by_force },
  { "/effects/know-what-is-absent", test_absent },
  { "/effects/keep-volumes", test_remove_keeps_volumes },
  { "/effects/set-each-restart-policy", test_restart_policy },
  { "/effects/are-held-back-by-a-lost-fence", test_fenced },
  { "/save-log/keeps-both-streams-with-times", test_save_log },
  { "/save-log/leaves-the-old-file-on-an-error", test_save_log_fails },
  { "/exec/passes-input-and-output", test_exec },
  { "/exec/tells-failures-apart", test_exec_fails },
  { NULL, NULL },
};

static void
add_tests (void)
{
  engine_suite_add ("/container", cases);
}

int
main (int argc, char **argv)
{
  return engine_suite_run (argc, argv, add_tests);
}
