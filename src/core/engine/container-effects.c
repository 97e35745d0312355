/* What Steward does to containers, one docker command each, and the log it keeps of them. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/engine/container.h"
#include "core/engine/docker-error.h"

#define EFFECT_DEADLINE_MS 120000
#define LOG_DEADLINE_MS (30 * 60 * 1000)

/* PATH COMMAND…: the command's streams, merged, become the file at once. Where the command fails
 * its last line says why, unless the disk does. */
static const char save_log_script[] =
    "set -u\n"
    "umask 077\n"
    "path=$1\n"
    "shift\n"
    "temporary=$(mktemp \"${path%/*}/.steward-XXXXXXXX\") || exit 1\n"
    "trap 'rm -f \"$temporary\"' EXIT\n"
    "trap 'exit 1' HUP INT TERM\n"
    "if ! \"$@\" >\"$temporary\" 2>&1; then\n"
    "  tail -n 1 \"$temporary\" >&2\n"
    "  echo | cat >>\"$temporary\"\n"
    "  exit 1\n"
    "fi\n"
    "sync \"$temporary\" && mv -f -T \"$temporary\" \"$path\" && sync \"${path%/*}/\"\n";

typedef enum
{
  ABSENT_IS_AN_ERROR,
  ABSENT_IS_FINE,
} AbsentRule;

static gboolean
run_effect (StewardEngine *self,
            const StewardCommand *command,
            AbsentRule rule,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_auto (StewardOutcome) outcome = { 0 };

  if (!steward_engine_run (self, command, &outcome, cancellable, error))
    return FALSE;
  if (outcome.status == 0)
    return TRUE;
  steward_docker_error_set (&outcome, &local_error);
  if (rule == ABSENT_IS_FINE
      && g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
steward_engine_stop_container (StewardEngine *self,
                               const char *container,
                               guint grace_s,
                               const StewardFence *fence,
                               GCancellable *cancellable,
                               GError **error)
{
  g_autofree char *seconds = g_strdup_printf ("%u", grace_s);
  const char *argv[] = { "stop", "-t", seconds, "--", container, NULL };
  StewardCommand command = { .argv = argv,
                             .fence = fence,
                             .deadline_ms = EFFECT_DEADLINE_MS + grace_s * 1000 };

  return run_effect (self, &command, ABSENT_IS_FINE, cancellable, error);
}

gboolean
steward_engine_start_container (StewardEngine *self,
                                const char *container,
                                const StewardFence *fence,
                                GCancellable *cancellable,
                                GError **error)
{
  const char *argv[] = { "start", "--", container, NULL };
  StewardCommand command = { .argv = argv, .fence = fence, .deadline_ms = EFFECT_DEADLINE_MS };

  return run_effect (self, &command, ABSENT_IS_AN_ERROR, cancellable, error);
}

gboolean
steward_engine_remove_container (StewardEngine *self,
                                 const char *container,
                                 const StewardFence *fence,
                                 GCancellable *cancellable,
                                 GError **error)
{
  const char *argv[] = { "rm", "--force", "--", container, NULL };
  StewardCommand command = { .argv = argv, .fence = fence, .deadline_ms = EFFECT_DEADLINE_MS };

  return run_effect (self, &command, ABSENT_IS_FINE, cancellable, error);
}

gboolean
steward_engine_set_restart_policy (StewardEngine *self,
                                   const char *container,
                                   const char *policy,
                                   const StewardFence *fence,
                                   GCancellable *cancellable,
                                   GError **error)
{
  const char *argv[] = { "update", "--restart", policy, "--", container, NULL };
  StewardCommand command = { .argv = argv, .fence = fence, .deadline_ms = EFFECT_DEADLINE_MS };

  return run_effect (self, &command, ABSENT_IS_AN_ERROR, cancellable, error);
}

gboolean
steward_engine_save_log (StewardEngine *self,
                         const char *container,
                         const char *path,
                         const StewardFence *fence,
                         GCancellable *cancellable,
                         GError **error)
{
  const char *logs[] = { "logs", "--timestamps", "--", container, NULL };
  g_auto (GStrv) docker = steward_engine_dup_argv (self, logs);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (StewardOutcome) outcome = { 0 };

  g_return_val_if_fail (g_path_is_absolute (path), FALSE);
  g_strv_builder_add_many (builder, "sh", "-c", save_log_script, "steward", path, NULL);
  g_strv_builder_addv (builder, (const char **)docker);
  g_auto (GStrv) argv = g_strv_builder_end (builder);
  StewardCommand command = { .argv = (const char *const *)argv,
                             .fence = fence,
                             .deadline_ms = LOG_DEADLINE_MS };
  if (!steward_host_run (steward_engine_get_host (self), &command, &outcome, cancellable, error)
      || steward_docker_error_is_away (&outcome, error))
    return FALSE;
  if (outcome.status == 0)
    return TRUE;

  g_autofree char *line = steward_docker_error_dup_line (outcome.errors->str);
  StewardError code = steward_docker_error_classify (line);
  if (g_str_has_suffix (line, "Permission denied"))
    code = STEWARD_ERROR_DENIED;
  g_set_error (error, STEWARD_ERROR, code, _ ("The log of “%s” could not be kept in “%s”: %s"),
               container, path, line);
  return FALSE;
}

/* The program's own words must not be taken for docker's. That a program could not be run (126,
 * 127) docker says on standard output. */
static void
set_exec_error (const StewardOutcome *outcome, GError **error)
{
  gboolean never_ran = outcome->status == 126 || outcome->status == 127;
  gboolean is_on_output = never_ran && outcome->errors->len == 0;
  g_autofree char *line =
      steward_docker_error_dup_line ((is_on_output ? outcome->output : outcome->errors)->str);
  gboolean is_docker = never_ran || g_str_has_prefix (line, "Error");

  g_set_error (error, STEWARD_ERROR,
               is_docker ? steward_docker_error_classify (line) : STEWARD_ERROR_FAILED,
               _ ("A command in the container failed with status %d: %s"), outcome->status, line);
}

char *
steward_engine_exec (StewardEngine *self,
                     const char *container,
                     const char *const *argv,
                     GInputStream *input,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (StewardOutcome) outcome = { 0 };

  g_strv_builder_add_many (builder, "exec", "--interactive", "--", container, NULL);
  g_strv_builder_addv (builder, (const char **)argv);
  g_auto (GStrv) whole = g_strv_builder_end (builder);
  StewardCommand command = { .argv = (const char *const *)whole, .input = input };
  if (!steward_engine_run (self, &command, &outcome, cancellable, error))
    return NULL;
  if (outcome.status != 0)
    {
      set_exec_error (&outcome, error);
      return NULL;
    }
  return g_string_free (g_steal_pointer (&outcome.output), FALSE);
}
