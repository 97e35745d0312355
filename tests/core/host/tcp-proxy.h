/* A TCP proxy on loopback that can fall silent, as a network does that is gone: nothing is passed
 * on any more, and nothing is closed. And it can be as far away as one likes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TCP_PROXY_PASSES,
  TCP_PROXY_SILENT,
} TcpProxyState;

typedef struct _TcpProxy TcpProxy;

/** tcp_proxy_new: leads to @port of 127.0.0.1 */
TcpProxy *tcp_proxy_new (guint16 port);
void tcp_proxy_free (TcpProxy *proxy);
guint16 tcp_proxy_get_port (const TcpProxy *proxy);

/** tcp_proxy_set_state: connections that fell silent stay so; new ones are passed on again. */
void tcp_proxy_set_state (TcpProxy *proxy, TcpProxyState state);

/** tcp_proxy_set_delay: each byte arrives so much later from now on, in its order; as many as one
 * likes are under way. */
void tcp_proxy_set_delay (TcpProxy *proxy, guint one_way_ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TcpProxy, tcp_proxy_free)

G_END_DECLS
