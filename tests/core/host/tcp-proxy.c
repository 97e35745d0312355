/* One thread that pumps all connections; see the header. */
#include "tcp-proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define PAIRS_LIMIT 16

/* What was read at one end and is due at the other at @due_us (monotonic). No bytes: the end. */
typedef struct
{
  gint64 due_us;
  GBytes *bytes;
} Chunk;

/* One way through a pair. */
typedef struct
{
  GQueue chunks; /* of Chunk, owned */
  gboolean is_over, is_stuck;
} Way;

typedef struct
{
  int fds[2];  /* -1 once closed */
  Way ways[2]; /* from the end of that number */
  gboolean is_silent;
} Pair;

struct _TcpProxy
{
  int listener, wake_fd;
  guint16 far_port;
  int wanted;   /* atomic: a TcpProxyState; -1: to end */
  int delay_us; /* atomic: one way */
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
  int on = 1;

  g_assert_cmpuint (proxy->count, <, PAIRS_LIMIT);
  if (connect (far, (struct sockaddr *)&address, sizeof address) == 0)
    {
      /* The delay alone decides when something arrives. */
      setsockopt (near, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      setsockopt (far, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      proxy->pairs[proxy->count++] = (Pair){ .fds = { near, far } };
      return;
    }
  close (near);
  close (far);
}

static void
chunk_free (gpointer data)
{
  Chunk *chunk = data;

  g_bytes_unref (chunk->bytes);
  g_free (chunk);
}

static void
close_pair (Pair *pair)
{
  for (gsize i = 0; i < 2; i++)
    {
      if (pair->fds[i] >= 0)
        close (pair->fds[i]);
      pair->fds[i] = -1;
      g_queue_clear_full (&pair->ways[i].chunks, chunk_free);
    }
}

static void
take (TcpProxy *proxy, Pair *pair, gsize from)
{
  char buffer[262144];
  gssize length = recv (pair->fds[from], buffer, sizeof buffer, MSG_DONTWAIT);
  Chunk *chunk = NULL;

  if (length < 0 && errno == EAGAIN)
    return;
  chunk = g_new0 (Chunk, 1);
  chunk->due_us = g_get_monotonic_time () + g_atomic_int_get (&proxy->delay_us);
  chunk->bytes = g_bytes_new (buffer, MAX (length, 0));
  g_queue_push_tail (&pair->ways[from].chunks, chunk);
  pair->ways[from].is_over = length <= 0;
}

/* Returns: whether the next chunk may follow */
static gboolean
give_one (Pair *pair, gsize from, Chunk *chunk)
{
  Way *way = &pair->ways[from];
  gsize length = 0;
  const void *data = g_bytes_get_data (chunk->bytes, &length);
  gssize sent =
      length > 0 ? send (pair->fds[1 - from], data, length, MSG_NOSIGNAL | MSG_DONTWAIT) : 0;

  way->is_stuck = sent < 0 && errno == EAGAIN;
  if (way->is_stuck)
    return FALSE;
  if (sent <= 0)
    {
      close_pair (pair);
      return FALSE;
    }
  if ((gsize)sent < length)
    {
      g_autoptr (GBytes) whole = chunk->bytes;

      chunk->bytes = g_bytes_new_from_bytes (whole, sent, length - sent);
      return TRUE;
    }
  chunk_free (g_queue_pop_head (&way->chunks));
  return TRUE;
}

/* Passes on what is due. Returns: when the next chunk is, %G_MAXINT64 for none that can be sent */
static gint64
give (Pair *pair, gsize from)
{
  Way *way = &pair->ways[from];
  gint64 now_us = g_get_monotonic_time ();

  for (Chunk *chunk; (chunk = g_queue_peek_head (&way->chunks)) != NULL;)
    {
      if (chunk->due_us > now_us)
        return chunk->due_us;
      if (!give_one (pair, from, chunk))
        break;
    }
  return G_MAXINT64;
}

/* What one end is waited for: what it sends, and that it takes what comes from the other. With a
 * delay the network holds as much as is sent; without one, no more than the ends do. */
static short
get_events (TcpProxy *proxy, const Pair *pair, gsize end)
{
  const Way *way = &pair->ways[end];
  gboolean has_room =
      g_atomic_int_get (&proxy->delay_us) > 0 || g_queue_is_empty ((GQueue *)&way->chunks);

  return (has_room && !way->is_over ? POLLIN : 0) | (pair->ways[1 - end].is_stuck ? POLLOUT : 0);
}

static void
wait_until (struct pollfd *fds, guint count, gint64 due_us)
{
  gint64 left_us = MAX (due_us - g_get_monotonic_time (), 0);
  struct timespec left = { left_us / G_USEC_PER_SEC, left_us % G_USEC_PER_SEC * 1000 };

  ppoll (fds, count, due_us != G_MAXINT64 ? &left : NULL, NULL);
}

static void
pump_once (TcpProxy *proxy)
{
  struct pollfd fds[2 + 2 * PAIRS_LIMIT] = { { proxy->listener, POLLIN, 0 },
                                             { proxy->wake_fd, POLLIN, 0 } };
  guint count = proxy->count;
  gint64 due_us = G_MAXINT64;
  eventfd_t woken;

  for (guint i = 0; i < 2 * count; i++)
    if (!proxy->pairs[i / 2].is_silent)
      due_us = MIN (due_us, give (&proxy->pairs[i / 2], i % 2));
  for (guint i = 0; i < 2 * count; i++)
    {
      Pair *pair = &proxy->pairs[i / 2];
      short events = pair->is_silent ? 0 : get_events (proxy, pair, i % 2);

      fds[2 + i] = (struct pollfd){ events != 0 ? pair->fds[i % 2] : -1, events, 0 };
    }
  wait_until (fds, 2 + 2 * count, due_us);
  for (guint i = 0; i < 2 * count; i++)
    if ((fds[2 + i].revents & ~POLLOUT) != 0 && !proxy->pairs[i / 2].ways[i % 2].is_over)
      take (proxy, &proxy->pairs[i / 2], i % 2);
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
tcp_proxy_set_delay (TcpProxy *proxy, guint one_way_ms)
{
  g_atomic_int_set (&proxy->delay_us, one_way_ms * 1000);
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
