/* What a registry demands before it answers, and the token that its token server gives. Pure.
 * Source: https://distribution.github.io/distribution/spec/auth/token/ and RFC 9110 section 11. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * StewardChallenge:
 * @realm: (nullable): address of the token server; %NULL asks for a user name and password directly
 * (Basic)
 * @service: (nullable): to be passed to the token server
 * @scope: (nullable): what the token has to allow
 */
typedef struct
{
  char *realm;
  char *service;
  char *scope;
} StewardChallenge;

/** steward_challenge_parse: @header: one `WWW-Authenticate`, one challenge in it.
 * Returns: (transfer full) (nullable): %NULL for a scheme other than Bearer and Basic */
StewardChallenge *steward_challenge_parse (const char *header);
void steward_challenge_free (StewardChallenge *challenge);

/** steward_token_parse: @bytes: (array length=size): the token server's answer.
 * Returns: (transfer full) (nullable): the token, fit for a header; %NULL where there is none */
char *steward_token_parse (const char *bytes, gsize size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardChallenge, steward_challenge_free)

G_END_DECLS
