/* How the database and the server of a deployment are reached from here. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/deployment/deployment.h"
#include "core/deployment/reach.h"

#define DATABASE_PORT 5432
#define SERVER_PORT 6777
#define SEEN_US (30 * G_TIME_SPAN_SECOND)

struct _StewardDatabaseSeen
{
  StewardContainer *container; /* owned, nullable */
  gint64 until_us;             /* monotonic */
};

StewardDatabaseSeen *
steward_database_seen_new (void)
{
  return g_new0 (StewardDatabaseSeen, 1);
}

void
steward_database_seen_free (StewardDatabaseSeen *seen)
{
  g_clear_pointer (&seen->container, steward_container_free);
  g_free (seen);
}

static const StewardPublishedPort *
find_published_port (const StewardContainer *container, guint16 port)
{
  for (guint i = 0; i < container->ports->len; i++)
    {
      const StewardPublishedPort *published = container->ports->pdata[i];
      if (published->container_port == port && published->host_port != 0
          && g_str_equal (published->protocol, "tcp"))
        return published;
    }
  return NULL;
}

static const char *
find_container_address (const StewardContainer *container)
{
  for (guint i = 0; i < container->networks->len; i++)
    {
      const StewardContainerNetwork *network = container->networks->pdata[i];
      if (network->address != NULL && *network->address != '\0')
        return network->address;
    }
  return NULL;
}

/* An address that can be connected to where every address is meant. */
static const char *
get_concrete_address (const char *address)
{
  if (g_str_equal (address, "0.0.0.0") || *address == '\0')
    return "127.0.0.1";
  return g_str_equal (address, "::") ? "::1" : address;
}

/* Where a port of a container answers, as seen on the host: published, else the container's own,
 * else (host networking) the host's. */
static void
get_place (const StewardContainer *container,
           guint16 port,
           const char **address,
           guint16 *host_port)
{
  const StewardPublishedPort *published = find_published_port (container, port);

  *address = published != NULL ? get_concrete_address (published->host_address)
                               : find_container_address (container);
  *host_port = published != NULL ? published->host_port : port;
  if (*address == NULL)
    *address = "127.0.0.1";
}

static StewardEndpoint *
make_endpoint (const StewardDeployment *self,
               const StewardContainer *container,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (StewardEndpoint) endpoint = steward_endpoint_new ();
  const StewardDatabaseUrl *url = self->database;
  guint16 port = url->port != 0 ? url->port : DATABASE_PORT;

  endpoint->host_name = g_strdup (url->host != NULL ? url->host : "localhost");
  endpoint->user = g_strdup (url->user);
  endpoint->password = g_strdup (url->password);
  endpoint->database = g_strdup (url->database);
  endpoint->sslmode = g_strdup (g_hash_table_lookup (url->parameters, "sslmode"));
  endpoint->port = port;
  if (container == NULL)
    return g_steal_pointer (&endpoint);

  const char *address = NULL;
  get_place (container, port, &address, &port);
  if (!steward_host_forward (steward_deployment_get_host (self), address, port,
                             &endpoint->host_address, &endpoint->port, cancellable, error))
    return NULL;
  return g_steal_pointer (&endpoint);
}

/* The server's side of the session must be an address of the container that the Parsec server
 * reaches by name: a published port may belong to somebody else by now. */
static gboolean
check_same_cluster (StewardConnection *connection,
                    const StewardContainer *container,
                    GError **error)
{
  const char *address = steward_connection_get_server_address (connection);

  if (container == NULL || g_str_equal (container->network_mode, "host"))
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

/* @container: (nullable) */
static StewardConnection *
connect_to (const StewardDeployment *self,
            const StewardContainer *container,
            const char *name,
            StewardLock *lock,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (StewardEndpoint) endpoint = make_endpoint (self, container, cancellable, error);
  if (endpoint == NULL)
    return NULL;

  g_autofree char *session =
      steward_deployment_dup_session_name (lock != NULL ? steward_lock_get_fence (lock) : NULL);
  g_autoptr (StewardConnection) connection =
      name != NULL ? steward_connection_open (endpoint, name, session, cancellable, error)
                   : steward_connection_open_maintenance (endpoint, session, cancellable, error);
  if (connection == NULL || !check_same_cluster (connection, container, error))
    return NULL;
  /* Only now: a takeover ends the sessions that it finds, and this one is found by then. */
  if (lock != NULL && !steward_lock_check (lock, cancellable, error))
    return NULL;
  return g_steal_pointer (&connection);
}

/* What was seen seconds ago and answers as it did then need not be looked for again. */
static StewardConnection *
connect_to_seen (const StewardDeployment *self,
                 const char *name,
                 StewardLock *lock,
                 GCancellable *cancellable)
{
  StewardDatabaseSeen *seen = self->seen;
  StewardConnection *connection =
      seen->container != NULL && g_get_monotonic_time () < seen->until_us
          ? connect_to (self, seen->container, name, lock, cancellable, NULL)
          : NULL;

  if (connection != NULL)
    seen->until_us = g_get_monotonic_time () + SEEN_US;
  return connection;
}

StewardConnection *
steward_deployment_connect (const StewardDeployment *self,
                            const char *name,
                            StewardLock *lock,
                            GCancellable *cancellable,
                            GError **error)
{
  g_autoptr (GError) local_error = NULL;
  StewardConnection *connection = connect_to_seen (self, name, lock, cancellable);

  if (connection != NULL)
    return connection;
  g_clear_pointer (&self->seen->container, steward_container_free);
  g_autoptr (StewardContainer) container =
      steward_deployment_find_database (self, cancellable, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  connection = connect_to (self, container, name, lock, cancellable, error);
  if (connection != NULL)
    {
      self->seen->container = g_steal_pointer (&container);
      self->seen->until_us = g_get_monotonic_time () + SEEN_US;
    }
  return connection;
}

static gboolean
serves_tls (const StewardContainer *container)
{
  return steward_container_get_environment (container, "PARSEC_SSL_CERTFILE") != NULL;
}

static guint16
get_server_port (const StewardContainer *container)
{
  const char *text = steward_container_get_environment (container, "PARSEC_PORT");
  guint64 port = SERVER_PORT;

  if (text != NULL)
    g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &port, NULL);
  return port;
}

/* @near_address: (out): owns the address that @address borrows. */
static gboolean
get_server_address (const StewardDeployment *self,
                    const StewardContainer *container,
                    StewardServerAddress *address,
                    char **near_address,
                    GCancellable *cancellable,
                    GError **error)
{
  const char *far_address = NULL;
  guint16 far_port = 0;

  get_place (container, get_server_port (container), &far_address, &far_port);
  if (!steward_host_forward (steward_deployment_get_host (self), far_address, far_port,
                             near_address, &address->port, cancellable, error))
    return FALSE;
  address->address = *near_address;
  address->scheme = serves_tls (container) ? "https" : "http";
  address->host_name = "localhost";
  return TRUE;
}

StewardHealth *
steward_deployment_ask_server (const StewardDeployment *self,
                               const StewardContainer *container,
                               StewardProbeFlags flags,
                               guint timeout_ms,
                               GCancellable *cancellable,
                               GError **error)
{
  StewardServerAddress address;
  g_autofree char *near_address = NULL;

  if (!get_server_address (self, container, &address, &near_address, cancellable, error))
    return NULL;
  return steward_probe_ask (&address, flags, timeout_ms, cancellable, error);
}

StewardHealth *
steward_deployment_wait_server (const StewardDeployment *self,
                                const StewardContainer *container,
                                const StewardProbeWait *wait,
                                GCancellable *cancellable,
                                GError **error)
{
  StewardServerAddress address;
  g_autofree char *near_address = NULL;

  if (!get_server_address (self, container, &address, &near_address, cancellable, error))
    return NULL;
  return steward_probe_wait (&address, wait, cancellable, error);
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
