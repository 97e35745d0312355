/* The suite on this machine, and what only this machine does. */
#include "core/host/local-host.h"
#include "host-suite.h"

static void
test_forward (void)
{
  g_autoptr (StewardHost) host = steward_local_host_new ();
  g_autofree char *address = NULL;
  guint16 port = 0;

  g_assert_true (steward_host_forward (host, "172.18.0.2", 5432, &address, &port, NULL, NULL));
  g_assert_cmpstr (address, ==, "172.18.0.2");
  g_assert_cmpuint (port, ==, 5432);
}

static const HostKind local_kind = { "/local-host", steward_local_host_new };

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  host_suite_add (&local_kind);
  g_test_add_func ("/local-host/forward/is-the-address-itself", test_forward);
  return g_test_run ();
}
