/* Env files as compose reads them for interpolation: which variable has which value, and where the
 * value stands in the bytes. Seen with compose 2.26.1 and 2.40.3, whose reader is
 * https://github.com/compose-spec/compose-go/tree/main/dotenv */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * StewardEnvValue:
 * @file: the caller's number of the file
 * @offset: of the value in the file's bytes, without quotes
 * @text: the value as written; a secret
 * @flags: what compose does to the value
 */
typedef enum
{
  STEWARD_ENV_VALUE_NONE = 0,
  STEWARD_ENV_VALUE_INTERPOLATED = 1 << 0, /* `$` names other variables in it */
  STEWARD_ENV_VALUE_ESCAPED = 1 << 1,      /* has backslashes: the value is not what is written */
} StewardEnvValueFlags;

typedef struct
{
  guint file;
  gsize offset;
  char *text;
  StewardEnvValueFlags flags;
} StewardEnvValue;

/** steward_env_values_new: Returns: (transfer full) (element-type utf8 StewardEnvValue): an empty
 * table */
GHashTable *steward_env_values_new (void);

/**
 * steward_env_file_read:
 * @values: table from steward_env_values_new(); the file's variables are added, later ones replace
 *   earlier ones
 * @path: for messages
 * @file: number that is noted in the values
 *
 * Returns: whether the file was understood; else %STEWARD_ERROR_INVALID, the message says the line
 */
gboolean steward_env_file_read (
    GHashTable *values, const char *path, GBytes *content, guint file, GError **error);

G_END_DECLS
