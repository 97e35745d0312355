/* Where Steward keeps things on a deployment's host: folders, names of files, ids of operations and
 * the host's time. What the files hold is for lock.h, journal.h, passport.h and backup.h. Knows no
 * Docker and no SQL.
 *
 *   steward/           private (0700), or shared through the folder's group (2770)
 *     lock             see lock.h
 *     journal/ID.jsonl see journal.h; beside it the originals of edited files
 *     logs/ID-NAME.log
 *     backups/         may lie elsewhere; see backup.h
 *
 * Every function of the store that changes something takes a fence (nullable): the lock's, see
 * lock.h; %NULL only where no operation can run, as in tests.
 *
 * All calls that take a host's time block and are made on a worker thread. A store may be used by
 * several threads once steward_store_ensure() has returned. */
#pragma once

#include "core/host/host.h"

G_BEGIN_DECLS

#define STEWARD_STORE_FOLDER_NAME "steward"
#define STEWARD_STORE_MODE_PRIVATE 0700
#define STEWARD_STORE_MODE_SHARED 02770

typedef struct _StewardStore StewardStore;

/**
 * steward_store_new:
 * @folder: the fixed place: `steward` beside the compose file, absolute
 * @backups_folder: (nullable): where backups are kept, absolute; %NULL for `backups` inside @folder
 *
 * Touches nothing. A store whose folder is not there reads as an empty one.
 */
StewardStore *steward_store_new (StewardHost *host, const char *folder, const char *backups_folder);
void steward_store_free (StewardStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardStore, steward_store_free)

/**
 * steward_store_ensure:
 * @mode: %STEWARD_STORE_MODE_PRIVATE or %STEWARD_STORE_MODE_SHARED; folders that are there keep
 * theirs
 *
 * Makes the folders that are missing; to be called once before the lock is taken. Files made later
 * are shared with the group where @folder is.
 *
 * Errors: %STEWARD_ERROR_DENIED, %STEWARD_ERROR_NO_SPACE; folders made so far stay
 */
gboolean
steward_store_ensure (StewardStore *store, guint mode, GCancellable *cancellable, GError **error);

/** Returns: (transfer none) */
StewardHost *steward_store_get_host (StewardStore *store);
const char *steward_store_get_folder (StewardStore *store);
const char *steward_store_get_backups_folder (StewardStore *store);

/** steward_store_get_now: the host's time in seconds since 1970. The host is asked by the first
 * call, afterwards this machine's monotonic clock is added: free, and blind to a clock set
 * later. */
gboolean steward_store_get_now (StewardStore *store,
                                gint64 *now_s,
                                GCancellable *cancellable,
                                GError **error);

/** steward_store_make_id: an operation's id such as `20261123t220300_ab12`: the host's time (UTC)
 * and four random digits. Later ids sort later. Fit for names of files, containers and databases.
 * Returns: (transfer full) (nullable) */
char *steward_store_make_id (StewardStore *store, GCancellable *cancellable, GError **error);

/** steward_store_id_is_valid: ids read from files or given by people are data until this says so.
 * Every function that makes a path of an id takes valid ones only. */
gboolean steward_store_id_is_valid (const char *id);

/** Paths on the host. Returns: (transfer full) */
char *steward_store_dup_dump_path (StewardStore *store, const char *id);
/** …while the dump is being written */
char *steward_store_dup_partial_path (StewardStore *store, const char *id);
char *steward_store_dup_passport_path (StewardStore *store, const char *id);
char *steward_store_dup_journal_path (StewardStore *store, const char *id);
/** @name: letters, digits, `-` and `_`, for example `server` */
char *steward_store_dup_log_path (StewardStore *store, const char *id, const char *name);
/** @path: the edited file, whose saved bytes are asked for */
char *steward_store_dup_original_path (StewardStore *store, const char *id, const char *path);

/**
 * steward_store_save_original:
 * @path: a compose or env file on the host; a symbolic link is followed
 *
 * Copies its bytes beside the journal, with mode and owner (the owner only where this user may give
 * files away), synced. They may hold passwords; they are kept with the journal and never removed by
 * Steward on its own. A copy that is there already is left as it is: the first one is the original.
 *
 * Errors: %STEWARD_ERROR_NOT_FOUND, %STEWARD_ERROR_DENIED, %STEWARD_ERROR_NO_SPACE,
 * %STEWARD_ERROR_LOST_LOCK; after an error there is no copy
 */
gboolean steward_store_save_original (StewardStore *store,
                                      const char *id,
                                      const char *path,
                                      const StewardFence *fence,
                                      GCancellable *cancellable,
                                      GError **error);

/** steward_store_read_original: Returns: (transfer full) (nullable): the bytes @path had.
 * Errors: %STEWARD_ERROR_NOT_FOUND, %STEWARD_ERROR_DENIED */
GBytes *steward_store_read_original (StewardStore *store,
                                     const char *id,
                                     const char *path,
                                     GCancellable *cancellable,
                                     GError **error);

G_END_DECLS
