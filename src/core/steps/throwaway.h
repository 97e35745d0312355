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

/** steward_throwaway_start: the PostgreSQL; it stays until steward_throwaway_remove(). Errors:
 * those of steward_rehearsal_start() */
gboolean
steward_throwaway_start (StewardStepContext *context, const StewardThrowaway *self, GError **error);

/**
 * steward_throwaway_restore:
 * @backup: its passport is brought up to date, and written
 *
 * Restores into it, or goes on with that where it was begun. Errors: %STEWARD_ERROR_FAILED (the
 * dump cannot be restored, or has other rows: marked damaged where it is the dump), those of the
 * store
 */
gboolean steward_throwaway_restore (StewardStepContext *context,
                                    const StewardThrowaway *self,
                                    StewardBackup *backup,
                                    GError **error);

/** steward_throwaway_remove: with all its data; what is not there is fine. What shares its network
 * must have been removed before. */
gboolean steward_throwaway_remove (StewardStepContext *context, GError **error);

/** steward_throwaway_inspect: @state: (out): running for as long as its PostgreSQL is, stale where
 * something else is left of it, to do where nothing is */
gboolean
steward_throwaway_inspect (StewardStepContext *context, StewardStepState *state, GError **error);

G_END_DECLS
