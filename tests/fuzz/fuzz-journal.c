/* Journals of operations. Input: a line, and the file. With the line `signed`, each line of the
 * file that is a JSON object gets the sum that makes it a record: chance does not find one. */
#include "fuzz.h"

#include "core/base/json.h"
#include "core/store/journal-fold.h"
#include "core/store/journal-record.h"

#include <string.h>

#define CUTS_MAX 24

static GString *
sign_lines (FuzzInput *input)
{
  GString *content = g_string_new (NULL);

  while (input->size > 0)
    {
      g_autofree char *line = fuzz_input_take_line (input);
      g_autoptr (JsonObject) record = steward_json_parse_object (line, strlen (line), NULL);
      g_autofree char *printed = NULL;

      if (record != NULL)
        {
          json_object_remove_member (record, "sum");
          printed = steward_record_print (record);
        }
      g_string_append_printf (content, "%s\n", printed != NULL ? printed : line);
    }
  return content;
}

static StewardJournal *
parse (const char *content, gsize length)
{
  return steward_journal_parse (NULL, "20261123t220300_ab12", content, length);
}

static void
assert_sound (StewardJournal *journal)
{
  g_assert_cmpint (journal->direction, <=, STEWARD_DIRECTION_BACK);
  g_assert_cmpint (journal->state, <=, STEWARD_JOURNAL_REFUSED);
  g_assert_cmpint (journal->next_number, >=, 1);
  if (journal->state == STEWARD_JOURNAL_UNFINISHED)
    g_assert_cmpint (journal->ended_s, ==, 0);
  g_assert_true (
      steward_journal_is_over (journal)
      == (journal->state != STEWARD_JOURNAL_UNFINISHED && journal->state != STEWARD_JOURNAL_HANDS));
  g_assert_true (!journal->last_is_open || journal->last_step != NULL);
  g_assert_true (journal->plan == NULL || !journal->is_newer);
  for (guint i = 0; i < journal->steps->len; i++)
    {
      const StewardJournalStep *step = g_ptr_array_index (journal->steps, i);
      g_assert_true (step->failed == (step->text != NULL));
      for (guint j = 0; j < i; j++)
        {
          const StewardJournalStep *other = g_ptr_array_index (journal->steps, j);
          g_assert_true (other->direction != step->direction
                         || strcmp (other->step, step->step) != 0);
        }
    }
}

/* Where the last whole line of the first @length bytes ends. */
static gsize
find_line_end (const GString *content, gsize length)
{
  while (length > 0 && content->str[length - 1] != '\n')
    length--;
  return length;
}

static void
assert_same_story (StewardJournal *a, StewardJournal *b)
{
  g_assert_cmpint (a->state, ==, b->state);
  g_assert_cmpint (a->direction, ==, b->direction);
  g_assert_cmpint (a->next_number, ==, b->next_number);
  g_assert_cmpint (a->ended_s, ==, b->ended_s);
  g_assert_cmpstr (a->text, ==, b->text);
  g_assert_cmpstr (a->last_step, ==, b->last_step);
  g_assert_cmpint (a->last_is_open, ==, b->last_is_open);
  g_assert_cmpuint (a->steps->len, ==, b->steps->len);
  for (guint i = 0; i < a->steps->len; i++)
    {
      const StewardJournalStep *step_a = g_ptr_array_index (a->steps, i);
      const StewardJournalStep *step_b = g_ptr_array_index (b->steps, i);
      g_assert_cmpstr (step_a->step, ==, step_b->step);
      g_assert_cmpint (step_a->failed, ==, step_b->failed);
      g_assert_cmpint (step_a->ended_s, ==, step_b->ended_s);
      g_assert_cmpstr (step_a->text, ==, step_b->text);
    }
}

/* The steps that were begun in a part of the journal are the first ones of the whole. */
static void
assert_begins_with (StewardJournal *whole, StewardJournal *part)
{
  g_assert_nonnull (whole);
  g_assert_cmpint (whole->next_number, >=, part->next_number);
  g_assert_cmpuint (whole->steps->len, >=, part->steps->len);
  for (guint i = 0; i < part->steps->len; i++)
    {
      const StewardJournalStep *a = g_ptr_array_index (whole->steps, i);
      const StewardJournalStep *b = g_ptr_array_index (part->steps, i);
      g_assert_cmpstr (a->step, ==, b->step);
      g_assert_cmpint (a->direction, ==, b->direction);
    }
}

/* A journal that was cut off anywhere tells what its whole lines tell: a torn record neither ends
 * an operation nor a step. Cut before a line's end only, the record is whole. */
static void
assert_cut (const GString *content, StewardJournal *whole, gsize at)
{
  gsize line_end = find_line_end (content, at);
  g_autoptr (StewardJournal) part = parse (content->str, at);
  g_autoptr (StewardJournal) lines = parse (content->str, line_end);

  if (part != NULL)
    {
      assert_sound (part);
      assert_begins_with (whole, part);
    }
  if (at < content->len && content->str[at] != '\n' && part != NULL && lines != NULL
      && memchr (content->str + line_end, '\0', at - line_end) == NULL)
    assert_same_story (part, lines);
}

/* A byte that turned is noticed. */
static void
assert_rot_is_seen (const GString *content, gsize at)
{
  g_autoptr (GString) rotten = g_string_new_len (content->str, (gssize)content->len);

  rotten->str[at] ^= 0x20;
  g_autoptr (StewardJournal) journal = parse (rotten->str, rotten->len);
  if (journal == NULL)
    {
      /* It had one line, which does not end any more. */
      g_assert_cmpuint (find_line_end (rotten, rotten->len), ==, 0);
      return;
    }
  assert_sound (journal);
  g_assert_cmpuint (journal->bad_lines, >, 0);
}

/* Whatever was recorded before, an operation that goes on is not over. */
static void
assert_goes_on (const GString *content, StewardJournal *whole)
{
  g_autoptr (GString) longer = g_string_new_len (content->str, (gssize)content->len);
  g_autoptr (JsonObject) record = json_object_new ();

  json_object_set_int_member (record, "n", whole->next_number);
  json_object_set_string_member (record, "kind", "intent");
  json_object_set_string_member (record, "step", "stop-server");
  g_autofree char *line = steward_record_print (record);
  if (content->len > 0 && content->str[content->len - 1] != '\n')
    g_string_append_c (longer, '\n');
  g_string_append_printf (longer, "%s\n", line);
  g_autoptr (StewardJournal) journal = parse (longer->str, longer->len);

  assert_begins_with (journal, whole);
  g_assert_cmpint (journal->state, ==, STEWARD_JOURNAL_UNFINISHED);
  g_assert_false (steward_journal_is_over (journal));
  g_assert_cmpstr (journal->last_step, ==, "stop-server");
  g_assert_true (journal->last_is_open);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  FuzzInput input = { (const char *)data, size };
  g_autofree char *mode = fuzz_input_take_line (&input);
  gboolean is_signed = g_str_equal (mode, "signed");
  g_autoptr (GString) content =
      is_signed ? sign_lines (&input) : g_string_new_len (input.bytes, (gssize)input.size);
  g_autoptr (StewardJournal) whole = parse (content->str, content->len);

  if (whole == NULL)
    return 0;
  assert_sound (whole);
  assert_goes_on (content, whole);
  for (gsize i = 0; i < CUTS_MAX; i++)
    assert_cut (content, whole, content->len * i / CUTS_MAX);
  if (whole->bad_lines == 0)
    for (gsize i = 0; i < CUTS_MAX; i++)
      assert_rot_is_seen (content, content->len * i / CUTS_MAX);
  return 0;
}
