/* This machine: a command runs as it stands, an address is reached as it stands. */
#include "core/host/local-host.h"

struct _StewardLocalHost
{
  StewardHost parent_instance;
};

G_DEFINE_FINAL_TYPE (StewardLocalHost, steward_local_host, STEWARD_TYPE_HOST)

StewardHost *
steward_local_host_new (void)
{
  return g_object_new (STEWARD_TYPE_LOCAL_HOST, NULL);
}

static char **
local_host_wrap (StewardHost *host, const char *const *argv)
{
  return g_strdupv ((char **)argv);
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

  host_class->wrap = local_host_wrap;
  host_class->get_name = local_host_get_name;
  host_class->forward = local_host_forward;
}

static void
steward_local_host_init (StewardLocalHost *self)
{
}
