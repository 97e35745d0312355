/* The questions to a registry. Addresses, authentication and failures are session.c's; what the
 * answers say is read in answers.c; which of the tags are offered is decided in targets.c. */
#include "core/registry/registry.h"

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/registry/answers.h"
#include "core/registry/session.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TAGS_A_PAGE "n=1000"
#define MAX_PAGES 200
#define MAX_TAGS_BYTES (8 * 1024 * 1024)
/* The specification asks for no more than 4 MiB. */
#define MAX_MANIFEST_BYTES (4 * 1024 * 1024)

#define ACCEPT_MANIFESTS                                                                           \
  "application/vnd.oci.image.index.v1+json, "                                                      \
  "application/vnd.docker.distribution.manifest.list.v2+json, "                                    \
  "application/vnd.oci.image.manifest.v1+json, "                                                   \
  "application/vnd.docker.distribution.manifest.v2+json"

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
  const char *header = soup_message_headers_get_list (headers, "Link");
  g_autofree char *link = header != NULL ? steward_answer_dup_next_link (header) : NULL;

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

static gboolean
add_tags (StewardRegistrySession *session, GBytes *body, GPtrArray *tags, GError **error)
{
  g_autoptr (JsonObject) page = parse_body (session, body, error);

  if (page == NULL)
    return FALSE;
  return steward_answer_add_tags (page, tags)
         || steward_registry_session_fail_invalid (session, error);
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
  if (steward_answer_is_digest (reference) && strcmp (real_digest, reference) != 0)
    {
      steward_registry_session_fail_invalid (session, error);
      return NULL;
    }
  if (digest != NULL)
    *digest = g_steal_pointer (&real_digest);
  return parse_body (session, body, error);
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

  const char *digest = steward_answer_find_platform (manifests, architecture);
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
  g_autoptr (StewardRemoteImage) image = steward_remote_image_new ();

  if (!steward_answer_is_tag (tag) && !steward_answer_is_digest (tag))
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
  if (!steward_answer_is_digest (config_digest) || !steward_answer_add_layers (image, manifest))
    {
      steward_registry_session_fail_invalid (session, error);
      return NULL;
    }

  g_autoptr (JsonObject) config = read_document (session, "blobs", config_digest, NULL, error);
  if (config == NULL)
    return NULL;
  steward_answer_set_labels (image, config);
  return g_steal_pointer (&image);
}
