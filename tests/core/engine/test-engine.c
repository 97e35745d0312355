/* Whether the engine can be worked with: each way it cannot has its own error. */
#include "core/engine/engine.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "engine-suite.h"

static void
assert_check_fails (Suite *suite, StewardError code)
{
  g_auto (StewardEngineVersions) versions = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (steward_engine_check (suite->engine, &versions, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, (int)code);
  g_assert_true (g_str_has_suffix (error->message, "."));
}

static void
test_versions (Suite *suite, gconstpointer compose)
{
  g_auto (StewardEngineVersions) versions = { 0 };
  g_autofree char *expected =
      engine_suite_docker (suite, "info", "--format", "{{.ServerVersion}}", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (steward_engine_check (suite->engine, &versions, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (versions.engine, ==, expected);
  g_assert_false (versions.is_podman);
  g_assert_true (g_str_has_prefix (versions.compose, compose));
}

static void
test_no_docker (Suite *suite, gconstpointer compose)
{
  g_setenv ("PATH", suite->folder, TRUE);
  assert_check_fails (suite, STEWARD_ERROR_NOT_FOUND);
}

static void
test_not_running (Suite *suite, gconstpointer compose)
{
  g_autofree char *address = g_strconcat ("unix://", suite->folder, "/absent.sock", NULL);

  g_setenv ("DOCKER_HOST", address, TRUE);
  assert_check_fails (suite, STEWARD_ERROR_UNREACHABLE);
}

/* A socket that takes connections and never says a word. */
static void
test_silent (Suite *suite, gconstpointer compose)
{
  g_autofree char *path = g_build_filename (suite->folder, "silent.sock", NULL);
  g_autofree char *host = g_strconcat ("unix://", path, NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  g_assert_true (g_socket_listener_add_address (listener, address, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, NULL));
  g_setenv ("DOCKER_HOST", host, TRUE);
  assert_check_fails (suite, STEWARD_ERROR_UNREACHABLE);
}

static void
test_denied (Suite *suite, gconstpointer compose)
{
  engine_suite_set_fake (suite,
                         "echo 'permission denied while trying to connect to the Docker daemon "
                         "socket at unix:///var/run/docker.sock' >&2\nexit 1");
  g_autofree char *bin = g_build_filename (suite->folder, "bin", NULL);
  g_setenv ("PATH", bin, TRUE); /* no sudo either */
  assert_check_fails (suite, STEWARD_ERROR_DENIED);
}

static void
test_no_compose (Suite *suite, gconstpointer compose)
{
  engine_suite_set_fake (suite, "[ \"$1\" = compose ] || exec \"$real\" \"$@\"\n"
                                "echo \"docker: 'compose' is not a docker command.\" >&2\nexit 1");
  assert_check_fails (suite, STEWARD_ERROR_REFUSED);
}

static void
test_old_compose (Suite *suite, gconstpointer compose)
{
  engine_suite_set_fake (suite, "[ \"$1\" = compose ] || exec \"$real\" \"$@\"\necho 1.29.2");
  assert_check_fails (suite, STEWARD_ERROR_REFUSED);
}

static void
test_call_quotes_docker (Suite *suite, gconstpointer compose)
{
  const char *argv[] = { "network", "inspect", "steward-no-such-network", NULL };
  StewardCommand command = { .argv = argv };
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_engine_call (suite->engine, &command, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "steward-no-such-network"));
}

/* Its socket, asked by docker. The words are Podman's, the rest is played. */
static void
test_podman_socket (Suite *suite, gconstpointer compose)
{
  g_auto (StewardEngineVersions) versions = { 0 };

  engine_suite_set_fake (suite, "[ \"$1\" = version ] || exec \"$real\" \"$@\"\n"
                                "printf '4.3.1\\nPodman Engine\\nConmon\\nOCI Runtime (crun)\\n'");
  g_assert_true (steward_engine_check (suite->engine, &versions, NULL, NULL));
  g_assert_true (versions.is_podman);
  g_assert_cmpstr (versions.engine, ==, "4.3.1");
  g_assert_true (steward_engine_is_podman (suite->engine, NULL));
}

/* Its own program under the name of docker. */
static void
test_podman_program (Suite *suite, gconstpointer compose)
{
  g_auto (StewardEngineVersions) versions = { 0 };

  engine_suite_set_fake (
      suite, "case $1 in\n"
             "version) echo \"Error: template: version:1:9: nil data\" >&2; exit 125 ;;\n"
             "--version) echo podman version 4.3.1 ;;\n"
             "*) exec \"$real\" \"$@\" ;;\n"
             "esac");
  g_assert_true (steward_engine_check (suite->engine, &versions, NULL, NULL));
  g_assert_true (versions.is_podman);
  g_assert_cmpstr (versions.engine, ==, "4.3.1");
}

static const SuiteCase cases[] = {
  { "/tells-engine-and-compose", test_versions },
  { "/call/quotes-what-docker-says", test_call_quotes_docker },
  { NULL, NULL },
};

static const SuiteCase newest_cases[] = {
  { "/check/misses-docker", test_no_docker },
  { "/check/says-that-the-engine-does-not-run", test_not_running },
  { "/check/does-not-wait-for-a-silent-engine", test_silent },
  { "/check/says-that-the-socket-is-closed", test_denied },
  { "/check/misses-compose", test_no_compose },
  { "/check/refuses-an-old-compose", test_old_compose },
  { "/check/knows-podman-by-its-socket", test_podman_socket },
  { "/check/knows-podman-by-its-program", test_podman_program },
  { NULL, NULL },
};

static void
add_tests (void)
{
  engine_suite_add_both ("/engine", cases);
  engine_suite_add ("/engine", newest_cases);
}

int
main (int argc, char **argv)
{
  return engine_suite_run (argc, argv, add_tests);
}
