/* Every reason to stop before anything is touched. The same checks are shown on the review page,
 * printed by
 * `--plan`, and made again by the preflight step once the lock is held. */
#pragma once

#include "core/steps/step.h"

G_BEGIN_DECLS

typedef enum
{
  STEWARD_CHECK_GOOD,
  STEWARD_CHECK_WARNING, /* worth reading; no reason to stop */
  STEWARD_CHECK_REFUSED,
} StewardCheckState;

/** StewardCheck: @id: the word in JSON; @text: a whole sentence: what was found */
typedef struct
{
  const char *id;
  StewardCheckState state;
  char *text;
} StewardCheck;

void steward_check_free (StewardCheck *check);

/**
 * steward_checks_run:
 *
 * Makes the checks that fit the plan's kind; touches nothing. A check that cannot be made because
 * one before it was refused is left out.
 *
 * Returns: (transfer full) (element-type StewardCheck)
 */
GPtrArray *steward_checks_run (StewardDeployment *deployment,
                               StewardStore *store,
                               const StewardPlan *plan,
                               GCancellable *cancellable);

/** steward_checks_refuse: Errors: %STEWARD_ERROR_REFUSED with the first refused check's sentence,
 * if any */
gboolean steward_checks_refuse (const GPtrArray *checks, GError **error);

G_END_DECLS
