/* See the header. */
#include "core/host/host-failure.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/host/scripts.h"

void
steward_host_failure_set_program (const char *program, GError **error)
{
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
               _ ("The program “%s” is not installed here."), program);
}

static char *
dup_last_line (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  g_strchomp (valid);
  char *newline = strrchr (valid, '\n');
  return g_strdup (newline != NULL ? newline + 1 : valid);
}

void
steward_host_failure_set (const StewardCommand *command,
                          const StewardOutcome *outcome,
                          GError **error)
{
  g_autofree char *reason = dup_last_line (outcome->errors->str);
  StewardError code = STEWARD_ERROR_FAILED;

  if (outcome->status == STEWARD_EXIT_CHANGED)
    code = STEWARD_ERROR_CHANGED;
  else if (outcome->status == STEWARD_EXIT_NOT_FOUND)
    code = STEWARD_ERROR_NOT_FOUND;
  else if (strstr (outcome->errors->str, "No space left on device") != NULL
           || strstr (outcome->errors->str, "Disk quota exceeded") != NULL)
    code = STEWARD_ERROR_NO_SPACE;
  else if (outcome->status == STEWARD_EXIT_DENIED
           || strstr (outcome->errors->str, "ermission denied") != NULL
           || strstr (outcome->errors->str, "Read-only file system") != NULL)
    code = STEWARD_ERROR_DENIED;

  if (*reason != '\0')
    g_set_error (error, STEWARD_ERROR, code, _ ("The command “%s” failed: %s"), command->argv[0],
                 reason);
  else
    g_set_error (error, STEWARD_ERROR, code, _ ("The command “%s” failed with status %d."),
                 command->argv[0], outcome->status);
}

void
steward_host_failure_set_file (const char *path,
                               const StewardCommand *command,
                               const StewardOutcome *outcome,
                               GError **error)
{
  g_autoptr (GError) cause = NULL;
  const char *format;

  steward_host_failure_set (command, outcome, &cause);
  switch (cause->code)
    {
    case STEWARD_ERROR_CHANGED:
      format = _ ("“%s” was changed by somebody else meanwhile. It was left as it is.");
      break;
    case STEWARD_ERROR_NOT_FOUND:
      format = _ ("“%s” does not exist.");
      break;
    case STEWARD_ERROR_DENIED:
      format = _ ("This user has no right to read or change “%s” as needed.");
      break;
    case STEWARD_ERROR_NO_SPACE:
      format = _ ("The disk that holds “%s” is full.");
      break;
    default:
      g_set_error (error, STEWARD_ERROR, cause->code, _ ("“%s” could not be accessed: %s"), path,
                   outcome->errors->len > 0 ? g_strchomp (outcome->errors->str) : cause->message);
      return;
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, STEWARD_ERROR, cause->code, format, path);
#pragma GCC diagnostic pop
}
