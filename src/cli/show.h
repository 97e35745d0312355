/* What commands print for a person. Pure: appends to a text; cleaning what came from outside is
 * left to whoever prints it, but for tables, whose cells are cleaned. */
#pragma once

#include "core/operations/catalog.h"
#include "core/operations/status.h"

G_BEGIN_DECLS

/* show-status.c */
void steward_cli_show_status (const StewardDeployment *deployment,
                              const StewardStatus *status,
                              GString *text);
/** steward_cli_show_found: @found: (element-type StewardFound) */
void steward_cli_show_found (const GPtrArray *found, GString *text);

/* show-review.c */
/** steward_cli_show_review: all of it, for `--plan` */
void steward_cli_show_review (const StewardReview *review, GString *text);
/** steward_cli_show_question: what is worth reading before agreeing */
void steward_cli_show_question (const StewardReview *review, GString *text);
/** steward_cli_show_pending: @pending: (element-type StewardPendingMigration) */
void steward_cli_show_pending (const GPtrArray *pending, GString *text);

/* show-store.c */
/** steward_cli_show_backups: @backups: (element-type StewardBackup) */
void steward_cli_show_backups (const GPtrArray *backups, GString *text);
/** steward_cli_show_asides: @asides: (element-type StewardAside) */
void steward_cli_show_asides (const GPtrArray *asides, GString *text);
/** steward_cli_show_orphans: @orphans: (element-type StewardOrphan) */
void steward_cli_show_orphans (const GPtrArray *orphans, GString *text);
/** steward_cli_show_history: @journals: (element-type StewardJournal) */
void steward_cli_show_history (const GPtrArray *journals, GString *text);
/** steward_cli_show_dup_unfinished: Returns: (transfer full): what it is and where it stands */
char *steward_cli_show_dup_unfinished (const StewardJournal *journal);

G_END_DECLS
