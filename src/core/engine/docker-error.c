/* Docker has no codes, only words: one table of them, the first hit counts. */
#include "core/engine/docker-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const char *words; /* in lower case */
  StewardError code;
} Cause;

static const Cause causes[] = {
  { "permission denied while trying to connect", STEWARD_ERROR_DENIED },
  { "cannot connect to the docker daemon", STEWARD_ERROR_UNREACHABLE },
  { "failed to connect to the docker api", STEWARD_ERROR_UNREACHABLE },
  { "error during connect", STEWARD_ERROR_UNREACHABLE },
  { "no space left on device", STEWARD_ERROR_NO_SPACE },
  { "disk quota exceeded", STEWARD_ERROR_NO_SPACE },
  { "is already in use by container", STEWARD_ERROR_LOCKED },
  { "invalid reference format", STEWARD_ERROR_INVALID },
  { "toomanyrequests", STEWARD_ERROR_UNREACHABLE },
  { "too many requests", STEWARD_ERROR_UNREACHABLE },
  { "manifest unknown", STEWARD_ERROR_NOT_FOUND },
  { "name unknown", STEWARD_ERROR_NOT_FOUND },
  { "manifest for ", STEWARD_ERROR_NOT_FOUND },
  { "unauthorized", STEWARD_ERROR_DENIED },
  { "access denied", STEWARD_ERROR_DENIED },
  { "denied:", STEWARD_ERROR_DENIED },
  { "authentication required", STEWARD_ERROR_DENIED },
  { "no basic auth credentials", STEWARD_ERROR_DENIED },
  { "403 forbidden", STEWARD_ERROR_DENIED },
  { "error parsing http 401", STEWARD_ERROR_DENIED },
  { "error parsing http 403", STEWARD_ERROR_DENIED },
  { "error parsing http 404", STEWARD_ERROR_NOT_FOUND },
  { "error parsing http 429", STEWARD_ERROR_UNREACHABLE },
  { "error parsing http 5", STEWARD_ERROR_UNREACHABLE },
  { "connection refused", STEWARD_ERROR_UNREACHABLE },
  { "connection reset", STEWARD_ERROR_UNREACHABLE },
  { "no route to host", STEWARD_ERROR_UNREACHABLE },
  { "network is unreachable", STEWARD_ERROR_UNREACHABLE },
  { "no such host", STEWARD_ERROR_UNREACHABLE },
  { "failure in name resolution", STEWARD_ERROR_UNREACHABLE },
  { "server misbehaving", STEWARD_ERROR_UNREACHABLE },
  { "timeout", STEWARD_ERROR_UNREACHABLE },
  { "timed out", STEWARD_ERROR_UNREACHABLE },
  { "deadline exceeded", STEWARD_ERROR_UNREACHABLE },
  { "request canceled while waiting", STEWARD_ERROR_UNREACHABLE },
  { "received unexpected http status: 5", STEWARD_ERROR_UNREACHABLE },
  { "500 internal server error", STEWARD_ERROR_UNREACHABLE },
  { "502 bad gateway", STEWARD_ERROR_UNREACHABLE },
  { "503 service unavailable", STEWARD_ERROR_UNREACHABLE },
  { "504 gateway", STEWARD_ERROR_UNREACHABLE },
  { "unexpected eof", STEWARD_ERROR_UNREACHABLE },
  { "eof", STEWARD_ERROR_UNREACHABLE },
  { "no such container", STEWARD_ERROR_NOT_FOUND },
  { "no such object", STEWARD_ERROR_NOT_FOUND },
  { "no such image", STEWARD_ERROR_NOT_FOUND },
  { "no such network", STEWARD_ERROR_NOT_FOUND },
  { "no such service", STEWARD_ERROR_NOT_FOUND },
  { "unable to find image", STEWARD_ERROR_NOT_FOUND },
  { "executable file not found", STEWARD_ERROR_NOT_FOUND },
  { "no such file or directory: unknown", STEWARD_ERROR_NOT_FOUND },
  { "declared as external, but could not be found", STEWARD_ERROR_NOT_FOUND },
};

/* How lines begin that name things, never values. */
static const char *const public_beginnings[] = {
  "Error response from daemon: ", "no such service: ",        "no configuration file provided",
  "couldn't find env file: ",     "Couldn't find env file: ", "failed to start containers: ",
  "dependency failed to start: ",
};

static gboolean
is_answer (const char *line)
{
  return g_str_has_prefix (line, "Error response from daemon:")
         || g_str_has_prefix (line, "docker: Error response from daemon:");
}

char *
steward_docker_error_dup_line (const char *errors)
{
  g_autofree char *valid = g_utf8_make_valid (errors, -1);
  g_auto (GStrv) lines = g_strsplit (valid, "\n", -1);
  const char *found = "";

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_strstrip (lines[i]);
      gboolean is_hint =
          g_str_has_prefix (lines[i], "See 'docker") || g_str_has_prefix (lines[i], "Run 'docker");
      if (*lines[i] != '\0' && !is_hint && (is_answer (lines[i]) || !is_answer (found)))
        found = lines[i];
    }
  return g_strdup (found);
}

StewardError
steward_docker_error_classify (const char *line)
{
  g_autofree char *lower = g_ascii_strdown (line, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (causes); i++)
    if (strstr (lower, causes[i].words) != NULL)
      return causes[i].code;
  if (strstr (lower, "network ") != NULL && g_str_has_suffix (lower, " not found"))
    return STEWARD_ERROR_NOT_FOUND;
  return STEWARD_ERROR_FAILED;
}

/* "…yaml: line 3: words": unless it quotes the file's text, which it does between back quotes. */
static gboolean
is_yaml_position (const char *line)
{
  const char *yaml = strstr (line, "yaml: line ");

  return yaml != NULL && strchr (yaml, '`') == NULL && strchr (yaml, '"') == NULL;
}

gboolean
steward_docker_error_is_public (const char *line)
{
  for (gsize i = 0; i < G_N_ELEMENTS (public_beginnings); i++)
    if (g_str_has_prefix (line, public_beginnings[i]))
      return TRUE;
  return is_yaml_position (line) || g_str_has_suffix (line, ": no such file or directory")
         || g_str_has_suffix (line, ": permission denied")
         || steward_docker_error_classify (line) == STEWARD_ERROR_NO_SPACE
         || strstr (line, "declared as external, but could not be found") != NULL;
}

gboolean
steward_docker_error_is_away (const StewardOutcome *outcome, GError **error)
{
  if (outcome->status == 0)
    return FALSE;

  g_autofree char *line = steward_docker_error_dup_line (outcome->errors->str);
  g_autofree char *lower = g_ascii_strdown (line, -1);
  if (strstr (lower, "permission denied while trying to connect") != NULL
      || g_str_has_prefix (lower, "sudo: "))
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_DENIED,
                           _ ("This user may not use the Docker engine, neither directly nor by "
                              "“sudo -n docker”. Let an administrator add the user to the group "
                              "“docker”, or allow the user to run docker by sudo without a "
                              "password."));
      return TRUE;
    }
  if (strstr (lower, "cannot connect to the docker daemon") != NULL
      || strstr (lower, "failed to connect to the docker api") != NULL
      || strstr (lower, "error during connect") != NULL)
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
                           _ ("The Docker engine is not running or does not answer. "
                              "Start it, then try again."));
      return TRUE;
    }
  return FALSE;
}

char *
steward_docker_error_dup_said (const char *line)
{
  if (!g_str_has_suffix (line, "port is already allocated"))
    return g_strdup (line);
  return g_strdup_printf (
      _ ("%s. Where neither a container nor a program uses that port, the engine has held it since "
         "it crashed: restart the engine, then try again."),
      line);
}

char *
steward_docker_error_dup_quotable (const char *line)
{
  g_autoptr (GRegex) credentials = g_regex_new ("://\\S*@", 0, 0, NULL);

  return g_regex_replace_literal (credentials, line, -1, 0, "://…@", 0, NULL);
}

void
steward_docker_error_set (const StewardOutcome *outcome, GError **error)
{
  g_autofree char *line = steward_docker_error_dup_line (outcome->errors->str);
  g_autofree char *said = steward_docker_error_dup_said (line);

  if (*line != '\0')
    g_set_error (error, STEWARD_ERROR, steward_docker_error_classify (line),
                 _ ("Docker answered: %s"), said);
  else
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
                 _ ("A docker command failed with status %d."), outcome->status);
}
