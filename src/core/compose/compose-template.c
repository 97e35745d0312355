/* `$NAME`, `${NAME}`, `${NAME:-default}` and their kin, nested as compose allows. Beside the
 * text it keeps where each piece stands, so that an edit finds the bytes behind a tag wherever
 * they are. */
#include "core/compose/compose-template.h"

#include <string.h>

#include "core/compose/env-file.h"

#define DEPTH_MAX 20
/* What an unknown value is taken for while the rest is understood. */
#define UNKNOWN "unknown"

typedef struct
{
  GHashTable *values;
  StewardComposeText *result;
  const char *variable; /* nullable: whose value is being expanded */
  guint depth;
} Expander;

/* `${name operator word}`; the word is empty where there is no operator. */
typedef struct
{
  char *name;
  const char *op;
  gsize op_length;
  const char *word;
  gsize word_length;
  const char *end; /* after the reference */
} Reference;

static gboolean expand (Expander *self, const StewardComposeSource *source);

static void
piece_free (StewardComposePiece *piece)
{
  g_free (piece->variable);
  g_free (piece);
}

static void
append (Expander *self, StewardComposePieceKind kind, const StewardComposeSource *source)
{
  if (source->length == 0)
    return;

  StewardComposePiece *piece = g_new0 (StewardComposePiece, 1);
  piece->kind = kind;
  piece->variable = g_strdup (self->variable);
  piece->file = source->file;
  piece->offset = source->offset;
  piece->length = source->length;
  g_ptr_array_add (self->result->pieces, piece);
  g_string_append_len (self->result->text, source->text, source->length);
}

/* The part of @source from @from to @to. */
static StewardComposeSource
cut (const StewardComposeSource *source, const char *from, const char *to)
{
  return (StewardComposeSource){ from, to - from, source->file,
                                 source->offset + (from - source->text) };
}

static gsize
get_name_length (const char *text, const char *end)
{
  const char *at = text;

  if (at < end && g_ascii_isdigit (*at))
    return 0;
  while (at < end && (g_ascii_isalnum (*at) || *at == '_'))
    at++;
  return at - text;
}

/* The brace that closes what begins at @text, over nested references. */
static const char *
find_closing (const char *text, const char *end)
{
  gsize depth = 0;

  for (const char *at = text; at < end; at++)
    {
      if (*at == '$' && at + 1 < end && at[1] == '{')
        depth++;
      else if (*at == '}' && depth-- == 0)
        return at;
    }
  return NULL;
}

static gboolean
parse_op (Reference *reference, const char *at, const char *closing)
{
  reference->op = at;
  reference->op_length = at < closing && *at == ':' ? 2 : at < closing ? 1 : 0;
  if ((gsize)(closing - at) < reference->op_length)
    return FALSE;
  reference->word = at + reference->op_length;
  reference->word_length = closing - reference->word;
  return reference->op_length == 0 || strchr ("-?+", reference->word[-1]) != NULL;
}

/* @at stands after the dollar sign. */
static gboolean
parse_reference (Reference *reference, const char *at, const char *end)
{
  gboolean has_brace = at < end && *at == '{';
  gsize length = get_name_length (at + has_brace, end);

  if (length == 0)
    return FALSE;
  at += has_brace;
  reference->name = g_strndup (at, length);
  reference->end = at + length;
  if (!has_brace)
    return TRUE;

  const char *closing = find_closing (at + length, end);
  reference->end = closing != NULL ? closing + 1 : end;
  return closing != NULL && parse_op (reference, at + length, closing);
}

static gboolean
expand_value (Expander *self, const StewardEnvValue *value, const char *name)
{
  const StewardComposeSource source = { value->text, strlen (value->text), value->file,
                                        value->offset };
  const char *outer = self->variable;
  gboolean success = TRUE;

  self->variable = name;
  if ((value->flags & STEWARD_ENV_VALUE_ESCAPED) != 0)
    append (self, STEWARD_COMPOSE_PIECE_ESCAPED, &source);
  else if ((value->flags & STEWARD_ENV_VALUE_INTERPOLATED) != 0)
    success = expand (self, &source);
  else
    append (self, STEWARD_COMPOSE_PIECE_LITERAL, &source);
  self->variable = outer;
  return success;
}

static void
append_unknown (Expander *self, const char *name)
{
  const StewardComposeSource source = { UNKNOWN, strlen (UNKNOWN), 0, 0 };
  const char *outer = self->variable;

  self->variable = name;
  append (self, STEWARD_COMPOSE_PIECE_UNSET, &source);
  self->variable = outer;
}

static gboolean
expand_reference (Expander *self, const StewardComposeSource *source, const Reference *reference)
{
  const StewardEnvValue *value = g_hash_table_lookup (self->values, reference->name);
  gboolean is_set = value != NULL && (reference->op_length < 2 || *value->text != '\0');
  char op = reference->op_length > 0 ? reference->word[-1] : '\0';
  gboolean uses_word = (op == '-' && !is_set) || (op == '+' && is_set);

  if (uses_word)
    {
      StewardComposeSource word =
          cut (source, reference->word, reference->word + reference->word_length);
      return expand (self, &word);
    }
  if (op == '+')
    return TRUE;
  if (value != NULL && (is_set || op != '?'))
    return expand_value (self, value, reference->name);
  append_unknown (self, reference->name);
  return TRUE;
}

/* Expands the reference at @dollar; returns where to go on, or NULL. */
static const char *
expand_dollar (Expander *self, const StewardComposeSource *source, const char *dollar)
{
  const char *end = source->text + source->length;
  Reference reference = { 0 };

  if (dollar + 1 < end && dollar[1] == '$')
    {
      StewardComposeSource escaped = cut (source, dollar, dollar + 1);
      append (self, STEWARD_COMPOSE_PIECE_ESCAPED, &escaped);
      return dollar + 2;
    }

  gboolean success =
      parse_reference (&reference, dollar + 1, end) && expand_reference (self, source, &reference);
  g_free (reference.name);
  return success ? reference.end : NULL;
}

static gboolean
expand (Expander *self, const StewardComposeSource *source)
{
  const char *at = source->text, *end = source->text + source->length;

  if (self->depth >= DEPTH_MAX)
    return FALSE;
  self->depth++;
  while (at != NULL && at < end)
    {
      const char *dollar = memchr (at, '$', end - at);
      StewardComposeSource plain = cut (source, at, dollar != NULL ? dollar : end);

      append (self, STEWARD_COMPOSE_PIECE_LITERAL, &plain);
      at = dollar != NULL ? expand_dollar (self, source, dollar) : end;
    }
  self->depth--;
  return at != NULL;
}

StewardComposeText *
steward_compose_template_expand (const StewardComposeSource *source, GHashTable *values)
{
  g_autoptr (StewardComposeText) result = g_new0 (StewardComposeText, 1);
  Expander self = { .values = values, .result = result };

  result->text = g_string_new (NULL);
  result->pieces = g_ptr_array_new_with_free_func ((GDestroyNotify)piece_free);
  return expand (&self, source) ? g_steal_pointer (&result) : NULL;
}

void
steward_compose_text_free (StewardComposeText *self)
{
  if (self == NULL)
    return;
  g_string_free (self->text, TRUE);
  g_ptr_array_unref (self->pieces);
  g_free (self);
}
