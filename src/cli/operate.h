/* What operations and their continuations have in common: the end of them. */
#pragma once

#include "cli/reply.h"
#include "core/operations/operation.h"

G_BEGIN_DECLS

/** steward_cli_operate_tell: fills @reply in. Pure. @error: (nullable): what it ended with */
void steward_cli_operate_tell (StewardCliReply *reply,
                               StewardResult result,
                               const StewardReport *report,
                               const GError *error);

G_END_DECLS
