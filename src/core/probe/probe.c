/* The questions to a Parsec server and what their answers mean. What to do about them is left to
 * the steps. */
#include "core/probe/probe.h"

#include "core/base/error.h"
#include "core/base/http.h"
#include "core/base/json.h"
#include "core/base/version.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_OPENAPI_BYTES (16 * 1024 * 1024)
#define MAX_VERSION_LENGTH 128
/* One question of a wait must not use up its whole time. */
#define MAX_QUESTION_MS 5000

void
steward_health_free (StewardHealth *health)
{
  if (health == NULL)
    return;
  g_free (health->version);
  g_free (health->tls_problem);
  g_free (health->fingerprint);
  g_free (health->server_name);
  g_free (health);
}

/* The reason that says most; several may be set. */
static const char *
describe_tls_errors (GTlsCertificateFlags errors)
{
  if (errors & G_TLS_CERTIFICATE_EXPIRED)
    return _ ("The server's certificate has expired.");
  if (errors & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return _ ("The server's certificate is not valid yet.");
  if (errors & G_TLS_CERTIFICATE_REVOKED)
    return _ ("The server's certificate was revoked.");
  if (errors & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return _ ("The server's certificate is for another name.");
  if (errors & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return _ (
        "The server's certificate is signed by an authority that this machine does not know.");
  return _ ("The server's certificate is not valid.");
}

/* As `openssl x509 -fingerprint -sha256` writes it, for those who compare. */
static char *
dup_fingerprint (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  g_object_get (certificate, "certificate", &bytes, NULL);
  g_autofree char *digits =
      g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes->data, bytes->len);
  g_autofree char *upper = g_ascii_strup (digits, -1);
  for (const char *digit = upper; *digit != '\0'; digit += 2)
    g_string_append_printf (text, "%s%.2s", text->len > 0 ? ":" : "", digit);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* A question, and what came of it. */
typedef struct
{
  const StewardServerAddress *endpoint;
  StewardHealth *health;
} Question;

static gboolean
accept_certificate_cb (SoupMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags errors,
                       gpointer data)
{
  const Question *question = data;
  StewardHealth *health = question->health;
  const char *accepted = question->endpoint->accepted;

  g_free (health->fingerprint);
  health->fingerprint = dup_fingerprint (certificate);
  g_clear_pointer (&health->tls_problem, g_free);
  health->tls = STEWARD_TLS_NOT_TRUSTED;
  if (accepted == NULL)
    health->tls_problem = g_strdup (describe_tls_errors (errors));
  else if (g_str_equal (accepted, health->fingerprint))
    health->tls = STEWARD_TLS_ACCEPTED;
  else
    health->tls_problem =
        g_strdup (_ ("The server’s certificate is another one than the one that was accepted."));
  return TRUE;
}

/* `parsec/3`, or `parsec/3.9.3` from a server in debug mode; zero for anything else. */
static guint
parse_server_major (const char *server)
{
  char *end = NULL;

  if (server == NULL || !g_str_has_prefix (server, "parsec/") || !g_ascii_isdigit (server[7]))
    return 0;

  guint64 major = g_ascii_strtoull (server + strlen ("parsec/"), &end, 10);
  return major <= G_MAXUINT16 && (*end == '\0' || *end == '.') ? (guint)major : 0;
}

static SoupMessage *
new_message (Question *question, const char *path)
{
  const StewardServerAddress *endpoint = question->endpoint;
  g_autoptr (GUri) uri = g_uri_build (SOUP_HTTP_URI_FLAGS, endpoint->scheme, NULL,
                                      endpoint->host_name, endpoint->port, path, NULL, NULL);
  SoupMessage *message = soup_message_new_from_uri ("GET", uri);

  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_certificate_cb), question);
  return message;
}

/* Servers that do not tell their version answer 404 or 500 here: that is no error. */
static char *
ask_version (StewardHttp *http, Question *question)
{
  g_autoptr (SoupMessage) message = new_message (question, "/openapi.json");
  g_autoptr (GBytes) body = steward_http_send (http, message, MAX_OPENAPI_BYTES, NULL);
  gsize size = 0;

  if (body == NULL || soup_message_get_status (message) != SOUP_STATUS_OK)
    return NULL;

  const char *bytes = g_bytes_get_data (body, &size);
  g_autoptr (JsonObject) root =
      bytes != NULL ? steward_json_parse_object (bytes, size, NULL) : NULL;
  const char *text = steward_json_get_string (steward_json_get_object (root, "info"), "version");
  if (text == NULL || strlen (text) > MAX_VERSION_LENGTH)
    return NULL;

  g_autoptr (StewardVersion) version = steward_version_parse (text);
  return version != NULL ? g_strdup (text) : NULL;
}

static void
set_unreachable (const StewardServerAddress *endpoint, const GError *cause, GError **error)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_error_copy (cause));
  else
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
                 _ ("The server does not answer at %s, port %u: %s"), endpoint->host_name,
                 endpoint->port, cause->message);
}

static GSocketConnectable *
new_connectable (const StewardServerAddress *endpoint)
{
  if (endpoint->socket_path != NULL)
    return G_SOCKET_CONNECTABLE (g_unix_socket_address_new (endpoint->socket_path));
  return g_network_address_new (endpoint->address != NULL ? endpoint->address : endpoint->host_name,
                                endpoint->port);
}

StewardHealth *
steward_probe_ask (const StewardServerAddress *endpoint,
                   StewardProbeFlags flags,
                   guint timeout_ms,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GSocketConnectable) connectable = new_connectable (endpoint);
  g_autoptr (StewardHttp) http =
      steward_http_new (connectable, STEWARD_HTTP_NO_PROXY, timeout_ms, cancellable);
  g_autoptr (StewardHealth) health = g_new0 (StewardHealth, 1);
  Question question = { endpoint, health };
  g_autoptr (SoupMessage) message = new_message (&question, "/");
  g_autoptr (GError) cause = NULL;

  if (strcmp (endpoint->scheme, "https") == 0)
    health->tls = STEWARD_TLS_TRUSTED;

  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (GBytes) unread = steward_http_send (http, message, 0, &cause);
  if (unread == NULL)
    {
      set_unreachable (endpoint, cause, error);
      return NULL;
    }

  health->elapsed_ms = (guint)((g_get_monotonic_time () - start_us) / 1000);
  health->status = soup_message_get_status (message);
  health->server_major = parse_server_major (
      soup_message_headers_get_one (soup_message_get_response_headers (message), "Server"));
  health->answers_as_parsec =
      health->server_major > 0
      && (health->status == SOUP_STATUS_OK || health->status == SOUP_STATUS_MOVED_PERMANENTLY);
  if (health->answers_as_parsec && (flags & STEWARD_PROBE_VERSION))
    health->version = ask_version (http, &question);
  return g_steal_pointer (&health);
}

/* Waits for the cancellable for at most @timeout_ms. */
static void
pause_for (guint timeout_ms, GCancellable *cancellable)
{
  GPollFD poll_fd;
  gboolean has_fd = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &poll_fd);

  g_poll (&poll_fd, has_fd ? 1 : 0, (int)timeout_ms);
  if (has_fd)
    g_cancellable_release_fd (cancellable);
}

/* Makes the last thing seen the reason of a wait that is over. */
static void
set_gave_up (const StewardHealth *last, const GError *last_error, GError **error)
{
  if (last_error != NULL)
    g_propagate_error (error, g_error_copy (last_error));
  else if (last->server_major > 0)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
                 _ ("The server answers, but with the error %u."), last->status);
  else
    g_set_error (
        error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
        _ ("Something answers at the server's address with status %u, but it is no Parsec server."),
        last->status);
}

StewardHealth *
steward_probe_wait (const StewardServerAddress *endpoint,
                    const StewardProbeWait *wait,
                    GCancellable *cancellable,
                    GError **error)
{
  gint64 end_us = g_get_monotonic_time () + (gint64)wait->timeout_ms * 1000;

  for (;;)
    {
      g_autoptr (GError) last_error = NULL;
      gint64 left_ms = MAX ((end_us - g_get_monotonic_time ()) / 1000, 1);
      g_autoptr (StewardHealth) health =
          steward_probe_ask (endpoint, STEWARD_PROBE_DEFAULT, (guint)MIN (left_ms, MAX_QUESTION_MS),
                             cancellable, &last_error);

      if (health != NULL && health->answers_as_parsec)
        return g_steal_pointer (&health);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      if (wait->alive != NULL && !wait->alive (wait->alive_data, cancellable, error))
        return NULL;

      left_ms = (end_us - g_get_monotonic_time ()) / 1000;
      if (left_ms <= 0)
        {
          set_gave_up (health, last_error, error);
          return NULL;
        }
      pause_for ((guint)MIN (wait->interval_ms, left_ms), cancellable);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
    }
}
