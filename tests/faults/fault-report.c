/* A table in Markdown, a line a fault, in the order in which they were first tried. */
#include "fault-report.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *name;
  guint n_times;
  GString *broken;
} Line;

static GPtrArray *lines; /* (element-type Line) (nullable) */

static Line *
find_line (const char *name)
{
  for (guint i = 0; i < lines->len; i++)
    if (g_str_equal (((Line *)lines->pdata[i])->name, name))
      return lines->pdata[i];

  Line *line = g_new0 (Line, 1);
  line->name = g_strdup (name);
  line->broken = g_string_new (NULL);
  g_ptr_array_add (lines, line);
  return line;
}

void
fault_report_add (const char *name, const char *broken)
{
  if (lines == NULL)
    lines = g_ptr_array_new ();
  Line *line = find_line (name);

  line->n_times++;
  g_string_append (line->broken, broken);
}

/* What was not looked at has no word. */
static void
append_line (GString *text, const Line *line)
{
  g_string_append_printf (text, "| %s | %u |", line->name, line->n_times);
  for (const char *letter = "ABCDE"; *letter != '\0'; letter++)
    g_string_append (text,
                     strchr (line->broken->str, *letter) != NULL ? " **broken** |" : " held |");
  g_string_append_c (text, '\n');
}

void
fault_report_write (const char *file, const char *title)
{
  g_autofree char *name = g_strconcat (file, ".md", NULL);
  g_autofree char *path = g_build_filename (FAULTS_FOLDER, name, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "## %s\n\n| fault | times | A | B | C | D | E |\n", title);
  g_string_append (text, "| --- | --- | --- | --- | --- | --- | --- |\n");
  for (guint i = 0; lines != NULL && i < lines->len; i++)
    append_line (text, lines->pdata[i]);
  g_string_append_c (text, '\n');
  g_assert_cmpint (g_mkdir_with_parents (FAULTS_FOLDER, 0755), ==, 0);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
}
