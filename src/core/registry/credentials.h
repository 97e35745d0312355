/* The docker credentials that a host has for a registry: its `config.json` and its credential
 * helpers. Nothing is written, and no secret is in any message.
 *
 * Source: https://docs.docker.com/reference/cli/docker/login/ and the protocol of
 * https://github.com/docker/docker-credential-helpers. */
#pragma once

#include "core/host/host.h"

G_BEGIN_DECLS

/**
 * StewardCredential:
 * @user: (nullable): with @password
 * @password: (nullable): secret
 * @identity_token: (nullable): secret, instead of the two: exchanged for a token (OAuth 2 refresh
 * token)
 */
typedef struct
{
  char *user;
  char *password;
  char *identity_token;
} StewardCredential;

void steward_credential_free (StewardCredential *credential);

/**
 * StewardCredentialSource:
 * What `config.json` says about one registry: both %NULL where it says nothing.
 * @credential: (nullable): written in it
 * @helper: (nullable): the helper to be asked: `docker-credential-` and this, checked
 * @server: the name that a helper knows the registry by
 */
typedef struct
{
  StewardCredential *credential;
  char *helper;
  char *server;
} StewardCredentialSource;

void steward_credential_source_clear (StewardCredentialSource *source);

/**
 * steward_credentials_parse:
 * @bytes: (array length=size): a `config.json`
 * @registry: host, with its port if it has one
 * @source: (out caller-allocates): filled if all went well
 *
 * Pure. A helper for this registry goes before the helper for all, and that before what is written
 * in the file.
 *
 * Errors: %STEWARD_ERROR_INVALID
 */
gboolean steward_credentials_parse (const char *bytes,
                                    gsize size,
                                    const char *registry,
                                    StewardCredentialSource *source,
                                    GError **error);

/** steward_credentials_parse_helper: @bytes: (array length=size): what a helper printed.
 * Returns: (transfer full) (nullable): the credential, %NULL where there is none */
StewardCredential *steward_credentials_parse_helper (const char *bytes, gsize size);

/**
 * steward_credentials_load:
 * @host: whose user's configuration is read (`$DOCKER_CONFIG`, else `~/.docker`) and helpers are
 * run
 * @registry: host, with its port if it has one
 * @credential: (out) (transfer full) (nullable): %NULL where the host has none
 *
 * Blocks, for a worker thread.
 *
 * Errors: %STEWARD_ERROR_INVALID (configuration), %STEWARD_ERROR_FAILED (a helper that is missing
 * or fails), those of @host.
 */
gboolean steward_credentials_load (StewardHost *host,
                                   const char *registry,
                                   StewardCredential **credential,
                                   GCancellable *cancellable,
                                   GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardCredential, steward_credential_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StewardCredentialSource, steward_credential_source_clear)

G_END_DECLS
