/* Backups, set-aside databases and journals as JSON. The man page documents the members. Pure. */
#pragma once

#include <json-glib/json-glib.h>

#include "core/operations/catalog.h"

G_BEGIN_DECLS

/** Each returns: (transfer full) */
JsonObject *steward_cli_backup_to_json (const StewardBackup *backup);
JsonObject *steward_cli_aside_to_json (const StewardAside *aside);
JsonObject *steward_cli_orphan_to_json (const StewardOrphan *orphan);
JsonObject *steward_cli_journal_to_json (const StewardJournal *journal);

/** Words that are the same in JSON, in every language. */
const char *steward_cli_backup_state_get_name (StewardBackupState state);
const char *steward_cli_journal_state_get_name (StewardJournalState state);

G_END_DECLS
