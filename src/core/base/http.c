/* A SoupSession without any feature, and a thread that cancels it when its time is over: the
 * timeouts of libsoup count from the last byte, so a server that sends one now and then would never
 * be left. */
#include "core/base/http.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#define BUFFER_BYTES 16384

struct _StewardHttp
{
  SoupSession *session;
  GMainContext *context; /* thread-default while this lives */
  gboolean has_connectable;

  GCancellable *parent; /* owned, nullable */
  gulong parent_handler;
  GCancellable *cancellable; /* cancelled by the parent or by the clock */

  GThread *clock;
  gint64 end_us; /* monotonic */
  GMutex mutex;
  GCond finished_changed;
  gboolean finished; /* guarded by mutex */
  gboolean expired;  /* guarded by mutex */
};

static gpointer
clock_thread (gpointer data)
{
  StewardHttp *http = data;

  g_mutex_lock (&http->mutex);
  while (!http->finished && !http->expired)
    http->expired =
        !g_cond_wait_until (&http->finished_changed, &http->mutex, http->end_us) && !http->finished;
  gboolean expired = http->expired;
  g_mutex_unlock (&http->mutex);

  if (expired)
    g_cancellable_cancel (http->cancellable);
  return NULL;
}

static void
parent_cancelled_cb (GCancellable *parent, gpointer data)
{
  g_cancellable_cancel (data);
}

StewardHttp *
steward_http_new (GSocketConnectable *connectable,
                  StewardHttpFlags flags,
                  guint timeout_ms,
                  GCancellable *cancellable)
{
  StewardHttp *http = g_new0 (StewardHttp, 1);

  http->context = g_main_context_new ();
  g_main_context_push_thread_default (http->context);
  http->session = soup_session_new_with_options ("remote-connectable", connectable, "user-agent",
                                                 "steward/" STEWARD_VERSION, NULL);
  soup_session_remove_feature_by_type (http->session, SOUP_TYPE_AUTH_MANAGER);
  soup_session_remove_feature_by_type (http->session, SOUP_TYPE_CONTENT_DECODER);
  if (flags & STEWARD_HTTP_NO_PROXY)
    soup_session_set_proxy_resolver (http->session, NULL);
  http->has_connectable = connectable != NULL;

  http->cancellable = g_cancellable_new ();
  if (cancellable != NULL)
    {
      http->parent = g_object_ref (cancellable);
      http->parent_handler =
          g_cancellable_connect (cancellable, G_CALLBACK (parent_cancelled_cb),
                                 g_object_ref (http->cancellable), g_object_unref);
    }

  g_mutex_init (&http->mutex);
  g_cond_init (&http->finished_changed);
  http->end_us = g_get_monotonic_time () + (gint64)timeout_ms * 1000;
  http->clock = g_thread_new ("http-clock", clock_thread, http);
  return http;
}

void
steward_http_set_proxy (StewardHttp *http, const char *proxy)
{
  g_autoptr (GProxyResolver) resolver = g_simple_proxy_resolver_new (proxy, NULL);

  soup_session_set_proxy_resolver (http->session, resolver);
}

void
steward_http_free (StewardHttp *http)
{
  if (http == NULL)
    return;

  g_mutex_lock (&http->mutex);
  http->finished = TRUE;
  g_cond_signal (&http->finished_changed);
  g_mutex_unlock (&http->mutex);
  g_thread_join (http->clock);

  if (http->parent != NULL)
    g_cancellable_disconnect (http->parent, http->parent_handler);
  soup_session_abort (http->session);
  g_object_unref (http->session);
  while (g_main_context_iteration (http->context, FALSE))
    ;
  g_main_context_pop_thread_default (http->context);
  g_main_context_unref (http->context);

  g_clear_object (&http->parent);
  g_object_unref (http->cancellable);
  g_mutex_clear (&http->mutex);
  g_cond_clear (&http->finished_changed);
  g_free (http);
}

/* With a connectable of our own, TLS would be checked against that address instead of the server's
 * name. */
static void
network_event_cb (SoupMessage *message, GSocketClientEvent event, GIOStream *stream, gpointer data)
{
  if (event != G_SOCKET_CLIENT_TLS_HANDSHAKING)
    return;

  GUri *uri = soup_message_get_uri (message);
  g_autoptr (GSocketConnectable) identity =
      g_network_address_new (g_uri_get_host (uri), (guint16)g_uri_get_port (uri));
  g_tls_client_connection_set_server_identity (G_TLS_CLIENT_CONNECTION (stream), identity);
}

static GBytes *
read_body (StewardHttp *http, GInputStream *stream, gsize max_bytes, GError **error)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  guint8 buffer[BUFFER_BYTES];

  while (max_bytes > 0)
    {
      gssize n_read = g_input_stream_read (stream, buffer, sizeof buffer, http->cancellable, error);
      if (n_read < 0)
        return NULL;
      if (n_read == 0)
        break;
      if ((gsize)n_read > max_bytes - body->len)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                       "the answer is larger than %" G_GSIZE_FORMAT " bytes", max_bytes);
          return NULL;
        }
      g_byte_array_append (body, buffer, (guint)n_read);
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&body));
}

/* Says whose cancellation it was. */
static void
settle_error (StewardHttp *http, GError **error)
{
  if (!g_cancellable_is_cancelled (http->cancellable))
    return;

  g_clear_error (error);
  if (!g_cancellable_set_error_if_cancelled (http->parent, error))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                         _ ("The time for an answer is over."));
}

GBytes *
steward_http_send (StewardHttp *http, SoupMessage *message, gsize max_bytes, GError **error)
{
  g_autoptr (GError) own_error = NULL;
  g_autoptr (GBytes) body = NULL;

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (http->has_connectable)
    g_signal_connect (message, "network-event", G_CALLBACK (network_event_cb), NULL);

  g_autoptr (GInputStream) stream =
      soup_session_send (http->session, message, http->cancellable, &own_error);
  if (stream != NULL)
    {
      body = read_body (http, stream, max_bytes, &own_error);
      g_input_stream_close (stream, http->cancellable, NULL);
    }
  if (body != NULL)
    return g_steal_pointer (&body);

  settle_error (http, &own_error);
  g_propagate_error (error, g_steal_pointer (&own_error));
  return NULL;
}
