/* Tables for command lines: what is taken, and what is a usage error. */
#include "cli/command.h"

typedef struct
{
  const char *line; /* split at blanks */
  StewardCliPresence presence;
} Case;

static gboolean
accepts (const Case *one, GError **error)
{
  g_autofree char *whole = g_strconcat ("stewardctl ", one->line, NULL);
  g_auto (GStrv) argv = g_strsplit (g_strchomp (whole), " ", -1);
  g_auto (StewardCliOptions) options = { 0 };

  if (!steward_cli_options_parse ((const char *const *)argv, &options, error))
    return FALSE;
  const StewardCliCommand *command = steward_cli_command_find (options.command, error);
  return command != NULL && steward_cli_command_check (command, &options, one->presence, error);
}

static void
test_right (void)
{
  static const Case cases[] = {
    { "deployments", STEWARD_CLI_NOBODY_THERE },
    { "status", STEWARD_CLI_NOBODY_THERE },
    { "--compose-file x.yaml --service s status --json", STEWARD_CLI_NOBODY_THERE },
    { "--host parsec status --json", STEWARD_CLI_NOBODY_THERE },
    { "deployments -H admin@parsec.example:2222", STEWARD_CLI_NOBODY_THERE },
    { "--host [::1]:2222 --compose-file /srv/x.yaml backup --yes", STEWARD_CLI_NOBODY_THERE },
    { "versions --all", STEWARD_CLI_NOBODY_THERE },
    { "migrations --to v3.1.0", STEWARD_CLI_NOBODY_THERE },
    { "backup --yes", STEWARD_CLI_NOBODY_THERE },
    { "backup", STEWARD_CLI_SOMEBODY_THERE },
    { "upgrade --to 3.1.0 --yes --watch 60 --accept-loss 3.0.0", STEWARD_CLI_NOBODY_THERE },
    { "upgrade --to 3.1.0 --plan", STEWARD_CLI_NOBODY_THERE },
    { "upgrade --to 3.1.0 --no-rehearsal --yes", STEWARD_CLI_NOBODY_THERE },
    { "upgrade --to 3.1.0 --guard-after 30 --yes", STEWARD_CLI_NOBODY_THERE },
    { "restart --yes --watch 1", STEWARD_CLI_NOBODY_THERE },
    { "rollback", STEWARD_CLI_SOMEBODY_THERE },
    { "rollback --backup X --yes --accept-loss 3.0.0", STEWARD_CLI_NOBODY_THERE },
    { "backups", STEWARD_CLI_NOBODY_THERE },
    { "verify X", STEWARD_CLI_NOBODY_THERE },
    { "verify X --restore", STEWARD_CLI_NOBODY_THERE },
    { "delete X --yes", STEWARD_CLI_NOBODY_THERE },
    { "prune --keep 5 --older-than 30 --yes", STEWARD_CLI_NOBODY_THERE },
    { "prune --keep 5 --plan", STEWARD_CLI_NOBODY_THERE },
    { "export X /srv", STEWARD_CLI_NOBODY_THERE },
    { "import X.dump --yes", STEWARD_CLI_NOBODY_THERE },
    { "history", STEWARD_CLI_NOBODY_THERE },
    { "resume --yes", STEWARD_CLI_NOBODY_THERE },
    { "walk-back --yes --accept-loss 3.0.0 --verbose", STEWARD_CLI_NOBODY_THERE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      if (!accepts (&cases[i], &error))
        g_error ("%s: %s", cases[i].line, error->message);
    }
}

static void
test_wrong (void)
{
  static const Case cases[] = {
    { "", STEWARD_CLI_SOMEBODY_THERE },
    { "upgrades", STEWARD_CLI_SOMEBODY_THERE },
    { "status extra", STEWARD_CLI_SOMEBODY_THERE },
    { "verify", STEWARD_CLI_SOMEBODY_THERE },
    { "verify one two", STEWARD_CLI_SOMEBODY_THERE },
    { "upgrade", STEWARD_CLI_SOMEBODY_THERE },
    { "upgrade --to", STEWARD_CLI_SOMEBODY_THERE },
    { "upgrade --to=", STEWARD_CLI_SOMEBODY_THERE },
    { "upgrade --to 3.1.0 --backup X", STEWARD_CLI_SOMEBODY_THERE },
    { "migrations", STEWARD_CLI_SOMEBODY_THERE },
    { "status --yes", STEWARD_CLI_SOMEBODY_THERE },
    { "backup --accept-loss 3.0.0", STEWARD_CLI_SOMEBODY_THERE },
    { "restart --to 3.1.0", STEWARD_CLI_SOMEBODY_THERE },
    { "resume --plan", STEWARD_CLI_SOMEBODY_THERE },
    { "deployments --compose-file x", STEWARD_CLI_SOMEBODY_THERE },
    { "--host parsec --compose-file x.yaml status", STEWARD_CLI_SOMEBODY_THERE },
    { "--host parsec --compose-file ./x.yaml status", STEWARD_CLI_SOMEBODY_THERE },
    { "--host= status", STEWARD_CLI_SOMEBODY_THERE },
    { "status --host", STEWARD_CLI_SOMEBODY_THERE },
    { "--host -oProxyCommand=reboot status", STEWARD_CLI_SOMEBODY_THERE },
    { "--host parsec;reboot status", STEWARD_CLI_SOMEBODY_THERE },
    { "--host parsec:0 status", STEWARD_CLI_SOMEBODY_THERE },
    { "--host parsec:65536 status", STEWARD_CLI_SOMEBODY_THERE },
    { "--host @parsec status", STEWARD_CLI_SOMEBODY_THERE },
    { "restart --watch 0", STEWARD_CLI_SOMEBODY_THERE },
    { "restart --watch -5", STEWARD_CLI_SOMEBODY_THERE },
    { "restart --watch 3601", STEWARD_CLI_SOMEBODY_THERE },
    { "restart --watch 5s", STEWARD_CLI_SOMEBODY_THERE },
    { "rollback --guard-after 29", STEWARD_CLI_SOMEBODY_THERE },
    { "rollback --guard-after 86401", STEWARD_CLI_SOMEBODY_THERE },
    { "restart --guard-after 60", STEWARD_CLI_SOMEBODY_THERE },
    { "status --nonsense", STEWARD_CLI_SOMEBODY_THERE },
    { "backup", STEWARD_CLI_NOBODY_THERE },
    { "upgrade --to 3.1.0", STEWARD_CLI_NOBODY_THERE },
    { "rollback --accept-loss 3.0.0", STEWARD_CLI_NOBODY_THERE },
    { "delete X", STEWARD_CLI_NOBODY_THERE },
    { "prune --keep 5", STEWARD_CLI_NOBODY_THERE },
    { "export", STEWARD_CLI_SOMEBODY_THERE },
    { "export X", STEWARD_CLI_SOMEBODY_THERE },
    { "export X /srv more", STEWARD_CLI_SOMEBODY_THERE },
    { "import", STEWARD_CLI_SOMEBODY_THERE },
    { "import X.dump more", STEWARD_CLI_SOMEBODY_THERE },
    { "import X.dump", STEWARD_CLI_NOBODY_THERE },
    { "prune --keep 0 --yes", STEWARD_CLI_SOMEBODY_THERE },
    { "prune --keep -1 --yes", STEWARD_CLI_SOMEBODY_THERE },
    { "prune --keep 5x --yes", STEWARD_CLI_SOMEBODY_THERE },
    { "prune --older-than 36501 --yes", STEWARD_CLI_SOMEBODY_THERE },
    { "delete X --restore", STEWARD_CLI_SOMEBODY_THERE },
    { "resume", STEWARD_CLI_NOBODY_THERE },
    { "walk-back", STEWARD_CLI_NOBODY_THERE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      if (accepts (&cases[i], &error))
        g_error ("“%s” was taken", cases[i].line);
      g_assert_true (error->domain == G_OPTION_ERROR);
    }
}

static void
test_values (void)
{
  const char *const argv[] = { "stewardctl",
                               "--compose-file",
                               "./a/../b.yaml",
                               "rollback",
                               "--backup=20261123t220300_ab12",
                               "--accept-loss",
                               "v3.0.0",
                               "--watch",
                               "45",
                               "--guard-after",
                               "600",
                               "-y",
                               NULL };
  g_auto (StewardCliOptions) options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *here = g_get_current_dir ();
  g_autofree char *path = g_build_filename (here, "b.yaml", NULL);

  steward_cli_options_parse (argv, &options, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (options.command, ==, "rollback");
  g_assert_cmpstr (options.compose_file, ==, path);
  g_assert_cmpstr (options.backup, ==, "20261123t220300_ab12");
  g_assert_cmpstr (options.accepted_loss, ==, "v3.0.0");
  g_assert_cmpint (options.watch_s, ==, 45);
  g_assert_cmpint (options.guard_s, ==, 600);
  g_assert_true (options.yes);
  g_assert_false (options.plan);
}

static void
test_place (void)
{
  const char *const argv[] = { "stewardctl", "--host",          "admin@parsec.example:2222",
                               "-f",         "/srv/../opt/c.y", "status",
                               NULL };
  g_auto (StewardCliOptions) options = { 0 };
  g_autoptr (GError) error = NULL;

  steward_cli_options_parse (argv, &options, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (options.host->user, ==, "admin");
  g_assert_cmpstr (options.host->host, ==, "parsec.example");
  g_assert_cmpuint (options.host->port, ==, 2222);
  g_assert_cmpstr (options.compose_file, ==, "/opt/c.y");
}

static void
test_json_outlives_errors (void)
{
  const char *const argv[] = { "stewardctl", "--json", "--nonsense", NULL };
  g_auto (StewardCliOptions) options = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (steward_cli_options_parse (argv, &options, &error));
  g_assert_true (options.json);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/options/right-command-lines", test_right);
  g_test_add_func ("/cli/options/usage-errors", test_wrong);
  g_test_add_func ("/cli/options/values", test_values);
  g_test_add_func ("/cli/options/place", test_place);
  g_test_add_func ("/cli/options/json-is-known-after-an-error", test_json_outlives_errors);
  return g_test_run ();
}
