/* Parsing of what `migrate` prints, and the verdict on a run. The SQL itself is read in
 * sql-risk.c. */
#include "core/probe/migration-output.h"

#include "core/base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Longer lines are cut before they are looked at; no file name or message needs more. */
#define MAX_LINE_BYTES 4096
#define MAX_MESSAGE_BYTES 16384

#define OK_MARK "✔"
#define KO_MARK "✘"

static void
migration_free (gpointer data)
{
  StewardMigration *migration = data;

  g_free (migration->file);
  g_free (migration->name);
  g_free (migration->message);
  g_free (migration);
}

void
steward_migration_output_free (StewardMigrationOutput *output)
{
  if (output == NULL)
    return;
  g_ptr_array_unref (output->migrations);
  g_free (output->error);
  g_free (output);
}

/* Bytes of the escape sequence at @text, zero where there is none (ECMA-48: CSI, or two bytes). */
static gsize
escape_length (const char *text)
{
  if (text[0] != '\033')
    return 0;
  if (text[1] != '[')
    return text[1] >= 0x20 && text[1] <= 0x7e ? 2 : 1;

  gsize length = 2;
  while (text[length] >= 0x20 && text[length] <= 0x3f)
    length++;
  return text[length] >= 0x40 && text[length] <= 0x7e ? length + 1 : length;
}

/* A line as valid UTF-8 without escapes, control characters and blanks at its end. */
static char *
clean_line (const char *bytes, gsize size)
{
  g_autofree char *valid = g_utf8_make_valid (bytes, MIN (size, MAX_LINE_BYTES));
  GString *clean = g_string_new (NULL);

  for (const char *c = valid; *c != '\0';)
    {
      gsize skip = escape_length (c);
      if (skip == 0 && !g_unichar_iscntrl (g_utf8_get_char (c)))
        g_string_append_len (clean, c, g_utf8_next_char (c) - c);
      c = skip > 0 ? c + skip : g_utf8_next_char (c);
    }

  return g_strchomp (g_string_free (clean, FALSE));
}

static gboolean
parse_state (const char *text, StewardMigrationState *state, const char **message)
{
  *message = NULL;
  if (strcmp (text, "(already applied)") == 0)
    *state = STEWARD_MIGRATION_APPLIED;
  else if (strcmp (text, OK_MARK) == 0)
    *state = STEWARD_MIGRATION_DONE;
  else if (g_str_has_prefix (text, KO_MARK))
    {
      const char *rest = text + strlen (KO_MARK);
      *state = STEWARD_MIGRATION_FAILED;
      *message = g_str_has_prefix (rest, ": ") ? rest + 2 : rest;
    }
  else
    return FALSE;
  return TRUE;
}

/* `NNNN_name.sql STATE`; NULL where the line is something else. */
static StewardMigration *
parse_migration (const char *line)
{
  gsize n_digits = strspn (line, "0123456789");
  const char *space = strchr (line, ' ');
  StewardMigrationState state;
  const char *message = NULL;

  if (n_digits < 4 || n_digits > 9 || line[n_digits] != '_' || space == NULL)
    return NULL;

  g_autofree char *file = g_strndup (line, space - line);
  gsize name_length = strlen (file) - n_digits - 1;
  if (!g_str_has_suffix (file, ".sql") || name_length <= strlen (".sql")
      || !parse_state (space + 1, &state, &message))
    return NULL;

  StewardMigration *migration = g_new0 (StewardMigration, 1);
  migration->id = (guint)g_ascii_strtoull (file, NULL, 10);
  migration->name = g_strndup (file + n_digits + 1, name_length - strlen (".sql"));
  migration->file = g_steal_pointer (&file);
  migration->state = state;
  migration->message = g_strdup (message);
  return migration;
}

/* A message of PostgreSQL goes on over several lines (DETAIL, HINT). */
static void
append_line (char **text, const char *line)
{
  if (strlen (*text) + strlen (line) > MAX_MESSAGE_BYTES)
    return;

  char *joined = g_strconcat (*text, "\n", line, NULL);
  g_free (*text);
  *text = joined;
}

/* Takes one line in. Returns the text that a following unknown line would continue, or NULL. */
static char **
take_line (StewardMigrationOutput *output, const char *line, char **open_text)
{
  if (*line == '\0')
    return open_text;

  if (g_str_has_prefix (line, "Migrate "))
    {
      const char *mark = line + strlen ("Migrate ");
      if (strcmp (mark, OK_MARK) == 0)
        output->head = STEWARD_MIGRATION_HEAD_OK;
      else if (strcmp (mark, KO_MARK) == 0)
        output->head = STEWARD_MIGRATION_HEAD_KO;
      return NULL;
    }

  if (g_str_has_prefix (line, "Error: ") && output->error == NULL && open_text == NULL)
    {
      output->error = g_strdup (line + strlen ("Error: "));
      return &output->error;
    }

  StewardMigration *migration = parse_migration (line);
  if (migration != NULL)
    {
      g_ptr_array_add (output->migrations, migration);
      return migration->message != NULL ? &migration->message : NULL;
    }

  if (open_text != NULL)
    append_line (open_text, line);
  return open_text;
}

StewardMigrationOutput *
steward_migration_output_parse (const char *bytes, gsize size)
{
  StewardMigrationOutput *output = g_new0 (StewardMigrationOutput, 1);
  char **open_text = NULL;

  output->migrations = g_ptr_array_new_with_free_func (migration_free);

  for (gsize start = 0; start < size;)
    {
      gsize end = start;
      while (end < size && bytes[end] != '\n' && bytes[end] != '\r')
        end++;

      g_autofree char *line = clean_line (bytes + start, end - start);
      guint n_known = output->migrations->len;
      open_text = take_line (output, line, open_text);
      output->torn = end == size && *line != '\0' && output->migrations->len == n_known;
      start = end + 1;
    }

  return output;
}

GPtrArray *
steward_migration_output_dup_pending (const StewardMigrationOutput *dry_run)
{
  GPtrArray *pending = g_ptr_array_new ();

  for (guint i = 0; i < dry_run->migrations->len; i++)
    {
      StewardMigration *migration = g_ptr_array_index (dry_run->migrations, i);
      if (migration->state == STEWARD_MIGRATION_DONE)
        g_ptr_array_add (pending, migration);
    }
  return pending;
}

static gboolean
check_head (const StewardMigrationOutput *output, GError **error)
{
  if (output->head == STEWARD_MIGRATION_HEAD_OK)
    return TRUE;

  if (output->error != NULL)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
                 _ ("The migration command of the server's image failed: %s"), output->error);
  else
    g_set_error_literal (
        error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
        _ ("The migration command of the server's image ended before it was through, "
           "without saying why."));
  return FALSE;
}

gboolean
steward_migration_output_check (const StewardMigrationOutput *output, GError **error)
{
  if (!check_head (output, error))
    return FALSE;

  if (output->migrations->len == 0)
    {
      g_set_error_literal (
          error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
          _ ("The migration command of the server's image listed no migration at all."));
      return FALSE;
    }

  if (output->torn)
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                           _ ("The list of migrations breaks off in the middle of a line."));
      return FALSE;
    }

  for (guint i = 0; i < output->migrations->len; i++)
    {
      const StewardMigration *migration = g_ptr_array_index (output->migrations, i);
      if (migration->id == i + 1)
        continue;
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                   _ ("The list of migrations is not in one piece: number %u was expected, and %s "
                      "is there."),
                   i + 1, migration->file);
      return FALSE;
    }
  return TRUE;
}

static const StewardMigration *
find_migration (GPtrArray *migrations, const char *file)
{
  for (guint i = 0; i < migrations->len; i++)
    {
      const StewardMigration *migration = g_ptr_array_index (migrations, i);
      if (strcmp (migration->file, file) == 0)
        return migration;
    }
  return NULL;
}

static gboolean
has_row (const StewardMigrationRow *rows, gsize n_rows, guint id, const char *name)
{
  for (gsize i = 0; i < n_rows; i++)
    if (rows[i].id == id && strcmp (rows[i].name, name) == 0)
      return TRUE;
  return FALSE;
}

/* The lines of the run: none failed, a green head. */
static gboolean
check_run (const StewardMigrationOutput *run, GError **error)
{
  for (guint i = 0; i < run->migrations->len; i++)
    {
      const StewardMigration *migration = g_ptr_array_index (run->migrations, i);
      if (migration->state != STEWARD_MIGRATION_FAILED)
        continue;
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED, _ ("Migration %s failed: %s"),
                   migration->file, migration->message);
      return FALSE;
    }
  return check_head (run, error);
}

static gboolean
fail (GError **error, const char *sentence)
{
  g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_FAILED, sentence);
  return FALSE;
}

/* One announced migration: not there before, said to be done, there now. */
static gboolean
check_announced (const StewardMigrationEvidence *evidence,
                 const StewardMigration *wanted,
                 GError **error)
{
  const StewardMigration *said = find_migration (evidence->run->migrations, wanted->file);
  g_autofree char *sentence = NULL;

  if (has_row (evidence->before, evidence->n_before, wanted->id, wanted->name))
    sentence = g_strdup_printf (
        _ ("Migration %s was announced as pending, but the database had it already."),
        wanted->file);
  else if (said == NULL)
    sentence = g_strdup_printf (_ ("Migration %s was announced, but the run did not mention it."),
                                wanted->file);
  else if (said->state != STEWARD_MIGRATION_DONE)
    sentence = g_strdup_printf (
        _ ("Migration %s was announced as pending, but somebody else applied it meanwhile."),
        wanted->file);
  else if (!has_row (evidence->after, evidence->n_after, wanted->id, wanted->name))
    sentence = g_strdup_printf (
        _ ("Migration %s was reported as applied, but the database does not have it."),
        wanted->file);

  return sentence == NULL || fail (error, sentence);
}

/* One migration that the run reports as applied: it was announced. */
static gboolean
check_reported (GPtrArray *pending, const StewardMigration *said, GError **error)
{
  if (said->state != STEWARD_MIGRATION_DONE || find_migration (pending, said->file) != NULL)
    return TRUE;

  g_autofree char *sentence =
      g_strdup_printf (_ ("Migration %s was applied, but had not been announced."), said->file);
  return fail (error, sentence);
}

/* The table beyond the announced ones: no row vanished. */
static gboolean
check_kept (const StewardMigrationEvidence *evidence,
            const StewardMigrationRow *row,
            GError **error)
{
  if (has_row (evidence->after, evidence->n_after, row->id, row->name))
    return TRUE;

  g_autofree char *sentence =
      g_strdup_printf (_ ("Migration %04u_%s was in the database before the run and is no longer."),
                       row->id, row->name);
  return fail (error, sentence);
}

/* And none came that nobody announced. */
static gboolean
check_new (const StewardMigrationEvidence *evidence,
           GPtrArray *pending,
           const StewardMigrationRow *row,
           GError **error)
{
  g_autofree char *file = g_strdup_printf ("%04u_%s.sql", row->id, row->name);

  if (has_row (evidence->before, evidence->n_before, row->id, row->name)
      || find_migration (pending, file) != NULL)
    return TRUE;

  g_autofree char *sentence = g_strdup_printf (
      _ ("Migration %s is in the database after the run, but had not been announced."), file);
  return fail (error, sentence);
}

gboolean
steward_migration_verdict (const StewardMigrationEvidence *evidence, GError **error)
{
  g_autoptr (GPtrArray) pending = steward_migration_output_dup_pending (evidence->announced);
  GPtrArray *said = evidence->run->migrations;

  if (!check_run (evidence->run, error))
    return FALSE;
  for (guint i = 0; i < pending->len; i++)
    if (!check_announced (evidence, g_ptr_array_index (pending, i), error))
      return FALSE;
  for (guint i = 0; i < said->len; i++)
    if (!check_reported (pending, g_ptr_array_index (said, i), error))
      return FALSE;
  for (gsize i = 0; i < evidence->n_before; i++)
    if (!check_kept (evidence, &evidence->before[i], error))
      return FALSE;
  for (gsize i = 0; i < evidence->n_after; i++)
    if (!check_new (evidence, pending, &evidence->after[i], error))
      return FALSE;
  return TRUE;
}
