/* The edit of an upgrade or rollback: another tag in the compose and env files, and not one byte
 * more. Reads and writes no file: bytes come in, bytes go out. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  STEWARD_COMPOSE_FILE_YAML, /* given to compose with -f */
  STEWARD_COMPOSE_FILE_ENV,  /* `.env`, or given with --env-file */
} StewardComposeFileKind;

/** StewardComposeFile: a file as it was read */
typedef struct
{
  const char *path;
  GBytes *content;
  StewardComposeFileKind kind;
} StewardComposeFile;

/**
 * StewardComposeEditRequest:
 * @files: every file, those of each kind in the order in which compose is given them
 * @services: %NULL-terminated names of the services of the server's image
 * @old_tag: the tag that `docker compose config` shows for them now
 * @new_tag: written exactly as given
 * @new_digest: (nullable): replaces a digest that is written after the tag; with %NULL one is
 * removed
 */
typedef struct
{
  const StewardComposeFile *files;
  gsize n_files;
  const char *const *services;
  const char *old_tag;
  const char *new_tag;
  const char *new_digest;
} StewardComposeEditRequest;

/** StewardComposeEdit: a file that changes */
typedef struct
{
  char *path;
  StewardComposeFileKind kind;
  GBytes *before;
  GBytes *after;
} StewardComposeEdit;

/**
 * steward_compose_edit_plan:
 *
 * Pure. Finds the bytes of the tag of each service, wherever they stand (the service, an anchor, a
 * merged mapping, a variable's default, an env file), replaces them, reads the result again and
 * compares: a plan is given only if exactly the images of the services change.
 * What other files (`include`, `extends` with a file) and `env_file` make of a changed variable is
 * not seen here: compare `docker compose config` before and after.
 *
 * Returns: (transfer container) (element-type StewardComposeEdit): the files that change, each
 * once, none where the tag is the new one already; or %NULL with %STEWARD_ERROR_INVALID for a file
 * that cannot be read or a tag that is none, %STEWARD_ERROR_NOT_FOUND for a service that no file
 * has, and %STEWARD_ERROR_REFUSED where the tag is missing, comes from elsewhere, is written in a
 * way that is not edited, or is shared with a service that must not change
 */
GPtrArray *steward_compose_edit_plan (const StewardComposeEditRequest *request, GError **error);

/**
 * steward_compose_edit_dup_diff:
 * @edits: (element-type StewardComposeEdit): from steward_compose_edit_plan()
 *
 * Returns: (transfer full): a unified diff for reading, valid UTF-8; three lines of context, but
 * none for env files, whose other lines may hold secrets
 */
char *steward_compose_edit_dup_diff (const GPtrArray *edits);

G_END_DECLS
