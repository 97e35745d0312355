/* Challenges and token answers as registries give them, and as they should not. */
#include "core/registry/challenge.h"

#include <string.h>

static void
test_challenges (void)
{
  static const struct
  {
    const char *header, *realm, *service, *scope;
    gboolean is_known;
  } cases[] = {
    { "Bearer "
      "realm=\"https://ghcr.io/token\",service=\"ghcr.io\",scope=\"repository:scille/p:pull\"",
      "https://ghcr.io/token", "ghcr.io", "repository:scille/p:pull", TRUE },
    { "bearer scope=\"repository:a:pull,push\", realm=\"https://a/t?x=1\"", "https://a/t?x=1", NULL,
      "repository:a:pull,push", TRUE },
    { "Bearer realm=https://a/t", "https://a/t", NULL, NULL, TRUE },
    { "Basic realm=\"Registry\"", NULL, NULL, NULL, TRUE },
    { "Basic", NULL, NULL, NULL, TRUE },
    { "Bearer", NULL, NULL, NULL, FALSE },
    { "Bearer service=\"x\"", NULL, NULL, NULL, FALSE },
    { "Negotiate", NULL, NULL, NULL, FALSE },
    { "Bearerrealm=\"https://a\"", NULL, NULL, NULL, FALSE },
    { "", NULL, NULL, NULL, FALSE },
    { "Bearer \"\"\",,,=", NULL, NULL, NULL, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (StewardChallenge) challenge = steward_challenge_parse (cases[i].header);

      if ((challenge != NULL) != cases[i].is_known)
        g_error ("'%s' is judged wrongly", cases[i].header);
      if (challenge == NULL)
        continue;
      g_assert_cmpstr (challenge->realm, ==, cases[i].realm);
      g_assert_cmpstr (challenge->service, ==, cases[i].service);
      g_assert_cmpstr (challenge->scope, ==, cases[i].scope);
    }
}

static void
test_tokens (void)
{
  static const struct
  {
    const char *bytes, *token;
  } cases[] = {
    { "{\"token\":\"ab.c-_~+/==\"}", "ab.c-_~+/==" },
    { "{\"access_token\":\"ab\",\"expires_in\":300}", "ab" },
    { "{\"token\":\"a\",\"access_token\":\"b\"}", "a" },
    { "{\"token\":\"\"}", NULL },
    { "{\"token\":\"a\\r\\nHost: b\"}", NULL },
    { "{\"token\":\"a b\"}", NULL },
    { "{\"token\":7}", NULL },
    { "{}", NULL },
    { "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *token = steward_token_parse (cases[i].bytes, strlen (cases[i].bytes));
      g_assert_cmpstr (token, ==, cases[i].token);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/challenge/reads-bearer-and-basic", test_challenges);
  g_test_add_func ("/challenge/takes-only-tokens-fit-for-headers", test_tokens);
  return g_test_run ();
}
