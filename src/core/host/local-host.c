/* This machine: a command runs as it stands, an address is reached as it stands. */
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

static const char *
local_host_get_name (StewardHost *host)
{
  return g_get_host_name ();
}

static gboolean
local_host_forward (StewardHost *host,
                    const char *address,
                    guint16 port,
                    char **near_address,
                    guint16 *near_port,
                    GCancellable *cancellable,
                    GError **error)
{
  *near_address = g_strdup (address);
  *near_port = port;
  return TRUE;
}

static void
steward_local_host_class_init (StewardLocalHostClass *klass)
{
  StewardHostClass *host_class = STEWARD_HOST_CLASS (klass);

  host_class->run = local_host_run;
  host_class->get_name = local_host_get_name;
  host_class->forward = local_host_forward;
}

static void
steward_local_host_init (StewardLocalHost *self)
{
}
