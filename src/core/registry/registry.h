/* What an image registry offers: tags, and what an image behind a tag is. Only looks, never pushes.
 *
 * Source: OCI distribution specification 1.1 and image specification 1.1; the token exchange as
 * ghcr.io and Docker Hub do it. Registries on loopback are asked over HTTP, all others over HTTPS.
 */
#pragma once

#include <gio/gio.h>

#include "core/registry/credentials.h"

G_BEGIN_DECLS

/**
 * StewardRepository:
 * @registry: host, with its port if it has one: `ghcr.io`, `127.0.0.1:5000`, `docker.io`
 * @repository: `scille/parsec-cloud/parsec-server`
 * @credential: (nullable): %NULL asks anonymously
 * @timeout_ms: for a whole call
 * @proxy: (nullable): a proxy's URI that stands in for the desktop's settings, see
 * steward_host_ensure_proxy()
 */
typedef struct
{
  const char *registry;
  const char *repository;
  const StewardCredential *credential;
  guint timeout_ms;
  const char *proxy;
} StewardRepository;

/**
 * steward_registry_list_tags:
 * @repository: where to look
 *
 * All tags, as they are spelled, in no order; what is no tag by the specification is left out.
 * Blocks, for a worker thread. Secrets are in no message. Each message names the registry.
 *
 * Errors: %STEWARD_ERROR_DENIED (401, 403), %STEWARD_ERROR_NOT_FOUND (404),
 * %STEWARD_ERROR_UNREACHABLE (429, 5xx, nobody there, too slow), %STEWARD_ERROR_REFUSED (its
 * certificate is not trusted), %STEWARD_ERROR_INVALID (an answer that is no such, too large or
 * unsafe to follow; a name that is none), %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the tags, maybe none
 */
GStrv steward_registry_list_tags (const StewardRepository *repository,
                                  GCancellable *cancellable,
                                  GError **error);

typedef struct
{
  char *digest;
  guint64 size_bytes; /* compressed, as it is pulled */
} StewardLayer;

/**
 * StewardRemoteImage:
 * @digest: of what the tag names, an index or a manifest: as `tag@digest` in compose files
 * @manifest_digest: of the manifest for the platform asked for; may be the same
 * @version: (nullable): label `org.opencontainers.image.version`
 * @revision: (nullable): label `org.opencontainers.image.revision`
 * @created: (nullable): label `org.opencontainers.image.created`, else the image's own date
 * @layers: (element-type StewardLayer): in the order of the manifest
 */
typedef struct
{
  char *digest;
  char *manifest_digest;
  char *version;
  char *revision;
  char *created;
  GPtrArray *layers;
} StewardRemoteImage;

void steward_remote_image_free (StewardRemoteImage *image);

/**
 * steward_registry_get_image:
 * @tag: an exact tag, or a digest (`sha256:…`)
 * @architecture: in Go's spelling, `amd64`, `arm64`
 *
 * The Linux image behind a tag. Every document but the first is checked against its digest. Blocks.
 *
 * Errors: as for steward_registry_list_tags(); %STEWARD_ERROR_NOT_FOUND also where there is no
 * image for the architecture.
 *
 * Returns: (transfer full) (nullable): the image
 */
StewardRemoteImage *steward_registry_get_image (const StewardRepository *repository,
                                                const char *tag,
                                                const char *architecture,
                                                GCancellable *cancellable,
                                                GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardRemoteImage, steward_remote_image_free)

G_END_DECLS
