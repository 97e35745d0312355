/* The endpoint's memory; nothing else. */
#include "core/database/endpoint.h"

#include <string.h>

StewardEndpoint *
steward_endpoint_new (void)
{
  StewardEndpoint *endpoint = g_new0 (StewardEndpoint, 1);

  endpoint->port = 5432;
  return endpoint;
}

StewardEndpoint *
steward_endpoint_copy (const StewardEndpoint *endpoint)
{
  StewardEndpoint *copy = steward_endpoint_new ();

  copy->host_name = g_strdup (endpoint->host_name);
  copy->host_address = g_strdup (endpoint->host_address);
  copy->socket_folder = g_strdup (endpoint->socket_folder);
  copy->port = endpoint->port;
  copy->user = g_strdup (endpoint->user);
  copy->password = g_strdup (endpoint->password);
  copy->database = g_strdup (endpoint->database);
  copy->sslmode = g_strdup (endpoint->sslmode);
  return copy;
}

void
steward_endpoint_free (StewardEndpoint *endpoint)
{
  if (endpoint->password != NULL)
    explicit_bzero (endpoint->password, strlen (endpoint->password));
  g_free (endpoint->host_name);
  g_free (endpoint->host_address);
  g_free (endpoint->socket_folder);
  g_free (endpoint->user);
  g_free (endpoint->password);
  g_free (endpoint->database);
  g_free (endpoint->sslmode);
  g_free (endpoint);
}
