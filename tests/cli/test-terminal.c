/* What is written to a terminal, and to what is none. */
#include "cli/terminal.h"

#include <locale.h>
#include <string.h>

static void
write_cb (const char *text, gpointer data)
{
  g_string_append (data, text);
}

/* @text: the title of a step that starts, else the event's own text */
static void
show (StewardCliTerminal *terminal, StewardEventKind kind, const char *text)
{
  gboolean is_start = kind == STEWARD_EVENT_STEP_STARTED;
  const StewardEvent event = { .kind = kind,
                               .step = "dump",
                               .title = is_start ? text : "Dump",
                               .text = is_start ? NULL : text,
                               .overall = 0.5,
                               .elapsed_ms = 340 };

  steward_cli_terminal_show (terminal, &event);
}

static void
test_plain (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (StewardCliTerminal) terminal =
      steward_cli_terminal_new (STEWARD_CLI_TERMINAL_PLAIN, write_cb, text);

  show (terminal, STEWARD_EVENT_STEP_SKIPPED, NULL);
  show (terminal, STEWARD_EVENT_STEP_STARTED, "Dump");
  show (terminal, STEWARD_EVENT_FRACTION, NULL);
  show (terminal, STEWARD_EVENT_COMMAND, "docker");
  show (terminal, STEWARD_EVENT_OUTPUT, "line");
  show (terminal, STEWARD_EVENT_NOTE, "Read this.");
  show (terminal, STEWARD_EVENT_STEP_DONE, NULL);
  show (terminal, STEWARD_EVENT_SERVER_STOPS, NULL);
  show (terminal, STEWARD_EVENT_SERVER_ANSWERS, NULL);
  show (terminal, STEWARD_EVENT_STEP_FAILED, "No space.");
  show (terminal, STEWARD_EVENT_UNDO_STARTED, NULL);
  show (terminal, STEWARD_EVENT_UNDO_DONE, NULL);
  steward_cli_terminal_tick (terminal);
  g_assert_cmpstr (text->str, ==,
                   "Dump done before\nDump …\nRead this.\nDump done (0.3 s)\n"
                   "Clients are turned away from now on.\nClients are served again.\n"
                   "Dump failed (0.3 s): No space.\n"
                   "Dump: walking back …\nDump walked back (0.3 s)\n");
}

static void
test_verbose (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (StewardCliTerminal) terminal =
      steward_cli_terminal_new (STEWARD_CLI_TERMINAL_VERBOSE, write_cb, text);

  show (terminal, STEWARD_EVENT_COMMAND, "docker pull x");
  show (terminal, STEWARD_EVENT_OUTPUT, "pulled \033[2J");
  g_assert_cmpstr (text->str, ==, "  $ docker pull x\n  | pulled [2J\n");
}

static void
test_bar (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (StewardCliTerminal) terminal =
      steward_cli_terminal_new (STEWARD_CLI_TERMINAL_REDRAWS, write_cb, text);

  steward_cli_terminal_set_columns (terminal, 80);
  show (terminal, STEWARD_EVENT_STEP_STARTED, "Back up\r the \033[2Jdatabase");
  g_assert_true (g_str_has_prefix (text->str, "\r\033[K  Back up the [2Jdatabase "));
  g_assert_nonnull (strstr (text->str, "[██████████          ]  50 %"));
  g_string_truncate (text, 0);
  show (terminal, STEWARD_EVENT_STEP_DONE, NULL);
  g_assert_true (g_str_has_prefix (text->str, "\r\033[K✔ Back up the [2Jdatabase "));
  g_assert_true (g_str_has_suffix (text->str, "0.3 s\n"));
  g_string_truncate (text, 0);
  steward_cli_terminal_tick (terminal);
  g_assert_cmpstr (text->str, ==, "");
}

static void
test_bar_fits (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (StewardCliTerminal) terminal =
      steward_cli_terminal_new (STEWARD_CLI_TERMINAL_REDRAWS, write_cb, text);

  steward_cli_terminal_set_columns (terminal, 60);
  show (terminal, STEWARD_EVENT_STEP_STARTED,
        "A title that is far longer than what a line of sixty columns has room for");
  g_assert_cmpint (g_utf8_strlen (strchr (text->str, 'K') + 1, -1), <, 60);
}

static void
test_failure (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (StewardCliTerminal) terminal =
      steward_cli_terminal_new (STEWARD_CLI_TERMINAL_REDRAWS, write_cb, text);

  show (terminal, STEWARD_EVENT_STEP_STARTED, "Dump");
  g_string_truncate (text, 0);
  show (terminal, STEWARD_EVENT_STEP_FAILED, "No space.");
  g_assert_true (g_str_has_prefix (text->str, "\r\033[K✘ Dump"));
  g_assert_true (g_str_has_suffix (text->str, "\nNo space.\n"));
}

static void
test_note_wipes_the_bar (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (StewardCliTerminal) terminal =
      steward_cli_terminal_new (STEWARD_CLI_TERMINAL_REDRAWS, write_cb, text);

  show (terminal, STEWARD_EVENT_STEP_STARTED, "Dump");
  g_string_truncate (text, 0);
  show (terminal, STEWARD_EVENT_NOTE, "Read\033 this.");
  g_assert_true (g_str_has_prefix (text->str, "\r\033[KRead this.\n\r\033[K  Dump"));
}

static void
test_question_stands_still (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (StewardCliTerminal) terminal =
      steward_cli_terminal_new (STEWARD_CLI_TERMINAL_REDRAWS, write_cb, text);

  show (terminal, STEWARD_EVENT_STEP_STARTED, "Dump");
  g_string_truncate (text, 0);
  steward_cli_terminal_ask (terminal, "12 rows\033[2J would be lost.", "Type 3.0.0: ");
  steward_cli_terminal_tick (terminal);
  g_assert_cmpstr (text->str, ==, "\r\033[K12 rows[2J would be lost.\nType 3.0.0: ");
  steward_cli_terminal_end_question (terminal);
  g_assert_true (g_str_has_suffix (text->str, " s"));
}

int
main (int argc, char **argv)
{
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/terminal/plain-lines", test_plain);
  g_test_add_func ("/cli/terminal/verbose-shows-commands", test_verbose);
  g_test_add_func ("/cli/terminal/bar-becomes-a-line", test_bar);
  g_test_add_func ("/cli/terminal/bar-fits-its-line", test_bar_fits);
  g_test_add_func ("/cli/terminal/failure-says-why", test_failure);
  g_test_add_func ("/cli/terminal/note-wipes-the-bar", test_note_wipes_the_bar);
  g_test_add_func ("/cli/terminal/question-is-not-drawn-over", test_question_stands_still);
  return g_test_run ();
}
