/* The least of HTTP/1.1 over plain sockets and OpenSSL. See http.h. */
#include "http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_HEAD_BYTES (64 * 1024)
#define MAX_BODY_BYTES (64 * 1024 * 1024)

struct ParsecHttp
{
  const ParsecHttpOptions *options; /* borrowed */
  SSL_CTX *tls;                     /* owned, nullable */
};

typedef struct
{
  ParsecHttp *http; /* borrowed: lives until the program ends */
  int socket;
  SSL *tls; /* owned, nullable */
} Connection;

static gssize
connection_read (Connection *self, void *buffer, gsize n_bytes)
{
  if (self->tls != NULL)
    return SSL_read (self->tls, buffer, (int)n_bytes);
  return recv (self->socket, buffer, n_bytes, 0);
}

static void
connection_write (Connection *self, const char *data, gsize n_bytes)
{
  gssize written = 1;

  for (; n_bytes > 0 && written > 0; data += written, n_bytes -= (gsize)written)
    {
      written = self->tls ? SSL_write (self->tls, data, (int)n_bytes)
                          : send (self->socket, data, n_bytes, MSG_NOSIGNAL);
    }
}

static void
connection_free (Connection *self)
{
  if (self->tls != NULL)
    {
      SSL_shutdown (self->tls);
      SSL_free (self->tls);
    }
  close (self->socket);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Connection, connection_free)

/* Reads until @data holds @n_bytes or, with @n_bytes 0, the end of the head.
 * Returns whether it got so far. */
static gboolean
read_until (Connection *connection, GString *data, gsize n_bytes)
{
  char buffer[16 * 1024];

  while (n_bytes > 0 ? data->len < n_bytes : strstr (data->str, "\r\n\r\n") == NULL)
    {
      gssize n_read = connection_read (connection, buffer, sizeof buffer);

      if (n_read <= 0 || (n_bytes == 0 && data->len > MAX_HEAD_BYTES))
        return FALSE;
      g_string_append_len (data, buffer, n_read);
    }
  return TRUE;
}

static gsize
find_content_length (char **lines)
{
  for (; *lines != NULL; lines++)
    {
      if (g_ascii_strncasecmp (*lines, "content-length:", 15) == 0)
        return MIN (g_ascii_strtoull (*lines + 15, NULL, 10), MAX_BODY_BYTES);
    }
  return 0;
}

static gboolean
has_header (char **lines, const char *name)
{
  for (; *lines != NULL; lines++)
    {
      if (g_ascii_strncasecmp (*lines, name, strlen (name)) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
read_request (Connection *connection, ParsecRequest *request)
{
  g_autoptr (GString) data = g_string_new (NULL);
  g_autofree char *head = NULL;
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) words = NULL;
  gsize head_bytes;

  if (!read_until (connection, data, 0))
    return FALSE;

  head_bytes = (gsize)(strstr (data->str, "\r\n\r\n") - data->str) + 4;
  head = g_strndup (data->str, head_bytes);
  lines = g_strsplit (head, "\r\n", -1);
  words = g_strsplit (lines[0], " ", 3);
  request->body_bytes = find_content_length (lines);
  if (g_strv_length (words) != 3
      || !read_until (connection, data, head_bytes + request->body_bytes))
    return FALSE;

  request->method = g_strdup (words[0]);
  request->path = g_strdup (words[1]);
  request->has_api_version = has_header (lines, "api-version:");
  request->body = g_memdup2 (data->str + head_bytes, request->body_bytes);
  return TRUE;
}

static const char *
reason_from_status (int status)
{
  switch (status)
    {
    case 200:
      return "OK";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 422:
      return "Unprocessable Entity";
    default:
      return "Internal Server Error";
    }
}

static void
write_response (Connection *connection,
                const ParsecRequest *request,
                const ParsecResponse *response)
{
  gsize body_bytes = strlen (response->body);
  g_autofree char *head =
      g_strdup_printf ("HTTP/1.1 %d %s\r\nserver: %s\r\ncontent-type: %s\r\n"
                       "content-length: %" G_GSIZE_FORMAT "\r\nconnection: close\r\n%s\r\n",
                       response->status, reason_from_status (response->status),
                       connection->http->options->server_header, response->content_type, body_bytes,
                       response->headers ? response->headers : "");

  connection_write (connection, head, strlen (head));
  if (!g_str_equal (request->method, "HEAD"))
    connection_write (connection, response->body, body_bytes);
}

static void
answer (Connection *connection)
{
  const ParsecHttpOptions *options = connection->http->options;
  ParsecRequest request = { 0 };
  ParsecResponse response = { .status = 500, .content_type = "text/plain; charset=utf-8" };

  if (read_request (connection, &request))
    {
      options->handler (&request, &response, options->user_data);
      write_response (connection, &request, &response);
    }
  g_free (request.method);
  g_free (request.path);
  g_free (request.body);
  g_free (response.headers);
  g_free (response.body);
}

static gpointer
connection_thread (gpointer data)
{
  g_autoptr (Connection) connection = data;

  if (connection->http->options->handler == NULL)
    {
      /* Reading until the client gives up keeps the connection open without an answer. */
      char buffer[1024];

      while (recv (connection->socket, buffer, sizeof buffer, 0) > 0)
        ;
      return NULL;
    }
  if (connection->http->tls != NULL)
    {
      connection->tls = SSL_new (connection->http->tls);
      SSL_set_fd (connection->tls, connection->socket);
      if (SSL_accept (connection->tls) <= 0)
        return NULL;
    }
  answer (connection);
  return NULL;
}

ParsecHttp *
parsec_http_new (const ParsecHttpOptions *options, char **problem)
{
  g_autoptr (ParsecHttp) self = g_new0 (ParsecHttp, 1);

  self->options = options;
  if (options->key_file == NULL || options->certificate_file == NULL)
    return g_steal_pointer (&self);

  self->tls = SSL_CTX_new (TLS_server_method ());
  if (SSL_CTX_use_certificate_chain_file (self->tls, options->certificate_file) == 1
      && SSL_CTX_use_PrivateKey_file (self->tls, options->key_file, SSL_FILETYPE_PEM) == 1)
    return g_steal_pointer (&self);

  *problem = g_strdup ("cannot load the TLS key or certificate");
  return NULL;
}

int
parsec_http_listen (const char *host, guint16 port, char **problem)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
  int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int one = 1;

  setsockopt (listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (inet_pton (AF_INET, host, &address.sin_addr) == 1
      && bind (listener, (struct sockaddr *)&address, sizeof address) == 0
      && listen (listener, 128) == 0)
    return listener;

  *problem = g_strdup_printf ("cannot listen on %s:%u: %s", host, port, g_strerror (errno));
  close (listener);
  return -1;
}

void
parsec_http_accept (ParsecHttp *self, int listener)
{
  int socket = accept (listener, NULL, NULL);
  Connection *connection;

  if (socket < 0)
    return;

  connection = g_new0 (Connection, 1);
  connection->http = self;
  connection->socket = socket;
  g_thread_unref (g_thread_new ("connection", connection_thread, connection));
}

void
parsec_http_free (ParsecHttp *self)
{
  g_clear_pointer (&self->tls, SSL_CTX_free);
  g_free (self);
}
