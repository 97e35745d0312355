/* What docker's configuration says about a registry, and credential helpers that are really run. */
#include "core/base/error.h"
#include "core/host/local-host.h"
#include "core/registry/credentials.h"

#include <glib/gstdio.h>
#include <string.h>

/* Base64 of `user:pass:word`. */
#define AUTH "\"auth\":\"dXNlcjpwYXNzOndvcmQ=\""

/* `user/password`, `token:…`, `helper:NAME for SERVER`, `none` or `invalid`. */
static char *
dup_summary (const char *config, const char *registry)
{
  g_auto (StewardCredentialSource) source = { 0 };
  g_autoptr (GError) error = NULL;

  if (!steward_credentials_parse (config, strlen (config), registry, &source, &error))
    {
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
      g_assert_null (strstr (error->message, "secret"));
      return g_strdup ("invalid");
    }
  if (source.helper != NULL)
    return g_strdup_printf ("helper:%s for %s", source.helper, source.server);
  if (source.credential == NULL)
    return g_strdup ("none");
  if (source.credential->identity_token != NULL)
    return g_strdup_printf ("token:%s", source.credential->identity_token);
  return g_strdup_printf ("%s/%s", source.credential->user, source.credential->password);
}

static void
test_config (void)
{
  static const struct
  {
    const char *config, *registry, *summary;
  } cases[] = {
    { "{}", "ghcr.io", "none" },
    { "{\"auths\":{\"ghcr.io\":{" AUTH "}}}", "ghcr.io", "user/pass:word" },
    { "{\"auths\":{\"https://ghcr.io/v1/\":{" AUTH "}}}", "ghcr.io", "user/pass:word" },
    { "{\"auths\":{\"ghcr.io\":{" AUTH "}}}", "ghcr.io:443", "none" },
    { "{\"auths\":{\"ghcr.io.evil\":{" AUTH "}}}", "ghcr.io", "none" },
    { "{\"auths\":{\"127.0.0.1:5000\":{" AUTH "}}}", "127.0.0.1:5000", "user/pass:word" },
    { "{\"auths\":{\"https://index.docker.io/v1/\":{" AUTH "}}}", "docker.io", "user/pass:word" },
    { "{\"auths\":{\"ghcr.io\":{" AUTH ",\"identitytoken\":\"t\"}}}", "ghcr.io", "token:t" },
    { "{\"auths\":{\"ghcr.io\":{}}}", "ghcr.io", "none" },
    { "{\"auths\":{\"ghcr.io\":{\"auth\":\"\"}}}", "ghcr.io", "none" },
    { "{\"auths\":{\"ghcr.io\":{\"auth\":\"%%%\"}}}", "ghcr.io", "none" },
    { "{\"auths\":{\"ghcr.io\":{\"auth\":\"dXNlcg==\"}}}", "ghcr.io", "none" },
    { "{\"auths\":{\"ghcr.io\":{" AUTH "}},\"credsStore\":\"pass\"}", "ghcr.io",
      "helper:pass for ghcr.io" },
    { "{\"credsStore\":\"pass\",\"credHelpers\":{\"ghcr.io\":\"gh-2\"}}", "ghcr.io",
      "helper:gh-2 for ghcr.io" },
    { "{\"credsStore\":\"pass\",\"credHelpers\":{\"ghcr.io\":\"gh-2\"}}", "docker.io",
      "helper:pass for https://index.docker.io/v1/" },
    { "{\"credsStore\":\"../../bin/sh\"}", "ghcr.io", "invalid" },
    { "{\"credsStore\":\"a;b\"}", "ghcr.io", "invalid" },
    { "{\"credHelpers\":{\"ghcr.io\":\"A\"}}", "ghcr.io", "invalid" },
    { "{\"auths\":[],\"credHelpers\":7,\"credsStore\":{}}", "ghcr.io", "none" },
    { "{\"auths\":{\"ghcr.io\":\"secret\"", "ghcr.io", "invalid" },
    { "", "ghcr.io", "invalid" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *summary = dup_summary (cases[i].config, cases[i].registry);
      if (strcmp (summary, cases[i].summary) != 0)
        g_error ("'%s' gives '%s' instead of '%s'", cases[i].config, summary, cases[i].summary);
    }
}

static void
test_helper_answer (void)
{
  static const char pair[] = "{\"ServerURL\":\"x\",\"Username\":\"u\",\"Secret\":\"s\"}";
  static const char token[] = "{\"ServerURL\":\"x\",\"Username\":\"<token>\",\"Secret\":\"s\"}";
  static const char *const none[] = { "", "{}", "[]", "{\"Username\":\"u\"}",
                                      "{\"Username\":\"u\",\"Secret\":\"\"}" };
  g_autoptr (StewardCredential) password = steward_credentials_parse_helper (pair, strlen (pair));
  g_autoptr (StewardCredential) identity = steward_credentials_parse_helper (token, strlen (token));

  g_assert_cmpstr (password->user, ==, "u");
  g_assert_cmpstr (password->password, ==, "s");
  g_assert_null (password->identity_token);
  g_assert_cmpstr (identity->identity_token, ==, "s");
  g_assert_null (identity->password);
  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    g_assert_null (steward_credentials_parse_helper (none[i], strlen (none[i])));
}

/* A folder that is both DOCKER_CONFIG and the first in PATH, on this machine. */
typedef struct
{
  StewardHost *host;
  char *folder;
  char *path; /* as it was */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("steward-credentials-XXXXXX", NULL);
  fixture->path = g_strdup (g_getenv ("PATH"));
  g_autofree char *path = g_strconcat (fixture->folder, ":", fixture->path, NULL);
  g_setenv ("PATH", path, TRUE);
  g_setenv ("DOCKER_CONFIG", fixture->folder, TRUE);
  fixture->host = steward_local_host_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_setenv ("PATH", fixture->path, TRUE);
  g_unsetenv ("DOCKER_CONFIG");
  g_object_unref (fixture->host);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
write_file (Fixture *fixture, const char *name, const char *content)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (
      g_file_set_contents_full (path, content, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
}

static void
test_loads_none (Fixture *fixture, gconstpointer data)
{
  g_autoptr (StewardCredential) credential = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (steward_credentials_load (fixture->host, "ghcr.io", &credential, NULL, &error));
  g_assert_no_error (error);
  g_assert_null (credential);
}

static void
test_loads_config (Fixture *fixture, gconstpointer data)
{
  g_autoptr (StewardCredential) credential = NULL;
  g_autoptr (GError) error = NULL;

  write_file (fixture, "config.json", "{\"auths\":{\"ghcr.io\":{" AUTH "}}}");
  g_assert_true (steward_credentials_load (fixture->host, "ghcr.io", &credential, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (credential->password, ==, "pass:word");
}

static void
test_runs_helper (Fixture *fixture, gconstpointer data)
{
  g_autoptr (StewardCredential) credential = NULL, unknown = NULL;
  g_autoptr (GError) error = NULL;

  write_file (fixture, "config.json", "{\"credsStore\":\"steward-test\"}");
  write_file (
      fixture, "docker-credential-steward-test",
      "#!/bin/sh\n"
      "test \"$1\" = get || exit 9\n"
      "server=$(cat)\n"
      "test \"$server\" = ghcr.io || { echo 'credentials not found in native keychain'; exit 1; }\n"
      "printf '{\"ServerURL\":\"%s\",\"Username\":\"u\",\"Secret\":\"s\"}' \"$server\"\n");

  g_assert_true (steward_credentials_load (fixture->host, "ghcr.io", &credential, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (credential->user, ==, "u");
  g_assert_cmpstr (credential->password, ==, "s");
  g_assert_true (steward_credentials_load (fixture->host, "other.example", &unknown, NULL, &error));
  g_assert_no_error (error);
  g_assert_null (unknown);
}

static void
test_helper_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (StewardCredential) credential = NULL;
  g_autoptr (GError) missing = NULL, failing = NULL;

  write_file (fixture, "config.json", "{\"credsStore\":\"steward-test\"}");
  g_assert_false (steward_credentials_load (fixture->host, "ghcr.io", &credential, NULL, &missing));
  g_assert_error (missing, STEWARD_ERROR, STEWARD_ERROR_FAILED);
  g_assert_nonnull (strstr (missing->message, "docker-credential-steward-test"));

  write_file (fixture, "docker-credential-steward-test",
              "#!/bin/sh\necho hunter2\necho hunter2 >&2\nexit 1\n");
  g_assert_false (steward_credentials_load (fixture->host, "ghcr.io", &credential, NULL, &failing));
  g_assert_error (failing, STEWARD_ERROR, STEWARD_ERROR_FAILED);
  g_assert_null (strstr (failing->message, "hunter2"));
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/credentials/reads-docker-configuration", test_config);
  g_test_add_func ("/credentials/reads-helper-answer", test_helper_answer);
  add ("/credentials/none-without-configuration", test_loads_none);
  add ("/credentials/loads-from-configuration", test_loads_config);
  add ("/credentials/asks-helper", test_runs_helper);
  add ("/credentials/names-helper-that-fails", test_helper_fails);
  return g_test_run ();
}
