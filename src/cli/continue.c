/* Resume and walk back: what was left unfinished, said, agreed to, and gone on with. */
#include <glib/gi18n-lib.h>

#include "cli/command.h"
#include "cli/operate.h"
#include "cli/show.h"

static char *
dup_question (const StewardJournal *journal, StewardContinuation continuation)
{
  g_autofree char *unfinished = steward_cli_show_dup_unfinished (journal);
  const char *sentence =
      continuation == STEWARD_CONTINUE_RESUME
          ? _ ("It will be gone on with, to its end.")
          : _ ("It will be undone: the server goes back to where it was before.");

  return g_strdup_printf ("%s\n\n%s", unfinished, sentence);
}

/* Nothing unfinished is for the operation itself to say. */
static gboolean
agree (StewardCliSession *session, StewardContinuation continuation, GError **error)
{
  g_autoptr (StewardJournal) journal = NULL;

  if (session->options->yes)
    return TRUE;
  if (!steward_journal_find_unfinished (session->store, &journal, session->cancellable, error))
    return FALSE;
  if (journal == NULL)
    return TRUE;
  g_autofree char *question = dup_question (journal, continuation);
  return steward_cli_session_confirm (session, question, error);
}

static gboolean
proceed (StewardCliSession *session,
         StewardCliReply *reply,
         StewardContinuation continuation,
         GError **error)
{
  g_auto (StewardReport) report = { 0 };
  g_autoptr (GError) local_error = NULL;
  StewardResult result = STEWARD_RESULT_REFUSED;

  if (agree (session, continuation, &local_error))
    result = steward_operation_continue (session->deployment, session->store, continuation,
                                         session->options->accepted_loss, session->client, &report,
                                         session->cancellable, &local_error);
  steward_cli_operate_tell (reply, result, &report, local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
steward_cli_resume (StewardCliSession *session, StewardCliReply *reply, GError **error)
{
  return proceed (session, reply, STEWARD_CONTINUE_RESUME, error);
}

gboolean
steward_cli_walk_back (StewardCliSession *session, StewardCliReply *reply, GError **error)
{
  return proceed (session, reply, STEWARD_CONTINUE_WALK_BACK, error);
}
