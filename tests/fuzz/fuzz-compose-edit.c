/* The edit of compose files. Input: a line `NEW OLD SERVICES [DIGEST]`, a compose file, and after a
 * line `%%` an env file. */
#include "fuzz.h"

#include "core/base/error.h"
#include "core/compose/compose-edit.h"
#include "core/engine/image-reference.h"

#include <string.h>

typedef struct
{
  char *new_tag;
  char *old_tag;
  GStrv services;
  char *new_digest; /* nullable */
  GBytes *compose;
  GBytes *env;
} Case;

static void
case_clear (Case *self)
{
  g_free (self->new_tag);
  g_free (self->old_tag);
  g_strfreev (self->services);
  g_free (self->new_digest);
  g_bytes_unref (self->compose);
  g_bytes_unref (self->env);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Case, case_clear)

static GPtrArray *
plan (const Case *self, GBytes *compose, GBytes *env, const char *old_tag, const char *new_tag)
{
  const StewardComposeFile files[] = { { "compose.yaml", compose, STEWARD_COMPOSE_FILE_YAML },
                                       { ".env", env, STEWARD_COMPOSE_FILE_ENV } };
  const StewardComposeEditRequest request = {
    files,   G_N_ELEMENTS (files), (const char *const *)self->services, old_tag,
    new_tag, self->new_digest
  };
  g_autoptr (GError) error = NULL;
  GPtrArray *edits = steward_compose_edit_plan (&request, &error);

  g_assert_true ((edits == NULL) == (error != NULL));
  if (error != NULL)
    {
      g_assert_true (error->domain == STEWARD_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      /* The second look never had to correct the first. */
      g_assert_cmpint (error->code, !=, STEWARD_ERROR_FAILED);
    }
  return edits;
}

static GBytes *
find_after (const GPtrArray *edits, const char *path, GBytes *before)
{
  for (guint i = 0; i < edits->len; i++)
    {
      const StewardComposeEdit *edit = edits->pdata[i];
      if (!g_str_equal (edit->path, path))
        continue;
      g_assert_true (g_bytes_equal (edit->before, before));
      g_assert_false (g_bytes_equal (edit->after, before));
      return edit->after;
    }
  return before;
}

/* Whether @text (of @length) is a part of @whole. */
static gboolean
is_part (const char *text, gsize length, const char *whole)
{
  g_autofree char *part = length > 0 ? g_strndup (text, length) : g_strdup ("");

  return strlen (part) == length && strstr (whole, part) != NULL;
}

/* Whether the bytes between the first @start and the last @end are parts of the tags. */
static gboolean
are_parts (const Case *self, GBytes *before, GBytes *after, gsize start, gsize end)
{
  gsize old_length, new_length;
  const char *old = g_bytes_get_data (before, &old_length);
  const char *new = g_bytes_get_data (after, &new_length);

  return is_part (old + start, old_length - start - end, self->old_tag)
         && is_part (new + start, new_length - start - end, self->new_tag);
}

/* One service without a digest: one run of bytes is another one, each within its tag. */
static void
assert_one_run (const Case *self, GBytes *before, GBytes *after)
{
  gsize slack = MAX (strlen (self->old_tag), strlen (self->new_tag));
  gboolean found = g_bytes_equal (before, after);
  gsize old_length, new_length, start = 0, end = 0;
  const char *old = g_bytes_get_data (before, &old_length);
  const char *new = g_bytes_get_data (after, &new_length);
  gsize shorter = MIN (old_length, new_length);

  while (!found && start < shorter && old[start] == new[start])
    start++;
  while (!found && end < shorter - start && old[old_length - end - 1] == new[new_length - end - 1])
    end++;
  /* What follows or comes before may happen to go on like the tag. */
  for (gsize i = 0; !found && i <= MIN (slack, start); i++)
    for (gsize j = 0; !found && j <= MIN (slack, end); j++)
      found = are_parts (self, before, after, start - i, end - j);
  g_assert_true (found);
}

/* The other way round, the files are what they were. */
static void
assert_reversible (const Case *self, GBytes *compose, GBytes *env)
{
  g_autoptr (GPtrArray) back = plan (self, compose, env, self->new_tag, self->old_tag);

  g_assert_nonnull (back);
  g_assert_true (g_bytes_equal (find_after (back, "compose.yaml", compose), self->compose));
  g_assert_true (g_bytes_equal (find_after (back, ".env", env), self->env));
}

static gboolean
has_byte (GBytes *bytes, char byte)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  return length > 0 && memchr (data, byte, length) != NULL;
}

static void
assert_diff (const GPtrArray *edits)
{
  g_autofree char *diff = steward_compose_edit_dup_diff (edits);

  g_assert_true (g_utf8_validate (diff, -1, NULL));
  g_assert_true ((*diff != '\0') == (edits->len > 0));
}

static void
run_case (const Case *self)
{
  g_autoptr (GPtrArray) edits = plan (self, self->compose, self->env, self->old_tag, self->new_tag);

  if (edits == NULL)
    return;
  g_assert_true (steward_tag_is_valid (self->new_tag));

  GBytes *compose = find_after (edits, "compose.yaml", self->compose);
  GBytes *env = find_after (edits, ".env", self->env);
  gboolean has_digest = has_byte (self->compose, '@') || has_byte (self->env, '@');
  assert_diff (edits);
  if (g_strv_length (self->services) == 1 && !has_digest)
    {
      g_assert_cmpuint (edits->len, <=, 1);
      assert_one_run (self, self->compose, compose);
      assert_one_run (self, self->env, env);
    }
  if (!has_digest && !has_byte (self->compose, '$'))
    assert_reversible (self, compose, env);

  /* Read again, every service has the new tag: there is nothing left to do. */
  g_autoptr (GPtrArray) again = plan (self, compose, env, self->new_tag, self->new_tag);
  g_assert_nonnull (again);
  g_assert_cmpuint (again->len, ==, 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  FuzzInput input = { (const char *)data, size };
  g_autofree char *bytes = fuzz_input_take_line (&input);
  /* The new tag is typed or read anywhere; but compose itself names services and the old tag. */
  g_autofree char *line = g_utf8_make_valid (bytes, -1);
  g_auto (GStrv) words = g_strsplit (line, " ", 4);
  FuzzInput compose = fuzz_input_take_part (&input);

  if (g_strv_length (words) < 3 || *words[2] == '\0')
    return 0;

  g_auto (Case) self = { .new_tag = g_strdup (words[0]),
                         .old_tag = g_strdup (words[1]),
                         .services = g_strsplit (words[2], ",", 4),
                         .new_digest = g_strdup (words[3]),
                         .compose = g_bytes_new (compose.bytes, compose.size),
                         .env = g_bytes_new (input.bytes, input.size) };
  run_case (&self);
  return 0;
}
