/* What of a server needs attention first, and what keeps operations from being begun. Pure; main
 * thread. */
#pragma once

#include "app/server.h"

G_BEGIN_DECLS

/** How old the newest backup may be before it is pointed out. */
#define STEWARD_ATTENTION_BACKUP_DAYS 30

/** StewardAttentionKind: in the order of importance */
typedef enum
{
  STEWARD_ATTENTION_NONE,
  STEWARD_ATTENTION_RUN,         /* an operation of this window */
  STEWARD_ATTENTION_UNREACHABLE, /* nothing could be found out */
  STEWARD_ATTENTION_AT_WORK,     /* somebody else */
  STEWARD_ATTENTION_UNFINISHED,  /* to be resumed or walked back */
  STEWARD_ATTENTION_SILENT,
  STEWARD_ATTENTION_DATABASE,
  STEWARD_ATTENTION_STORE,
  STEWARD_ATTENTION_CERTIFICATE, /* one that nobody accepted */
  STEWARD_ATTENTION_DRIFT,
  STEWARD_ATTENTION_SPACE, /* the next upgrade will not find room */
  STEWARD_ATTENTION_BACKUP,
} StewardAttentionKind;

/** StewardAttention: translated, plain text. @text: (nullable) */
typedef struct
{
  StewardAttentionKind kind;
  char *title;
  char *text;
} StewardAttention;

/** steward_attention_new: Returns: (transfer full): the most important one, maybe none */
StewardAttention *steward_attention_new (StewardServer *server);
void steward_attention_free (StewardAttention *attention);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardAttention, steward_attention_free)

/** steward_attention_get_hindrance: Returns: (transfer none) (nullable): why no operation can be
 * begun on @server just now, a translated sentence */
const char *steward_attention_get_hindrance (StewardServer *server);

/** steward_attention_is_at_work: whether somebody holds the lock who is not silent */
gboolean steward_attention_is_at_work (const StewardStatus *status);

G_END_DECLS
