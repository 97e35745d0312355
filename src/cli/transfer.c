/* Copies of backups between the host and this machine. */
#include <glib/gi18n-lib.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/text.h"
#include "core/operations/transfer.h"

gboolean
steward_cli_export (StewardCliSession *session, StewardCliReply *reply, GError **error)
{
  const char *id = session->options->operand;
  g_autofree char *folder = g_canonicalize_filename (session->options->place, NULL);
  g_autofree char *name = g_strconcat (id, ".dump", NULL);

  steward_cli_json_set_text (reply->json, "id", id);
  if (!steward_transfer_export (session->store, id, folder, session->client, session->cancellable,
                                error))
    return FALSE;
  g_autofree char *path = g_build_filename (folder, id, name, NULL);
  steward_cli_json_set_text (reply->json, "path", path);
  g_string_append_printf (reply->text, _ ("Backup %s was saved as “%s”, its passport beside it.\n"),
                          id, path);
  return TRUE;
}

static char *
dup_question (const StewardImport *import)
{
  const StewardPassport *passport = import->copy->passport;
  g_autofree char *made = steward_cli_text_format_time (passport->made_s);
  g_autofree char *size = g_format_size (passport->dump_bytes);
  /* Translators: an id, a version, a time, a size. */
  g_autofree char *sentence = g_strdup_printf (
      _ ("The backup %s of version %s, made %s, %s, will be copied to the server."), passport->id,
      passport->server_tag, made, size);

  return import->warning != NULL ? g_strdup_printf ("%s\n%s", sentence, import->warning)
                                 : g_steal_pointer (&sentence);
}

gboolean
steward_cli_import (StewardCliSession *session, StewardCliReply *reply, GError **error)
{
  g_autofree char *path = g_canonicalize_filename (session->options->operand, NULL);
  g_autoptr (StewardImport) import =
      steward_import_open (session->deployment, session->store, path, session->cancellable, error);
  if (import == NULL)
    return FALSE;
  const char *id = import->copy->passport->id;
  g_autofree char *question = dup_question (import);

  steward_cli_json_set_text (reply->json, "id", id);
  steward_cli_json_set_text (reply->json, "warning", import->warning);
  if (!steward_cli_session_confirm (session, question, error)
      || !steward_import_run (session->store, import, session->client, session->cancellable, error))
    return FALSE;
  g_string_append_printf (reply->text, _ ("Backup %s is on the server.\n"), id);
  return TRUE;
}
