/* What belongs to a database but not to its content, so that neither a copy by template nor a
 * restored dump has it: owner, rights, connection limit, settings of the database and of roles in
 * it. The comment is set at the publish (set-aside.h); security labels, the template flag and who
 * granted a right are not replayed. */
#pragma once

#include "core/database/cluster.h"
#include "core/database/connection.h"

G_BEGIN_DECLS

typedef struct _StewardDatabaseProperties StewardDatabaseProperties;

/** steward_database_properties_read: Errors: %STEWARD_ERROR_NOT_FOUND, %STEWARD_ERROR_UNREACHABLE,
 * %STEWARD_ERROR_FAILED. Returns: (transfer full): those of the database @name, as they are now */
StewardDatabaseProperties *steward_database_properties_read (StewardConnection *connection,
                                                             const char *name,
                                                             GCancellable *cancellable,
                                                             GError **error);
void steward_database_properties_free (StewardDatabaseProperties *properties);

typedef enum
{
  STEWARD_PROPERTIES_APPLY,
  STEWARD_PROPERTIES_TRY, /* does it all and takes it back: tells a preflight whether the role may
                           */
} StewardPropertiesEffect;

/**
 * steward_database_properties_apply:
 * @properties: of the live database
 * @target: whose they become (or the live one itself, to try); its name and identity count
 *
 * Gives the target these properties, in one transaction. Idempotent. What the target has beyond
 * them (a setting, say, which a fresh copy never has) stays, and shows in
 * steward_database_properties_dup_difference().
 *
 * Errors: %STEWARD_ERROR_DENIED (a setting that only a superuser may make, or one of another role;
 * the server's answer is part of the message), and those of set-aside.h. After a failure nothing
 * has changed.
 */
gboolean steward_database_properties_apply (StewardConnection *connection,
                                            const StewardDatabaseProperties *properties,
                                            const StewardDatabase *target,
                                            StewardPropertiesEffect effect,
                                            GCancellable *cancellable,
                                            GError **error);

/** steward_database_properties_dup_difference: pure. Returns: (transfer full) (nullable): the
 * names, not the values, of what differs, separated by commas; %NULL where nothing does */
char *steward_database_properties_dup_difference (const StewardDatabaseProperties *one,
                                                  const StewardDatabaseProperties *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardDatabaseProperties, steward_database_properties_free)

G_END_DECLS
