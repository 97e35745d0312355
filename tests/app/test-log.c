/* The model of live output: what is kept of it, in what order, and when listeners hear of it. */
#include "stage.h"

#include "app/log.h"

typedef struct
{
  guint n_emissions;
  guint largest;
} Heard;

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  Heard *heard = data;

  heard->n_emissions++;
  heard->largest = MAX (heard->largest, added);
}

typedef struct
{
  StewardLog *log;
  guint n;
} Awaited;

static gboolean
has_lines (gpointer data)
{
  Awaited *awaited = data;

  return g_list_model_get_n_items (G_LIST_MODEL (awaited->log)) == awaited->n;
}

static void
wait_for_lines (StewardLog *log, guint n)
{
  Awaited awaited = { log, n };

  stage_wait (has_lines, &awaited);
}

static void
assert_line (StewardLog *log, guint position, StewardLogKind kind, const char *text)
{
  g_autoptr (StewardLogLine) line = g_list_model_get_item (G_LIST_MODEL (log), position);

  g_assert_nonnull (line);
  g_assert_cmpint (steward_log_line_get_kind (line), ==, kind);
  g_assert_cmpstr (steward_log_line_get_text (line), ==, text);
}

static void
test_tells_once_a_frame (void)
{
  g_autoptr (StewardLog) log = steward_log_new ();
  Heard heard = { 0, 0 };

  g_signal_connect (log, "items-changed", G_CALLBACK (items_changed_cb), &heard);
  steward_log_append (log, STEWARD_LOG_STEP, "Dump the database");
  steward_log_append (log, STEWARD_LOG_COMMAND, "pg_dump parsec");
  steward_log_append (log, STEWARD_LOG_OUTPUT, "reading schemas");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (log)), ==, 0);
  wait_for_lines (log, 3);
  g_assert_cmpuint (heard.n_emissions, ==, 1);
  assert_line (log, 0, STEWARD_LOG_STEP, "Dump the database");
  assert_line (log, 1, STEWARD_LOG_COMMAND, "pg_dump parsec");
  assert_line (log, 2, STEWARD_LOG_OUTPUT, "reading schemas");
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (log), 3));
}

static void
test_splits_lines (void)
{
  g_autoptr (StewardLog) log = steward_log_new ();

  steward_log_append (log, STEWARD_LOG_COMMAND, "docker compose stop\ndocker ps");
  steward_log_append (log, STEWARD_LOG_OUTPUT, "with an end\n");
  steward_log_append (log, STEWARD_LOG_OUTPUT, "");
  steward_log_append (log, STEWARD_LOG_OUTPUT, "a\n\nb");
  wait_for_lines (log, 7);
  assert_line (log, 1, STEWARD_LOG_COMMAND, "docker ps");
  assert_line (log, 2, STEWARD_LOG_OUTPUT, "with an end");
  assert_line (log, 3, STEWARD_LOG_OUTPUT, "");
  assert_line (log, 5, STEWARD_LOG_OUTPUT, "");
  assert_line (log, 6, STEWARD_LOG_OUTPUT, "b");
}

static void
test_shows_text_alone (void)
{
  static const struct
  {
    const char *text;
    const char *kept;
  } cases[] = {
    { "\033[1;32mok\033[0m done", "ok done" },
    { "10 %\r50 %\r100 %", "100 %" },
    { "from Windows\r\r", "from Windows" },
    { "bell\a and \vtab\tkept", "bell and tab\tkept" },
    { "\342\200\256evil\342\200\254 \342\201\247name\342\201\251", "evil name" },
    { "one\342\200\250two", "one two" },
    { "not \377 text", "not \357\277\275 text" },
    { "cut off \033[", "cut off " },
    { "cut off \033", "cut off " },
    { "été 日本 <b>&", "été 日本 <b>&" },
  };
  g_autoptr (StewardLog) log = steward_log_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    steward_log_append (log, STEWARD_LOG_OUTPUT, cases[i].text);
  wait_for_lines (log, G_N_ELEMENTS (cases));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_line (log, i, STEWARD_LOG_OUTPUT, cases[i].kept);
}

static void
test_cuts_long_lines (void)
{
  g_autoptr (StewardLog) log = steward_log_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 100000; i++)
    g_string_append (text, "é");
  steward_log_append (log, STEWARD_LOG_OUTPUT, text->str);
  wait_for_lines (log, 1);
  g_autoptr (StewardLogLine) line = g_list_model_get_item (G_LIST_MODEL (log), 0);
  const char *kept = steward_log_line_get_text (line);
  g_assert_true (g_utf8_validate (kept, -1, NULL));
  g_assert_cmpuint (strlen (kept), <, 2100);
  g_assert_cmpuint (strlen (kept), >, 1900);
  g_assert_true (g_str_has_suffix (kept, "é…"));
}

static void
append_numbers (StewardLog *log, guint begin, guint end)
{
  for (guint i = begin; i < end; i++)
    {
      g_autofree char *line = g_strdup_printf ("line %u", i);
      steward_log_append (log, STEWARD_LOG_OUTPUT, line);
    }
}

static void
test_tells_in_portions (void)
{
  g_autoptr (StewardLog) log = steward_log_new ();
  Heard heard = { 0, 0 };

  g_signal_connect (log, "items-changed", G_CALLBACK (items_changed_cb), &heard);
  append_numbers (log, 0, 35000);
  wait_for_lines (log, 35000);
  g_assert_cmpuint (heard.n_emissions, ==, 4);
  g_assert_cmpuint (heard.largest, ==, 10000);
}

static gboolean
is_last_line_there (gpointer data)
{
  StewardLog *log = data;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (log));
  g_autoptr (StewardLogLine) last =
      n > 0 ? g_list_model_get_item (G_LIST_MODEL (log), n - 1) : NULL;

  return last != NULL && g_str_equal (steward_log_line_get_text (last), "line 299999");
}

static void
test_forgets_the_oldest (void)
{
  g_autoptr (StewardLog) log = steward_log_new ();

  append_numbers (log, 0, 300000);
  stage_wait (is_last_line_there, log);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (log));
  g_autofree char *first = g_strdup_printf ("line %u", 300000 - n);
  g_assert_cmpuint (n, <=, STEWARD_LOG_LIMIT);
  g_assert_cmpuint (n, >=, STEWARD_LOG_LIMIT / 10 * 9);
  assert_line (log, 0, STEWARD_LOG_OUTPUT, first);
  g_autofree char *text = steward_log_dup_text (log);
  g_assert_true (g_str_has_prefix (text, first));
}

static void
test_copies_what_was_not_told_yet (void)
{
  g_autoptr (StewardLog) log = steward_log_new ();

  steward_log_append (log, STEWARD_LOG_STEP, "Verify");
  steward_log_append (log, STEWARD_LOG_OUTPUT, "read back");
  g_autofree char *text = steward_log_dup_text (log);
  g_assert_cmpstr (text, ==, "Verify\nread back\n");
}

static void
test_goes_with_lines_to_tell (void)
{
  StewardLog *log = steward_log_new ();
  gboolean is_late = FALSE;

  steward_log_append (log, STEWARD_LOG_OUTPUT, "never told");
  g_object_add_weak_pointer (G_OBJECT (log), (gpointer *)&log);
  g_object_unref (log);
  g_assert_null (log);
  g_timeout_add_once (50, (GSourceOnceFunc)g_atomic_int_inc, &is_late);
  while (!is_late)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  g_test_add_func ("/log/tells-once-a-frame", test_tells_once_a_frame);
  g_test_add_func ("/log/splits-lines", test_splits_lines);
  g_test_add_func ("/log/shows-text-alone", test_shows_text_alone);
  g_test_add_func ("/log/cuts-long-lines", test_cuts_long_lines);
  g_test_add_func ("/log/tells-in-portions", test_tells_in_portions);
  g_test_add_func ("/log/forgets-the-oldest", test_forgets_the_oldest);
  g_test_add_func ("/log/copies-what-was-not-told-yet", test_copies_what_was_not_told_yet);
  g_test_add_func ("/log/goes-with-lines-to-tell", test_goes_with_lines_to_tell);
  return g_test_run ();
}
