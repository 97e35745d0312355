/* Answers of a registry and of its token server. Input: a line that says which part is to be read,
 * and that part: `tags`, `index`, `manifest`, `config`, `link`, `challenge` or `token`. */
#include "fuzz.h"

#include "core/base/json.h"
#include "core/engine/image-reference.h"
#include "core/registry/answers.h"
#include "core/registry/challenge.h"
#include "core/registry/targets.h"

#include <string.h>

#define RUNNING_TAG "v3.0.0"
#define LABEL_BYTES_MAX 256

/* Versions among the tags, the newest first, each once. */
static void
assert_targets (const char *const *tags, StewardTargetFlags flags)
{
  g_autoptr (GPtrArray) targets = steward_registry_select_targets (tags, RUNNING_TAG, flags);
  g_autoptr (StewardVersion) running = steward_version_parse (RUNNING_TAG);

  for (guint i = 0; i < targets->len; i++)
    {
      const StewardVersion *version = g_ptr_array_index (targets, i);
      g_assert_true (g_strv_contains (tags, steward_version_get_tag (version)));
      if (!(flags & STEWARD_TARGET_OLDER))
        g_assert_cmpint (steward_version_compare (version, running), >=, 0);
      if (i == 0)
        continue;
      const StewardVersion *newer = g_ptr_array_index (targets, i - 1);
      g_assert_cmpint (steward_version_compare (newer, version), >=, 0);
      g_assert_cmpstr (steward_version_get_name (newer), !=, steward_version_get_name (version));
    }
}

static void
read_tags (JsonObject *page)
{
  g_autoptr (GPtrArray) tags = g_ptr_array_new_with_free_func (g_free);

  if (!steward_answer_add_tags (page, tags))
    {
      g_assert_cmpuint (tags->len, ==, 0);
      return;
    }
  for (guint i = 0; i < tags->len; i++)
    g_assert_true (steward_tag_is_valid (g_ptr_array_index (tags, i)));

  guint n_tags = tags->len;
  g_assert_true (steward_answer_add_tags (page, tags));
  g_assert_cmpuint (tags->len, ==, 2 * n_tags);
  g_ptr_array_add (tags, NULL);
  assert_targets ((const char *const *)tags->pdata, STEWARD_TARGET_DEFAULT);
  assert_targets ((const char *const *)tags->pdata,
                  STEWARD_TARGET_OLDER | STEWARD_TARGET_PRERELEASES);
}

static void
read_index (JsonObject *index)
{
  JsonArray *manifests = steward_json_get_array (index, "manifests");
  const char *digest = manifests != NULL ? steward_answer_find_platform (manifests, "amd64") : NULL;
  gboolean is_there = FALSE;

  if (digest == NULL)
    return;
  g_assert_true (steward_digest_is_valid (digest));
  for (guint i = 0; i < json_array_get_length (manifests); i++)
    {
      JsonObject *entry = steward_json_get_element_object (manifests, i);
      is_there |= g_strcmp0 (steward_json_get_string (entry, "digest"), digest) == 0;
    }
  g_assert_true (is_there);
}

static void
read_manifest (JsonObject *manifest)
{
  g_autoptr (StewardRemoteImage) image = steward_remote_image_new ();
  JsonArray *layers = steward_json_get_array (manifest, "layers");

  if (!steward_answer_add_layers (image, manifest))
    return;
  g_assert_cmpuint (image->layers->len, ==, json_array_get_length (layers));
  for (guint i = 0; i < image->layers->len; i++)
    {
      const StewardLayer *layer = g_ptr_array_index (image->layers, i);
      g_assert_true (steward_digest_is_valid (layer->digest));
      g_assert_cmpuint (layer->size_bytes, <=, G_MAXINT64);
    }
}

static void
assert_label (const char *label)
{
  if (label == NULL)
    return;
  g_assert_cmpuint (strlen (label), >, 0);
  g_assert_cmpuint (strlen (label), <=, LABEL_BYTES_MAX);
  fuzz_assert_clean_text (label);
  g_assert_null (strchr (label, '\n'));
}

static void
read_config (JsonObject *config)
{
  g_autoptr (StewardRemoteImage) image = steward_remote_image_new ();

  steward_answer_set_labels (image, config);
  assert_label (image->version);
  assert_label (image->revision);
  assert_label (image->created);
}

/* What is followed stands in the header, whole. */
static void
read_link (const char *header)
{
  g_autofree char *link = steward_answer_dup_next_link (header);
  g_autofree char *quoted = link != NULL ? g_strconcat ("<", link, ">", NULL) : NULL;

  if (link == NULL)
    return;
  g_assert_nonnull (strstr (header, quoted));
  g_assert_null (strchr (link, '>'));
}

static char *
dup_quoted (const char *text)
{
  g_autoptr (GString) quoted = g_string_new ("\"");

  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '"' || *c == '\\')
        g_string_append_c (quoted, '\\');
      g_string_append_c (quoted, *c);
    }
  g_string_append_c (quoted, '"');
  return g_strdup (quoted->str);
}

static void
append_param (GString *header, const char *name, const char *value)
{
  g_autofree char *quoted = value != NULL ? dup_quoted (value) : NULL;

  if (value != NULL)
    g_string_append_printf (header, ", %s=%s", name, quoted);
}

/* Read, written down and read again, a challenge is the same. */
static void
read_challenge (const char *header)
{
  g_autoptr (StewardChallenge) challenge = steward_challenge_parse (header);

  if (challenge == NULL || challenge->realm == NULL)
    {
      g_assert_true (challenge == NULL || (challenge->service == NULL && challenge->scope == NULL));
      return;
    }

  g_autofree char *realm = dup_quoted (challenge->realm);
  g_autoptr (GString) written = g_string_new ("Bearer realm=");
  g_string_append (written, realm);
  append_param (written, "service", challenge->service);
  append_param (written, "scope", challenge->scope);
  g_autoptr (StewardChallenge) again = steward_challenge_parse (written->str);
  g_assert_nonnull (again);
  g_assert_cmpstr (again->realm, ==, challenge->realm);
  g_assert_cmpstr (again->service, ==, challenge->service);
  g_assert_cmpstr (again->scope, ==, challenge->scope);
}

/* It goes into a header: nothing may end that. */
static void
read_token (const FuzzInput *input)
{
  g_autofree char *token = steward_token_parse (input->bytes, input->size);

  if (token == NULL)
    return;
  g_assert_cmpuint (strlen (token), >, 0);
  for (const char *c = token; *c != '\0'; c++)
    g_assert_true (g_ascii_isgraph (*c) && strchr ("\",;:<>@[]{}()\\?", *c) == NULL);
}

static void
read_document (const char *part, const FuzzInput *input)
{
  g_autoptr (JsonObject) object = steward_json_parse_object (input->bytes, input->size, NULL);

  if (object == NULL)
    return;
  if (g_str_equal (part, "tags"))
    read_tags (object);
  else if (g_str_equal (part, "index"))
    read_index (object);
  else if (g_str_equal (part, "manifest"))
    read_manifest (object);
  else if (g_str_equal (part, "config"))
    read_config (object);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  FuzzInput input = { (const char *)data, size };
  g_autofree char *part = fuzz_input_take_line (&input);
  g_autofree char *header = g_strndup (input.bytes, input.size);

  if (g_str_equal (part, "link"))
    read_link (header);
  else if (g_str_equal (part, "challenge"))
    read_challenge (header);
  else if (g_str_equal (part, "token"))
    read_token (&input);
  else
    read_document (part, &input);
  return 0;
}
