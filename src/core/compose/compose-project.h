/* A compose project as it is called: name, folder, files, env files; and the few compose commands
 * that Steward runs on it. What its files say is read and changed elsewhere in this folder.
 *
 * All calls with an engine block. What compose prints on trouble may show values of env files; only
 * lines that cannot are quoted in messages or passed on, and the others replaced by the command
 * that shows them. */
#pragma once

#include "core/engine/container.h"

G_BEGIN_DECLS

/**
 * StewardComposeProject:
 * @files: absolute, in the order in which they override each other; at least one
 * @env_files: absolute; empty where compose finds `.env` in @directory by itself
 */
typedef struct
{
  char *name;
  char *directory;
  GStrv files;
  GStrv env_files;
} StewardComposeProject;

void steward_compose_project_free (StewardComposeProject *project);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardComposeProject, steward_compose_project_free)

/** steward_compose_project_copy: Returns: (transfer full) */
StewardComposeProject *steward_compose_project_copy (const StewardComposeProject *project);

/**
 * steward_compose_project_new_from_container:
 *
 * Pure: from the labels that compose gives its containers (`com.docker.compose.project`,
 * `.project.working_dir`, `.project.config_files`, `.project.environment_file`).
 *
 * Errors: %STEWARD_ERROR_INVALID (not a container of compose, or one that was started from a
 * compose file on standard input)
 */
StewardComposeProject *
steward_compose_project_new_from_container (const StewardContainer *container, GError **error);

/**
 * steward_compose_project_new_from_file:
 * @path: absolute; the one compose file
 *
 * The name is the one compose itself gives it.
 *
 * Errors: %STEWARD_ERROR_NOT_FOUND (no such file), and as steward_compose_project_resolve()
 */
StewardComposeProject *steward_compose_project_new_from_file (StewardEngine *engine,
                                                              const char *path,
                                                              GCancellable *cancellable,
                                                              GError **error);

/** steward_compose_project_dup_argv: the whole `docker compose …` vector for this project with
 * @arguments behind it. Returns: (transfer full) */
char **steward_compose_project_dup_argv (const StewardComposeProject *project,
                                         StewardEngine *engine,
                                         const char *const *arguments);

/**
 * steward_compose_project_resolve:
 *
 * Returns: (transfer full) (nullable): the resolved model, JSON; it holds secrets.
 * Errors: %STEWARD_ERROR_INVALID (compose does not understand the files, or one that they name is
 * missing), those of steward_engine_run()
 */
char *steward_compose_project_resolve (const StewardComposeProject *project,
                                       StewardEngine *engine,
                                       GCancellable *cancellable,
                                       GError **error);

/**
 * steward_compose_project_hash:
 *
 * What `up` would note now as the label `com.docker.compose.config-hash` of a container of
 * @service. (`config --hash` of the files themselves is another where the service has env files;
 * that of the resolved model is the label. Measured with compose 2.26 and 2.40.)
 *
 * Returns: (transfer full) (nullable).
 * Errors: as resolve, and %STEWARD_ERROR_NOT_FOUND (no such service)
 */
char *steward_compose_project_hash (const StewardComposeProject *project,
                                    StewardEngine *engine,
                                    const char *service,
                                    GCancellable *cancellable,
                                    GError **error);

/**
 * steward_compose_project_is_current:
 * @model: what steward_compose_project_resolve() gave
 * @hash: the label `com.docker.compose.config-hash` of a container of @service
 * @is_current: (out): whether a container made now would have the same configuration; the image
 * counts by its reference only
 *
 * Compares as compose does, with one difference: compose 2.26 gives a container another hash when
 * it is made with `up --no-deps`, as Steward does, and the service has dependencies. Both count as
 * current here.
 *
 * Errors: as steward_compose_project_hash()
 */
gboolean steward_compose_project_is_current (const StewardComposeProject *project,
                                             StewardEngine *engine,
                                             const char *model,
                                             const char *service,
                                             const char *hash,
                                             gboolean *is_current,
                                             GCancellable *cancellable,
                                             GError **error);

typedef enum
{
  STEWARD_COMPOSE_UP_DEFAULT = 0,
  STEWARD_COMPOSE_UP_FORCE_RECREATE = 1 << 0,
} StewardComposeUpFlags;

/** StewardComposeUp: @services: (not nullable): at least one; @line: (nullable) */
typedef struct
{
  const char *const *services;
  StewardComposeUpFlags flags;
  StewardLineFunc line;
  gpointer line_data;
  const StewardFence *fence;
} StewardComposeUp;

/**
 * steward_compose_project_up:
 *
 * Makes the services' containers as the files want them, and starts them; touches no other
 * service, pulls and builds nothing. Returns before the services answer. Waits at most 5 minutes.
 * Compose up to 2.26 also recreates a current container here when its service has dependencies and
 * it was last made by an `up` without `--no-deps`.
 *
 * Errors: as resolve; %STEWARD_ERROR_NOT_FOUND (an image is not on the engine),
 * %STEWARD_ERROR_FAILED (a container could not be made or started; look at what is there)
 */
gboolean steward_compose_project_up (const StewardComposeProject *project,
                                     StewardEngine *engine,
                                     const StewardComposeUp *up,
                                     GCancellable *cancellable,
                                     GError **error);

/** steward_format_command: @argv as a person can paste it into a shell, quoted where needed.
 * Returns: (transfer full) */
char *steward_format_command (const char *const *argv);

G_END_DECLS
