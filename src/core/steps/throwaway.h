/* Restores a backup into a throw-away PostgreSQL, see rehearsal.h, and compares its rows: what the
 * rehearsal of an upgrade begins with, and what proves a backup at any time. */
#pragma once

#include "core/deployment/rehearsal.h"
#include "core/steps/step.h"

G_BEGIN_DECLS

/** StewardThrowaway: of a context's plan. All owned. */
typedef struct
{
  char *name;
  char *database;
  StewardRehearsal rehearsal; /* its strings are those of this and of the plan */
} StewardThrowaway;

void steward_throwaway_init (StewardThrowaway *self, const StewardStepContext *context);
void steward_throwaway_clear (StewardThrowaway *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StewardThrowaway, steward_throwaway_clear)

/**
 * steward_throwaway_restore:
 * @backup: its passport is brought up to date, and written
 *
 * Starts the PostgreSQL and restores into it. It stays, until steward_throwaway_remove(), also
 * after an error. Errors: %STEWARD_ERROR_FAILED (the dump cannot be restored, or has other rows:
 * marked damaged where it is the dump), those of steward_rehearsal_start(), of the store
 */
gboolean steward_throwaway_restore (StewardStepContext *context,
                                    const StewardThrowaway *self,
                                    StewardBackup *backup,
                                    GError **error);

/** steward_throwaway_remove: with all its data; what is not there is fine. What shares its network
 * must have been removed before. */
gboolean steward_throwaway_remove (StewardStepContext *context, GError **error);

/** steward_throwaway_find: @is_there: (out): whether something of it is there */
gboolean steward_throwaway_find (StewardStepContext *context, gboolean *is_there, GError **error);

G_END_DECLS
