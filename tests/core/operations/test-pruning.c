/* Which backups an operation may still need, by what the journals tell. */
#include "core/operations/pruning.h"
#include "core/store/journal-fold.h"

/* An operation: kind, state, its backup; newest first. */
typedef struct
{
  const char *operation; /* nullable: rotten */
  StewardJournalState state;
  const char *backup_id; /* nullable: its own */
} Past;

#define MAX_PAST 4

static const struct
{
  Past past[MAX_PAST];
  const char *needed;
} rows[] = {
  { { { NULL, STEWARD_JOURNAL_REFUSED, "x" } }, "x" },
  { { { "backup", STEWARD_JOURNAL_DONE, "a" } }, "" },
  { { { "upgrade", STEWARD_JOURNAL_DONE, "a" }, { "upgrade", STEWARD_JOURNAL_DONE, "b" } }, "a" },
  { { { "backup", STEWARD_JOURNAL_DONE, "z" }, { "upgrade", STEWARD_JOURNAL_DONE, "b" } }, "b" },
  { { { "upgrade", STEWARD_JOURNAL_BACK, "a" }, { "upgrade", STEWARD_JOURNAL_DONE, "b" } }, "b" },
  { { { "rollback", STEWARD_JOURNAL_DONE, "a" }, { "upgrade", STEWARD_JOURNAL_DONE, "a" } }, "" },
  { { { "rollback", STEWARD_JOURNAL_BACK, "c" }, { "upgrade", STEWARD_JOURNAL_DONE, "a" } }, "a" },
  { { { "rollback", STEWARD_JOURNAL_UNFINISHED, "c" }, { "upgrade", STEWARD_JOURNAL_DONE, "a" } },
    "c a" },
  { { { "upgrade", STEWARD_JOURNAL_HANDS, "a" }, { "upgrade", STEWARD_JOURNAL_DONE, "b" } },
    "a b" },
  { { { "upgrade", STEWARD_JOURNAL_DONE, NULL } }, "20261123t220300_ab12" },
};

static void
add (GPtrArray *journals, const Past *past)
{
  StewardJournal *journal = steward_journal_new (NULL, "20261123t220300_ab12");

  journal->operation = g_strdup (past->operation);
  journal->state = past->state;
  if (past->backup_id != NULL)
    {
      journal->plan = json_object_new ();
      json_object_set_string_member (journal->plan, "backup_id", past->backup_id);
    }
  g_ptr_array_add (journals, journal);
}

static void
test_needed (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GPtrArray) journals =
          g_ptr_array_new_with_free_func ((GDestroyNotify)steward_journal_free);
      for (gsize j = 0; j < MAX_PAST; j++)
        if (rows[i].past[j].operation != NULL || rows[i].past[j].backup_id != NULL)
          add (journals, &rows[i].past[j]);
      g_auto (GStrv) needed = steward_pruning_find_needed (journals);
      g_autofree char *words = g_strjoinv (" ", needed);
      g_test_message ("row %" G_GSIZE_FORMAT, i);
      g_assert_cmpstr (words, ==, rows[i].needed);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pruning/needed", test_needed);
  return g_test_run ();
}
