/* Docker's words, as real clients and engines printed them, and what they mean. */
#include "core/engine/docker-error.h"

#include <string.h>

typedef struct
{
  const char *line;
  StewardError code;
} Case;

static const Case cases[] = {
  { "Got permission denied while trying to connect to the Docker daemon socket at "
    "unix:///var/run/docker.sock: Get \"http://%2Fvar%2Frun%2Fdocker.sock/v1.24/info\": dial unix "
    "/var/run/docker.sock: connect: permission denied",
    STEWARD_ERROR_DENIED },
  { "permission denied while trying to connect to the docker API at unix:///var/run/docker.sock",
    STEWARD_ERROR_DENIED },
  { "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon "
    "running?",
    STEWARD_ERROR_UNREACHABLE },
  { "error during connect: Get \"http://h/v1.41/info\": EOF", STEWARD_ERROR_UNREACHABLE },
  { "Error response from daemon: No such container: x", STEWARD_ERROR_NOT_FOUND },
  { "Error: No such object: x", STEWARD_ERROR_NOT_FOUND },
  { "Error: No such image: x", STEWARD_ERROR_NOT_FOUND },
  { "Error response from daemon: no such image: x: No such image: x:latest",
    STEWARD_ERROR_NOT_FOUND },
  { "Error response from daemon: network x not found", STEWARD_ERROR_NOT_FOUND },
  { "network x declared as external, but could not be found", STEWARD_ERROR_NOT_FOUND },
  { "Error response from daemon: Conflict. The container name \"/x\" is already in use by "
    "container \"e6f2\". You have to remove (or rename) that container to be able to reuse that "
    "name.",
    STEWARD_ERROR_LOCKED },
  { "Error response from daemon: manifest for localhost:5000/x:9 not found: manifest unknown: "
    "manifest unknown",
    STEWARD_ERROR_NOT_FOUND },
  { "Error response from daemon: pull access denied for x, repository does not exist or may "
    "require 'docker login': denied: requested access to the resource is denied",
    STEWARD_ERROR_DENIED },
  { "Error response from daemon: unauthorized", STEWARD_ERROR_DENIED },
  { "Error response from daemon: Head \"https://h/v2/x/manifests/1\": no basic auth credentials",
    STEWARD_ERROR_DENIED },
  { "Error response from daemon: Get \"http://h/v2/\": dial tcp 127.0.0.1:1: connect: connection "
    "refused",
    STEWARD_ERROR_UNREACHABLE },
  { "Error response from daemon: Get \"https://h/v2/\": dial tcp: lookup h: no such host",
    STEWARD_ERROR_UNREACHABLE },
  { "Error response from daemon: Get \"https://h/v2/\": net/http: TLS handshake timeout",
    STEWARD_ERROR_UNREACHABLE },
  { "Error response from daemon: toomanyrequests: You have reached your pull rate limit.",
    STEWARD_ERROR_UNREACHABLE },
  { "Error response from daemon: received unexpected HTTP status: 503 Service Unavailable",
    STEWARD_ERROR_UNREACHABLE },
  { "failed to register layer: Error processing tar file(exit status 1): write /x: no space left "
    "on device",
    STEWARD_ERROR_NO_SPACE },
  { "invalid reference format: repository name must be lowercase", STEWARD_ERROR_INVALID },
  { "Error response from daemon: OCI runtime create failed: unable to start container process: "
    "exec: \"x\": executable file not found in $PATH: unknown",
    STEWARD_ERROR_NOT_FOUND },
  { "Error response from daemon: something new", STEWARD_ERROR_FAILED },
  { "", STEWARD_ERROR_FAILED },
};

static void
test_classify (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].line);
      g_assert_cmpint (steward_docker_error_classify (cases[i].line), ==, cases[i].code);
    }
}

static void
test_line (void)
{
  static const struct
  {
    const char *errors, *line;
  } lines[] = {
    { "", "" },
    { "one\ntwo\n\n", "two" },
    { "WARNING: Error loading config file: permission denied\nError: No such image: x\n",
      "Error: No such image: x" },
    { "Error response from daemon: why\nError: failed to start containers: x\n",
      "Error response from daemon: why" },
    { "docker: Error response from daemon: why.\nSee 'docker run --help'.\n",
      "docker: Error response from daemon: why." },
    { "docker: why\n\nRun 'docker run --help' for more information\n", "docker: why" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *line = steward_docker_error_dup_line (lines[i].errors);

      g_assert_cmpstr (line, ==, lines[i].line);
    }
}

static void
test_said (void)
{
  g_autofree char *held = steward_docker_error_dup_said (
      "Error response from daemon: driver failed programming external connectivity on endpoint x "
      "(5b1e): Bind for 127.0.0.1:6777 failed: port is already allocated");
  g_autofree char *other = steward_docker_error_dup_said ("Error: No such image: x");

  g_assert_true (g_str_has_suffix (held, "restart the engine, then try again."));
  g_assert_nonnull (strstr (held, "127.0.0.1:6777 failed: port is already allocated. Where "));
  g_assert_cmpstr (other, ==, "Error: No such image: x");
}

static void
test_public (void)
{
  static const struct
  {
    const char *line;
    gboolean is_public;
  } lines[] = {
    { "Error response from daemon: network x not found", TRUE },
    { "no such service: job", TRUE },
    { "yaml: line 1: did not find expected node content", TRUE },
    { "failed to parse /a/b.yaml: yaml: line 1: did not find expected node content", TRUE },
    { "env file /a/b.env not found: stat /a/b.env: no such file or directory", TRUE },
    { "yaml: line 1: did not find expected ',' or '}'", TRUE },
    { "Couldn't find env file: /a/b.env", TRUE },
    { "Invalid containerPort: hunter2", FALSE },
    { "error while interpolating services.a.image: required variable R is missing a value: hunter2",
      FALSE },
    { "${hunter2", FALSE },
    { "yaml: unmarshal errors:", FALSE },
    { "yaml: line 3: cannot unmarshal !!str `hunter2` into int", FALSE },
    { "services.db.ports.0 invalid hostPort: hunter2", FALSE },
    { "failed to read /a/.env: line 2: unexpected character \"%\" in variable name near "
      "\"P%=hunter2\"",
      FALSE },
    { "invalid interpolation format for services.db.image: \"${hunter2\"", FALSE },
    { "", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_test_message ("%s", lines[i].line);
      g_assert_cmpint (steward_docker_error_is_public (lines[i].line), ==, lines[i].is_public);
    }
}

static void
test_quotable (void)
{
  static const char *const lines[][2] = {
    { "no route to host", "no route to host" },
    { "cannot use postgresql://parsec:pa$s@w/rd@db:5432/parsec",
      "cannot use postgresql://…@db:5432/parsec" },
    { "asked http://db/ for me@home", "asked http://db/ for me@home" },
    { "a://u:p@x and b://u:q@y", "a://…@x and b://…@y" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *quotable = steward_docker_error_dup_quotable (lines[i][0]);
      g_assert_cmpstr (quotable, ==, lines[i][1]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/docker-error/classifies-words", test_classify);
  g_test_add_func ("/docker-error/finds-the-line-that-says-why", test_line);
  g_test_add_func ("/docker-error/says-what-to-do-where-that-is-known", test_said);
  g_test_add_func ("/docker-error/keeps-values-back", test_public);
  g_test_add_func ("/docker-error/quotes-no-credentials", test_quotable);
  return g_test_run ();
}
