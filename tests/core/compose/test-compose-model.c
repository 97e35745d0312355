/* The resolved model: what compose 2.26 and 2.40 print is understood, rubbish is refused. */
#include "core/base/error.h"
#include "core/compose/compose-model.h"

#include <string.h>

/* Taken from what both print for one file, shortened. */
static const char PROJECT[] =
    "{\"name\": \"prj\","
    "\"networks\": {\"default\": {\"name\": \"prj_default\", \"ipam\": {}}, \"n\": {\"name\": "
    "\"net\","
    "  \"external\": true}},"
    "\"services\": {"
    "  \"parsec\": {\"command\": [\"run\", \"$$HOME\"], \"entrypoint\": null,"
    "    \"container_name\": \"parsec-server\", \"image\": \"r.io/parsec-server:3.0.0\","
    "    \"depends_on\": {\"pg\": {\"condition\": \"service_started\", \"required\": true}},"
    "    \"environment\": {\"A\": \"x$$y\", \"B\": null, \"C\": 1, \"D$$\": \"\", \"E\": \"$$$$\"},"
    "    \"networks\": {\"default\": null, \"n\": {\"aliases\": [\"web\"]}}, \"restart\": "
    "\"on-failure\","
    "    \"ports\": [{\"mode\": \"ingress\", \"host_ip\": \"127.0.0.1\", \"target\": 6777,"
    "      \"published\": \"6777\", \"protocol\": \"tcp\"}, {\"target\": 80}],"
    "    \"volumes\": [{\"type\": \"bind\", \"source\": \"/srv/d\", \"target\": \"/d\"},"
    "      {\"type\": \"volume\", \"source\": \"vol\", \"target\": \"/v\", \"volume\": {}},"
    "      {\"type\": \"volume\", \"target\": \"/anonymous\"}]},"
    "  \"pg\": {\"command\": null, \"entrypoint\": [], \"network_mode\": \"host\"}},"
    "\"volumes\": {\"vol\": {\"name\": \"prj_vol\"}}}";

static StewardComposeModel *
new_project (void)
{
  g_autoptr (GError) error = NULL;
  StewardComposeModel *model =
      steward_compose_model_new_from_json (PROJECT, strlen (PROJECT), &error);

  g_assert_no_error (error);
  return model;
}

static void
test_reads_plain_keys (void)
{
  g_autoptr (StewardComposeModel) model = new_project ();
  const StewardComposeService *service = steward_compose_model_get_service (model, "parsec");
  const StewardComposeService *other = steward_compose_model_get_service (model, "pg");

  g_assert_cmpstr (steward_compose_model_get_project_name (model), ==, "prj");
  g_assert_cmpuint (steward_compose_model_get_services (model)->len, ==, 2);
  g_assert_null (steward_compose_model_get_service (model, "x"));
  g_assert_cmpstr (service->image, ==, "r.io/parsec-server:3.0.0");
  g_assert_cmpstr (service->container_name, ==, "parsec-server");
  g_assert_cmpstr (service->restart, ==, "on-failure");
  g_assert_cmpstr (service->depends_on[0], ==, "pg");
  g_assert_null (service->network_mode);
  g_assert_null (service->entrypoint);
  g_assert_cmpstr (service->command[1], ==, "$HOME");
  g_assert_null (other->image);
  g_assert_null (other->command);
  g_assert_nonnull (other->entrypoint);
  g_assert_cmpstr (other->network_mode, ==, "host");
}

static void
test_values_are_the_containers_own (void)
{
  g_autoptr (StewardComposeModel) model = new_project ();
  GHashTable *environment = steward_compose_model_get_service (model, "parsec")->environment;

  g_assert_cmpstr (g_hash_table_lookup (environment, "A"), ==, "x$y");
  g_assert_true (g_hash_table_contains (environment, "B"));
  g_assert_null (g_hash_table_lookup (environment, "B"));
  g_assert_cmpstr (g_hash_table_lookup (environment, "C"), ==, "1");
  g_assert_cmpstr (g_hash_table_lookup (environment, "D$"), ==, "");
  g_assert_cmpstr (g_hash_table_lookup (environment, "E"), ==, "$$");
}

static void
test_reads_networks_ports_and_volumes (void)
{
  g_autoptr (StewardComposeModel) model = new_project ();
  const StewardComposeService *service = steward_compose_model_get_service (model, "parsec");
  const StewardComposeNetwork *network = service->networks->pdata[1];
  const StewardComposePort *port = service->ports->pdata[0], *other = service->ports->pdata[1];
  const StewardComposeVolume *anonymous = service->volumes->pdata[2];

  g_assert_cmpstr (network->key, ==, "n");
  g_assert_cmpstr (network->name, ==, "net");
  g_assert_cmpstr (network->aliases[0], ==, "web");
  g_assert_cmpstr (((StewardComposeNetwork *)service->networks->pdata[0])->name, ==, "prj_default");
  g_assert_cmpstr (port->host_ip, ==, "127.0.0.1");
  g_assert_cmpstr (port->published, ==, "6777");
  g_assert_cmpuint (port->target, ==, 6777);
  g_assert_null (other->published);
  g_assert_cmpstr (other->protocol, ==, "tcp");
  g_assert_cmpuint (service->volumes->len, ==, 3);
  g_assert_cmpstr (anonymous->target, ==, "/anonymous");
  g_assert_null (anonymous->source);
}

static const struct
{
  const char *json, *words;
} RUBBISH[] = {
  { "", "not a JSON" },
  { "null", "not a JSON" },
  { "[]", "not a JSON" },
  { "{\"name\"", "not a JSON" },
  { "services:\n  a: b\n", "not a JSON" },
  { "{\"name\": \"\xff\"}", "not a JSON" },
  { "{}", "“name”" },
  { "{\"name\": {}, \"services\": {}}", "“name”" },
  { "{\"name\": \"p\"}", "“services”" },
  { "{\"name\": \"p\", \"services\": []}", "“services”" },
  { "{\"name\": \"p\", \"services\": {\"a\": 1}}", "“a”" },
  { "{\"name\": \"p\", \"services\": {\"a\": null}}", "“a”" },
  { "{\"name\": \"p\", \"services\": {\"a\": {\"image\": []}}}", "“a.image”" },
  { "{\"name\": \"p\", \"services\": {\"a\": {\"command\": {}}}}", "“a.command”" },
  { "{\"name\": \"p\", \"services\": {\"a\": {\"command\": [[]]}}}", "“a.command”" },
  { "{\"name\": \"p\", \"services\": {\"a\": {\"environment\": [\"X=hunter2\"]}}}",
    "“a.environment”" },
  { "{\"name\": \"p\", \"services\": {\"a\": {\"environment\": {\"X\": [\"hunter2\"]}}}}",
    "“a.X”" },
  { "{\"name\": \"p\", \"services\": {\"a\": {\"networks\": {\"n\": 1}}}}", "“a.n”" },
  { "{\"name\": \"p\", \"services\": {\"a\": {\"ports\": [\"80:80\"]}}}", "“a.ports”" },
  { "{\"name\": \"p\", \"services\": {\"a\": {\"ports\": [{\"target\": 99999}]}}}", "“a.ports”" },
  { "{\"name\": \"p\", \"services\": {\"a\": {\"volumes\": [{\"type\": \"bind\"}]}}}",
    "“a.target”" },
};

static void
assert_rubbish (const char *json, gsize length, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_compose_model_new_from_json (json, length, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (strstr (error->message, "hunter2"));
}

static void
test_refuses_rubbish (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (RUBBISH); i++)
    {
      g_test_message ("%s", RUBBISH[i].json);
      assert_rubbish (RUBBISH[i].json, strlen (RUBBISH[i].json), RUBBISH[i].words);
    }
}

static void
test_survives_depth (void)
{
  const gsize length = 1000000;
  g_autofree char *json = g_malloc (length);

  memset (json, '[', length);
  assert_rubbish (json, length, "not a JSON");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/compose-model/reads-plain-keys", test_reads_plain_keys);
  g_test_add_func ("/compose-model/values-are-the-containers-own",
                   test_values_are_the_containers_own);
  g_test_add_func ("/compose-model/reads-networks-ports-and-volumes",
                   test_reads_networks_ports_and_volumes);
  g_test_add_func ("/compose-model/refuses-rubbish", test_refuses_rubbish);
  g_test_add_func ("/compose-model/survives-depth", test_survives_depth);
  return g_test_run ();
}
