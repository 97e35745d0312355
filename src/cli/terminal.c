/* One line is alive at most: it is wiped before anything else is printed, and drawn again after. */
#include "cli/terminal.h"

#include <glib/gi18n-lib.h>

#include "cli/text.h"

#define BAR_COLUMNS 20
#define TIME_COLUMNS 12
#define WIPE "\r\033[K"

struct _StewardCliTerminal
{
  StewardCliTerminalFlags flags;
  StewardCliWriteFunc write;
  gpointer data;
  guint columns;
  gboolean is_utf8;

  char *title;        /* owned; of the step that runs, NULL where none does */
  gboolean is_undone; /* that step is walked back */
  gboolean is_asking; /* the cursor stands behind a question */
  double overall;
  gint64 begun_us;
};

StewardCliTerminal *
steward_cli_terminal_new (StewardCliTerminalFlags flags, StewardCliWriteFunc write, gpointer data)
{
  StewardCliTerminal *terminal = g_new0 (StewardCliTerminal, 1);

  terminal->flags = flags;
  terminal->write = write;
  terminal->data = data;
  terminal->columns = 80;
  terminal->is_utf8 = g_get_charset (NULL);
  return terminal;
}

void
steward_cli_terminal_set_columns (StewardCliTerminal *terminal, guint columns)
{
  terminal->columns = columns;
}

static gboolean
redraws (const StewardCliTerminal *terminal)
{
  return (terminal->flags & STEWARD_CLI_TERMINAL_REDRAWS) != 0;
}

static gboolean
has_live_line (const StewardCliTerminal *terminal)
{
  return redraws (terminal) && terminal->title != NULL && !terminal->is_asking;
}

/* @text cut to @columns, and filled up with blanks. */
static char *
fit (const char *text, guint columns)
{
  GString *result = g_string_new (NULL);
  guint width = 0;

  for (const char *p = text; *p != '\0' && width < columns; p = g_utf8_next_char (p))
    {
      g_string_append_unichar (result, g_utf8_get_char (p));
      width = steward_cli_text_get_width (result->str);
    }
  g_string_append_printf (result, "%*s", width < columns ? (int)(columns - width) : 0, "");
  return g_string_free (result, FALSE);
}

static char *
draw_bar (const StewardCliTerminal *terminal)
{
  int filled = (int)(terminal->overall * BAR_COLUMNS);
  GString *bar = g_string_new ("[");

  for (int i = 0; i < BAR_COLUMNS; i++)
    g_string_append (bar, i >= filled ? " " : terminal->is_utf8 ? "█" : "#");
  g_string_append_printf (bar, "] %3d %%", (int)(terminal->overall * 100));
  return g_string_free (bar, FALSE);
}

/* A title, its time, and for a step that goes forward the bar of the whole. */
static char *
compose_line (const StewardCliTerminal *terminal,
              const char *mark,
              const char *bar,
              gint64 elapsed_ms)
{
  g_autofree char *span = steward_cli_text_format_span (elapsed_ms);
  guint taken = 3 + TIME_COLUMNS + (bar != NULL ? steward_cli_text_get_width (bar) + 2 : 0);
  g_autofree char *title =
      fit (terminal->title, terminal->columns > taken + 8 ? terminal->columns - taken : 8);

  return g_strdup_printf ("%s %s  %s%s%s", mark, title, bar != NULL ? bar : "",
                          bar != NULL ? "  " : "", span);
}

static void
draw (StewardCliTerminal *terminal)
{
  g_autofree char *bar = NULL;
  g_autofree char *line = NULL;

  if (!has_live_line (terminal))
    return;
  bar = terminal->is_undone ? NULL : draw_bar (terminal);
  line = compose_line (terminal, terminal->is_undone ? "<" : " ", bar,
                       (g_get_monotonic_time () - terminal->begun_us) / 1000);
  terminal->write (WIPE, terminal->data);
  terminal->write (line, terminal->data);
}

static void
wipe (StewardCliTerminal *terminal)
{
  if (has_live_line (terminal))
    terminal->write (WIPE, terminal->data);
}

static void
print_line (StewardCliTerminal *terminal, const char *line)
{
  terminal->write (line, terminal->data);
  terminal->write ("\n", terminal->data);
}

void
steward_cli_terminal_say (StewardCliTerminal *terminal, const char *text)
{
  g_autofree char *clean = steward_cli_text_clean (text);

  wipe (terminal);
  terminal->write (clean, terminal->data);
  if (!g_str_has_suffix (clean, "\n"))
    terminal->write ("\n", terminal->data);
  draw (terminal);
}

void
steward_cli_terminal_ask (StewardCliTerminal *terminal, const char *text, const char *prompt)
{
  g_autofree char *clean = steward_cli_text_clean (prompt);

  wipe (terminal);
  terminal->is_asking = TRUE;
  if (*text != '\0')
    steward_cli_terminal_say (terminal, text);
  terminal->write (clean, terminal->data);
}

void
steward_cli_terminal_end_question (StewardCliTerminal *terminal)
{
  terminal->is_asking = FALSE;
  draw (terminal);
}

static char *
dup_title (const StewardEvent *event)
{
  return steward_cli_text_clean_line (event->title != NULL ? event->title : "");
}

static void
begin (StewardCliTerminal *terminal, const StewardEvent *event)
{
  g_free (terminal->title);
  terminal->title = dup_title (event);
  terminal->is_undone = event->kind == STEWARD_EVENT_UNDO_STARTED;
  terminal->begun_us = g_get_monotonic_time ();
  terminal->overall = MAX (terminal->overall, event->overall);
  draw (terminal);
}

/* The live line becomes a lasting one. */
static void
end_drawn (StewardCliTerminal *terminal, const StewardEvent *event)
{
  gboolean is_failed = event->kind == STEWARD_EVENT_STEP_FAILED;
  const char *good = terminal->is_utf8 ? "✔" : "+";
  const char *bad = terminal->is_utf8 ? "✘" : "x";
  const char *back = terminal->is_utf8 ? "↶" : "<";
  const char *mark = is_failed ? bad : event->kind == STEWARD_EVENT_UNDO_DONE ? back : good;
  g_autofree char *line = NULL;

  if (terminal->title == NULL)
    terminal->title = dup_title (event);
  line = compose_line (terminal, mark, NULL, event->elapsed_ms);
  wipe (terminal);
  print_line (terminal, line);
  g_clear_pointer (&terminal->title, g_free);
  if (is_failed && event->text != NULL)
    steward_cli_terminal_say (terminal, event->text);
}

static char *
format_plain (const StewardEvent *event)
{
  g_autofree char *span = steward_cli_text_format_span (event->elapsed_ms);

  switch (event->kind)
    {
    case STEWARD_EVENT_STEP_STARTED:
      return g_strdup_printf (_ ("%s …"), event->title);
    case STEWARD_EVENT_STEP_SKIPPED:
      return g_strdup_printf (_ ("%s done before"), event->title);
    case STEWARD_EVENT_STEP_DONE:
      return g_strdup_printf (_ ("%s done (%s)"), event->title, span);
    case STEWARD_EVENT_STEP_FAILED:
      return g_strdup_printf (_ ("%s failed (%s): %s"), event->title, span, event->text);
    case STEWARD_EVENT_UNDO_STARTED:
      return g_strdup_printf (_ ("%s: walking back …"), event->title);
    case STEWARD_EVENT_UNDO_DONE:
    default:
      return g_strdup_printf (_ ("%s walked back (%s)"), event->title, span);
    }
}

static void
show_step (StewardCliTerminal *terminal, const StewardEvent *event)
{
  g_autofree char *line = NULL;

  if (!redraws (terminal))
    {
      line = format_plain (event);
      steward_cli_terminal_say (terminal, line);
      return;
    }
  if (event->kind == STEWARD_EVENT_STEP_STARTED || event->kind == STEWARD_EVENT_UNDO_STARTED)
    begin (terminal, event);
  else if (event->kind != STEWARD_EVENT_STEP_SKIPPED)
    end_drawn (terminal, event);
  else
    {
      line = g_strdup_printf (_ ("%s: done before"), event->title);
      steward_cli_terminal_say (terminal, line);
    }
}

static void
show_verbose (StewardCliTerminal *terminal, const char *mark, const char *text)
{
  g_autofree char *clean = NULL;
  g_autofree char *line = NULL;

  if (!(terminal->flags & STEWARD_CLI_TERMINAL_VERBOSE))
    return;
  clean = steward_cli_text_clean (text);
  line = g_strconcat (mark, clean, NULL);
  steward_cli_terminal_say (terminal, line);
}

void
steward_cli_terminal_show (StewardCliTerminal *terminal, const StewardEvent *event)
{
  switch (event->kind)
    {
    case STEWARD_EVENT_FRACTION:
      terminal->overall = MAX (terminal->overall, event->overall);
      draw (terminal);
      return;
    case STEWARD_EVENT_COMMAND:
      show_verbose (terminal, "  $ ", event->text);
      return;
    case STEWARD_EVENT_OUTPUT:
      show_verbose (terminal, "  | ", event->text);
      return;
    case STEWARD_EVENT_NOTE:
      steward_cli_terminal_say (terminal, event->text);
      return;
    case STEWARD_EVENT_SERVER_STOPS:
      steward_cli_terminal_say (terminal, _ ("Clients are turned away from now on."));
      return;
    case STEWARD_EVENT_SERVER_ANSWERS:
      steward_cli_terminal_say (terminal, _ ("Clients are served again."));
      return;
    case STEWARD_EVENT_STEP_STARTED:
    case STEWARD_EVENT_STEP_SKIPPED:
    case STEWARD_EVENT_STEP_DONE:
    case STEWARD_EVENT_STEP_FAILED:
    case STEWARD_EVENT_UNDO_STARTED:
    case STEWARD_EVENT_UNDO_DONE:
      show_step (terminal, event);
      return;
    default:
      return;
    }
}

void
steward_cli_terminal_tick (StewardCliTerminal *terminal)
{
  draw (terminal);
}

void
steward_cli_terminal_free (StewardCliTerminal *terminal)
{
  wipe (terminal);
  g_free (terminal->title);
  g_free (terminal);
}
