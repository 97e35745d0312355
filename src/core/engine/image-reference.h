/* Names of images as `docker pull` and compose files spell them: taking them apart, and putting
 * them together again with another tag. Says nothing about whether an image exists: that is the
 * registry's and the engine's to know.
 * Source of the grammar: https://pkg.go.dev/github.com/distribution/reference */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * StewardImageReference:
 * @registry: (nullable): host and port as written; %NULL means Docker's own, `docker.io`
 * @repository: path in the registry, as written
 * @tag: (nullable): exact spelling
 * @digest: (nullable): `sha256:` and 64 lower-case hexadecimal digits
 */
typedef struct
{
  char *registry;
  char *repository;
  char *tag;
  char *digest;
} StewardImageReference;

/**
 * steward_image_reference_parse:
 *
 * Pure. As the docker command does, the part before the first `/` is a registry only if it holds a
 * `.`, a `:` or a capital letter, or is `localhost`.
 *
 * Returns: (transfer full): the reference, or %NULL with %STEWARD_ERROR_INVALID
 */
StewardImageReference *steward_image_reference_parse (const char *text, GError **error);
StewardImageReference *steward_image_reference_copy (const StewardImageReference *self);
void steward_image_reference_free (StewardImageReference *self);

/** steward_image_reference_format: Returns: (transfer full): the spelling that was parsed */
char *steward_image_reference_format (const StewardImageReference *self);

/** steward_image_reference_dup_with_tag: Returns: (transfer full): the same repository with @tag
 * (which must be valid) and without a digest, which belonged to the former tag */
StewardImageReference *steward_image_reference_dup_with_tag (const StewardImageReference *self,
                                                             const char *tag);

/** steward_image_reference_get_registry: Returns: (transfer none): the registry, `docker.io` where
 * none (or its old name) is written */
const char *steward_image_reference_get_registry (const StewardImageReference *self);

/** steward_image_reference_dup_path: Returns: (transfer full): the path as the registry knows it:
 * Docker's own images (`postgres`) lie in `library/` there */
char *steward_image_reference_dup_path (const StewardImageReference *self);

/** steward_image_reference_get_base_name: Returns: (transfer none): the last component of the
 * path */
const char *steward_image_reference_get_base_name (const StewardImageReference *self);

/** steward_image_reference_same_repository: whether both lie in the same repository of the same
 * registry */
gboolean steward_image_reference_same_repository (const StewardImageReference *a,
                                                  const StewardImageReference *b);

/** steward_tag_is_valid: whether @tag is one to 128 of `[A-Za-z0-9_.-]`, not starting with `.` or
 * `-` */
gboolean steward_tag_is_valid (const char *tag);

/** steward_digest_is_valid: whether @digest is `sha256:` and 64 lower-case hexadecimal digits */
gboolean steward_digest_is_valid (const char *digest);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardImageReference, steward_image_reference_free)

G_END_DECLS
