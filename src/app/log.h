/* The live output of an operation: many lines, of which list items are made only while they are
 * looked at. Bounded: beyond STEWARD_LOG_LIMIT the oldest go. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define STEWARD_LOG_LIMIT 250000

/** StewardLogKind: @STEWARD_LOG_STEP: a step's title, which begins its lines */
typedef enum
{
  STEWARD_LOG_OUTPUT,
  STEWARD_LOG_STEP,
  STEWARD_LOG_COMMAND,
  STEWARD_LOG_NOTE,
  STEWARD_LOG_FAILURE,
} StewardLogKind;

#define STEWARD_TYPE_LOG_LINE (steward_log_line_get_type ())
G_DECLARE_FINAL_TYPE (StewardLogLine, steward_log_line, STEWARD, LOG_LINE, GObject)

/** steward_log_line_get_text: Returns: (transfer none): one line, valid UTF-8, printable */
const char *steward_log_line_get_text (StewardLogLine *self);
StewardLogKind steward_log_line_get_kind (StewardLogLine *self);

/** StewardLog: a GListModel of StewardLogLine; main thread */
#define STEWARD_TYPE_LOG (steward_log_get_type ())
G_DECLARE_FINAL_TYPE (StewardLog, steward_log, STEWARD, LOG, GObject)

StewardLog *steward_log_new (void);

/** steward_log_append: @text: may have several lines, and bytes that are no text. Kept is what a
 * terminal would show in the end, of a very long line its beginning. Listeners are told of what was
 * appended once a frame at most. */
void steward_log_append (StewardLog *self, StewardLogKind kind, const char *text);

/** steward_log_dup_text: Returns: (transfer full): all lines, to be copied or saved */
char *steward_log_dup_text (StewardLog *self);

G_END_DECLS
