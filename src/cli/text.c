/* Cleaning first: names, tags, paths and tool output reach a terminal through these. */
#include "cli/text.h"

#include <glib/gi18n-lib.h>

#define MAX_COLUMNS 8
#define GAP 2

struct _StewardCliTable
{
  GPtrArray *rows; /* of GStrv, owned */
  guint widths[MAX_COLUMNS];
};

static gboolean
turns_direction (gunichar c)
{
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E)
         || (c >= 0x2066 && c <= 0x2069);
}

static gboolean
is_break (gunichar c)
{
  return c == '\n' || c == '\t' || c == 0x2028 || c == 0x2029;
}

static char *
clean (const char *text, const char *instead_of_break)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *result = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (is_break (c) && (instead_of_break != NULL || c > 0x7F))
        g_string_append (result, instead_of_break != NULL ? instead_of_break : " ");
      else if (is_break (c) || !(g_unichar_iscntrl (c) || turns_direction (c)))
        g_string_append_unichar (result, c);
    }
  return g_string_free (result, FALSE);
}

char *
steward_cli_text_clean (const char *text)
{
  return clean (text, NULL);
}

char *
steward_cli_text_clean_line (const char *text)
{
  return clean (text, " ");
}

guint
steward_cli_text_get_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (!g_unichar_iszerowidth (c))
        width += g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

char *
steward_cli_text_format_time (gint64 unix_s)
{
  g_autoptr (GDateTime) time = unix_s != 0 ? g_date_time_new_from_unix_local (unix_s) : NULL;

  return time != NULL ? g_date_time_format (time, "%x %X") : g_strdup ("–");
}

char *
steward_cli_text_format_span (gint64 span_ms)
{
  gint64 span_s = span_ms / 1000;

  if (span_s < 10)
    return g_strdup_printf (_ ("%.1f s"), span_ms / 1000.0);
  if (span_s < 60)
    return g_strdup_printf (_ ("%d s"), (int)span_s);
  if (span_s < 3600)
    return g_strdup_printf (_ ("%d min %02d s"), (int)(span_s / 60), (int)(span_s % 60));
  return g_strdup_printf (_ ("%d h %02d min"), (int)(span_s / 3600), (int)(span_s / 60 % 60));
}

char *
steward_cli_text_format_postgres (guint64 version)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT, version / 10000,
                          version % 10000);
}

StewardCliTable *
steward_cli_table_new (void)
{
  StewardCliTable *table = g_new0 (StewardCliTable, 1);

  table->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  return table;
}

void
steward_cli_table_free (StewardCliTable *table)
{
  g_ptr_array_unref (table->rows);
  g_free (table);
}

void
steward_cli_table_add (StewardCliTable *table, const char *const *cells, guint count)
{
  char **row = g_new0 (char *, count + 1);

  g_return_if_fail (count <= MAX_COLUMNS);
  for (guint i = 0; i < count; i++)
    {
      row[i] = cells[i] != NULL ? steward_cli_text_clean_line (cells[i]) : g_strdup ("–");
      table->widths[i] = MAX (table->widths[i], steward_cli_text_get_width (row[i]));
    }
  g_ptr_array_add (table->rows, row);
}

void
steward_cli_table_add_pair (StewardCliTable *table, const char *name, const char *value)
{
  const char *const cells[] = { name, value };

  steward_cli_table_add (table, cells, G_N_ELEMENTS (cells));
}

void
steward_cli_table_print (const StewardCliTable *table, guint indent, GString *text)
{
  for (guint i = 0; i < table->rows->len; i++)
    {
      char **row = table->rows->pdata[i];
      g_string_append_printf (text, "%*s", (int)indent, "");
      for (guint j = 0; row[j] != NULL; j++)
        {
          int padding = table->widths[j] + GAP - steward_cli_text_get_width (row[j]);
          g_string_append_printf (text, "%s%*s", row[j], row[j + 1] != NULL ? padding : 0, "");
        }
      g_string_append_c (text, '\n');
    }
}
