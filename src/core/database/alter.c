/* The transaction round changes of a database, and naming who stands in its way. */
#include "core/database/alter.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/database/query.h"
#include "core/database/sessions.h"

static char *
dup_users (StewardConnection *connection, const char *database)
{
  g_autoptr (GPtrArray) sessions =
      steward_sessions_list (connection, &(StewardSessionFilter){ .database = database }, NULL,
                             NULL);
  g_autoptr (GPtrArray) obstacles =
      steward_sessions_list_obstacles (connection, database, NULL, NULL);
  g_autoptr (GStrvBuilder) labels = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  for (guint i = 0; sessions != NULL && i < sessions->len; i++)
    {
      g_autofree char *label = steward_session_dup_label (g_ptr_array_index (sessions, i));

      g_strv_builder_add (labels, label);
    }
  for (guint i = 0; obstacles != NULL && i < obstacles->len; i++)
    g_strv_builder_add (labels, ((StewardObstacle *)g_ptr_array_index (obstacles, i))->name);
  list = g_strv_builder_end (labels);
  return g_strjoinv (", ", list);
}

void
steward_alter_name_users (StewardConnection *connection, const char *database, GError **error)
{
  g_autofree char *users = NULL;

  if (error == NULL || !g_error_matches (*error, STEWARD_ERROR, STEWARD_ERROR_LOCKED))
    return;
  users = dup_users (connection, database);
  g_clear_error (error);
  if (*users != '\0')
    g_set_error (
        error, STEWARD_ERROR, STEWARD_ERROR_LOCKED,
        _ ("The database “%s” is in use by %s. Nothing was changed; end that and try again."),
        database, users);
  else
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED,
                 _ ("The database “%s” was in use a moment ago. Nothing was changed; try again."),
                 database);
}

static gboolean
check_identity (StewardConnection *connection,
                const StewardAlter *alter,
                GCancellable *cancellable,
                GError **error)
{
  g_autofree char *oid = g_strdup_printf ("%u", alter->oid);
  g_autoptr (StewardRows) result = steward_query_run (
      connection,
      &(StewardQuery){ .sql =
                           "SELECT 1 FROM pg_database WHERE oid = $1::oid AND datname = $2::text",
                       .values = { oid, alter->name } },
      cancellable, error);

  if (result == NULL)
    return FALSE;
  if (PQntuples (result) == 1)
    return TRUE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_CHANGED,
               _ ("“%s” is not the database that was meant: somebody renamed or replaced it. "
                  "Nothing was changed."),
               alter->name);
  return FALSE;
}

static gboolean
run_statements (StewardConnection *connection,
                const StewardAlter *alter,
                GCancellable *cancellable,
                GError **error)
{
  if (!steward_query_execute (connection, &(StewardQuery){ .sql = "BEGIN" }, cancellable, error))
    return FALSE;
  for (guint i = 0; alter->statements[i] != NULL; i++)
    if (!steward_query_execute (connection, &(StewardQuery){ .sql = alter->statements[i] },
                                cancellable, error))
      return FALSE;
  if (!check_identity (connection, alter, cancellable, error))
    return FALSE;
  return steward_query_execute (connection,
                                &(StewardQuery){ .sql = alter->end == STEWARD_ALTER_ROLL_BACK
                                                            ? "ROLLBACK"
                                                            : "COMMIT" },
                                cancellable, error);
}

/* Under whatever name it has now. */
static char *
dup_current_name (StewardConnection *connection, guint32 oid)
{
  g_autofree char *text = g_strdup_printf ("%u", oid);
  g_autoptr (StewardRows) result =
      steward_query_run (connection,
                         &(StewardQuery){ .sql =
                                              "SELECT datname FROM pg_database WHERE oid = $1::oid",
                                          .values = { text } },
                         NULL, NULL);

  return result != NULL && PQntuples (result) == 1 ? steward_query_dup (result, 0, 0) : NULL;
}

gboolean
steward_alter_run (StewardConnection *connection,
                   const StewardAlter *alter,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *name = NULL;

  if (run_statements (connection, alter, cancellable, &reason))
    return TRUE;
  steward_query_rollback (connection);
  if (g_error_matches (reason, STEWARD_ERROR, STEWARD_ERROR_LOCKED))
    name = dup_current_name (connection, alter->oid);
  if (name != NULL)
    steward_alter_name_users (connection, name, &reason);
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}
