/* What is said of an operation in words: of its steps while it runs, and at its end of how it went,
 * what state the server is in and where the backup is; and all of it as a text to be sent. Nothing
 * of it is a secret. Main thread. */
#pragma once

#include "app/run.h"

G_BEGIN_DECLS

/** steward_run_report_get_word: Returns: (transfer none): of a step's state */
const char *steward_run_report_get_word (StewardRunStepState state);

/** steward_run_report_was_cancelled: whether it did not get to its end because it was cancelled */
gboolean steward_run_report_was_cancelled (StewardRun *run);

/** Of an operation that is over. Sentences hold tags and paths isolated, see
 * steward_words_dup_ltr(). */

/** steward_run_report_get_heading: Returns: (transfer none): how it ended, in a few words */
const char *steward_run_report_get_heading (StewardRun *run);

/** steward_run_report_dup_ending: Returns: (transfer full): what state the server is in, and what
 * can be done */
char *steward_run_report_dup_ending (StewardRun *run);

/** steward_run_report_dup_error: Returns: (transfer full) (nullable): why it did not get to its
 * end; %NULL where that was asked for */
char *steward_run_report_dup_error (StewardRun *run);

/** steward_run_report_dup_rehearsed: Returns: (transfer full) (nullable): what the rehearsal
 * measured; %NULL where there was none */
char *steward_run_report_dup_rehearsed (StewardRun *run);

/** steward_run_report_dup_downtime: Returns: (transfer full) (nullable): %NULL where the server was
 * not stopped, or nobody saw for how long */
char *steward_run_report_dup_downtime (StewardRun *run);

/** steward_run_report_dup_backup: where the backup is that was made or restored.
 * @store: (nullable): its place is not known. Returns: (transfer full) (nullable) */
char *steward_run_report_dup_backup (StewardRun *run, StewardStore *store);

/** steward_run_report_dup_text: Returns: (transfer full): all of it, to be copied.
 * @name: the server's; @store: (nullable) */
char *steward_run_report_dup_text (StewardRun *run, const char *name, StewardStore *store);

G_END_DECLS
