/* Where the database of a deployment was seen last, for reach.c. A step opens several sessions
 * within a second; asking the engine anew for each would make up a good part of the downtime. */
#pragma once

typedef struct _StewardDatabaseSeen StewardDatabaseSeen;

StewardDatabaseSeen *steward_database_seen_new (void);
void steward_database_seen_free (StewardDatabaseSeen *seen);
