/* This machine: a command runs as it stands. */
#include "core/host/local-host.h"

#include "core/host/process.h"
#include "core/host/sandbox.h"
#include "core/host/sandboxed-host.h"

struct _StewardLocalHost
{
  StewardHost parent_instance;
};

G_DEFINE_FINAL_TYPE (StewardLocalHost, steward_local_host, STEWARD_TYPE_HOST)

StewardHost *
steward_local_host_new (void)
{
  return steward_sandbox_is_here () ? steward_sandboxed_host_new ()
                                    : g_object_new (STEWARD_TYPE_LOCAL_HOST, NULL);
}

static gboolean
local_host_run (StewardHost *host,
                const char *const *argv,
                const StewardCommand *command,
                StewardOutcome *outcome,
                GCancellable *cancellable,
                GError **error)
{
  StewardProcess process = { .argv = argv, .command = command };

  return steward_process_run (&process, outcome, cancellable, error);
}

static void
steward_local_host_class_init (StewardLocalHostClass *klass)
{
  STEWARD_HOST_CLASS (klass)->run = local_host_run;
}

static void
steward_local_host_init (StewardLocalHost *self)
{
}
