/* Where an operation's large things lie, and how much room there is. */
#pragma once

#include "core/deployment/deployment.h"
#include "core/store/store.h"

G_BEGIN_DECLS

/**
 * StewardPlace:
 * @STEWARD_PLACE_BACKUPS: the folder of the backups, or the one where it will be made
 * @STEWARD_PLACE_DATABASE: PostgreSQL's data, in the database's container
 * @STEWARD_PLACE_ENGINE: the engine's own folder, with the data of throw-away containers
 */
typedef enum
{
  STEWARD_PLACE_BACKUPS,
  STEWARD_PLACE_DATABASE,
  STEWARD_PLACE_ENGINE,
} StewardPlace;

/** StewardSpace: @path: the place's folder, as its host or container calls it */
typedef struct
{
  char *path;
  StewardDisk disk;
} StewardSpace;

void steward_space_clear (StewardSpace *space);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StewardSpace, steward_space_clear)

/** steward_space_measure: @space: (out caller-allocates): clear it, after an error too.
 * Errors: %STEWARD_ERROR_NOT_FOUND (a database without a container, an engine on another machine),
 * %STEWARD_ERROR_INVALID (the tools there do not tell), those of the host and the engine */
gboolean steward_space_measure (const StewardDeployment *deployment,
                                StewardStore *store,
                                StewardPlace place,
                                StewardSpace *space,
                                GCancellable *cancellable,
                                GError **error);

G_END_DECLS
