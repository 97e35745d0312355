/* The files that a compose project is made of, taken together: which file gives a service its
 * image, and what that value comes to. Used by the other files of this folder only. */
#pragma once

#include "core/compose/compose-document.h"
#include "core/compose/compose-edit.h"
#include "core/compose/compose-template.h"

G_BEGIN_DECLS

/**
 * StewardComposeSources:
 * @files: borrowed from the caller, who keeps them as long
 * @documents: one for each file; %NULL for an env file
 * @values: (element-type utf8 StewardEnvValue): variables of the env files
 */
typedef struct
{
  const StewardComposeFile *files;
  gsize n_files;
  GPtrArray *documents;
  GHashTable *values;
} StewardComposeSources;

/** StewardComposePlace: a node of a file */
typedef struct
{
  guint file;
  StewardComposeNode node;
} StewardComposePlace;

/** steward_compose_sources_new: Returns: (transfer full): the files, read; or %NULL with the errors
 * of steward_compose_document_new() and steward_env_file_read() */
StewardComposeSources *
steward_compose_sources_new (const StewardComposeFile *files, gsize n_files, GError **error);
void steward_compose_sources_free (StewardComposeSources *self);

/**
 * steward_compose_sources_find_image:
 * @place: (out): the value of `image` that counts for @service: in the last file that gives one
 *
 * Returns: whether it was found; else %STEWARD_ERROR_NOT_FOUND for a service that no file has, and
 * %STEWARD_ERROR_REFUSED for one whose image is not given in these files
 */
gboolean steward_compose_sources_find_image (StewardComposeSources *self,
                                             const char *service,
                                             StewardComposePlace *place,
                                             GError **error);

/** steward_compose_sources_expand: Returns: (transfer full): what the scalar at @place comes to; or
 * %NULL with %STEWARD_ERROR_REFUSED */
StewardComposeText *steward_compose_sources_expand (StewardComposeSources *self,
                                                    const StewardComposePlace *place,
                                                    GError **error);

/** steward_compose_sources_find_base: Returns: the service of the same file that the service at
 * @place extends, or 0 */
StewardComposeNode steward_compose_sources_find_base (StewardComposeSources *self,
                                                      const StewardComposePlace *place);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardComposeSources, steward_compose_sources_free)

G_END_DECLS
