/* What a command has to say at its end: to a person, to a program, to the shell. */
#pragma once

#include <json-glib/json-glib.h>

#include "cli/exit-status.h"

G_BEGIN_DECLS

/**
 * StewardCliReply:
 * @exit: filled in even where @error says more
 * @text: for a person; what of it came from outside is cleaned when it is printed
 * @json: members of the one object that `--json` prints, besides those of every command
 * @error: (nullable)
 * @advice: (nullable): translated, for a person: follows the error's
 */
typedef struct
{
  StewardCliExit exit;
  GString *text;
  JsonObject *json;
  GError *error;
  char *advice;
} StewardCliReply;

StewardCliReply *steward_cli_reply_new (void);
void steward_cli_reply_free (StewardCliReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardCliReply, steward_cli_reply_free)

/** steward_cli_reply_dup_json: @command: (nullable). Returns: (transfer full): the one object,
 * with a line end */
char *steward_cli_reply_dup_json (const StewardCliReply *reply, const char *command);

G_END_DECLS
