/* Errors and results as numbers and as words. */
#include "cli/exit-status.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

static const char *const error_codes[] = {
  [STEWARD_ERROR_FAILED] = "failed",
  [STEWARD_ERROR_REFUSED] = "refused",
  [STEWARD_ERROR_INVALID] = "invalid",
  [STEWARD_ERROR_NOT_FOUND] = "not_found",
  [STEWARD_ERROR_DENIED] = "denied",
  [STEWARD_ERROR_UNREACHABLE] = "unreachable",
  [STEWARD_ERROR_NO_SPACE] = "no_space",
  [STEWARD_ERROR_CHANGED] = "changed",
  [STEWARD_ERROR_LOCKED] = "locked",
  [STEWARD_ERROR_LOST_LOCK] = "lost_lock",
  [STEWARD_ERROR_LOSS] = "loss",
  [STEWARD_ERROR_HANDS] = "hands",
  [STEWARD_ERROR_DISCONNECTED] = "disconnected",
};

static const char *const result_names[] = {
  [STEWARD_RESULT_DONE] = "done",   [STEWARD_RESULT_REFUSED] = "refused",
  [STEWARD_RESULT_BACK] = "back",   [STEWARD_RESULT_INTERRUPTED] = "interrupted",
  [STEWARD_RESULT_HANDS] = "hands",
};

static StewardCliExit
exit_of_code (int code)
{
  switch (code)
    {
    case STEWARD_ERROR_REFUSED:
    case STEWARD_ERROR_INVALID:
    case STEWARD_ERROR_NOT_FOUND:
      return STEWARD_CLI_EXIT_REFUSED;
    case STEWARD_ERROR_LOCKED:
      return STEWARD_CLI_EXIT_BUSY;
    case STEWARD_ERROR_HANDS:
      return STEWARD_CLI_EXIT_HANDS;
    default:
      return STEWARD_CLI_EXIT_FAILED;
    }
}

StewardCliExit
steward_cli_exit_of_error (const GError *error)
{
  if (error == NULL)
    return STEWARD_CLI_EXIT_DONE;
  if (error->domain == G_OPTION_ERROR)
    return STEWARD_CLI_EXIT_USAGE;
  return error->domain == STEWARD_ERROR ? exit_of_code (error->code) : STEWARD_CLI_EXIT_FAILED;
}

static StewardCliExit
exit_of_refusal (const GError *error)
{
  if (g_error_matches (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED))
    return STEWARD_CLI_EXIT_BUSY;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return STEWARD_CLI_EXIT_FAILED;
  return error != NULL && error->domain == G_OPTION_ERROR ? STEWARD_CLI_EXIT_USAGE
                                                          : STEWARD_CLI_EXIT_REFUSED;
}

StewardCliExit
steward_cli_exit_of_result (StewardResult result, const GError *error)
{
  switch (result)
    {
    case STEWARD_RESULT_DONE:
      return STEWARD_CLI_EXIT_DONE;
    case STEWARD_RESULT_REFUSED:
      return exit_of_refusal (error);
    case STEWARD_RESULT_BACK: /* without an error, going back was what had been asked for */
      return error != NULL ? STEWARD_CLI_EXIT_FAILED : STEWARD_CLI_EXIT_DONE;
    case STEWARD_RESULT_INTERRUPTED:
      return STEWARD_CLI_EXIT_INTERRUPTED;
    case STEWARD_RESULT_HANDS:
    default:
      return STEWARD_CLI_EXIT_HANDS;
    }
}

const char *
steward_cli_error_get_code (const GError *error)
{
  if (error->domain == G_OPTION_ERROR)
    return "usage";
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return "cancelled";
  if (error->domain == STEWARD_ERROR && (guint)error->code < G_N_ELEMENTS (error_codes))
    return error_codes[error->code];
  return "failed";
}

const char *
steward_cli_error_get_message (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? _ ("Cancelled.")
                                                                   : error->message;
}

const char *
steward_cli_result_get_name (StewardResult result)
{
  return result_names[result];
}
