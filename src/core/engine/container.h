/* Containers of an engine: what they are, and the few effects Steward has on them. What they mean
 * (deployment, server, database) is the business of those above.
 *
 * All calls block. Effects are idempotent, and held back by a lost fence. Containers are given by
 * id or name. Source of the fields: `docker inspect`, Engine API 1.41 and later. */
#pragma once

#include "core/engine/engine.h"

G_BEGIN_DECLS

/** StewardContainerNetwork: @address: (nullable): IPv4 or IPv6, while the container runs */
typedef struct
{
  char *name;
  char *address;
  GStrv aliases;
} StewardContainerNetwork;

/** StewardPublishedPort: one binding; several for one @container_port are common (IPv4, IPv6).
 * Only while the container runs. */
typedef struct
{
  guint16 container_port;
  char *protocol; /* "tcp", "udp" */
  char *host_address;
  guint16 host_port;
} StewardPublishedPort;

/** StewardMount: @source: the folder on the host; @name: (nullable): the volume's */
typedef struct
{
  char *type; /* "bind", "volume", "tmpfs" */
  char *name;
  char *source;
  char *destination;
  gboolean read_only;
} StewardMount;

typedef struct
{
  char *id;             /* whole */
  char *name;           /* without a slash */
  char *image;          /* the reference as configured */
  char *image_id;       /* "sha256:…" */
  char *status;         /* "created", "running", "restarting", "exited", "paused", "dead", … */
  char *health;         /* nullable: "starting", "healthy", "unhealthy" */
  char *restart_policy; /* as `docker update --restart` takes it: "no", "on-failure:5", … */
  char *network_mode;   /* "bridge", "host", "none", a network's name, "container:ID" */
  gint64 created_us;    /* microseconds since 1970 */
  gint64 started_us;    /* 0: never */
  gint64 finished_us;   /* 0: never */
  gint64 restart_count;
  int exit_code; /* of the last end */
  gboolean running;
  gboolean restarting;
  gboolean oom_killed;
  GHashTable *labels;  /* name → value */
  GStrv environment;   /* NAME=value: holds secrets */
  GStrv entrypoint;    /* may be empty */
  GStrv command;       /* may be empty */
  GPtrArray *networks; /* element-type StewardContainerNetwork */
  GPtrArray *ports;    /* element-type StewardPublishedPort */
  GPtrArray *mounts;   /* element-type StewardMount */
} StewardContainer;

void steward_container_free (StewardContainer *container);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardContainer, steward_container_free)

/** steward_container_get_label: Returns: (transfer none) (nullable) */
const char *steward_container_get_label (const StewardContainer *container, const char *name);

/** steward_container_get_environment: the value of a variable of the container.
 * Returns: (transfer none) (nullable) */
const char *steward_container_get_environment (const StewardContainer *container, const char *name);

/**
 * steward_engine_list_containers:
 * @filters: (nullable): values for `docker ps --filter`, for example
 * `label=com.docker.compose.project`; of several for one key that is not `label` any suffices
 *
 * All containers, stopped ones too, ordered by name. One that vanishes meanwhile is left out.
 *
 * Returns: (transfer full) (element-type StewardContainer) (nullable)
 */
GPtrArray *steward_engine_list_containers (StewardEngine *self,
                                           const char *const *filters,
                                           GCancellable *cancellable,
                                           GError **error);

/** steward_engine_inspect_container: Returns: (transfer full) (nullable).
 * Errors: %STEWARD_ERROR_NOT_FOUND */
StewardContainer *steward_engine_inspect_container (StewardEngine *self,
                                                    const char *container,
                                                    GCancellable *cancellable,
                                                    GError **error);

/** steward_engine_stop_container: stops it, after @grace_s seconds by force; one that does not run
 * or is not there is fine. */
gboolean steward_engine_stop_container (StewardEngine *self,
                                        const char *container,
                                        guint grace_s,
                                        const StewardFence *fence,
                                        GCancellable *cancellable,
                                        GError **error);

/** steward_engine_start_container: one that runs is fine. Errors: %STEWARD_ERROR_NOT_FOUND */
gboolean steward_engine_start_container (StewardEngine *self,
                                         const char *container,
                                         const StewardFence *fence,
                                         GCancellable *cancellable,
                                         GError **error);

/** steward_engine_remove_container: by force if it runs, never a volume of it; one that is not
 * there is fine. */
gboolean steward_engine_remove_container (StewardEngine *self,
                                          const char *container,
                                          const StewardFence *fence,
                                          GCancellable *cancellable,
                                          GError **error);

/** steward_engine_set_restart_policy: @policy: as in StewardContainer.
 * Errors: %STEWARD_ERROR_NOT_FOUND */
gboolean steward_engine_set_restart_policy (StewardEngine *self,
                                            const char *container,
                                            const char *policy,
                                            const StewardFence *fence,
                                            GCancellable *cancellable,
                                            GError **error);

/** steward_engine_save_log: writes the container's whole log, with times, to the file @path of the
 * host (mode 0600, replaced at once and synced; on an error what was there stands). Waits at most
 * 30 minutes. Errors: %STEWARD_ERROR_NOT_FOUND, %STEWARD_ERROR_DENIED, %STEWARD_ERROR_NO_SPACE,
 * %STEWARD_ERROR_FAILED (a log driver that keeps nothing) */
gboolean steward_engine_save_log (StewardEngine *self,
                                  const char *container,
                                  const char *path,
                                  const StewardFence *fence,
                                  GCancellable *cancellable,
                                  GError **error);

/** steward_engine_dup_last_words: the last line that a server's @container printed, an error where
 * there is one, for the end of a sentence on how it ended; behind it what to do where it did not
 * reach its database: an engine that was killed (seen: 20.10) can leave the interface of a
 * container that ended on its network, with the address that the next one got, until it is
 * restarted. Returns: (transfer full): valid UTF-8, in part from outside, without credentials of an
 * address */
char *steward_engine_dup_last_words (StewardEngine *self,
                                     const char *container,
                                     GCancellable *cancellable);

/**
 * steward_engine_exec:
 * @argv: program and arguments; no secrets
 * @input: (nullable): for its standard input
 *
 * Asks a short question inside a running container. When it is cancelled or late (60 seconds) the
 * program may go on in the container: nothing that changes anything belongs here.
 *
 * Returns: (transfer full) (nullable): standard output.
 * Errors: %STEWARD_ERROR_NOT_FOUND (no such container or program), %STEWARD_ERROR_FAILED (not
 * running, or any status but zero)
 */
char *steward_engine_exec (StewardEngine *self,
                           const char *container,
                           const char *const *argv,
                           GInputStream *input,
                           GCancellable *cancellable,
                           GError **error);

G_END_DECLS
