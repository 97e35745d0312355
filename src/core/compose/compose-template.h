/* Values of compose files with variables in them: what they come to, and which byte comes from
 * which file. Source of the forms: https://docs.docker.com/reference/compose-file/interpolation/
 * Used by the other files of this folder only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  STEWARD_COMPOSE_PIECE_LITERAL, /* stands so in a file */
  STEWARD_COMPOSE_PIECE_ESCAPED, /* stands in a file in another spelling */
  STEWARD_COMPOSE_PIECE_UNSET, /* from a variable that no file sets; stands for its unknown value */
} StewardComposePieceKind;

/**
 * StewardComposePiece:
 * @variable: (nullable): name of the variable that it comes from
 * @file: the caller's number of the file; and @offset: of the bytes in it; only where literal
 */
typedef struct
{
  StewardComposePieceKind kind;
  char *variable;
  guint file;
  gsize offset;
  gsize length;
} StewardComposePiece;

/**
 * StewardComposeText:
 * @text: the value, variables replaced
 * @pieces: (element-type StewardComposePiece): in order, of @text's length altogether
 */
typedef struct
{
  GString *text;
  GPtrArray *pieces;
} StewardComposeText;

/** StewardComposeSource: bytes of a value, and where they stand */
typedef struct
{
  const char *text;
  gsize length;
  guint file;
  gsize offset;
} StewardComposeSource;

/**
 * steward_compose_template_expand:
 * @values: (element-type utf8 StewardEnvValue): variables that files set
 *
 * Returns: (transfer full) (nullable): what @source comes to, or %NULL where compose would refuse
 * it
 */
StewardComposeText *steward_compose_template_expand (const StewardComposeSource *source,
                                                     GHashTable *values);
void steward_compose_text_free (StewardComposeText *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardComposeText, steward_compose_text_free)

G_END_DECLS
