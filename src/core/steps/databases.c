/* Looking databases up and moving them, patiently. */
#include "core/steps/databases.h"

#include <glib/gi18n-lib.h>

#include "core/database/copy.h"
#include "core/database/row-counts.h"
#include "core/database/sessions.h"

#define MOVE_PATIENCE_US (10 * G_TIME_SPAN_SECOND)

static gboolean
accept_missing (StewardDatabase *found, GError *failure, StewardDatabase **database, GError **error)
{
  *database = found;
  if (found != NULL)
    return TRUE;
  if (g_error_matches (failure, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
    {
      g_error_free (failure);
      return TRUE;
    }
  g_propagate_error (error, failure);
  return FALSE;
}

gboolean
steward_databases_find (StewardStepContext *context,
                        StewardConnection *connection,
                        guint32 oid,
                        StewardDatabase **database,
                        GError **error)
{
  GError *failure = NULL;
  StewardDatabase *found =
      steward_cluster_find_database_by_oid (connection, oid, context->cancellable, &failure);

  return accept_missing (found, failure, database, error);
}

gboolean
steward_databases_find_named (StewardStepContext *context,
                              StewardConnection *connection,
                              const char *name,
                              StewardDatabase **database,
                              GError **error)
{
  GError *failure = NULL;
  StewardDatabase *found =
      steward_cluster_find_database (connection, name, context->cancellable, &failure);

  return accept_missing (found, failure, database, error);
}

gboolean
steward_databases_find_original (StewardStepContext *context,
                                 StewardConnection *connection,
                                 StewardDatabase **original,
                                 GError **error)
{
  if (!steward_databases_find (context, connection, context->plan->live_oid, original, error))
    return FALSE;
  if (*original != NULL)
    return TRUE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_CHANGED,
               _ ("The database “%s” that was there when this began no longer exists. Steward did "
                  "not remove it; stop here and find out who did."),
               context->plan->live_name);
  return FALSE;
}

gboolean
steward_databases_note_original (StewardStepContext *context,
                                 const StewardDatabase *original,
                                 GError **error)
{
  JsonObject *known = steward_step_get_facts (context, &steward_step_set_aside);

  if (known != NULL && json_object_has_member (known, "allows_connections"))
    return TRUE;
  JsonObject *facts = json_object_new ();
  json_object_set_boolean_member (facts, "allows_connections", original->allows_connections);
  if (original->comment != NULL)
    json_object_set_string_member (facts, "comment", original->comment);
  return steward_step_record (context, &steward_step_set_aside, facts, error);
}

guint32
steward_databases_get_copy_oid (const StewardStepContext *context)
{
  const StewardStep *step = context->plan->kind == STEWARD_OPERATION_ROLLBACK
                                ? &steward_step_restore_beside
                                : &steward_step_copy;
  JsonObject *facts = steward_step_get_facts (context, step);

  return facts != NULL ? json_object_get_int_member_with_default (facts, "oid", 0) : 0;
}

char *
steward_databases_dup_comment (const StewardStepContext *context, const char *role)
{
  return g_strdup_printf (STEWARD_DATABASE_MARK "%s %s (%s, %s to %s)", role, context->plan->id,
                          steward_operation_kind_get_name (context->plan->kind),
                          context->plan->from_tag, context->plan->to_tag);
}

static gboolean
end_sessions (StewardStepContext *context,
              StewardConnection *connection,
              const char *name,
              GError **error)
{
  StewardSessionFilter filter = { .database = name };
  g_autoptr (GPtrArray) left =
      steward_sessions_end_own (connection, &filter, context->cancellable, error);

  if (left == NULL)
    return FALSE;
  if (left->len == 0)
    return TRUE;
  g_autofree char *label = steward_session_dup_label (left->pdata[0]);
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED,
               _ ("The database “%s” is in use by %s, whom this role may not disconnect."), name,
               label);
  return FALSE;
}

gboolean
steward_databases_move (StewardStepContext *context,
                        StewardConnection *connection,
                        const StewardMove *move,
                        GError **error)
{
  gint64 end_us = g_get_monotonic_time () + MOVE_PATIENCE_US;

  for (;;)
    {
      g_autoptr (GError) local_error = NULL;
      if (!end_sessions (context, connection, move->from, error))
        return FALSE;
      if (steward_set_aside_move (connection, move, context->cancellable, &local_error))
        return TRUE;
      /* Somebody came in between; all of this is bounded by the clock and each round by the
       * server. */
      if (!g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_LOCKED)
          || g_get_monotonic_time () > end_us)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }
}

gboolean
steward_databases_close (StewardStepContext *context,
                         StewardConnection *connection,
                         const StewardDatabase *database,
                         GError **error)
{
  return steward_set_aside_set_connections (connection, database, STEWARD_CONNECTIONS_FORBID,
                                            context->cancellable, error)
         && end_sessions (context, connection, database->name, error);
}

JsonObject *
steward_databases_count (StewardStepContext *context, const char *name, GError **error)
{
  g_autoptr (StewardConnection) connection = steward_step_connect (context, name, error);
  if (connection == NULL)
    return NULL;
  g_autoptr (GHashTable) counts = steward_row_counts_read (connection, context->cancellable, error);
  if (counts == NULL)
    return NULL;

  JsonObject *object = json_object_new ();
  GHashTableIter iter;
  gpointer table, rows;
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &table, &rows))
    json_object_set_int_member (object, table, *(guint64 *)rows);
  return object;
}

GHashTable *
steward_databases_parse_counts (JsonObject *counts)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GList) names = json_object_get_members (counts);

  for (GList *name = names; name != NULL; name = name->next)
    {
      guint64 rows = json_object_get_int_member (counts, name->data);
      g_hash_table_insert (table, g_strdup (name->data), g_memdup2 (&rows, sizeof rows));
    }
  return table;
}

static char *
quote_identifier (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "\"", -1);
  g_autofree char *doubled = g_strjoinv ("\"\"", parts);

  return g_strdup_printf ("\"%s\"", doubled);
}

char *
steward_databases_describe_move (const StewardStepContext *context,
                                 const char *from,
                                 const char *to)
{
  g_autofree char *quoted_from = quote_identifier (from);
  g_autofree char *quoted_to = quote_identifier (to);
  g_autofree char *sql = g_strdup_printf ("ALTER DATABASE %s RENAME TO %s", quoted_from, quoted_to);

  return steward_deployment_describe_sql (context->deployment, sql);
}

static char *
quote_literal (const char *text)
{
  g_auto (GStrv) quotes = g_strsplit (text, "'", -1);
  g_autofree char *doubled = g_strjoinv ("''", quotes);
  g_auto (GStrv) slashes = g_strsplit (doubled, "\\", -1);
  g_autofree char *escaped = g_strjoinv ("\\\\", slashes);

  return g_strdup_printf ("E'%s'", escaped);
}

char *
steward_databases_describe_withdraw (const StewardStepContext *context)
{
  g_autofree char *live = quote_identifier (context->plan->live_name);
  g_autofree char *copy = quote_identifier (context->plan->copy_name);
  g_autofree char *literal = quote_literal (context->plan->live_name);
  g_autofree char *sql =
      g_strdup_printf ("DO $$ BEGIN IF EXISTS (SELECT FROM pg_database WHERE oid = %u"
                       " AND datname = %s) THEN ALTER DATABASE %s RENAME TO %s; END IF; END $$",
                       steward_databases_get_copy_oid (context), literal, live, copy);

  return steward_deployment_describe_sql (context->deployment, sql);
}

/* Statements of one command are one transaction. */
char *
steward_databases_describe_return (const StewardStepContext *context)
{
  JsonObject *facts = steward_step_get_facts (context, &steward_step_set_aside);
  const char *comment = NULL;
  gboolean was_open = TRUE;

  if (facts != NULL)
    {
      comment = json_object_get_string_member_with_default (facts, "comment", NULL);
      was_open = json_object_get_boolean_member_with_default (facts, "allows_connections", TRUE);
    }
  g_autofree char *aside = quote_identifier (context->plan->aside_name);
  g_autofree char *live = quote_identifier (context->plan->live_name);
  g_autofree char *literal = comment != NULL ? quote_literal (comment) : g_strdup ("NULL");
  g_autofree char *sql =
      g_strdup_printf ("ALTER DATABASE %s RENAME TO %s; "
                       "ALTER DATABASE %s ALLOW_CONNECTIONS %s; "
                       "COMMENT ON DATABASE %s IS %s",
                       aside, live, live, was_open ? "true" : "false", live, literal);
  return steward_deployment_describe_sql (context->deployment, sql);
}

/* A crash between the making of a copy and its comment leaves one that only its name marks. */
static gboolean
mark_copy (StewardStepContext *context,
           StewardConnection *connection,
           StewardDatabase **copy,
           GError **error)
{
  g_autofree char *comment = steward_databases_dup_comment (context, "copy");
  g_autoptr (StewardDatabase) unmarked = NULL;

  if (steward_database_is_marked (*copy))
    return TRUE;
  unmarked = g_steal_pointer (copy);
  return steward_set_aside_set_comment (connection, unmarked, comment, context->cancellable, error)
         && steward_databases_find_named (context, connection, unmarked->name, copy, error);
}

gboolean
steward_databases_drop_copy (StewardStepContext *context, GError **error)
{
  g_autoptr (StewardDatabase) copy = NULL;
  g_autoptr (StewardConnection) connection = steward_step_connect (context, NULL, error);

  if (connection == NULL
      || !steward_databases_find_named (context, connection, context->plan->copy_name, &copy,
                                        error))
    return FALSE;
  if (copy == NULL)
    return TRUE;
  return end_sessions (context, connection, copy->name, error)
         && mark_copy (context, connection, &copy, error)
         && steward_copy_drop (connection, copy, context->cancellable, error);
}
