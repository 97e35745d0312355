/* Words for values, and what surrounds values in sentences. */
#include "app/words.h"

#include <string.h>

static void
test_durations (void)
{
  static const struct
  {
    gint64 duration_ms;
    const char *text;
  } cases[] = {
    { 0, "0.0 s" },           { 340, "0.3 s" },        { 9949, "9.9 s" },
    { 10000, "10 s" },        { 59400, "59 s" },       { 59600, "1 min 0 s" },
    { 60000, "1 min 0 s" },   { 247000, "4 min 7 s" }, { 3600000, "1 h 0 min" },
    { 7500000, "2 h 5 min" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = steward_words_dup_duration (cases[i].duration_ms);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_ages (void)
{
  static const struct
  {
    gint64 age_s;
    const char *text;
  } cases[] = {
    { -5, "just now" },          { 0, "just now" },          { 59, "just now" },
    { 60, "1 minute ago" },      { 119, "1 minute ago" },    { 3599, "59 minutes ago" },
    { 3600, "1 hour ago" },      { 172799, "47 hours ago" }, { 172800, "2 days ago" },
    { 8640000, "100 days ago" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = steward_words_dup_age (1000000 - cases[i].age_s, 1000000);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* A time that no calendar has comes from a rotten file, not from a programmer. */
static void
test_impossible_times (void)
{
  static const gint64 times[] = { G_MAXINT64, G_MININT64 };

  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autofree char *text = steward_words_dup_time (times[i]);
      g_assert_cmpstr (text, ==, "");
    }
}

static void
test_isolates (void)
{
  g_autofree char *text = steward_words_dup_ltr ("/srv/parsec");

  g_assert_cmpstr (text, ==, "\342\201\246/srv/parsec\342\201\251");
}

/* By a word, so that nothing is told by colour alone; no two alike. */
static void
test_server_states_differ (void)
{
  for (int i = STEWARD_SERVER_UNKNOWN; i <= STEWARD_SERVER_UNREACHABLE; i++)
    {
      g_assert_cmpstr (steward_words_get_server_state (i), !=, "");
      g_assert_cmpstr (steward_words_get_server_state_class (i), !=, "");
      for (int j = STEWARD_SERVER_UNKNOWN; j < i; j++)
        g_assert_cmpstr (steward_words_get_server_state (i), !=,
                         steward_words_get_server_state (j));
    }
}

static void
test_stored_states_differ (void)
{
  for (int i = STEWARD_BACKUP_COMPLETE; i <= STEWARD_BACKUP_PARTIAL; i++)
    for (int j = STEWARD_BACKUP_COMPLETE; j < i; j++)
      g_assert_cmpstr (steward_words_get_backup_state (i), !=, steward_words_get_backup_state (j));
  for (int i = STEWARD_JOURNAL_UNFINISHED; i <= STEWARD_JOURNAL_REFUSED; i++)
    for (int j = STEWARD_JOURNAL_UNFINISHED; j < i; j++)
      g_assert_cmpstr (steward_words_get_journal_state (i), !=,
                       steward_words_get_journal_state (j));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/durations", test_durations);
  g_test_add_func ("/words/ages", test_ages);
  g_test_add_func ("/words/impossible-time-is-empty", test_impossible_times);
  g_test_add_func ("/words/isolates-what-is-not-translated", test_isolates);
  g_test_add_func ("/words/server-states-differ", test_server_states_differ);
  g_test_add_func ("/words/stored-states-differ", test_stored_states_differ);
  return g_test_run ();
}
