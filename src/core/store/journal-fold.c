/* Reading a journal: which lines are whole records, whether any are missing, and what they add up
 * to. */
#include "core/store/journal-fold.h"

#include <string.h>

#include "core/store/journal-record.h"
#include "core/store/member.h"
#include "core/store/timestamp.h"

static const char *const direction_names[] = { "forward", "back" };
static const char *const state_names[] = { "unfinished", "done", "back", "hands", "refused" };
static const char *const kind_names[] = { "intent", "done", "failed", "direction", "note", "end" };

const char *
steward_direction_get_name (StewardDirection direction)
{
  return direction_names[direction];
}

const char *
steward_journal_state_get_name (StewardJournalState state)
{
  return state_names[state];
}

const char *
steward_record_kind_get_name (StewardRecordKind kind)
{
  return kind_names[kind];
}

/* @fallback: for names that are missing or unknown */
static guint
find_name (const char *const *names, guint count, const char *name, guint fallback)
{
  for (guint i = 0; i < count; i++)
    if (g_strcmp0 (names[i], name) == 0)
      return i;
  return fallback;
}

static void
step_free (StewardJournalStep *step)
{
  g_free (step->step);
  g_free (step->text);
  g_free (step);
}

StewardJournal *
steward_journal_new (StewardStore *store, const char *id)
{
  StewardJournal *journal = g_new0 (StewardJournal, 1);

  journal->id = g_strdup (id);
  journal->store = store;
  journal->steps = g_ptr_array_new_with_free_func ((GDestroyNotify)step_free);
  journal->facts =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_object_unref);
  journal->next_number = 1;
  return journal;
}

void
steward_journal_free (StewardJournal *journal)
{
  g_free (journal->id);
  g_free (journal->operation);
  g_clear_pointer (&journal->plan, json_object_unref);
  g_free (journal->last_step);
  g_ptr_array_unref (journal->steps);
  g_free (journal->text);
  g_hash_table_unref (journal->facts);
  g_free (journal->held);
  g_free (journal);
}

/* The step in the direction the operation goes now; made if need be. */
static StewardJournalStep *
ensure_step (StewardJournal *journal, const char *name)
{
  for (guint i = 0; i < journal->steps->len; i++)
    {
      StewardJournalStep *step = g_ptr_array_index (journal->steps, i);
      if (step->direction == journal->direction && strcmp (step->step, name) == 0)
        return step;
    }

  StewardJournalStep *step = g_new0 (StewardJournalStep, 1);
  step->step = g_strdup (name);
  step->direction = journal->direction;
  g_ptr_array_add (journal->steps, step);
  return step;
}

static void
merge_facts (StewardJournal *journal, const char *step, JsonObject *data)
{
  JsonObject *facts = g_hash_table_lookup (journal->facts, step);
  JsonObjectIter iter;
  const char *name = NULL;
  JsonNode *node = NULL;

  if (data == NULL)
    return;
  if (facts == NULL)
    {
      facts = json_object_new ();
      g_hash_table_insert (journal->facts, g_strdup (step), facts);
    }
  json_object_iter_init (&iter, data);
  while (json_object_iter_next (&iter, &name, &node))
    json_object_set_member (facts, name, json_node_copy (node));
}

static void
fold_plan (StewardJournal *journal, JsonObject *record, gint64 at_s)
{
  JsonObject *plan = steward_member_get_object (record, "data");
  gint64 version = 0;

  journal->began_s = at_s;
  g_free (journal->operation);
  journal->operation = g_strdup (steward_member_get_text (record, "operation"));
  steward_member_get_number (record, "version", &version);
  journal->is_newer = version > STEWARD_PLAN_VERSION;
  if (plan != NULL && !journal->is_newer && journal->plan == NULL)
    journal->plan = json_object_ref (plan);
}

static void
fold_intent (StewardJournal *journal, const char *name, gint64 at_s)
{
  StewardJournalStep *step = ensure_step (journal, name);

  step->started_s = at_s;
  step->ended_s = 0;
  step->failed = FALSE;
  g_clear_pointer (&step->text, g_free);
  g_free (journal->last_step);
  journal->last_step = g_strdup (name);
  journal->last_is_open = TRUE;
}

static void
fold_result (StewardJournal *journal, const char *name, gint64 at_s, const char *failure)
{
  StewardJournalStep *step = ensure_step (journal, name);

  step->ended_s = at_s;
  step->failed = failure != NULL;
  g_free (step->text);
  step->text = g_strdup (failure);
  if (g_strcmp0 (journal->last_step, name) == 0)
    journal->last_is_open = FALSE;
}

static void
fold_end (StewardJournal *journal, JsonObject *record, gint64 at_s)
{
  journal->state = find_name (state_names, G_N_ELEMENTS (state_names),
                              steward_member_get_text (record, "state"), STEWARD_JOURNAL_HANDS);
  journal->ended_s = at_s;
  g_free (journal->text);
  journal->text = g_strdup (steward_member_get_text (record, "text"));
}

/* Whatever is recorded after an end goes on with the operation. */
static void
reopen (StewardJournal *journal)
{
  journal->state = STEWARD_JOURNAL_UNFINISHED;
  journal->ended_s = 0;
  g_clear_pointer (&journal->text, g_free);
}

static void
fold_kind (StewardJournal *journal, StewardRecordKind kind, JsonObject *record, gint64 at_s)
{
  const char *step = steward_member_get_text (record, "step");
  const char *text = steward_member_get_text (record, "text");

  if (kind == STEWARD_RECORD_END)
    {
      fold_end (journal, record, at_s);
      return;
    }
  if (kind != STEWARD_RECORD_NOTE)
    reopen (journal);
  if (step == NULL)
    return;
  if (kind == STEWARD_RECORD_INTENT)
    fold_intent (journal, step, at_s);
  else if (kind == STEWARD_RECORD_DONE)
    fold_result (journal, step, at_s, NULL);
  else if (kind == STEWARD_RECORD_FAILED)
    fold_result (journal, step, at_s, text != NULL ? text : "");
  if (kind != STEWARD_RECORD_FAILED)
    merge_facts (journal, step, steward_member_get_object (record, "data"));
}

void
steward_journal_fold (StewardJournal *journal, JsonObject *record)
{
  const char *name = steward_member_get_text (record, "kind");
  guint kind = find_name (kind_names, G_N_ELEMENTS (kind_names), name, G_MAXUINT);
  gint64 at_s = 0;
  gint64 number = 0;

  steward_timestamp_parse (steward_member_get_text (record, "at"), &at_s);
  if (steward_member_get_number (record, "n", &number) && number < G_MAXINT64)
    journal->next_number = MAX (journal->next_number, number + 1);
  journal->direction =
      find_name (direction_names, G_N_ELEMENTS (direction_names),
                 steward_member_get_text (record, "direction"), journal->direction);
  if (g_strcmp0 (name, "plan") == 0)
    fold_plan (journal, record, at_s);
  else if (kind != G_MAXUINT)
    fold_kind (journal, kind, record, at_s);
}

/* A file that lost its end with the power may hold zeros there; what was appended after them is
 * whole. */
static JsonObject *
parse_line (StewardJournal *journal, const char *line, gsize length)
{
  gsize zeros = 0;

  while (zeros < length && line[zeros] == '\0')
    zeros++;
  if (zeros > 0)
    journal->bad_lines++;
  if (zeros == length)
    return NULL;

  JsonObject *record = steward_record_parse (line + zeros, length - zeros);
  if (record == NULL)
    journal->bad_lines++;
  return record;
}

StewardJournal *
steward_journal_parse (StewardStore *store, const char *id, const char *content, gsize length)
{
  g_autoptr (StewardJournal) journal = steward_journal_new (store, id);
  const char *end = content + length;
  gboolean has_begun = FALSE, last_is_rotten = FALSE;

  for (const char *line = content, *next; line < end; line = next)
    {
      const char *newline = memchr (line, '\n', end - line);
      const char *line_end = newline != NULL ? newline : end;
      g_autoptr (JsonObject) record = parse_line (journal, line, line_end - line);
      gint64 number = 0;

      next = line_end + 1;
      last_is_rotten = record == NULL && newline != NULL;
      /* The first record has its line end before the operation goes on: whoever wrote one has. */
      has_begun |= record != NULL || newline != NULL;
      if (record == NULL)
        continue;
      if (!steward_member_get_number (record, "n", &number) || number > journal->next_number)
        journal->is_damaged = TRUE;
      steward_journal_fold (journal, record);
    }

  if (!has_begun)
    return NULL;
  if (last_is_rotten || (journal->plan == NULL && !journal->is_newer))
    journal->is_damaged = TRUE;
  return g_steal_pointer (&journal);
}
