/* Questions that are asked at once. */
#include "core/base/parallel.h"

#define MEETING_S 20

typedef struct
{
  GMutex mutex;
  GCond cond;
  guint expected;
  guint here;  /* guarded by mutex */
  guint ended; /* guarded by mutex */
  gboolean missed;
} Meeting;

/* Goes on only when all the others are there. */
static void
meet_cb (gpointer data)
{
  Meeting *meeting = data;
  gint64 end_us = g_get_monotonic_time () + MEETING_S * G_USEC_PER_SEC;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&meeting->mutex);

  meeting->here++;
  g_cond_broadcast (&meeting->cond);
  while (meeting->here < meeting->expected)
    if (!g_cond_wait_until (&meeting->cond, &meeting->mutex, end_us))
      {
        meeting->missed = TRUE;
        return;
      }
  meeting->ended++;
}

static void
test_together (void)
{
  const StewardParallelFunc funcs[] = { meet_cb, meet_cb, meet_cb, NULL };
  Meeting meeting = { .expected = 3 };

  steward_parallel_run (funcs, &meeting);
  g_assert_false (meeting.missed);
  g_assert_cmpuint (meeting.ended, ==, 3);
}

static void
test_nothing (void)
{
  const StewardParallelFunc funcs[] = { NULL };
  Meeting meeting = { 0 };

  steward_parallel_run (funcs, &meeting);
  g_assert_cmpuint (meeting.here, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parallel/calls-meet-each-other", test_together);
  g_test_add_func ("/parallel/nothing-to-do", test_nothing);
  return g_test_run ();
}
