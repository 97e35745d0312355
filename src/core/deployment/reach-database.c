/* Sessions with the database of a deployment, whichever way leads there. */
#include "core/deployment/reach.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DATABASE_PORT 5432
#define SEEN_US (30 * G_TIME_SPAN_SECOND)

/* What a session is for. @container: (nullable): where the database is one of the project's */
typedef struct
{
  const StewardContainer *container;
  const char *name;
  StewardLock *lock;
  StewardWay way;
  gboolean has_endpoint; /* out: it was known where to connect to */
} Visit;

/* TLS is nothing that libpq knows over a unix socket, whatever sslmode is asked for: the bytes
 * leave no machine in the clear. From here to the host they travel as all commands do, and from
 * there they come out inside the container itself. */
static gboolean
set_relay (const StewardDeployment *self,
           const Visit *visit,
           StewardEndpoint *endpoint,
           GCancellable *cancellable,
           GError **error)
{
  StewardRelay *relay = steward_reach_get_relay (self, &self->reach->database, visit->container,
                                                 endpoint->port, cancellable, error);

  if (relay == NULL)
    return FALSE;
  endpoint->socket_folder = g_strdup (steward_relay_get_folder (relay));
  return TRUE;
}

/* Between here and a container of the host nobody listens in: where the server's configuration does
 * not speak of TLS, it is not asked for first, which a distant host would be waited for. */
static const char *
get_sslmode (const StewardDeployment *self, const Visit *visit)
{
  const char *sslmode = g_hash_table_lookup (self->database->parameters, "sslmode");

  return sslmode == NULL && visit->container != NULL ? "allow" : sslmode;
}

static StewardEndpoint *
make_endpoint (const StewardDeployment *self,
               const Visit *visit,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (StewardEndpoint) endpoint = steward_endpoint_new ();
  const StewardDatabaseUrl *url = self->database;
  gboolean is_set = TRUE;

  endpoint->host_name = g_strdup (url->host != NULL ? url->host : "localhost");
  endpoint->user = g_strdup (url->user);
  endpoint->password = g_strdup (url->password);
  endpoint->database = g_strdup (url->database);
  endpoint->sslmode = g_strdup (get_sslmode (self, visit));
  endpoint->port = url->port != 0 ? url->port : DATABASE_PORT;
  if (visit->container != NULL && visit->way == STEWARD_WAY_RELAY)
    is_set = set_relay (self, visit, endpoint, cancellable, error);
  else if (visit->container != NULL)
    is_set = steward_reach_forward (self, visit->container, endpoint->port, &endpoint->host_address,
                                    &endpoint->port, cancellable, error);
  return is_set ? g_steal_pointer (&endpoint) : NULL;
}

/* The server's side of the session must be an address of the container that the Parsec server
 * reaches by name: a published port may belong to somebody else by now. A relay ends on the
 * loopback of the container that its engine knows by the id. */
static gboolean
check_same_cluster (StewardConnection *connection, const Visit *visit, GError **error)
{
  const char *address = steward_connection_get_server_address (connection);
  const StewardContainer *container = visit->container;

  if (container == NULL || g_str_equal (container->network_mode, "host"))
    return TRUE;
  if (visit->way == STEWARD_WAY_RELAY && g_strcmp0 (address, "127.0.0.1") == 0)
    return TRUE;
  for (guint i = 0; i < container->networks->len; i++)
    {
      const StewardContainerNetwork *network = container->networks->pdata[i];
      if (g_strcmp0 (network->address, address) == 0)
        return TRUE;
    }
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
               _ ("Another PostgreSQL than the container “%s” that the server uses answers at its "
                  "address. Nothing was touched."),
               container->name);
  return FALSE;
}

char *
steward_deployment_dup_session_name (const StewardFence *fence)
{
  return fence != NULL ? g_strdup_printf ("steward-%s", fence->generation) : g_strdup ("steward");
}

static StewardConnection *
open_session (const StewardDeployment *self,
              Visit *visit,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (StewardEndpoint) endpoint = make_endpoint (self, visit, cancellable, error);
  StewardLock *lock = visit->lock;

  visit->has_endpoint = endpoint != NULL;
  if (endpoint == NULL)
    return NULL;
  g_autofree char *session =
      steward_deployment_dup_session_name (lock != NULL ? steward_lock_get_fence (lock) : NULL);
  StewardConnection *connection =
      visit->name != NULL
          ? steward_connection_open (endpoint, visit->name, session, cancellable, error)
          : steward_connection_open_maintenance (endpoint, session, cancellable, error);
  if (connection == NULL && endpoint->socket_folder != NULL)
    steward_reach_explain (self->reach->database.relay, visit->container, error);
  return connection;
}

static StewardConnection *
connect_by (const StewardDeployment *self,
            Visit *visit,
            StewardWay way,
            GCancellable *cancellable,
            GError **error)
{
  visit->way = way;
  g_autoptr (StewardConnection) connection = open_session (self, visit, cancellable, error);
  if (connection == NULL || !check_same_cluster (connection, visit, error))
    return NULL;
  /* Only now: a takeover ends the sessions that it finds, and this one is found by then. */
  if (visit->lock != NULL && !steward_lock_check (visit->lock, cancellable, error))
    return NULL;
  return g_steal_pointer (&connection);
}

/* By the way that is known to lead there, else by the one that does. A password that is wrong is so
 * on either. */
static StewardConnection *
connect_to (const StewardDeployment *self, Visit *visit, GCancellable *cancellable, GError **error)
{
  StewardReachEnd *end = &self->reach->database;
  g_autoptr (GError) forward_error = NULL;
  g_autoptr (GError) relay_error = NULL;

  if (visit->container == NULL || end->way == STEWARD_WAY_RELAY)
    return connect_by (self, visit, end->way, cancellable, error);
  StewardConnection *connection =
      connect_by (self, visit, STEWARD_WAY_FORWARD, cancellable, &forward_error);
  if (connection != NULL)
    return connection;
  gboolean is_password =
      visit->has_endpoint && g_error_matches (forward_error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  if (is_password || !steward_reach_suggests_relay (visit->container, forward_error))
    {
      g_propagate_error (error, g_steal_pointer (&forward_error));
      return NULL;
    }
  connection = connect_by (self, visit, STEWARD_WAY_RELAY, cancellable, &relay_error);
  if (connection != NULL)
    end->way = STEWARD_WAY_RELAY;
  else
    steward_reach_set_error (g_steal_pointer (&forward_error), g_steal_pointer (&relay_error),
                             error);
  return connection;
}

/* What was seen seconds ago and answers as it did then need not be looked for again. */
static StewardConnection *
connect_to_seen (const StewardDeployment *self, Visit *visit, GCancellable *cancellable)
{
  StewardReach *reach = self->reach;

  if (reach->container == NULL || g_get_monotonic_time () >= reach->until_us)
    return NULL;
  visit->container = reach->container;
  StewardConnection *connection = connect_by (self, visit, reach->database.way, cancellable, NULL);
  if (connection != NULL)
    reach->until_us = g_get_monotonic_time () + SEEN_US;
  return connection;
}

StewardConnection *
steward_deployment_connect (const StewardDeployment *self,
                            const char *name,
                            StewardLock *lock,
                            GCancellable *cancellable,
                            GError **error)
{
  StewardReach *reach = self->reach;
  Visit visit = { .name = name, .lock = lock };
  g_autoptr (GError) local_error = NULL;
  StewardConnection *connection = connect_to_seen (self, &visit, cancellable);

  if (connection != NULL)
    return connection;
  g_clear_pointer (&reach->container, steward_container_free);
  g_autoptr (StewardContainer) container = g_steal_pointer (&reach->found);
  if (container == NULL)
    container = steward_deployment_find_database (self, cancellable, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  visit.container = container;
  connection = connect_to (self, &visit, cancellable, error);
  if (connection != NULL)
    {
      reach->container = g_steal_pointer (&container);
      reach->until_us = g_get_monotonic_time () + SEEN_US;
    }
  return connection;
}

void
steward_deployment_take_database (StewardDeployment *self, StewardContainer *container)
{
  g_clear_pointer (&self->reach->found, steward_container_free);
  self->reach->found = container;
}

char *
steward_deployment_describe_sql (const StewardDeployment *self, const char *sql)
{
  const char *psql[] = { "exec",
                         steward_deployment_get_database_service (self),
                         "psql",
                         "--username",
                         self->database->user != NULL ? self->database->user : "postgres",
                         "--dbname",
                         "postgres",
                         "--command",
                         sql,
                         NULL };
  g_auto (GStrv) argv = steward_compose_project_dup_argv (self->project, self->engine, psql);

  return steward_format_command ((const char *const *)argv);
}
