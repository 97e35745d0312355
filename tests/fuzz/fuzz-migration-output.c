/* What `migrate` prints. Input: the output of a dry run, a line `%%`, and the output of the run. */
#include "fuzz.h"

#include "core/base/error.h"
#include "core/probe/migration-output.h"

#include <string.h>

/* The bound that the header calls a few KiB. */
#define TEXT_BYTES_MAX (32 * 1024)
#define END "\n0042_end.sql ✔\n"

static StewardMigrationOutput *
parse (const FuzzInput *text)
{
  return steward_migration_output_parse (text->bytes, text->size);
}

static void
assert_migration (const StewardMigration *migration)
{
  g_autofree char *rest = g_strdup_printf ("_%s.sql", migration->name);

  fuzz_assert_clean_text (migration->file);
  g_assert_cmpstr (migration->name, !=, "");
  g_assert_true (g_str_has_suffix (migration->file, rest));
  g_assert_cmpuint (strtoul (migration->file, NULL, 10), ==, migration->id);
  g_assert_true ((migration->message != NULL) == (migration->state == STEWARD_MIGRATION_FAILED));
  if (migration->message == NULL)
    return;
  fuzz_assert_clean_text (migration->message);
  g_assert_cmpuint (strlen (migration->message), <=, TEXT_BYTES_MAX);
}

static void
assert_output (const StewardMigrationOutput *output)
{
  g_autoptr (GError) error = NULL;
  gboolean is_whole = steward_migration_output_check (output, &error);

  g_assert_true (is_whole == (error == NULL));
  g_assert_true (!is_whole || (output->head == STEWARD_MIGRATION_HEAD_OK && !output->torn));
  for (guint i = 0; i < output->migrations->len; i++)
    {
      const StewardMigration *migration = g_ptr_array_index (output->migrations, i);
      assert_migration (migration);
      g_assert_true (!is_whole || migration->id == i + 1);
    }
  if (output->error != NULL)
    fuzz_assert_clean_text (output->error);
}

/* Asserts that @longer begins with the migrations of @shorter; of the last one, a message may go
 * on. */
static void
assert_begins_with (const StewardMigrationOutput *longer, const StewardMigrationOutput *shorter)
{
  g_assert_cmpuint (longer->migrations->len, >=, shorter->migrations->len);
  for (guint i = 0; i < shorter->migrations->len; i++)
    {
      const StewardMigration *a = g_ptr_array_index (longer->migrations, i);
      const StewardMigration *b = g_ptr_array_index (shorter->migrations, i);
      g_assert_cmpstr (a->file, ==, b->file);
      g_assert_cmpint (a->state, ==, b->state);
    }
}

/* Whatever came before, a whole line that follows is understood. */
static void
assert_end_is_seen (const FuzzInput *text, const StewardMigrationOutput *output)
{
  g_autoptr (GString) bytes = g_string_new_len (text->bytes, (gssize)text->size);

  g_string_append (bytes, END);
  g_autoptr (StewardMigrationOutput) longer =
      steward_migration_output_parse (bytes->str, bytes->len);
  assert_begins_with (longer, output);
  g_assert_cmpuint (longer->migrations->len, ==, output->migrations->len + 1);
  const StewardMigration *last = g_ptr_array_index (longer->migrations, output->migrations->len);
  g_assert_cmpstr (last->file, ==, "0042_end.sql");
  g_assert_cmpint (last->state, ==, STEWARD_MIGRATION_DONE);
  g_assert_false (longer->torn);
}

/* What was cut off at the end of any line says nothing that the whole does not say. */
static void
assert_prefixes (const FuzzInput *text, const StewardMigrationOutput *output)
{
  guint n_cuts = 0;

  for (gsize at = 0; at < text->size && n_cuts < 16; at++)
    {
      if (text->bytes[at] != '\n' && text->bytes[at] != '\r')
        continue;
      g_autoptr (StewardMigrationOutput) shorter =
          steward_migration_output_parse (text->bytes, at + 1);
      assert_begins_with (output, shorter);
      g_assert_false (shorter->torn);
      n_cuts++;
    }
}

/* Rows of the table: what @output says was there, or is there after the run. */
static GArray *
dup_rows (const StewardMigrationOutput *output, StewardMigrationState last)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (StewardMigrationRow));

  for (guint i = 0; i < output->migrations->len; i++)
    {
      const StewardMigration *migration = g_ptr_array_index (output->migrations, i);
      const StewardMigrationRow row = { migration->id, migration->name };
      if (migration->state <= last)
        g_array_append_val (rows, row);
    }
  return rows;
}

static gboolean
reports (const StewardMigrationOutput *run, const char *file)
{
  for (guint i = 0; i < run->migrations->len; i++)
    {
      const StewardMigration *migration = g_ptr_array_index (run->migrations, i);
      if (migration->state == STEWARD_MIGRATION_DONE && strcmp (migration->file, file) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
assert_verdict (const StewardMigrationOutput *announced, const StewardMigrationOutput *run)
{
  g_autoptr (GArray) before = dup_rows (announced, STEWARD_MIGRATION_APPLIED);
  g_autoptr (GArray) after = dup_rows (run, STEWARD_MIGRATION_DONE);
  g_autoptr (GPtrArray) pending = steward_migration_output_dup_pending (announced);
  StewardMigrationEvidence evidence = {
    .announced = announced,
    .run = run,
    .before = (const StewardMigrationRow *)before->data,
    .n_before = before->len,
    .after = (const StewardMigrationRow *)after->data,
    .n_after = after->len,
  };
  g_autoptr (GError) error = NULL;
  gboolean is_good = steward_migration_verdict (&evidence, &error);

  g_assert_true (is_good || g_error_matches (error, STEWARD_ERROR, STEWARD_ERROR_FAILED));
  g_assert_true (is_good || g_utf8_validate (error->message, -1, NULL));
  if (!is_good)
    return;

  g_assert_cmpint (run->head, ==, STEWARD_MIGRATION_HEAD_OK);
  for (guint i = 0; i < pending->len; i++)
    g_assert_true (reports (run, ((StewardMigration *)g_ptr_array_index (pending, i))->file));
  /* A table that stayed as it was belies the run. */
  evidence.after = evidence.before;
  evidence.n_after = evidence.n_before;
  g_assert_true (steward_migration_verdict (&evidence, NULL) == (pending->len == 0));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  FuzzInput input = { (const char *)data, size };
  FuzzInput first = fuzz_input_take_part (&input);
  g_autoptr (StewardMigrationOutput) announced = parse (&first);
  g_autoptr (StewardMigrationOutput) run = parse (&input);

  assert_output (announced);
  assert_output (run);
  assert_end_is_seen (&first, announced);
  assert_prefixes (&first, announced);
  assert_verdict (announced, run);
  return 0;
}
