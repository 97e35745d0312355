/* A server with TLS and a private authority, as the field has it. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "closed-host.h"
#include "core/operations/status.h"
#include "core/probe/trusted.h"
#include "deployment-fixture.h"

static DeploymentFixture fixture = { .scheme = "https" };

static StewardHealth *
look (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardStatus) status =
      steward_status_read (fixture.deployment, fixture.store, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (status->health_problem, ==, NULL);
  return g_steal_pointer (&status->health);
}

static void
forget (void)
{
  g_autofree char *path =
      g_build_filename (g_get_user_config_dir (), "steward", "trusted-certificates", NULL);

  g_unlink (path);
}

static void
assert_can_be_accepted (void)
{
  g_autofree char *expected = deployment_fixture_call (
      "openssl x509 -noout -fingerprint -sha256 -in \"$1/certs/server.pem\" | cut -d= -f2",
      fixture.folder, NULL);

  forget ();
  g_autoptr (StewardHealth) warned = look ();
  g_assert_cmpint (warned->tls, ==, STEWARD_TLS_NOT_TRUSTED);
  g_assert_nonnull (strstr (warned->tls_problem, "authority"));
  g_assert_cmpstr (warned->fingerprint, ==, expected);
  g_assert_true (steward_trusted_accept (warned->server_name, warned->fingerprint, NULL));
  g_autoptr (StewardHealth) accepted = look ();
  g_assert_cmpint (accepted->tls, ==, STEWARD_TLS_ACCEPTED);

  g_assert_true (steward_trusted_accept (warned->server_name, "AB:CD", NULL));
  g_autoptr (StewardHealth) changed = look ();
  g_assert_cmpint (changed->tls, ==, STEWARD_TLS_NOT_TRUSTED);
}

static void
test_accepted (void)
{
  deployment_fixture_reset (&fixture);
  assert_can_be_accepted ();
}

static void
test_accepted_by_relay (void)
{
  g_autoptr (StewardHost) host = closed_host_new (CLOSED_HOST_DENIES);

  deployment_fixture_reset (&fixture);
  deployment_fixture_use_host (&fixture, host);
  assert_can_be_accepted ();
}

/* With the authority known, the name in PARSEC_SERVER_ADDR is the one that counts. */
static void
test_name (void)
{
  g_autofree char *path = g_build_filename (fixture.folder, "certs", "ca.pem", NULL);
  GTlsBackend *backend = g_tls_backend_get_default ();
  g_autoptr (GError) error = NULL;

  deployment_fixture_reset (&fixture);
  forget ();
  g_autoptr (GTlsDatabase) authority = g_tls_file_database_new (path, &error);
  g_assert_no_error (error);
  g_tls_backend_set_default_database (backend, authority);
  g_autoptr (StewardHealth) trusted = look ();
  g_tls_backend_set_default_database (backend, NULL);
  g_assert_cmpint (trusted->tls, ==, STEWARD_TLS_TRUSTED);
  g_assert_true (g_str_has_prefix (trusted->server_name, "127.0.0.1:"));
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("steward-certificate-XXXXXX", NULL);

  g_setenv ("XDG_CONFIG_HOME", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  g_test_add_func ("/certificate/is-a-warning-until-accepted", test_accepted);
  g_test_add_func ("/certificate/is-a-warning-until-accepted-by-relay", test_accepted_by_relay);
  g_test_add_func ("/certificate/is-for-the-name-of-the-server", test_name);

  deployment_fixture_up (&fixture, "newer", "2.40");
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  forget ();
  g_autofree char *inner = g_build_filename (folder, "steward", NULL);
  g_rmdir (inner);
  g_rmdir (folder);
  return status;
}
