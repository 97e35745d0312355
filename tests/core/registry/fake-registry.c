/* The repositories are listed in the table at the end. Written from the specifications and from
 * what ghcr.io was seen to answer. */
#include "fake-registry.h"

#include <string.h>

#define TOKEN "Bearer anonymous.token"
#define USER_TOKEN "Bearer user.token"
#define BASIC "Basic dXNlcjpzZWNyZXQ=" /* user:secret */

typedef struct
{
  FakeRegistry *registry;
  SoupServerMessage *message;
  const char *path;
  GHashTable *query; /* nullable */
} Request;

static const char *
get_header (Request *request, const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (request->message),
                                       name);
}

static void
set_header (Request *request, const char *name, const char *value)
{
  soup_message_headers_append (soup_server_message_get_response_headers (request->message), name,
                               value);
}

static const char *
get_query (Request *request, const char *name)
{
  const char *value = request->query != NULL ? g_hash_table_lookup (request->query, name) : NULL;

  return value != NULL ? value : "";
}

/* A 401 that names a token server, unless the request has @token already. */
static gboolean
has_token (Request *request, const char *token, const char *realm)
{
  if (g_strcmp0 (get_header (request, "Authorization"), token) == 0)
    return TRUE;

  g_autofree char *own = g_strdup_printf ("http://%s/token", request->registry->name);
  g_autofree char *repository = g_strndup (request->path + strlen ("/v2/"),
                                           strlen (request->path) - strlen ("/v2//tags/list"));
  g_autofree char *challenge =
      g_strdup_printf ("Bearer realm=\"%s\",service=\"fake\",scope=\"repository:%s:pull\"",
                       realm != NULL ? realm : own, repository);
  set_header (request, "WWW-Authenticate", challenge);
  loopback_server_answer (request->message, 401, "{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}");
  return FALSE;
}

static void
answer_token (Request *request)
{
  const char *scope = get_query (request, "scope");
  const char *authorization = get_header (request, "Authorization");

  g_atomic_int_inc (&request->registry->n_tokens);
  if (strcmp (soup_server_message_get_method (request->message), "POST") == 0)
    {
      SoupMessageBody *body = soup_server_message_get_request_body (request->message);
      g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
      g_autofree char *form = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      g_autoptr (GHashTable) fields = soup_form_decode (form);
      gboolean is_right =
          g_strcmp0 (g_hash_table_lookup (fields, "grant_type"), "refresh_token") == 0
          && g_strcmp0 (g_hash_table_lookup (fields, "refresh_token"), "identity&secret") == 0
          && g_strcmp0 (g_hash_table_lookup (fields, "service"), "fake") == 0
          && authorization == NULL;
      loopback_server_answer (request->message, is_right ? 200 : 401,
                              "{\"access_token\":\"user.token\"}");
    }
  else if (strcmp (get_query (request, "service"), "fake") != 0)
    loopback_server_answer (request->message, 400, "{}");
  else if (strcmp (scope, "repository:token/denied:pull") == 0)
    loopback_server_answer (request->message, 403, "{\"errors\":[{\"code\":\"DENIED\"}]}");
  else if (strcmp (scope, "repository:token/rubbish:pull") == 0)
    loopback_server_answer (request->message, 200, "{\"token\":\"a\\r\\nX: y\"}");
  else if (strcmp (scope, "repository:token/fault:pull") == 0)
    loopback_server_answer (request->message, 503, "");
  else if (g_strcmp0 (authorization, BASIC) == 0)
    loopback_server_answer (request->message, 200, "{\"token\":\"user.token\"}");
  else if (authorization != NULL)
    loopback_server_answer (request->message, 401, "{}");
  else
    loopback_server_answer (request->message, 200, "{\"token\":\"anonymous.token\"}");
}

/* Three pages, the way on given as @format with the last tag. */
static void
answer_pages (Request *request, const char *prefix)
{
  const char *last = get_query (request, "last");
  const char *next = *last == '\0' ? "3.1.0" : strcmp (last, "3.1.0") == 0 ? "latest" : NULL;

  if (next != NULL)
    {
      g_autofree char *link =
          g_strdup_printf ("<%s%s?last=%s&n=2>; rel=\"next\"", prefix, request->path, next);
      set_header (request, "Link", link);
    }
  loopback_server_answer (request->message, 200,
                          *last == '\0' ? "{\"name\":\"x\",\"tags\":[\"3.0.0\",\"3.1.0\"]}"
                          : strcmp (last, "3.1.0") == 0 ? "{\"tags\":[\"v3.2.0\",\"latest\"]}"
                                                        : "{\"tags\":[\"3.9.3-rc.2\"]}");
}

static void
answer_pages_relative (Request *request, const char *argument)
{
  if (has_token (request, TOKEN, NULL))
    answer_pages (request, "");
}

static void
answer_pages_absolute (Request *request, const char *argument)
{
  g_autofree char *prefix = g_strdup_printf ("http://%s", request->registry->name);

  answer_pages (request, prefix);
}

static void
answer_link (Request *request, const char *argument)
{
  g_autofree char *counted = NULL;
  const char *link = argument;

  if (strcmp (argument, "count") == 0)
    link = counted = g_strdup_printf ("<?last=%d>; rel=\"next\"",
                                      g_atomic_int_get (&request->registry->n_requests));
  set_header (request, "Link", link);
  loopback_server_answer (request->message, 200, "{\"tags\":[\"3.0.0\"]}");
}

static void
answer_foreign_link (Request *request, const char *argument)
{
  g_autofree char *link =
      g_strdup_printf ("<http://localhost:%u%s?last=a>; rel=next",
                       loopback_server_get_port (request->registry->server), request->path);
  answer_link (request, link);
}

static void
answer_user_token (Request *request, const char *realm)
{
  if (has_token (request, USER_TOKEN, realm))
    loopback_server_answer (request->message, 200, "{\"tags\":[\"3.0.0\"]}");
}

static void
answer_basic (Request *request, const char *argument)
{
  if (g_strcmp0 (get_header (request, "Authorization"), BASIC) == 0)
    {
      loopback_server_answer (request->message, 200, "{\"tags\":[\"3.0.0\"]}");
      return;
    }
  set_header (request, "WWW-Authenticate", "Basic realm=\"fake\"");
  loopback_server_answer (request->message, 401, "");
}

static void
answer_never_content (Request *request, const char *argument)
{
  has_token (request, "never", NULL);
}

/* Over to `localhost`, which is another origin: nothing secret may go along. */
static void
answer_redirect (Request *request, const char *argument)
{
  if (!has_token (request, TOKEN, NULL))
    return;
  g_autofree char *location =
      g_strdup_printf ("http://localhost:%u/elsewhere",
                       loopback_server_get_port (request->registry->server));
  soup_server_message_set_redirect (request->message, 307, location);
}

static void
answer_redirect_to (Request *request, const char *location)
{
  soup_server_message_set_redirect (request->message, 302, location);
}

static void
answer_status (Request *request, const char *status)
{
  loopback_server_answer (request->message, (guint)g_ascii_strtoull (status, NULL, 10), "<html>");
}

static void
answer_retry_later (Request *request, const char *retry_after)
{
  set_header (request, "Retry-After", retry_after);
  answer_status (request, "429");
}

/* A date ten minutes from now. */
static void
answer_retry_at (Request *request, const char *argument)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) later = g_date_time_add_minutes (now, 10);
  g_autofree char *date = soup_date_time_to_string (later, SOUP_DATE_HTTP);

  answer_retry_later (request, date);
}

static void
answer_text (Request *request, const char *text)
{
  loopback_server_answer (request->message, 200, text);
}

static void
answer_deep (Request *request, const char *argument)
{
  g_autofree char *deep = g_strnfill (4 * 1024 * 1024, '[');

  loopback_server_answer (request->message, 200, deep);
}

static void
answer_endlessly (Request *request, const char *argument)
{
  loopback_server_answer_endlessly (request->message);
}

static void
answer_never (Request *request, const char *argument)
{
  soup_server_message_pause (request->message);
}

static const struct
{
  const char *repository;
  void (*answer) (Request *, const char *);
  const char *argument;
} repositories[] = {
  { "pages/relative", answer_pages_relative, NULL },
  { "pages/absolute", answer_pages_absolute, NULL },
  { "link/loop", answer_link, "<?n=1000>; rel=\"next\"" },
  { "link/endless", answer_link, "count" },
  { "link/foreign", answer_foreign_link, NULL },
  { "link/rubbish", answer_link, "<http://[>; rel=\"next\"" },
  { "link/other", answer_link, "no link, <?x>; rel=\"last\", <" },
  { "token/user", answer_user_token, NULL },
  { "token/denied", answer_user_token, NULL },
  { "token/rubbish", answer_user_token, NULL },
  { "token/fault", answer_user_token, NULL },
  { "token/ignored", answer_never_content, NULL },
  { "realm/plain", answer_user_token, "http://registry.example/token" },
  { "realm/file", answer_user_token, "file:///etc/passwd" },
  { "realm/rubbish", answer_user_token, "::" },
  { "basic/app", answer_basic, NULL },
  { "redirect/other", answer_redirect, NULL },
  { "redirect/plain", answer_redirect_to, "http://registry.example/" },
  { "redirect/loop", answer_redirect_to, "?again" },
  { "status/400", answer_status, "400" },
  { "status/401", answer_status, "401" },
  { "status/403", answer_status, "403" },
  { "status/404", answer_status, "404" },
  { "status/429", answer_status, "429" },
  { "status/500", answer_status, "500" },
  { "status/503", answer_status, "503" },
  { "retry/seconds", answer_retry_later, "120" },
  { "retry/date", answer_retry_at, NULL },
  { "retry/century", answer_retry_later, "Fri, 01 Jan 2100 00:00:00 GMT" },
  { "retry/rubbish", answer_retry_later, "soon" },
  { "text/null", answer_text, "{\"tags\":null}" },
  { "text/odd", answer_text,
    "{\"tags\":[\"3.0.0\",7,null,[],\"\",\"a/b\",\"-x\",\"\\u001b[2J\",\"3.1.0+x\"]}" },
  { "text/html", answer_text, "<html>" },
  { "text/array", answer_text, "[\"3.0.0\"]" },
  { "text/string", answer_text, "{\"tags\":\"3.0.0\"}" },
  { "text/missing", answer_text, "{}" },
  { "text/empty", answer_text, "" },
  { "text/deep", answer_deep, NULL },
  { "endless/app", answer_endlessly, NULL },
  { "silent/app", answer_never, NULL },
};

static void
answer_repository (Request *request)
{
  for (gsize i = 0; i < G_N_ELEMENTS (repositories); i++)
    {
      g_autofree char *path = g_strdup_printf ("/v2/%s/tags/list", repositories[i].repository);
      if (strcmp (path, request->path) != 0)
        continue;
      repositories[i].answer (request, repositories[i].argument);
      return;
    }
  loopback_server_answer (request->message, 404, "{}");
}

static void
handler (SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer data)
{
  Request request = { data, message, path, query };

  g_atomic_int_inc (&request.registry->n_requests);
  g_async_queue_push (request.registry->reached, data);
  if (strcmp (path, "/token") == 0)
    answer_token (&request);
  else if (strcmp (path, "/elsewhere") == 0)
    {
      if (get_header (&request, "Authorization") != NULL)
        g_atomic_int_inc (&request.registry->n_leaks);
      loopback_server_answer (message, 200, "{\"tags\":[\"3.0.0\"]}");
    }
  else
    answer_repository (&request);
}

FakeRegistry *
fake_registry_new (GTlsCertificate *certificate)
{
  FakeRegistry *registry = g_new0 (FakeRegistry, 1);

  registry->reached = g_async_queue_new ();
  registry->server = loopback_server_new (handler, registry, certificate);
  registry->name = g_strdup_printf ("127.0.0.1:%u", loopback_server_get_port (registry->server));
  return registry;
}

void
fake_registry_free (FakeRegistry *registry)
{
  loopback_server_free (registry->server);
  g_async_queue_unref (registry->reached);
  g_free (registry->name);
  g_free (registry);
}
