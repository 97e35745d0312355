/* Images of an engine: what they are, getting them, looking into them. Which ones a registry
 * offers is the registry's business, how a reference is spelled image-reference's.
 *
 * All calls block. Nothing here removes an image. */
#pragma once

#include "core/engine/engine.h"

G_BEGIN_DECLS

typedef struct
{
  char *id;           /* "sha256:…" */
  GStrv repo_tags;    /* "repository:tag" */
  GStrv repo_digests; /* "repository@sha256:…"; empty for an image that no registry has seen */
  char *created;      /* RFC 3339 */
  char *architecture; /* "amd64", … */
  guint64 size_bytes;
  GHashTable *labels; /* name → value */
  GStrv entrypoint;   /* may be empty */
  GStrv command;      /* may be empty */
} StewardImage;

void steward_image_free (StewardImage *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardImage, steward_image_free)

/** steward_image_get_label: Returns: (transfer none) (nullable) */
const char *steward_image_get_label (const StewardImage *image, const char *name);

/** steward_engine_inspect_image: @image: a reference or an id. Returns: (transfer full) (nullable).
 * Errors: %STEWARD_ERROR_NOT_FOUND (not on this engine) */
StewardImage *steward_engine_inspect_image (StewardEngine *self,
                                            const char *image,
                                            GCancellable *cancellable,
                                            GError **error);

/**
 * StewardPullWatch: who follows a pull, on the calling thread.
 * @progress: (nullable): how much is done, 0 to 1, by layers; never goes back
 * @line: (nullable): each line that docker prints
 */
typedef struct
{
  void (*progress) (double fraction, gpointer data);
  StewardLineFunc line;
  gpointer data;
} StewardPullWatch;

/**
 * steward_engine_pull_image:
 * @reference: with its tag or digest
 * @watch: (nullable)
 *
 * Gets an image with the docker credentials of the host's user and checks that it is there. Takes
 * an hour at most; a cancelled pull leaves layers that the next one uses.
 *
 * Errors: %STEWARD_ERROR_INVALID (@reference is none), %STEWARD_ERROR_NOT_FOUND (the registry does
 * not have it), %STEWARD_ERROR_DENIED (credentials), %STEWARD_ERROR_UNREACHABLE (no answer, or
 * not now), %STEWARD_ERROR_NO_SPACE
 */
gboolean steward_engine_pull_image (StewardEngine *self,
                                    const char *reference,
                                    const StewardPullWatch *watch,
                                    GCancellable *cancellable,
                                    GError **error);

/** StewardImageFile: a text of an image; @name is its whole path there */
typedef struct
{
  char *name;
  char *text; /* valid UTF-8 */
} StewardImageFile;

void steward_image_file_free (StewardImageFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardImageFile, steward_image_file_free)

/** What steward_engine_read_image_files() takes for the migrations of a Parsec server. */
#define STEWARD_IMAGE_MIGRATIONS "*/migrations/[0-9][0-9][0-9][0-9]_*.sql"

/**
 * steward_engine_read_image_files:
 * @pattern: as `find -path` takes it
 *
 * Reads files of an image that is on this engine, through a throw-away container without network
 * that runs the image's shell. Files over 1 MiB and more than 32 MiB in all are left out.
 *
 * Returns: (transfer full) (element-type StewardImageFile) (nullable): ordered by name; empty
 * where the image has no shell or no such files. %NULL only for errors of the engine.
 */
GPtrArray *steward_engine_read_image_files (StewardEngine *self,
                                            const char *image,
                                            const char *pattern,
                                            GCancellable *cancellable,
                                            GError **error);

G_END_DECLS
