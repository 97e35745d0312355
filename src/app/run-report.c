/* Sentences, chosen by how it ended. See the header. */
#include "app/run-report.h"

#include <glib/gi18n-lib.h>

#include "app/review-words.h"
#include "app/words.h"

static const char *const step_words[] = {
  [STEWARD_RUN_STEP_PENDING] = NC_ ("step", "To come"),
  [STEWARD_RUN_STEP_RUNNING] = NC_ ("step", "Running"),
  [STEWARD_RUN_STEP_DONE] = NC_ ("step", "Done"),
  [STEWARD_RUN_STEP_SKIPPED] = NC_ ("step", "Done before"),
  [STEWARD_RUN_STEP_FAILED] = NC_ ("step", "Failed"),
  [STEWARD_RUN_STEP_GOING_BACK] = NC_ ("step", "Walking back"),
  [STEWARD_RUN_STEP_BACK] = NC_ ("step", "Walked back"),
  [STEWARD_RUN_STEP_NOT_BEGUN] = NC_ ("step", "Not begun"),
};

const char *
steward_run_report_get_word (StewardRunStepState state)
{
  return g_dpgettext2 (GETTEXT_PACKAGE, "step", step_words[state]);
}

gboolean
steward_run_report_was_cancelled (StewardRun *run)
{
  return g_error_matches (steward_run_get_error (run), G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Without an error, going back was what had been asked for. */
const char *
steward_run_report_get_heading (StewardRun *run)
{
  StewardResult result = steward_run_get_result (run);

  if (result == STEWARD_RESULT_DONE)
    return C_ ("result", "Done");
  if (result == STEWARD_RESULT_BACK && steward_run_get_error (run) == NULL)
    return C_ ("result", "Walked Back");
  if (result == STEWARD_RESULT_INTERRUPTED)
    return C_ ("result", "Interrupted");
  if (result == STEWARD_RESULT_HANDS)
    return C_ ("result", "Your Hands Are Needed");
  if (steward_run_report_was_cancelled (run))
    return C_ ("result", "Cancelled");
  return result == STEWARD_RESULT_REFUSED ? C_ ("result", "Refused") : C_ ("result", "Failed");
}

/* The sentences that stewardctl prints, which end a line there. */
static char *
dup_done (const StewardReport *report)
{
  g_autofree char *from = steward_words_dup_ltr (report->from_tag != NULL ? report->from_tag : "–");
  g_autofree char *to = steward_words_dup_ltr (report->to_tag != NULL ? report->to_tag : "–");
  g_autofree char *backup =
      steward_words_dup_ltr (report->backup_id != NULL ? report->backup_id : "–");

  switch (report->kind)
    {
    case STEWARD_OPERATION_BACKUP:
      return g_strdup_printf (_ ("Backup %s is complete and verified.\n"), backup);
    case STEWARD_OPERATION_UPGRADE:
      return g_strdup_printf (_ ("The server was upgraded from %s to %s.\n"), from, to);
    case STEWARD_OPERATION_RESTART:
      return g_strdup_printf (_ ("The server was restarted, with %s as before.\n"), from);
    case STEWARD_OPERATION_ROLLBACK:
    default:
      return g_strdup_printf (_ ("The server was rolled back from %s to %s.\n"), from, to);
    }
}

/* What an operation that stands unfinished means for clients. */
static const char *
get_unfinished (StewardRun *run)
{
  return steward_run_is_stopped (run)
             ? _ ("The operation stands unfinished, and clients are turned away meanwhile. Resume "
                  "goes on with it; Walk Back takes the server to where it was before.")
             : _ ("The operation stands unfinished. Resume goes on with it; Walk Back takes the "
                  "server to where it was before.");
}

char *
steward_run_report_dup_ending (StewardRun *run)
{
  switch (steward_run_get_result (run))
    {
    case STEWARD_RESULT_DONE:
      return g_strchomp (dup_done (steward_run_get_report (run)));
    case STEWARD_RESULT_REFUSED:
      return g_strchomp (g_strdup (_ ("Nothing was touched.\n")));
    case STEWARD_RESULT_BACK:
      return g_strchomp (g_strdup (_ ("The server is where it was before.\n")));
    case STEWARD_RESULT_INTERRUPTED:
      return g_strdup (get_unfinished (run));
    case STEWARD_RESULT_HANDS:
    default:
      return g_strdup (steward_run_is_stopped (run)
                           ? _ ("Clients are turned away meanwhile. When the cause is mended, Walk "
                                "Back undoes the operation and Resume goes on with it.")
                           : _ ("When the cause is mended, Walk Back undoes the operation and "
                                "Resume goes on with it."));
    }
}

char *
steward_run_report_dup_error (StewardRun *run)
{
  const GError *error = steward_run_get_error (run);

  return error != NULL && !steward_run_report_was_cancelled (run) ? g_strdup (error->message)
                                                                  : NULL;
}

char *
steward_run_report_dup_downtime (StewardRun *run)
{
  gint64 downtime_ms = steward_run_get_report (run)->downtime_ms;
  g_autofree char *span = steward_words_dup_duration (downtime_ms);

  return downtime_ms > 0 ? g_strchomp (g_strdup_printf (_ ("The server was away for %s.\n"), span))
                         : NULL;
}

char *
steward_run_report_dup_rehearsed (StewardRun *run)
{
  const StewardRehearsed *rehearsed = &steward_run_get_report (run)->rehearsed;

  if (rehearsed->answer_ms == 0)
    return NULL;
  g_autofree char *measured =
      steward_review_words_dup_rehearsed (rehearsed->restore_ms, rehearsed->migrate_ms,
                                          rehearsed->answer_ms);
  g_autofree char *predicted = steward_words_dup_duration ((gint64)rehearsed->downtime_ms);
  return g_strdup_printf (_ ("Rehearsed before: %s About %s of downtime was predicted."), measured,
                          predicted);
}

/* Where it was just said that a backup is complete, or it is an old one, only its place is news. */
static gboolean
is_only_place (StewardRun *run)
{
  StewardOperationKind kind = steward_run_get_kind (run);

  return kind == STEWARD_OPERATION_ROLLBACK
         || (kind == STEWARD_OPERATION_BACKUP
             && steward_run_get_result (run) == STEWARD_RESULT_DONE);
}

/* A report names the backup that was planned; whether it was made is known by its steps. */
char *
steward_run_report_dup_backup (StewardRun *run, StewardStore *store)
{
  const StewardReport *report = steward_run_get_report (run);

  if (report->backup_id == NULL)
    return NULL;
  g_autofree char *id = steward_words_dup_ltr (report->backup_id);
  g_autofree char *folder =
      steward_words_dup_ltr (store != NULL ? steward_store_get_backups_folder (store) : "");
  if (is_only_place (run))
    return store != NULL ? g_strdup_printf (_ ("The backup %s lies in %s."), id, folder) : NULL;
  if (steward_run_was_done (run, "verify"))
    return store != NULL
               ? g_strdup_printf (_ ("The backup %s lies in %s, complete and verified."), id,
                                  folder)
               : g_strchomp (g_strdup_printf (_ ("Backup %s is complete and verified.\n"), id));
  if (steward_run_was_done (run, "dump") && store != NULL)
    return g_strdup_printf (_ ("The backup %s lies in %s; it was not read back."), id, folder);
  return NULL;
}

/* A line a step: what became of it, how long that took, why it failed. */
static void
append_steps (GString *text, StewardRun *run)
{
  GListModel *steps = steward_run_get_steps (run);

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (StewardRunStep) step = g_list_model_get_item (steps, i);
      StewardRunStepState state = steward_run_step_get_state (step);
      const char *failure = steward_run_step_get_failure (step);
      g_autofree char *span = steward_words_dup_duration (steward_run_step_get_elapsed_ms (step));
      gboolean has_span = steward_run_step_is_timed (step);
      g_autofree char *line =
          g_strdup_printf (C_ ("step", "%s: %s"), steward_run_step_get_title (step),
                           steward_run_report_get_word (state));
      g_string_append_printf (text, "  %s", line);
      if (has_span)
        g_string_append_printf (text, " (%s)", span);
      if (failure != NULL)
        g_string_append_printf (text, "\n    %s", failure);
      g_string_append_c (text, '\n');
    }
}

static void
append_pair (GString *text, const char *name, const char *value)
{
  if (value == NULL)
    return;
  /* Translators: a line of a report: “Duration: 2 min 5 s”. */
  g_string_append_printf (text, C_ ("report", "%s: %s"), name, value);
  g_string_append_c (text, '\n');
}

static void
append_sentence (GString *text, char *sentence)
{
  if (sentence != NULL)
    g_string_append_printf (text, "%s\n", sentence);
  g_free (sentence);
}

static void
append_notes (GString *text, StewardRun *run)
{
  const GPtrArray *notes = steward_run_get_notes (run);

  for (guint i = 0; i < notes->len; i++)
    g_string_append_printf (text, "%s%s\n", i == 0 ? "\n" : "", (const char *)notes->pdata[i]);
}

/* The marks that isolate a tag on the screen are no part of it. */
static char *
strip_marks (const char *text)
{
  GString *bare = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (c != 0x2066 && c != 0x2069)
        g_string_append_unichar (bare, c);
    }
  return g_string_free (bare, FALSE);
}

char *
steward_run_report_dup_text (StewardRun *run, const char *name, StewardStore *store)
{
  const StewardReport *report = steward_run_get_report (run);
  g_autofree char *span = steward_words_dup_duration (steward_run_get_elapsed_ms (run));
  g_autoptr (GString) text = g_string_new (NULL);

  append_pair (text, _ ("Server"), name);
  append_pair (text, _ ("Operation"), steward_operation_kind_get_title (report->kind));
  append_pair (text, _ ("Number"), report->id);
  append_pair (text, _ ("Version before"), report->from_tag);
  append_pair (text, _ ("Version asked for"), report->to_tag);
  append_pair (text, _ ("Result"), steward_run_report_get_heading (run));
  append_pair (text, _ ("Duration"), span);
  g_string_append_c (text, '\n');
  append_sentence (text, steward_run_report_dup_ending (run));
  append_sentence (text, steward_run_report_dup_error (run));
  append_sentence (text, steward_run_report_dup_downtime (run));
  append_sentence (text, steward_run_report_dup_rehearsed (run));
  append_sentence (text, steward_run_report_dup_backup (run, store));
  append_notes (text, run);
  g_string_append_printf (text, "\n%s\n", _ ("Steps:"));
  append_steps (text, run);
  return strip_marks (text->str);
}
