/* Gives the prepared copy the live name: the one commit point of an upgrade and of a rollback.
 * Before it nothing that matters has changed; after it Steward goes back alone only if nothing was
 * written. */
#include <glib/gi18n-lib.h>

#include "core/database/row-counts.h"
#include "core/steps/databases.h"
#include "core/steps/price.h"
#include "core/steps/servers.h"

static char *
describe (const StewardStepContext *context)
{
  return steward_databases_describe_move (context, context->plan->copy_name,
                                          context->plan->live_name);
}

static gboolean
find_copy (StewardStepContext *context,
           StewardConnection *connection,
           StewardDatabase **copy,
           GError **error)
{
  guint32 oid = steward_databases_get_copy_oid (context);

  *copy = NULL;
  return oid == 0 || steward_databases_find (context, connection, oid, copy, error);
}

static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  g_autoptr (StewardDatabase) copy = NULL;
  g_autoptr (StewardConnection) connection = steward_step_look (context, error);

  if (connection == NULL || !find_copy (context, connection, &copy, error))
    return FALSE;
  *state = copy != NULL && g_str_equal (copy->name, context->plan->live_name) ? STEWARD_STEP_DONE
                                                                              : STEWARD_STEP_TODO;
  return TRUE;
}

/* What "written since" is measured against. Counted before the copy is closed, noted after: nobody
 * knows its name, and from here on nobody can enter. */
static gboolean
note_content (StewardStepContext *context,
              StewardConnection *connection,
              const StewardDatabase *copy,
              GError **error)
{
  guint64 transaction_id = 0;
  JsonObject *known = steward_step_get_facts (context, &steward_step_publish);

  /* Noted once: a copy that had been published and withdrawn may have been written to since. */
  if (known != NULL && json_object_has_member (known, "transaction_id"))
    return steward_databases_close (context, connection, copy, error);
  JsonObject *rows = steward_databases_count (context, copy->name, error);

  if (rows == NULL)
    return FALSE;
  JsonObject *facts = json_object_new ();
  json_object_set_object_member (facts, "rows", rows);
  if (!steward_databases_close (context, connection, copy, error)
      || !steward_row_counts_note_transaction (connection, &transaction_id, context->cancellable,
                                               error))
    {
      json_object_unref (facts);
      return FALSE;
    }
  json_object_set_int_member (facts, "transaction_id", transaction_id);
  return steward_step_record (context, &steward_step_publish, facts, error);
}

static const char *
get_live_comment (StewardStepContext *context)
{
  JsonObject *facts = steward_step_get_facts (context, &steward_step_set_aside);

  return facts != NULL ? json_object_get_string_member_with_default (facts, "comment", NULL) : NULL;
}

static gboolean
publish (StewardStepContext *context,
         StewardConnection *connection,
         const StewardDatabase *copy,
         GError **error)
{
  StewardMove move = {
    .oid = copy->oid,
    .from = copy->name,
    .to = context->plan->live_name,
    .comment = get_live_comment (context),
    .connections = STEWARD_CONNECTIONS_ALLOW,
  };

  return steward_databases_move (context, connection, &move, error);
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  g_autoptr (StewardDatabase) copy = NULL;

  if (!steward_servers_remove (context, NULL, error))
    return FALSE;
  g_autoptr (StewardConnection) connection = steward_step_connect (context, NULL, error);
  if (connection == NULL || !find_copy (context, connection, &copy, error))
    return FALSE;
  if (copy == NULL)
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_CHANGED,
                           _ ("The prepared copy of the database is gone."));
      return FALSE;
    }
  if (!copy->allows_connections
      && !steward_set_aside_set_connections (connection, copy, STEWARD_CONNECTIONS_ALLOW,
                                             context->cancellable, error))
    return FALSE;
  return note_content (context, connection, copy, error)
         && publish (context, connection, copy, error);
}

/* Which tables were written since the publish; asked under a name that nobody else knows. */
static GPtrArray *
list_written (StewardStepContext *context, GError **error)
{
  JsonObject *facts = steward_step_get_facts (context, &steward_step_publish);
  g_autoptr (GHashTable) counts =
      steward_databases_parse_counts (json_object_get_object_member (facts, "rows"));
  guint64 transaction_id = json_object_get_int_member (facts, "transaction_id");
  g_autoptr (StewardConnection) connection =
      steward_step_connect (context, context->plan->copy_name, error);

  return connection != NULL ? steward_row_counts_list_written (connection, counts, transaction_id,
                                                               context->cancellable, error)
                            : NULL;
}

static gboolean
withdraw (StewardStepContext *context,
          StewardConnection *connection,
          const StewardDatabase *copy,
          GError **error)
{
  g_autofree char *comment = steward_databases_dup_comment (context, "copy");
  StewardMove move = {
    .oid = copy->oid,
    .from = copy->name,
    .to = context->plan->copy_name,
    .comment = comment,
    .connections = STEWARD_CONNECTIONS_ALLOW,
  };

  return steward_databases_move (context, connection, &move, error);
}

/* What was written is kept under a name of its own; only the administrator deletes it. */
static gboolean
keep_written (StewardStepContext *context,
              StewardConnection *connection,
              guint32 oid,
              GError **error)
{
  g_autofree char *comment = steward_databases_dup_comment (context, "failed");
  StewardMove move = {
    .oid = oid,
    .from = context->plan->copy_name,
    .to = context->plan->failed_name,
    .comment = comment,
    .connections = STEWARD_CONNECTIONS_FORBID,
  };

  return steward_databases_move (context, connection, &move, error);
}

/* Written to and nobody agrees: the target gets its name again before anybody is told. */
static gboolean
judge_written (StewardStepContext *context,
               StewardConnection *connection,
               guint32 oid,
               const GPtrArray *written,
               GError **error)
{
  g_autoptr (GError) loss = NULL;
  g_autoptr (StewardDatabase) copy = NULL;

  if (written->len == 0)
    return TRUE;
  if (steward_price_accept_written (context, written, &loss))
    return keep_written (context, connection, oid, error);
  if (!find_copy (context, connection, &copy, error) || !publish (context, connection, copy, error))
    return FALSE;
  g_propagate_error (error, g_steal_pointer (&loss));
  return FALSE;
}

static gboolean
undo (StewardStepContext *context, GError **error)
{
  g_autoptr (StewardDatabase) copy = NULL;

  if (steward_step_get_facts (context, &steward_step_publish) == NULL)
    return TRUE;
  g_autoptr (StewardConnection) connection = steward_step_connect (context, NULL, error);
  if (connection == NULL || !find_copy (context, connection, &copy, error))
    return FALSE;
  if (copy == NULL || g_str_equal (copy->name, context->plan->failed_name))
    return TRUE;
  if (!withdraw (context, connection, copy, error))
    return FALSE;
  g_autoptr (GPtrArray) written = list_written (context, error);
  return written != NULL && judge_written (context, connection, copy->oid, written, error);
}

/* Nobody is in it, or the name stays. */
static char *
describe_undo (const StewardStepContext *context)
{
  g_autofree char *remove = steward_servers_describe_remove (context);
  g_autofree char *withdraw = steward_databases_describe_withdraw (context);

  return g_strdup_printf ("%s && %s", remove, withdraw);
}

const StewardStep steward_step_publish = {
  .id = "publish",
  .title = N_ ("Publish the copy"),
  .weight = 2,
  .flags = STEWARD_STEP_COMMITS,
  .describe = describe,
  .inspect = inspect,
  .run = run,
  .undo = undo,
  .describe_undo = describe_undo,
};
