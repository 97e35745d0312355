/* Listing and ending sessions. Who may be ended, and when, is decided elsewhere. */
#include "core/database/sessions.h"

#include "core/database/query.h"

#define END_PATIENCE_US (10 * G_USEC_PER_SEC)
#define END_INTERVAL_US (50 * 1000)

/* Empty parameters do not filter. An autovacuum worker has no role. */
#define SESSIONS_SQL                                                                               \
  " FROM pg_stat_activity WHERE pid <> pg_backend_pid () AND usesysid IS NOT NULL"                 \
  " AND datname IS NOT NULL"                                                                       \
  " AND ($1::text = '' OR datname = $1::text)"                                                     \
  " AND ($2::text = '' OR usename IS DISTINCT FROM $2::text)"                                      \
  " AND ($3::text = '' OR NOT starts_with (coalesce (application_name, ''), $3::text))"            \
  " AND ($4::text = '' OR starts_with (application_name, $4::text))"

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

static StewardQuery
filter_query (const char *sql, const StewardSessionFilter *filter)
{
  return (StewardQuery){ .sql = sql,
                         .values = { or_empty (filter->database), or_empty (filter->except_role),
                                     or_empty (filter->except_application),
                                     or_empty (filter->only_application) } };
}

static StewardSession *
session_from_row (const PGresult *result, int row)
{
  StewardSession *session = g_new0 (StewardSession, 1);

  session->pid = g_ascii_strtoll (PQgetvalue (result, row, 0), NULL, 10);
  session->user = steward_query_dup (result, row, 1);
  session->application = steward_query_dup (result, row, 2);
  session->address = steward_query_dup (result, row, 3);
  session->state = steward_query_dup (result, row, 4);
  return session;
}

void
steward_session_free (StewardSession *session)
{
  g_free (session->user);
  g_free (session->application);
  g_free (session->address);
  g_free (session->state);
  g_free (session);
}

char *
steward_session_dup_label (const StewardSession *session)
{
  GString *label = g_string_new (session->user);

  if (session->application != NULL && *session->application != '\0')
    g_string_append_printf (label, " %s", session->application);
  if (session->address != NULL)
    g_string_append_printf (label, " %s", session->address);
  g_string_append_printf (label, " (%d)", session->pid);
  return g_string_free (label, FALSE);
}

GPtrArray *
steward_sessions_list (StewardConnection *connection,
                       const StewardSessionFilter *filter,
                       GCancellable *cancellable,
                       GError **error)
{
  StewardQuery query =
      filter_query ("SELECT pid, coalesce (usename, usesysid::text), application_name,"
                    " host (client_addr), state" SESSIONS_SQL " ORDER BY pid",
                    filter);
  g_autoptr (StewardRows) result = steward_query_run (connection, &query, cancellable, error);
  GPtrArray *sessions;

  if (result == NULL)
    return NULL;
  sessions = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_session_free);
  for (int row = 0; row < PQntuples (result); row++)
    g_ptr_array_add (sessions, session_from_row (result, row));
  return sessions;
}

/* Returns how many of the role's own sessions were told to end, or -1. */
static int
tell_own_to_end (StewardConnection *connection,
                 const StewardSessionFilter *filter,
                 GCancellable *cancellable,
                 GError **error)
{
  StewardQuery query =
      filter_query ("SELECT pg_terminate_backend (pid)" SESSIONS_SQL " AND usename = current_user",
                    filter);
  g_autoptr (StewardRows) result = steward_query_run (connection, &query, cancellable, error);

  return result != NULL ? PQntuples (result) : -1;
}

static void
pause_for (gint64 interval_us, GCancellable *cancellable)
{
  GPollFD fd;
  gboolean has_fd = g_cancellable_make_pollfd (cancellable, &fd);

  g_poll (&fd, has_fd ? 1 : 0, interval_us / 1000);
  if (has_fd)
    g_cancellable_release_fd (cancellable);
}

GPtrArray *
steward_sessions_end_own (StewardConnection *connection,
                          const StewardSessionFilter *filter,
                          GCancellable *cancellable,
                          GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + END_PATIENCE_US;
  int n_told = tell_own_to_end (connection, filter, cancellable, error);

  while (n_told > 0 && g_get_monotonic_time () < deadline_us)
    {
      pause_for (END_INTERVAL_US, cancellable);
      n_told = tell_own_to_end (connection, filter, cancellable, error);
    }
  return n_told >= 0 ? steward_sessions_list (connection, filter, cancellable, error) : NULL;
}

static const char obstacles_sql[] =
    "SELECT 0, x.gid FROM pg_prepared_xacts x WHERE x.database = $1::text"
    " UNION ALL SELECT 1, r.slot_name::text FROM pg_replication_slots r"
    "  WHERE r.database = $1::text AND r.active"
    " UNION ALL SELECT 2, s.subname::text FROM pg_subscription s"
    "  JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = $1::text"
    " ORDER BY 1, 2";

GPtrArray *
steward_sessions_list_obstacles (StewardConnection *connection,
                                 const char *database,
                                 GCancellable *cancellable,
                                 GError **error)
{
  g_autoptr (StewardRows) result =
      steward_query_run (connection,
                         &(StewardQuery){ .sql = obstacles_sql, .values = { database } },
                         cancellable, error);
  GPtrArray *obstacles;

  if (result == NULL)
    return NULL;
  obstacles = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_obstacle_free);
  for (int row = 0; row < PQntuples (result); row++)
    {
      StewardObstacle *obstacle = g_new0 (StewardObstacle, 1);

      obstacle->kind = *PQgetvalue (result, row, 0) - '0';
      obstacle->name = steward_query_dup (result, row, 1);
      g_ptr_array_add (obstacles, obstacle);
    }
  return obstacles;
}

void
steward_obstacle_free (StewardObstacle *obstacle)
{
  g_free (obstacle->name);
  g_free (obstacle);
}
