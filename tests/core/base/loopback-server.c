/* A SoupServer with a main loop in a thread. The files in tls/ are for tests only and trusted
 * nowhere. */
#include "loopback-server.h"

struct _LoopbackServer
{
  SoupServerCallback handler;
  gpointer data;
  GTlsCertificate *certificate;
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  GAsyncQueue *ports;
  guint16 port;
};

static gpointer
server_thread (gpointer data)
{
  LoopbackServer *self = data;
  g_autoptr (GError) error = NULL;

  g_main_context_push_thread_default (self->context);
  SoupServer *server = soup_server_new ("tls-certificate", self->certificate, NULL);
  soup_server_add_handler (server, NULL, self->handler, self->data, NULL);
  soup_server_listen_local (server, 0,
                            SOUP_SERVER_LISTEN_IPV4_ONLY
                                | (self->certificate ? SOUP_SERVER_LISTEN_HTTPS : 0),
                            &error);
  g_assert_no_error (error);

  GSList *uris = soup_server_get_uris (server);
  g_async_queue_push (self->ports, GUINT_TO_POINTER ((guint)g_uri_get_port (uris->data)));
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);

  g_main_loop_run (self->loop);

  soup_server_disconnect (server);
  g_object_unref (server);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

LoopbackServer *
loopback_server_new (SoupServerCallback handler, gpointer data, GTlsCertificate *certificate)
{
  LoopbackServer *self = g_new0 (LoopbackServer, 1);

  self->handler = handler;
  self->data = data;
  self->certificate = certificate;
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->ports = g_async_queue_new ();
  self->thread = g_thread_new ("loopback-server", server_thread, self);
  self->port = (guint16)GPOINTER_TO_UINT (g_async_queue_pop (self->ports));
  return self;
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

void
loopback_server_free (LoopbackServer *self)
{
  g_main_context_invoke (self->context, quit_cb, self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_async_queue_unref (self->ports);
  g_free (self);
}

guint16
loopback_server_get_port (LoopbackServer *self)
{
  return self->port;
}

void
loopback_server_answer (SoupServerMessage *message, guint status, const char *body)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, body,
                                    strlen (body));
}

static void
append_cb (SoupServerMessage *message, gpointer data)
{
  static const char noise[4096] = { ' ' };

  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_STATIC,
                            noise, sizeof noise);
}

void
loopback_server_answer_endlessly (SoupServerMessage *message)
{
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (message),
                                     SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
  g_signal_connect (message, "wrote-headers", G_CALLBACK (append_cb), NULL);
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (append_cb), NULL);
}

GTlsCertificate *
loopback_server_dup_certificate (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "tls", "server.pem", NULL);
  g_autoptr (GError) error = NULL;
  GTlsCertificate *certificate = g_tls_certificate_new_from_file (path, &error);

  g_assert_no_error (error);
  return certificate;
}

GTlsDatabase *
loopback_server_dup_authority (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "tls", "ca.pem", NULL);
  g_autoptr (GError) error = NULL;
  GTlsDatabase *database = g_tls_file_database_new (path, &error);

  g_assert_no_error (error);
  return database;
}
