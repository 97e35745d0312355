/* What can be done with backups and set-aside databases outside operations, sent to the server's
 * worker; the server is looked at afterwards. Main thread; nothing here blocks. */
#pragma once

#include "app/server.h"
#include "core/operations/pruning.h"
#include "core/operations/transfer.h"

G_BEGIN_DECLS

/** StewardTendingFunc: how far it is, 0 to 1; on the main thread, while @object is there */
typedef void (*StewardTendingFunc) (gpointer object, const char *id, double fraction);

/**
 * StewardTending: one thing that is done with one thing.
 * @id: the backup's id, or the database's name
 * @flags: of a verification; @folder: of an export: on this machine
 * @func, @object: (nullable): who is told how far it is; a GObject, not kept
 */
typedef struct
{
  const char *id;
  StewardVerifyFlags flags;
  const char *folder;
  StewardTendingFunc func;
  gpointer object;
} StewardTending;

/** See steward_catalog_verify(), steward_catalog_delete(), steward_transfer_export(). @tending is
 * copied. */
void steward_tending_verify_async (StewardServer *server,
                                   const StewardTending *tending,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer data);
void steward_tending_delete_async (StewardServer *server,
                                   const StewardTending *tending,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer data);
void steward_tending_export_async (StewardServer *server,
                                   const StewardTending *tending,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer data);

/** steward_tending_import_async: see steward_import_run(). @import: (transfer full) */
void steward_tending_import_async (StewardServer *server,
                                   const StewardTending *tending,
                                   StewardImport *import,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer data);

/** steward_tending_clean_up_async: see steward_pruning_run() and steward_catalog_delete().
 * @pruning: (transfer full); @asides: (transfer full): names of databases */
void steward_tending_clean_up_async (StewardServer *server,
                                     StewardPruning *pruning,
                                     GStrv asides,
                                     GAsyncReadyCallback callback,
                                     gpointer data);

/** steward_tending_finish: for all of them */
gboolean steward_tending_finish (GAsyncResult *result, GError **error);

/** steward_tending_open_import_async: see steward_import_open() */
void steward_tending_open_import_async (StewardServer *server,
                                        const char *path,
                                        GAsyncReadyCallback callback,
                                        gpointer data);
/** Returns: (transfer full) (nullable) */
StewardImport *steward_tending_open_import_finish (GAsyncResult *result, GError **error);

G_END_DECLS
