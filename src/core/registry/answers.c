/* Reading of answers that anybody may have written: bounded, and by type. */
#include "core/registry/answers.h"

#include "core/base/json.h"

#include <libsoup/soup.h>
#include <string.h>

#define MAX_TAGS 100000
#define MAX_LABEL_BYTES 256

/* `[A-Za-z0-9_][A-Za-z0-9._-]{0,127}`, by the specification. */
gboolean
steward_answer_is_tag (const char *text)
{
  gsize length = strlen (text);

  return length > 0 && length <= 128 && *text != '.' && *text != '-'
         && strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-") == length;
}

gboolean
steward_answer_is_digest (const char *text)
{
  return text != NULL && g_str_has_prefix (text, "sha256:")
         && strlen (text) == strlen ("sha256:") + 64
         && strspn (text + strlen ("sha256:"), "0123456789abcdef") == 64;
}

char *
steward_answer_dup_next_link (const char *header)
{
  GSList *links = soup_header_parse_list (header);
  char *next = NULL;

  for (GSList *item = links; item != NULL && next == NULL; item = item->next)
    {
      const char *link = item->data;
      const char *end = strchr (link, '>');
      if (*link != '<' || end == NULL)
        continue;
      const char *semicolon = strchr (end, ';');
      GHashTable *params =
          soup_header_parse_semi_param_list (semicolon != NULL ? semicolon + 1 : "");
      if (g_strcmp0 (g_hash_table_lookup (params, "rel"), "next") == 0)
        next = g_strndup (link + 1, end - link - 1);
      soup_header_free_param_list (params);
    }
  soup_header_free_list (links);
  return next;
}

/* A repository without tags has `null`. */
gboolean
steward_answer_add_tags (JsonObject *page, GPtrArray *tags)
{
  JsonArray *array = steward_json_get_array (page, "tags");

  if (array == NULL
      && (!json_object_has_member (page, "tags") || !json_object_get_null_member (page, "tags")))
    return FALSE;

  guint n_tags = array != NULL ? json_array_get_length (array) : 0;
  if (n_tags > MAX_TAGS - tags->len)
    return FALSE;
  for (guint i = 0; i < n_tags; i++)
    {
      const char *tag = steward_json_get_element_string (array, i);
      if (tag != NULL && steward_answer_is_tag (tag))
        g_ptr_array_add (tags, g_strdup (tag));
    }
  return TRUE;
}

static void
layer_free (gpointer data)
{
  StewardLayer *layer = data;

  g_free (layer->digest);
  g_free (layer);
}

StewardRemoteImage *
steward_remote_image_new (void)
{
  StewardRemoteImage *image = g_new0 (StewardRemoteImage, 1);

  image->layers = g_ptr_array_new_with_free_func (layer_free);
  return image;
}

void
steward_remote_image_free (StewardRemoteImage *image)
{
  if (image == NULL)
    return;
  g_free (image->digest);
  g_free (image->manifest_digest);
  g_free (image->version);
  g_free (image->revision);
  g_free (image->created);
  g_ptr_array_unref (image->layers);
  g_free (image);
}

const char *
steward_answer_find_platform (JsonArray *manifests, const char *architecture)
{
  for (guint i = 0; i < json_array_get_length (manifests); i++)
    {
      JsonObject *entry = steward_json_get_element_object (manifests, i);
      JsonObject *platform = steward_json_get_object (entry, "platform");
      const char *digest = steward_json_get_string (entry, "digest");

      if (g_strcmp0 (steward_json_get_string (platform, "os"), "linux") == 0
          && g_strcmp0 (steward_json_get_string (platform, "architecture"), architecture) == 0
          && steward_answer_is_digest (digest))
        return digest;
    }
  return NULL;
}

gboolean
steward_answer_add_layers (StewardRemoteImage *image, JsonObject *manifest)
{
  JsonArray *layers = steward_json_get_array (manifest, "layers");

  if (layers == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (layers); i++)
    {
      JsonObject *entry = steward_json_get_element_object (layers, i);
      const char *digest = steward_json_get_string (entry, "digest");
      if (!steward_answer_is_digest (digest))
        return FALSE;

      StewardLayer *layer = g_new0 (StewardLayer, 1);
      layer->digest = g_strdup (digest);
      layer->size_bytes = steward_json_get_size (entry, "size");
      g_ptr_array_add (image->layers, layer);
    }
  return TRUE;
}

/* Labels are shown to people: nothing long, nothing that steers a terminal. */
static char *
dup_label (JsonObject *object, const char *name)
{
  const char *text = steward_json_get_string (object, name);

  if (text == NULL || *text == '\0' || strlen (text) > MAX_LABEL_BYTES)
    return NULL;
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (!g_unichar_isprint (g_utf8_get_char (c)))
      return NULL;
  return g_strdup (text);
}

void
steward_answer_set_labels (StewardRemoteImage *image, JsonObject *config)
{
  JsonObject *labels =
      steward_json_get_object (steward_json_get_object (config, "config"), "Labels");

  image->version = dup_label (labels, "org.opencontainers.image.version");
  image->revision = dup_label (labels, "org.opencontainers.image.revision");
  image->created = dup_label (labels, "org.opencontainers.image.created");
  if (image->created == NULL)
    image->created = dup_label (config, "created");
}
