/* What the stand-in server answers. See routes.h; facts from the project's notes on Parsec. */
#include "routes.h"

#define JSON "application/json"
#define BYTEA_OID 17

static const char write_sql[] =
    "WITH place AS (INSERT INTO organization (organization_id, _created_on)"
    "  VALUES ('Clients', now ()) ON CONFLICT (organization_id)"
    "  DO UPDATE SET organization_id = EXCLUDED.organization_id RETURNING _id)"
    " INSERT INTO notification (organization, created_on, body)"
    " SELECT _id, now (), $1 FROM place RETURNING _id";

static void
set_answer (ParsecResponse *response, int status, const char *content_type, const char *body)
{
  response->status = status;
  response->content_type = content_type;
  response->body = g_strdup (body);
}

static void
answer_root (const ParsecRequest *request, ParsecResponse *response)
{
  if (!g_str_equal (request->method, "GET"))
    {
      set_answer (response, 405, JSON, "{\"detail\":\"Method Not Allowed\"}");
      response->headers = g_strdup ("allow: GET\r\n");
      return;
    }
  set_answer (response, 200, "text/html; charset=utf-8",
              "<!DOCTYPE html>\n<html><head><title>Parsec</title></head>\n"
              "<body><h1>Parsec server is running!</h1></body></html>\n");
}

static void
answer_openapi (const ParsecRelease *release, ParsecResponse *response)
{
  if (release->generation == PARSEC_GENERATION_EARLY)
    set_answer (response, 404, JSON, "{\"detail\":\"Not Found\"}");
  else if (release->generation == PARSEC_GENERATION_MIDDLE)
    set_answer (response, 500, "text/plain; charset=utf-8", "Internal Server Error");
  else
    {
      response->status = 200;
      response->content_type = JSON;
      response->body = g_strdup_printf ("{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Parsec\","
                                        "\"version\":\"%s\"},\"paths\":{}}",
                                        release->version);
    }
}

static void
answer_client (const ParsecRelease *release, const ParsecRequest *request, ParsecResponse *response)
{
  response->headers = g_strdup_printf ("supported-api-versions: %s\r\n", release->api_versions);
  if (request->has_api_version)
    set_answer (response, 404, JSON, "{\"detail\":\"Organization not found\"}");
  else
    set_answer (response, 422, JSON, "{\"detail\":\"Unsupported API version\"}");
}

/* Answers with {"@key": value}, the value being the first one of @result. */
static void
answer_value (ParsecResponse *response, PGconn *connection, PGresult *result, const char *key)
{
  if (PQresultStatus (result) == PGRES_TUPLES_OK && PQntuples (result) == 1)
    {
      response->status = 200;
      response->content_type = JSON;
      response->body = g_strdup_printf ("{\"%s\": %s}\n", key, PQgetvalue (result, 0, 0));
    }
  else
    set_answer (response, 500, "text/plain; charset=utf-8", PQerrorMessage (connection));
}

static void
answer_write (PGconn *connection, const ParsecRequest *request, ParsecResponse *response)
{
  const Oid types[] = { BYTEA_OID };
  const char *const values[] = { request->body ? request->body : "" };
  const int lengths[] = { (int)request->body_bytes };
  const int formats[] = { 1 };
  g_autoptr (PGresult) result =
      PQexecParams (connection, write_sql, 1, types, values, lengths, formats, 0);

  answer_value (response, connection, result, "id");
}

static void
answer_count (PGconn *connection, ParsecResponse *response)
{
  g_autoptr (PGresult) result = PQexec (connection, "SELECT count(*) FROM notification");

  answer_value (response, connection, result, "rows");
}

static void
answer_test (ParsecRoutes *routes, const ParsecRequest *request, ParsecResponse *response)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&routes->mutex);
  g_autofree char *problem = NULL;

  if (routes->connection != NULL && PQstatus (routes->connection) == CONNECTION_BAD)
    g_clear_pointer (&routes->connection, PQfinish);
  if (routes->connection == NULL)
    routes->connection = parsec_database_connect (routes->database_url, &problem);
  if (routes->connection == NULL)
    set_answer (response, 500, "text/plain; charset=utf-8", problem);
  else if (g_str_equal (request->path, "/test/write") && g_str_equal (request->method, "POST"))
    answer_write (routes->connection, request, response);
  else if (g_str_equal (request->path, "/test/count"))
    answer_count (routes->connection, response);
  else
    set_answer (response, 404, JSON, "{\"detail\":\"Not Found\"}");
}

void
parsec_routes_answer (const ParsecRequest *request, ParsecResponse *response, gpointer user_data)
{
  ParsecRoutes *routes = user_data;

  if (g_str_equal (request->path, "/"))
    answer_root (request, response);
  else if (g_str_has_prefix (request->path, "/administration/"))
    set_answer (response, 403, JSON, "{\"detail\":\"Invalid administration token\"}");
  else if (g_str_equal (request->path, "/openapi.json"))
    answer_openapi (routes->release, response);
  else if (g_str_has_prefix (request->path, "/anonymous/"))
    answer_client (routes->release, request, response);
  else if (g_str_has_prefix (request->path, "/test/"))
    answer_test (routes, request, response);
  else
    set_answer (response, 404, JSON, "{\"detail\":\"Not Found\"}");
}

void
parsec_routes_disconnect (ParsecRoutes *routes)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&routes->mutex);

  g_clear_pointer (&routes->connection, PQfinish);
}
