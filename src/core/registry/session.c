/* The conversation with a registry. A credential is sent only to the registry itself, or to the
 * token server that it names, over HTTPS or within loopback; a token only to the registry. */
#include "core/registry/session.h"

#include "core/base/http.h"
#include "core/base/error.h"
#include "core/registry/challenge.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_TOKEN_ANSWER_BYTES (256 * 1024)
#define MAX_REDIRECTS 5
/* A longer wait than a day is not worth telling. */
#define MAX_RETRY_AFTER_S 86400
#define STATUS_TOO_MANY_REQUESTS 429 /* RFC 6585; libsoup has no name for it */
#define CLIENT_ID "steward"

struct _StewardSession
{
  char *registry;
  char *repository;
  const StewardCredential *credential; /* borrowed, nullable */
  GUri *origin;                        /* of the API */
  gboolean is_loopback;
  char *authorization; /* owned, nullable, secret: the header's value */
  StewardHttp *http;
};

/* Docker Hub's API is elsewhere than its name says. */
static const char *
get_api_host (const char *registry)
{
  static const char *const docker_hub[] = { "docker.io", "index.docker.io", NULL };

  return g_strv_contains (docker_hub, registry) ? "registry-1.docker.io" : registry;
}

/* Official images of Docker Hub are written without the folder that they lie in. */
static char *
dup_full_repository (const char *registry, const char *repository)
{
  gboolean is_official = strcmp (get_api_host (registry), "registry-1.docker.io") == 0
                         && strchr (repository, '/') == NULL;

  return g_strconcat (is_official ? "library/" : "", repository, NULL);
}

static gboolean
is_loopback_host (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return g_ascii_strcasecmp (host, "localhost") == 0
         || (address != NULL && g_inet_address_get_is_loopback (address));
}

/* Source: the distribution specification's grammar of names, a little wider. */
static gboolean
is_repository (const char *repository)
{
  g_auto (GStrv) parts = g_strsplit (repository, "/", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      gsize length = strlen (parts[i]);
      if (length == 0 || strspn (parts[i], G_CSET_a_2_z G_CSET_DIGITS "._-") != length
          || !g_ascii_isalnum (parts[i][0]) || !g_ascii_isalnum (parts[i][length - 1]))
        return FALSE;
    }
  return parts[0] != NULL && strlen (repository) <= 255;
}

/* The address of a host that is only a host and a port, or NULL. */
static GUri *
parse_host (const char *scheme, const char *host)
{
  g_autofree char *text = g_strdup_printf ("%s://%s/", scheme, host);

  if (strspn (host, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ".-:[]_") != strlen (host))
    return NULL;
  GUri *uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL);
  if (uri != NULL && (g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0'))
    g_clear_pointer (&uri, g_uri_unref);
  return uri;
}

static GUri *
parse_origin (const char *registry)
{
  const char *host = get_api_host (registry);
  g_autoptr (GUri) https = parse_host ("https", host);

  if (https == NULL || !is_loopback_host (g_uri_get_host (https)))
    return g_steal_pointer (&https);
  return parse_host ("http", host);
}

StewardRegistrySession *
steward_registry_session_new (const StewardRepository *repository,
                              GCancellable *cancellable,
                              GError **error)
{
  g_autoptr (GUri) origin = parse_origin (repository->registry);
  g_autofree char *path = dup_full_repository (repository->registry, repository->repository);

  if (origin == NULL || !is_repository (path))
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                   _ ("“%s/%s” cannot be the name of an image in a registry."),
                   repository->registry, repository->repository);
      return NULL;
    }

  StewardRegistrySession *session = g_new0 (StewardRegistrySession, 1);
  session->registry = g_strdup (repository->registry);
  session->repository = g_steal_pointer (&path);
  session->credential = repository->credential;
  session->is_loopback = is_loopback_host (g_uri_get_host (origin));
  session->origin = g_steal_pointer (&origin);
  session->http =
      steward_http_new (NULL, session->is_loopback ? STEWARD_HTTP_NO_PROXY : STEWARD_HTTP_DEFAULT,
                        repository->timeout_ms, cancellable);
  if (repository->proxy != NULL)
    steward_http_set_proxy (session->http, repository->proxy);
  return session;
}

void
steward_registry_session_free (StewardRegistrySession *session)
{
  if (session == NULL)
    return;
  steward_http_free (session->http);
  g_free (session->registry);
  g_free (session->repository);
  g_uri_unref (session->origin);
  if (session->authorization != NULL)
    explicit_bzero (session->authorization, strlen (session->authorization));
  g_free (session->authorization);
  g_free (session);
}

const char *
steward_registry_session_get_registry (StewardRegistrySession *session)
{
  return session->registry;
}

const char *
steward_registry_session_get_repository (StewardRegistrySession *session)
{
  return session->repository;
}

GUri *
steward_registry_session_dup_uri (StewardRegistrySession *session,
                                  const char *path,
                                  const char *query)
{
  g_autofree char *full_path = g_strdup_printf ("/v2/%s/%s", session->repository, path);

  return g_uri_build (SOUP_HTTP_URI_FLAGS, g_uri_get_scheme (session->origin), NULL,
                      g_uri_get_host (session->origin), g_uri_get_port (session->origin), full_path,
                      query, NULL);
}

gboolean
steward_uri_has_same_origin (GUri *a, GUri *b)
{
  return strcmp (g_uri_get_scheme (a), g_uri_get_scheme (b)) == 0
         && g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) == 0
         && g_uri_get_port (a) == g_uri_get_port (b);
}

/* HTTPS, or HTTP within loopback where the registry is there too. */
static gboolean
may_talk_to (StewardRegistrySession *session, GUri *uri)
{
  const char *scheme = g_uri_get_scheme (uri);
  const char *host = g_uri_get_host (uri);

  if (host == NULL || *host == '\0' || g_uri_get_userinfo (uri) != NULL)
    return FALSE;
  return strcmp (scheme, "https") == 0
         || (strcmp (scheme, "http") == 0 && session->is_loopback && is_loopback_host (host));
}

gboolean
steward_registry_session_fail_invalid (StewardRegistrySession *session, GError **error)
{
  g_set_error (
      error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
      _ ("Registry %s gives an answer that cannot be understood. A tag can still be typed."),
      session->registry);
  return FALSE;
}

static void
fail_unsafe (StewardRegistrySession *session, GError **error)
{
  g_set_error (
      error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
      _ ("Registry %s refers to an address that is not safe to follow. A tag can still be typed."),
      session->registry);
}

/* What became of a question that got no answer. */
static void
fail_unanswered (StewardRegistrySession *session, const GError *cause, GError **error)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_error_copy (cause));
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    g_set_error (
        error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
        _ ("Registry %s does not answer in time. Try again later; a tag can still be typed."),
        session->registry);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE))
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                 _ ("Registry %s gives an answer that is far too large. A tag can still be typed."),
                 session->registry);
  else if (g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    g_set_error (
        error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
        _ ("This machine does not trust the certificate of registry %s. Add its authority to the "
           "certificates that the system trusts; a tag can still be typed."),
        session->registry);
  else if (cause->domain == SOUP_SESSION_ERROR)
    steward_registry_session_fail_invalid (session, error);
  else
    g_set_error (
        error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
        _ ("Registry %s cannot be reached (%s). Try again later; a tag can still be typed."),
        session->registry, cause->message);
}

static void
fail_denied (StewardRegistrySession *session, GError **error)
{
  if (session->credential == NULL)
    g_set_error (
        error, STEWARD_ERROR, STEWARD_ERROR_DENIED,
        _ ("Registry %s does not show %s without credentials. Log in on the server's host with "
           "“docker login”; a tag can still be typed."),
        session->registry, session->repository);
  else
    g_set_error (
        error, STEWARD_ERROR, STEWARD_ERROR_DENIED,
        _ ("Registry %s does not show %s with the credentials of the server's host. Log in there "
           "again with “docker login”; a tag can still be typed."),
        session->registry, session->repository);
}

/* Seconds of `Retry-After`, a number or a date; zero where it is not there. RFC 9110
 * section 10.2.3. */
static guint
get_retry_after_s (SoupMessage *message)
{
  const char *text =
      soup_message_headers_get_one (soup_message_get_response_headers (message), "Retry-After");
  guint64 seconds = 0;

  if (text == NULL || g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT32, &seconds, NULL))
    return (guint)seconds;

  g_autoptr (GDateTime) date = soup_date_time_new_from_http_string (text);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  gint64 left_s = date != NULL ? g_date_time_difference (date, now) / G_TIME_SPAN_SECOND : 0;
  return (guint)CLAMP (left_s, 0, G_MAXINT32);
}

static void
fail_too_many (StewardRegistrySession *session, SoupMessage *message, GError **error)
{
  guint seconds = get_retry_after_s (message);

  if (seconds > 0 && seconds <= MAX_RETRY_AFTER_S)
    g_set_error (
        error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
        ngettext (
            "Registry %s was asked too often and wants to be left alone for %u second. A tag "
            "can still be typed.",
            "Registry %s was asked too often and wants to be left alone for %u seconds. A tag "
            "can still be typed.",
            seconds),
        session->registry, seconds);
  else
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
                 _ ("Registry %s was asked too often. Try again later; a tag can still be typed."),
                 session->registry);
}

/* What an answer with another status than 200 means. */
static void
fail_status (StewardRegistrySession *session,
             SoupMessage *message,
             const char *subject,
             GError **error)
{
  guint status = soup_message_get_status (message);

  if (status == SOUP_STATUS_UNAUTHORIZED || status == SOUP_STATUS_FORBIDDEN)
    fail_denied (session, error);
  else if (status == SOUP_STATUS_NOT_FOUND)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                 _ ("Registry %s has no %s. A tag can still be typed."), session->registry,
                 subject);
  else if (status == STATUS_TOO_MANY_REQUESTS)
    fail_too_many (session, message, error);
  else if (status >= 500)
    g_set_error (
        error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
        _ ("Registry %s has a fault of its own (status %u). Try again later; a tag can still be "
           "typed."),
        session->registry, status);
  else
    steward_registry_session_fail_invalid (session, error);
}

static char *
dup_basic (const StewardCredential *credential)
{
  g_autofree char *pair = g_strconcat (credential->user, ":", credential->password, NULL);
  g_autofree char *encoded = g_base64_encode ((const guchar *)pair, strlen (pair));

  explicit_bzero (pair, strlen (pair));
  return g_strconcat ("Basic ", encoded, NULL);
}

/* The question to the token server: a form with the identity token, or a query with user and
 * password or without. */
static SoupMessage *
new_token_message (StewardRegistrySession *session, GUri *realm, const StewardChallenge *challenge)
{
  const StewardCredential *credential = session->credential;
  g_autofree char *pull = g_strdup_printf ("repository:%s:pull", session->repository);
  const char *scope = challenge->scope != NULL ? challenge->scope : pull;
  const char *service = challenge->service != NULL ? challenge->service : "";

  if (credential != NULL && credential->identity_token != NULL)
    {
      char *form = soup_form_encode ("grant_type", "refresh_token", "refresh_token",
                                     credential->identity_token, "client_id", CLIENT_ID, "service",
                                     service, "scope", scope, NULL);
      g_autofree char *address = g_uri_to_string (realm);
      return soup_message_new_from_encoded_form ("POST", address, form);
    }

  g_autofree char *query = soup_form_encode ("service", service, "scope", scope, NULL);
  const char *old_query = g_uri_get_query (realm);
  g_autofree char *full_query =
      old_query != NULL ? g_strconcat (old_query, "&", query, NULL) : g_strdup (query);
  g_autoptr (GUri) uri = soup_uri_copy (realm, SOUP_URI_QUERY, full_query, SOUP_URI_NONE);
  SoupMessage *message = soup_message_new_from_uri ("GET", uri);
  if (credential != NULL)
    {
      g_autofree char *basic = dup_basic (credential);
      soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                    basic);
    }
  return message;
}

static char *
fetch_token (StewardRegistrySession *session, const StewardChallenge *challenge, GError **error)
{
  g_autoptr (GUri) realm = g_uri_parse (challenge->realm, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (GError) cause = NULL;
  gsize size = 0;

  if (realm == NULL || !may_talk_to (session, realm))
    {
      fail_unsafe (session, error);
      return NULL;
    }

  g_autoptr (SoupMessage) message = new_token_message (session, realm, challenge);
  g_autoptr (GBytes) body =
      steward_http_send (session->http, message, MAX_TOKEN_ANSWER_BYTES, &cause);
  if (body == NULL)
    {
      fail_unanswered (session, cause, error);
      return NULL;
    }
  if (soup_message_get_status (message) != SOUP_STATUS_OK)
    {
      fail_status (session, message, session->repository, error);
      return NULL;
    }

  const char *bytes = g_bytes_get_data (body, &size);
  g_autofree char *token = steward_token_parse (bytes != NULL ? bytes : "", size);
  if (token == NULL)
    {
      steward_registry_session_fail_invalid (session, error);
      return NULL;
    }
  return g_strconcat ("Bearer ", token, NULL);
}

/* The challenge that can be met: a token before a password. */
static StewardChallenge *
find_challenge (SoupMessage *message)
{
  g_autoptr (StewardChallenge) found = NULL;
  SoupMessageHeadersIter iter;
  const char *name, *value;

  soup_message_headers_iter_init (&iter, soup_message_get_response_headers (message));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    {
      if (g_ascii_strcasecmp (name, "WWW-Authenticate") != 0)
        continue;
      g_autoptr (StewardChallenge) challenge = steward_challenge_parse (value);
      if (challenge == NULL || (found != NULL && found->realm != NULL))
        continue;
      g_clear_pointer (&found, steward_challenge_free);
      found = g_steal_pointer (&challenge);
    }
  return g_steal_pointer (&found);
}

/* Meets the challenge of a 401. */
static gboolean
authorize (StewardRegistrySession *session, SoupMessage *message, GError **error)
{
  g_autoptr (StewardChallenge) challenge = find_challenge (message);
  gboolean has_password = session->credential != NULL && session->credential->password != NULL;

  g_clear_pointer (&session->authorization, g_free);
  if (challenge != NULL && challenge->realm != NULL)
    session->authorization = fetch_token (session, challenge, error);
  else if (challenge != NULL && has_password)
    session->authorization = dup_basic (session->credential);
  else
    fail_denied (session, error);
  return session->authorization != NULL;
}

/* One answer of one address: a 401 is met once. */
static GBytes *
ask_authorized (StewardRegistrySession *session,
                const StewardQuestion *question,
                GUri *uri,
                SoupMessage **answer,
                GError **error)
{
  gboolean is_registry = steward_uri_has_same_origin (uri, session->origin);

  for (guint attempt = 0;; attempt++)
    {
      g_autoptr (SoupMessage) message = soup_message_new_from_uri ("GET", uri);
      SoupMessageHeaders *headers = soup_message_get_request_headers (message);
      g_autoptr (GError) cause = NULL;

      if (question->accept != NULL)
        soup_message_headers_replace (headers, "Accept", question->accept);
      if (is_registry && session->authorization != NULL)
        soup_message_headers_replace (headers, "Authorization", session->authorization);

      g_autoptr (GBytes) body =
          steward_http_send (session->http, message, question->max_bytes, &cause);
      if (body == NULL)
        {
          fail_unanswered (session, cause, error);
          return NULL;
        }
      if (soup_message_get_status (message) != SOUP_STATUS_UNAUTHORIZED || !is_registry
          || attempt > 0)
        {
          *answer = g_steal_pointer (&message);
          return g_steal_pointer (&body);
        }
      if (!authorize (session, message, error))
        return NULL;
    }
}

/* Where a redirect leads, or NULL where it is none. */
static const char *
get_location (SoupMessage *message)
{
  if (!SOUP_STATUS_IS_REDIRECTION (soup_message_get_status (message)))
    return NULL;
  return soup_message_headers_get_one (soup_message_get_response_headers (message), "Location");
}

GBytes *
steward_registry_session_ask (StewardRegistrySession *session,
                              const StewardQuestion *question,
                              SoupMessageHeaders **headers,
                              GError **error)
{
  g_autoptr (GUri) uri = g_uri_ref (question->uri);

  for (guint n_redirects = 0; n_redirects <= MAX_REDIRECTS; n_redirects++)
    {
      g_autoptr (SoupMessage) message = NULL;
      g_autoptr (GBytes) body = ask_authorized (session, question, uri, &message, error);
      if (body == NULL)
        return NULL;

      const char *location = get_location (message);
      if (location == NULL)
        {
          if (soup_message_get_status (message) != SOUP_STATUS_OK)
            {
              fail_status (session, message, question->subject, error);
              return NULL;
            }
          if (headers != NULL)
            *headers = soup_message_headers_ref (soup_message_get_response_headers (message));
          return g_steal_pointer (&body);
        }

      g_autoptr (GUri) next = g_uri_parse_relative (uri, location, SOUP_HTTP_URI_FLAGS, NULL);
      if (next == NULL || !may_talk_to (session, next))
        break;
      g_uri_unref (uri);
      uri = g_steal_pointer (&next);
    }

  fail_unsafe (session, error);
  return NULL;
}
