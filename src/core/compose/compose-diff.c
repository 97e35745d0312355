/* Shows the edits as a unified diff. Edits replace text within lines, so line N before is line N
 * after, and no search for a common sequence is needed. */
#include "core/compose/compose-edit.h"

#include <string.h>

#define CONTEXT_LINES 3

typedef struct
{
  GStrv before;
  GStrv after;
  guint n_lines;
  guint context;
  gboolean lacks_line_end; /* the last line does */
} Lines;

/* The lines, a last one without a line end included; `\n` is cut off, nothing else. */
static GStrv
split_lines (GBytes *content, guint *n_lines)
{
  gsize length;
  const char *bytes = g_bytes_get_data (content, &length);
  g_autofree char *text = g_utf8_make_valid (bytes != NULL ? bytes : "", length);
  GStrv lines = g_strsplit (text, "\n", -1);

  *n_lines = g_strv_length (lines);
  return lines;
}

static gboolean
differs (const Lines *lines, guint i)
{
  return !g_str_equal (lines->before[i], lines->after[i]);
}

/* After the last of the lines that one hunk from @first on shows: changes whose contexts touch
 * stand in one. */
static guint
find_hunk_end (const Lines *lines, guint first)
{
  guint end = first + 1;

  for (guint i = first + 1; i < lines->n_lines && i <= end + 2 * lines->context; i++)
    if (differs (lines, i))
      end = i + 1;
  return MIN (end + lines->context, lines->n_lines);
}

static void
append_line (GString *diff, char sign, const char *line, const char *ending)
{
  gsize length = strlen (line);

  /* A carriage return would spoil a terminal; it is the same on both sides. */
  if (length > 0 && line[length - 1] == '\r')
    length--;
  g_string_append_c (diff, sign);
  g_string_append_len (diff, line, length);
  g_string_append (diff, ending);
}

static const char *
get_ending (const Lines *lines, guint i)
{
  return lines->lacks_line_end && i + 1 == lines->n_lines ? "\n\\ No newline at end of file\n"
                                                          : "\n";
}

/* One run of lines that differ, or one that does not. Returns where the next run starts. */
static guint
append_run (GString *diff, const Lines *lines, guint start, guint end)
{
  gboolean is_change = differs (lines, start);
  guint run_end = start;

  while (run_end < end && differs (lines, run_end) == is_change)
    run_end++;
  for (guint i = start; i < run_end; i++)
    append_line (diff, is_change ? '-' : ' ', lines->before[i], get_ending (lines, i));
  for (guint i = start; i < run_end && is_change; i++)
    append_line (diff, '+', lines->after[i], get_ending (lines, i));
  return run_end;
}

static void
append_hunks (GString *diff, Lines *lines)
{
  /* What follows the last line end is no line. */
  lines->lacks_line_end = lines->n_lines > 0 && *lines->before[lines->n_lines - 1] != '\0';
  if (!lines->lacks_line_end && lines->n_lines > 0)
    lines->n_lines--;

  for (guint i = 0; i < lines->n_lines; i++)
    {
      if (!differs (lines, i))
        continue;

      guint start = i - MIN (i, lines->context);
      guint end = find_hunk_end (lines, i);
      g_string_append_printf (diff, "@@ -%u,%u +%u,%u @@\n", start + 1, end - start, start + 1,
                              end - start);
      while (start < end)
        start = append_run (diff, lines, start, end);
      i = end - 1;
    }
}

char *
steward_compose_edit_dup_diff (const GPtrArray *edits)
{
  g_autoptr (GString) diff = g_string_new (NULL);

  for (guint i = 0; i < edits->len; i++)
    {
      const StewardComposeEdit *edit = edits->pdata[i];
      guint n_lines_after;
      Lines lines = { .context = edit->kind == STEWARD_COMPOSE_FILE_ENV ? 0 : CONTEXT_LINES };

      lines.before = split_lines (edit->before, &lines.n_lines);
      lines.after = split_lines (edit->after, &n_lines_after);
      g_assert (lines.n_lines == n_lines_after);
      g_string_append_printf (diff, "--- %s\n+++ %s\n", edit->path, edit->path);
      append_hunks (diff, &lines);
      g_strfreev (lines.before);
      g_strfreev (lines.after);
    }
  return g_string_free (g_steal_pointer (&diff), FALSE);
}
