/* Finds images as compose does: the last file wins, `extends` counts within its file. */
#include "core/compose/compose-sources.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/compose/env-file.h"

#define EXTENDS_MAX 20

/* What was met while the image of one service was looked for. */
typedef struct
{
  const char *service;
  gboolean exists;
  gboolean is_built;
  gboolean has_includes;
} Search;

typedef enum
{
  FOUND,
  NOT_HERE,
  STOPPED, /* with an error */
} Outcome;

static void
document_free (gpointer document)
{
  steward_compose_document_free (document);
}

static gboolean
read_file (StewardComposeSources *self, guint index, GError **error)
{
  const StewardComposeFile *file = &self->files[index];

  if (file->kind == STEWARD_COMPOSE_FILE_ENV)
    {
      g_ptr_array_add (self->documents, NULL);
      return steward_env_file_read (self->values, file->path, file->content, index, error);
    }

  StewardComposeDocument *document =
      steward_compose_document_new (file->path, file->content, error);
  g_ptr_array_add (self->documents, document);
  return document != NULL;
}

StewardComposeSources *
steward_compose_sources_new (const StewardComposeFile *files, gsize n_files, GError **error)
{
  g_autoptr (StewardComposeSources) self = g_new0 (StewardComposeSources, 1);

  self->files = files;
  self->n_files = n_files;
  self->documents = g_ptr_array_new_with_free_func (document_free);
  self->values = steward_env_values_new ();
  for (gsize i = 0; i < n_files; i++)
    if (!read_file (self, i, error))
      return NULL;
  return g_steal_pointer (&self);
}

void
steward_compose_sources_free (StewardComposeSources *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->documents);
  g_hash_table_unref (self->values);
  g_free (self);
}

static gboolean
has_merge_tag (StewardComposeDocument *document, StewardComposeNode node)
{
  const char *tag = (const char *)steward_compose_document_get_node (document, node)->tag;

  return g_str_equal (tag, "!reset") || g_str_equal (tag, "!override");
}

static const char *
get_scalar (StewardComposeDocument *document, StewardComposeNode number)
{
  const yaml_node_t *node =
      number != 0 ? steward_compose_document_get_node (document, number) : NULL;

  return node != NULL && node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value
                                                        : NULL;
}

StewardComposeNode
steward_compose_sources_find_base (StewardComposeSources *self, const StewardComposePlace *place)
{
  StewardComposeDocument *document = self->documents->pdata[place->file];
  StewardComposeNode extends = steward_compose_document_lookup (document, place->node, "extends");

  if (extends == 0)
    return 0;

  const char *name = get_scalar (document, extends);
  if (name == NULL)
    name = get_scalar (document, steward_compose_document_lookup (document, extends, "service"));
  if (name == NULL || steward_compose_document_lookup (document, extends, "file") != 0)
    return 0;

  StewardComposeNode services =
      steward_compose_document_lookup (document, steward_compose_document_get_root (document),
                                       "services");
  return services != 0 ? steward_compose_document_lookup (document, services, name) : 0;
}

/* Looks for the image of the service at @place and of those that it extends. */
static Outcome
search_service (StewardComposeSources *self,
                Search *search,
                StewardComposePlace *place,
                GError **error)
{
  StewardComposeDocument *document = self->documents->pdata[place->file];
  const char *path = self->files[place->file].path;

  for (guint i = 0; i < EXTENDS_MAX && place->node != 0; i++)
    {
      StewardComposeNode image = steward_compose_document_lookup (document, place->node, "image");
      if (has_merge_tag (document, place->node) || (image != 0 && has_merge_tag (document, image)))
        {
          g_set_error (
              error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
              _ ("%s changes the service “%s” with !reset or !override, which Steward does "
                 "not edit. Nothing was changed."),
              path, search->service);
          return STOPPED;
        }
      if (image != 0)
        {
          place->node = image;
          return FOUND;
        }
      search->is_built |= steward_compose_document_lookup (document, place->node, "build") != 0;
      StewardComposeNode base = steward_compose_sources_find_base (self, place);
      if (base == 0 && steward_compose_document_lookup (document, place->node, "extends") != 0)
        {
          g_set_error (
              error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
              _ ("In %s the service “%s” takes its image from another file with “extends”, "
                 "which Steward does not edit; write the image into the service. Nothing "
                 "was changed."),
              path, search->service);
          return STOPPED;
        }
      place->node = base;
    }
  return NOT_HERE;
}

static Outcome
search_file (StewardComposeSources *self,
             Search *search,
             StewardComposePlace *place,
             GError **error)
{
  StewardComposeDocument *document = self->documents->pdata[place->file];
  StewardComposeNode root = steward_compose_document_get_root (document);
  StewardComposeNode services = steward_compose_document_lookup (document, root, "services");

  search->has_includes |= steward_compose_document_lookup (document, root, "include") != 0;
  place->node =
      services != 0 ? steward_compose_document_lookup (document, services, search->service) : 0;
  if (place->node == 0)
    return NOT_HERE;
  search->exists = TRUE;
  return search_service (self, search, place, error);
}

static gboolean
explain_missing_image (const Search *search, GError **error)
{
  if (search->has_includes)
    g_set_error (
        error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
        _ ("The image of the service “%s” is given in an included file, which Steward does "
           "not edit. Nothing was changed."),
        search->service);
  else if (!search->exists)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                 _ ("The compose files have no service “%s”. Nothing was changed."),
                 search->service);
  else if (search->is_built)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                 _ ("The service “%s” is built on the spot and has no image whose tag could be "
                    "changed. Nothing was changed."),
                 search->service);
  else
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                 _ ("The compose files give the service “%s” no image. Nothing was changed."),
                 search->service);
  return FALSE;
}

gboolean
steward_compose_sources_find_image (StewardComposeSources *self,
                                    const char *service,
                                    StewardComposePlace *place,
                                    GError **error)
{
  Search search = { .service = service };

  for (gsize i = self->n_files; i > 0; i--)
    {
      if (self->documents->pdata[i - 1] == NULL)
        continue;
      *place = (StewardComposePlace){ i - 1, 0 };
      Outcome outcome = search_file (self, &search, place, error);
      if (outcome != NOT_HERE)
        return outcome == FOUND;
    }
  return explain_missing_image (&search, error);
}

StewardComposeText *
steward_compose_sources_expand (StewardComposeSources *self,
                                const StewardComposePlace *place,
                                GError **error)
{
  const StewardComposeFile *file = &self->files[place->file];
  const char *bytes = g_bytes_get_data (file->content, NULL);
  StewardByteRange range;

  if (!steward_compose_document_locate (self->documents->pdata[place->file], place->node, &range,
                                        error))
    return NULL;

  const StewardComposeSource source = { bytes + range.offset, range.length, place->file,
                                        range.offset };
  StewardComposeText *text = steward_compose_template_expand (&source, self->values);
  if (text == NULL)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                 _ ("The variables in the image's name in %s are not understood. Nothing was "
                    "changed."),
                 file->path);
  return text;
}
