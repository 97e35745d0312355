/* The lock between administrators who come from different machines: each has an SSH host of its
 * own, to a real sshd on loopback. The long run: STEWARD_TESTS_ROUNDS=100. */
#include "core/store/lock.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <utime.h>

#include "core/store/timestamp.h"
#include "place.h"
#include "sshd-fixture.h"

#define ROUNDS 20
/* So rare that it never beats in a test. */
#define NO_BEAT_MS 600000

static SshdFixture *sshd;

/* One who wants the lock. @at_once: the other's count too */
typedef struct
{
  const char *user;
  const char *machine;
  const char *step;
  StewardHost *host;
  StewardStore *store;
  int *at_once; /* atomic */
  StewardLock *lock;
  GError *error;
} Administrator;

static void
administrator_init (Administrator *self, Place *place)
{
  g_autoptr (GError) error = NULL;

  self->host = sshd_fixture_host (sshd, NULL);
  self->store = steward_store_new (self->host, steward_store_get_folder (place->store), NULL);
  steward_host_connect (self->host, NULL, &error);
  g_assert_no_error (error);
}

static void
administrator_clear (Administrator *self)
{
  g_clear_pointer (&self->lock, steward_lock_free);
  g_clear_error (&self->error);
  g_clear_pointer (&self->store, steward_store_free);
  g_clear_object (&self->host);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Administrator, administrator_clear)

static void
take (Administrator *self, StewardLockFlags flags)
{
  StewardHolder holder = { .user = (char *)self->user,
                           .machine = (char *)self->machine,
                           .host_user = (char *)"root",
                           .client = (char *)"tests",
                           .operation = (char *)"upgrade",
                           .step = (char *)self->step };
  StewardLockRequest request = { &holder, flags, 0, NO_BEAT_MS };

  self->lock = steward_lock_take (self->store, &request, NULL, &self->error);
}

static gpointer
take_at_once_cb (gpointer data)
{
  Administrator *self = data;

  g_atomic_int_inc (self->at_once);
  while (g_atomic_int_get (self->at_once) < 2)
    ;
  take (self, STEWARD_LOCK_NONE);
  return NULL;
}

/* Who, from where, since when, at which step. */
static void
assert_is_told (const Administrator *loser, const Administrator *winner)
{
  g_auto (StewardLockState) state = { 0 };
  const char *message = loser->error->message;

  g_assert_error (loser->error, STEWARD_ERROR, STEWARD_ERROR_LOCKED);
  g_assert_true (steward_lock_peek (winner->store, &state, NULL, NULL));
  g_autofree char *since = steward_timestamp_print_local (state.holder.since_s);
  g_assert_cmpint (state.holder.since_s, >, 0);
  g_assert_nonnull (strstr (message, winner->user));
  g_assert_nonnull (strstr (message, winner->machine));
  g_assert_nonnull (strstr (message, winner->step));
  g_assert_nonnull (strstr (message, since));
  g_assert_null (strstr (message, loser->machine));
}

static guint
get_rounds (void)
{
  const char *rounds = g_getenv ("STEWARD_TESTS_ROUNDS");

  return rounds != NULL ? strtoul (rounds, NULL, 10) : ROUNDS;
}

static void
test_one_of_two (Place *place, gconstpointer data)
{
  g_auto (Administrator) anna = { "anna", "her-desk", "dump" };
  g_auto (Administrator) bernd = { "bernd", "his-notebook", "set-aside" };
  guint rounds = get_rounds (), annas = 0;

  administrator_init (&anna, place);
  administrator_init (&bernd, place);
  for (guint i = 0; i < rounds; i++)
    {
      int at_once = 0;

      anna.at_once = bernd.at_once = &at_once;
      GThread *one = g_thread_new ("anna", take_at_once_cb, &anna);
      GThread *other = g_thread_new ("bernd", take_at_once_cb, &bernd);
      g_thread_join (one);
      g_thread_join (other);
      g_assert_true ((anna.lock == NULL) != (bernd.lock == NULL));
      annas += anna.lock != NULL;
      assert_is_told (anna.lock != NULL ? &bernd : &anna, anna.lock != NULL ? &anna : &bernd);
      g_clear_pointer (&anna.lock, steward_lock_free);
      g_clear_pointer (&bernd.lock, steward_lock_free);
      g_clear_error (&anna.error);
      g_clear_error (&bernd.error);
    }
  g_test_message ("%u of %u rounds were the one's", annas, rounds);
}

/* As if nobody had beaten for longer than a holder may be silent. */
static void
let_lapse (Place *place)
{
  g_autofree char *path = g_build_filename (steward_store_get_folder (place->store), "lock", NULL);
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  struct utimbuf times = { status.st_atime, status.st_mtime - STEWARD_LOCK_SILENCE_S - 2 };
  g_assert_cmpint (g_utime (path, &times), ==, 0);
}

/* An effect of a holder, which gets to the host when it may. */
typedef struct
{
  Administrator *holder;
  const char *path;
  GError *error;
} Effect;

static gpointer
effect_cb (gpointer data)
{
  Effect *effect = data;
  const char *argv[] = { "touch", effect->path, NULL };
  StewardCommand command = { .argv = argv, .fence = steward_lock_get_fence (effect->holder->lock) };

  g_free (steward_host_call (effect->holder->host, &command, NULL, &effect->error));
  return NULL;
}

static void
signal_all (GArray *processes, int number)
{
  for (guint i = 0; i < processes->len; i++)
    g_assert_cmpint (kill (g_array_index (processes, GPid, i), number), ==, 0);
}

/* Frozen is the far end of the holder's connection, for less time than it takes to be noticed. */
static void
test_frozen (Place *place, gconstpointer data)
{
  g_auto (Administrator) frozen = { "anna", "her-desk", "copy" };
  g_auto (Administrator) early = { "bernd", "his-notebook", "dump" };
  g_auto (Administrator) late = { "clara", "the-office", "verify" };
  g_autofree char *path = g_build_filename (place->root, "late", NULL);
  Effect effect = { &frozen, path };

  administrator_init (&frozen, place);
  g_autoptr (GArray) connections = sshd_fixture_list_children (sshd->pid);
  g_assert_cmpuint (connections->len, ==, 1);
  administrator_init (&early, place);
  administrator_init (&late, place);
  take (&frozen, STEWARD_LOCK_NONE);
  g_assert_no_error (frozen.error);
  take (&early, STEWARD_LOCK_TAKE_OVER_LAPSED);
  assert_is_told (&early, &frozen);

  signal_all (connections, SIGSTOP);
  GThread *acting = g_thread_new ("effect", effect_cb, &effect);
  let_lapse (place);
  take (&late, STEWARD_LOCK_TAKE_OVER_LAPSED);
  signal_all (connections, SIGCONT);
  g_assert_no_error (late.error);
  g_thread_join (acting);
  g_assert_error (effect.error, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_false (steward_lock_check (frozen.lock, NULL, NULL));
  g_assert_true (steward_lock_is_lost (frozen.lock));
  g_assert_true (steward_lock_check (late.lock, NULL, NULL));
  g_clear_error (&effect.error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  place_add ("/administrators/one-of-two-gets-the-lock", test_one_of_two);
  place_add ("/administrators/frozen-holder-acts-no-more", test_frozen);

  /* Without the profile of whoever runs the tests. */
  sshd = sshd_fixture_new ("SetEnv HOME=/nonexistent");
  int status = g_test_run ();
  sshd_fixture_free (sshd);
  return status;
}
