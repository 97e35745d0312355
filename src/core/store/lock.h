/* The lock of a deployment: one file, `lock`, in the store's folder. Its first line is the
 * generation, a number that only ever grows; its second is the holder as JSON, or empty when the
 * lock is free; its time of change is the heartbeat, by the host's clock. It is always replaced
 * whole.
 *
 * Who takes it holds the folder's `flock` exclusively meanwhile; every fenced command (see
 * StewardFence) holds it shared and checks the generation first. So a holder that was frozen, or
 * lost its connection, can do nothing after the lock was taken over. Ending a former holder's
 * database sessions and containers is the caller's. */
#pragma once

#include "core/store/store.h"

G_BEGIN_DECLS

/** After how long a silence of its holder a lock lapses, in seconds. */
#define STEWARD_LOCK_SILENCE_S 30

/**
 * StewardHolder: who is at work. All text is UTF-8 without secrets; none of it is ever run.
 * @user: who sits at the client
 * @machine: where the client runs
 * @host_user: the Unix user on the host
 * @client: for example `stewardctl 0.1.0`
 * @process_id: of the client
 * @since_s: seconds since 1970, host's clock; set by steward_lock_take()
 * @operation_id: (nullable)
 * @operation: for example `upgrade`
 * @step: (nullable): the identifier of the step that runs
 */
typedef struct
{
  char *user;
  char *machine;
  char *host_user;
  char *client;
  gint64 process_id;
  gint64 since_s;
  char *operation_id;
  char *operation;
  char *step;
} StewardHolder;

void steward_holder_clear (StewardHolder *holder);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StewardHolder, steward_holder_clear)

/**
 * StewardLockState: what a look at the lock showed.
 * @is_held: somebody holds it, or its content is not understood (then @holder is empty)
 * @is_lapsed: held, but silent for longer than %STEWARD_LOCK_SILENCE_S
 * @silent_s: since the last heartbeat; negative where that lies in the host's future
 */
typedef struct
{
  gboolean is_held;
  gboolean is_lapsed;
  gint64 silent_s;
  guint64 generation;
  StewardHolder holder;
} StewardLockState;

void steward_lock_state_clear (StewardLockState *state);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StewardLockState, steward_lock_state_clear)

/** steward_lock_peek: looks without taking part; no lock file, or no store, is a free lock. */
gboolean steward_lock_peek (StewardStore *store,
                            StewardLockState *state,
                            GCancellable *cancellable,
                            GError **error);

/**
 * StewardLockFlags:
 * @STEWARD_LOCK_TAKE_OVER_LAPSED: take a lapsed lock too
 */
typedef enum
{
  STEWARD_LOCK_NONE = 0,
  STEWARD_LOCK_TAKE_OVER_LAPSED = 1 << 0,
} StewardLockFlags;

/**
 * StewardLockRequest:
 * @holder: (not nullable): borrowed for the call
 * @wait_s: how long to wait for a running command of the former holder to end; 0 for 20 seconds
 * @beat_ms: time between heartbeats; 0 for 5 seconds
 */
typedef struct
{
  const StewardHolder *holder;
  StewardLockFlags flags;
  guint wait_s;
  guint beat_ms;
} StewardLockRequest;

typedef struct _StewardLock StewardLock;

/**
 * steward_lock_take:
 *
 * Takes the lock in one instant or not at all, with a new generation, and keeps its heart beating
 * in a thread of its own. A heartbeat that lies more than %STEWARD_LOCK_SILENCE_S in the host's
 * future (the clock was set back) is set to now by the attempt: a living holder goes on, a dead
 * one's lock lapses %STEWARD_LOCK_SILENCE_S later. A clock set forward can make a living holder's
 * lock lapse; being taken over stops that holder before its next change.
 *
 * Returns: (transfer full) (nullable): the lock; @store must outlive it
 * Errors: %STEWARD_ERROR_LOCKED (who, from where, since when, at which step; or that the former
 * holder's last command still runs), %STEWARD_ERROR_NOT_FOUND (no store yet),
 * %STEWARD_ERROR_DENIED, %STEWARD_ERROR_NO_SPACE; after an error the lock is as it was
 */
StewardLock *steward_lock_take (StewardStore *store,
                                const StewardLockRequest *request,
                                GCancellable *cancellable,
                                GError **error);

/** steward_lock_free: releases it if that was not done, without telling of errors. Blocks. */
void steward_lock_free (StewardLock *lock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardLock, steward_lock_free)

/** Returns: (transfer none): the right that goes with the lock, as long as @lock lives */
const StewardFence *steward_lock_get_fence (StewardLock *lock);

/** steward_lock_check: asks the host now whether the lock is still ours; for effects that cannot
 * carry the fence, such as SQL: connect, check, act. Any thread.
 * Errors: %STEWARD_ERROR_LOST_LOCK, and whatever keeps the host from answering */
gboolean steward_lock_check (StewardLock *lock, GCancellable *cancellable, GError **error);

/** steward_lock_is_lost: whether a heartbeat or check found the lock taken over. Any thread,
 * does not block. */
gboolean steward_lock_is_lost (StewardLock *lock);

/** steward_lock_set_step: has others told at which step this holder is. @step: (nullable). Does not
 * block: the heartbeat writes it at once, and where that fails the lock is held all the same. */
void steward_lock_set_step (StewardLock *lock, const char *step);

/** steward_lock_release: ends the heartbeat and frees the lock, if it is still ours; its generation
 * stays. To be called once. After an error nobody beats: the lock lapses. */
gboolean steward_lock_release (StewardLock *lock, GCancellable *cancellable, GError **error);

G_END_DECLS
