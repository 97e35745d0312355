/* The guard of an operation: a small constant script, detached on the host, that watches the lock's
 * heartbeat. While it stands it holds the `flock` of `journal/ID.guard`; whoever removes that file
 * dismisses it. When the lock was silent for too long, whoever held it, the guard takes the lock as
 * a Steward does, with a new generation and a heartbeat of its own, and goes back; then it ends the
 * journal and frees the lock. How to go back is the caller's, a script too.
 *
 * Silence is measured by the lock's time of change against the host's clock, and by the guard's own
 * patience: neither a clock that is set nor a host that slept makes it act too soon. */
#pragma once

#include "core/store/store.h"

G_BEGIN_DECLS

/**
 * StewardGuard:
 * @id: of the operation; @operation: its kind
 * @user: who the lock names as its holder while the guard is at work, for people
 * @silence_s: for how long the lock must have been silent, at least 1
 * @script: defines two shell functions, both called with @arguments:
 *
 *   look       without the lock; returns 0: go back, 2: nothing to guard any more, else: not now
 *   walk_back  with the lock; returns 0: it is done, 10: somebody has to do something by hand, 11:
 *              nothing was to be done, else: to be tried again. `text` holds the sentence that ends
 *              the journal, as a JSON string.
 *
 * They find `id`, `folder`, `journal`, `replace` (steward_script_replace) and may use:
 *
 *   fenced COMMAND…  under the lock, as a StewardFence holds a command back; 95: it is lost
 *   at_step STEP     tells the lock and the journal that STEP is being undone
 *   step_is_undone   tells the journal that it is
 *
 * @arguments: no secrets
 */
typedef struct
{
  const char *id;
  const char *operation;
  const char *user;
  guint silence_s;
  const char *script;
  const char *const *arguments;
} StewardGuard;

/** steward_guard_start: starts the guard and waits until it stands. Its words go to the log “guard”
 * of the operation. Errors: those of steward_host_start_detached(); %STEWARD_ERROR_FAILED (it does
 * not stand, and may yet come to; dismiss it) */
gboolean steward_guard_start (StewardStore *store,
                              const StewardGuard *guard,
                              const StewardFence *fence,
                              GCancellable *cancellable,
                              GError **error);

/** steward_guard_stands: @stands: (out): whether one waits; one that acts has lost the operation by
 * the time somebody else holds the lock. */
gboolean steward_guard_stands (StewardStore *store,
                               const char *id,
                               gboolean *stands,
                               GCancellable *cancellable,
                               GError **error);

/** steward_guard_dismiss: it acts no more, and ends within a second; one that is not there is
 * fine. */
gboolean steward_guard_dismiss (StewardStore *store,
                                const char *id,
                                const StewardFence *fence,
                                GCancellable *cancellable,
                                GError **error);

/** steward_guard_dup_text: Returns: (transfer full): @sentence as a JSON string, for `text` */
char *steward_guard_dup_text (const char *sentence);

G_END_DECLS
