/* Images: what is told of them, getting them from a real registry and from broken ones, looking
 * into them. */
#include "core/engine/image.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "engine-suite.h"

static void
test_fields (Suite *suite, gconstpointer compose)
{
  g_autoptr (StewardImage) image =
      steward_engine_inspect_image (suite->engine, engine_suite_get_image (), NULL, NULL);

  g_assert_nonnull (image);
  g_assert_true (g_str_has_prefix (image->id, "sha256:"));
  g_assert_cmpstr (image->repo_tags[0], ==, engine_suite_get_image ());
  g_assert_cmpuint (g_strv_length (image->repo_digests), ==, 0);
  g_assert_cmpstr (steward_image_get_label (image, "color"), ==, "blue");
  g_assert_null (steward_image_get_label (image, "shape"));
  g_assert_cmpuint (image->size_bytes, >, 500000);
  g_assert_cmpuint (strlen (image->architecture), >, 0);
  g_autoptr (GDateTime) created = g_date_time_new_from_iso8601 (image->created, NULL);
  g_assert_nonnull (created);
}

static void
test_inspect_misses (Suite *suite, gconstpointer compose)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_engine_inspect_image (suite->engine, "steward-no-such:1", NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
}

/* A local port that nobody uses just now. */
static guint16
find_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static void
wait_for_port (guint16 port)
{
  gint64 limit_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  for (;;)
    {
      g_autoptr (GSocketClient) client = g_socket_client_new ();
      g_autoptr (GSocketConnection) connection =
          g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);

      if (connection != NULL)
        return;
      g_assert_cmpint (g_get_monotonic_time (), <, limit_us);
      g_usleep (20000);
    }
}

/* Starts docker-registry with an empty store. */
static GSubprocess *
start_registry (Suite *suite, guint16 port)
{
  g_autofree char *store = g_build_filename (suite->folder, "store", NULL);
  g_autofree char *path = g_build_filename (suite->folder, "registry.yml", NULL);
  g_autofree char *text = g_strdup_printf ("version: 0.1\n"
                                           "storage: {filesystem: {rootdirectory: %s}}\n"
                                           "http: {addr: '127.0.0.1:%u'}\n",
                                           store, port);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  GSubprocess *process =
      g_subprocess_launcher_spawn (launcher, NULL, "docker-registry", "serve", path, NULL);
  g_assert_nonnull (process);
  wait_for_port (port);
  return process;
}

typedef struct
{
  GArray *fractions; /* of double */
  guint lines;
} Seen;

static void
progress_cb (double fraction, gpointer data)
{
  g_array_append_val (((Seen *)data)->fractions, fraction);
}

static void
line_cb (const char *line, gpointer data)
{
  ((Seen *)data)->lines++;
}

/* Puts the suite's image into the registry and takes it away here. Returns: its reference there */
static char *
push_image (Suite *suite, guint16 port)
{
  char *reference = g_strdup_printf ("127.0.0.1:%u/some/image:v1", port);

  g_free (engine_suite_docker (suite, "tag", engine_suite_get_image (), reference, NULL));
  g_free (engine_suite_docker (suite, "push", reference, NULL));
  g_free (engine_suite_docker (suite, "rmi", reference, NULL));
  return reference;
}

static void
test_pull (Suite *suite, gconstpointer compose)
{
  guint16 port = find_port ();
  g_autoptr (GSubprocess) registry = start_registry (suite, port);
  g_autofree char *reference = push_image (suite, port);
  g_autoptr (GArray) fractions = g_array_new (FALSE, FALSE, sizeof (double));
  Seen seen = { fractions, 0 };
  StewardPullWatch watch = { progress_cb, line_cb, &seen };
  g_autoptr (GError) error = NULL;

  g_assert_true (steward_engine_pull_image (suite->engine, reference, &watch, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (seen.lines, >=, 3);
  for (guint i = 1; i < fractions->len; i++)
    g_assert_cmpfloat (g_array_index (fractions, double, i), >=,
                       g_array_index (fractions, double, i - 1));
  g_assert_cmpfloat (g_array_index (fractions, double, fractions->len - 1), ==, 1.0);
  g_autoptr (StewardImage) image =
      steward_engine_inspect_image (suite->engine, reference, NULL, NULL);
  g_assert_cmpuint (g_strv_length (image->repo_digests), ==, 1);

  g_autofree char *both = g_strconcat (reference, strchr (image->repo_digests[0], '@'), NULL);
  g_assert_true (steward_engine_pull_image (suite->engine, both, NULL, NULL, &error));
  g_assert_no_error (error);
  g_free (engine_suite_docker (suite, "rmi", reference, NULL));
  g_subprocess_force_exit (registry);
}

static void
assert_pull_fails (Suite *suite, guint16 port, const char *name, StewardError code)
{
  g_autofree char *reference = g_strdup_printf ("127.0.0.1:%u/%s", port, name);
  g_autoptr (GError) error = NULL;

  g_assert_false (steward_engine_pull_image (suite->engine, reference, NULL, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, (int)code);
  g_assert_nonnull (strstr (error->message, reference));
}

static void
test_pull_unknown (Suite *suite, gconstpointer compose)
{
  guint16 port = find_port ();
  g_autoptr (GSubprocess) registry = start_registry (suite, port);
  g_autofree char *reference = push_image (suite, port);

  assert_pull_fails (suite, port, "some/image:v2", STEWARD_ERROR_NOT_FOUND);
  assert_pull_fails (suite, port, "other/image:v1", STEWARD_ERROR_NOT_FOUND);
  assert_pull_fails (suite, port, "BAD:::", STEWARD_ERROR_INVALID);
  g_subprocess_force_exit (registry);
}

static void
test_pull_nobody (Suite *suite, gconstpointer compose)
{
  assert_pull_fails (suite, find_port (), "some/image:v1", STEWARD_ERROR_UNREACHABLE);
}

/* A registry that answers everything with the same status. */
typedef struct
{
  GSocketListener *listener;
  GCancellable *cancellable;
  const char *answer;
} Broken;

static gpointer
serve (gpointer data)
{
  Broken *broken = data;
  g_autoptr (GSocketConnection) connection = NULL;

  while ((connection = g_socket_listener_accept (broken->listener, NULL, broken->cancellable, NULL))
         != NULL)
    {
      char buffer[4096];
      GIOStream *stream = G_IO_STREAM (connection);
      g_autofree char *text =
          g_strdup_printf ("HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                           broken->answer);

      g_input_stream_read (g_io_stream_get_input_stream (stream), buffer, sizeof buffer,
                           broken->cancellable, NULL);
      g_output_stream_write_all (g_io_stream_get_output_stream (stream), text, strlen (text), NULL,
                                 NULL, NULL);
      g_io_stream_close (stream, NULL, NULL);
      g_clear_object (&connection);
    }
  return NULL;
}

static void
test_pull_broken (Suite *suite, gconstpointer compose)
{
  static const struct
  {
    const char *answer;
    StewardError code;
  } cases[] = {
    { "401 Unauthorized", STEWARD_ERROR_DENIED },
    { "403 Forbidden", STEWARD_ERROR_DENIED },
    { "404 Not Found", STEWARD_ERROR_NOT_FOUND },
    { "429 Too Many Requests", STEWARD_ERROR_UNREACHABLE },
    { "500 Internal Server Error", STEWARD_ERROR_UNREACHABLE },
    { "503 Service Unavailable", STEWARD_ERROR_UNREACHABLE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GSocketListener) listener = g_socket_listener_new ();
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      Broken broken = { listener, cancellable, cases[i].answer };
      guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
      GThread *thread = g_thread_new ("registry", serve, &broken);

      g_test_message ("%s", cases[i].answer);
      assert_pull_fails (suite, port, "some/image:v1", cases[i].code);
      g_cancellable_cancel (cancellable);
      g_thread_join (thread);
    }
}

static void
cancel_cb (const char *line, gpointer data)
{
  g_cancellable_cancel (data);
}

static void
test_pull_cancelled (Suite *suite, gconstpointer compose)
{
  guint16 port = find_port ();
  g_autoptr (GSubprocess) registry = start_registry (suite, port);
  g_autofree char *reference = push_image (suite, port);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  StewardPullWatch watch = { NULL, cancel_cb, cancellable };
  g_autoptr (GError) error = NULL;

  steward_engine_pull_image (suite->engine, reference, &watch, cancellable, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_subprocess_force_exit (registry);
}

/* Docker may claim success while somebody else removes the image. */
static void
test_pull_checks (Suite *suite, gconstpointer compose)
{
  g_autoptr (GError) error = NULL;

  engine_suite_set_fake (suite, "[ \"$1\" = pull ] || exec \"$real\" \"$@\"");
  g_assert_false (
      steward_engine_pull_image (suite->engine, "steward-no-such:1", NULL, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
}

static GPtrArray *
read_migrations (Suite *suite, const char *image)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *files = steward_engine_read_image_files (suite->engine, image,
                                                      STEWARD_IMAGE_MIGRATIONS, NULL, &error);

  g_assert_no_error (error);
  g_autofree char *filter = g_strconcat ("ancestor=", image, NULL);
  g_autofree char *left = engine_suite_docker (suite, "ps", "-aq", "--filter", filter, "--filter",
                                               "name=^steward-read-", NULL);
  g_assert_cmpstr (left, ==, "");
  return files;
}

static void
test_read (Suite *suite, gconstpointer compose)
{
  g_autoptr (GPtrArray) files = read_migrations (suite, engine_suite_get_image ());

  g_assert_cmpuint (files->len, ==, 2);
  const StewardImageFile *first = files->pdata[0], *second = files->pdata[1];
  g_assert_cmpstr (first->name, ==, "/app/migrations/0001_first.sql");
  g_assert_cmpstr (first->text, ==, "CREATE TABLE a ();\n");
  g_assert_cmpstr (second->name, ==, "/app/migrations/0002_second.sql");
  g_assert_cmpstr (second->text, ==, "DROP TABLE a; -- café\n");
}

static void
test_read_without_shell (Suite *suite, gconstpointer compose)
{
  g_autofree char *path = g_build_filename (suite->folder, "0001_first.sql", NULL);

  g_assert_true (g_file_set_contents (path, "SELECT 1;", -1, NULL));
  g_autofree char *image = engine_suite_import (suite->folder, NULL);
  g_autoptr (GPtrArray) files = read_migrations (suite, image);
  g_assert_cmpuint (files->len, ==, 0);
}

/* An entry point that would do harm, or never end, is not run. */
static void
test_read_ignores_entry_point (Suite *suite, gconstpointer compose)
{
  g_autofree char *root = g_build_filename (suite->folder, "root", NULL);
  const char *copy[] = { "sh",
                         "-c",
                         "mkdir -p \"$1/migrations\" && docker export \"$(docker create --name "
                         "\"$2\" \"$3\" sh)\" | tar -x -C \"$1\"",
                         "sh",
                         root,
                         NULL,
                         NULL,
                         NULL };
  g_autofree char *container = engine_suite_dup_name ();
  copy[5] = container;
  copy[6] = engine_suite_get_image ();
  StewardCommand command = { .argv = copy };
  g_free (steward_host_call (suite->host, &command, NULL, NULL));
  g_autofree char *image = engine_suite_import (root, "ENTRYPOINT [\"sleep\", \"1000\"]");

  g_autoptr (GPtrArray) files = read_migrations (suite, image);
  g_assert_cmpuint (files->len, ==, 2);
}

static void
test_read_absent (Suite *suite, gconstpointer compose)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_engine_read_image_files (suite->engine, "steward-no-such:1",
                                                  STEWARD_IMAGE_MIGRATIONS, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
}

static const SuiteCase cases[] = {
  { "/inspect/tells-what-it-is", test_fields },
  { "/inspect/misses-an-image", test_inspect_misses },
  { "/pull/gets-an-image-and-says-how-far-it-is", test_pull },
  { "/pull/says-what-the-registry-does-not-have", test_pull_unknown },
  { "/pull/says-that-nobody-answers", test_pull_nobody },
  { "/pull/tells-broken-registries-apart", test_pull_broken },
  { "/pull/can-be-cancelled", test_pull_cancelled },
  { "/pull/looks-whether-it-is-there", test_pull_checks },
  { "/read/gives-the-migrations", test_read },
  { "/read/gives-nothing-without-a-shell", test_read_without_shell },
  { "/read/does-not-run-the-image", test_read_ignores_entry_point },
  { "/read/misses-an-image", test_read_absent },
  { NULL, NULL },
};

static void
add_tests (void)
{
  engine_suite_add ("/image", cases);
}

int
main (int argc, char **argv)
{
  return engine_suite_run (argc, argv, add_tests);
}
