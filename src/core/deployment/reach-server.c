/* Questions to the server of a deployment over HTTP, whichever way leads there. */
#include "core/deployment/reach.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/probe/trusted.h"

#define SERVER_PORT 6777
#define TLS_PORT 443
/* How long the one way is tried before the other one is. */
#define TURN_MS 5000

/* Where to ask, and what that needs. */
typedef struct
{
  StewardServerAddress address; /* borrows from the others */
  char *host_name;              /* owned */
  char *server_name;            /* owned, nullable: see StewardHealth */
  char *accepted;               /* owned, nullable */
  char *near_address;           /* owned, nullable */
  StewardRelay *relay;          /* nullable */
} Place;

static void
place_clear (Place *place)
{
  g_clear_pointer (&place->host_name, g_free);
  g_clear_pointer (&place->server_name, g_free);
  g_clear_pointer (&place->accepted, g_free);
  g_clear_pointer (&place->near_address, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

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

/* The name that clients use is the one that the certificate has to be for:
 * parsec3://NAME[:PORT][?no_ssl=true]. */
static void
find_name (const StewardContainer *container, Place *place)
{
  const char *text = steward_container_get_environment (container, "PARSEC_SERVER_ADDR");
  g_autoptr (GUri) uri = text != NULL ? g_uri_parse (text, G_URI_FLAGS_NONE, NULL) : NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || *host == '\0')
    {
      place->host_name = g_strdup ("localhost");
      return;
    }
  int port = g_uri_get_port (uri) > 0 ? g_uri_get_port (uri) : TLS_PORT;
  place->host_name = g_strdup (host);
  place->server_name =
      g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%d" : "%s:%d", host, port);
  place->accepted = steward_trusted_lookup (place->server_name);
}

static gboolean
find_place (const StewardDeployment *self,
            const StewardContainer *container,
            StewardWay way,
            Place *place,
            GCancellable *cancellable,
            GError **error)
{
  StewardServerAddress *address = &place->address;
  guint16 port = get_server_port (container);

  address->scheme = serves_tls (container) ? "https" : "http";
  find_name (container, place);
  address->host_name = place->host_name;
  address->accepted = place->accepted;
  address->port = port;
  if (way == STEWARD_WAY_RELAY)
    {
      place->relay =
          steward_reach_get_relay (self, &self->reach->server, container, port, cancellable, error);
      address->socket_path = place->relay != NULL ? steward_relay_get_path (place->relay) : NULL;
      return place->relay != NULL;
    }
  if (!steward_reach_forward (self, container, port, &place->near_address, &address->port,
                              cancellable, error))
    return FALSE;
  address->address = place->near_address;
  return TRUE;
}

typedef struct
{
  const StewardDeployment *deployment;
  const StewardContainer *container;
  StewardProbeFlags flags;
  guint timeout_ms;
} Question;

static StewardHealth *
ask_by (const Question *question, StewardWay way, GCancellable *cancellable, GError **error)
{
  g_auto (Place) place = { { 0 } };

  if (!find_place (question->deployment, question->container, way, &place, cancellable, error))
    return NULL;
  StewardHealth *health =
      steward_probe_ask (&place.address, question->flags, question->timeout_ms, cancellable, error);
  if (health != NULL)
    health->server_name = g_steal_pointer (&place.server_name);
  else if (place.relay != NULL)
    steward_reach_explain (place.relay, question->container, error);
  return health;
}

/* @forward_error: (transfer full): why the forward led nowhere */
static StewardHealth *
ask_by_relay (const Question *question,
              GError *forward_error,
              GCancellable *cancellable,
              GError **error)
{
  GError *relay_error = NULL;
  StewardHealth *health = ask_by (question, STEWARD_WAY_RELAY, cancellable, &relay_error);

  if (health != NULL)
    {
      question->deployment->reach->server.way = STEWARD_WAY_RELAY;
      g_error_free (forward_error);
    }
  else
    steward_reach_set_error (forward_error, relay_error, error);
  return health;
}

StewardHealth *
steward_deployment_ask_server (const StewardDeployment *self,
                               const StewardContainer *container,
                               StewardProbeFlags flags,
                               guint timeout_ms,
                               GCancellable *cancellable,
                               GError **error)
{
  Question question = { self, container, flags, timeout_ms };
  g_autoptr (GError) forward_error = NULL;

  if (self->reach->server.way == STEWARD_WAY_RELAY)
    return ask_by (&question, STEWARD_WAY_RELAY, cancellable, error);
  StewardHealth *health = ask_by (&question, STEWARD_WAY_FORWARD, cancellable, &forward_error);
  if (health != NULL)
    return health;
  if (steward_reach_suggests_relay (container, forward_error))
    return ask_by_relay (&question, g_steal_pointer (&forward_error), cancellable, error);
  g_propagate_error (error, g_steal_pointer (&forward_error));
  return NULL;
}

/* The caller's look at whether the server lives, and whether it was that which ended the wait. */
typedef struct
{
  const StewardProbeWait *wait;
  gint64 end_us; /* monotonic */
  gboolean has_died;
} Watch;

static gboolean
alive_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  Watch *watch = data;

  watch->has_died = watch->wait->alive != NULL
                    && !watch->wait->alive (watch->wait->alive_data, cancellable, error);
  return !watch->has_died;
}

/* By a forward no longer than a turn: there may be another way. */
static StewardHealth *
wait_by (const Question *question,
         StewardWay way,
         Watch *watch,
         GCancellable *cancellable,
         GError **error)
{
  g_auto (Place) place = { { 0 } };
  gint64 left_ms = MAX ((watch->end_us - g_get_monotonic_time ()) / 1000, 1);
  StewardProbeWait turn = {
    .timeout_ms = (guint)(way == STEWARD_WAY_FORWARD ? MIN (left_ms, TURN_MS) : left_ms),
    .interval_ms = watch->wait->interval_ms,
    .alive = alive_cb,
    .alive_data = watch,
  };

  if (!find_place (question->deployment, question->container, way, &place, cancellable, error))
    return NULL;
  return steward_probe_wait (&place.address, &turn, cancellable, error);
}

/* After a turn that @forward_error ended: whether the relay is the way. Returns: (nullable): what
 * it was answered */
static StewardHealth *
try_relay (const Question *question,
           const GError *forward_error,
           GCancellable *cancellable,
           GError **error)
{
  StewardReachEnd *end = &question->deployment->reach->server;

  if (g_error_matches (forward_error, STEWARD_ERROR, STEWARD_ERROR_DENIED))
    {
      end->way = STEWARD_WAY_RELAY;
      return NULL;
    }
  StewardHealth *health = ask_by (question, STEWARD_WAY_RELAY, cancellable, error);
  if (health != NULL)
    end->way = STEWARD_WAY_RELAY;
  return health;
}

/* A server that is still starting and one that cannot be reached look alike from outside. */
StewardHealth *
steward_deployment_wait_server (const StewardDeployment *self,
                                const StewardContainer *container,
                                const StewardProbeWait *wait,
                                GCancellable *cancellable,
                                GError **error)
{
  Question question = { self, container, STEWARD_PROBE_DEFAULT, TURN_MS };
  Watch watch = { wait, g_get_monotonic_time () + (gint64)wait->timeout_ms * 1000, FALSE };
  const StewardReachEnd *end = &self->reach->server;

  for (;;)
    {
      StewardWay way = end->way;
      GError *forward_error = NULL, *relay_error = NULL;
      g_autoptr (StewardHealth) health =
          wait_by (&question, way, &watch, cancellable, &forward_error);

      if (health != NULL)
        return g_steal_pointer (&health);
      if (watch.has_died || way == STEWARD_WAY_RELAY
          || !steward_reach_suggests_relay (container, forward_error))
        {
          g_propagate_error (error, forward_error);
          return NULL;
        }
      health = try_relay (&question, forward_error, cancellable, &relay_error);
      gboolean has_found = end->way == STEWARD_WAY_RELAY;
      if (!has_found && g_get_monotonic_time () >= watch.end_us)
        {
          steward_reach_set_error (forward_error, relay_error, error);
          return NULL;
        }
      g_error_free (forward_error);
      g_clear_error (&relay_error);
      if (health != NULL && health->answers_as_parsec)
        return g_steal_pointer (&health);
    }
}
