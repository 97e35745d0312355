/* What an operation of the past is called: kind and versions. */
#pragma once

#include "core/store/journal.h"

G_BEGIN_DECLS

/** steward_journal_title_dup: Returns: (transfer full): translated: “Upgrade from 3.0.0 to
 * 3.1.0” */
char *steward_journal_title_dup (const StewardJournal *journal);

G_END_DECLS
