/* From a journal's bytes to a StewardJournal. Pure. Private to the store folder. */
#pragma once

#include "core/store/journal.h"

G_BEGIN_DECLS

/** Returns: (transfer full): an operation without a record */
StewardJournal *steward_journal_new (StewardStore *store, const char *id);

/** Returns: (transfer full) (nullable): %NULL for a file of an operation that never began */
StewardJournal *
steward_journal_parse (StewardStore *store, const char *id, const char *content, gsize length);

/** Takes one record into @journal. */
void steward_journal_fold (StewardJournal *journal, JsonObject *record);

/** The spellings in the file. */
const char *steward_direction_get_name (StewardDirection direction);
const char *steward_journal_state_get_name (StewardJournalState state);
const char *steward_record_kind_get_name (StewardRecordKind kind);

G_END_DECLS
