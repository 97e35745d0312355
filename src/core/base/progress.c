/* Turns what steps report into events, and weighs fractions into one that never runs backwards. */
#include "core/base/progress.h"

#define FRACTION_INTERVAL_US 50000

struct _StewardProgress
{
  StewardEventFunc func;
  gpointer data;
  guint total;
  guint done;   /* weight of the steps that are over */
  guint weight; /* of the step that runs */
  char *step;   /* owned, nullable */
  char *title;  /* owned, nullable */
  double fraction;
  double overall;
  gint64 begun_us;
  gint64 told_us;
  gboolean is_answering; /* was told so, and not that it stopped since */
};

StewardProgress *
steward_progress_new (StewardEventFunc func, gpointer data)
{
  StewardProgress *progress = g_new0 (StewardProgress, 1);

  progress->func = func;
  progress->data = data;
  progress->total = 1;
  return progress;
}

void
steward_progress_free (StewardProgress *progress)
{
  g_free (progress->step);
  g_free (progress->title);
  g_free (progress);
}

static void
tell (StewardProgress *progress, StewardEventKind kind, const char *text)
{
  StewardEvent event = {
    .kind = kind,
    .step = progress->step,
    .title = progress->title,
    .text = text,
    .fraction = progress->fraction,
    .overall = progress->overall,
    .elapsed_ms = (g_get_monotonic_time () - progress->begun_us) / 1000,
  };

  if (progress->func != NULL)
    progress->func (&event, progress->data);
}

static void
update_overall (StewardProgress *progress)
{
  double overall =
      (progress->done + progress->weight * progress->fraction) / MAX (progress->total, 1);

  progress->overall = CLAMP (MAX (overall, progress->overall), 0.0, 1.0);
}

void
steward_progress_set_total (StewardProgress *progress, guint weight)
{
  progress->total = weight;
}

static void
enter (StewardProgress *progress, const char *step, const char *title, guint weight)
{
  g_free (progress->step);
  g_free (progress->title);
  progress->step = g_strdup (step);
  progress->title = g_strdup (title);
  progress->weight = weight;
  progress->fraction = 0.0;
  progress->begun_us = g_get_monotonic_time ();
}

void
steward_progress_begin (StewardProgress *progress,
                        const char *step,
                        const char *title,
                        guint weight)
{
  enter (progress, step, title, weight);
  tell (progress, STEWARD_EVENT_STEP_STARTED, NULL);
}

static void
leave (StewardProgress *progress)
{
  progress->done += progress->weight;
  progress->weight = 0;
  progress->fraction = 1.0;
  update_overall (progress);
}

void
steward_progress_skip (StewardProgress *progress, const char *step, const char *title, guint weight)
{
  enter (progress, step, title, weight);
  leave (progress);
  tell (progress, STEWARD_EVENT_STEP_SKIPPED, NULL);
}

void
steward_progress_end (StewardProgress *progress, const char *failure)
{
  if (failure != NULL)
    {
      tell (progress, STEWARD_EVENT_STEP_FAILED, failure);
      return;
    }
  leave (progress);
  tell (progress, STEWARD_EVENT_STEP_DONE, NULL);
}

void
steward_progress_begin_undo (StewardProgress *progress, const char *step, const char *title)
{
  enter (progress, step, title, 0);
  tell (progress, STEWARD_EVENT_UNDO_STARTED, NULL);
}

void
steward_progress_end_undo (StewardProgress *progress)
{
  tell (progress, STEWARD_EVENT_UNDO_DONE, NULL);
}

void
steward_progress_set_fraction (StewardProgress *progress, double fraction)
{
  gint64 now_us = g_get_monotonic_time ();

  progress->fraction = MAX (progress->fraction, CLAMP (fraction, 0.0, 1.0));
  update_overall (progress);
  if (now_us - progress->told_us < FRACTION_INTERVAL_US)
    return;
  progress->told_us = now_us;
  tell (progress, STEWARD_EVENT_FRACTION, NULL);
}

void
steward_progress_output (StewardProgress *progress, const char *line)
{
  tell (progress, STEWARD_EVENT_OUTPUT, line);
}

void
steward_progress_command (StewardProgress *progress, const char *command)
{
  tell (progress, STEWARD_EVENT_COMMAND, command);
}

void
steward_progress_server_stops (StewardProgress *progress)
{
  progress->is_answering = FALSE;
  tell (progress, STEWARD_EVENT_SERVER_STOPS, NULL);
}

void
steward_progress_server_answers (StewardProgress *progress)
{
  if (!progress->is_answering)
    tell (progress, STEWARD_EVENT_SERVER_ANSWERS, NULL);
  progress->is_answering = TRUE;
}

void
steward_progress_note (StewardProgress *progress, const char *sentence)
{
  tell (progress, STEWARD_EVENT_NOTE, sentence);
}

void
steward_progress_line_cb (const char *line, gpointer progress)
{
  steward_progress_output (progress, line);
}
