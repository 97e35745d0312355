/* Forwards, relays, and which of them lead where. */
#include "core/deployment/reach.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
end_clear (StewardReachEnd *end)
{
  g_clear_pointer (&end->relay, steward_relay_close);
  g_clear_pointer (&end->relayed_id, g_free);
}

StewardReach *
steward_reach_new (void)
{
  return g_new0 (StewardReach, 1);
}

void
steward_reach_free (StewardReach *reach)
{
  end_clear (&reach->database);
  end_clear (&reach->server);
  g_clear_pointer (&reach->container, steward_container_free);
  g_clear_pointer (&reach->found, steward_container_free);
  g_free (reach);
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
 * else (host networking) the host's. One that has no network, or another container's, answers
 * nowhere: the host's own port would be somebody else's. */
static gboolean
get_place (const StewardContainer *container,
           guint16 port,
           const char **address,
           guint16 *host_port)
{
  const StewardPublishedPort *published = find_published_port (container, port);

  *address = published != NULL ? get_concrete_address (published->host_address)
                               : find_container_address (container);
  *host_port = published != NULL ? published->host_port : port;
  if (*address == NULL && g_str_equal (container->network_mode, "host"))
    *address = "127.0.0.1";
  return *address != NULL;
}

gboolean
steward_reach_forward (const StewardDeployment *deployment,
                       const StewardContainer *container,
                       guint16 port,
                       char **near_address,
                       guint16 *near_port,
                       GCancellable *cancellable,
                       GError **error)
{
  const char *address = NULL;
  guint16 host_port = 0;

  if (!get_place (container, port, &address, &host_port))
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                   _ ("The container “%s” has no address on its host."), container->name);
      return FALSE;
    }
  return steward_host_forward (steward_deployment_get_host (deployment), address, host_port,
                               near_address, near_port, cancellable, error);
}

StewardRelay *
steward_reach_get_relay (const StewardDeployment *deployment,
                         StewardReachEnd *end,
                         const StewardContainer *container,
                         guint16 port,
                         GCancellable *cancellable,
                         GError **error)
{
  StewardRelayTarget target = { container->id, container->name, port };
  g_autofree char *socket_name = g_strdup_printf (".s.PGSQL.%u", port);

  if (end->relay != NULL && g_str_equal (end->relayed_id, container->id))
    return end->relay;
  end_clear (end);
  end->relay = steward_relay_new (deployment->engine, &target, socket_name, cancellable, error);
  if (end->relay != NULL)
    end->relayed_id = g_strdup (container->id);
  return end->relay;
}

gboolean
steward_reach_suggests_relay (const StewardContainer *container, const GError *error)
{
  return container->running
         && (g_error_matches (error, STEWARD_ERROR, STEWARD_ERROR_DENIED)
             || g_error_matches (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND)
             || g_error_matches (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE));
}

/* Where nobody answered at either end, the direct way's own words say more. */
void
steward_reach_set_error (GError *forward, GError *relay, GError **error)
{
  g_autoptr (GError) first = forward;
  g_autoptr (GError) second = relay;
  gboolean nobody_answered = g_error_matches (first, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);

  if (nobody_answered && g_error_matches (second, STEWARD_ERROR, STEWARD_ERROR_REFUSED))
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE, "%s %s", first->message,
                 second->message);
  else if (nobody_answered
           && (g_error_matches (second, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE)
               || g_error_matches (second, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND)))
    g_propagate_error (error, g_steal_pointer (&first));
  else
    g_propagate_error (error, g_steal_pointer (&second));
}

void
steward_reach_explain (StewardRelay *relay, const StewardContainer *container, GError **error)
{
  g_autofree char *problem = steward_relay_dup_problem (relay);

  if (problem == NULL || error == NULL
      || !g_error_matches (*error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE))
    return;
  g_clear_error (error);
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
               _ ("The container “%s” cannot be entered: %s"), container->name, problem);
}
