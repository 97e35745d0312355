/* Cuts SQL into words and looks for statements that destroy. No parser: the words that begin an
 * action are enough to tell, and whatever is unknown is left to the reader. */
#include "core/probe/sql-risk.h"

#include <string.h>

#define MAX_EXCERPT_CHARACTERS 120
#define MAX_EXCERPT_BYTES 2048
#define MAX_DEPTH 4

/* A word (upper case), a quoted name ("), a literal ('), a dollar-quoted body ($) or a sign. */
typedef struct
{
  char *text;        /* owned */
  const char *start; /* borrowed from the SQL */
  const char *end;
  guint depth; /* of round brackets */
} Token;

static void
token_clear (gpointer data)
{
  Token *token = data;

  g_free (token->text);
}

static void
risk_free (gpointer data)
{
  StewardSqlRisk *risk = data;

  g_free (risk->kind);
  g_free (risk->excerpt);
  g_free (risk);
}

static gboolean
is_word_start (char c)
{
  return g_ascii_isalpha (c) || c == '_' || (guchar)c >= 0x80;
}

static gboolean
is_word (char c)
{
  return is_word_start (c) || g_ascii_isdigit (c) || c == '$';
}

/* Comments nest in PostgreSQL. */
static const char *
skip_block_comment (const char *c)
{
  guint depth = 0;

  while (*c != '\0')
    {
      gboolean opens = g_str_has_prefix (c, "/*"), closes = g_str_has_prefix (c, "*/");
      c += opens || closes ? 2 : 1;
      depth = depth + opens - closes;
      if (depth == 0)
        return c;
    }
  return c;
}

static const char *
skip_blanks (const char *c)
{
  for (;;)
    {
      if (g_ascii_isspace (*c))
        c++;
      else if (g_str_has_prefix (c, "--"))
        c += strcspn (c, "\n");
      else if (g_str_has_prefix (c, "/*"))
        c = skip_block_comment (c);
      else
        return c;
    }
}

/* Past the closing quote; a doubled quote reads as two literals, which changes nothing here. */
static const char *
skip_quoted (const char *c, gboolean has_backslashes)
{
  char quote = *c++;

  for (; *c != '\0' && *c != quote; c++)
    if (has_backslashes && *c == '\\' && c[1] != '\0')
      c++;
  return *c == quote ? c + 1 : c;
}

/* Past `$tag$ … $tag$`, or @c where that is no dollar quote. */
static const char *
skip_dollar_quoted (const char *c)
{
  const char *tag_end = c + 1;

  while (is_word (*tag_end) && *tag_end != '$')
    tag_end++;
  if (*tag_end != '$' || g_ascii_isdigit (c[1]))
    return c;

  g_autofree char *tag = g_strndup (c, tag_end + 1 - c);
  const char *close = strstr (tag_end + 1, tag);
  return close != NULL ? close + strlen (tag) : c + strlen (c);
}

static const char *
read_token (const char *c, Token *token)
{
  const char *end = c;

  if (is_word_start (*c))
    {
      while (is_word (*end))
        end++;
      token->text = g_ascii_strup (c, end - c);
      if (*end == '\'' && strcmp (token->text, "E") == 0)
        {
          g_free (token->text);
          token->text = g_strdup ("'");
          return skip_quoted (end, TRUE);
        }
      return end;
    }

  token->text = g_strndup (c, 1);
  if (*c == '\'' || *c == '"')
    return skip_quoted (c, FALSE);
  if (*c == '$')
    end = skip_dollar_quoted (c);
  return end == c ? c + 1 : end;
}

/* The tokens of one statement, without what ends it: a semicolon, in the body of DO also the words
 * of PL/pgSQL before a statement. @sql moves behind it. */
static GArray *
read_statement (const char **sql, gboolean in_body)
{
  static const char *const openers[] = { "BEGIN", "THEN", "ELSE", "LOOP", NULL };
  GArray *tokens = g_array_new (TRUE, TRUE, sizeof (Token));
  guint depth = 0;

  g_array_set_clear_func (tokens, token_clear);
  for (const char *c = skip_blanks (*sql); *c != '\0'; c = skip_blanks (c))
    {
      Token token = { .start = c };

      c = token.end = read_token (c, &token);
      *sql = c;
      if (strcmp (token.text, ")") == 0 && depth > 0)
        depth--;
      token.depth = depth;
      if (strcmp (token.text, "(") == 0)
        depth++;
      if (strcmp (token.text, ";") == 0 || (in_body && g_strv_contains (openers, token.text)))
        {
          token_clear (&token);
          return tokens;
        }
      g_array_append_val (tokens, token);
    }

  *sql += strlen (*sql);
  return tokens;
}

static const char *
word (GArray *tokens, guint i)
{
  return i < tokens->len ? g_array_index (tokens, Token, i).text : "";
}

static gboolean
is (GArray *tokens, guint i, const char *expected)
{
  return strcmp (word (tokens, i), expected) == 0;
}

static gboolean
is_any (GArray *tokens, guint i, const char *const *expected)
{
  return g_strv_contains (expected, word (tokens, i));
}

static char *
dup_excerpt (GArray *tokens)
{
  const Token *first = &g_array_index (tokens, Token, 0);
  const Token *last = &g_array_index (tokens, Token, tokens->len - 1);
  g_autofree char *raw =
      g_utf8_make_valid (first->start, MIN (last->end - first->start, MAX_EXCERPT_BYTES));
  GString *line = g_string_new (NULL);
  glong n_characters = 0;

  for (const char *c = raw; *c != '\0' && n_characters < MAX_EXCERPT_CHARACTERS; n_characters++)
    {
      gunichar unit = g_utf8_get_char (c);
      gboolean is_blank = g_unichar_isspace (unit) || g_unichar_iscntrl (unit);
      if (!is_blank)
        g_string_append_unichar (line, unit);
      else if (line->len > 0 && line->str[line->len - 1] != ' ')
        g_string_append_c (line, ' ');
      c = g_utf8_next_char (c);
    }
  if (n_characters == MAX_EXCERPT_CHARACTERS)
    g_string_append (line, "…");
  return g_string_free (line, FALSE);
}

static void
add_risk (GPtrArray *risks, GArray *tokens, const char *kind)
{
  StewardSqlRisk *risk = g_new0 (StewardSqlRisk, 1);

  risk->kind = g_strdup (kind);
  risk->excerpt = dup_excerpt (tokens);
  g_ptr_array_add (risks, risk);
}

static void
find_drop (GPtrArray *risks, GArray *tokens)
{
  static const char *const holders[] = { "TABLE",    "SCHEMA",     "TYPE",      "DOMAIN",
                                         "DATABASE", "SEQUENCE",   "EXTENSION", "OWNED",
                                         "FOREIGN",  "TABLESPACE", NULL };

  if (!is_any (tokens, 1, holders) && !is (tokens, tokens->len - 1, "CASCADE"))
    return;

  g_autofree char *kind = g_strconcat ("DROP ", word (tokens, 1), NULL);
  add_risk (risks, tokens, kind);
}

/* Deleting is a part of other statements too: WITH … AS (DELETE FROM …), MERGE … THEN DELETE. */
static void
find_delete (GPtrArray *risks, GArray *tokens)
{
  for (guint i = 0; i < tokens->len; i++)
    if (is (tokens, i, "DELETE")
        && (i == 0 || is (tokens, i + 1, "FROM") || is (tokens, i - 1, "THEN")))
      {
        add_risk (risks, tokens, "DELETE");
        return;
      }
}

/* Whether every value of any type fits: text without a length, and without an expression of its
 * own. */
static gboolean
is_lossless_type (GArray *tokens, guint i)
{
  guint end = i + 1;

  if (is (tokens, i, "CHARACTER") && is (tokens, i + 1, "VARYING"))
    end = i + 2;
  else if (!is (tokens, i, "TEXT") && !is (tokens, i, "VARCHAR"))
    return FALSE;
  return end >= tokens->len || is (tokens, end, ",");
}

/* One action of ALTER TABLE or ALTER TYPE that begins at @i. Source of the grammar: PostgreSQL's
 * pages ALTER TABLE and ALTER TYPE. */
static const char *
judge_action (GArray *tokens, guint i)
{
  if (is (tokens, i, "DROP"))
    {
      if (is (tokens, i + 1, "CONSTRAINT"))
        return NULL;
      return is (tokens, i + 1, "ATTRIBUTE") ? "DROP ATTRIBUTE" : "DROP COLUMN";
    }
  if (!is (tokens, i, "ALTER"))
    return NULL;

  gboolean has_filler = is (tokens, i + 1, "COLUMN")
                        || (is (tokens, i + 1, "ATTRIBUTE") && !is (tokens, i + 2, "TYPE"));
  guint type = has_filler ? i + 3 : i + 2;
  if (is (tokens, type, "SET") && is (tokens, type + 1, "DATA"))
    type += 2;
  if (!is (tokens, type, "TYPE") || is_lossless_type (tokens, type + 1))
    return NULL;
  return "ALTER COLUMN TYPE";
}

/* The first action of ALTER [FOREIGN] TABLE [IF EXISTS] [ONLY] name [*], or of ALTER TYPE name. */
static guint
find_first_action (GArray *tokens)
{
  guint i = is (tokens, 1, "FOREIGN") ? 3 : 2;

  if (is (tokens, i, "IF") && is (tokens, i + 1, "EXISTS"))
    i += 2;
  if (is (tokens, i, "ONLY"))
    i++;
  while (is (tokens, i + 1, "."))
    i += 2;
  return is (tokens, i + 1, "*") ? i + 2 : i + 1;
}

static void
find_alter (GPtrArray *risks, GArray *tokens)
{
  static const char *const altered[] = { "TABLE", "TYPE", "FOREIGN", NULL };

  if (!is_any (tokens, 1, altered))
    return;

  for (guint i = find_first_action (tokens); i < tokens->len; i++)
    {
      const char *kind = judge_action (tokens, i);
      if (kind != NULL)
        add_risk (risks, tokens, kind);
      while (i < tokens->len
             && !(is (tokens, i, ",") && g_array_index (tokens, Token, i).depth == 0))
        i++;
    }
}

static void find_risks (GPtrArray *risks, const char *sql, guint depth);

/* The bodies of DO run, so they count. */
static void
find_in_bodies (GPtrArray *risks, GArray *tokens, guint depth)
{
  for (guint i = 0; i < tokens->len; i++)
    {
      const Token *token = &g_array_index (tokens, Token, i);
      if (*token->text != '$' || token->end - token->start < 4)
        continue;

      gsize tag_length = strcspn (token->start + 1, "$") + 2;
      const char *start = token->start + tag_length;
      g_autofree char *body = g_strndup (start, MAX (token->end - start, 0));
      find_risks (risks, body, depth + 1);
    }
}

static void
find_risks (GPtrArray *risks, const char *sql, guint depth)
{
  if (depth > MAX_DEPTH)
    return;

  while (*sql != '\0')
    {
      g_autoptr (GArray) tokens = read_statement (&sql, depth > 0);

      if (is (tokens, 0, "DROP"))
        find_drop (risks, tokens);
      else if (is (tokens, 0, "TRUNCATE"))
        add_risk (risks, tokens, "TRUNCATE");
      else if (is (tokens, 0, "ALTER"))
        find_alter (risks, tokens);
      else if (is (tokens, 0, "DO"))
        find_in_bodies (risks, tokens, depth);
      find_delete (risks, tokens);
    }
}

GPtrArray *
steward_sql_find_risks (const char *sql)
{
  GPtrArray *risks = g_ptr_array_new_with_free_func (risk_free);

  find_risks (risks, sql, 0);
  return risks;
}
