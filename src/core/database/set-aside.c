/* The statements behind names, comments and openness; the transaction round them is alter.h's. */
#include "core/database/set-aside.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/database/alter.h"
#include "core/database/cluster.h"
#include "core/database/query.h"

/* NAMEDATALEN - 1: PostgreSQL would cut a longer one off, silently. */
#define NAME_MAX_BYTES 63

static gboolean
check_name (const char *name, GError **error)
{
  if (*name != '\0' && strlen (name) <= NAME_MAX_BYTES)
    return TRUE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
               _ ("“%s” cannot be the name of a database: it must have 1 to 63 bytes. "
                  "Nothing was changed."),
               name);
  return FALSE;
}

static char *
comment_statement (StewardConnection *connection, const char *name, const char *comment)
{
  g_autofree char *quoted = steward_query_quote (connection, name);
  g_autofree char *text = steward_query_quote_text (connection, comment);

  return g_strdup_printf ("COMMENT ON DATABASE %s IS %s", quoted, text);
}

static char *
connections_statement (StewardConnection *connection,
                       const char *name,
                       StewardConnections connections)
{
  g_autofree char *quoted = steward_query_quote (connection, name);

  return g_strdup_printf ("ALTER DATABASE %s ALLOW_CONNECTIONS %s", quoted,
                          connections == STEWARD_CONNECTIONS_ALLOW ? "true" : "false");
}

static char *
rename_statement (StewardConnection *connection, const char *from, const char *to)
{
  g_autofree char *old_name = steward_query_quote (connection, from);
  g_autofree char *new_name = steward_query_quote (connection, to);

  return g_strdup_printf ("ALTER DATABASE %s RENAME TO %s", old_name, new_name);
}

static gboolean
check_current_name (const StewardMove *move, const char *current, GError **error)
{
  if (g_str_equal (current, move->from) || g_str_equal (current, move->to))
    return TRUE;
  g_set_error (
      error, STEWARD_ERROR, STEWARD_ERROR_CHANGED,
      _ ("The database “%s” is called “%s” now: somebody renamed it. Nothing was changed."),
      move->from, current);
  return FALSE;
}

gboolean
steward_set_aside_move (StewardConnection *connection,
                        const StewardMove *move,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (StewardDatabase) database = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *comment = NULL;
  g_auto (GStrv) statements = NULL;
  StewardAlter alter = { .oid = move->oid, .name = move->to };

  if (!check_name (move->to, error))
    return FALSE;
  database = steward_cluster_find_database_by_oid (connection, move->oid, cancellable, error);
  if (database == NULL || !check_current_name (move, database->name, error))
    return FALSE;

  if (!g_str_equal (database->name, move->to))
    {
      g_autofree char *rename = rename_statement (connection, move->from, move->to);

      g_strv_builder_add (builder, rename);
    }
  if (move->connections != STEWARD_CONNECTIONS_KEEP)
    {
      g_autofree char *openness = connections_statement (connection, move->to, move->connections);

      g_strv_builder_add (builder, openness);
    }
  comment = comment_statement (connection, move->to, move->comment);
  g_strv_builder_add (builder, comment);
  statements = g_strv_builder_end (builder);
  alter.statements = (const char *const *)statements;
  return steward_alter_run (connection, &alter, cancellable, error);
}

gboolean
steward_set_aside_set_connections (StewardConnection *connection,
                                   const StewardDatabase *database,
                                   StewardConnections connections,
                                   GCancellable *cancellable,
                                   GError **error)
{
  g_autofree char *statement =
      connections == STEWARD_CONNECTIONS_KEEP
          ? NULL
          : connections_statement (connection, database->name, connections);
  const char *statements[] = { statement, NULL };
  StewardAlter alter = { .oid = database->oid, .name = database->name, .statements = statements };

  return steward_alter_run (connection, &alter, cancellable, error);
}

gboolean
steward_set_aside_set_comment (StewardConnection *connection,
                               const StewardDatabase *database,
                               const char *comment,
                               GCancellable *cancellable,
                               GError **error)
{
  g_autofree char *statement = comment_statement (connection, database->name, comment);
  const char *statements[] = { statement, NULL };
  StewardAlter alter = { .oid = database->oid, .name = database->name, .statements = statements };

  return steward_alter_run (connection, &alter, cancellable, error);
}
