/* The guard beside the lock and the journal; the way back is a stub. What it does to a server is
 * tested with operations. */
#include "core/store/guard.h"

#include <string.h>

#include "core/host/local-host.h"
#include "core/store/journal.h"
#include "core/store/lock.h"
#include "place.h"

#define ID "20261123t220300_ab12"
#define NO_BEAT_MS 600000
#define PATIENCE_US (40 * G_USEC_PER_SEC)
#define PAUSE_US 50000

/* $1: a folder for what it tells */
#define GOES_BACK                                                                                  \
  "look () { return 0; }\n"                                                                        \
  "walk_back () {\n"                                                                               \
  "  echo \"$generation\" >>\"$1/acted\"\n"                                                        \
  "  at_step set-aside && step_is_undone || return\n"                                              \
  "  text='\"All is “back”.\"'\n"
static const char goes_back[] = GOES_BACK "}\n";
static const char needs_hands[] = GOES_BACK "  return 10\n}\n";
static const char has_nothing_to_do[] = "look () { return 0; }\n"
                                        "walk_back () { return 11; }\n";
static const char sees_no_need[] = "look () { return 2; }\n";
static const char succeeds_at_last[] = GOES_BACK "  [ $(wc -l <\"$1/acted\") -ge 2 ]\n}\n";
static const char dies[] = "look () { return 0; }\n"
                           "walk_back () { kill -KILL $$; }\n";

static StewardHolder holder = { .user = "anna",
                                .machine = "desk",
                                .host_user = "root",
                                .client = "tests",
                                .operation_id = ID,
                                .operation = "upgrade" };

static StewardLock *
take (Place *place, guint beat_ms)
{
  StewardLockRequest request = { &holder, STEWARD_LOCK_TAKE_OVER_LAPSED, 1, beat_ms };
  g_autoptr (GError) error = NULL;
  StewardLock *lock = steward_lock_take (place->store, &request, NULL, &error);

  g_assert_no_error (error);
  return lock;
}

static void
create_journal (Place *place)
{
  g_autoptr (JsonObject) plan = json_object_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardJournal) journal =
      steward_journal_create (place->store, ID, "upgrade", plan, NULL, NULL, &error);
  StewardRecord intent = { .kind = STEWARD_RECORD_INTENT, .step = "set-aside" };

  g_assert_no_error (error);
  g_assert_true (steward_journal_append (journal, &intent, NULL, NULL, &error));
}

static StewardJournal *
load_journal (Place *place)
{
  g_autoptr (GError) error = NULL;
  StewardJournal *journal = steward_journal_load (place->store, ID, NULL, &error);

  g_assert_no_error (error);
  return journal;
}

static void
start (Place *place, const char *script, guint silence_s, StewardLock *lock)
{
  const char *arguments[] = { place->root, NULL };
  StewardGuard guard = { ID, "upgrade", "the guard", silence_s, script, arguments };
  g_autoptr (GError) error = NULL;
  gboolean stands = FALSE;

  g_assert_true (
      steward_guard_start (place->store, &guard, steward_lock_get_fence (lock), NULL, &error));
  g_assert_no_error (error);
  g_assert_true (steward_guard_stands (place->store, ID, &stands, NULL, &error));
  g_assert_true (stands);
}

/* By what only its command line holds. */
static void
wait_until_gone (Place *place)
{
  g_autofree char *pattern =
      g_strdup_printf ("steward-guard %s ", steward_store_get_folder (place->store));
  gint64 end_us = g_get_monotonic_time () + PATIENCE_US;

  for (;;)
    {
      g_autofree char *found = place_run (place, "pgrep -f -- \"$1\" | grep -vx $$ || :", pattern);
      if (*found == '\0')
        return;
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_usleep (PAUSE_US);
    }
}

static guint64
get_generation (StewardLock *lock)
{
  return g_ascii_strtoull (steward_lock_get_fence (lock)->generation, NULL, 10);
}

static gboolean
has_acted (Place *place)
{
  g_autofree char *path = g_build_filename (place->root, "acted", NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
assert_free (Place *place, guint64 after)
{
  g_auto (StewardLockState) state = { 0 };

  g_assert_true (steward_lock_peek (place->store, &state, NULL, NULL));
  g_assert_false (state.is_held);
  g_assert_cmpuint (state.generation, >, after);
}

static void
test_goes_back (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) lock = take (place, NO_BEAT_MS);
  g_autoptr (GError) error = NULL;

  create_journal (place);
  start (place, goes_back, 1, lock);
  wait_until_gone (place);
  g_autoptr (StewardJournal) journal = load_journal (place);
  g_assert_cmpint (journal->state, ==, STEWARD_JOURNAL_BACK);
  g_assert_cmpint (journal->direction, ==, STEWARD_DIRECTION_BACK);
  g_assert_cmpstr (journal->text, ==, "All is “back”.");
  g_assert_false (journal->is_damaged);
  g_assert_false (journal->last_is_open);
  g_assert_cmpuint (journal->bad_lines, ==, 0);
  assert_free (place, get_generation (lock));
  g_assert_false (steward_lock_check (lock, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK);
}

static void
test_hands (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) lock = take (place, NO_BEAT_MS);

  create_journal (place);
  start (place, needs_hands, 1, lock);
  wait_until_gone (place);
  g_autoptr (StewardJournal) journal = load_journal (place);
  g_assert_cmpint (journal->state, ==, STEWARD_JOURNAL_HANDS);
  g_assert_cmpstr (journal->text, ==, "All is “back”.");
  assert_free (place, get_generation (lock));
}

static void
test_nothing_to_do (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) lock = take (place, NO_BEAT_MS);

  create_journal (place);
  start (place, has_nothing_to_do, 1, lock);
  wait_until_gone (place);
  g_autoptr (StewardJournal) journal = load_journal (place);
  g_assert_cmpint (journal->state, ==, STEWARD_JOURNAL_UNFINISHED);
  g_assert_cmpint (journal->direction, ==, STEWARD_DIRECTION_FORWARD);
  assert_free (place, get_generation (lock));
}

static void
test_no_need (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) lock = take (place, NO_BEAT_MS);

  create_journal (place);
  start (place, sees_no_need, 1, lock);
  wait_until_gone (place);
  g_assert_true (steward_lock_check (lock, NULL, NULL));
}

static void
test_tries_again (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) lock = take (place, NO_BEAT_MS);

  create_journal (place);
  start (place, succeeds_at_last, 1, lock);
  wait_until_gone (place);
  g_autoptr (StewardJournal) journal = load_journal (place);
  g_assert_cmpint (journal->state, ==, STEWARD_JOURNAL_BACK);
  g_assert_false (journal->is_damaged);
  assert_free (place, get_generation (lock) + 1);
}

/* A record that was torn while it was written claims a number that nobody has. */
static void
test_torn_journal (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) lock = take (place, NO_BEAT_MS);
  g_autofree char *path = steward_store_dup_journal_path (place->store, ID);

  create_journal (place);
  g_free (place_run (place, "printf '{\"n\":3,\"at\":\"2026-' >>\"$1\"", path));
  start (place, goes_back, 1, lock);
  wait_until_gone (place);
  g_autoptr (StewardJournal) journal = load_journal (place);
  g_assert_cmpint (journal->state, ==, STEWARD_JOURNAL_BACK);
  g_assert_false (journal->is_damaged);
  g_assert_cmpuint (journal->bad_lines, ==, 1);
}

/* Another place's guard, whose Steward is silent, tells that there was time enough. */
static void
test_living_holder (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) lock = take (place, 200);
  Place other = { 0 };

  place_set_up (&other, NULL);
  g_autoptr (StewardLock) silent = take (&other, NO_BEAT_MS);
  create_journal (place);
  create_journal (&other);
  start (place, goes_back, 2, lock);
  start (&other, goes_back, 3, silent);
  wait_until_gone (&other);
  g_assert_true (has_acted (&other));
  g_assert_false (has_acted (place));
  g_assert_true (steward_lock_check (lock, NULL, NULL));
  g_assert_true (
      steward_guard_dismiss (place->store, ID, steward_lock_get_fence (lock), NULL, NULL));
  wait_until_gone (place);
  g_clear_pointer (&silent, steward_lock_free);
  place_tear_down (&other, NULL);
}

static void
test_dismissed (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) lock = take (place, NO_BEAT_MS);
  gboolean stands = TRUE;

  create_journal (place);
  start (place, goes_back, 600, lock);
  g_assert_true (
      steward_guard_dismiss (place->store, ID, steward_lock_get_fence (lock), NULL, NULL));
  g_assert_true (steward_guard_stands (place->store, ID, &stands, NULL, NULL));
  g_assert_false (stands);
  wait_until_gone (place);
  g_assert_false (has_acted (place));
}

static void
test_ends_with_operation (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) lock = take (place, NO_BEAT_MS);
  StewardRecord end = { .kind = STEWARD_RECORD_END, .state = STEWARD_JOURNAL_HANDS };

  create_journal (place);
  start (place, goes_back, 600, lock);
  g_autoptr (StewardJournal) journal = load_journal (place);
  g_assert_true (steward_journal_append (journal, &end, NULL, NULL, NULL));
  wait_until_gone (place);
  g_assert_false (has_acted (place));
}

/* The first one is dismissed when the second is posted, and must not act in its name. */
static void
test_second_replaces_first (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) lock = take (place, NO_BEAT_MS);

  create_journal (place);
  start (place, needs_hands, 600, lock);
  g_assert_true (
      steward_guard_dismiss (place->store, ID, steward_lock_get_fence (lock), NULL, NULL));
  start (place, goes_back, 1, lock);
  wait_until_gone (place);
  g_autoptr (StewardJournal) journal = load_journal (place);
  g_assert_cmpint (journal->state, ==, STEWARD_JOURNAL_BACK);
}

/* PLACE's lock, as a command of the holder sees it that takes longer than the guard's patience. */
static const char slow_script[] = "sleep 5; head -n 1 \"$1\"";

static gpointer
slow_cb (gpointer data)
{
  StewardLock *lock = data;
  const StewardFence *fence = steward_lock_get_fence (lock);
  g_autoptr (StewardHost) host = steward_local_host_new ();
  g_autofree char *path = g_build_filename (fence->folder, "lock", NULL);
  const char *argv[] = { "sh", "-c", slow_script, "steward", path, NULL };
  StewardCommand command = { .argv = argv, .fence = fence };

  return steward_host_call (host, &command, NULL, NULL);
}

static void
test_waits_for_running_command (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) lock = take (place, NO_BEAT_MS);

  create_journal (place);
  start (place, goes_back, 1, lock);
  GThread *thread = g_thread_new ("slow", slow_cb, lock);
  g_autofree char *seen = g_thread_join (thread);
  g_assert_nonnull (seen);
  g_assert_cmpstr (g_strchomp (seen), ==, steward_lock_get_fence (lock)->generation);
  wait_until_gone (place);
  assert_free (place, get_generation (lock));
}

/* Its heart stops with it, so that its lock lapses. */
static void
test_killed (Place *place, gconstpointer data)
{
  g_autoptr (StewardLock) lock = take (place, NO_BEAT_MS);
  g_auto (StewardLockState) state = { 0 };

  create_journal (place);
  start (place, dies, 1, lock);
  wait_until_gone (place);
  g_assert_true (steward_lock_peek (place->store, &state, NULL, NULL));
  g_assert_true (state.is_held);
  g_assert_cmpstr (state.holder.client, ==, "guard");
  g_assert_cmpstr (state.holder.user, ==, "the guard");
  g_assert_cmpstr (state.holder.operation_id, ==, ID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  place_add ("/guard/goes-back-when-lock-is-silent", test_goes_back);
  place_add ("/guard/tells-that-hands-are-needed", test_hands);
  place_add ("/guard/frees-lock-where-nothing-is-to-be-done", test_nothing_to_do);
  place_add ("/guard/takes-no-lock-without-need", test_no_need);
  place_add ("/guard/tries-again", test_tries_again);
  place_add ("/guard/goes-on-after-torn-record", test_torn_journal);
  place_add ("/guard/leaves-living-holder-alone", test_living_holder);
  place_add ("/guard/is-dismissed", test_dismissed);
  place_add ("/guard/ends-with-operation", test_ends_with_operation);
  place_add ("/guard/second-replaces-first", test_second_replaces_first);
  place_add ("/guard/waits-for-running-command", test_waits_for_running_command);
  place_add ("/guard/leaves-no-heartbeat-when-killed", test_killed);
  return g_test_run ();
}
