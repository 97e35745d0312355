/* Journals: what they add up to, and what is left of them after accidents. */
#include "core/store/journal.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "core/host/local-host.h"
#include "place.h"

#define ID "20261123t220300_ab12"
#define LATER_ID "20261124t000000_0000"

static JsonObject *
make_data (const char *name, const char *value)
{
  JsonObject *data = json_object_new ();

  json_object_set_string_member (data, name, value);
  return data;
}

static StewardJournal *
create (StewardStore *store, const char *id)
{
  g_autoptr (JsonObject) plan = make_data ("target", "3.1.0");
  g_autoptr (GError) error = NULL;
  StewardJournal *journal = steward_journal_create (store, id, "upgrade", plan, NULL, NULL, &error);

  g_assert_no_error (error);
  return journal;
}

static void
append (StewardJournal *journal, const StewardRecord *record)
{
  g_autoptr (GError) error = NULL;

  steward_journal_append (journal, record, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
append_step (StewardJournal *journal, StewardRecordKind kind, const char *step)
{
  StewardRecord record = { .kind = kind, .step = step };

  append (journal, &record);
}

static void
append_end (StewardJournal *journal, StewardJournalState state)
{
  StewardRecord record = { .kind = STEWARD_RECORD_END, .state = state, .text = "so it ended" };

  append (journal, &record);
}

static StewardJournal *
load (Place *place)
{
  g_autoptr (GError) error = NULL;
  StewardJournal *journal = steward_journal_load (place->store, ID, NULL, &error);

  g_assert_no_error (error);
  return journal;
}

/* A journal of a plan and two intents, as text. */
static char *
make_text (Place *place, char **path)
{
  g_autoptr (StewardJournal) journal = create (place->store, ID);

  append_step (journal, STEWARD_RECORD_INTENT, "dump");
  append_step (journal, STEWARD_RECORD_INTENT, "stop");
  *path = steward_store_dup_journal_path (place->store, ID);
  return place_read (*path);
}

static void
test_plan_is_read_back (Place *place, gconstpointer data)
{
  g_autoptr (StewardJournal) written = create (place->store, ID);
  g_autoptr (StewardJournal) journal = load (place);

  g_assert_cmpstr (journal->operation, ==, "upgrade");
  g_assert_cmpstr (json_object_get_string_member (journal->plan, "target"), ==, "3.1.0");
  g_assert_cmpint (journal->state, ==, STEWARD_JOURNAL_UNFINISHED);
  g_assert_cmpint (journal->direction, ==, STEWARD_DIRECTION_FORWARD);
  g_assert_cmpint (journal->began_s, >, 0);
  g_assert_false (journal->is_damaged);
}

static void
test_later_is_written_with_the_next (Place *place, gconstpointer data)
{
  g_autoptr (StewardJournal) written = create (place->store, ID);
  StewardRecord done = { .kind = STEWARD_RECORD_DONE, .step = "dump" };

  append_step (written, STEWARD_RECORD_INTENT, "dump");
  g_assert_true (steward_journal_append_later (written, &done, NULL, NULL));
  g_assert_false (written->last_is_open);
  g_autoptr (StewardJournal) before = load (place);
  g_assert_true (before->last_is_open);

  append_step (written, STEWARD_RECORD_INTENT, "stop");
  g_autoptr (StewardJournal) after = load (place);
  g_assert_false (after->is_damaged);
  g_assert_cmpstr (after->last_step, ==, "stop");
  g_assert_cmpint (((StewardJournalStep *)after->steps->pdata[0])->ended_s, >, 0);
}

static void
test_private_file_with_space_set_aside (Place *place, gconstpointer data)
{
  g_autoptr (StewardJournal) journal = create (place->store, ID);
  g_autofree char *path = steward_store_dup_journal_path (place->store, ID);
  g_autofree char *mode = place_run (place, "stat -c %a \"$1\"", path);
  g_autofree char *before = place_run (place, "stat -c %b \"$1\"", path);

  g_assert_cmpstr (mode, ==, "600");
  append_end (journal, STEWARD_JOURNAL_DONE);
  g_autofree char *after = place_run (place, "stat -c %b \"$1\"", path);
  g_assert_cmpint (g_ascii_strtoll (before, NULL, 10) * 512, >=, STEWARD_JOURNAL_RESERVED_BYTES);
  g_assert_cmpint (g_ascii_strtoll (after, NULL, 10) * 512, <, STEWARD_JOURNAL_RESERVED_BYTES);
}

static void
test_steps_and_facts_add_up (Place *place, gconstpointer data)
{
  g_autoptr (StewardJournal) written = create (place->store, ID);
  g_autoptr (JsonObject) before = make_data ("oid", "1");
  g_autoptr (JsonObject) after = make_data ("hash", "abc");
  StewardRecord intent = { .kind = STEWARD_RECORD_INTENT, .step = "dump", .data = before };
  StewardRecord done = { .kind = STEWARD_RECORD_DONE, .step = "dump", .data = after };
  StewardRecord failed = { .kind = STEWARD_RECORD_FAILED, .step = "stop", .text = "no answer" };

  append (written, &intent);
  append (written, &done);
  append_step (written, STEWARD_RECORD_INTENT, "stop");
  append (written, &failed);
  g_autoptr (StewardJournal) journal = load (place);
  JsonObject *facts = steward_journal_get_facts (journal, "dump");
  g_assert_cmpstr (json_object_get_string_member (facts, "oid"), ==, "1");
  g_assert_cmpstr (json_object_get_string_member (facts, "hash"), ==, "abc");
  g_assert_null (steward_journal_get_facts (journal, "stop"));
  g_assert_cmpuint (journal->steps->len, ==, 2);
  StewardJournalStep *stop = g_ptr_array_index (journal->steps, 1);
  g_assert_true (stop->failed);
  g_assert_cmpstr (stop->text, ==, "no answer");
  g_assert_cmpint (stop->ended_s, >=, stop->started_s);
  g_assert_cmpstr (journal->last_step, ==, "stop");
  g_assert_false (journal->last_is_open);
}

static void
test_direction_is_kept (Place *place, gconstpointer data)
{
  g_autoptr (StewardJournal) written = create (place->store, ID);
  StewardRecord turn = { .kind = STEWARD_RECORD_DIRECTION, .direction = STEWARD_DIRECTION_BACK };

  append_step (written, STEWARD_RECORD_INTENT, "stop");
  append (written, &turn);
  append_step (written, STEWARD_RECORD_INTENT, "stop");
  g_autoptr (StewardJournal) journal = load (place);
  g_assert_cmpint (journal->direction, ==, STEWARD_DIRECTION_BACK);
  g_assert_cmpuint (journal->steps->len, ==, 2);
  g_assert_true (journal->last_is_open);
}

static void
test_ends_are_told_apart (Place *place, gconstpointer data)
{
  for (StewardJournalState state = STEWARD_JOURNAL_DONE; state <= STEWARD_JOURNAL_HANDS; state++)
    {
      g_autofree char *id = steward_store_make_id (place->store, NULL, NULL);
      g_autoptr (StewardJournal) written = create (place->store, id);
      append_end (written, state);
      g_autoptr (StewardJournal) journal = steward_journal_load (place->store, id, NULL, NULL);
      g_assert_cmpint (journal->state, ==, state);
      g_assert_cmpstr (journal->text, ==, "so it ended");
      g_assert_cmpint (journal->ended_s, >, 0);
    }
}

static void
test_hands_can_be_gone_on_with (Place *place, gconstpointer data)
{
  g_autoptr (StewardJournal) written = create (place->store, ID);
  g_autoptr (StewardJournal) journal = NULL;

  append_end (written, STEWARD_JOURNAL_HANDS);
  g_assert_true (steward_journal_find_unfinished (place->store, &journal, NULL, NULL));
  g_assert_nonnull (journal);
  append_step (journal, STEWARD_RECORD_INTENT, "stop");
  g_assert_cmpint (journal->state, ==, STEWARD_JOURNAL_UNFINISHED);
  g_assert_cmpint (journal->ended_s, ==, 0);
}

static void
test_every_torn_end_is_tolerated (Place *place, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *text = make_text (place, &path);
  gsize whole = strlen (text);
  gsize start = whole - 1;

  while (text[start - 1] != '\n')
    start--;
  for (gsize length = start + 1; length + 1 < whole; length += 7)
    {
      place_write (path, text, length);
      g_autoptr (StewardJournal) journal = load (place);
      g_assert_false (journal->is_damaged);
      g_assert_cmpuint (journal->bad_lines, ==, 1);
      g_assert_cmpstr (journal->last_step, ==, "dump");
    }
}

static void
test_appending_after_a_torn_end (Place *place, gconstpointer data)
{
  static const char zeros[] = { 0, 0, 0, 0, 0, 0 };
  g_autofree char *path = NULL;
  g_autofree char *text = make_text (place, &path);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (int with_zeros = 0; with_zeros < 2; with_zeros++)
    {
      g_byte_array_set_size (bytes, 0);
      g_byte_array_append (bytes, (guint8 *)text, strlen (text) - (with_zeros ? 0 : 9));
      g_byte_array_append (bytes, (const guint8 *)zeros, with_zeros ? sizeof zeros : 0);
      place_write (path, (char *)bytes->data, bytes->len);
      g_autoptr (StewardJournal) torn = load (place);
      append_step (torn, STEWARD_RECORD_INTENT, "copy");
      g_autoptr (StewardJournal) journal = load (place);
      g_assert_cmpstr (journal->last_step, ==, "copy");
      g_assert_false (journal->is_damaged);
    }
}

static void
test_rotten_lines_are_damage (Place *place, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *text = make_text (place, &path);
  gsize second = strchr (text, '\n') - text + 1;
  const gsize places[] = { 5, second + 40, strlen (text) - 40 };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      text[places[i]] ^= 1;
      place_write (path, text, -1);
      g_autoptr (StewardJournal) journal = load (place);
      text[places[i]] ^= 1;
      g_assert_true (journal->is_damaged);
      g_assert_cmpuint (journal->bad_lines, ==, 1);
      g_assert_cmpint (journal->plan == NULL, ==, i == 0);
    }
}

/* The first record is rotten and the second one torn: that is no operation that never began. */
static void
test_rotten_start_is_damage (Place *place, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *text = make_text (place, &path);
  gsize second = strchr (text, '\n') - text + 1;
  g_autoptr (StewardJournal) journal = NULL;

  text[5] ^= 1;
  place_write (path, text, (gssize)second + 20);
  g_assert_true (steward_journal_find_unfinished (place->store, &journal, NULL, NULL));
  g_assert_nonnull (journal);
  g_assert_true (journal->is_damaged);
  g_assert_cmpuint (journal->bad_lines, ==, 2);
}

static void
test_missing_line_is_damage (Place *place, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *text = make_text (place, &path);
  char *second = strchr (text, '\n') + 1;
  char *third = strchr (second, '\n') + 1;

  memmove (second, third, strlen (third) + 1);
  place_write (path, text, -1);
  g_autoptr (StewardJournal) journal = load (place);
  g_assert_true (journal->is_damaged);
  g_assert_cmpstr (journal->last_step, ==, "stop");
}

static void
test_what_never_began_is_no_operation (Place *place, gconstpointer data)
{
  g_autofree char *path = steward_store_dup_journal_path (place->store, ID);
  g_autoptr (StewardJournal) found = NULL;
  static const char *const texts[] = { "", "{\"n\":1,\"at\":" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      place_write (path, texts[i], -1);
      g_assert_null (steward_journal_load (place->store, ID, NULL, &error));
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
      g_autoptr (GPtrArray) journals = steward_journal_list (place->store, 9, NULL, NULL);
      g_assert_cmpuint (journals->len, ==, 0);
      g_assert_true (steward_journal_find_unfinished (place->store, &found, NULL, NULL));
      g_assert_null (found);
    }
}

static void
test_rubbish_is_unfinished_and_damaged (Place *place, gconstpointer data)
{
  g_autofree char *path = steward_store_dup_journal_path (place->store, ID);
  g_autoptr (StewardJournal) journal = NULL;

  place_write (path, "rubbish\nof two lines\n", -1);
  g_assert_true (steward_journal_find_unfinished (place->store, &journal, NULL, NULL));
  g_assert_nonnull (journal);
  g_assert_true (journal->is_damaged);
  g_assert_null (journal->plan);
}

/* Rewrites the first line's version with a right sum, as a newer Steward would have. */
static void
make_newer (Place *place)
{
  g_autofree char *path = steward_store_dup_journal_path (place->store, ID);
  g_autofree char *text = place_read (path);
  char *version = strstr (text, "\"version\":1");
  char *sum = strstr (text, ",\"sum\":\"");

  version[strlen ("\"version\":")] = '7';
  g_autofree char *body = g_strdup_printf ("%.*s}", (int)(sum - text), text);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, body, -1);
  memcpy (sum + strlen (",\"sum\":\""), hash, 16);
  place_write (path, text, -1);
}

static void
test_newer_plan_is_refused (Place *place, gconstpointer data)
{
  g_autoptr (StewardJournal) written = create (place->store, ID);
  g_autoptr (StewardJournal) found = NULL;
  g_autoptr (GError) error = NULL;

  make_newer (place);
  g_assert_null (steward_journal_load (place->store, ID, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_false (steward_journal_find_unfinished (place->store, &found, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED);

  append_end (written, STEWARD_JOURNAL_DONE);
  g_autoptr (GPtrArray) journals = steward_journal_list (place->store, 9, NULL, NULL);
  g_assert_true (((StewardJournal *)g_ptr_array_index (journals, 0))->is_newer);
  g_assert_true (steward_journal_find_unfinished (place->store, &found, NULL, NULL));
  g_assert_null (found);
}

static void
test_list_is_newest_first_and_bounded (Place *place, gconstpointer data)
{
  for (int i = 0; i < 12; i++)
    {
      g_autofree char *id = g_strdup_printf ("20261123t2203%02d_ab12", i);
      g_autoptr (StewardJournal) journal = create (place->store, id);
    }
  g_autoptr (GPtrArray) journals = steward_journal_list (place->store, 5, NULL, NULL);
  g_assert_cmpuint (journals->len, ==, 5);
  g_assert_cmpstr (((StewardJournal *)g_ptr_array_index (journals, 0))->id, ==,
                   "20261123t220311_ab12");
  g_assert_cmpstr (((StewardJournal *)g_ptr_array_index (journals, 4))->id, ==,
                   "20261123t220307_ab12");
}

static void
test_unfinished_is_found_behind_finished (Place *place, gconstpointer data)
{
  g_autoptr (StewardJournal) open = create (place->store, ID);
  g_autoptr (StewardJournal) closed = create (place->store, LATER_ID);
  g_autoptr (StewardJournal) found = NULL;

  append_end (closed, STEWARD_JOURNAL_BACK);
  g_assert_true (steward_journal_find_unfinished (place->store, &found, NULL, NULL));
  g_assert_cmpstr (found->id, ==, ID);
}

static void
test_existing_journal_is_not_overwritten (Place *place, gconstpointer data)
{
  g_autoptr (StewardJournal) first = create (place->store, ID);
  g_autoptr (JsonObject) plan = make_data ("target", "9.9.9");
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_journal_create (place->store, ID, "backup", plan, NULL, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_CHANGED);
  g_autoptr (StewardJournal) journal = load (place);
  g_assert_cmpstr (journal->operation, ==, "upgrade");
}

static void
test_full_disk_begins_nothing (Place *place, gconstpointer data)
{
  g_autoptr (JsonObject) plan = make_data ("target", "3.1.0");
  g_autoptr (StewardJournal) found = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_journal_create (place->store, ID, "upgrade", plan, NULL, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NO_SPACE);
  g_assert_true (steward_journal_find_unfinished (place->store, &found, NULL, NULL));
  g_assert_null (found);
}

/* In a process of its own: notes without end, each number printed once it is on disk. */
static int
write_for_ever (const char *folder)
{
  g_autoptr (StewardHost) host = steward_local_host_new ();
  g_autoptr (StewardStore) store = steward_store_new (host, folder, NULL);
  g_autoptr (StewardJournal) journal = create (store, ID);

  for (int i = 0; i < G_MAXINT; i++)
    {
      append_step (journal, STEWARD_RECORD_INTENT, "dump");
      printf ("%d\n", i);
      fflush (stdout);
    }
  return 0;
}

static void
test_killed_writer_leaves_a_journal (Place *place, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) writer =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, data, "--write-for-ever",
                        steward_store_get_folder (place->store), NULL);
  g_assert_no_error (error);
  g_autoptr (GDataInputStream) output =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (writer));

  for (int i = 0; i < 5; i++)
    g_free (g_data_input_stream_read_line (output, NULL, NULL, NULL));
  g_subprocess_send_signal (writer, SIGKILL);
  g_subprocess_wait (writer, NULL, NULL);

  g_autoptr (StewardJournal) journal = load (place);
  g_assert_false (journal->is_damaged);
  g_assert_cmpint (journal->next_number, >, 6);
  append_step (journal, STEWARD_RECORD_INTENT, "stop");
  g_autoptr (StewardJournal) again = load (place);
  g_assert_cmpstr (again->last_step, ==, "stop");
  g_assert_false (again->is_damaged);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && strcmp (argv[1], "--write-for-ever") == 0)
    return write_for_ever (argv[2]);
  g_test_init (&argc, &argv, NULL);
  place_add ("/journal/plan-is-read-back", test_plan_is_read_back);
  place_add ("/journal/later-is-written-with-the-next", test_later_is_written_with_the_next);
  place_add ("/journal/private-file-with-space", test_private_file_with_space_set_aside);
  place_add ("/journal/steps-and-facts-add-up", test_steps_and_facts_add_up);
  place_add ("/journal/direction-is-kept", test_direction_is_kept);
  place_add ("/journal/ends-are-told-apart", test_ends_are_told_apart);
  place_add ("/journal/hands-can-be-gone-on-with", test_hands_can_be_gone_on_with);
  place_add ("/journal/every-torn-end-is-tolerated", test_every_torn_end_is_tolerated);
  place_add ("/journal/appending-after-a-torn-end", test_appending_after_a_torn_end);
  place_add ("/journal/rotten-lines-are-damage", test_rotten_lines_are_damage);
  place_add ("/journal/rotten-start-is-damage", test_rotten_start_is_damage);
  place_add ("/journal/missing-line-is-damage", test_missing_line_is_damage);
  place_add ("/journal/never-began-is-no-operation", test_what_never_began_is_no_operation);
  place_add ("/journal/rubbish-is-unfinished", test_rubbish_is_unfinished_and_damaged);
  place_add ("/journal/newer-plan-is-refused", test_newer_plan_is_refused);
  place_add ("/journal/list-is-newest-first", test_list_is_newest_first_and_bounded);
  place_add ("/journal/unfinished-behind-finished", test_unfinished_is_found_behind_finished);
  place_add ("/journal/existing-is-not-overwritten", test_existing_journal_is_not_overwritten);
  g_test_add ("/journal/full-disk-begins-nothing", Place, NULL, place_set_up_small,
              test_full_disk_begins_nothing, place_tear_down);
  g_test_add ("/journal/killed-writer-leaves-one", Place, argv[0], place_set_up,
              test_killed_writer_leaves_a_journal, place_tear_down);
  return g_test_run ();
}
