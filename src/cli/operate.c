/* Backup, upgrade, restart and rollback: looked at, agreed to, run. */
#include "cli/operate.h"

#include <glib/gi18n-lib.h>

#include "cli/command.h"
#include "cli/json-operation.h"
#include "cli/json.h"
#include "cli/show.h"
#include "cli/text.h"

static StewardRequest
make_request (const StewardCliOptions *options, StewardOperationKind kind)
{
  return (StewardRequest){
    .kind = kind,
    .tag = options->tag,
    .source = options->backup,
    .accepted_loss = options->accepted_loss,
    .leaves_out_rehearsal = options->no_rehearsal,
    .watch_s = (guint)options->watch_s,
  };
}

/* An upgrade whose migrations cannot even be asked for would fail at fetching its image. */
static gboolean
check_review (const StewardReview *review, GError **error)
{
  gboolean is_upgrade = review->plan->kind == STEWARD_OPERATION_UPGRADE;

  if (!steward_checks_refuse (review->checks, error))
    return FALSE;
  if (!is_upgrade || review->pending != NULL || review->pending_problem == NULL)
    return TRUE;
  g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED, review->pending_problem);
  return FALSE;
}

static gboolean
print_plan (const StewardReview *review, StewardCliReply *reply, GError **error)
{
  steward_cli_show_review (review, reply->text);
  json_object_set_object_member (reply->json, "plan", steward_cli_review_to_json (review));
  return check_review (review, error);
}

static gboolean
agree (StewardCliSession *session, const StewardReview *review, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (!check_review (review, error))
    return FALSE;
  steward_cli_show_question (review, text);
  return steward_cli_session_confirm (session, text->str, error);
}

/* Whether to go on to the operation itself; FALSE without an error after a plan was printed. */
static gboolean
look_before (StewardCliSession *session,
             const StewardRequest *request,
             StewardCliReply *reply,
             GError **error)
{
  if (session->options->yes && !session->options->plan)
    return TRUE;
  g_autoptr (StewardReview) review =
      steward_operation_review (session->deployment, session->store, request, session->client,
                                session->cancellable, error);
  if (review == NULL)
    return FALSE;
  if (!session->options->plan)
    return agree (session, review, error);
  print_plan (review, reply, error);
  return FALSE;
}

static char *
dup_downtime (gint64 downtime_ms)
{
  g_autofree char *span = steward_cli_text_format_span (downtime_ms);

  return downtime_ms > 0 ? g_strdup_printf (_ ("The server was away for %s.\n"), span)
                         : g_strdup ("");
}

static char *
dup_rehearsed (const StewardRehearsed *rehearsed)
{
  g_autofree char *restored = steward_cli_text_format_span ((gint64)rehearsed->restore_ms);
  g_autofree char *migrated = steward_cli_text_format_span ((gint64)rehearsed->migrate_ms);
  g_autofree char *answered = steward_cli_text_format_span ((gint64)rehearsed->answer_ms);
  g_autofree char *predicted = steward_cli_text_format_span ((gint64)rehearsed->downtime_ms);

  if (rehearsed->answer_ms == 0)
    return g_strdup ("");
  return g_strdup_printf (_ ("Rehearsed before: restored in %s, migrated in %s, answered after %s; "
                             "about %s of downtime was predicted.\n"),
                          restored, migrated, answered, predicted);
}

static void
append_done (GString *text, const StewardReport *report)
{
  switch (report->kind)
    {
    case STEWARD_OPERATION_BACKUP:
      g_string_append_printf (text, _ ("Backup %s is complete and verified.\n"), report->backup_id);
      return;
    case STEWARD_OPERATION_UPGRADE:
      g_string_append_printf (text, _ ("The server was upgraded from %s to %s.\n"),
                              report->from_tag, report->to_tag);
      return;
    case STEWARD_OPERATION_RESTART:
      g_string_append_printf (text, _ ("The server was restarted, with %s as before.\n"),
                              report->from_tag);
      return;
    case STEWARD_OPERATION_ROLLBACK:
    default:
      g_string_append_printf (text, _ ("The server was rolled back from %s to %s.\n"),
                              report->from_tag, report->to_tag);
    }
}

/* What follows the error's own sentence. */
static const char *
get_advice (StewardResult result, const GError *error)
{
  switch (result)
    {
    case STEWARD_RESULT_REFUSED:
      return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                 ? _ ("Nothing was touched.\n")
                 : "";
    case STEWARD_RESULT_BACK:
      return _ ("The server is where it was before.\n");
    case STEWARD_RESULT_INTERRUPTED:
      return _ ("The operation stands unfinished: “stewardctl resume” goes on with it, “stewardctl "
                "walk-back” undoes it.\n");
    case STEWARD_RESULT_HANDS:
      return _ ("When the cause is mended, “stewardctl walk-back” undoes the operation and "
                "“stewardctl resume” goes on with it.\n");
    case STEWARD_RESULT_DONE:
    default:
      return "";
    }
}

void
steward_cli_operate_tell (StewardCliReply *reply,
                          StewardResult result,
                          const StewardReport *report,
                          const GError *error)
{
  g_autofree char *downtime = dup_downtime (report->downtime_ms);
  g_autofree char *rehearsed = dup_rehearsed (&report->rehearsed);

  reply->exit = steward_cli_exit_of_result (result, error);
  steward_cli_json_set_text (reply->json, "result", steward_cli_result_get_name (result));
  steward_cli_json_set_object (reply->json, "operation",
                               report->id != NULL ? steward_cli_report_to_json (report) : NULL);
  if (result == STEWARD_RESULT_DONE)
    append_done (reply->text, report);
  if (error != NULL)
    reply->advice = g_strconcat (get_advice (result, error), downtime, rehearsed, NULL);
  else
    g_string_append_printf (reply->text, "%s%s%s", get_advice (result, NULL), downtime, rehearsed);
}

static gboolean
operate (StewardCliSession *session,
         StewardCliReply *reply,
         StewardOperationKind kind,
         GError **error)
{
  const StewardRequest request = make_request (session->options, kind);
  g_auto (StewardReport) report = { .kind = kind };
  g_autoptr (GError) local_error = NULL;

  if (!look_before (session, &request, reply, &local_error))
    {
      if (local_error == NULL)
        return TRUE;
      steward_cli_operate_tell (reply, STEWARD_RESULT_REFUSED, &report, local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  StewardResult result =
      steward_operation_run (session->deployment, session->store, &request, session->client,
                             &report, session->cancellable, &local_error);
  steward_cli_operate_tell (reply, result, &report, local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
steward_cli_backup (StewardCliSession *session, StewardCliReply *reply, GError **error)
{
  return operate (session, reply, STEWARD_OPERATION_BACKUP, error);
}

gboolean
steward_cli_upgrade (StewardCliSession *session, StewardCliReply *reply, GError **error)
{
  return operate (session, reply, STEWARD_OPERATION_UPGRADE, error);
}

gboolean
steward_cli_restart (StewardCliSession *session, StewardCliReply *reply, GError **error)
{
  return operate (session, reply, STEWARD_OPERATION_RESTART, error);
}

gboolean
steward_cli_rollback (StewardCliSession *session, StewardCliReply *reply, GError **error)
{
  return operate (session, reply, STEWARD_OPERATION_ROLLBACK, error);
}
