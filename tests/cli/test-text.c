/* What reaches a terminal cannot steer it, and columns stand under each other. */
#include "cli/text.h"

static void
test_clean (void)
{
  static const struct
  {
    const char *from, *lines, *line;
  } cases[] = {
    { "plain ✔ é", "plain ✔ é", "plain ✔ é" },
    { "\033[31mred\033[0m", "[31mred[0m", "[31mred[0m" },
    { "a\rb\bc\007", "abc", "abc" },
    { "\302\233"
      "31m",
      "31m", "31m" }, /* CSI as one character */
    { "one\ntwo\tthree", "one\ntwo\tthree", "one two three" },
    { "\xff\xfe", "��", "��" },
    { "x\342\200\256y", "xy", "xy" },   /* right to left from here on */
    { "a\342\200\250b", "a b", "a b" }, /* a line separator */
    { "\177", "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *lines = steward_cli_text_clean (cases[i].from);
      g_autofree char *line = steward_cli_text_clean_line (cases[i].from);
      g_assert_cmpstr (lines, ==, cases[i].lines);
      g_assert_cmpstr (line, ==, cases[i].line);
    }
}

static void
test_span (void)
{
  static const struct
  {
    gint64 span_ms;
    const char *text;
  } cases[] = {
    { 0, "0.0 s" },          { 340, "0.3 s" },         { 59900, "59 s" },
    { 60000, "1 min 00 s" }, { 247000, "4 min 07 s" }, { 7500000, "2 h 05 min" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = steward_cli_text_format_span (cases[i].span_ms);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_postgres (void)
{
  g_autofree char *text = steward_cli_text_format_postgres (160010);

  g_assert_cmpstr (text, ==, "16.10");
}

static void
test_table (void)
{
  g_autoptr (StewardCliTable) table = steward_cli_table_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  steward_cli_table_add_pair (table, "é", "short");
  steward_cli_table_add_pair (table, "漢字", NULL);
  steward_cli_table_add_pair (table, "a\nb\033c", "x");
  steward_cli_table_print (table, 1, text);
  g_assert_cmpstr (text->str, ==, " é     short\n 漢字  –\n a bc  x\n");
}

static void
test_unknown_time (void)
{
  g_autofree char *text = steward_cli_text_format_time (0);

  g_assert_cmpstr (text, ==, "–");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/text/removes-control-characters", test_clean);
  g_test_add_func ("/cli/text/spans", test_span);
  g_test_add_func ("/cli/text/postgres-version", test_postgres);
  g_test_add_func ("/cli/text/table-aligns-by-columns", test_table);
  g_test_add_func ("/cli/text/unknown-time-is-a-dash", test_unknown_time);
  return g_test_run ();
}
