/* One function an object. */
#include "cli/json-operation.h"

#include "cli/json.h"
#include "core/probe/sql-risk.h"

static const char *const check_states[] = {
  [STEWARD_CHECK_GOOD] = "good",
  [STEWARD_CHECK_WARNING] = "warning",
  [STEWARD_CHECK_REFUSED] = "refused",
};

static JsonObject *
check_to_json (gconstpointer element)
{
  const StewardCheck *check = element;
  JsonObject *object = json_object_new ();

  steward_cli_json_set_text (object, "id", check->id);
  steward_cli_json_set_text (object, "state", check_states[check->state]);
  steward_cli_json_set_text (object, "message", check->text);
  return object;
}

static JsonObject *
step_to_json (gconstpointer element)
{
  const StewardReviewStep *step = element;
  JsonObject *object = json_object_new ();

  steward_cli_json_set_text (object, "id", step->id);
  steward_cli_json_set_text (object, "title", step->title);
  steward_cli_json_set_text (object, "command", step->command);
  return object;
}

static JsonObject *
risk_to_json (gconstpointer element)
{
  const StewardSqlRisk *risk = element;
  JsonObject *object = json_object_new ();

  steward_cli_json_set_text (object, "kind", risk->kind);
  steward_cli_json_set_text (object, "statement", risk->excerpt);
  return object;
}

static JsonObject *
pending_to_json (gconstpointer element)
{
  const StewardPendingMigration *pending = element;
  JsonObject *object = json_object_new ();

  steward_cli_json_set_text (object, "file", pending->file);
  steward_cli_json_set_array (object, "risks", pending->risks, risk_to_json);
  return object;
}

void
steward_cli_pending_set_json (JsonObject *object, const GPtrArray *pending)
{
  steward_cli_json_set_array (object, "migrations", pending, pending_to_json);
}

static JsonObject *
price_to_json (const StewardPrice *price)
{
  JsonObject *object = json_object_new ();
  JsonObject *rows = json_object_new ();
  g_autoptr (GList) names =
      g_list_sort (g_hash_table_get_keys (price->rows), (GCompareFunc)g_strcmp0);

  for (GList *name = names; name != NULL; name = name->next)
    json_object_set_int_member (rows, name->data,
                                *(gint64 *)g_hash_table_lookup (price->rows, name->data));
  json_object_set_int_member (object, "rows_total", (gint64)price->total);
  json_object_set_object_member (object, "rows", rows);
  steward_cli_json_set_time (object, "since", price->since_s);
  return object;
}

JsonObject *
steward_cli_review_to_json (const StewardReview *review)
{
  const StewardPlan *plan = review->plan;
  JsonObject *object = json_object_new ();

  steward_cli_json_set_text (object, "operation", steward_operation_kind_get_name (plan->kind));
  steward_cli_json_set_text (object, "service", plan->service);
  steward_cli_json_set_list (object, "services", (const char *const *)plan->services);
  steward_cli_json_set_text (object, "from_tag", plan->from_tag);
  steward_cli_json_set_text (object, "to_tag", plan->to_tag);
  steward_cli_json_set_text (object, "from_image", plan->from_image);
  steward_cli_json_set_text (object, "to_image", plan->to_image);
  steward_cli_json_set_text (object, "backup_id", plan->backup_id);
  steward_cli_json_set_text (object, "source_database", plan->source_database);
  json_object_set_int_member (object, "downtime_ms", (gint64)review->downtime_ms);
  steward_cli_json_set_array (object, "checks", review->checks, check_to_json);
  steward_cli_pending_set_json (object, review->pending);
  steward_cli_json_set_text (object, "migrations_problem", review->pending_problem);
  steward_cli_json_set_text (object, "diff", review->diff);
  steward_cli_json_set_object (object, "loss",
                               review->price != NULL ? price_to_json (review->price) : NULL);
  steward_cli_json_set_array (object, "steps", review->steps, step_to_json);
  return object;
}

static JsonObject *
rehearsed_to_json (const StewardRehearsed *rehearsed)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "restore_ms", (gint64)rehearsed->restore_ms);
  json_object_set_int_member (object, "migrate_ms", (gint64)rehearsed->migrate_ms);
  json_object_set_int_member (object, "answer_ms", (gint64)rehearsed->answer_ms);
  json_object_set_int_member (object, "downtime_ms", (gint64)rehearsed->downtime_ms);
  return object;
}

JsonObject *
steward_cli_report_to_json (const StewardReport *report)
{
  JsonObject *object = json_object_new ();

  steward_cli_json_set_text (object, "id", report->id);
  steward_cli_json_set_text (object, "operation", steward_operation_kind_get_name (report->kind));
  steward_cli_json_set_text (object, "from_tag", report->from_tag);
  steward_cli_json_set_text (object, "to_tag", report->to_tag);
  steward_cli_json_set_text (object, "backup_id", report->backup_id);
  json_object_set_int_member (object, "downtime_ms", report->downtime_ms);
  if (report->rehearsed.answer_ms != 0)
    steward_cli_json_set_object (object, "rehearsed", rehearsed_to_json (&report->rehearsed));
  return object;
}
