/* What one look at a deployment finds: its status, and what lies on the host beside it. */
#pragma once

#include "core/operations/catalog.h"
#include "core/operations/status.h"

G_BEGIN_DECLS

/**
 * StewardFacts: what one look found; a part that could not be read is %NULL, and its reason beside
 * it.
 * @deployment, @status: %NULL together, and only with @problem
 * @backups: of StewardBackup; @asides: of StewardAside; @journals: of StewardJournal; newest first
 * @orphans: of StewardOrphan
 */
typedef struct
{
  StewardDeployment *deployment;
  StewardStore *store;
  StewardStatus *status;
  GPtrArray *backups;
  char *backups_problem;
  GPtrArray *asides;
  char *asides_problem;
  GPtrArray *orphans;
  GPtrArray *journals;
  char *journals_problem;
  GError *problem;
} StewardFacts;

/** steward_facts_read: blocks; for a worker's thread. What cannot be found out is told in the
 * facts.
 * @service: (nullable): the server's, set by hand. Returns: (transfer full) (nullable): %NULL only
 * where it was cancelled */
StewardFacts *steward_facts_read (StewardEngine *engine,
                                  const StewardComposeProject *project,
                                  const char *service,
                                  GCancellable *cancellable,
                                  GError **error);

void steward_facts_free (StewardFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardFacts, steward_facts_free)

G_END_DECLS
