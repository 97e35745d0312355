/* stewardctl: Steward on a terminal and for scripts. Here: the command line, and the last
 * word. */
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "cli/run.h"
#include "cli/text.h"
#include "core/base/language.h"

static void
print_text (const StewardCliReply *reply)
{
  g_autofree char *text = steward_cli_text_clean (reply->text->str);

  g_print ("%s", text);
  fflush (stdout);
}

static void
print_error (const StewardCliReply *reply)
{
  g_autofree char *message = steward_cli_text_clean (steward_cli_error_get_message (reply->error));

  g_printerr ("stewardctl: %s\n", message);
  if (reply->advice != NULL)
    g_printerr ("%s", reply->advice);
}

/* JSON is UTF-8 whatever the locale says. */
static int
print (const StewardCliReply *reply, const StewardCliOptions *options)
{
  g_autofree char *json = NULL;

  if (options->json)
    {
      json = steward_cli_reply_dup_json (reply, options->command);
      fwrite (json, 1, strlen (json), stdout);
      return reply->exit;
    }
  print_text (reply);
  if (reply->error != NULL)
    print_error (reply);
  return reply->exit;
}

static int
fail (GError *error, const StewardCliOptions *options)
{
  g_autoptr (StewardCliReply) reply = steward_cli_reply_new ();

  reply->exit = steward_cli_exit_of_error (error);
  reply->error = error;
  return print (reply, options);
}

static int
print_help (void)
{
  g_autofree char *commands = steward_cli_command_dup_list ();
  g_autofree char *help = steward_cli_options_dup_help (commands);

  g_print ("%s", help);
  return STEWARD_CLI_EXIT_DONE;
}

int
main (int argc, char **argv)
{
  g_auto (StewardCliOptions) options = { 0 };
  GError *error = NULL;

  steward_language_set_up ();
  if (!steward_cli_options_parse ((const char *const *)argv, &options, &error))
    return fail (error, &options);
  if (options.help)
    return print_help ();
  if (options.version)
    {
      g_print ("stewardctl %s\n", STEWARD_VERSION);
      return STEWARD_CLI_EXIT_DONE;
    }

  const StewardCliCommand *command = steward_cli_command_find (options.command, &error);
  if (command == NULL
      || !steward_cli_command_check (command, &options, steward_cli_run_get_presence (), &error))
    return fail (error, &options);
  g_autoptr (StewardCliReply) reply = steward_cli_run (command, &options);
  return print (reply, &options);
}
