/* The Docker engine of a host, through its `docker` command and nothing else. Here: whether it can
 * be worked with, and how a docker command is run. Containers, images and jobs have headers of
 * their own.
 *
 * All calls block and are made on a worker thread; an engine may be used by several at once. */
#pragma once

#include "core/host/host.h"

G_BEGIN_DECLS

typedef struct _StewardEngine StewardEngine;

/** steward_engine_new: asks nothing yet. The engine holds a reference to @host. */
StewardEngine *steward_engine_new (StewardHost *host);
StewardEngine *steward_engine_ref (StewardEngine *self);
void steward_engine_unref (StewardEngine *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardEngine, steward_engine_unref)

/** steward_engine_get_host: Returns: (transfer none) */
StewardHost *steward_engine_get_host (StewardEngine *self);

/** steward_engine_dup_argv: the whole argument vector of a docker command: @arguments behind what
 * reaches `docker` on this host: that word, or `sudo -n docker` once the engine was found closed to
 * the user and open to that. Returns: (transfer full) */
char **steward_engine_dup_argv (StewardEngine *self, const char *const *arguments);

/**
 * steward_engine_run:
 * @command: as for steward_host_run(), its `argv` without the leading `docker`
 * @outcome: (out caller-allocates): filled even for a status other than zero; clear it
 *
 * Runs a docker command to its end. The first one that the engine's socket is closed to finds out
 * whether `sudo -n docker` works; from then on all are run by that. The question is asked once an
 * engine object: sudo reports those whom it turns away.
 *
 * Returns: whether it ran and the engine answered; its status is the caller's to judge.
 * Errors: those of steward_host_run(), and %STEWARD_ERROR_NOT_FOUND (no docker program),
 * %STEWARD_ERROR_DENIED (no right to the engine's socket, nor by sudo), %STEWARD_ERROR_UNREACHABLE
 * (the engine is not running or does not answer)
 */
gboolean steward_engine_run (StewardEngine *self,
                             const StewardCommand *command,
                             StewardOutcome *outcome,
                             GCancellable *cancellable,
                             GError **error);

/** steward_engine_run_script: as steward_engine_run(), where one question takes several docker
 * commands: a distant host is then waited for once. @script: constant, POSIX sh. Its first argument
 * says how many of the others reach docker (more than one where that takes a prefix); these, and
 * then @command's `argv`, make the first docker command. Where there is no docker it exits with
 * 127, as a shell does. */
gboolean steward_engine_run_script (StewardEngine *self,
                                    const char *script,
                                    const StewardCommand *command,
                                    StewardOutcome *outcome,
                                    GCancellable *cancellable,
                                    GError **error);

/** steward_engine_dup_folder: Returns: (transfer full) (nullable): where the engine keeps images,
 * containers and volumes, as it says: a folder of its host. Errors: those of steward_engine_call()
 */
char *steward_engine_dup_folder (StewardEngine *self, GCancellable *cancellable, GError **error);

/** steward_engine_call: as steward_engine_run(), and any status but zero is an error that quotes
 * the last line of standard error. Returns: (transfer full) (nullable): standard output.
 * Errors: further %STEWARD_ERROR_NOT_FOUND (no such container, image, …), %STEWARD_ERROR_NO_SPACE,
 * %STEWARD_ERROR_FAILED */
char *steward_engine_call (StewardEngine *self,
                           const StewardCommand *command,
                           GCancellable *cancellable,
                           GError **error);

/** StewardEngineVersions: as the engine and `docker compose` spell them, without a leading `v`.
 * @is_podman: it is Podman that answers in Docker's place, which Steward was never tested with */
typedef struct
{
  char *engine;
  char *compose;
  gboolean is_podman;
} StewardEngineVersions;

void steward_engine_versions_clear (StewardEngineVersions *versions);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StewardEngineVersions, steward_engine_versions_clear)

/**
 * steward_engine_check:
 * @versions: (out caller-allocates): clear it
 *
 * Whether Steward can work with this engine; waits at most 10 seconds for its answer.
 *
 * Errors: %STEWARD_ERROR_NOT_FOUND (no docker program), %STEWARD_ERROR_DENIED (no right to the
 * socket), %STEWARD_ERROR_UNREACHABLE (not running, or no answer), %STEWARD_ERROR_REFUSED (no
 * docker compose of version 2 or later)
 */
gboolean steward_engine_check (StewardEngine *self,
                               StewardEngineVersions *versions,
                               GCancellable *cancellable,
                               GError **error);

/** steward_engine_is_podman: asks the engine unless it has said so already. Returns: %FALSE also
 * where it does not answer */
gboolean steward_engine_is_podman (StewardEngine *self, GCancellable *cancellable);

G_END_DECLS
