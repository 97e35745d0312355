/* Finds them by what they call themselves. See the header. */
#include "core/operations/earlier-sessions.h"

#include "core/database/sessions.h"
#include "core/deployment/job.h"

gboolean
steward_end_earlier_sessions (StewardDeployment *deployment,
                              StewardLock *lock,
                              GCancellable *cancellable,
                              GError **error)
{
  StewardSessionFilter filter = { .only_application = "steward-",
                                  .except_application = STEWARD_TOOLS_SESSION };
  g_autoptr (StewardConnection) connection =
      steward_deployment_connect (deployment, NULL, lock, cancellable, error);
  g_autoptr (GPtrArray) left =
      connection != NULL ? steward_sessions_end_own (connection, &filter, cancellable, error)
                         : NULL;

  return left != NULL;
}
