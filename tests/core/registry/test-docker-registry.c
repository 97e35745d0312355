/* Tags and images of a real registry (Debian's docker-registry) that images were pushed to. */
#include "core/base/error.h"
#include "core/base/http.h"
#include "core/registry/registry.h"

#include <string.h>

#define LONG_MS 60000
#define REPOSITORY "scille/parsec-cloud/parsec-server"
#define MANIFEST_TYPE "application/vnd.oci.image.manifest.v1+json"
#define INDEX_TYPE "application/vnd.oci.image.index.v1+json"

typedef struct
{
  char *folder;
  GSubprocess *process;
  GDataInputStream *log;
  GThread *drain;
  char *name; /* `127.0.0.1:PORT` */
} Fixture;

/* Reads the program's log until it says where it listens; its end ends the wait. */
static char *
read_address (GDataInputStream *log)
{
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line_utf8 (log, NULL, NULL, NULL);
      if (line == NULL)
        g_error ("docker-registry ended without listening");

      const char *found = strstr (line, "listening on ");
      if (found == NULL)
        continue;
      found += strlen ("listening on ");
      return g_strndup (found, strcspn (found, "\""));
    }
}

/* Reads the rest of the log, so that the program never waits for a reader. */
static gpointer
drain_thread (gpointer data)
{
  while (g_input_stream_skip (data, 4096, NULL, NULL) > 0)
    ;
  return NULL;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("steward-registry-XXXXXX", NULL);
  g_autofree char *config = g_build_filename (fixture->folder, "config.yml", NULL);
  g_autofree char *text =
      g_strdup_printf ("version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: %s\n"
                       "http:\n  addr: 127.0.0.1:0\n  secret: test\n",
                       fixture->folder);
  g_assert_true (g_file_set_contents (config, text, -1, NULL));

  fixture->process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error,
                        "docker-registry", "serve", config, NULL);
  g_assert_no_error (error);
  fixture->log = g_data_input_stream_new (g_subprocess_get_stderr_pipe (fixture->process));
  fixture->name = read_address (fixture->log);
  fixture->drain = g_thread_new ("drain", drain_thread, fixture->log);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_subprocess_force_exit (fixture->process);
  g_assert_true (g_subprocess_wait (fixture->process, NULL, NULL));
  g_thread_join (fixture->drain);
  g_object_unref (fixture->log);
  g_object_unref (fixture->process);

  g_autoptr (GSubprocess) removal =
      g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, NULL, "rm", "-r", "--", fixture->folder, NULL);
  g_assert_true (g_subprocess_wait_check (removal, NULL, NULL));
  g_free (fixture->folder);
  g_free (fixture->name);
}

/* Sends @body and wants a status of success. Returns: (nullable): the header `Location` */
static char *
push (const char *method, const char *uri, const char *type, const char *body)
{
  g_autoptr (StewardHttp) http = steward_http_new (NULL, STEWARD_HTTP_NO_PROXY, LONG_MS, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, uri);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr (GError) error = NULL;

  soup_message_set_request_body_from_bytes (message, type, bytes);
  g_autoptr (GBytes) answer = steward_http_send (http, message, 100000, &error);
  g_assert_no_error (error);
  if (!SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message)))
    g_error ("%s: %u", uri, soup_message_get_status (message));
  return g_strdup (
      soup_message_headers_get_one (soup_message_get_response_headers (message), "Location"));
}

static char *
dup_digest (const char *text)
{
  g_autofree char *hex = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  return g_strconcat ("sha256:", hex, NULL);
}

static char *
push_blob (Fixture *fixture, const char *content)
{
  g_autofree char *uploads =
      g_strdup_printf ("http://%s/v2/" REPOSITORY "/blobs/uploads/", fixture->name);
  g_autofree char *location = push ("POST", uploads, NULL, "");
  char *digest = dup_digest (content);
  g_autofree char *uri = g_strdup_printf ("%s&digest=%s", location, digest);

  g_free (push ("PUT", uri, "application/octet-stream", content));
  return digest;
}

static char *
push_manifest (Fixture *fixture, const char *reference, const char *type, const char *manifest)
{
  char *digest = dup_digest (manifest);
  g_autofree char *uri = g_strdup_printf ("http://%s/v2/" REPOSITORY "/manifests/%s", fixture->name,
                                          reference != NULL ? reference : digest);

  g_free (push ("PUT", uri, type, manifest));
  return digest;
}

/* Pushes an image with two layers. Returns: its digest */
static char *
push_image (Fixture *fixture, const char *tag, const char *architecture, const char *labels)
{
  g_autofree char *config_text = g_strdup_printf (
      "{\"architecture\":\"%s\",\"os\":\"linux\",\"created\":\"2026-01-02T03:04:05Z\","
      "\"config\":{\"Labels\":%s},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}",
      architecture, labels);
  g_autofree char *config = push_blob (fixture, config_text);
  g_autofree char *first = push_blob (fixture, "first layer");
  g_autofree char *second = push_blob (fixture, "second");
  g_autofree char *manifest = g_strdup_printf (
      "{\"schemaVersion\":2,\"mediaType\":\"" MANIFEST_TYPE "\","
      "\"config\":{\"mediaType\":\"application/"
      "vnd.oci.image.config.v1+json\",\"digest\":\"%s\",\"size\":%zu},"
      "\"layers\":[{\"mediaType\":\"application/"
      "vnd.oci.image.layer.v1.tar\",\"digest\":\"%s\",\"size\":11},"
      "{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\",\"digest\":\"%s\",\"size\":6}]}",
      config, strlen (config_text), first, second);

  return push_manifest (fixture, tag, MANIFEST_TYPE, manifest);
}

static StewardRemoteImage *
get_image (Fixture *fixture, const char *tag, const char *architecture, GError **error)
{
  StewardRepository where = { fixture->name, REPOSITORY, NULL, LONG_MS };

  return steward_registry_get_image (&where, tag, architecture, NULL, error);
}

static void
test_lists_tags (Fixture *fixture, gconstpointer data)
{
  StewardRepository where = { fixture->name, REPOSITORY, NULL, LONG_MS };
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_registry_list_tags (&where, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);

  g_free (push_image (fixture, "3.0.0", "amd64", "{}"));
  g_free (push_image (fixture, "v3.1.0", "amd64", "{}"));
  g_free (push_image (fixture, "latest", "amd64", "{}"));
  g_auto (GStrv) tags = steward_registry_list_tags (&where, NULL, NULL);
  g_assert_cmpuint (g_strv_length (tags), ==, 3);
  g_assert_true (g_strv_contains ((const char *const *)tags, "3.0.0"));
  g_assert_true (g_strv_contains ((const char *const *)tags, "v3.1.0"));
  g_assert_true (g_strv_contains ((const char *const *)tags, "latest"));
}

static void
test_image (Fixture *fixture, gconstpointer data)
{
  g_autofree char *digest = push_image (fixture, "3.0.0", "amd64",
                                        "{\"org.opencontainers.image.version\":\"3.0.0\","
                                        "\"org.opencontainers.image.created\":\"2026-05-06\","
                                        "\"org.opencontainers.image.revision\":\"abc\"}");
  g_autofree char *first = dup_digest ("first layer");
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardRemoteImage) image = get_image (fixture, "3.0.0", "amd64", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (image->digest, ==, digest);
  g_assert_cmpstr (image->manifest_digest, ==, digest);
  g_assert_cmpstr (image->version, ==, "3.0.0");
  g_assert_cmpstr (image->created, ==, "2026-05-06");
  g_assert_cmpstr (image->revision, ==, "abc");
  g_assert_cmpuint (image->layers->len, ==, 2);
  const StewardLayer *layer = g_ptr_array_index (image->layers, 0);
  g_assert_cmpstr (layer->digest, ==, first);
  g_assert_cmpuint (layer->size_bytes, ==, 11);

  g_autoptr (StewardRemoteImage) by_digest = get_image (fixture, digest, "amd64", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (by_digest->digest, ==, digest);
}

static void
test_labels_missing_or_hostile (Fixture *fixture, gconstpointer data)
{
  g_free (push_image (fixture, "bare", "amd64", "null"));
  g_free (push_image (fixture, "hostile", "amd64",
                      "{\"org.opencontainers.image.version\":\"\\u001b[2J\","
                      "\"org.opencontainers.image.revision\":7}"));
  g_autoptr (StewardRemoteImage) bare = get_image (fixture, "bare", "amd64", NULL);
  g_autoptr (StewardRemoteImage) hostile = get_image (fixture, "hostile", "amd64", NULL);

  g_assert_null (bare->version);
  g_assert_cmpstr (bare->created, ==, "2026-01-02T03:04:05Z");
  g_assert_null (hostile->version);
  g_assert_null (hostile->revision);
}

static void
test_index (Fixture *fixture, gconstpointer data)
{
  g_autofree char *amd64 =
      push_image (fixture, NULL, "amd64", "{\"org.opencontainers.image.version\":\"3.0.0-amd64\"}");
  g_autofree char *arm64 =
      push_image (fixture, NULL, "arm64", "{\"org.opencontainers.image.version\":\"3.0.0-arm64\"}");
  g_autofree char *text =
      g_strdup_printf ("{\"schemaVersion\":2,\"mediaType\":\"" INDEX_TYPE "\",\"manifests\":["
                       "{\"mediaType\":\"" MANIFEST_TYPE "\",\"digest\":\"%s\",\"size\":1,"
                       "\"platform\":{\"os\":\"unknown\",\"architecture\":\"unknown\"}},"
                       "{\"mediaType\":\"" MANIFEST_TYPE "\",\"digest\":\"%s\",\"size\":1,"
                       "\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}},"
                       "{\"mediaType\":\"" MANIFEST_TYPE "\",\"digest\":\"%s\",\"size\":1,"
                       "\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\"}}]}",
                       arm64, amd64, arm64);
  g_autofree char *index = push_manifest (fixture, "3.0.0", INDEX_TYPE, text);
  g_autoptr (GError) error = NULL;

  g_autoptr (StewardRemoteImage) image = get_image (fixture, "3.0.0", "arm64", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (image->digest, ==, index);
  g_assert_cmpstr (image->manifest_digest, ==, arm64);
  g_assert_cmpstr (image->version, ==, "3.0.0-arm64");

  g_assert_null (get_image (fixture, "3.0.0", "riscv64", &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "riscv64"));
}

static void
test_unknown_tag (Fixture *fixture, gconstpointer data)
{
  static const char *const no_tags[] = {
    "", "a/b", "../x", "-x", "a b", "sha256:12", "3.0.0+x", "é"
  };
  g_autoptr (GError) unknown = NULL;

  g_free (push_image (fixture, "3.0.0", "amd64", "{}"));
  g_assert_null (get_image (fixture, "3.0.1", "amd64", &unknown));
  g_assert_error (unknown, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (unknown->message, REPOSITORY ":3.0.1"));

  for (gsize i = 0; i < G_N_ELEMENTS (no_tags); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (get_image (fixture, no_tags[i], "amd64", &error));
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
    }
}

static void
test_damaged_document (Fixture *fixture, gconstpointer data)
{
  static const char config[] = "{\"config\":{\"Labels\":null}}";
  g_autofree char *digest = push_blob (fixture, config);
  g_autofree char *manifest =
      g_strdup_printf ("{\"schemaVersion\":2,\"mediaType\":\"" MANIFEST_TYPE "\",\"layers\":[],"
                       "\"config\":{\"mediaType\":\"application/"
                       "vnd.oci.image.config.v1+json\",\"digest\":\"%s\",\"size\":%zu}}",
                       digest, strlen (config));
  const char *hex = digest + strlen ("sha256:");
  g_autofree char *start = g_strndup (hex, 2);
  g_autofree char *path = g_build_filename (fixture->folder, "docker/registry/v2/blobs/sha256",
                                            start, hex, "data", NULL);
  g_autoptr (GError) error = NULL;

  g_free (push_manifest (fixture, "3.0.0", MANIFEST_TYPE, manifest));
  g_autoptr (StewardRemoteImage) sound = get_image (fixture, "3.0.0", "amd64", &error);
  g_assert_no_error (error);

  g_assert_true (g_file_set_contents (path, "{\"config\":{\"Labels\":{}}}  ", -1, NULL));
  g_assert_null (get_image (fixture, "3.0.0", "amd64", &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
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
  add ("/docker-registry/lists-tags", test_lists_tags);
  add ("/docker-registry/reads-digest-labels-and-layers", test_image);
  add ("/docker-registry/passes-over-missing-and-hostile-labels", test_labels_missing_or_hostile);
  add ("/docker-registry/picks-architecture-of-index", test_index);
  add ("/docker-registry/refuses-unknown-tag-and-what-is-none", test_unknown_tag);
  add ("/docker-registry/refuses-document-of-another-digest", test_damaged_document);
  return g_test_run ();
}
