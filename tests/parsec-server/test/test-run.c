/* The stand-in server's `run`: when it starts, what it answers, and how it ends, case by case as
 * the real server was seen to behave. */
#include "cluster.h"
#include "server.h"

#include <glib/gstdio.h>

#define N_NEWEST 19

static Cluster *cluster;

typedef struct
{
  char *url;     /* owned */
  char *release; /* owned */
  guint16 port;
  GSubprocess *server; /* owned */
} Running;

static void
running_free (Running *self)
{
  g_subprocess_send_signal (self->server, SIGTERM);
  g_subprocess_wait (self->server, NULL, NULL);
  g_object_unref (self->server);
  release_remove (self->release);
  g_free (self->url);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Running, running_free)

static char *
make_database (int last)
{
  char *url = cluster_create_database (cluster);
  g_autoptr (Release) release = release_make (&(ReleaseFacts){ .last = last });
  g_autoptr (Outcome) outcome = server_run (release, url, "migrate");

  g_assert_cmpint (outcome->status, ==, 0);
  return url;
}

static Running *
start_on (char *url, const ReleaseFacts *facts, const char *setting)
{
  Running *self = g_new0 (Running, 1);
  g_autofree char *port = NULL;

  self->url = url;
  self->release = release_make (facts);
  self->port = cluster_find_free_port ();
  port = g_strdup_printf ("PARSEC_PORT=%u", self->port);
  self->server =
      server_start (self->release, url, "run", (const char *const[]){ port, setting, NULL });
  return self;
}

/* A server of @generation with all migrations, answering. */
static Running *
start (const char *generation, const char *fault)
{
  ReleaseFacts facts = { .last = N_NEWEST, .generation = generation, .fault = fault };
  Running *self = start_on (make_database (N_NEWEST), &facts, NULL);

  server_wait_for_port (self->port);
  return self;
}

static void
assert_answer (const Running *self, const char *request_line, const char *first, const char *part)
{
  g_autofree char *answer = server_ask (self->port, request_line, "", 10);

  g_assert_nonnull (answer);
  g_assert_true (g_str_has_prefix (answer, first));
  g_assert_nonnull (strstr (answer, part));
  g_assert_nonnull (strstr (answer, "\r\nserver: parsec/3\r\n"));
}

static void
test_refuses_pending_migrations_from_3_6_on (void)
{
  g_autofree char *url = make_database (17);
  g_autoptr (Release) release =
      release_make (&(ReleaseFacts){ .last = N_NEWEST, .generation = "middle" });
  g_autoptr (Outcome) outcome = server_run (release, url, "run");

  g_assert_cmpint (outcome->status, ==, 1);
  g_assert_cmpstr (outcome->output, ==, "");
  g_assert_cmpstr (outcome->problems, ==,
                   "Database requires 2 migration(s). Run `parsec migrate` to apply them.\n");
}

static void
test_starts_on_pending_migrations_when_told_to (void)
{
  ReleaseFacts facts = { .last = N_NEWEST, .generation = "middle" };
  g_autoptr (Running) running =
      start_on (make_database (17), &facts, "PARSEC_SKIP_DATABASE_MIGRATIONS_CHECK=1");

  server_wait_for_port (running->port);
  assert_answer (running, "GET /", "HTTP/1.1 200 ", "running");
}

static void
test_starts_on_any_schema_before_3_6 (void)
{
  ReleaseFacts facts = { .last = 14, .generation = "early" };
  g_autoptr (Running) older = start_on (make_database (12), &facts, NULL);
  g_autoptr (Running) newer = start_on (make_database (N_NEWEST), &facts, NULL);

  server_wait_for_port (older->port);
  server_wait_for_port (newer->port);
  assert_answer (older, "GET /", "HTTP/1.1 200 ", "running");
  assert_answer (newer, "GET /", "HTTP/1.1 200 ", "running");
}

static void
test_starts_on_newer_database (void)
{
  ReleaseFacts facts = { .last = 18, .generation = "head" };
  g_autoptr (Running) running = start_on (make_database (N_NEWEST), &facts, NULL);

  server_wait_for_port (running->port);
  assert_answer (running, "GET /", "HTTP/1.1 200 ", "running");
}

static void
test_answers_without_a_token (void)
{
  g_autoptr (Running) early = start ("early", NULL);
  g_autoptr (Running) middle = start ("middle", NULL);
  g_autoptr (Running) head = start ("head", NULL);

  assert_answer (head, "GET /", "HTTP/1.1 200 ", "Parsec server is running!");
  assert_answer (head, "HEAD /", "HTTP/1.1 405 ", "allow: GET");
  assert_answer (head, "GET /administration/stats", "HTTP/1.1 403 ", "application/json");
  assert_answer (head, "POST /anonymous/Org", "HTTP/1.1 422 ", "supported-api-versions: 5.5\r\n");
  assert_answer (early, "GET /openapi.json", "HTTP/1.1 404 ", "Not Found");
  assert_answer (middle, "GET /openapi.json", "HTTP/1.1 500 ", "Internal Server Error");
  assert_answer (head, "GET /openapi.json", "HTTP/1.1 200 ", "\"version\":\"9.8.7\"");
}

static void
test_writes_rows_as_clients_do (void)
{
  g_autoptr (Running) running = start ("head", NULL);
  g_autofree char *first = server_ask (running->port, "POST /test/write", "abc", 10);
  g_autofree char *second = server_ask (running->port, "POST /test/write", "defg", 10);
  g_autofree char *stored =
      cluster_query (running->url,
                     "SELECT string_agg (convert_from (body, 'UTF8'), ',') FROM notification");

  g_assert_nonnull (strstr (first, "{\"id\": 1}"));
  g_assert_nonnull (strstr (second, "{\"id\": 2}"));
  g_assert_cmpstr (stored, ==, "abc,defg");
  assert_answer (running, "GET /test/count", "HTTP/1.1 200 ", "{\"rows\": 2}");
}

static void
test_foreign_one_says_so (void)
{
  g_autoptr (Running) running = start ("head", "foreign");
  g_autofree char *answer = server_ask (running->port, "GET /", "", 10);

  g_assert_nonnull (strstr (answer, "\r\nserver: parsec/4\r\n"));
}

static void
test_silent_one_never_answers (void)
{
  g_autoptr (Running) running = start ("head", "silent");
  g_autofree char *answer = server_ask (running->port, "GET /", "", 2);

  g_assert_null (answer);
}

static void
test_dying_one_ends_after_20_seconds (void)
{
  g_autoptr (Running) running = start ("head", "dies");
  gint64 started = g_get_monotonic_time ();

  assert_answer (running, "GET /", "HTTP/1.1 200 ", "running");
  g_assert_true (g_subprocess_wait (running->server, NULL, NULL));
  g_assert_cmpint (g_subprocess_get_exit_status (running->server), ==, 1);
  g_assert_cmpint (g_get_monotonic_time () - started, >, 18 * G_TIME_SPAN_SECOND);
}

static void
test_stops_at_once_when_asked (void)
{
  g_autoptr (Running) running = start ("head", NULL);

  g_subprocess_send_signal (running->server, SIGTERM);
  g_assert_true (g_subprocess_wait (running->server, NULL, NULL));
  g_assert_cmpint (g_subprocess_get_exit_status (running->server), ==, 0);
}

static guint
count_tries (const char *generation)
{
  g_autoptr (Release) release = release_make (&(ReleaseFacts){ .generation = generation });
  g_autofree char *url =
      g_strdup_printf ("postgresql://a:b@127.0.0.1:%u/c", cluster_find_free_port ());
  g_autoptr (Outcome) outcome = server_run (release, url, "run");
  g_auto (GStrv) lines = g_strsplit (outcome->problems, "\n", -1);

  g_assert_cmpint (outcome->status, ==, 1);
  return g_strv_length (lines) - 1;
}

static void
test_tries_ten_times_for_a_database_that_is_away (void)
{
  gint64 started = g_get_monotonic_time ();

  g_assert_cmpuint (count_tries ("early"), ==, 10);
  g_assert_cmpint (g_get_monotonic_time () - started, >, 8 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (count_tries ("head"), ==, 1);
}

/* Returns: (transfer full): the process of the server's own session, "" while there is none. */
static char *
query_session (const Running *self)
{
  return cluster_query (self->url, "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid ()"
                                   " AND datname = current_database ()");
}

static void
test_comes_back_after_a_lost_session (void)
{
  g_autoptr (Running) running = start ("head", NULL);
  g_autofree char *before = query_session (running);
  g_autofree char *after = NULL;
  gint64 deadline = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;

  cluster_end_sessions (cluster);
  do
    {
      g_usleep (20000);
      g_free (after);
      after = query_session (running);
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
    }
  while (g_str_equal (after, "") || g_str_equal (after, before));
  server_wait_for_port (running->port);
  assert_answer (running, "GET /", "HTTP/1.1 200 ", "running");
}

static void
test_closes_its_port_and_gives_up_without_database (void)
{
  g_autoptr (Running) running = start ("early", NULL);
  gint64 deadline = g_get_monotonic_time () + 5 * G_TIME_SPAN_SECOND;

  cluster_close_database (cluster, running->url);
  while (server_port_is_open (running->port))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (20000);
    }
  g_assert_true (g_subprocess_wait (running->server, NULL, NULL));
  g_assert_cmpint (g_subprocess_get_exit_status (running->server), ==, 1);
}

static void
test_serves_tls_when_given_a_key (void)
{
  g_autofree char *folder = g_dir_make_tmp ("steward-tls-XXXXXX", NULL);
  g_autofree char *script = g_strdup_printf (
      "cd %s && openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out certificate -days 2 "
      "-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 2>/dev/null",
      folder);
  g_autofree char *key = g_strdup_printf ("PARSEC_SSL_KEYFILE=%s/key", folder);
  g_autofree char *certificate = g_strdup_printf ("PARSEC_SSL_CERTFILE=%s/certificate", folder);
  g_autofree char *url = make_database (N_NEWEST);
  g_autoptr (Release) release =
      release_make (&(ReleaseFacts){ .last = N_NEWEST, .generation = "head" });
  guint16 port = cluster_find_free_port ();
  g_autofree char *port_setting = g_strdup_printf ("PARSEC_PORT=%u", port);
  g_autofree char *ask =
      g_strdup_printf ("curl -sS --cacert %s/certificate https://127.0.0.1:%u/ && rm -r %s", folder,
                       port, folder);
  g_autoptr (GSubprocess) server = NULL;
  g_autofree char *page = NULL;
  int status = -1;

  g_assert_cmpint (system (script), ==, 0);
  server = server_start (release, url, "run",
                         (const char *const[]){ port_setting, key, certificate, NULL });
  server_wait_for_port (port);
  g_assert_true (g_spawn_sync (NULL, (char *[]){ "sh", "-c", ask, NULL }, NULL, G_SPAWN_SEARCH_PATH,
                               NULL, NULL, &page, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
  g_assert_nonnull (strstr (page, "Parsec server is running!"));
  g_subprocess_send_signal (server, SIGTERM);
  g_subprocess_wait (server, NULL, NULL);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  cluster = cluster_new ();
  g_test_add_func ("/run/refuses-pending-migrations-from-3.6-on",
                   test_refuses_pending_migrations_from_3_6_on);
  g_test_add_func ("/run/starts-on-pending-migrations-when-told-to",
                   test_starts_on_pending_migrations_when_told_to);
  g_test_add_func ("/run/starts-on-any-schema-before-3.6", test_starts_on_any_schema_before_3_6);
  g_test_add_func ("/run/starts-on-newer-database", test_starts_on_newer_database);
  g_test_add_func ("/run/answers-without-a-token", test_answers_without_a_token);
  g_test_add_func ("/run/writes-rows-as-clients-do", test_writes_rows_as_clients_do);
  g_test_add_func ("/run/foreign-one-says-so", test_foreign_one_says_so);
  g_test_add_func ("/run/silent-one-never-answers", test_silent_one_never_answers);
  g_test_add_func ("/run/dying-one-ends-after-20-seconds", test_dying_one_ends_after_20_seconds);
  g_test_add_func ("/run/stops-at-once-when-asked", test_stops_at_once_when_asked);
  g_test_add_func ("/run/tries-ten-times-for-a-database-that-is-away",
                   test_tries_ten_times_for_a_database_that_is_away);
  g_test_add_func ("/run/comes-back-after-a-lost-session", test_comes_back_after_a_lost_session);
  g_test_add_func ("/run/closes-its-port-and-gives-up-without-database",
                   test_closes_its_port_and_gives_up_without_database);
  g_test_add_func ("/run/serves-tls-when-given-a-key", test_serves_tls_when_given_a_key);
  status = g_test_run ();
  cluster_free (cluster);
  return status;
}
