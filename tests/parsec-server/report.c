/* The looks of `migrate`'s output: escapes on a terminal, none in a pipe, `\r` in both.
 * See report.h. stdio and not g_print, which would replace the signs outside a UTF-8 locale. */
#include "report.h"

#include <stdio.h>
#include <unistd.h>

#define WHITE "\033[37m"
#define GREEN "\033[32m"
#define RED "\033[31m"
#define CLEAR_LINE "\033[K"

static const char *const frames[] = { "⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏" };

static gboolean
is_terminal (void)
{
  return isatty (STDOUT_FILENO);
}

static void
print_spinner (const char *sign, const char *end)
{
  printf ("\r%sMigrate %s%s", is_terminal () ? CLEAR_LINE : "", sign, end);
  fflush (stdout);
}

static char *
format_coloured (const char *colour, char *text)
{
  g_autofree char *owned = text;

  if (!is_terminal ())
    return g_steal_pointer (&owned);
  return g_strconcat (colour, owned, "\033[0m", NULL);
}

void
parsec_report_print_frame (guint frame)
{
  print_spinner (frames[frame % G_N_ELEMENTS (frames)], "");
}

void
parsec_report_print_head (ParsecReportHead head)
{
  g_autofree char *sign = head == PARSEC_REPORT_DONE ? format_coloured (GREEN, g_strdup ("✔"))
                                                     : format_coloured (RED, g_strdup ("✘"));

  print_spinner (sign, "\n");
}

void
parsec_report_print_interrupted (void)
{
  print_spinner ("None", "\n");
}

void
parsec_report_print_error (const char *problem)
{
  printf ("Error: %s\n", problem);
}

char *
parsec_report_format_applied (const char *file_name)
{
  return format_coloured (WHITE, g_strdup_printf ("%s (already applied)", file_name));
}

char *
parsec_report_format_done (const char *file_name)
{
  return format_coloured (GREEN, g_strdup_printf ("%s ✔", file_name));
}

char *
parsec_report_format_failed (const char *file_name, const char *problem)
{
  return format_coloured (RED, g_strdup_printf ("%s ✘: %s", file_name, problem));
}

void
parsec_report_print_lines (const GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++)
    printf ("%s\n", (const char *)g_ptr_array_index (lines, i));
  fflush (stdout);
}
