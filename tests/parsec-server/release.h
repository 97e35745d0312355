/* What this build of the stand-in server claims to be: its version, its ways and its migrations.
 * Read from a small file in the image, so that one program serves every version. Leaves what is
 * done with it to migrate.c, serve.c and routes.c. */
#pragma once

#include <glib.h>

/* How the real server behaved over time; see "Starting and answering" in the project's notes. */
typedef enum
{
  PARSEC_GENERATION_EARLY,  /* before 3.6.0: starts on any schema, no /openapi.json */
  PARSEC_GENERATION_MIDDLE, /* from 3.6.0: refuses pending migrations, /openapi.json is 500 */
  PARSEC_GENERATION_HEAD,   /* newest: gives up at once without database, /openapi.json works */
} ParsecGeneration;

typedef enum
{
  PARSEC_FAULT_NONE,
  PARSEC_FAULT_SILENT,  /* accepts connections, never answers one */
  PARSEC_FAULT_DIES,    /* answers for 20 seconds, then exits 1 */
  PARSEC_FAULT_FOREIGN, /* says "Server: parsec/4" */
} ParsecFault;

typedef struct
{
  int id;          /* from the file's name, at least 1 */
  char *file_name; /* owned: NNNN_name.sql */
  char *name;      /* owned: the file's name without number and ending */
  char *path;      /* owned */
} ParsecMigration;

typedef struct
{
  char *version;      /* owned */
  char *api_versions; /* owned */
  ParsecGeneration generation;
  ParsecFault fault;
  GPtrArray *migrations; /* owned, of ParsecMigration, ordered by id */
} ParsecRelease;

/* Reads the file named by PARSEC_RELEASE, or the image's own, and the folder `migrations/` beside
 * it. Returns: (transfer full) (nullable): NULL with @error set if either cannot be understood. */
ParsecRelease *parsec_release_load (GError **error);

/* The server header's value, such as "parsec/3". */
const char *parsec_release_get_server_header (const ParsecRelease *self);

/* How many migrations lie behind @last_id, the last applied one (0: none is). */
guint parsec_release_count_pending (const ParsecRelease *self, int last_id);

void parsec_release_free (ParsecRelease *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ParsecRelease, parsec_release_free)
