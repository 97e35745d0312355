/* An HTTP server of the tests, in a thread of its own, on a free port of 127.0.0.1. */
#pragma once

#include <libsoup/soup.h>

typedef struct _LoopbackServer LoopbackServer;

/**
 * loopback_server_new:
 * @handler: answers every request, in the server's thread
 * @certificate: (nullable): that of `server.test`; %NULL for plain HTTP; outlives the server
 */
LoopbackServer *
loopback_server_new (SoupServerCallback handler, gpointer data, GTlsCertificate *certificate);
void loopback_server_free (LoopbackServer *server);

guint16 loopback_server_get_port (LoopbackServer *server);

/** loopback_server_answer: an answer with a text */
void loopback_server_answer (SoupServerMessage *message, guint status, const char *body);

/** loopback_server_answer_endlessly: a body that never ends */
void loopback_server_answer_endlessly (SoupServerMessage *message);

/** loopback_server_dup_certificate: of `server.test` */
GTlsCertificate *loopback_server_dup_certificate (void);

/** loopback_server_dup_authority: that knows the tests' authority only */
GTlsDatabase *loopback_server_dup_authority (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LoopbackServer, loopback_server_free)
