/* Counts against counts. What was changed in place cannot be counted, and the sentence says so. */
#include "core/steps/price.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "core/database/row-counts.h"
#include "core/steps/databases.h"

void
steward_price_free (StewardPrice *price)
{
  g_hash_table_unref (price->rows);
  g_free (price);
}

StewardPrice *
steward_price_new (GHashTable *now, GHashTable *then, gint64 since_s)
{
  StewardPrice *price = g_new0 (StewardPrice, 1);
  GHashTableIter iter;
  gpointer table, rows;

  price->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  price->since_s = since_s;
  g_hash_table_iter_init (&iter, now);
  while (g_hash_table_iter_next (&iter, &table, &rows))
    {
      const guint64 *before = g_hash_table_lookup (then, table);
      guint64 now_rows = *(guint64 *)rows, then_rows = before != NULL ? *before : 0;
      gint64 lost = now_rows - then_rows;
      if (now_rows <= then_rows)
        continue;
      g_hash_table_insert (price->rows, g_strdup (table), g_memdup2 (&lost, sizeof lost));
      price->total += lost;
    }
  return price;
}

static char *
dup_time (gint64 time_s)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (time_s);

  return time != NULL ? g_date_time_format (time, "%x %X") : g_strdup ("");
}

char *
steward_price_dup_sentence (const StewardPrice *price)
{
  g_autofree char *since = dup_time (price->since_s);
  g_autoptr (GString) tables = g_string_new (NULL);
  g_autoptr (GList) names =
      g_list_sort (g_hash_table_get_keys (price->rows), (GCompareFunc)g_strcmp0);

  for (GList *name = names; name != NULL; name = name->next)
    g_string_append_printf (tables, "\n  %s: %" G_GINT64_FORMAT, (const char *)name->data,
                            *(gint64 *)g_hash_table_lookup (price->rows, name->data));
  if (price->total == 0)
    return g_strdup_printf (_ ("Everything written since %s would be lost. By count no row would "
                               "be missing; rows changed in place are not known."),
                            since);
  return g_strdup_printf (
      ngettext ("Everything written since %s would be lost: %" PRIu64
                " row by count, and rows changed in place, which are not known.%s",
                "Everything written since %s would be lost: %" PRIu64
                " rows by count, and rows changed in place, which are not known.%s",
                price->total),
      since, price->total, tables->str);
}

static GHashTable *
count_live (StewardDeployment *deployment,
            const char *name,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (StewardConnection) connection =
      steward_deployment_connect (deployment, name, NULL, cancellable, error);

  return connection != NULL ? steward_row_counts_read (connection, cancellable, error) : NULL;
}

static GHashTable *
read_backup_counts (const StewardPassport *passport)
{
  GHashTable *counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < passport->tables->len; i++)
    {
      const StewardTableRows *rows = passport->tables->pdata[i];
      g_hash_table_insert (counts, g_strdup (rows->table),
                           g_memdup2 (&rows->rows, sizeof rows->rows));
    }
  return counts;
}

/* The set-aside database was counted when it was set aside, by the operation that its name
 * holds. */
static GHashTable *
read_aside_counts (StewardStore *store,
                   const char *name,
                   gint64 *since_s,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autofree char *id = steward_plan_dup_operation_of (name);
  g_autoptr (StewardJournal) journal =
      id != NULL ? steward_journal_load (store, id, cancellable, NULL) : NULL;
  JsonObject *facts =
      journal != NULL ? steward_journal_get_facts (journal, steward_step_set_aside.id) : NULL;

  if (facts != NULL && json_object_has_member (facts, "rows"))
    {
      *since_s = journal->began_s;
      return steward_databases_parse_counts (json_object_get_object_member (facts, "rows"));
    }
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
               _ ("No journal tells what the set-aside database “%s” held, so what going back to "
                  "it would lose cannot be said. Nothing was touched."),
               name);
  return NULL;
}

static GHashTable *
read_source_counts (StewardStore *store,
                    const StewardPlan *plan,
                    gint64 *since_s,
                    GCancellable *cancellable,
                    GError **error)
{
  if (plan->source_database != NULL)
    return read_aside_counts (store, plan->source_database, since_s, cancellable, error);

  g_autoptr (StewardBackup) backup =
      steward_backup_find (store, plan->backup_id, cancellable, error);
  if (backup == NULL)
    return NULL;
  if (backup->passport == NULL)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                   _ ("The backup %s has no readable passport and cannot be restored. Nothing "
                      "was touched."),
                   plan->backup_id);
      return NULL;
    }
  *since_s = backup->passport->made_s;
  return read_backup_counts (backup->passport);
}

StewardPrice *
steward_price_quote (StewardDeployment *deployment,
                     StewardStore *store,
                     const StewardPlan *plan,
                     GCancellable *cancellable,
                     GError **error)
{
  gint64 since_s = 0;
  g_autoptr (GHashTable) then = read_source_counts (store, plan, &since_s, cancellable, error);
  g_autoptr (GHashTable) now =
      then != NULL ? count_live (deployment, plan->live_name, cancellable, error) : NULL;

  return now != NULL ? steward_price_new (now, then, since_s) : NULL;
}

/* What @version stands for is what one goes back to. */
static gboolean
is_agreed (const StewardStepContext *context, const char *version)
{
  return g_strcmp0 (context->plan->accepted_loss, version) == 0;
}

/* @otherwise: what becomes of the server if nobody agrees */
static gboolean
ask (StewardStepContext *context,
     const StewardQuestion *question,
     const char *otherwise,
     GError **error)
{
  if (context->ask != NULL && context->ask (question, context->cancellable, context->ask_data))
    return TRUE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_LOSS, "%s\n%s", question->text, otherwise);
  return FALSE;
}

static JsonObject *
price_to_json (const StewardPrice *price)
{
  JsonObject *object = json_object_new ();
  GHashTableIter iter;
  gpointer table, rows;

  g_hash_table_iter_init (&iter, price->rows);
  while (g_hash_table_iter_next (&iter, &table, &rows))
    json_object_set_int_member (object, table, *(gint64 *)rows);
  return object;
}

gboolean
steward_price_note (StewardStepContext *context, GError **error)
{
  g_autoptr (StewardPrice) price = steward_price_quote (context->deployment, context->store,
                                                        context->plan, context->cancellable, error);
  if (price == NULL)
    return FALSE;
  g_autofree char *sentence = steward_price_dup_sentence (price);
  StewardQuestion question = { sentence, context->plan->to_tag };
  /* It is read when all is over, too. */
  g_autofree char *note = g_strdup_printf (_ ("This loss was agreed to. %s"), sentence);
  if (is_agreed (context, context->plan->to_tag))
    steward_progress_note (context->progress, note);
  else if (!ask (context, &question, _ ("Nobody agreed to lose that. Nothing was touched."), error))
    return FALSE;

  JsonObject *facts = json_object_new ();
  json_object_set_object_member (facts, "price", price_to_json (price));
  return steward_step_record (context, &steward_step_preflight, facts, error);
}

/* Rows of the source, from what was agreed to and what is there now: more lost than was said? */
static gboolean
has_grown (const StewardPrice *now, JsonObject *agreed)
{
  GHashTableIter iter;
  gpointer table, rows;

  g_hash_table_iter_init (&iter, now->rows);
  while (g_hash_table_iter_next (&iter, &table, &rows))
    if (*(gint64 *)rows > json_object_get_int_member_with_default (agreed, table, 0))
      return TRUE;
  return FALSE;
}

gboolean
steward_price_confirm (StewardStepContext *context, GError **error)
{
  JsonObject *preflight = steward_step_get_facts (context, &steward_step_preflight);
  JsonObject *aside = steward_step_get_facts (context, &steward_step_set_aside);
  gint64 since_s = 0;
  g_autoptr (GHashTable) then =
      read_source_counts (context->store, context->plan, &since_s, context->cancellable, error);

  if (then == NULL)
    return FALSE;
  g_autoptr (GHashTable) now =
      steward_databases_parse_counts (json_object_get_object_member (aside, "rows"));
  g_autoptr (StewardPrice) price = steward_price_new (now, then, since_s);
  if (preflight != NULL && json_object_has_member (preflight, "price")
      && !has_grown (price, json_object_get_object_member (preflight, "price")))
    return TRUE;
  g_autofree char *sentence = steward_price_dup_sentence (price);
  g_autofree char *text =
      g_strdup_printf (_ ("Clients wrote until the server stopped, and the price has grown. %s"),
                       sentence);
  StewardQuestion question = { text, context->plan->to_tag };
  return ask (context, &question,
              _ ("Nobody agreed to lose that: the server is brought back to where it was."), error);
}

gboolean
steward_price_accept_written (StewardStepContext *context, const GPtrArray *written, GError **error)
{
  g_autoptr (GString) tables = g_string_new (NULL);

  for (guint i = 0; i < written->len; i++)
    {
      const StewardWrittenTable *table = written->pdata[i];
      g_string_append_printf (tables,
                              "\n  %s: %" G_GUINT64_FORMAT " → %" G_GUINT64_FORMAT
                              ", %" G_GUINT64_FORMAT,
                              table->table, table->rows_before, table->rows_now,
                              table->rows_written);
    }
  if (is_agreed (context, context->plan->from_tag))
    return TRUE;
  g_autofree char *text = g_strdup_printf (
      _ ("Clients have written since the publish; going back to version %s would lose that. By "
         "table, rows at the publish → rows now, and rows written since:%s"),
      context->plan->from_tag, tables->str);
  StewardQuestion question = { text, context->plan->from_tag };
  return ask (context, &question,
              _ ("Nobody agreed to lose that: the version that was published stays."), error);
}
