/* Which service is the server, as tables over small resolved models. */
#include "core/base/error.h"
#include "core/compose/compose-server.h"

#include <string.h>

#define R "r.io:5000/x/parsec-server"

static StewardComposeModel *
new_model (const char *services)
{
  g_autofree char *json = g_strdup_printf ("{\"name\": \"p\", \"services\": {%s}}", services);
  g_autoptr (GError) error = NULL;
  StewardComposeModel *model = steward_compose_model_new_from_json (json, strlen (json), &error);

  g_assert_no_error (error);
  return model;
}

typedef struct
{
  const char *name, *services, *chosen;
  const char *server, *migration, *all, *tag;
} FoundCase;

#define SERVER "\"s\": {\"image\": \"" R ":v3.0.0\"}"
#define OTHERS                                                                                     \
  ", \"d\": {\"image\": \"postgres:16\"}, \"b\": {\"build\": {}}, \"n\": {\"image\": "             \
  "\"a/parsec-server-x:1\"}"
#define MIGRATE(command) ", \"m\": {\"image\": \"" R ":v3.0.0\", " command "}"
#define DB(name) "\"environment\": {\"PARSEC_DB\": \"" name "\"}"

static const FoundCase FOUND[] = {
  { "older-layout", SERVER OTHERS, NULL, "s", NULL, "s", "v3.0.0" },
  { "newer-layout", SERVER MIGRATE ("\"command\": [\"migrate\"]") OTHERS, NULL, "s", "m", "s,m",
    "v3.0.0" },
  { "migrates-by-entry-point", SERVER MIGRATE ("\"entrypoint\": [\"parsec\", \"migrate\"]"), NULL,
    "s", "m", "s,m", "v3.0.0" },
  { "migrates-by-shell",
    SERVER MIGRATE ("\"entrypoint\": [\"sh\", \"-c\"], \"command\": [\"sleep 1;parsec migrate\"]"),
    NULL, "s", "m", "s,m", "v3.0.0" },
  { "command-as-text", SERVER MIGRATE ("\"command\": \"migrate\""), NULL, "s", "m", "s,m",
    "v3.0.0" },
  { "server-that-migrates-at-start",
    "\"s\": {\"image\": \"" R
    ":1\", \"command\": [\"sh\", \"-c\", \"parsec migrate && parsec run\"]}",
    NULL, "s", NULL, "s", "1" },
  { "any-registry", "\"s\": {\"image\": \"parsec-server:1\"}", NULL, "s", NULL, "s", "1" },
  { "with-digest",
    "\"s\": {\"image\": \"" R
    ":1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}",
    NULL, "s", NULL, "s", "1" },
  { "by-hand-any-image", "\"s\": {\"image\": \"own/thing:7\"}, \"t\": {\"image\": \"own/thing:7\"}",
    "s", "s", NULL, "s,t", "7" },
  { "by-hand-other-database-left-alone",
    "\"s\": {\"image\": \"" R
    ":1\", " DB ("a") "}, \"m\": {\"image\": \"" R ":1\", \"command\": [\"migrate\"], " DB (
        "a") "}, \"t\": {\"image\": \"" R ":2\", " DB ("b") "}",
    "s", "s", "m", "s,m", "1" },
};

static void
test_finds (gconstpointer data)
{
  const FoundCase *item = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardComposeModel) model = new_model (item->services);
  g_autoptr (StewardComposeServer) server =
      steward_compose_server_find (model, item->chosen, &error);

  g_assert_no_error (error);
  g_autofree char *all = g_strjoinv (",", server->services);
  g_assert_cmpstr (server->service, ==, item->server);
  g_assert_cmpstr (server->migration_service, ==, item->migration);
  g_assert_cmpstr (all, ==, item->all);
  g_assert_cmpstr (server->image->tag, ==, item->tag);
}

typedef struct
{
  const char *name, *services, *chosen;
  int code;
  const char *words;
} NotFoundCase;

static const NotFoundCase NOT_FOUND[] = {
  { "none", "\"d\": {\"image\": \"postgres:16\"}", NULL, STEWARD_ERROR_NOT_FOUND, "--service" },
  { "no-services", "", NULL, STEWARD_ERROR_NOT_FOUND, "--service" },
  { "only-a-migration", "\"m\": {\"image\": \"" R ":1\", \"command\": [\"migrate\"]}", NULL,
    STEWARD_ERROR_NOT_FOUND, "--service" },
  { "several", SERVER ", \"t\": {\"image\": \"parsec-server:v3.0.0\"}", NULL, STEWARD_ERROR_REFUSED,
    "(s, t)" },
  { "no-tag", "\"s\": {\"image\": \"" R "\"}", NULL, STEWARD_ERROR_REFUSED, "no tag" },
  { "other-tag", SERVER ", \"m\": {\"image\": \"" R ":3.0.0\", \"command\": [\"migrate\"]}", NULL,
    STEWARD_ERROR_REFUSED, "v3.0.0 and 3.0.0" },
  { "migration-without-tag", SERVER ", \"m\": {\"image\": \"" R "\", \"command\": [\"migrate\"]}",
    NULL, STEWARD_ERROR_REFUSED, "“m” has no tag" },
  { "by-hand-unknown", SERVER, "x", STEWARD_ERROR_NOT_FOUND, "“x”" },
  { "by-hand-built", "\"s\": {\"build\": {}}", "s", STEWARD_ERROR_REFUSED, "no tag" },
  { "by-hand-migration", SERVER MIGRATE ("\"command\": [\"migrate\"]"), "m", STEWARD_ERROR_REFUSED,
    "not the server" },
};

static void
test_says_why_not (gconstpointer data)
{
  const NotFoundCase *item = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardComposeModel) model = new_model (item->services);

  g_autoptr (StewardComposeServer) server =
      steward_compose_server_find (model, item->chosen, &error);

  /* Found all the same: whoever resumes an interrupted switch needs it. */
  if (server != NULL)
    g_assert_false (
        steward_compose_server_check_tags (model, (const char *const *)server->services, &error));
  g_assert_error (error, STEWARD_ERROR, item->code);
  g_assert_nonnull (strstr (error->message, item->words));
}

static char *
dup_url (const char *service, GError **error)
{
  g_autofree char *services = g_strdup_printf ("\"s\": {%s}", service);
  g_autoptr (StewardComposeModel) model = new_model (services);

  return steward_compose_server_dup_database_url (model, "s", error);
}

static void
test_database_url_is_the_real_value (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *url = dup_url (DB ("postgresql://u:p$$q$$$$@h/d"), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (url, ==, "postgresql://u:p$q$$@h/d");
}

static void
test_database_url_elsewhere_is_refused (void)
{
  const char *const services[] = {
    "\"image\": \"a:1\"",
    "\"environment\": {\"PARSEC_DB\": null}",
    "\"environment\": {\"PARSEC_DB\": \"\"}",
    DB ("a") ", \"command\": [\"run\", \"--db\", \"postgresql://hunter2@h/d\"]",
    DB ("a") ", \"command\": [\"run\", \"--db=x\"]",
    DB ("a") ", \"entrypoint\": [\"sh\", \"-c\", \"exec parsec run --db $$$$X\"]",
    DB ("a") ", \"command\": [\"sh\", \"-c\", \"PARSEC_DB=x parsec run\"]",
    "\"environment\": {\"PARSEC_DB\": \"a\", \"PARSEC_CMD_ARGS\": \"--dev "
    "--db='postgresql://hunter2@h/d'\"}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (dup_url (services[i], &error));
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED);
      g_assert_null (strstr (error->message, "hunter2"));
    }
}

static void
test_other_options_are_no_address (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *url =
      dup_url (DB ("a") ", \"command\": [\"run\", \"--db-max-connections\", \"9\"]", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (url, ==, "a");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (FOUND); i++)
    {
      g_autofree char *path = g_strconcat ("/compose-server/finds/", FOUND[i].name, NULL);
      g_test_add_data_func (path, &FOUND[i], test_finds);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (NOT_FOUND); i++)
    {
      g_autofree char *path =
          g_strconcat ("/compose-server/says-why-not/", NOT_FOUND[i].name, NULL);
      g_test_add_data_func (path, &NOT_FOUND[i], test_says_why_not);
    }
  g_test_add_func ("/compose-server/database-url-is-the-real-value",
                   test_database_url_is_the_real_value);
  g_test_add_func ("/compose-server/database-url-elsewhere-is-refused",
                   test_database_url_elsewhere_is_refused);
  g_test_add_func ("/compose-server/other-options-are-no-address",
                   test_other_options_are_no_address);
  return g_test_run ();
}
