/* The resolved compose project: what `docker compose config --format json` prints, checked once and
 * typed. Knows no file and decides nothing: which service is the server is compose-server.h's to
 * say. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _StewardComposeModel StewardComposeModel;

/**
 * StewardComposeNetwork:
 * @key: name within the compose file
 * @name: name in the engine
 * @aliases: empty where there are none
 */
typedef struct
{
  char *key;
  char *name;
  GStrv aliases;
} StewardComposeNetwork;

/**
 * StewardComposePort:
 * @host_ip: (nullable): address that it is published on; %NULL means all
 * @published: (nullable): port of the host, or a range; %NULL means any free one
 * @target: port in the container
 * @protocol: `tcp` or `udp`
 */
typedef struct
{
  char *host_ip;
  char *published;
  guint target;
  char *protocol;
} StewardComposePort;

/**
 * StewardComposeVolume:
 * @type: `bind`, `volume`, `tmpfs`, …
 * @source: (nullable): path of the host or key of the volume; %NULL means an anonymous one
 * @target: path in the container
 */
typedef struct
{
  char *type;
  char *source;
  char *target;
} StewardComposeVolume;

/**
 * StewardComposeService:
 * @image: (nullable): as resolved; %NULL means that it is only built
 * @command: (nullable): %NULL means the image's own
 * @entrypoint: (nullable): %NULL means the image's own
 * @environment: name → value (nullable: taken from the environment of whoever starts compose);
 *   what `env_file` names is in it already. Holds passwords
 * @container_name: (nullable): %NULL means compose's own choice
 * @restart: (nullable): %NULL means `no`
 * @network_mode: (nullable): %NULL means that @networks count
 * @networks: (element-type StewardComposeNetwork)
 * @ports: (element-type StewardComposePort)
 * @volumes: (element-type StewardComposeVolume)
 * @depends_on: names of services
 * @json: the service as compose printed it, `$` not doubled; not to be changed
 *
 * Strings are the real values: a `$` is not doubled in them.
 */
typedef struct
{
  char *name;
  char *image;
  GStrv command;
  GStrv entrypoint;
  GHashTable *environment;
  char *container_name;
  char *restart;
  char *network_mode;
  GPtrArray *networks;
  GPtrArray *ports;
  GPtrArray *volumes;
  GStrv depends_on;
  JsonObject *json;
} StewardComposeService;

/**
 * steward_compose_model_new_from_json:
 * @json: standard output of `docker compose config --format json`; need not end with NUL
 *
 * Pure. Messages quote names of services and keys, never values.
 *
 * Returns: (transfer full): the model, or %NULL with %STEWARD_ERROR_INVALID
 */
StewardComposeModel *
steward_compose_model_new_from_json (const char *json, gsize length, GError **error);
void steward_compose_model_free (StewardComposeModel *self);

const char *steward_compose_model_get_project_name (const StewardComposeModel *self);

/** steward_compose_model_get_services: Returns: (transfer none) (element-type
 * StewardComposeService): in the order in which compose printed them */
const GPtrArray *steward_compose_model_get_services (const StewardComposeModel *self);

/** steward_compose_model_get_service: Returns: (transfer none) (nullable): %NULL where there is
 * none */
const StewardComposeService *steward_compose_model_get_service (const StewardComposeModel *self,
                                                                const char *name);

/** steward_compose_model_get_entry: Returns: (transfer none) (nullable): what stands under @key of
 * the top-level @section (`networks`, `volumes`, `secrets`, `configs`), `$` not doubled */
JsonObject *steward_compose_model_get_entry (const StewardComposeModel *self,
                                             const char *section,
                                             const char *key);

/** steward_compose_model_dup_engine_name: Returns: (transfer full): the name that the engine knows
 * the network or volume @key by */
char *steward_compose_model_dup_engine_name (const StewardComposeModel *self,
                                             const char *section,
                                             const char *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardComposeModel, steward_compose_model_free)

G_END_DECLS
