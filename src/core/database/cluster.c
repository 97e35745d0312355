/* Questions about a cluster, its databases and what the role may do. */
#include "core/database/cluster.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/database/query.h"

StewardCluster *
steward_cluster_read (StewardConnection *connection, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (StewardRows) general =
      steward_query_run (connection, &(StewardQuery){ .sql = "SELECT pg_is_in_recovery ()" },
                         cancellable, error);
  g_autoptr (StewardRows) control = NULL;
  StewardCluster *cluster;

  if (general == NULL)
    return NULL;
  control = steward_query_run (connection,
                               &(StewardQuery){
                                   .sql = "SELECT system_identifier FROM pg_control_system ()" },
                               cancellable, &reason);
  if (control == NULL && !g_error_matches (reason, STEWARD_ERROR, STEWARD_ERROR_DENIED))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  cluster = g_new0 (StewardCluster, 1);
  cluster->server_version = steward_connection_get_server_version (connection);
  cluster->is_replica = steward_query_is_true (general, 0, 0);
  cluster->system_identifier = control != NULL ? steward_query_dup (control, 0, 0) : NULL;
  return cluster;
}

void
steward_cluster_free (StewardCluster *cluster)
{
  g_free (cluster->system_identifier);
  g_free (cluster);
}

static void
set_not_found_error (const char *name, GError **error)
{
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
               _ ("There is no database “%s” on the database server."), name);
}

/* Membership of a superuser would be too much to ask for: then the database changes its owner. */
static const char role_sql[] =
    "SELECT r.rolname, r.rolsuper, r.rolsuper OR r.rolcreatedb, pg_has_role (d.datdba, 'USAGE'),"
    " nullif (concat_ws (' ',"
    "  CASE WHEN NOT (r.rolsuper OR r.rolcreatedb)"
    "       THEN format ('ALTER ROLE %I CREATEDB;', r.rolname) END,"
    "  CASE WHEN pg_has_role (d.datdba, 'USAGE') THEN NULL"
    "       WHEN o.rolsuper THEN format ('ALTER DATABASE %I OWNER TO %I;', d.datname, r.rolname)"
    "       ELSE format ('GRANT %I TO %I;', o.rolname, r.rolname) END), '')"
    " FROM pg_roles r, pg_database d JOIN pg_roles o ON o.oid = d.datdba"
    " WHERE r.rolname = current_user AND d.datname = $1::text";

StewardRole *
steward_cluster_read_role (StewardConnection *connection,
                           const char *database_name,
                           GCancellable *cancellable,
                           GError **error)
{
  g_autoptr (StewardRows) result =
      steward_query_run (connection,
                         &(StewardQuery){ .sql = role_sql, .values = { database_name } },
                         cancellable, error);
  StewardRole *role;

  if (result == NULL)
    return NULL;
  if (PQntuples (result) == 0)
    {
      set_not_found_error (database_name, error);
      return NULL;
    }
  role = g_new0 (StewardRole, 1);
  role->name = steward_query_dup (result, 0, 0);
  role->is_superuser = steward_query_is_true (result, 0, 1);
  role->can_create = steward_query_is_true (result, 0, 2);
  role->is_owner = steward_query_is_true (result, 0, 3);
  role->missing_grants = steward_query_dup (result, 0, 4);
  return role;
}

void
steward_role_free (StewardRole *role)
{
  g_free (role->name);
  g_free (role->missing_grants);
  g_free (role);
}

static StewardDatabase *
database_from_row (const PGresult *result, int row)
{
  StewardDatabase *database = g_new0 (StewardDatabase, 1);

  database->name = steward_query_dup (result, row, 0);
  database->oid = g_ascii_strtoull (PQgetvalue (result, row, 1), NULL, 10);
  database->owner = steward_query_dup (result, row, 2);
  database->size_bytes = g_ascii_strtoll (PQgetvalue (result, row, 3), NULL, 10);
  database->allows_connections = steward_query_is_true (result, row, 4);
  database->connection_limit = g_ascii_strtoll (PQgetvalue (result, row, 5), NULL, 10);
  database->comment = steward_query_dup (result, row, 6);
  database->is_template = steward_query_is_true (result, row, 7);
  database->sessions = g_ascii_strtoull (PQgetvalue (result, row, 8), NULL, 10);
  return database;
}

/* The size of a database that goes away meanwhile is NULL. */
#define DATABASES_SQL                                                                              \
  "SELECT d.datname, d.oid, pg_get_userbyid (d.datdba),"                                           \
  " coalesce (CASE WHEN has_database_privilege (d.oid, 'CONNECT')"                                 \
  "   OR pg_has_role ('pg_read_all_stats', 'USAGE') THEN pg_database_size (d.oid) END, -1),"       \
  " d.datallowconn, d.datconnlimit, shobj_description (d.oid, 'pg_database'), d.datistemplate,"    \
  " (SELECT count (*) FROM pg_stat_activity a WHERE a.datid = d.oid"                               \
  "  AND a.pid <> pg_backend_pid () AND a.usesysid IS NOT NULL)"                                   \
  " FROM pg_database d "

static GPtrArray *
read_databases (StewardConnection *connection,
                const StewardQuery *query,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (StewardRows) result = steward_query_run (connection, query, cancellable, error);
  GPtrArray *databases;

  if (result == NULL)
    return NULL;
  databases = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_database_free);
  for (int row = 0; row < PQntuples (result); row++)
    g_ptr_array_add (databases, database_from_row (result, row));
  return databases;
}

GPtrArray *
steward_cluster_list_databases (StewardConnection *connection,
                                GCancellable *cancellable,
                                GError **error)
{
  return read_databases (connection,
                         &(StewardQuery){ .sql = DATABASES_SQL
                                          "ORDER BY d.datname::text COLLATE \"C\"" },
                         cancellable, error);
}

static StewardDatabase *
find_database (StewardConnection *connection,
               const StewardQuery *query,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GPtrArray) databases = read_databases (connection, query, cancellable, error);

  if (databases == NULL)
    return NULL;
  if (databases->len == 0)
    {
      set_not_found_error (query->values[0], error);
      return NULL;
    }
  return g_ptr_array_steal_index (databases, 0);
}

StewardDatabase *
steward_cluster_find_database (StewardConnection *connection,
                               const char *name,
                               GCancellable *cancellable,
                               GError **error)
{
  return find_database (connection,
                        &(StewardQuery){ .sql = DATABASES_SQL "WHERE d.datname = $1::text",
                                         .values = { name } },
                        cancellable, error);
}

StewardDatabase *
steward_cluster_find_database_by_oid (StewardConnection *connection,
                                      guint32 oid,
                                      GCancellable *cancellable,
                                      GError **error)
{
  g_autofree char *text = g_strdup_printf ("%u", oid);

  return find_database (connection,
                        &(StewardQuery){ .sql = DATABASES_SQL "WHERE d.oid = $1::oid",
                                         .values = { text } },
                        cancellable, error);
}

gboolean
steward_database_is_marked (const StewardDatabase *database)
{
  return database->comment != NULL && g_str_has_prefix (database->comment, STEWARD_DATABASE_MARK);
}

void
steward_database_free (StewardDatabase *database)
{
  g_free (database->name);
  g_free (database->owner);
  g_free (database->comment);
  g_free (database);
}

GStrv
steward_cluster_list_event_triggers (StewardConnection *connection,
                                     GCancellable *cancellable,
                                     GError **error)
{
  g_autoptr (StewardRows) result =
      steward_query_run (connection,
                         &(StewardQuery){
                             .sql = "SELECT evtname FROM pg_event_trigger WHERE evtenabled <> 'D'"
                                    " ORDER BY evtname::text COLLATE \"C\"" },
                         cancellable, error);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  if (result == NULL)
    return NULL;
  for (int row = 0; row < PQntuples (result); row++)
    g_strv_builder_add (names, PQgetvalue (result, row, 0));
  return g_strv_builder_end (names);
}
