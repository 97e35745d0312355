/* The one place that knows how `docker` is reached. */
#include "core/engine/engine.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/engine/docker-error.h"

#define CHECK_DEADLINE_MS 10000
/* Of a shell, where there is no such program. Source: POSIX, Shell Command Language, 2.8.2 */
#define STATUS_NO_PROGRAM 127

/* Whether docker is reached as the user or as sudo lets the user: atomically set, once. */
typedef enum
{
  ACCESS_AS_USER,
  ACCESS_BY_SUDO,
  ACCESS_DENIED, /* sudo was asked and said no; it tells the administrator each time */
} Access;

typedef enum
{
  KIND_UNKNOWN,
  KIND_DOCKER,
  KIND_PODMAN,
} Kind;

struct _StewardEngine
{
  StewardHost *host;    /* owned */
  char *compose_plugin; /* owned, nullable; set once, atomically */
  int access;           /* Access */
  int kind;             /* Kind; atomically set */
};

StewardEngine *
steward_engine_new (StewardHost *host)
{
  StewardEngine *self = g_atomic_rc_box_new0 (StewardEngine);

  self->host = g_object_ref (host);
  return self;
}

StewardEngine *
steward_engine_ref (StewardEngine *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
engine_clear (gpointer data)
{
  StewardEngine *self = data;

  g_clear_object (&self->host);
  g_free (self->compose_plugin);
}

void
steward_engine_unref (StewardEngine *self)
{
  g_atomic_rc_box_release_full (self, engine_clear);
}

StewardHost *
steward_engine_get_host (StewardEngine *self)
{
  return self->host;
}

/* @arguments behind @program, behind what is needed to run that. */
static char **
dup_argv (Access access, const char *program, const char *const *arguments)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (access == ACCESS_BY_SUDO)
    g_strv_builder_add_many (builder, "sudo", "-n", NULL);
  g_strv_builder_add (builder, program);
  g_strv_builder_addv (builder, (const char **)arguments);
  return g_strv_builder_end (builder);
}

char **
steward_engine_dup_argv (StewardEngine *self, const char *const *arguments)
{
  return dup_argv (g_atomic_int_get (&self->access), "docker", arguments);
}

/* `docker compose …` starts its plugin twice, and itself; where it is known, the plugin is run. */
static char **
dup_run_argv (StewardEngine *self, Access access, const char *const *arguments)
{
  const char *plugin = g_atomic_pointer_get (&self->compose_plugin);

  if (plugin == NULL || !g_str_equal (arguments[0], "compose"))
    return dup_argv (access, "docker", arguments);
  return dup_argv (access, plugin, arguments + 1);
}

/* The script is told how many words reach docker; then its first command. */
static char **
dup_script_argv (const char *script, Access access, const char *const *arguments)
{
  static const char *const none[] = { NULL };
  g_auto (GStrv) docker = dup_argv (access, "docker", none);
  g_auto (GStrv) first = dup_argv (access, "docker", arguments);
  g_autofree char *count = g_strdup_printf ("%u", g_strv_length (docker));
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_add_many (builder, "sh", "-c", script, "steward", count, NULL);
  g_strv_builder_addv (builder, (const char **)first);
  return g_strv_builder_end (builder);
}

/* Once: whether sudo lets this user run docker, without a question. @access: what was refused;
 * another thread may have found out meanwhile. */
static gboolean
find_sudo (StewardEngine *self, Access access, GCancellable *cancellable)
{
  static const char *const version[] = { "version", "--format", "{{.Server.Version}}", NULL };
  g_auto (GStrv) argv = dup_argv (ACCESS_BY_SUDO, "docker", version);
  StewardCommand command = { .argv = (const char *const *)argv, .deadline_ms = CHECK_DEADLINE_MS };
  g_auto (StewardOutcome) outcome = { 0 };
  g_autoptr (GError) error = NULL;

  if (access != ACCESS_AS_USER || g_atomic_int_get (&self->access) != ACCESS_AS_USER)
    return access == ACCESS_AS_USER && g_atomic_int_get (&self->access) == ACCESS_BY_SUDO;
  gboolean has_run = steward_host_run (self->host, &command, &outcome, cancellable, &error);
  if (has_run && outcome.status == 0)
    g_atomic_int_set (&self->access, ACCESS_BY_SUDO);
  else if (has_run || g_error_matches (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
    g_atomic_int_set (&self->access, ACCESS_DENIED);
  return g_atomic_int_get (&self->access) == ACCESS_BY_SUDO;
}

/* Input that was read already can be read again only where it can be wound back. */
static gboolean
rewind_input (const StewardCommand *command)
{
  return command->input == NULL
         || (G_IS_SEEKABLE (command->input) && g_seekable_can_seek (G_SEEKABLE (command->input))
             && g_seekable_seek (G_SEEKABLE (command->input), 0, G_SEEK_SET, NULL, NULL));
}

/* What one call runs. @script: (nullable) */
typedef struct
{
  const char *script;
  const StewardCommand *command;
  Access access;
} Run;

static void
set_no_docker (GError **error)
{
  g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                       _ ("The program “docker” is not installed on this host. "
                          "Install Docker, then try again."));
}

static gboolean
run_once (StewardEngine *self,
          const Run *run,
          StewardOutcome *outcome,
          GCancellable *cancellable,
          GError **error)
{
  const char *const *arguments = run->command->argv;
  g_auto (GStrv) argv = run->script != NULL ? dup_script_argv (run->script, run->access, arguments)
                                            : dup_run_argv (self, run->access, arguments);
  g_autoptr (GError) local_error = NULL;
  StewardCommand whole = *run->command;

  whole.argv = (const char *const *)argv;
  gboolean has_run = steward_host_run (self->host, &whole, outcome, cancellable, &local_error);
  gboolean has_docker =
      has_run ? run->script == NULL || outcome->status != STATUS_NO_PROGRAM
              : !g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);

  if (has_run && has_docker)
    return !steward_docker_error_is_away (outcome, error);
  if (!has_docker)
    set_no_docker (error);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
run_by_what_is_allowed (StewardEngine *self,
                        Run *run,
                        StewardOutcome *outcome,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GError) local_error = NULL;

  run->access = g_atomic_int_get (&self->access);
  if (run_once (self, run, outcome, cancellable, &local_error))
    return TRUE;
  if (!g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_DENIED)
      || !find_sudo (self, run->access, cancellable) || !rewind_input (run->command))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  steward_outcome_clear (outcome);
  run->access = ACCESS_BY_SUDO;
  return run_once (self, run, outcome, cancellable, error);
}

gboolean
steward_engine_run (StewardEngine *self,
                    const StewardCommand *command,
                    StewardOutcome *outcome,
                    GCancellable *cancellable,
                    GError **error)
{
  Run run = { .command = command };

  return run_by_what_is_allowed (self, &run, outcome, cancellable, error);
}

gboolean
steward_engine_run_script (StewardEngine *self,
                           const char *script,
                           const StewardCommand *command,
                           StewardOutcome *outcome,
                           GCancellable *cancellable,
                           GError **error)
{
  Run run = { script, command };

  return run_by_what_is_allowed (self, &run, outcome, cancellable, error);
}

char *
steward_engine_call (StewardEngine *self,
                     const StewardCommand *command,
                     GCancellable *cancellable,
                     GError **error)
{
  g_auto (StewardOutcome) outcome = { 0 };

  if (!steward_engine_run (self, command, &outcome, cancellable, error))
    return NULL;
  if (outcome.status != 0)
    {
      steward_docker_error_set (&outcome, error);
      return NULL;
    }
  return g_string_free (g_steal_pointer (&outcome.output), FALSE);
}

void
steward_engine_versions_clear (StewardEngineVersions *versions)
{
  g_clear_pointer (&versions->engine, g_free);
  g_clear_pointer (&versions->compose, g_free);
}

/* Podman's own program, where it is called docker, has no server to tell of. */
static char *
ask_podman_version (StewardEngine *self, GCancellable *cancellable)
{
  static const char podman[] = "podman version ";
  const char *argv[] = { "--version", NULL };
  StewardCommand command = { .argv = argv, .deadline_ms = CHECK_DEADLINE_MS };
  g_autofree char *text = steward_engine_call (self, &command, cancellable, NULL);

  if (text == NULL || !g_str_has_prefix (text, podman))
    return NULL;
  g_atomic_int_set (&self->kind, KIND_PODMAN);
  return g_strdup (g_strstrip (text) + strlen (podman));
}

/* The first line is the version, each other one a part of the engine. */
static char *
ask_server_version (StewardEngine *self, GCancellable *cancellable, GError **error)
{
  const char *argv[] = {
    "version", "--format",
    "{{.Server.Version}}{{range .Server.Components}}{{\"\\n\"}}{{.Name}}{{end}}", NULL
  };
  StewardCommand command = { .argv = argv, .deadline_ms = CHECK_DEADLINE_MS };
  g_autofree char *text = steward_engine_call (self, &command, cancellable, error);

  if (text == NULL)
    return NULL;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean is_podman = g_strv_contains ((const char *const *)lines, "Podman Engine");
  g_atomic_int_set (&self->kind, is_podman ? KIND_PODMAN : KIND_DOCKER);
  return g_strdup (g_strstrip (lines[0]));
}

static char *
ask_engine_version (StewardEngine *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  char *version = ask_server_version (self, cancellable, &local_error);

  if (version == NULL && g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_FAILED))
    version = ask_podman_version (self, cancellable);
  if (version != NULL)
    return version;
  if (g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE))
    g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
                         _ ("The Docker engine is not running or does not answer. "
                            "Start it, then try again."));
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

gboolean
steward_engine_is_podman (StewardEngine *self, GCancellable *cancellable)
{
  if (g_atomic_int_get (&self->kind) == KIND_UNKNOWN)
    g_free (ask_engine_version (self, cancellable, NULL));
  return g_atomic_int_get (&self->kind) == KIND_PODMAN;
}

/* A docker without compose takes the words for a mistake of its user, each version its own way. */
static char *
ask_compose_version (StewardEngine *self, GCancellable *cancellable, GError **error)
{
  const char *argv[] = { "compose", "version", "--short", NULL };
  StewardCommand command = { .argv = argv, .deadline_ms = CHECK_DEADLINE_MS };
  g_auto (StewardOutcome) outcome = { 0 };

  if (!steward_engine_run (self, &command, &outcome, cancellable, error))
    return NULL;
  g_strstrip (outcome.output->str);
  const char *version = outcome.output->str + (*outcome.output->str == 'v' ? 1 : 0);
  if (outcome.status == 0 && g_ascii_strtoull (version, NULL, 10) >= 2)
    return g_strdup (version);
  g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                       _ ("This host has no “docker compose” of version 2 or later. "
                          "Install the compose plugin of Docker, then try again."));
  return NULL;
}

/* Those whom sudo lets run docker need not be those whom it lets run a plugin. */
static gboolean
can_run_plugin (StewardEngine *self, const char *plugin, GCancellable *cancellable)
{
  static const char *const version[] = { "version", NULL };
  g_auto (GStrv) argv = dup_argv (ACCESS_BY_SUDO, plugin, version);
  StewardCommand command = { .argv = (const char *const *)argv, .deadline_ms = CHECK_DEADLINE_MS };
  g_auto (StewardOutcome) outcome = { 0 };

  if (g_atomic_int_get (&self->access) != ACCESS_BY_SUDO)
    return TRUE;
  return steward_host_run (self->host, &command, &outcome, cancellable, NULL)
         && outcome.status == 0;
}

/* Not knowing it costs time, nothing else. */
static void
find_compose_plugin (StewardEngine *self, GCancellable *cancellable)
{
  const char *argv[] = { "info", "--format",
                         "{{range .ClientInfo.Plugins}}{{if eq .Name \"compose\"}}{{.Path}}{{end}}"
                         "{{end}}",
                         NULL };
  StewardCommand command = { .argv = argv, .deadline_ms = CHECK_DEADLINE_MS };
  g_autofree char *path = steward_engine_call (self, &command, cancellable, NULL);

  if (path != NULL && g_path_is_absolute (g_strstrip (path))
      && can_run_plugin (self, path, cancellable)
      && g_atomic_pointer_compare_and_exchange (&self->compose_plugin, NULL, path))
    g_steal_pointer (&path);
}

gboolean
steward_engine_check (StewardEngine *self,
                      StewardEngineVersions *versions,
                      GCancellable *cancellable,
                      GError **error)
{
  versions->engine = ask_engine_version (self, cancellable, error);
  if (versions->engine == NULL)
    return FALSE;
  versions->is_podman = g_atomic_int_get (&self->kind) == KIND_PODMAN;
  versions->compose = ask_compose_version (self, cancellable, error);
  if (versions->compose != NULL && g_atomic_pointer_get (&self->compose_plugin) == NULL)
    find_compose_plugin (self, cancellable);
  return versions->compose != NULL;
}

char *
steward_engine_dup_folder (StewardEngine *self, GCancellable *cancellable, GError **error)
{
  const char *argv[] = { "info", "--format", "{{.DockerRootDir}}", NULL };
  StewardCommand command = { .argv = argv, .deadline_ms = CHECK_DEADLINE_MS };
  g_autofree char *folder = steward_engine_call (self, &command, cancellable, error);

  if (folder == NULL || g_path_is_absolute (g_strstrip (folder)))
    return g_steal_pointer (&folder);
  g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                       _ ("The engine does not say where its data lies."));
  return NULL;
}
