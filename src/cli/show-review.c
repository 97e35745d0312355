/* A plan on paper: what will be done, what it changes, what it costs. */
#include "cli/show.h"

#include <glib/gi18n-lib.h>

#include "cli/text.h"
#include "core/probe/sql-risk.h"

typedef enum
{
  SHOW_ALL_CHECKS,
  SHOW_BAD_CHECKS,
} ShownChecks;

static void
append_heading (GString *text, const char *heading)
{
  g_string_append_printf (text, "%s%s\n", text->len > 0 ? "\n" : "", heading);
}

static void
append_indented (GString *text, const char *lines, const char *indent)
{
  g_auto (GStrv) split = g_strsplit (lines, "\n", -1);

  for (gsize i = 0; split[i] != NULL; i++)
    if (split[i][0] != '\0')
      g_string_append_printf (text, "%s%s\n", indent, split[i]);
}

static char *
dup_title (const StewardPlan *plan)
{
  switch (plan->kind)
    {
    case STEWARD_OPERATION_UPGRADE:
      return g_strdup_printf (_ ("Upgrade of %s from %s to %s"), plan->project_name, plan->from_tag,
                              plan->to_tag);
    case STEWARD_OPERATION_RESTART:
      return g_strdup_printf (_ ("Restart of %s %s"), plan->project_name, plan->from_tag);
    case STEWARD_OPERATION_ROLLBACK:
      return g_strdup_printf (_ ("Rollback of %s from %s to %s, from %s"), plan->project_name,
                              plan->from_tag, plan->to_tag,
                              plan->source_database != NULL ? plan->source_database
                                                            : plan->backup_id);
    case STEWARD_OPERATION_BACKUP:
    default:
      return g_strdup_printf (_ ("Backup of %s %s"), plan->project_name, plan->from_tag);
    }
}

static const char *
get_mark (StewardCheckState state)
{
  gboolean is_utf8 = g_get_charset (NULL);

  switch (state)
    {
    case STEWARD_CHECK_WARNING:
      return "!";
    case STEWARD_CHECK_REFUSED:
      return is_utf8 ? "✘" : "x";
    case STEWARD_CHECK_GOOD:
    default:
      return is_utf8 ? "✔" : "+";
    }
}

static void
append_checks (GString *text, const GPtrArray *checks, ShownChecks shown)
{
  g_autoptr (GString) lines = g_string_new (NULL);

  for (guint i = 0; i < checks->len; i++)
    {
      const StewardCheck *check = checks->pdata[i];
      if (shown == SHOW_ALL_CHECKS || check->state != STEWARD_CHECK_GOOD)
        g_string_append_printf (lines, "  %s %s\n", get_mark (check->state), check->text);
    }
  if (lines->len == 0)
    return;
  append_heading (text, _ ("Checks"));
  g_string_append (text, lines->str);
}

static void
append_pending (GString *text, const StewardReview *review)
{
  if (review->plan->kind != STEWARD_OPERATION_UPGRADE)
    return;
  append_heading (text, _ ("Migrations"));
  if (review->pending != NULL)
    steward_cli_show_pending (review->pending, text);
  else if (review->pending_problem != NULL)
    append_indented (text, review->pending_problem, "  ");
}

static void
append_price (GString *text, const StewardPrice *price)
{
  g_autofree char *sentence = price != NULL ? steward_price_dup_sentence (price) : NULL;

  if (sentence == NULL)
    return;
  append_heading (text, _ ("Loss"));
  append_indented (text, sentence, "  ");
}

static void
append_downtime (GString *text, guint64 downtime_ms)
{
  g_autofree char *span = steward_cli_text_format_span ((gint64)downtime_ms);

  append_heading (text, _ ("Predicted downtime"));
  if (downtime_ms > 0)
    g_string_append_printf (text, _ ("  about %s\n"), span);
  else
    g_string_append_printf (text, "  %s\n", _ ("none: the server is not stopped"));
}

static void
append_rehearsed (GString *text, const StewardPassport *rehearsed)
{
  if (rehearsed == NULL)
    return;
  g_autofree char *time = steward_cli_text_format_time (rehearsed->restored_s);
  g_autofree char *restored = steward_cli_text_format_span ((gint64)rehearsed->restore_ms);
  g_autofree char *migrated = steward_cli_text_format_span ((gint64)rehearsed->migrate_ms);
  g_autofree char *answered = steward_cli_text_format_span ((gint64)rehearsed->answer_ms);

  append_heading (text, _ ("Last rehearsal"));
  g_string_append_printf (text, _ ("  %s: restored in %s, migrated in %s, answered after %s\n"),
                          time, restored, migrated, answered);
}

static void
append_steps (GString *text, const GPtrArray *steps)
{
  append_heading (text, _ ("Steps"));
  for (guint i = 0; i < steps->len; i++)
    {
      const StewardReviewStep *step = steps->pdata[i];
      g_string_append_printf (text, "  %u. %s\n", i + 1, step->title);
      if (step->command != NULL)
        append_indented (text, step->command, "       $ ");
    }
}

void
steward_cli_show_pending (const GPtrArray *pending, GString *text)
{
  if (pending->len == 0)
    g_string_append_printf (text, "  %s\n", C_ ("migrations", "none"));
  for (guint i = 0; i < pending->len; i++)
    {
      const StewardPendingMigration *one = pending->pdata[i];
      g_string_append_printf (text, "  %s\n", one->file);
      if (one->risks == NULL)
        g_string_append_printf (text, "      ? %s\n", _ ("the image does not show its statements"));
      for (guint j = 0; one->risks != NULL && j < one->risks->len; j++)
        {
          const StewardSqlRisk *risk = one->risks->pdata[j];
          g_string_append_printf (text, "      ! %s: %s\n", risk->kind, risk->excerpt);
        }
    }
}

void
steward_cli_show_review (const StewardReview *review, GString *text)
{
  g_autofree char *title = dup_title (review->plan);

  append_heading (text, title);
  append_checks (text, review->checks, SHOW_ALL_CHECKS);
  append_pending (text, review);
  append_price (text, review->price);
  append_rehearsed (text, review->rehearsed);
  append_downtime (text, review->downtime_ms);
  if (review->diff != NULL)
    {
      append_heading (text, _ ("Changes of the compose files"));
      append_indented (text, review->diff, "  ");
    }
  append_steps (text, review->steps);
  append_heading (text, _ ("This is only the plan: nothing was touched."));
}

void
steward_cli_show_question (const StewardReview *review, GString *text)
{
  g_autofree char *title = dup_title (review->plan);

  append_heading (text, title);
  append_checks (text, review->checks, SHOW_BAD_CHECKS);
  append_pending (text, review);
  append_price (text, review->price);
  append_rehearsed (text, review->rehearsed);
  append_downtime (text, review->downtime_ms);
}
