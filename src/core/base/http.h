/* One blocking conversation over HTTP(S) with a bound on time and on size. What the answers mean is
 * left to the callers: nothing is followed, authenticated, decoded, cached or retried here. */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _StewardHttp StewardHttp;

/**
 * StewardHttpFlags:
 * @STEWARD_HTTP_NO_PROXY: connect directly, whatever proxy the desktop has
 */
typedef enum
{
  STEWARD_HTTP_DEFAULT = 0,
  STEWARD_HTTP_NO_PROXY = 1 << 0,
} StewardHttpFlags;

/**
 * steward_http_new:
 * @connectable: (nullable): connect here instead of to the host of each address; TLS still expects
 * that host
 * @timeout_ms: for the whole conversation, from now on
 * @cancellable: (nullable): ends the conversation
 *
 * For a worker thread; all calls, the last one included, in the same thread and nested like
 * brackets: until steward_http_free() the thread has a main context of its own.
 *
 * Returns: (transfer full): the conversation
 */
StewardHttp *steward_http_new (GSocketConnectable *connectable,
                               StewardHttpFlags flags,
                               guint timeout_ms,
                               GCancellable *cancellable);
void steward_http_free (StewardHttp *http);

/** steward_http_set_proxy: goes by @proxy (a URI such as `socks5://127.0.0.1:1080`, which also
 * resolves the names) instead of the desktop's. Before the first message. */
void steward_http_set_proxy (StewardHttp *http, const char *proxy);

/**
 * steward_http_send:
 * @message: status and headers are in it afterwards
 * @max_bytes: a larger body is an error; zero: the body is not read
 *
 * Blocks. Connections are kept between calls.
 *
 * Errors: %G_IO_ERROR_CANCELLED only if the caller cancelled, %G_IO_ERROR_TIMED_OUT when the
 * conversation's time is over, %G_IO_ERROR_MESSAGE_TOO_LARGE, and those of GIO (resolver, sockets,
 * TLS).
 *
 * Returns: (transfer full) (nullable): the body, whatever the status
 */
GBytes *
steward_http_send (StewardHttp *http, SoupMessage *message, gsize max_bytes, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardHttp, steward_http_free)

G_END_DECLS
