/* Tables for exit statuses: what a script may conclude. */
#include "cli/exit-status.h"

#include <gio/gio.h>

static void
test_errors (void)
{
  static const struct
  {
    int code;
    StewardCliExit exit;
    const char *word;
  } cases[] = {
    { STEWARD_ERROR_FAILED, STEWARD_CLI_EXIT_FAILED, "failed" },
    { STEWARD_ERROR_REFUSED, STEWARD_CLI_EXIT_REFUSED, "refused" },
    { STEWARD_ERROR_INVALID, STEWARD_CLI_EXIT_REFUSED, "invalid" },
    { STEWARD_ERROR_NOT_FOUND, STEWARD_CLI_EXIT_REFUSED, "not_found" },
    { STEWARD_ERROR_DENIED, STEWARD_CLI_EXIT_FAILED, "denied" },
    { STEWARD_ERROR_UNREACHABLE, STEWARD_CLI_EXIT_FAILED, "unreachable" },
    { STEWARD_ERROR_NO_SPACE, STEWARD_CLI_EXIT_FAILED, "no_space" },
    { STEWARD_ERROR_CHANGED, STEWARD_CLI_EXIT_FAILED, "changed" },
    { STEWARD_ERROR_LOCKED, STEWARD_CLI_EXIT_BUSY, "locked" },
    { STEWARD_ERROR_LOST_LOCK, STEWARD_CLI_EXIT_FAILED, "lost_lock" },
    { STEWARD_ERROR_LOSS, STEWARD_CLI_EXIT_FAILED, "loss" },
    { STEWARD_ERROR_HANDS, STEWARD_CLI_EXIT_HANDS, "hands" },
    { STEWARD_ERROR_DISCONNECTED, STEWARD_CLI_EXIT_FAILED, "disconnected" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (STEWARD_ERROR, cases[i].code, "");
      g_assert_cmpint (steward_cli_exit_of_error (error), ==, cases[i].exit);
      g_assert_cmpstr (steward_cli_error_get_code (error), ==, cases[i].word);
    }
}

static void
test_foreign_errors (void)
{
  g_autoptr (GError) usage = g_error_new_literal (G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "");
  g_autoptr (GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "");

  g_assert_cmpint (steward_cli_exit_of_error (NULL), ==, STEWARD_CLI_EXIT_DONE);
  g_assert_cmpint (steward_cli_exit_of_error (usage), ==, STEWARD_CLI_EXIT_USAGE);
  g_assert_cmpint (steward_cli_exit_of_error (cancelled), ==, STEWARD_CLI_EXIT_FAILED);
  g_assert_cmpstr (steward_cli_error_get_code (usage), ==, "usage");
  g_assert_cmpstr (steward_cli_error_get_code (cancelled), ==, "cancelled");
}

static void
test_results (void)
{
  g_autoptr (GError) failed = g_error_new_literal (STEWARD_ERROR, STEWARD_ERROR_FAILED, "");
  g_autoptr (GError) locked = g_error_new_literal (STEWARD_ERROR, STEWARD_ERROR_LOCKED, "");
  g_autoptr (GError) denied = g_error_new_literal (STEWARD_ERROR, STEWARD_ERROR_DENIED, "");
  g_autoptr (GError) loss = g_error_new_literal (STEWARD_ERROR, STEWARD_ERROR_LOSS, "");
  g_autoptr (GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
  const struct
  {
    StewardResult result;
    const GError *error;
    StewardCliExit exit;
  } cases[] = {
    { STEWARD_RESULT_DONE, NULL, STEWARD_CLI_EXIT_DONE },
    { STEWARD_RESULT_BACK, failed, STEWARD_CLI_EXIT_FAILED },
    { STEWARD_RESULT_BACK, NULL, STEWARD_CLI_EXIT_DONE },
    { STEWARD_RESULT_REFUSED, denied, STEWARD_CLI_EXIT_REFUSED },
    { STEWARD_RESULT_REFUSED, locked, STEWARD_CLI_EXIT_BUSY },
    { STEWARD_RESULT_REFUSED, cancelled, STEWARD_CLI_EXIT_FAILED },
    { STEWARD_RESULT_INTERRUPTED, loss, STEWARD_CLI_EXIT_INTERRUPTED },
    { STEWARD_RESULT_HANDS, failed, STEWARD_CLI_EXIT_HANDS },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (steward_cli_exit_of_result (cases[i].result, cases[i].error), ==,
                     cases[i].exit);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/exit-status/errors", test_errors);
  g_test_add_func ("/cli/exit-status/errors-of-others", test_foreign_errors);
  g_test_add_func ("/cli/exit-status/results", test_results);
  return g_test_run ();
}
