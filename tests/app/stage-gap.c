/* A source that is always nearly due. See the header. */
#include "stage-gap.h"

#include <time.h>

static guint source;
static double latest_ms;
static double latest_busy_ms;
static StageGap gap;

static double
get_busy_ms (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static double
get_ms (void)
{
  return (double)g_get_monotonic_time () / 1e3;
}

static gboolean
due_cb (gpointer data)
{
  double now_ms = get_ms ();
  double busy_ms = get_busy_ms ();

  gap.longest_ms = MAX (gap.longest_ms, now_ms - latest_ms);
  gap.busy_ms = MAX (gap.busy_ms, busy_ms - latest_busy_ms);
  latest_ms = now_ms;
  latest_busy_ms = busy_ms;
  return G_SOURCE_CONTINUE;
}

void
stage_gap_begin (void)
{
  gap = (StageGap){ 0, 0 };
  latest_ms = get_ms ();
  latest_busy_ms = get_busy_ms ();
  source = g_timeout_add_full (G_PRIORITY_HIGH, 1, due_cb, NULL, NULL);
}

StageGap
stage_gap_end (void)
{
  due_cb (NULL);
  g_source_remove (source);
  return gap;
}
