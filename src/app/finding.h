/* What a look at a host finds: the part that blocks, for a worker's thread. */
#pragma once

#include "core/deployment/deployment.h"

G_BEGIN_DECLS

/** StewardFinding: @projects: (element-type StewardComposeProject); @problem: (nullable): why the
 * host or its engine could not be asked */
typedef struct
{
  GPtrArray *projects;
  GError *problem;
} StewardFinding;

/**
 * steward_finding_new:
 * @files: compose files that were added by hand: a file that is gone or broken is found all the
 * same, so that its page can say what is wrong with it
 *
 * Connects to the host, asks its engine which deployments it has, and opens @files. Touches
 * nothing. Returns: (transfer full) (nullable). Errors: %G_IO_ERROR_CANCELLED; all others are the
 * finding's problem
 */
StewardFinding *steward_finding_new (StewardEngine *engine,
                                     const char *const *files,
                                     GCancellable *cancellable,
                                     GError **error);
void steward_finding_free (StewardFinding *finding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardFinding, steward_finding_free)

/** steward_finding_open: Returns: (transfer full) (nullable): the project of a compose file that
 * holds a Parsec server. Errors: those of steward_deployment_open() */
StewardComposeProject *steward_finding_open (StewardEngine *engine,
                                             const char *file,
                                             GCancellable *cancellable,
                                             GError **error);

G_END_DECLS
