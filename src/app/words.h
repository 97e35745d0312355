/* Short words of the window that stand for values: states, times, sizes. Translated; pure. */
#pragma once

#include "app/known-host.h"

G_BEGIN_DECLS

/** Each returns: (transfer none): for a badge */
const char *steward_words_get_server_state (StewardServerState state);
/** Returns: (transfer none): a CSS class of style.css: "success", "warning", "error", "accent",
 * "dim-label" */
const char *steward_words_get_server_state_class (StewardServerState state);
const char *steward_words_get_host_state (StewardHostState state);
const char *steward_words_get_host_state_class (StewardHostState state);
const char *steward_words_get_backup_state (StewardBackupState state);
const char *steward_words_get_journal_state (StewardJournalState state);

/** Each returns: (transfer full) */
char *steward_words_dup_duration (gint64 duration_ms);
char *steward_words_dup_time (gint64 unix_s);
/** steward_words_dup_age: "5 minutes ago" */
char *steward_words_dup_age (gint64 unix_s, gint64 now_s);
/** steward_words_dup_percent: @fraction: 0 to 1: "42 %" */
char *steward_words_dup_percent (double fraction);
/** steward_words_dup_ltr: @text: a host, path, tag or command, isolated so that it reads left to
 * right in any language */
char *steward_words_dup_ltr (const char *text);

G_END_DECLS
