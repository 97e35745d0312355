/* Copies of backups between the host and this machine, checked against the server they are for.
 * Blocks; for the deployment's worker thread. */
#pragma once

#include "core/operations/operation.h"
#include "core/store/saved-copy.h"

G_BEGIN_DECLS

/** steward_transfer_export: see steward_saved_copy_write(); changes nothing on the server. @id: of
 * a complete backup; @folder: on this machine. Errors: further %STEWARD_ERROR_NOT_FOUND,
 * %STEWARD_ERROR_REFUSED (not a complete one) */
gboolean steward_transfer_export (StewardStore *store,
                                  const char *id,
                                  const char *folder,
                                  const StewardClient *client,
                                  GCancellable *cancellable,
                                  GError **error);

/** StewardImport: a copy that could be taken to the server. @warning: (nullable): a sentence to be
 * agreed to: it was made by another cluster, or that cannot be found out */
typedef struct
{
  StewardSavedCopy *copy;
  char *warning;
} StewardImport;

void steward_import_free (StewardImport *import);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardImport, steward_import_free)

/** steward_import_open: reads the passport and asks the server; touches nothing. A backup of
 * another cluster can be restored, as far as PostgreSQL is concerned: it is a warning. One of a
 * newer PostgreSQL cannot. @path: see steward_saved_copy_open(). Errors: further
 * %STEWARD_ERROR_REFUSED (a newer PostgreSQL; other bytes of its id are there) */
StewardImport *steward_import_open (StewardDeployment *deployment,
                                    StewardStore *store,
                                    const char *path,
                                    GCancellable *cancellable,
                                    GError **error);

/** steward_import_run: takes the lock. What is there already, and right, is left; a damaged dump of
 * the same backup is replaced. Errors: those of steward_saved_copy_upload(),
 * %STEWARD_ERROR_REFUSED (an operation stands unfinished; other bytes of its id are there),
 * %STEWARD_ERROR_LOCKED */
gboolean steward_import_run (StewardStore *store,
                             const StewardImport *import,
                             const StewardClient *client,
                             GCancellable *cancellable,
                             GError **error);

G_END_DECLS
