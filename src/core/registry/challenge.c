/* Parsing of challenges and tokens. Whether a realm may be asked is decided in session.c. */
#include "core/registry/challenge.h"

#include "core/base/json.h"

#include <libsoup/soup.h>
#include <string.h>

#define MAX_TOKEN_BYTES (64 * 1024)

StewardChallenge *
steward_challenge_parse (const char *header)
{
  gsize scheme_length = strcspn (header, " ");
  g_autofree char *scheme = g_ascii_strdown (header, (gssize)scheme_length);

  if (strcmp (scheme, "basic") == 0)
    return g_new0 (StewardChallenge, 1);
  if (strcmp (scheme, "bearer") != 0)
    return NULL;

  GHashTable *params = soup_header_parse_param_list (header + scheme_length);
  const char *realm = g_hash_table_lookup (params, "realm");
  StewardChallenge *challenge = NULL;
  if (realm != NULL)
    {
      challenge = g_new0 (StewardChallenge, 1);
      challenge->realm = g_strdup (realm);
      challenge->service = g_strdup (g_hash_table_lookup (params, "service"));
      challenge->scope = g_strdup (g_hash_table_lookup (params, "scope"));
    }
  soup_header_free_param_list (params);
  return challenge;
}

void
steward_challenge_free (StewardChallenge *challenge)
{
  if (challenge == NULL)
    return;
  g_free (challenge->realm);
  g_free (challenge->service);
  g_free (challenge->scope);
  g_free (challenge);
}

/* RFC 6750 section 2.1: anything else could smuggle a header. */
static gboolean
is_token (const char *text)
{
  gsize length = strlen (text);

  return length > 0 && length <= MAX_TOKEN_BYTES
         && strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-._~+/=") == length;
}

char *
steward_token_parse (const char *bytes, gsize size)
{
  g_autoptr (JsonObject) answer = steward_json_parse_object (bytes, size, NULL);
  const char *token = steward_json_get_string (answer, "token");

  if (token == NULL)
    token = steward_json_get_string (answer, "access_token");
  return token != NULL && is_token (token) ? g_strdup (token) : NULL;
}
