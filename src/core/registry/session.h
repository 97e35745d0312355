/* One conversation with one registry about one repository: addresses, authentication, redirects and
 * the sentences for what goes wrong. What the answers hold is left to registry.c.
 *
 * Source: https://github.com/opencontainers/distribution-spec/blob/main/spec.md */
#pragma once

#include <libsoup/soup.h>

#include "core/registry/registry.h"

G_BEGIN_DECLS

typedef struct _StewardSession StewardRegistrySession;

/** steward_registry_session_new: for a worker thread, see steward_http_new().
 * Errors: %STEWARD_ERROR_INVALID where registry or repository cannot be names of such. */
StewardRegistrySession *steward_registry_session_new (const StewardRepository *repository,
                                                      GCancellable *cancellable,
                                                      GError **error);
void steward_registry_session_free (StewardRegistrySession *session);

/** steward_registry_session_dup_uri: Returns: (transfer full): the address of @path (`tags/list`)
 * and @query (nullable) within the repository */
GUri *steward_registry_session_dup_uri (StewardRegistrySession *session,
                                        const char *path,
                                        const char *query);

/** steward_registry_session_get_registry: Returns: (transfer none): the registry's name for
 * sentences */
const char *steward_registry_session_get_registry (StewardRegistrySession *session);
/** steward_registry_session_get_repository: Returns: (transfer none): the repository's full name */
const char *steward_registry_session_get_repository (StewardRegistrySession *session);

/**
 * StewardQuestion:
 * @uri: of the registry
 * @accept: (nullable): the header
 * @subject: what is asked for, for sentences: `scille/parsec:3.0.0`
 * @max_bytes: a larger answer is refused
 */
typedef struct
{
  GUri *uri;
  const char *accept;
  const char *subject;
  gsize max_bytes;
} StewardQuestion;

/**
 * steward_registry_session_ask:
 * @headers: (out) (optional) (transfer full): those of the answer
 *
 * Blocks. Gets a token when the registry asks for one, and follows redirects without it.
 *
 * Errors: see steward_registry_list_tags().
 *
 * Returns: (transfer full) (nullable): the body of an answer with status 200
 */
GBytes *steward_registry_session_ask (StewardRegistrySession *session,
                                      const StewardQuestion *question,
                                      SoupMessageHeaders **headers,
                                      GError **error);

/** steward_registry_session_fail_invalid: @error says that the answer cannot be understood.
 * Returns: %FALSE */
gboolean steward_registry_session_fail_invalid (StewardRegistrySession *session, GError **error);

/** steward_uri_has_same_origin: Returns: whether scheme, host and port are equal */
gboolean steward_uri_has_same_origin (GUri *a, GUri *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardRegistrySession, steward_registry_session_free)

G_END_DECLS
