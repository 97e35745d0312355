/* The suite over a connection to a real sshd on loopback, and what only such a host does. */
#include "core/host/ssh-host.h"
#include "host-suite.h"
#include "sshd-fixture.h"

static SshdFixture *sshd;

static StewardHost *
construct (void)
{
  return sshd_fixture_host (sshd, NULL);
}

static const HostKind ssh_kind = { "/ssh-host", construct };

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  sshd = sshd_fixture_new (NULL);
  host_suite_add (&ssh_kind);
  int status = g_test_run ();
  sshd_fixture_free (sshd);
  return status;
}
