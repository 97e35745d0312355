/* One thread that pumps all connections; see the header. */
#include "tcp-proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define PAIRS_LIMIT 16

typedef struct
{
  int fds[2]; /* -1 once closed */
  gboolean is_silent;
} Pair;

struct _TcpProxy
{
  int listener, wake_fd;
  guint16 far_port;
  int wanted; /* atomic: a TcpProxyState; -1: to end */
  GThread *thread;
  Pair pairs[PAIRS_LIMIT]; /* the thread's own */
  guint count;
};

static struct sockaddr_in
make_address (guint16 port)
{
  return (struct sockaddr_in){ .sin_family = AF_INET,
                               .sin_port = htons (port),
                               .sin_addr = { htonl (INADDR_LOOPBACK) } };
}

static void
accept_pair (TcpProxy *proxy)
{
  struct sockaddr_in address = make_address (proxy->far_port);
  int near = accept4 (proxy->listener, NULL, NULL, SOCK_CLOEXEC);
  int far = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpuint (proxy->count, <, PAIRS_LIMIT);
  if (connect (far, (struct sockaddr *)&address, sizeof address) == 0)
    {
      proxy->pairs[proxy->count++] = (Pair){ { near, far }, FALSE };
      return;
    }
  close (near);
  close (far);
}

static void
close_pair (Pair *pair)
{
  for (gsize i = 0; i < 2; i++)
    {
      if (pair->fds[i] >= 0)
        close (pair->fds[i]);
      pair->fds[i] = -1;
    }
}

static void
pass (Pair *pair, gsize from)
{
  char buffer[65536];
  gssize length = recv (pair->fds[from], buffer, sizeof buffer, 0);

  for (gssize done = 0; done < length;)
    {
      gssize sent = send (pair->fds[1 - from], buffer + done, length - done, MSG_NOSIGNAL);

      if (sent <= 0)
        length = 0;
      done += MAX (sent, 0);
    }
  if (length <= 0)
    close_pair (pair);
}

static void
pump_once (TcpProxy *proxy)
{
  struct pollfd fds[2 + 2 * PAIRS_LIMIT] = { { proxy->listener, POLLIN, 0 },
                                             { proxy->wake_fd, POLLIN, 0 } };
  guint count = proxy->count;
  eventfd_t woken;

  for (guint i = 0; i < 2 * count; i++)
    {
      Pair *pair = &proxy->pairs[i / 2];

      fds[2 + i] = (struct pollfd){ pair->is_silent ? -1 : pair->fds[i % 2], POLLIN, 0 };
    }
  poll (fds, 2 + 2 * count, -1);
  for (guint i = 0; i < 2 * count; i++)
    if (fds[2 + i].revents != 0 && proxy->pairs[i / 2].fds[i % 2] >= 0)
      pass (&proxy->pairs[i / 2], i % 2);
  if (fds[0].revents != 0)
    accept_pair (proxy);
  if (fds[1].revents != 0)
    eventfd_read (proxy->wake_fd, &woken);
}

static gpointer
run_cb (gpointer data)
{
  TcpProxy *proxy = data;
  int wanted;

  while ((wanted = g_atomic_int_get (&proxy->wanted)) >= 0)
    {
      for (guint i = 0; wanted == TCP_PROXY_SILENT && i < proxy->count; i++)
        proxy->pairs[i].is_silent = TRUE;
      pump_once (proxy);
    }
  for (guint i = 0; i < proxy->count; i++)
    close_pair (&proxy->pairs[i]);
  return NULL;
}

TcpProxy *
tcp_proxy_new (guint16 port)
{
  TcpProxy *proxy = g_new0 (TcpProxy, 1);
  struct sockaddr_in address = make_address (0);

  proxy->far_port = port;
  proxy->wake_fd = eventfd (0, EFD_CLOEXEC);
  proxy->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (proxy->listener, (struct sockaddr *)&address, sizeof address), ==, 0);
  g_assert_cmpint (listen (proxy->listener, 8), ==, 0);
  proxy->thread = g_thread_new ("proxy", run_cb, proxy);
  return proxy;
}

guint16
tcp_proxy_get_port (const TcpProxy *proxy)
{
  struct sockaddr_in address;
  socklen_t length = sizeof address;

  g_assert_cmpint (getsockname (proxy->listener, (struct sockaddr *)&address, &length), ==, 0);
  return ntohs (address.sin_port);
}

void
tcp_proxy_set_state (TcpProxy *proxy, TcpProxyState state)
{
  g_atomic_int_set (&proxy->wanted, state);
  eventfd_write (proxy->wake_fd, 1);
}

void
tcp_proxy_free (TcpProxy *proxy)
{
  g_atomic_int_set (&proxy->wanted, -1);
  eventfd_write (proxy->wake_fd, 1);
  g_thread_join (proxy->thread);
  close (proxy->listener);
  close (proxy->wake_fd);
  g_free (proxy);
}
