/* What a probe sees of servers that answer, answer wrongly, or not at all. */
#include "core/base/error.h"
#include "core/probe/probe.h"

#include "loopback-server.h"

/* Waited for in vain only if the bound under test fails. */
#define LONG_MS 60000

/* How the server behaves; set before it is asked. */
typedef struct
{
  LoopbackServer *server;
  GTlsCertificate *certificate;
  StewardServerAddress endpoint;
  guint status;
  const char *header;
  const char *openapi; /* nullable: 404 */
  guint openapi_status;
  gboolean is_silent;
  gint n_unready; /* atomic: questions that are answered with 502 first */
  gint n_asked;   /* atomic */
  gint n_openapi; /* atomic */
  GAsyncQueue *reached;
} Fixture;

static void
handler (SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer data)
{
  Fixture *fixture = data;
  gboolean is_ready = g_atomic_int_add (&fixture->n_unready, -1) <= 0;

  g_atomic_int_inc (&fixture->n_asked);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Server",
                                is_ready ? fixture->header : "nginx");
  if (fixture->is_silent)
    soup_server_message_pause (message);
  else if (g_str_equal (path, "/openapi.json"))
    {
      g_atomic_int_inc (&fixture->n_openapi);
      loopback_server_answer (message, fixture->openapi_status, fixture->openapi);
    }
  else if (is_ready && fixture->status == 301)
    soup_server_message_set_redirect (message, 301, "/client/");
  else
    loopback_server_answer (message, is_ready ? fixture->status : 502, "Parsec server is running!");
  g_async_queue_push (fixture->reached, fixture);
}

static void
set_up (Fixture *fixture, gconstpointer is_tls)
{
  fixture->reached = g_async_queue_new ();
  fixture->status = 200;
  fixture->header = "parsec/3";
  fixture->openapi = "{\"info\":{\"version\":\"3.9.4-a.0+dev\"}}";
  fixture->openapi_status = 200;
  if (is_tls != NULL)
    fixture->certificate = loopback_server_dup_certificate ();
  fixture->server = loopback_server_new (handler, fixture, fixture->certificate);
  fixture->endpoint.scheme = is_tls != NULL ? "https" : "http";
  fixture->endpoint.host_name = "server.test";
  fixture->endpoint.address = "127.0.0.1";
  fixture->endpoint.port = loopback_server_get_port (fixture->server);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->server, loopback_server_free);
  g_clear_object (&fixture->certificate);
  g_async_queue_unref (fixture->reached);
}

static StewardHealth *
ask (Fixture *fixture, StewardProbeFlags flags)
{
  g_autoptr (GError) error = NULL;
  StewardHealth *health = steward_probe_ask (&fixture->endpoint, flags, LONG_MS, NULL, &error);

  g_assert_no_error (error);
  return health;
}

static void
test_answers (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint status;
    const char *header;
    guint major;
    gboolean answers;
  } cases[] = {
    { 200, "parsec/3", 3, TRUE },     { 301, "parsec/3", 3, TRUE },
    { 200, "parsec/3.9.3", 3, TRUE }, { 200, "parsec/12", 12, TRUE },
    { 500, "parsec/3", 3, FALSE },    { 404, "parsec/3", 3, FALSE },
    { 302, "parsec/3", 3, FALSE },    { 502, "nginx", 0, FALSE },
    { 200, "nginx", 0, FALSE },       { 200, "parsec/", 0, FALSE },
    { 200, "parsec/x", 0, FALSE },    { 200, "parsec", 0, FALSE },
    { 200, "parsec/-3", 0, FALSE },   { 200, "xparsec/3", 0, FALSE },
    { 200, "parsec/3x", 0, FALSE },   { 200, "parsec/99999999999999999999", 0, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      fixture->status = cases[i].status;
      fixture->header = cases[i].header;
      g_autoptr (StewardHealth) health = ask (fixture, STEWARD_PROBE_DEFAULT);

      g_assert_cmpuint (health->status, ==, cases[i].status);
      g_assert_cmpuint (health->server_major, ==, cases[i].major);
      g_assert_true (health->answers_as_parsec == cases[i].answers);
      g_assert_cmpint (health->tls, ==, STEWARD_TLS_NONE);
      g_assert_null (health->version);
    }
  g_assert_cmpint (fixture->n_asked, ==, G_N_ELEMENTS (cases));
}

static void
test_version (Fixture *fixture, gconstpointer data)
{
  g_autofree char *deep = g_strnfill (1024 * 1024, '[');
  const struct
  {
    guint status;
    const char *openapi, *version;
  } cases[] = {
    { 200, "{\"info\":{\"version\":\"3.9.4-a.0+dev\"}}", "3.9.4-a.0+dev" },
    { 500, "{\"info\":{\"version\":\"3.9.3\"}}", NULL },
    { 404, "", NULL },
    { 200, "<html>", NULL },
    { 200, "[]", NULL },
    { 200, "{\"info\":[]}", NULL },
    { 200, "{\"info\":{\"version\":3}}", NULL },
    { 200, "{\"info\":{\"version\":\"3.9\\u001b[2J\"}}", NULL },
    { 200, deep, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      fixture->openapi = cases[i].openapi;
      fixture->openapi_status = cases[i].status;
      g_autoptr (StewardHealth) health = ask (fixture, STEWARD_PROBE_VERSION);

      g_assert_true (health->answers_as_parsec);
      g_assert_cmpstr (health->version, ==, cases[i].version);
    }
  g_assert_cmpint (fixture->n_openapi, ==, G_N_ELEMENTS (cases));
}

static void
test_private_authority (Fixture *fixture, gconstpointer data)
{
  g_autoptr (StewardHealth) health = ask (fixture, STEWARD_PROBE_VERSION);

  g_assert_true (health->answers_as_parsec);
  g_assert_cmpint (health->tls, ==, STEWARD_TLS_NOT_TRUSTED);
  g_assert_nonnull (strstr (health->tls_problem, "authority"));
  g_assert_cmpstr (health->version, ==, "3.9.4-a.0+dev");
}

/* The fingerprint is what openssl shows. */
static char *
dup_fingerprint (void)
{
  g_autoptr (GTlsCertificate) certificate = loopback_server_dup_certificate ();
  const char *argv[] = { "openssl", "x509", "-noout", "-fingerprint", "-sha256", NULL };
  g_autofree char *pem = NULL, *output = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) openssl =
      g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                         &error);

  g_assert_no_error (error);
  g_object_get (certificate, "certificate-pem", &pem, NULL);
  g_subprocess_communicate_utf8 (openssl, pem, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strchr (output, '='));
  return g_strdup (g_strchomp (strchr (output, '=') + 1));
}

static void
test_accepted (Fixture *fixture, gconstpointer data)
{
  g_autofree char *fingerprint = dup_fingerprint ();

  fixture->endpoint.accepted = fingerprint;
  g_autoptr (StewardHealth) accepted = ask (fixture, STEWARD_PROBE_VERSION);
  g_assert_cmpint (accepted->tls, ==, STEWARD_TLS_ACCEPTED);
  g_assert_cmpstr (accepted->tls_problem, ==, NULL);
  g_assert_cmpstr (accepted->fingerprint, ==, fingerprint);

  fixture->endpoint.accepted = "AB:CD";
  g_autoptr (StewardHealth) changed = ask (fixture, STEWARD_PROBE_DEFAULT);
  g_assert_cmpint (changed->tls, ==, STEWARD_TLS_NOT_TRUSTED);
  g_assert_nonnull (strstr (changed->tls_problem, "another one"));
  g_assert_cmpstr (changed->fingerprint, ==, fingerprint);
}

static void
test_trusted (Fixture *fixture, gconstpointer data)
{
  GTlsBackend *backend = g_tls_backend_get_default ();
  g_autoptr (GTlsDatabase) authority = loopback_server_dup_authority ();

  g_tls_backend_set_default_database (backend, authority);
  g_autoptr (StewardHealth) right_name = ask (fixture, STEWARD_PROBE_DEFAULT);
  fixture->endpoint.host_name = "other.test";
  g_autoptr (StewardHealth) wrong_name = ask (fixture, STEWARD_PROBE_DEFAULT);
  g_tls_backend_set_default_database (backend, NULL);

  g_assert_cmpint (right_name->tls, ==, STEWARD_TLS_TRUSTED);
  g_assert_null (right_name->tls_problem);
  g_assert_cmpint (wrong_name->tls, ==, STEWARD_TLS_NOT_TRUSTED);
  g_assert_nonnull (strstr (wrong_name->tls_problem, "another name"));
  g_assert_true (wrong_name->answers_as_parsec);
}

static void
test_unreachable (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) silent = NULL, refused = NULL, no_tls = NULL;

  fixture->endpoint.scheme = "https";
  g_assert_null (steward_probe_ask (&fixture->endpoint, STEWARD_PROBE_DEFAULT, 200, NULL, &no_tls));
  g_assert_error (no_tls, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);

  fixture->endpoint.scheme = "http";
  fixture->is_silent = TRUE;
  g_assert_null (steward_probe_ask (&fixture->endpoint, STEWARD_PROBE_DEFAULT, 200, NULL, &silent));
  g_assert_error (silent, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);

  g_clear_pointer (&fixture->server, loopback_server_free);
  g_assert_null (
      steward_probe_ask (&fixture->endpoint, STEWARD_PROBE_DEFAULT, LONG_MS, NULL, &refused));
  g_assert_error (refused, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (refused->message, "server.test"));
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
  g_autoptr (GError) silent = NULL, waiting = NULL;
  gpointer arguments[] = { fixture->reached, cancellable };
  StewardProbeWait wait = { .timeout_ms = LONG_MS, .interval_ms = LONG_MS };
  GThread *thread;

  fixture->is_silent = TRUE;
  thread = g_thread_new ("cancel", cancel_thread, arguments);
  g_assert_null (
      steward_probe_ask (&fixture->endpoint, STEWARD_PROBE_DEFAULT, LONG_MS, cancellable, &silent));
  g_assert_error (silent, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);

  g_cancellable_reset (cancellable);
  fixture->is_silent = FALSE;
  fixture->status = 502;
  thread = g_thread_new ("cancel", cancel_thread, arguments);
  g_assert_null (steward_probe_wait (&fixture->endpoint, &wait, cancellable, &waiting));
  g_assert_error (waiting, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

static void
test_wait_until_ready (Fixture *fixture, gconstpointer data)
{
  StewardProbeWait wait = { .timeout_ms = LONG_MS, .interval_ms = 1 };
  g_autoptr (GError) error = NULL;

  fixture->n_unready = 3;
  g_autoptr (StewardHealth) health = steward_probe_wait (&fixture->endpoint, &wait, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (health->answers_as_parsec);
  g_assert_cmpint (fixture->n_asked, ==, 4);
}

static void
test_wait_gives_up (Fixture *fixture, gconstpointer data)
{
  StewardProbeWait wait = { .timeout_ms = 50, .interval_ms = 1 };
  g_autoptr (GError) error = NULL;

  fixture->n_unready = G_MAXINT;
  g_assert_null (steward_probe_wait (&fixture->endpoint, &wait, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);
  g_assert_cmpint (fixture->n_asked, >, 0);
}

static gboolean
die_at_third_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  guint *n_calls = data;

  if (++*n_calls < 3)
    return TRUE;
  g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_FAILED, "dead");
  return FALSE;
}

static void
test_wait_notices_death (Fixture *fixture, gconstpointer data)
{
  guint n_calls = 0;
  StewardProbeWait wait = {
    .timeout_ms = LONG_MS, .interval_ms = 1, .alive = die_at_third_cb, .alive_data = &n_calls
  };
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&fixture->server, loopback_server_free);
  g_assert_null (steward_probe_wait (&fixture->endpoint, &wait, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED);
  g_assert_cmpuint (n_calls, ==, 3);
}

static void
add (const char *path, gboolean is_tls, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, GINT_TO_POINTER (is_tls), set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/probe/knows-parsec-by-status-and-header", FALSE, test_answers);
  add ("/probe/reads-version-where-told", FALSE, test_version);
  add ("/probe/reports-private-authority", TRUE, test_private_authority);
  add ("/probe/knows-the-accepted-certificate", TRUE, test_accepted);
  add ("/probe/checks-name-behind-forward", TRUE, test_trusted);
  add ("/probe/unreachable-when-nobody-answers", FALSE, test_unreachable);
  add ("/probe/ends-when-cancelled", FALSE, test_cancel);
  add ("/probe/waits-until-server-is-ready", FALSE, test_wait_until_ready);
  add ("/probe/wait-gives-up-in-time", FALSE, test_wait_gives_up);
  add ("/probe/wait-ends-when-server-died", FALSE, test_wait_notices_death);
  return g_test_run ();
}
