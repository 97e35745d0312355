/* Replays properties and trusts only what reads back alike. */
#include "core/steps/properties.h"

#include <glib/gi18n-lib.h>

#include "core/database/database-properties.h"

gboolean
steward_properties_replay (StewardStepContext *context,
                           StewardConnection *connection,
                           const char *source,
                           guint32 oid,
                           GError **error)
{
  g_autoptr (StewardDatabase) target =
      steward_cluster_find_database_by_oid (connection, oid, context->cancellable, error);
  if (target == NULL)
    return FALSE;
  g_autoptr (StewardDatabaseProperties) wanted =
      steward_database_properties_read (connection, source, context->cancellable, error);
  if (wanted == NULL
      || !steward_database_properties_apply (connection, wanted, target, STEWARD_PROPERTIES_APPLY,
                                             context->cancellable, error))
    return FALSE;

  g_autoptr (StewardDatabaseProperties) got =
      steward_database_properties_read (connection, target->name, context->cancellable, error);
  if (got == NULL)
    return FALSE;
  g_autofree char *difference = steward_database_properties_dup_difference (wanted, got);
  if (difference == NULL)
    return TRUE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
               _ ("The copy differs from the original in: %s."), difference);
  return FALSE;
}
