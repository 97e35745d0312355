/* The second look at an edit: both states are read afresh and compared. Shares no arithmetic with
 * the code that planned it. Used by compose-edit.c only. */
#pragma once

#include "core/compose/compose-edit.h"
#include "core/compose/compose-sources.h"

G_BEGIN_DECLS

/** StewardComposeChange: bytes of a file that are replaced by @text */
typedef struct
{
  guint file;
  gsize offset;
  gsize length;
  char *text;
} StewardComposeChange;

/**
 * StewardComposeEditCheck:
 * @before: the files as they are
 * @changes: (element-type StewardComposeChange): what was to be changed
 * @edits: (element-type StewardComposeEdit): what came of it
 */
typedef struct
{
  const StewardComposeEditRequest *request;
  StewardComposeSources *before;
  const GArray *changes;
  const GPtrArray *edits;
} StewardComposeEditCheck;

/**
 * steward_compose_edit_check:
 *
 * Returns: whether the edits change the images of the requested services as requested, and nothing
 * else; %STEWARD_ERROR_REFUSED where something else of the project would change,
 * %STEWARD_ERROR_FAILED where the edit itself came out wrong
 */
gboolean steward_compose_edit_check (const StewardComposeEditCheck *check, GError **error);

G_END_DECLS
