/* The questions to a registry. Addresses, authentication and failures are session.c's; which of the
 * tags are offered is decided in targets.c. */
#include "core/registry/registry.h"

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/registry/session.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TAGS_A_PAGE "n=1000"
#define MAX_PAGES 200
#define MAX_TAGS 100000
#define MAX_TAGS_BYTES (8 * 1024 * 1024)
/* The specification asks for no more than 4 MiB. */
#define MAX_MANIFEST_BYTES (4 * 1024 * 1024)
#define MAX_LABEL_BYTES 256

#define ACCEPT_MANIFESTS                                                                           \
  "application/vnd.oci.image.index.v1+json, "                                                      \
  "application/vnd.docker.distribution.manifest.list.v2+json, "                                    \
  "application/vnd.oci.image.manifest.v1+json, "                                                   \
  "application/vnd.docker.distribution.manifest.v2+json"

/* `[A-Za-z0-9_][A-Za-z0-9._-]{0,127}`, by the specification. */
static gboolean
is_tag (const char *text)
{
  gsize length = strlen (text);

  return length > 0 && length <= 128 && *text != '.' && *text != '-'
         && strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-") == length;
}

static gboolean
is_digest (const char *text)
{
  return text != NULL && g_str_has_prefix (text, "sha256:")
         && strlen (text) == strlen ("sha256:") + 64
         && strspn (text + strlen ("sha256:"), "0123456789abcdef") == 64;
}

static JsonObject *
parse_body (StewardRegistrySession *session, GBytes *body, GError **error)
{
  gsize size = 0;
  const char *bytes = g_bytes_get_data (body, &size);
  JsonObject *object = bytes != NULL ? steward_json_parse_object (bytes, size, NULL) : NULL;

  if (object == NULL)
    steward_registry_session_fail_invalid (session, error);
  return object;
}

/* The address in `<…>; rel="next"`, or NULL. RFC 8288. */
static char *
dup_next_link (SoupMessageHeaders *headers)
{
  const char *header = soup_message_headers_get_list (headers, "Link");
  GSList *links = header != NULL ? soup_header_parse_list (header) : NULL;
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

/* The page after @uri: %TRUE with @next %NULL after the last one. It has to be of the same
 * registry, and not one that was read already. */
static gboolean
find_next_page (StewardRegistrySession *session,
                GUri *uri,
                SoupMessageHeaders *headers,
                GHashTable *seen,
                GUri **next,
                GError **error)
{
  g_autofree char *link = dup_next_link (headers);

  *next = NULL;
  if (link == NULL)
    return TRUE;

  g_autoptr (GUri) page = g_uri_parse_relative (uri, link, SOUP_HTTP_URI_FLAGS, NULL);
  if (page == NULL || !steward_uri_has_same_origin (page, uri)
      || g_hash_table_size (seen) >= MAX_PAGES || !g_hash_table_add (seen, g_uri_to_string (page)))
    return steward_registry_session_fail_invalid (session, error);

  *next = g_steal_pointer (&page);
  return TRUE;
}

/* Adds one page's tags. A repository without tags has `null`. */
static gboolean
add_tags (StewardRegistrySession *session, GBytes *body, GPtrArray *tags, GError **error)
{
  g_autoptr (JsonObject) page = parse_body (session, body, error);

  if (page == NULL)
    return FALSE;
  if (!json_object_has_member (page, "tags"))
    return steward_registry_session_fail_invalid (session, error);

  JsonArray *array = steward_json_get_array (page, "tags");
  if (array == NULL && !json_object_get_null_member (page, "tags"))
    return steward_registry_session_fail_invalid (session, error);

  guint n_tags = array != NULL ? json_array_get_length (array) : 0;
  if (n_tags > MAX_TAGS - tags->len)
    return steward_registry_session_fail_invalid (session, error);
  for (guint i = 0; i < n_tags; i++)
    {
      const char *tag = steward_json_get_element_string (array, i);
      if (tag != NULL && is_tag (tag))
        g_ptr_array_add (tags, g_strdup (tag));
    }
  return TRUE;
}

GStrv
steward_registry_list_tags (const StewardRepository *repository,
                            GCancellable *cancellable,
                            GError **error)
{
  g_autoptr (StewardRegistrySession) session =
      steward_registry_session_new (repository, cancellable, error);
  g_autoptr (GPtrArray) tags = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (session == NULL)
    return NULL;

  g_autoptr (GUri) uri = steward_registry_session_dup_uri (session, "tags/list", TAGS_A_PAGE);
  g_hash_table_add (seen, g_uri_to_string (uri));
  while (uri != NULL)
    {
      StewardQuestion question = { .uri = uri,
                                   .subject = repository->repository,
                                   .max_bytes = MAX_TAGS_BYTES };
      g_autoptr (SoupMessageHeaders) headers = NULL;
      g_autoptr (GUri) next = NULL;
      g_autoptr (GBytes) body = steward_registry_session_ask (session, &question, &headers, error);

      if (body == NULL || !add_tags (session, body, tags, error)
          || !find_next_page (session, uri, headers, seen, &next, error))
        return NULL;
      g_uri_unref (uri);
      uri = g_steal_pointer (&next);
    }

  g_ptr_array_add (tags, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&tags), FALSE);
}

static void
layer_free (gpointer data)
{
  StewardLayer *layer = data;

  g_free (layer->digest);
  g_free (layer);
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

static char *
dup_digest (GBytes *body)
{
  g_autofree char *hex = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, body);

  return g_strconcat ("sha256:", hex, NULL);
}

/* Reads a manifest, an index or a configuration: @kind is `manifests` or `blobs`, @reference a tag
 * or digest. What is asked for by digest must have it. */
static JsonObject *
read_document (StewardRegistrySession *session,
               const char *kind,
               const char *reference,
               char **digest,
               GError **error)
{
  g_autofree char *path = g_strconcat (kind, "/", reference, NULL);
  g_autofree char *subject =
      g_strconcat (steward_registry_session_get_repository (session), ":", reference, NULL);
  g_autoptr (GUri) uri = steward_registry_session_dup_uri (session, path, NULL);
  StewardQuestion question = { .uri = uri,
                               .accept = *kind == 'm' ? ACCEPT_MANIFESTS : NULL,
                               .subject = subject,
                               .max_bytes = MAX_MANIFEST_BYTES };
  g_autoptr (GBytes) body = steward_registry_session_ask (session, &question, NULL, error);
  if (body == NULL)
    return NULL;

  g_autofree char *real_digest = dup_digest (body);
  if (is_digest (reference) && strcmp (real_digest, reference) != 0)
    {
      steward_registry_session_fail_invalid (session, error);
      return NULL;
    }
  if (digest != NULL)
    *digest = g_steal_pointer (&real_digest);
  return parse_body (session, body, error);
}

/* The digest in an index of the manifest for Linux on @architecture, or NULL. */
static const char *
find_platform (JsonArray *manifests, const char *architecture)
{
  for (guint i = 0; i < json_array_get_length (manifests); i++)
    {
      JsonObject *entry = steward_json_get_element_object (manifests, i);
      JsonObject *platform = steward_json_get_object (entry, "platform");
      const char *digest = steward_json_get_string (entry, "digest");

      if (g_strcmp0 (steward_json_get_string (platform, "os"), "linux") == 0
          && g_strcmp0 (steward_json_get_string (platform, "architecture"), architecture) == 0
          && is_digest (digest))
        return digest;
    }
  return NULL;
}

static gboolean
add_layers (StewardRemoteImage *image, JsonObject *manifest)
{
  JsonArray *layers = steward_json_get_array (manifest, "layers");

  if (layers == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (layers); i++)
    {
      JsonObject *entry = steward_json_get_element_object (layers, i);
      const char *digest = steward_json_get_string (entry, "digest");
      if (!is_digest (digest))
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

static void
set_labels (StewardRemoteImage *image, JsonObject *config)
{
  JsonObject *labels =
      steward_json_get_object (steward_json_get_object (config, "config"), "Labels");

  image->version = dup_label (labels, "org.opencontainers.image.version");
  image->revision = dup_label (labels, "org.opencontainers.image.revision");
  image->created = dup_label (labels, "org.opencontainers.image.created");
  if (image->created == NULL)
    image->created = dup_label (config, "created");
}

/* The manifest for the architecture: @document itself, or the one that it, an index, names. */
static JsonObject *
read_manifest (StewardRegistrySession *session,
               StewardRemoteImage *image,
               JsonObject *document,
               const char *architecture,
               GError **error)
{
  JsonArray *manifests = steward_json_get_array (document, "manifests");

  if (manifests == NULL)
    {
      image->manifest_digest = g_strdup (image->digest);
      return json_object_ref (document);
    }

  const char *digest = find_platform (manifests, architecture);
  if (digest == NULL)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                   _ ("The image in registry %s is not made for Linux on %s."),
                   steward_registry_session_get_registry (session), architecture);
      return NULL;
    }
  return read_document (session, "manifests", digest, &image->manifest_digest, error);
}

StewardRemoteImage *
steward_registry_get_image (const StewardRepository *repository,
                            const char *tag,
                            const char *architecture,
                            GCancellable *cancellable,
                            GError **error)
{
  g_autoptr (StewardRemoteImage) image = g_new0 (StewardRemoteImage, 1);

  image->layers = g_ptr_array_new_with_free_func (layer_free);
  if (!is_tag (tag) && !is_digest (tag))
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                   _ ("“%s” cannot be the tag of an image."), tag);
      return NULL;
    }

  g_autoptr (StewardRegistrySession) session =
      steward_registry_session_new (repository, cancellable, error);
  if (session == NULL)
    return NULL;
  g_autoptr (JsonObject) document =
      read_document (session, "manifests", tag, &image->digest, error);
  if (document == NULL)
    return NULL;
  g_autoptr (JsonObject) manifest = read_manifest (session, image, document, architecture, error);
  if (manifest == NULL)
    return NULL;

  const char *config_digest =
      steward_json_get_string (steward_json_get_object (manifest, "config"), "digest");
  if (!is_digest (config_digest) || !add_layers (image, manifest))
    {
      steward_registry_session_fail_invalid (session, error);
      return NULL;
    }

  g_autoptr (JsonObject) config = read_document (session, "blobs", config_digest, NULL, error);
  if (config == NULL)
    return NULL;
  set_labels (image, config);
  return g_steal_pointer (&image);
}
