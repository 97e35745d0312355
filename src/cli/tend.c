/* Commands about one backup, one set-aside database, or the server’s certificate. */
#include "cli/command.h"

#include <glib/gi18n-lib.h>

#include "cli/json-store.h"
#include "cli/json.h"
#include "core/operations/catalog.h"
#include "core/operations/status.h"
#include "core/probe/trusted.h"

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
  StewardVerifyFlags flags =
      session->options->restore ? STEWARD_VERIFY_RESTORE : STEWARD_VERIFY_READ;
  g_autoptr (GError) local_error = NULL;

  steward_cli_json_set_text (reply->json, "id", id);
  if (!steward_catalog_verify (session->deployment, session->store, id, flags, session->client,
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
  g_string_append_printf (reply->text,
                          flags & STEWARD_VERIFY_RESTORE
                              ? _ ("Backup %s was restored for a trial: all rows are there.\n")
                              : _ ("Backup %s was read back whole and is right.\n"),
                          id);
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

static StewardHealth *
ask_health (StewardCliSession *session, GError **error)
{
  g_autoptr (StewardStatus) status =
      steward_status_read (session->deployment, session->store, session->cancellable, error);

  if (status == NULL)
    return NULL;
  if (status->health == NULL)
    g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE, status->health_problem);
  return g_steal_pointer (&status->health);
}

static gboolean
check_certificate (const StewardHealth *health, GError **error)
{
  if (health->tls == STEWARD_TLS_NONE)
    g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                         _ ("The server has no certificate: it speaks HTTP without TLS."));
  else if (health->tls == STEWARD_TLS_TRUSTED)
    g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                         _ ("This machine trusts the server’s certificate already."));
  else if (health->server_name == NULL)
    g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                         _ ("The server does not know its own name: PARSEC_SERVER_ADDR is not set. "
                            "No certificate can be remembered for it."));
  else
    return TRUE;
  return FALSE;
}

gboolean
steward_cli_trust (StewardCliSession *session, StewardCliReply *reply, GError **error)
{
  g_autoptr (StewardHealth) health = ask_health (session, error);

  if (health == NULL || !check_certificate (health, error))
    return FALSE;
  /* Translators: a name and port, a fingerprint. */
  g_autofree char *question = g_strdup_printf (
      _ ("The certificate of %s with the SHA-256 fingerprint %s will be taken for the right one. "
         "Compare it with what “openssl x509 -noout -fingerprint -sha256 -in CERTIFICATE” says on "
         "the server."),
      health->server_name, health->fingerprint);
  steward_cli_json_set_text (reply->json, "name", health->server_name);
  steward_cli_json_set_text (reply->json, "certificate_sha256", health->fingerprint);
  if (!steward_cli_session_confirm (session, question, error)
      || !steward_trusted_accept (health->server_name, health->fingerprint, error))
    return FALSE;
  g_string_append_printf (reply->text, _ ("The certificate of %s is accepted from now on.\n"),
                          health->server_name);
  return TRUE;
}
