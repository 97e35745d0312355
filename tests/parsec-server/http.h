/* The least of HTTP/1.1 that the stand-in server needs: one request a connection, with or without
 * TLS, each on a thread of its own. What is answered is routes.c's. */
#pragma once

#include <glib.h>

typedef struct
{
  char *method; /* owned */
  char *path;   /* owned */
  gboolean has_api_version;
  char *body; /* owned; may hold NUL bytes */
  gsize body_bytes;
} ParsecRequest;

typedef struct
{
  int status;
  const char *content_type; /* borrowed */
  char *headers;            /* owned, nullable: further lines, each ended by CRLF */
  char *body;               /* owned */
} ParsecResponse;

/* Fills @response; called on the connection's thread. */
typedef void (*ParsecHandler) (const ParsecRequest *request,
                               ParsecResponse *response,
                               gpointer user_data);

typedef struct
{
  const char *key_file;         /* nullable: no TLS */
  const char *certificate_file; /* nullable */
  const char *server_header;
  ParsecHandler handler; /* nullable: accept and never answer */
  gpointer user_data;
} ParsecHttpOptions;

typedef struct ParsecHttp ParsecHttp;

/* Returns: (transfer full) (nullable): NULL with @problem set if key or certificate do not load.
 * @options and what it points to must stay as long as the result. */
ParsecHttp *parsec_http_new (const ParsecHttpOptions *options, char **problem);

/* Opens @host (an IPv4 address) and @port. Returns the listening socket, or -1 with @problem. */
int parsec_http_listen (const char *host, guint16 port, char **problem);

/* Takes one connection from @listener and answers it on a new thread; does not block for long. */
void parsec_http_accept (ParsecHttp *self, int listener);

void parsec_http_free (ParsecHttp *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ParsecHttp, parsec_http_free)
