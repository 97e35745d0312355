/* The document of a one-off run: nothing known, reachable or lasting is left, values are exact. */
#include "core/base/error.h"
#include "core/compose/compose-overlay.h"

#include <string.h>

static const char SERVICE[] =
    "\"image\": \"r.io/parsec-server:3.0.0\", \"command\": [\"run\", \"a$$b\"], \"entrypoint\": "
    "[\"/e$$\"],"
    "\"annotations\": {\"a\": \"b\"}, \"attach\": true, \"build\": {}, \"container_name\": "
    "\"parsec-server\","
    "\"depends_on\": {\"pg\": {\"condition\": \"service_healthy\"}}, \"deploy\": {\"replicas\": 2},"
    "\"domainname\": \"d\", \"env_file\": [{\"path\": \"/srv/e.env\"}], \"expose\": [\"6777\"],"
    "\"external_links\": [\"x\"], \"healthcheck\": {\"test\": [\"CMD\", \"x\"]}, \"hostname\": "
    "\"h\","
    "\"labels\": {\"traefik.enable\": \"true\"}, \"links\": [\"pg\"], \"logging\": {\"driver\": "
    "\"none\"},"
    "\"mac_address\": \"02:42:ac:11:00:03\", \"ports\": [{\"target\": 6777, \"published\": "
    "\"6777\"}],"
    "\"profiles\": [\"a\"], \"pull_policy\": \"always\", \"restart\": \"always\", \"scale\": 2,"
    "\"stdin_open\": true, \"tty\": true, \"invented_later\": {\"port\": 1},"
    "\"environment\": {\"PARSEC_DB\": \"postgresql://u:p$$w$$$$@h/d\", \"KEEP\": \"$${HOME}\", "
    "\"N\": null},"
    "\"cap_drop\": [\"ALL\"], \"dns\": [\"1.1.1.1\"], \"extra_hosts\": [\"h=1.2.3.4\"],"
    "\"security_opt\": [\"no-new-privileges\"], \"tmpfs\": [\"/t\"], \"user\": \"1:1\", "
    "\"read_only\": true,"
    "\"secrets\": [{\"source\": \"s1\"}], \"configs\": [{\"source\": \"c1\"}],"
    "\"volumes\": [{\"type\": \"bind\", \"source\": \"/srv/a$$b\", \"target\": \"/d\"},"
    "  {\"type\": \"volume\", \"source\": \"vol\", \"target\": \"/v\"}, {\"type\": \"volume\", "
    "\"target\": \"/a\"}]";

static const char NETWORKS[] = "\"networks\": {\"default\": null, \"n\": {\"aliases\": [\"web\"], "
                               "\"ipv4_address\": \"172.28.0.5\"}}";

static StewardComposeModel *
new_model (const char *network_keys)
{
  g_autofree char *json =
      g_strdup_printf ("{\"name\": \"prj\", \"services\": {\"s\": {%s, %s}, \"pg\": {}},"
                       "\"networks\": {\"default\": {\"name\": \"prj_default\"}, \"n\": {\"name\": "
                       "\"net$$\", \"ipam\": {}},"
                       "  \"unused\": {\"name\": \"prj_unused\"}},"
                       "\"volumes\": {\"vol\": {\"name\": \"prj_vol\", \"driver\": \"local\"}, "
                       "\"other\": {\"name\": \"o\"}},"
                       "\"secrets\": {\"s1\": {\"name\": \"prj_s1\", \"file\": \"/srv/s\"}, "
                       "\"s2\": {\"name\": \"x\"}},"
                       "\"configs\": {\"c1\": {\"name\": \"prj_c1\", \"content\": \"a$$b\"}}}",
                       SERVICE, network_keys);
  g_autoptr (GError) error = NULL;
  StewardComposeModel *model = steward_compose_model_new_from_json (json, strlen (json), &error);

  g_assert_no_error (error);
  return model;
}

/* The document as JSON, parsed as compose would before it replaces variables. */
static JsonNode *
build (const StewardComposeModel *model, const StewardComposeOverlayOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *json = steward_compose_overlay_dup_json (model, options, &error);
  g_assert_no_error (error);
  JsonNode *root = json_from_string (json, &error);

  g_assert_no_error (error);
  return root;
}

static char *
dup_at (JsonNode *root, const char *section, const char *key)
{
  JsonObject *object = json_node_get_object (root);
  JsonNode *node = json_object_get_member (object, section);

  if (node != NULL && key != NULL)
    node = json_object_get_member (json_node_get_object (node), key);
  return node != NULL ? json_to_string (node, FALSE) : NULL;
}

static void
assert_at (JsonNode *root, const char *section, const char *key, const char *expected)
{
  g_autofree char *text = dup_at (root, section, key);

  g_assert_cmpstr (text, ==, expected);
}

static JsonNode *
dup_job (JsonNode *root)
{
  JsonObject *services = json_object_get_object_member (json_node_get_object (root), "services");

  g_assert_cmpuint (json_object_get_size (services), ==, 1);
  return json_node_copy (json_object_get_member (services, "job"));
}

static void
test_drops_what_is_known_or_reachable (void)
{
  const char *const dropped[] = { "annotations",   "attach",         "build",      "container_name",
                                  "depends_on",    "deploy",         "domainname", "env_file",
                                  "expose",        "external_links", "hostname",   "labels",
                                  "links",         "mac_address",    "ports",      "profiles",
                                  "pull_policy",   "scale",          "stdin_open", "tty",
                                  "invented_later" };
  g_autoptr (StewardComposeModel) model = new_model (NETWORKS);
  const StewardComposeOverlayOptions options = { .service = "s", .job = "job" };
  g_autoptr (JsonNode) root = build (model, &options);
  g_autoptr (JsonNode) job = dup_job (root);

  for (gsize i = 0; i < G_N_ELEMENTS (dropped); i++)
    assert_at (job, dropped[i], NULL, NULL);
  assert_at (root, "name", NULL, NULL);
  assert_at (job, "restart", NULL, "\"no\"");
  assert_at (job, "healthcheck", NULL, "{\"disable\":true}");
  assert_at (job, "logging", NULL, "{\"driver\":\"json-file\"}");
}

static void
test_keeps_what_a_run_needs (void)
{
  g_autoptr (StewardComposeModel) model = new_model (NETWORKS);
  const StewardComposeOverlayOptions options = { .service = "s", .job = "job" };
  g_autoptr (JsonNode) root = build (model, &options);
  g_autoptr (JsonNode) job = dup_job (root);

  assert_at (job, "image", NULL, "\"r.io/parsec-server:3.0.0\"");
  assert_at (job, "command", NULL, "[\"run\",\"a$$b\"]");
  assert_at (job, "entrypoint", NULL, "[\"/e$$\"]");
  assert_at (job, "cap_drop", NULL, "[\"ALL\"]");
  assert_at (job, "dns", NULL, "[\"1.1.1.1\"]");
  assert_at (job, "extra_hosts", NULL, "[\"h=1.2.3.4\"]");
  assert_at (job, "security_opt", NULL, "[\"no-new-privileges\"]");
  assert_at (job, "tmpfs", NULL, "[\"/t\"]");
  assert_at (job, "user", NULL, "\"1:1\"");
  assert_at (job, "read_only", NULL, "true");
  assert_at (root, "secrets", NULL, "{\"s1\":{\"name\":\"prj_s1\",\"file\":\"/srv/s\"}}");
  assert_at (root, "configs", NULL, "{\"c1\":{\"name\":\"prj_c1\",\"content\":\"a$$b\"}}");
}

static void
test_values_reach_the_container_exactly (void)
{
  g_autoptr (StewardComposeModel) model = new_model (NETWORKS);
  const StewardComposeOverlayOptions options = { .service = "s", .job = "job" };
  g_autoptr (JsonNode) root = build (model, &options);
  g_autoptr (JsonNode) job = dup_job (root);

  assert_at (job, "environment", "PARSEC_DB", "\"postgresql://u:p$$w$$$$@h/d\"");
  assert_at (job, "environment", "KEEP", "\"$${HOME}\"");
  assert_at (job, "environment", "N", "null");
}

static void
test_overrides_win (void)
{
  g_autoptr (StewardComposeModel) model = new_model (NETWORKS);
  g_autoptr (GHashTable) environment = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) labels = g_hash_table_new (g_str_hash, g_str_equal);
  const char *const command[] = { "migrate", "--dry-run", "$(x) $$", NULL };
  const StewardComposeOverlayOptions options = { .service = "s",
                                                 .job = "job",
                                                 .image = "r.io/x:v3.1.0",
                                                 .command = command,
                                                 .environment = environment,
                                                 .labels = labels };

  g_hash_table_insert (environment, (char *)"PARSEC_DB", (char *)"postgresql://u:p$w$$@h/c");
  g_hash_table_insert (environment, (char *)"PORT", (char *)"7000");
  g_hash_table_insert (labels, (char *)"steward.job", (char *)"$1");
  g_autoptr (JsonNode) root = build (model, &options);
  g_autoptr (JsonNode) job = dup_job (root);
  assert_at (job, "image", NULL, "\"r.io/x:v3.1.0\"");
  assert_at (job, "command", NULL, "[\"migrate\",\"--dry-run\",\"$$(x) $$$$\"]");
  assert_at (job, "environment", "PARSEC_DB", "\"postgresql://u:p$$w$$$$@h/c\"");
  assert_at (job, "environment", "PORT", "\"7000\"");
  assert_at (job, "environment", "KEEP", "\"$${HOME}\"");
  assert_at (job, "labels", NULL, "{\"steward.job\":\"$$1\"}");
}

static void
test_networks_and_volumes_are_the_engines (void)
{
  g_autoptr (StewardComposeModel) model = new_model (NETWORKS);
  const StewardComposeOverlayOptions options = { .service = "s", .job = "job" };
  g_autoptr (JsonNode) root = build (model, &options);
  g_autoptr (JsonNode) job = dup_job (root);

  assert_at (job, "networks", NULL, "{\"default\":null,\"n\":null}");
  assert_at (root, "networks", NULL,
             "{\"default\":{\"external\":true,\"name\":\"prj_default\"},"
             "\"n\":{\"external\":true,\"name\":\"net$$\"}}");
  assert_at (root, "volumes", NULL, "{\"vol\":{\"external\":true,\"name\":\"prj_vol\"}}");
  assert_at (job, "volumes", NULL,
             "[{\"type\":\"bind\",\"source\":\"/srv/a$$b\",\"target\":\"/d\"},"
             "{\"type\":\"volume\",\"source\":\"vol\",\"target\":\"/v\"},"
             "{\"type\":\"volume\",\"target\":\"/a\"}]");
}

static const struct
{
  const char *keys;
  StewardComposeOverlayNetwork network;
  const char *mode;
} MODES[] = {
  { "\"network_mode\": \"host\"", STEWARD_COMPOSE_OVERLAY_KEEP_NETWORKS, "\"host\"" },
  { "\"network_mode\": \"none\"", STEWARD_COMPOSE_OVERLAY_KEEP_NETWORKS, "\"none\"" },
  { "\"network_mode\": \"container:x\"", STEWARD_COMPOSE_OVERLAY_KEEP_NETWORKS, "\"container:x\"" },
  { "\"network_mode\": \"service:pg\"", STEWARD_COMPOSE_OVERLAY_NO_NETWORK, "\"none\"" },
  { NETWORKS, STEWARD_COMPOSE_OVERLAY_NO_NETWORK, "\"none\"" },
  { NETWORKS, STEWARD_COMPOSE_OVERLAY_HOST_NETWORK, "\"host\"" },
};

static void
test_network_modes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (MODES); i++)
    {
      g_autoptr (StewardComposeModel) model = new_model (MODES[i].keys);
      const StewardComposeOverlayOptions options = { .service = "s",
                                                     .job = "job",
                                                     .network = MODES[i].network };
      g_autoptr (JsonNode) root = build (model, &options);
      g_autoptr (JsonNode) job = dup_job (root);

      assert_at (job, "network_mode", NULL, MODES[i].mode);
      assert_at (job, "networks", NULL, NULL);
      assert_at (root, "networks", NULL, NULL);
    }
}

static void
assert_refused (const char *keys, const char *service, int code)
{
  g_autoptr (StewardComposeModel) model = new_model (keys);
  const StewardComposeOverlayOptions options = { .service = service, .job = "job" };
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_compose_overlay_dup_json (model, &options, &error));
  g_assert_error (error, STEWARD_ERROR, code);
}

static void
test_refuses_what_is_shared (void)
{
  assert_refused ("\"network_mode\": \"service:pg\"", "s", STEWARD_ERROR_REFUSED);
  assert_refused ("\"volumes_from\": [\"pg\"]", "s", STEWARD_ERROR_REFUSED);
  assert_refused (NETWORKS, "x", STEWARD_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/compose-overlay/drops-what-is-known-or-reachable",
                   test_drops_what_is_known_or_reachable);
  g_test_add_func ("/compose-overlay/keeps-what-a-run-needs", test_keeps_what_a_run_needs);
  g_test_add_func ("/compose-overlay/values-reach-the-container-exactly",
                   test_values_reach_the_container_exactly);
  g_test_add_func ("/compose-overlay/overrides-win", test_overrides_win);
  g_test_add_func ("/compose-overlay/networks-and-volumes-are-the-engines",
                   test_networks_and_volumes_are_the_engines);
  g_test_add_func ("/compose-overlay/network-modes", test_network_modes);
  g_test_add_func ("/compose-overlay/refuses-what-is-shared", test_refuses_what_is_shared);
  return g_test_run ();
}
