/* A source that is always nearly due. See the header. */
#include "stage-gap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int schedstat = -1;
static guint source;
static double latest_ms;
static double latest_waited_ms;
static double latest_used_ms;
static StageGap gap;

/* For how long the thread has waited for a processor so far: the second number, in nanoseconds; 0
 * where the kernel does not count it. Source: Documentation/scheduler/sched-stats.rst */
static double
get_waited_ms (void)
{
  char text[100];
  ssize_t length = pread (schedstat, text, sizeof text - 1, 0);
  char *second;

  if (length <= 0)
    return 0;
  text[length] = '\0';
  strtoull (text, &second, 10);
  return (double)strtoull (second, NULL, 10) / 1e6;
}

/* The processor's time that the thread has used so far. */
static double
get_used_ms (void)
{
  struct timespec used;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &used);
  return (double)used.tv_sec * 1e3 + (double)used.tv_nsec / 1e6;
}

static double
get_ms (void)
{
  return (double)g_get_monotonic_time () / 1e3;
}

static gboolean
due_cb (gpointer data)
{
  double waited_ms = get_waited_ms ();
  double used_ms = get_used_ms ();
  double now_ms = get_ms ();
  double gap_ms = now_ms - latest_ms;

  gap.longest_ms = MAX (gap.longest_ms, gap_ms);
  gap.own_ms = MAX (gap.own_ms, gap_ms - (waited_ms - latest_waited_ms));
  gap.work_ms = MAX (gap.work_ms, used_ms - latest_used_ms);
  latest_ms = now_ms;
  latest_waited_ms = waited_ms;
  latest_used_ms = used_ms;
  return G_SOURCE_CONTINUE;
}

void
stage_gap_begin (void)
{
  schedstat = open ("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  gap = (StageGap){ 0 };
  latest_ms = get_ms ();
  latest_waited_ms = get_waited_ms ();
  latest_used_ms = get_used_ms ();
  source = g_timeout_add_full (G_PRIORITY_HIGH, 1, due_cb, NULL, NULL);
}

StageGap
stage_gap_end (void)
{
  due_cb (NULL);
  g_source_remove (source);
  if (schedstat >= 0)
    close (schedstat);
  return gap;
}
