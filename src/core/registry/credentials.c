/* Reading docker's credentials on a host. How they are used is left to session.c. */
#include "core/registry/credentials.h"

#include "core/base/json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Docker Hub's credentials are kept under this name, whatever the image reference says. */
#define DOCKER_HUB_SERVER "https://index.docker.io/v1/"
#define HELPER_DEADLINE_MS 20000
/* Helpers give an identity token under this user name. */
#define TOKEN_USER "<token>"

static void
free_secret (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

void
steward_credential_free (StewardCredential *credential)
{
  if (credential == NULL)
    return;
  g_free (credential->user);
  free_secret (credential->password);
  free_secret (credential->identity_token);
  g_free (credential);
}

void
steward_credential_source_clear (StewardCredentialSource *source)
{
  g_clear_pointer (&source->credential, steward_credential_free);
  g_clear_pointer (&source->helper, g_free);
  g_clear_pointer (&source->server, g_free);
}

static gboolean
is_docker_hub (const char *registry)
{
  static const char *const names[] = { "docker.io", "index.docker.io", "registry-1.docker.io",
                                       NULL };

  return g_strv_contains (names, registry);
}

/* `https://ghcr.io/v1/`, as old clients wrote it, is `ghcr.io`. */
static char *
dup_host (const char *key)
{
  const char *start = strstr (key, "://");

  start = start != NULL ? start + strlen ("://") : key;
  return g_strndup (start, strcspn (start, "/"));
}

/* The name of @object's member for @server. */
static const char *
find_key (JsonObject *object, const char *server)
{
  g_autofree char *host = dup_host (server);
  JsonObjectIter iter;
  const char *key;

  if (object == NULL)
    return NULL;
  if (json_object_has_member (object, server))
    return server;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &key, NULL))
    {
      g_autofree char *key_host = dup_host (key);
      if (g_ascii_strcasecmp (key_host, host) == 0)
        return key;
    }
  return NULL;
}

/* `auth` is the Base64 of `user:password`. */
static StewardCredential *
parse_entry (JsonObject *entry)
{
  const char *identity_token = steward_json_get_string (entry, "identitytoken");
  const char *auth = steward_json_get_string (entry, "auth");
  gsize size = 0;

  if (identity_token != NULL && *identity_token != '\0')
    {
      StewardCredential *credential = g_new0 (StewardCredential, 1);
      credential->identity_token = g_strdup (identity_token);
      return credential;
    }
  if (auth == NULL)
    return NULL;

  g_autofree guchar *decoded = g_base64_decode (auth, &size);
  char *text = g_strndup ((const char *)decoded, size);
  char *colon = strchr (text, ':');
  StewardCredential *credential = NULL;
  if (colon != NULL && colon > text)
    {
      credential = g_new0 (StewardCredential, 1);
      credential->user = g_strndup (text, colon - text);
      credential->password = g_strdup (colon + 1);
    }
  free_secret (text);
  explicit_bzero (decoded, size);
  return credential;
}

static gboolean
is_helper_name (const char *name)
{
  return *name != '\0' && strlen (name) <= 64
         && strspn (name, G_CSET_a_2_z G_CSET_DIGITS "-") == strlen (name);
}

gboolean
steward_credentials_parse (const char *bytes,
                           gsize size,
                           const char *registry,
                           StewardCredentialSource *source,
                           GError **error)
{
  g_autoptr (JsonObject) root = steward_json_parse_object (bytes, size, NULL);

  memset (source, 0, sizeof *source);
  if (root == NULL)
    {
      g_set_error_literal (
          error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
          _ ("The docker configuration of the host (config.json) cannot be understood."));
      return FALSE;
    }

  const char *server = is_docker_hub (registry) ? DOCKER_HUB_SERVER : registry;
  JsonObject *helpers = steward_json_get_object (root, "credHelpers");
  JsonObject *auths = steward_json_get_object (root, "auths");
  const char *helper_key = find_key (helpers, server);
  const char *auth_key = find_key (auths, server);
  const char *helper = helper_key != NULL ? steward_json_get_string (helpers, helper_key)
                                          : steward_json_get_string (root, "credsStore");

  if (helper != NULL && *helper != '\0' && !is_helper_name (helper))
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                           _ ("The docker configuration of the host names a credential helper that "
                              "cannot be the name of one."));
      return FALSE;
    }

  source->server = g_strdup (server);
  if (helper != NULL && *helper != '\0')
    source->helper = g_strdup (helper);
  else if (auth_key != NULL)
    source->credential = parse_entry (steward_json_get_object (auths, auth_key));
  return TRUE;
}

StewardCredential *
steward_credentials_parse_helper (const char *bytes, gsize size)
{
  g_autoptr (JsonObject) answer = steward_json_parse_object (bytes, size, NULL);
  const char *user = steward_json_get_string (answer, "Username");
  const char *secret = steward_json_get_string (answer, "Secret");

  if (user == NULL || secret == NULL || *secret == '\0')
    return NULL;

  StewardCredential *credential = g_new0 (StewardCredential, 1);
  if (strcmp (user, TOKEN_USER) == 0)
    credential->identity_token = g_strdup (secret);
  else
    {
      credential->user = g_strdup (user);
      credential->password = g_strdup (secret);
    }
  return credential;
}

static gboolean
ask_helper (StewardHost *host,
            const StewardCredentialSource *source,
            StewardCredential **credential,
            GCancellable *cancellable,
            GError **error)
{
  g_autofree char *program = g_strconcat ("docker-credential-", source->helper, NULL);
  const char *argv[] = { program, "get", NULL };
  g_autoptr (GInputStream) input =
      g_memory_input_stream_new_from_data (source->server, (gssize)strlen (source->server), NULL);
  StewardCommand command = { .argv = argv, .input = input, .deadline_ms = HELPER_DEADLINE_MS };
  g_auto (StewardOutcome) outcome = { 0 };
  g_autoptr (GError) cause = NULL;

  if (!steward_host_run (host, &command, &outcome, cancellable, &cause)
      && !g_error_matches (cause, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }

  if (cause == NULL && outcome.status == 0)
    *credential = steward_credentials_parse_helper (outcome.output->str, outcome.output->len);
  if (outcome.output != NULL && outcome.status == 0)
    explicit_bzero (outcome.output->str, outcome.output->len);
  if (*credential != NULL
      || (outcome.output != NULL && strstr (outcome.output->str, "credentials not found") != NULL))
    return TRUE;

  g_set_error (
      error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
      _ ("The host keeps its credentials for registry %s with the program %s, which is missing or "
         "fails."),
      source->server, program);
  return FALSE;
}

gboolean
steward_credentials_load (StewardHost *host,
                          const char *registry,
                          StewardCredential **credential,
                          GCancellable *cancellable,
                          GError **error)
{
  static const char script[] = "file=${DOCKER_CONFIG:-${HOME-}/.docker}/config.json\n"
                               "test -e \"$file\" || exit 0\n"
                               "exec cat -- \"$file\"";
  static const char *const argv[] = { "sh", "-c", script, NULL };
  StewardCommand command = { .argv = argv };
  g_auto (StewardCredentialSource) source = { 0 };

  *credential = NULL;
  char *config = steward_host_call (host, &command, cancellable, error);
  if (config == NULL)
    return FALSE;

  gboolean is_understood =
      *config == '\0'
      || steward_credentials_parse (config, strlen (config), registry, &source, error);
  free_secret (config);
  if (!is_understood)
    return FALSE;
  if (source.helper != NULL)
    return ask_helper (host, &source, credential, cancellable, error);

  *credential = g_steal_pointer (&source.credential);
  return TRUE;
}
