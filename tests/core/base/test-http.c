/* The bounds of a conversation: time, size, cancellation, TLS names. */
#include "core/base/http.h"

#include "loopback-server.h"

/* Waited for in vain only if the bound under test fails. */
#define LONG_MS 60000

typedef struct
{
  LoopbackServer *server;
  GAsyncQueue *reached; /* one element a request */
} Fixture;

static void
handler (SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer data)
{
  Fixture *fixture = data;

  if (g_str_equal (path, "/endless"))
    loopback_server_answer_endlessly (message);
  else if (g_str_equal (path, "/silent"))
    soup_server_message_pause (message);
  else if (g_str_equal (path, "/redirect"))
    soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, "/");
  else
    loopback_server_answer (message, 200, "hello");
  g_async_queue_push (fixture->reached, fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->reached = g_async_queue_new ();
  fixture->server = loopback_server_new (handler, fixture, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  loopback_server_free (fixture->server);
  g_async_queue_unref (fixture->reached);
}

static SoupMessage *
new_message (LoopbackServer *server, const char *path)
{
  g_autofree char *uri =
      g_strdup_printf ("http://127.0.0.1:%u%s", loopback_server_get_port (server), path);

  return soup_message_new ("GET", uri);
}

static void
test_sends (Fixture *fixture, gconstpointer data)
{
  g_autoptr (StewardHttp) http = steward_http_new (NULL, STEWARD_HTTP_NO_PROXY, LONG_MS, NULL);
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (SoupMessage) message = new_message (fixture->server, "/");
      g_autoptr (GBytes) body = steward_http_send (http, message, 5, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (soup_message_get_status (message), ==, 200);
      g_assert_cmpmem (g_bytes_get_data (body, NULL), g_bytes_get_size (body), "hello", 5);
    }
}

static void
test_does_not_follow (Fixture *fixture, gconstpointer data)
{
  g_autoptr (StewardHttp) http = steward_http_new (NULL, STEWARD_HTTP_NO_PROXY, LONG_MS, NULL);
  g_autoptr (SoupMessage) message = new_message (fixture->server, "/redirect");
  g_autoptr (GBytes) body = steward_http_send (http, message, 100, NULL);

  g_assert_nonnull (body);
  g_assert_cmpuint (soup_message_get_status (message), ==, 302);
  g_assert_cmpint (g_async_queue_length (fixture->reached), ==, 1);
}

static void
test_size (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *path;
    gsize max_bytes;
  } cases[] = { { "/", 4 }, { "/endless", 100 * 1000 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (StewardHttp) http = steward_http_new (NULL, STEWARD_HTTP_NO_PROXY, LONG_MS, NULL);
      g_autoptr (SoupMessage) message = new_message (fixture->server, cases[i].path);
      g_autoptr (GError) error = NULL;

      g_assert_null (steward_http_send (http, message, cases[i].max_bytes, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
    }
}

static void
test_time (Fixture *fixture, gconstpointer data)
{
  static const char *const paths[] = { "/silent", "/endless" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (StewardHttp) http = steward_http_new (NULL, STEWARD_HTTP_NO_PROXY, 200, NULL);
      g_autoptr (SoupMessage) message = new_message (fixture->server, paths[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (steward_http_send (http, message, G_MAXSIZE, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
    }
}

static gpointer
cancel_thread (gpointer data)
{
  gpointer *arguments = data;

  g_async_queue_pop (arguments[0]);
  g_cancellable_cancel (arguments[1]);
  return NULL;
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gpointer arguments[] = { fixture->reached, cancellable };
  GThread *thread = g_thread_new ("cancel", cancel_thread, arguments);
  g_autoptr (StewardHttp) http =
      steward_http_new (NULL, STEWARD_HTTP_NO_PROXY, LONG_MS, cancellable);
  g_autoptr (SoupMessage) message = new_message (fixture->server, "/silent");
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_http_send (http, message, 100, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

static void
test_cancelled_before (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  g_autoptr (StewardHttp) http =
      steward_http_new (NULL, STEWARD_HTTP_NO_PROXY, LONG_MS, cancellable);
  g_autoptr (SoupMessage) message = new_message (fixture->server, "/");
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_http_send (http, message, 100, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_async_queue_length (fixture->reached), ==, 0);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/http/sends-and-reads-body", test_sends);
  add ("/http/does-not-follow-redirect", test_does_not_follow);
  add ("/http/refuses-larger-body", test_size);
  add ("/http/ends-when-its-time-is-over", test_time);
  add ("/http/ends-when-cancelled", test_cancel);
  add ("/http/does-nothing-when-cancelled-before", test_cancelled_before);
  return g_test_run ();
}
