/* Copies of backups on this machine: a folder with a dump that pg_restore reads as it is, and the
 * passport, all three named after the backup. Two files rather than one archive, so that a person
 * can use the dump without Steward; a folder of their own, so that one choice means both, also
 * where a desktop's portal shows nothing but what was chosen. Bytes are streamed: no file is ever
 * in memory whole. */
#pragma once

#include "core/base/progress.h"
#include "core/store/backup.h"

G_BEGIN_DECLS

/**
 * steward_saved_copy_write:
 * @backup: a complete one
 * @folder: on this machine; the copy is a folder in it
 * @progress: (nullable)
 *
 * Reads the dump from the host, and compares size and hash with the passport. The files are private
 * to this user; what is there already is never overwritten. The folder gets its name last: a copy
 * is whole, or not there.
 *
 * Errors: %STEWARD_ERROR_REFUSED (something of the name is there), %STEWARD_ERROR_INVALID (other
 * bytes than the passport says), %STEWARD_ERROR_NO_SPACE, %STEWARD_ERROR_DENIED (here), those of
 * steward_host_call(); after an error nothing new is in the folder
 */
gboolean steward_saved_copy_write (StewardStore *store,
                                   const StewardBackup *backup,
                                   const char *folder,
                                   StewardProgress *progress,
                                   GCancellable *cancellable,
                                   GError **error);

/**
 * StewardSavedCopy: a dump and its passport on this machine.
 */
typedef struct
{
  StewardPassport *passport;
  char *dump_path;
} StewardSavedCopy;

void steward_saved_copy_free (StewardSavedCopy *copy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardSavedCopy, steward_saved_copy_free)

/** steward_saved_copy_open: @path: the folder, with one dump in it, or either of the two files.
 * Returns: (transfer full) (nullable). Errors: %STEWARD_ERROR_NOT_FOUND (one of them is not there),
 * %STEWARD_ERROR_INVALID (more than one dump, no passport, one that is marked as damaged, or a dump
 * of another size), %STEWARD_ERROR_DENIED */
StewardSavedCopy *steward_saved_copy_open (const char *path, GError **error);

/**
 * steward_saved_copy_upload:
 * @copy: its passport is brought up to date: nothing is proven of the new dump but its hash
 * @progress: (nullable)
 *
 * Makes a backup of it on the host. The dump is written beside its name, synced and hashed there,
 * and only then named. One of the same id is replaced: whether it may be is the caller's to ask.
 *
 * Errors: %STEWARD_ERROR_INVALID (other bytes than the passport says), %STEWARD_ERROR_NO_SPACE,
 * %STEWARD_ERROR_DENIED, %STEWARD_ERROR_LOST_LOCK; after an error nothing of it is on the host
 */
gboolean steward_saved_copy_upload (StewardStore *store,
                                    const StewardSavedCopy *copy,
                                    const StewardFence *fence,
                                    StewardProgress *progress,
                                    GCancellable *cancellable,
                                    GError **error);

G_END_DECLS
