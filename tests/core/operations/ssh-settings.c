/* See the header. */
#include "ssh-settings.h"

char *
ssh_settings_dup (const char *path, const char *variables)
{
  return g_strdup_printf ("SetEnv %s DOCKER_CONFIG=%s PATH=%s%s%s HOME=/nonexistent",
                          variables != NULL ? variables : "", g_getenv ("DOCKER_CONFIG"),
                          path != NULL ? path : "", path != NULL ? ":" : "", g_getenv ("PATH"));
}
