/* Taking, keeping, watching and releasing the lock. Who may take it is decided here from what was
 * read; the script then takes it only if the file is still that one. */
#include "core/store/lock.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/json.h"
#include "core/store/member.h"
#include "core/store/scripts.h"
#include "core/store/timestamp.h"

#define DEFAULT_WAIT_S 20
#define DEFAULT_BEAT_MS 5000
/* A beat that failed is tried again soon. */
#define RETRY_BEAT_MS 1000
/* Short, so that a dead network does not hold up the next beat or the end. */
#define BEAT_DEADLINE_MS 10000
/* Others may win in between; each time the lock is looked at anew. */
#define TAKE_ATTEMPTS 5

struct _StewardLock
{
  StewardStore *store; /* borrowed */
  StewardFence fence;
  char *path;
  guint beat_ms;
  GThread *thread;           /* owned, nullable: the heartbeat */
  GCancellable *cancellable; /* owned: ends the heartbeat */

  GMutex mutex;
  GCond cond;
  gboolean is_ending;   /* guarded by mutex */
  gboolean is_lost;     /* guarded by mutex */
  gboolean is_woken;    /* there is something to be written; guarded by mutex */
  StewardHolder holder; /* guarded by mutex */
};

/* What one look brought. */
typedef struct
{
  StewardLockState state;
  char *hash; /* owned, nullable: no file */
  gint64 now_s;
} LockFile;

static void
lock_file_clear (LockFile *file)
{
  steward_lock_state_clear (&file->state);
  g_clear_pointer (&file->hash, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LockFile, lock_file_clear)

void
steward_holder_clear (StewardHolder *holder)
{
  g_free (holder->user);
  g_free (holder->machine);
  g_free (holder->host_user);
  g_free (holder->client);
  g_free (holder->operation_id);
  g_free (holder->operation);
  g_free (holder->step);
  memset (holder, 0, sizeof *holder);
}

void
steward_lock_state_clear (StewardLockState *state)
{
  steward_holder_clear (&state->holder);
}

/* The texts of a holder and their names in the file. */
static const struct
{
  const char *name;
  gsize offset;
} holder_texts[] = {
  { "user", G_STRUCT_OFFSET (StewardHolder, user) },
  { "machine", G_STRUCT_OFFSET (StewardHolder, machine) },
  { "host_user", G_STRUCT_OFFSET (StewardHolder, host_user) },
  { "client", G_STRUCT_OFFSET (StewardHolder, client) },
  { "operation_id", G_STRUCT_OFFSET (StewardHolder, operation_id) },
  { "operation", G_STRUCT_OFFSET (StewardHolder, operation) },
  { "step", G_STRUCT_OFFSET (StewardHolder, step) },
};

static char **
holder_text (const StewardHolder *holder, gsize i)
{
  return &G_STRUCT_MEMBER (char *, holder, holder_texts[i].offset);
}

static void
copy_holder (const StewardHolder *from, StewardHolder *to)
{
  *to = *from;
  for (gsize i = 0; i < G_N_ELEMENTS (holder_texts); i++)
    *holder_text (to, i) = g_strdup (*holder_text (from, i));
}

/* The lock's two lines. */
static char *
print_lock (const char *generation, const StewardHolder *holder)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  g_autofree char *since = steward_timestamp_print (holder->since_s);

  for (gsize i = 0; i < G_N_ELEMENTS (holder_texts); i++)
    {
      const char *text = *holder_text (holder, i);
      g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;
      if (valid != NULL)
        json_object_set_string_member (object, holder_texts[i].name, valid);
    }
  json_object_set_int_member (object, "process_id", holder->process_id);
  json_object_set_string_member (object, "since", since);

  json_node_take_object (node, object);
  g_autofree char *json = json_to_string (node, FALSE);
  return g_strconcat (generation, "\n", json, "\n", NULL);
}

static void
parse_holder (const char *json, StewardHolder *holder)
{
  g_autoptr (JsonObject) object = steward_json_parse_object (json, strlen (json), NULL);

  if (object == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (holder_texts); i++)
    *holder_text (holder, i) = g_strdup (steward_member_get_text (object, holder_texts[i].name));
  steward_member_get_number (object, "process_id", &holder->process_id);
  steward_timestamp_parse (steward_member_get_text (object, "since"), &holder->since_s);
}

/* Anything but a number, a line end and nothing is a held lock. */
static void
parse_lock (const char *text, StewardLockState *state)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", 3);

  state->is_held = TRUE;
  if (lines[0] == NULL || lines[1] == NULL
      || !g_ascii_string_to_unsigned (lines[0], 10, 1, G_MAXINT64 - 1, &state->generation, NULL))
    return;
  if (*lines[1] == '\0')
    state->is_held = FALSE;
  else
    parse_holder (lines[1], &state->holder);
}

static gboolean
look (StewardStore *store, LockFile *file, GCancellable *cancellable, GError **error)
{
  const char *argv[] = { steward_store_script_peek, steward_store_get_folder (store), NULL };
  StewardStoreScript script = { .argv = argv };
  g_autofree char *output = steward_store_call (store, &script, cancellable, error);

  if (output == NULL)
    return FALSE;
  char *content = strchr (output, '\n');
  if (content == NULL)
    return steward_store_get_now (store, &file->now_s, cancellable, error);

  *content++ = '\0';
  g_auto (GStrv) words = g_strsplit (output, " ", 3);
  if (g_strv_length (words) != 3)
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                           _ ("The host’s answer about its lock was not understood. Nothing was "
                              "changed."));
      return FALSE;
    }
  file->now_s = g_ascii_strtoll (words[1], NULL, 10);
  file->hash = g_strdup (words[2]);
  file->state.silent_s = file->now_s - g_ascii_strtoll (words[0], NULL, 10);
  parse_lock (content, &file->state);
  file->state.is_lapsed = file->state.is_held && file->state.silent_s > STEWARD_LOCK_SILENCE_S;
  return TRUE;
}

gboolean
steward_lock_peek (StewardStore *store,
                   StewardLockState *state,
                   GCancellable *cancellable,
                   GError **error)
{
  g_auto (LockFile) file = { 0 };

  if (!look (store, &file, cancellable, error))
    return FALSE;
  *state = file.state;
  memset (&file.state, 0, sizeof file.state);
  return TRUE;
}

/* Says who holds the lock. */
static void
set_locked_error (const StewardLockState *state, GError **error)
{
  const StewardHolder *holder = &state->holder;
  const char *user = holder->user != NULL ? holder->user : "?";
  const char *machine = holder->machine != NULL ? holder->machine : "?";
  const char *operation = holder->operation != NULL ? holder->operation : "?";
  const char *step = holder->step != NULL ? holder->step : "–";
  g_autofree char *since = steward_timestamp_print_local (holder->since_s);

  if (holder->user == NULL && holder->machine == NULL)
    g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED,
                         _ ("Somebody holds this server’s lock, but does not say who. Nothing was "
                            "changed."));
  else if (state->is_lapsed)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED,
                 _ ("%s began “%s” from %s at %s and has been silent at the step “%s” for %d "
                    "seconds. Nothing was changed; the lock can be taken over."),
                 user, operation, machine, since, step, (int)MIN (state->silent_s, G_MAXINT));
  else
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED,
                 _ ("%s is at work on this server: “%s” from %s since %s, now at the step “%s”. "
                    "Nothing was changed; wait for the end."),
                 user, operation, machine, since, step);
}

static gboolean
may_take (const StewardLockState *state, StewardLockFlags flags)
{
  if (!state->is_held)
    return TRUE;
  /* A heartbeat in the future: the script decides, and sets it right. */
  if (state->silent_s < -STEWARD_LOCK_SILENCE_S)
    return TRUE;
  return state->is_lapsed && (flags & STEWARD_LOCK_TAKE_OVER_LAPSED) != 0;
}

/* The lock's file as it is and as it is to be. */
typedef struct
{
  const char *hash;    /* nullable: no file */
  const char *silence; /* empty: however lively */
  const char *text;
  guint wait_s;
} Exchange;

/* Runs the script that takes the lock if it is still what was seen. Returns: (nullable): its
 * word */
static char *
exchange (StewardLock *lock, const Exchange *what, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) content = g_bytes_new (what->text, strlen (what->text));
  g_autofree char *length = g_strdup_printf ("%" G_GSIZE_FORMAT, strlen (what->text));
  g_autofree char *wait = g_strdup_printf ("%u", what->wait_s);
  const char *argv[] = { steward_store_script_take,
                         lock->fence.folder,
                         wait,
                         what->hash != NULL ? what->hash : "",
                         what->silence,
                         steward_store_get_file_mode (lock->store),
                         length,
                         NULL };
  StewardStoreScript script = { .argv = argv, .input = content };
  char *word = steward_store_call (lock->store, &script, cancellable, error);

  return word != NULL ? g_strchomp (word) : NULL;
}

/* A call that broke off may have taken the lock all the same: then it is given back. */
static char *
try_to_take (StewardLock *lock,
             const LockFile *seen,
             guint wait_s,
             GCancellable *cancellable,
             GError **error)
{
  g_autofree char *taken = print_lock (lock->fence.generation, &lock->holder);
  g_autofree char *given_back = g_strconcat (lock->fence.generation, "\n\n", NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, taken, -1);
  Exchange take = { seen->hash, "", taken, wait_s != 0 ? wait_s : DEFAULT_WAIT_S };
  Exchange give_back = { hash, "", given_back, 1 };

  if (seen->state.is_held)
    take.silence = G_STRINGIFY (STEWARD_LOCK_SILENCE_S);
  char *word = exchange (lock, &take, cancellable, error);
  if (word == NULL)
    g_free (exchange (lock, &give_back, NULL, NULL));
  return word;
}

/* The generation outgrows every earlier one even where the file was lost or spoilt: it is at least
 * the host's time. */
static void
set_generation (StewardLock *lock, const LockFile *seen)
{
  guint64 generation = MAX (seen->state.generation + 1, (guint64)MAX (seen->now_s, 1));

  g_free (lock->fence.generation);
  lock->fence.generation = g_strdup_printf ("%" G_GUINT64_FORMAT, generation);
  lock->holder.since_s = seen->now_s;
}

/* Returns: whether the lock is ours; without an error, somebody was quicker and it is worth another
 * look. */
static gboolean
attempt (StewardLock *lock,
         const StewardLockRequest *request,
         GCancellable *cancellable,
         GError **error)
{
  g_auto (LockFile) seen = { 0 };

  if (!look (lock->store, &seen, cancellable, error))
    return FALSE;
  if (!may_take (&seen.state, request->flags))
    {
      set_locked_error (&seen.state, error);
      return FALSE;
    }

  set_generation (lock, &seen);
  g_autofree char *word = try_to_take (lock, &seen, request->wait_s, cancellable, error);
  if (g_strcmp0 (word, "taken") == 0)
    return TRUE;
  if (g_strcmp0 (word, "held") == 0)
    set_locked_error (&seen.state, error);
  else if (g_strcmp0 (word, "busy") == 0)
    g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED,
                         _ ("The last command of whoever worked on this server before still runs. "
                            "Nothing was changed; try again when it has ended."));
  else if (g_strcmp0 (word, "missing") == 0)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                 _ ("The folder “%s” does not exist. Nothing was changed."), lock->fence.folder);
  return FALSE;
}

static gboolean
attempt_often (StewardLock *lock,
               const StewardLockRequest *request,
               GCancellable *cancellable,
               GError **error)
{
  for (guint i = 0; i < TAKE_ATTEMPTS; i++)
    {
      g_autoptr (GError) local_error = NULL;
      if (attempt (lock, request, cancellable, &local_error))
        return TRUE;
      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }
  g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED,
                       _ ("Others are taking this server’s lock just now. Nothing was changed; try "
                          "again."));
  return FALSE;
}

static void
note_loss (StewardLock *lock, const GError *error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock->mutex);

  if (g_error_matches (error, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK))
    lock->is_lost = TRUE;
}

static gboolean
run_fenced (StewardLock *lock, const char *const *argv, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  StewardCommand command = { .argv = argv, .fence = &lock->fence, .deadline_ms = BEAT_DEADLINE_MS };
  g_autofree char *output =
      steward_host_call (steward_store_get_host (lock->store), &command, cancellable, &local_error);

  if (output != NULL)
    return TRUE;
  note_loss (lock, local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Returns: whether to beat again; waits until then. */
static gboolean
wait_for_beat (StewardLock *lock, guint wait_ms)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock->mutex);
  gint64 end_us = g_get_monotonic_time () + wait_ms * G_GINT64_CONSTANT (1000);

  while (!lock->is_ending && !lock->is_lost && !lock->is_woken
         && g_cond_wait_until (&lock->cond, &lock->mutex, end_us))
    ;
  return !lock->is_ending && !lock->is_lost;
}

/* Returns: (nullable): the lock's new text, if there is something new to tell */
static char *
dup_news (StewardLock *lock)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock->mutex);
  gboolean is_woken = lock->is_woken;

  lock->is_woken = FALSE;
  return is_woken ? print_lock (lock->fence.generation, &lock->holder) : NULL;
}

/* Writing is not cancelled: a late one would bring a lock back that was released meanwhile. */
static gboolean
beat (StewardLock *lock)
{
  const char *argv[] = { "touch", "-c", lock->path, NULL };
  g_autofree char *news = dup_news (lock);
  g_autoptr (GError) error = NULL;

  if (news == NULL)
    return run_fenced (lock, argv, lock->cancellable, NULL);
  if (steward_store_write (lock->store, lock->path, news, &lock->fence, NULL, &error))
    return TRUE;
  note_loss (lock, error);
  return FALSE;
}

static gpointer
heartbeat_cb (gpointer data)
{
  StewardLock *lock = data;
  guint wait_ms = lock->beat_ms;

  while (wait_for_beat (lock, wait_ms))
    wait_ms = beat (lock) ? lock->beat_ms : MIN (RETRY_BEAT_MS, lock->beat_ms);
  return NULL;
}

static void
stop_heartbeat (StewardLock *lock)
{
  g_mutex_lock (&lock->mutex);
  lock->is_ending = TRUE;
  g_cond_signal (&lock->cond);
  g_mutex_unlock (&lock->mutex);

  g_cancellable_cancel (lock->cancellable);
  g_clear_pointer (&lock->thread, g_thread_join);
}

static void
lock_destroy (StewardLock *lock)
{
  steward_fence_clear (&lock->fence);
  steward_holder_clear (&lock->holder);
  g_free (lock->path);
  g_object_unref (lock->cancellable);
  g_mutex_clear (&lock->mutex);
  g_cond_clear (&lock->cond);
  g_free (lock);
}

StewardLock *
steward_lock_take (StewardStore *store,
                   const StewardLockRequest *request,
                   GCancellable *cancellable,
                   GError **error)
{
  StewardLock *lock = g_new0 (StewardLock, 1);

  lock->store = store;
  lock->fence.folder = g_strdup (steward_store_get_folder (store));
  lock->path = g_build_filename (lock->fence.folder, "lock", NULL);
  lock->beat_ms = request->beat_ms != 0 ? request->beat_ms : DEFAULT_BEAT_MS;
  lock->cancellable = g_cancellable_new ();
  copy_holder (request->holder, &lock->holder);
  g_mutex_init (&lock->mutex);
  g_cond_init (&lock->cond);

  if (!attempt_often (lock, request, cancellable, error))
    {
      lock_destroy (lock);
      return NULL;
    }
  lock->thread = g_thread_new ("steward-heartbeat", heartbeat_cb, lock);
  return lock;
}

void
steward_lock_free (StewardLock *lock)
{
  if (lock->thread != NULL)
    steward_lock_release (lock, NULL, NULL);
  lock_destroy (lock);
}

const StewardFence *
steward_lock_get_fence (StewardLock *lock)
{
  return &lock->fence;
}

gboolean
steward_lock_check (StewardLock *lock, GCancellable *cancellable, GError **error)
{
  const char *argv[] = { "true", NULL };

  return run_fenced (lock, argv, cancellable, error);
}

gboolean
steward_lock_is_lost (StewardLock *lock)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock->mutex);

  return lock->is_lost;
}

void
steward_lock_set_step (StewardLock *lock, const char *step)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock->mutex);

  g_free (lock->holder.step);
  lock->holder.step = g_strdup (step);
  lock->is_woken = TRUE;
  g_cond_signal (&lock->cond);
}

gboolean
steward_lock_release (StewardLock *lock, GCancellable *cancellable, GError **error)
{
  g_autofree char *text = g_strconcat (lock->fence.generation, "\n\n", NULL);

  stop_heartbeat (lock);
  return steward_store_write (lock->store, lock->path, text, &lock->fence, cancellable, error);
}
