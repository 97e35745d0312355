/* Image names: what docker takes is taken apart rightly, what it refuses is refused. */
#include "core/base/error.h"
#include "core/engine/image-reference.h"

#include <string.h>

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define DIGEST "sha256:" HEX64
#define SIXTEEN "abcdefghijklmnop"
#define LONG128 SIXTEEN SIXTEEN SIXTEEN SIXTEEN SIXTEEN SIXTEEN SIXTEEN SIXTEEN

static const struct
{
  const char *text, *registry, *repository, *tag, *digest;
} VALID[] = {
  { "postgres", NULL, "postgres", NULL, NULL },
  { "postgres:16.10-alpine", NULL, "postgres", "16.10-alpine", NULL },
  { "scille/parsec-server:v3.0.0", NULL, "scille/parsec-server", "v3.0.0", NULL },
  { "ghcr.io/scille/parsec-cloud/parsec-server:3.9.3", "ghcr.io",
    "scille/parsec-cloud/parsec-server", "3.9.3", NULL },
  { "localhost/a:1", "localhost", "a", "1", NULL },
  { "localhost:5000/a", "localhost:5000", "a", NULL, NULL },
  { "127.0.0.1:5000/a/b:1", "127.0.0.1:5000", "a/b", "1", NULL },
  { "[::1]:5000/a:1", "[::1]:5000", "a", "1", NULL },
  { "Registry/a:1", "Registry", "a", "1", NULL },
  { "a__b/c--d/e.f:_", NULL, "a__b/c--d/e.f", "_", NULL },
  { "a@" DIGEST, NULL, "a", NULL, DIGEST },
  { "r.io/a:3.0.0@" DIGEST, "r.io", "a", "3.0.0", DIGEST },
  { "a:" LONG128, NULL, "a", LONG128, NULL },
  { "r.io/" HEX64, "r.io", HEX64, NULL, NULL },
};

static const char *const INVALID[] = {
  "",
  ":",
  "a:",
  ":1",
  "/a",
  "a/",
  "a//b",
  "A",
  "a/B:1",
  "localhost/B",
  "a b",
  "a:1 ",
  " a:1",
  "a:1\n",
  "a:.1",
  "a:-1",
  "a:1+dev",
  "a:" LONG128 "x",
  "a:é",
  "é:1",
  "a:\xff",
  "a_",
  "-a",
  "a..b",
  "a___b",
  "r.io:/a",
  "r.io:x/a",
  "-r.io/a",
  "r..io/a",
  "[::1/a",
  "http://r.io/a:1",
  "a@" HEX64,
  "a@sha256:12",
  "a@sha256:" HEX64 "0",
  "a@sha512:" HEX64,
  "a@" DIGEST "@" DIGEST,
  "a:1:2",
  "$V",
  "a:${V}",
  "a:$(id)",
  HEX64,
  LONG128 "/" LONG128,
};

static void
test_takes_apart_and_formats (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (VALID); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (StewardImageReference) image =
          steward_image_reference_parse (VALID[i].text, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (image->registry, ==, VALID[i].registry);
      g_assert_cmpstr (image->repository, ==, VALID[i].repository);
      g_assert_cmpstr (image->tag, ==, VALID[i].tag);
      g_assert_cmpstr (image->digest, ==, VALID[i].digest);
      g_autofree char *text = steward_image_reference_format (image);
      g_assert_cmpstr (text, ==, VALID[i].text);
    }
}

static void
test_refuses_what_docker_refuses (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (INVALID); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (StewardImageReference) image = steward_image_reference_parse (INVALID[i], &error);

      g_test_message ("“%s”", INVALID[i]);
      g_assert_null (image);
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static void
test_another_tag_drops_the_digest (void)
{
  g_autoptr (StewardImageReference) old =
      steward_image_reference_parse ("r.io:5000/a/b:3.0.0@" DIGEST, NULL);
  g_autoptr (StewardImageReference) new = steward_image_reference_dup_with_tag (old, "v3.1.0");
  g_autofree char *text = steward_image_reference_format (new);

  g_assert_cmpstr (text, ==, "r.io:5000/a/b:v3.1.0");
  g_assert_cmpstr (old->tag, ==, "3.0.0");
}

static void
assert_same_repository (const char *a, const char *b, gboolean expected)
{
  g_autoptr (StewardImageReference) image_a = steward_image_reference_parse (a, NULL);
  g_autoptr (StewardImageReference) image_b = steward_image_reference_parse (b, NULL);

  g_assert_cmpint (steward_image_reference_same_repository (image_a, image_b), ==, expected);
}

static void
test_docker_hub_has_several_spellings (void)
{
  g_autoptr (StewardImageReference) image = steward_image_reference_parse ("postgres:16", NULL);
  g_autofree char *path = steward_image_reference_dup_path (image);

  g_assert_cmpstr (steward_image_reference_get_registry (image), ==, "docker.io");
  g_assert_cmpstr (path, ==, "library/postgres");
  assert_same_repository ("postgres:16", "docker.io/library/postgres:14", TRUE);
  assert_same_repository ("a/b", "index.docker.io/a/b:1", TRUE);
  assert_same_repository ("r.io/a", "r.io/library/a", FALSE);
  assert_same_repository ("r.io/a", "s.io/a", FALSE);
}

static void
test_base_name_is_the_last_component (void)
{
  g_autoptr (StewardImageReference) image =
      steward_image_reference_parse ("localhost:5000/x/parsec-server", NULL);

  g_assert_cmpstr (steward_image_reference_get_base_name (image), ==, "parsec-server");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image-reference/takes-apart-and-formats", test_takes_apart_and_formats);
  g_test_add_func ("/image-reference/refuses-what-docker-refuses",
                   test_refuses_what_docker_refuses);
  g_test_add_func ("/image-reference/another-tag-drops-the-digest",
                   test_another_tag_drops_the_digest);
  g_test_add_func ("/image-reference/docker-hub-has-several-spellings",
                   test_docker_hub_has_several_spellings);
  g_test_add_func ("/image-reference/base-name-is-the-last-component",
                   test_base_name_is_the_last_component);
  return g_test_run ();
}
