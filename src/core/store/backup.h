/* Backups as they lie on the host: a dump, and its passport beside it. The passport is written last
 * and removed first, so that whatever has one was whole. Making a dump, reading it back and
 * restoring it are for others; so is judging whether a backup fits a server. */
#pragma once

#include "core/store/passport.h"
#include "core/store/store.h"

G_BEGIN_DECLS

/**
 * StewardBackupState:
 * @STEWARD_BACKUP_COMPLETE: the only one that may be restored
 * @STEWARD_BACKUP_DAMAGED: passport not understood or marked damaged, dump missing or of another
 * size
 * @STEWARD_BACKUP_PARTIAL: no passport: a dump being made, or what a dead operation left
 */
typedef enum
{
  STEWARD_BACKUP_COMPLETE,
  STEWARD_BACKUP_DAMAGED,
  STEWARD_BACKUP_PARTIAL,
} StewardBackupState;

/**
 * StewardBackup:
 * @passport: (nullable): %NULL where there is none or it is not understood
 * @dump_path: (nullable): the dump, or the partial one; %NULL where neither is there
 * @size_bytes: of that file
 * @modified_s: of the newest of its files, host's clock
 * @problem: (nullable): a sentence that says what is wrong with a damaged one
 */
typedef struct
{
  char *id;
  StewardBackupState state;
  StewardPassport *passport;
  char *dump_path;
  guint64 size_bytes;
  gint64 modified_s;
  char *problem;
} StewardBackup;

void steward_backup_free (StewardBackup *backup);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardBackup, steward_backup_free)

/** steward_backup_is_examinable: whether it can be read back or restored for a trial: it is
 * complete, or nothing but the mark of damage speaks against it. Pure. */
gboolean steward_backup_is_examinable (const StewardBackup *backup);

/** steward_backup_check_restorable: Pure. Errors: %STEWARD_ERROR_REFUSED (not a complete one) */
gboolean steward_backup_check_restorable (const StewardBackup *backup, GError **error);

/** steward_backup_list: two host calls; sizes are compared, hashes are not. Returns: (transfer
 * full) (element-type StewardBackup) (nullable): newest first, partial ones too. Files that are
 * none of Steward's are passed over. Errors: %STEWARD_ERROR_DENIED */
GPtrArray *steward_backup_list (StewardStore *store, GCancellable *cancellable, GError **error);

/** steward_backup_find: @id: as a person typed it. Returns: (transfer full) (nullable): in any
 * state. Errors: %STEWARD_ERROR_NOT_FOUND, %STEWARD_ERROR_DENIED */
StewardBackup *steward_backup_find (StewardStore *store,
                                    const char *id,
                                    GCancellable *cancellable,
                                    GError **error);

/**
 * steward_backup_check_hash:
 * @backup: a complete one; its passport is brought up to date
 *
 * Reads the dump whole on the host and compares size and SHA-256 with the passport; no deadline.
 * Right: the passport's `read back` becomes now. Wrong: it is marked damaged, in its file too.
 *
 * Errors: %STEWARD_ERROR_INVALID (damaged), %STEWARD_ERROR_DENIED; and where the verdict could not
 * be written %STEWARD_ERROR_NO_SPACE, %STEWARD_ERROR_LOST_LOCK: @backup has it all the same
 */
gboolean steward_backup_check_hash (StewardStore *store,
                                    StewardBackup *backup,
                                    const StewardFence *fence,
                                    GCancellable *cancellable,
                                    GError **error);

/**
 * steward_backup_complete:
 * @passport: says size and hash of the partial dump
 *
 * Makes a backup of a partial dump: syncs it, gives it its name, writes the passport. Done again
 * after an interruption, it goes on where it was.
 *
 * Errors: %STEWARD_ERROR_NOT_FOUND (no dump), %STEWARD_ERROR_CHANGED (its size is not the
 * passport's), %STEWARD_ERROR_NO_SPACE, %STEWARD_ERROR_DENIED, %STEWARD_ERROR_LOST_LOCK;
 * after an error it is not a backup
 */
gboolean steward_backup_complete (StewardStore *store,
                                  const StewardPassport *passport,
                                  const StewardFence *fence,
                                  GCancellable *cancellable,
                                  GError **error);

/** steward_backup_write_passport: replaces the passport whole; for backups that are complete.
 * Errors: as steward_backup_complete(); after an error the earlier one stands */
gboolean steward_backup_write_passport (StewardStore *store,
                                        const StewardPassport *passport,
                                        const StewardFence *fence,
                                        GCancellable *cancellable,
                                        GError **error);

/** steward_backup_delete: removes passport, dump and partial dump, in this order; what is not there
 * is fine. After an error it is no backup, or still a complete one. */
gboolean steward_backup_delete (StewardStore *store,
                                const char *id,
                                const StewardFence *fence,
                                GCancellable *cancellable,
                                GError **error);

G_END_DECLS
