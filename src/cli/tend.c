/* Commands about one backup or set-aside database. */
#include "cli/command.h"

#include <glib/gi18n-lib.h>

#include "cli/json-store.h"
#include "cli/json.h"
#include "core/operations/catalog.h"

/* A damaged backup is a finding, not a refusal. */
static void
judge_verify (StewardCliReply *reply, const GError *error)
{
  if (g_error_matches (error, STEWARD_ERROR, STEWARD_ERROR_INVALID))
    reply->exit = STEWARD_CLI_EXIT_FAILED;
}

gboolean
steward_cli_verify (StewardCliSession *session, StewardCliReply *reply, GError **error)
{
  const char *id = session->options->operand;
  g_autoptr (GError) local_error = NULL;

  steward_cli_json_set_text (reply->json, "id", id);
  if (!steward_catalog_verify (session->deployment, session->store, id, session->client,
                               session->cancellable, &local_error))
    {
      judge_verify (reply, local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  g_autoptr (StewardBackup) backup =
      steward_backup_find (session->store, id, session->cancellable, error);
  if (backup == NULL)
    return FALSE;
  g_string_append_printf (reply->text, _ ("Backup %s was read back whole and is right.\n"), id);
  json_object_set_object_member (reply->json, "backup", steward_cli_backup_to_json (backup));
  return TRUE;
}

gboolean
steward_cli_delete (StewardCliSession *session, StewardCliReply *reply, GError **error)
{
  const char *id = session->options->operand;
  g_autofree char *question =
      g_strdup_printf (_ ("“%s” will be deleted for good, and with it what nothing else holds."),
                       id);

  steward_cli_json_set_text (reply->json, "id", id);
  if (!steward_cli_session_confirm (session, question, error)
      || !steward_catalog_delete (session->deployment, session->store, id, session->client,
                                  session->cancellable, error))
    return FALSE;
  g_string_append_printf (reply->text, _ ("%s was deleted.\n"), id);
  return TRUE;
}
