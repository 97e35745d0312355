/* Image references. Input: one name. */
#include "fuzz.h"

#include "core/base/error.h"
#include "core/engine/image-reference.h"

#include <string.h>

static void
assert_same (const StewardImageReference *a, const StewardImageReference *b)
{
  g_assert_cmpstr (a->registry, ==, b->registry);
  g_assert_cmpstr (a->repository, ==, b->repository);
  g_assert_cmpstr (a->tag, ==, b->tag);
  g_assert_cmpstr (a->digest, ==, b->digest);
}

/* Asserts that its spelling is read as the same reference. */
static void
assert_round_trip (const StewardImageReference *image)
{
  g_autofree char *text = steward_image_reference_format (image);
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardImageReference) again = steward_image_reference_parse (text, &error);

  g_assert_no_error (error);
  assert_same (image, again);
}

static void
assert_parts (const StewardImageReference *image)
{
  g_autofree char *path = steward_image_reference_dup_path (image);
  const char *base_name = steward_image_reference_get_base_name (image);

  g_assert_cmpstr (image->repository, !=, "");
  g_assert_true (image->tag == NULL || steward_tag_is_valid (image->tag));
  g_assert_true (image->digest == NULL || steward_digest_is_valid (image->digest));
  g_assert_cmpstr (steward_image_reference_get_registry (image), !=, "");
  g_assert_true (g_str_has_suffix (path, image->repository));
  g_assert_true (g_str_has_suffix (image->repository, base_name));
  g_assert_null (strchr (base_name, '/'));
}

static void
assert_with_tag (const StewardImageReference *image)
{
  g_autoptr (StewardImageReference) other =
      steward_image_reference_dup_with_tag (image, "3.1.0-rc.1");

  g_assert_cmpstr (other->tag, ==, "3.1.0-rc.1");
  g_assert_null (other->digest);
  g_assert_true (steward_image_reference_same_repository (image, other));
  assert_round_trip (other);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *)data : "", size);
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardImageReference) image = steward_image_reference_parse (text, &error);

  if (image == NULL)
    {
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }

  g_autofree char *printed = steward_image_reference_format (image);
  g_autoptr (StewardImageReference) copy = steward_image_reference_copy (image);
  g_assert_no_error (error);
  g_assert_cmpstr (printed, ==, text);
  assert_same (image, copy);
  assert_parts (image);
  assert_round_trip (image);
  assert_with_tag (image);
  return 0;
}
