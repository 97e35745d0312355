/* The lock: one holder at a time, and no late act of a former one. */
#include "core/store/lock.h"

#include <string.h>

#include "place.h"

/* So rare that it never beats in a test. */
#define NO_BEAT_MS 600000
#define SOON_MS 20
/* What a condition is given to come true; it comes at once unless something is broken. */
#define PATIENCE_US (10 * G_USEC_PER_SEC)

static StewardHolder holder = { .user = "anna",
                                .machine = "desk",
                                .host_user = "root",
                                .client = "stewardctl 0.1.0",
                                .process_id = 42,
                                .operation = "upgrade",
                                .operation_id = "20261123t220300_ab12",
                                .step = "dump" };

static StewardLock *
take (Place *place, StewardLockFlags flags, guint beat_ms, GError **error)
{
  StewardLockRequest request = { &holder, flags, 1, beat_ms };

  return steward_lock_take (place->store, &request, NULL, error);
}

static char *
dup_lock_path (Place *place)
{
  return g_build_filename (steward_store_get_folder (place->store), "lock", NULL);
}

static void
set_heartbeat (Place *place, const char *when)
{
  g_autofree char *path = dup_lock_path (place);
  g_autofree char *script = g_strdup_printf ("touch -d '%s' \"$1\"", when);

  g_free (place_run (place, script, path));
}

static void
test_take_says_who_holds_it (Place *place, gconstpointer data)
{
  g_auto (StewardLockState) state = { 0 };
  g_autoptr (StewardLock) lock = take (place, STEWARD_LOCK_NONE, NO_BEAT_MS, NULL);

  g_assert_nonnull (lock);
  g_assert_true (steward_lock_peek (place->store, &state, NULL, NULL));
  g_assert_true (state.is_held);
  g_assert_false (state.is_lapsed);
  g_assert_cmpstr (state.holder.user, ==, "anna");
  g_assert_cmpstr (state.holder.step, ==, "dump");
  g_assert_cmpint (state.holder.process_id, ==, 42);
  g_assert_cmpint (state.holder.since_s, >, 0);
}

static void
test_second_taker_is_told_who (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) first = take (place, STEWARD_LOCK_NONE, NO_BEAT_MS, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardLock) second = take (place, STEWARD_LOCK_TAKE_OVER_LAPSED, NO_BEAT_MS, &error);

  g_assert_null (second);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED);
  g_assert_nonnull (strstr (error->message, "anna"));
  g_assert_nonnull (strstr (error->message, "desk"));
  g_assert_nonnull (strstr (error->message, "dump"));
  g_assert_true (steward_lock_check (first, NULL, NULL));
}

static gpointer
taker_cb (gpointer data)
{
  return take (data, STEWARD_LOCK_NONE, NO_BEAT_MS, NULL);
}

static void
test_two_at_once_have_one_winner (Place *place, gconstpointer data)
{
  for (int i = 0; i < 20; i++)
    {
      GThread *one = g_thread_new ("one", taker_cb, place);
      GThread *two = g_thread_new ("two", taker_cb, place);
      g_autoptr (StewardLock) first = g_thread_join (one);
      g_autoptr (StewardLock) second = g_thread_join (two);

      g_assert_true ((first == NULL) != (second == NULL));
    }
}

static void
test_release_frees_and_keeps_the_generation (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) first = take (place, STEWARD_LOCK_NONE, NO_BEAT_MS, NULL);
  guint64 before = g_ascii_strtoull (steward_lock_get_fence (first)->generation, NULL, 10);
  g_auto (StewardLockState) state = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (steward_lock_release (first, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (steward_lock_peek (place->store, &state, NULL, NULL));
  g_assert_false (state.is_held);
  g_assert_cmpuint (state.generation, ==, before);

  g_autoptr (StewardLock) second = take (place, STEWARD_LOCK_NONE, NO_BEAT_MS, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_ascii_strtoull (steward_lock_get_fence (second)->generation, NULL, 10), >,
                    before);
}

static void
test_generation_grows_though_the_file_is_lost (Place *place, gconstpointer data)
{
  g_autofree char *path = dup_lock_path (place);
  g_autoptr (StewardLock) first = take (place, STEWARD_LOCK_NONE, NO_BEAT_MS, NULL);
  g_autofree char *minute = place_run (place, "date -d '-1 minute' +%s", "");

  g_free (place_run (place, "rm \"$1\"", path));
  g_assert_false (steward_lock_check (first, NULL, NULL));
  g_autoptr (StewardLock) second = take (place, STEWARD_LOCK_NONE, NO_BEAT_MS, NULL);
  g_assert_cmpuint (g_ascii_strtoull (steward_lock_get_fence (second)->generation, NULL, 10), >,
                    g_ascii_strtoull (minute, NULL, 10));
}

static void
test_lapsed_lock_needs_the_flag (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) first = take (place, STEWARD_LOCK_NONE, NO_BEAT_MS, NULL);
  g_autoptr (GError) error = NULL;
  g_auto (StewardLockState) state = { 0 };

  set_heartbeat (place, "-1 minute");
  g_assert_true (steward_lock_peek (place->store, &state, NULL, NULL));
  g_assert_true (state.is_lapsed);
  g_autoptr (StewardLock) second = take (place, STEWARD_LOCK_NONE, NO_BEAT_MS, &error);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED);
  g_clear_error (&error);
  g_autoptr (StewardLock) third = take (place, STEWARD_LOCK_TAKE_OVER_LAPSED, NO_BEAT_MS, &error);
  g_assert_no_error (error);
  g_assert_nonnull (third);
}

static gboolean
is_at_step (Place *place, const char *step)
{
  g_auto (StewardLockState) state = { 0 };

  g_assert_true (steward_lock_peek (place->store, &state, NULL, NULL));
  return g_strcmp0 (state.holder.step, step) == 0;
}

static gboolean
comes_to_step (Place *place, const char *step)
{
  gint64 end_us = g_get_monotonic_time () + PATIENCE_US;

  while (!is_at_step (place, step))
    if (g_get_monotonic_time () >= end_us)
      return FALSE;
  return TRUE;
}

static gboolean
becomes_lost (StewardLock *lock)
{
  gint64 end_us = g_get_monotonic_time () + PATIENCE_US;

  while (!steward_lock_is_lost (lock))
    if (g_get_monotonic_time () >= end_us)
      return FALSE;
  return TRUE;
}

static void
test_former_holder_can_do_nothing (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) former = take (place, STEWARD_LOCK_NONE, NO_BEAT_MS, NULL);
  g_autofree char *file = g_build_filename (place->root, "late", NULL);
  g_autoptr (GError) error = NULL;

  set_heartbeat (place, "-1 minute");
  g_autoptr (StewardLock) holding = take (place, STEWARD_LOCK_TAKE_OVER_LAPSED, NO_BEAT_MS, NULL);
  g_assert_nonnull (holding);

  g_assert_false (steward_host_append_line (place->host, file, "late",
                                            steward_lock_get_fence (former), NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK);
  g_assert_false (g_file_test (file, G_FILE_TEST_EXISTS));
  g_clear_error (&error);
  steward_lock_set_step (former, "late");
  g_assert_true (becomes_lost (former));
  g_assert_false (is_at_step (place, "late"));
  g_assert_false (steward_lock_release (former, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK);
  g_assert_true (steward_lock_check (holding, NULL, NULL));
}

/* Waits until the heartbeat is younger than the lapse. */
static gboolean
becomes_fresh (Place *place)
{
  for (gint64 end = g_get_monotonic_time () + PATIENCE_US; g_get_monotonic_time () < end;)
    {
      g_auto (StewardLockState) state = { 0 };
      g_assert_true (steward_lock_peek (place->store, &state, NULL, NULL));
      if (state.silent_s < STEWARD_LOCK_SILENCE_S)
        return TRUE;
    }
  return FALSE;
}

static void
test_heartbeat_keeps_it (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) lock = take (place, STEWARD_LOCK_NONE, SOON_MS, NULL);

  g_assert_nonnull (lock);
  set_heartbeat (place, "-20 minutes");
  g_assert_true (becomes_fresh (place));
  g_assert_false (steward_lock_is_lost (lock));
}

static void
test_heartbeat_notices_a_takeover (Place *place, gconstpointer data)
{
  g_autofree char *path = dup_lock_path (place);
  g_autoptr (StewardLock) lock = take (place, STEWARD_LOCK_NONE, SOON_MS, NULL);
  gint64 end = g_get_monotonic_time () + PATIENCE_US;

  place_write (path, "9999999999\n{}\n", -1);
  while (!steward_lock_is_lost (lock) && g_get_monotonic_time () < end)
    g_thread_yield ();
  g_assert_true (steward_lock_is_lost (lock));
}

static void
test_heartbeat_in_the_future_lapses_later (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) first = take (place, STEWARD_LOCK_NONE, NO_BEAT_MS, NULL);
  g_autoptr (GError) error = NULL;
  g_auto (StewardLockState) state = { 0 };

  set_heartbeat (place, "+1 hour");
  g_autoptr (StewardLock) second = take (place, STEWARD_LOCK_TAKE_OVER_LAPSED, NO_BEAT_MS, &error);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED);
  g_assert_true (steward_lock_peek (place->store, &state, NULL, NULL));
  g_assert_cmpint (ABS (state.silent_s), <, STEWARD_LOCK_SILENCE_S);
}

/* $1: a store's folder. A silent lock and a lively one take each other's place for a while. */
static const char swap_script[] =
    "lock=$1/lock\n"
    "printf '7\\n{\"user\":\"silent\"}\\n' >\"$lock.silent\"\n"
    "printf '8\\n{\"user\":\"lively\"}\\n' >\"$lock.lively\"\n"
    "touch -d '-1 minute' \"$lock.silent\"\n"
    "turns=0\n"
    "while [ $turns -lt 1500 ]; do\n"
    "  cp -p \"$lock.silent\" \"$lock.new\" && mv \"$lock.new\" \"$lock\"\n"
    "  cp \"$lock.lively\" \"$lock.new\" && mv \"$lock.new\" \"$lock\"\n"
    "  turns=$((turns + 1))\n"
    "done\n"
    "rm \"$lock\"\n";

static void
test_look_is_of_one_instant (Place *place, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) swapper =
      g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "sh", "-c", swap_script, "sh",
                        steward_store_get_folder (place->store), NULL);
  gboolean is_held = FALSE;
  guint n_held = 0;

  g_assert_no_error (error);
  do
    {
      g_auto (StewardLockState) state = { 0 };
      g_assert_true (steward_lock_peek (place->store, &state, NULL, &error));
      g_assert_no_error (error);
      is_held = state.is_held;
      if (is_held)
        g_assert_cmpint (state.is_lapsed, ==, g_str_equal (state.holder.user, "silent"));
      n_held += is_held;
    }
  while (is_held || n_held == 0);
  g_assert_cmpuint (n_held, >, 10);
  g_assert_true (g_subprocess_wait_check (swapper, NULL, &error));
}

static void
test_set_step_is_seen_by_others (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) lock = take (place, STEWARD_LOCK_NONE, NO_BEAT_MS, NULL);
  g_auto (StewardLockState) state = { 0 };

  steward_lock_set_step (lock, "copy");
  g_assert_true (comes_to_step (place, "copy"));
  g_assert_true (steward_lock_peek (place->store, &state, NULL, NULL));
  g_assert_cmpstr (state.holder.user, ==, "anna");
  g_assert_true (steward_lock_check (lock, NULL, NULL));
}

typedef struct
{
  Place *place;
  StewardLock *lock;
  char *fifo;
  gint started;
} Effect;

static void
effect_line_cb (const char *line, gpointer data)
{
  g_atomic_int_set ((gint *)data, 1);
}

static gpointer
effect_cb (gpointer data)
{
  Effect *effect = data;
  const char *argv[] = {
    "sh", "-c", "echo started; read -r line <\"$1\"", "t", effect->fifo, NULL
  };
  StewardCommand command = { .argv = argv,
                             .line = effect_line_cb,
                             .line_data = &effect->started,
                             .fence = steward_lock_get_fence (effect->lock) };

  return steward_host_call (effect->place->host, &command, NULL, NULL);
}

static void
test_takeover_waits_for_a_running_command (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) former = take (place, STEWARD_LOCK_NONE, NO_BEAT_MS, NULL);
  g_autofree char *fifo = g_build_filename (place->root, "fifo", NULL);
  Effect effect = { place, former, fifo, 0 };
  g_autoptr (GError) error = NULL;

  g_free (place_run (place, "mkfifo \"$1\"", fifo));
  GThread *thread = g_thread_new ("effect", effect_cb, &effect);
  while (g_atomic_int_get (&effect.started) == 0)
    g_thread_yield ();
  set_heartbeat (place, "-1 minute");
  g_autoptr (StewardLock) early = take (place, STEWARD_LOCK_TAKE_OVER_LAPSED, NO_BEAT_MS, &error);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED);
  g_assert_nonnull (strstr (error->message, "still runs"));
  g_clear_error (&error);

  g_free (place_run (place, "echo >\"$1\"", fifo));
  g_autofree char *output = g_thread_join (thread);
  g_assert_cmpstr (output, ==, "started\n");
  g_autoptr (StewardLock) late = take (place, STEWARD_LOCK_TAKE_OVER_LAPSED, NO_BEAT_MS, &error);
  g_assert_no_error (error);
}

static void
test_rubbish_is_held_until_it_lapses (Place *place, gconstpointer data)
{
  static const char *const rubbish[] = {
    "", "\n", "x\n\n", "7", "7\n[", "-1\n\n", "99999999999999999999\n\n", "$(touch /tmp/x)\n{}\n"
  };
  g_autofree char *path = dup_lock_path (place);

  for (gsize i = 0; i < G_N_ELEMENTS (rubbish); i++)
    {
      g_autoptr (GError) error = NULL;
      place_write (path, rubbish[i], -1);
      g_autoptr (StewardLock) early = take (place, STEWARD_LOCK_NONE, NO_BEAT_MS, &error);
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED);
      g_clear_error (&error);
      set_heartbeat (place, "-1 minute");
      g_autoptr (StewardLock) late =
          take (place, STEWARD_LOCK_TAKE_OVER_LAPSED, NO_BEAT_MS, &error);
      g_assert_no_error (error);
    }
}

static void
test_without_a_store_it_is_free_but_not_taken (Place *place, gconstpointer data)
{
  g_auto (StewardLockState) state = { 0 };
  g_autoptr (GError) error = NULL;

  g_free (place_run (place, "rm -r \"$1\"", steward_store_get_folder (place->store)));
  g_assert_true (steward_lock_peek (place->store, &state, NULL, NULL));
  g_assert_false (state.is_held);
  g_autoptr (StewardLock) lock = take (place, STEWARD_LOCK_NONE, NO_BEAT_MS, &error);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
}

static void
test_folder_gone_stops_the_holder (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) lock = take (place, STEWARD_LOCK_NONE, NO_BEAT_MS, NULL);
  g_autofree char *file = g_build_filename (place->root, "late", NULL);
  g_autoptr (GError) error = NULL;

  g_free (place_run (place, "rm -r \"$1\"", steward_store_get_folder (place->store)));
  g_assert_false (steward_lock_check (lock, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK);
  g_assert_false (steward_host_append_line (place->host, file, "late",
                                            steward_lock_get_fence (lock), NULL, NULL));
  g_assert_false (g_file_test (file, G_FILE_TEST_EXISTS));
}

static void
test_full_disk_leaves_the_lock_as_it_was (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) first = take (place, STEWARD_LOCK_NONE, NO_BEAT_MS, NULL);
  g_autofree char *before = dup_lock_path (place);
  g_autoptr (GError) error = NULL;

  g_assert_true (steward_lock_release (first, NULL, NULL));
  g_free (place_run (place, "cat \"$1\" >\"${1%/*/*}/before\"", before));
  g_free (place_run (place, "cat /dev/zero >\"${1%/*/*}/fill\" 2>/dev/null || :", before));
  g_autoptr (StewardLock) second = take (place, STEWARD_LOCK_NONE, NO_BEAT_MS, &error);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NO_SPACE);
  g_free (place_run (place, "cmp \"$1\" \"${1%/*/*}/before\"", before));
  g_autofree char *left = place_run (place, "ls \"${1%/*}\"", before);
  g_assert_cmpstr (left, ==, "backups\njournal\nlock\nlogs");
}

static void
test_read_only_disk_is_denied (Place *place, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_free (place_run (place, "mount -o remount,ro \"$1\"", place->root));
  g_autoptr (StewardLock) lock = take (place, STEWARD_LOCK_NONE, NO_BEAT_MS, &error);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
}

static void
test_cancelled_take_holds_nothing (Place *place, gconstpointer data)
{
  StewardLockRequest request = { &holder, STEWARD_LOCK_NONE, 1, NO_BEAT_MS };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (StewardLockState) state = { 0 };

  g_cancellable_cancel (cancellable);
  g_autoptr (StewardLock) lock = steward_lock_take (place->store, &request, cancellable, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (steward_lock_peek (place->store, &state, NULL, NULL));
  g_assert_false (state.is_held);
}

static void
add_small (const char *path, void (*function) (Place *, gconstpointer))
{
  g_test_add (path, Place, NULL, place_set_up_small, function, place_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  place_add ("/lock/take-says-who-holds-it", test_take_says_who_holds_it);
  place_add ("/lock/second-taker-is-told-who", test_second_taker_is_told_who);
  place_add ("/lock/two-at-once-have-one-winner", test_two_at_once_have_one_winner);
  place_add ("/lock/release-keeps-generation", test_release_frees_and_keeps_the_generation);
  place_add ("/lock/generation-outlives-file", test_generation_grows_though_the_file_is_lost);
  place_add ("/lock/lapsed-lock-needs-the-flag", test_lapsed_lock_needs_the_flag);
  place_add ("/lock/former-holder-can-do-nothing", test_former_holder_can_do_nothing);
  place_add ("/lock/heartbeat-keeps-it", test_heartbeat_keeps_it);
  place_add ("/lock/heartbeat-notices-a-takeover", test_heartbeat_notices_a_takeover);
  place_add ("/lock/future-heartbeat-lapses-later", test_heartbeat_in_the_future_lapses_later);
  place_add ("/lock/set-step-is-seen-by-others", test_set_step_is_seen_by_others);
  place_add ("/lock/look-is-of-one-instant", test_look_is_of_one_instant);
  place_add ("/lock/takeover-waits-for-command", test_takeover_waits_for_a_running_command);
  place_add ("/lock/rubbish-is-held-until-it-lapses", test_rubbish_is_held_until_it_lapses);
  place_add ("/lock/no-store-is-not-found", test_without_a_store_it_is_free_but_not_taken);
  place_add ("/lock/folder-gone-stops-the-holder", test_folder_gone_stops_the_holder);
  place_add ("/lock/cancelled-take-holds-nothing", test_cancelled_take_holds_nothing);
  add_small ("/lock/full-disk-leaves-it-as-it-was", test_full_disk_leaves_the_lock_as_it_was);
  add_small ("/lock/read-only-disk-is-denied", test_read_only_disk_is_denied);
  return g_test_run ();
}
