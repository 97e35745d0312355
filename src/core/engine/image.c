/* Images as `docker image inspect` tells them. Getting them and looking into them have files of
 * their own. */
#include "core/engine/image.h"

#include <glib/gi18n-lib.h>

#include "core/engine/inspect-json.h"

void
steward_image_free (StewardImage *image)
{
  g_free (image->id);
  g_strfreev (image->repo_tags);
  g_strfreev (image->repo_digests);
  g_free (image->created);
  g_free (image->architecture);
  g_hash_table_unref (image->labels);
  g_strfreev (image->entrypoint);
  g_strfreev (image->command);
  g_free (image);
}

const char *
steward_image_get_label (const StewardImage *image, const char *name)
{
  return g_hash_table_lookup (image->labels, name);
}

static StewardImage *
parse_image (JsonObject *object)
{
  StewardImage *image = g_new0 (StewardImage, 1);
  JsonObject *config = steward_json_get_object (object, "Config");

  image->id = steward_inspect_dup_string (object, "Id");
  image->repo_tags = steward_inspect_dup_strv (object, "RepoTags");
  image->repo_digests = steward_inspect_dup_strv (object, "RepoDigests");
  image->created = steward_inspect_dup_string (object, "Created");
  image->architecture = steward_inspect_dup_string (object, "Architecture");
  image->size_bytes = MAX (0, steward_inspect_get_int (object, "Size"));
  image->labels = steward_inspect_dup_map (config, "Labels");
  image->entrypoint = steward_inspect_dup_strv (config, "Entrypoint");
  image->command = steward_inspect_dup_strv (config, "Cmd");
  return image;
}

StewardImage *
steward_engine_inspect_image (StewardEngine *self,
                              const char *image,
                              GCancellable *cancellable,
                              GError **error)
{
  const char *argv[] = { "image", "inspect", "--", image, NULL };
  StewardCommand command = { .argv = argv };
  g_autoptr (GError) local_error = NULL;
  g_autofree char *output = steward_engine_call (self, &command, cancellable, &local_error);

  if (g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                 _ ("The image “%s” is not on this host."), image);
  else if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  if (output == NULL)
    return NULL;

  g_autoptr (JsonArray) array = steward_inspect_parse (output, error);
  if (array == NULL)
    return NULL;
  return parse_image (steward_inspect_get_first (array));
}
