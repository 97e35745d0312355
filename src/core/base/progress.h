/* What happens during an operation, told as events: to a terminal, a window or a report. The core
 * tells on its worker thread; a client that lives on another thread queues the events itself. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * StewardEventKind:
 * @STEWARD_EVENT_STEP_STARTED: @step begins
 * @STEWARD_EVENT_STEP_SKIPPED: @step had been done before
 * @STEWARD_EVENT_STEP_DONE: @step is done; @elapsed_ms
 * @STEWARD_EVENT_STEP_FAILED: @step failed; @text: why
 * @STEWARD_EVENT_UNDO_STARTED: @step is being walked back
 * @STEWARD_EVENT_UNDO_DONE: @step is walked back; @elapsed_ms
 * @STEWARD_EVENT_FRACTION: @fraction of the step and @overall, 0 to 1, never running backwards
 * @STEWARD_EVENT_OUTPUT: @text: a line that a command printed
 * @STEWARD_EVENT_COMMAND: @text: a command about to be run, fit to be pasted, without secrets
 * @STEWARD_EVENT_SERVER_STOPS: from now on clients are turned away
 * @STEWARD_EVENT_SERVER_ANSWERS: from now on they are served again
 * @STEWARD_EVENT_NOTE: @text: a translated sentence the administrator should read
 */
typedef enum
{
  STEWARD_EVENT_STEP_STARTED,
  STEWARD_EVENT_STEP_SKIPPED,
  STEWARD_EVENT_STEP_DONE,
  STEWARD_EVENT_STEP_FAILED,
  STEWARD_EVENT_UNDO_STARTED,
  STEWARD_EVENT_UNDO_DONE,
  STEWARD_EVENT_FRACTION,
  STEWARD_EVENT_OUTPUT,
  STEWARD_EVENT_COMMAND,
  STEWARD_EVENT_SERVER_STOPS,
  STEWARD_EVENT_SERVER_ANSWERS,
  STEWARD_EVENT_NOTE,
} StewardEventKind;

/** StewardEvent: strings are borrowed and live as long as the call; unused ones are %NULL.
 * @title: of @step, translated */
typedef struct
{
  StewardEventKind kind;
  const char *step;
  const char *title;
  const char *text;
  double fraction;
  double overall;
  gint64 elapsed_ms;
} StewardEvent;

typedef void (*StewardEventFunc) (const StewardEvent *event, gpointer data);

/** StewardProgress: belongs to one thread. */
typedef struct _StewardProgress StewardProgress;

/** steward_progress_new: @func: (nullable): called for each event on the calling thread */
StewardProgress *steward_progress_new (StewardEventFunc func, gpointer data);
void steward_progress_free (StewardProgress *progress);

/** steward_progress_set_total: the sum of the weights of all steps to come; 1 at first. */
void steward_progress_set_total (StewardProgress *progress, guint weight);

void steward_progress_begin (StewardProgress *progress,
                             const char *step,
                             const char *title,
                             guint weight);
void steward_progress_skip (StewardProgress *progress,
                            const char *step,
                            const char *title,
                            guint weight);
/** steward_progress_end: @failure: (nullable): %NULL when the step is done */
void steward_progress_end (StewardProgress *progress, const char *failure);
void steward_progress_begin_undo (StewardProgress *progress, const char *step, const char *title);
void steward_progress_end_undo (StewardProgress *progress);

/** steward_progress_set_fraction: of the step that runs; told at most about 20 times a second. */
void steward_progress_set_fraction (StewardProgress *progress, double fraction);
void steward_progress_output (StewardProgress *progress, const char *line);
void steward_progress_command (StewardProgress *progress, const char *command);
void steward_progress_server_stops (StewardProgress *progress);
/** steward_progress_server_answers: told once until it stops again */
void steward_progress_server_answers (StewardProgress *progress);
void steward_progress_note (StewardProgress *progress, const char *sentence);

/** steward_progress_line_cb: fits StewardLineFunc: passes a command's line on as output. */
void steward_progress_line_cb (const char *line, gpointer progress);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardProgress, steward_progress_free)

G_END_DECLS
