/* The reader of env files: statements of a key, `=` or `:`, and a value that is bare or quoted. */
#include "core/compose/env-file.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

typedef struct
{
  const char *start;
  const char *at;
  const char *end;
} Cursor;

typedef struct
{
  const char *start;
  const char *end;
  StewardEnvValueFlags flags;
} Value;

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static void
skip_blanks (Cursor *cursor)
{
  while (cursor->at < cursor->end && is_blank (*cursor->at))
    cursor->at++;
}

static const char *
find_line_end (const Cursor *cursor)
{
  const char *end = memchr (cursor->at, '\n', cursor->end - cursor->at);

  return end != NULL ? end : cursor->end;
}

/* Moves to the next statement, over empty lines and comments. Returns FALSE at the end. */
static gboolean
find_statement (Cursor *cursor)
{
  while (cursor->at < cursor->end)
    {
      if (*cursor->at == '#')
        cursor->at = find_line_end (cursor);
      else if (!is_blank (*cursor->at) && *cursor->at != '\n')
        return TRUE;
      else
        cursor->at++;
    }
  return FALSE;
}

static void
skip_export (Cursor *cursor)
{
  const char *word = "export";
  gsize length = strlen (word);

  if ((gsize)(cursor->end - cursor->at) <= length || memcmp (cursor->at, word, length) != 0
      || !is_blank (cursor->at[length]))
    return;
  cursor->at += length;
  skip_blanks (cursor);
}

/* Takes the key and its separator. @has_value is FALSE where the line holds a bare key, which names
 * a variable of the process. Returns NULL where this is no key. */
static char *
take_key (Cursor *cursor, gboolean *has_value)
{
  const char *start = cursor->at;

  while (cursor->at < cursor->end
         && (g_ascii_isalnum (*cursor->at) || strchr ("_.-[]", *cursor->at) != NULL))
    cursor->at++;
  if (cursor->at == start)
    return NULL;

  g_autofree char *key = g_strndup (start, cursor->at - start);
  skip_blanks (cursor);
  *has_value = cursor->at < cursor->end && *cursor->at != '\n';
  if (*has_value && *cursor->at != '=' && *cursor->at != ':')
    return NULL;
  if (cursor->at < cursor->end)
    cursor->at++;
  return g_steal_pointer (&key);
}

static gboolean
take_quoted (Cursor *cursor, Value *value)
{
  char quote = *cursor->at++;

  value->start = cursor->at;
  for (; cursor->at < cursor->end && *cursor->at != quote; cursor->at++)
    if (*cursor->at == '\\')
      {
        value->flags |= STEWARD_ENV_VALUE_ESCAPED;
        cursor->at++;
      }
  if (cursor->at >= cursor->end)
    return FALSE;
  value->end = cursor->at++;
  if (quote == '"' && memchr (value->start, '$', value->end - value->start) != NULL)
    value->flags |= STEWARD_ENV_VALUE_INTERPOLATED;
  return TRUE;
}

static void
take_bare (Cursor *cursor, Value *value)
{
  const char *line_end = find_line_end (cursor);
  const char *comment = g_strstr_len (cursor->at, line_end - cursor->at, " #");

  value->start = cursor->at;
  value->end = comment != NULL ? comment : line_end;
  while (value->end > value->start && is_blank (value->end[-1]))
    value->end--;
  if (memchr (value->start, '$', value->end - value->start) != NULL)
    value->flags |= STEWARD_ENV_VALUE_INTERPOLATED;
  if (memchr (value->start, '\\', value->end - value->start) != NULL)
    value->flags |= STEWARD_ENV_VALUE_ESCAPED;
  cursor->at = line_end;
}

static gboolean
take_value (Cursor *cursor, Value *value)
{
  skip_blanks (cursor);
  if (cursor->at < cursor->end && (*cursor->at == '"' || *cursor->at == '\''))
    return take_quoted (cursor, value);
  take_bare (cursor, value);
  return TRUE;
}

static void
env_value_free (StewardEnvValue *value)
{
  g_free (value->text);
  g_free (value);
}

GHashTable *
steward_env_values_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)env_value_free);
}

static gboolean
take_statement (Cursor *cursor, GHashTable *values, guint file)
{
  gboolean has_value = FALSE;
  Value value = { 0 };

  skip_export (cursor);
  g_autofree char *key = take_key (cursor, &has_value);
  if (key == NULL)
    return FALSE;
  if (!has_value)
    return TRUE;
  if (!take_value (cursor, &value))
    return FALSE;

  StewardEnvValue *entry = g_new0 (StewardEnvValue, 1);
  entry->file = file;
  entry->offset = value.start - cursor->start;
  entry->text = g_strndup (value.start, value.end - value.start);
  entry->flags = value.flags;
  g_hash_table_insert (values, g_steal_pointer (&key), entry);
  return TRUE;
}

static guint
count_lines (const char *start, const char *end)
{
  guint n_lines = 1;

  for (const char *at = start; at < end; at++)
    if (*at == '\n')
      n_lines++;
  return n_lines;
}

gboolean
steward_env_file_read (
    GHashTable *values, const char *path, GBytes *content, guint file, GError **error)
{
  gsize length;
  const char *bytes = g_bytes_get_data (content, &length);
  const char *text = bytes != NULL ? bytes : ""; /* an empty file has no bytes */
  Cursor cursor = { text, text, text + length };

  if (length >= strlen (BYTE_ORDER_MARK)
      && memcmp (text, BYTE_ORDER_MARK, strlen (BYTE_ORDER_MARK)) == 0)
    cursor.at += strlen (BYTE_ORDER_MARK);
  while (find_statement (&cursor))
    {
      const char *statement = cursor.at;
      if (take_statement (&cursor, values, file))
        continue;
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                   _ ("Line %u of the env file %s is not understood. Nothing was changed."),
                   count_lines (text, statement), path);
      return FALSE;
    }
  return TRUE;
}
