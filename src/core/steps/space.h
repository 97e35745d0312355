/* Where an operation's large things lie, and how much room there is. */
#pragma once

#include "core/deployment/deployment.h"
#include "core/store/store.h"

G_BEGIN_DECLS

/** What a dump, and a copy or rehearsal, take of the size of their database, at most.
 * Source: a dump of bytea takes up to about 1.3 times the data at the fastest compression */
#define STEWARD_SPACE_DUMP_FACTOR 1.3
#define STEWARD_SPACE_COPY_FACTOR 1.1

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
