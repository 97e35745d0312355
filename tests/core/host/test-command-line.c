/* The line handed to each login shell as sshd does: SHELL -c LINE. */
#include "core/host/command-line.h"

#include <gio/gio.h>
#include <string.h>

#include "core/host/framing.h"

static const char *const shells[][3] = {
  { "sh", NULL },  { "bash", NULL }, { "dash", NULL }, { "busybox", "sh", NULL },
  { "zsh", NULL }, { "fish", NULL }, { "tcsh", NULL }, { "csh", NULL },
};

/* Returns: (transfer full): what the command itself printed */
static GString *
run (const char *const *shell, const char *const *argv, int *status)
{
  g_autofree char *line = steward_command_line ("token", argv);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *output = NULL, *errors = NULL;
  g_auto (StewardFraming) framing = { 0 };
  g_autoptr (GError) error = NULL;
  GString *own = g_string_new (NULL);

  g_strv_builder_addv (builder, (const char **)shell);
  g_strv_builder_add_many (builder, "-c", line, NULL);
  g_auto (GStrv) whole = g_strv_builder_end (builder);
  g_spawn_sync (NULL, whole, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, &errors, NULL, &error);
  g_assert_no_error (error);
  steward_framing_init (&framing, "token");
  steward_framing_take (&framing, STEWARD_STREAM_OUTPUT, output, strlen (output), own);
  steward_framing_take (&framing, STEWARD_STREAM_ERRORS, errors, strlen (errors), own);
  if (!steward_framing_is_over (&framing))
    g_error ("%s printed “%s” and “%s”", shell[0], output, errors);
  g_assert_cmpint (steward_framing_get_group (&framing), ==, 0);
  *status = steward_framing_get_status (&framing);
  return own;
}

static void
check (const char *const *argv, const char *expected, int expected_status)
{
  for (gsize i = 0; i < G_N_ELEMENTS (shells); i++)
    {
      int status = 0;
      g_autoptr (GString) own = run (shells[i], argv, &status);

      g_test_message ("%s", shells[i][0]);
      g_assert_cmpstr (own->str, ==, expected);
      g_assert_cmpint (status, ==, expected_status);
    }
}

static void
test_arguments (void)
{
  const char *argv[] = { "/usr/bin/printf",
                         "[%s]",
                         "",
                         "a b",
                         "'",
                         "\"",
                         "$HOME",
                         "`id`",
                         "*",
                         "\n",
                         "\\\\",
                         "-n",
                         "é",
                         ";id",
                         "!!",
                         "!x",
                         "\\'",
                         "^a^b",
                         "~",
                         "#",
                         "a\n",
                         "\n\n",
                         "%s\\n",
                         "{a,b}",
                         "\t\x01",
                         "=ls",
                         "+",
                         "-",
                         "?",
                         NULL };

  check (argv,
         "[][a b]['][\"][$HOME][`id`][*][\n][\\\\][-n][é][;id][!!][!x][\\'][^a^b][~][#][a\n][\n\n]"
         "[%s\\n][{a,b}][\t\x01][=ls][+][-][?]",
         0);
}

/* Every byte that an argument can hold, one by one and beside a backslash. */
static void
test_bytes (void)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (int c = 1; c < 256; c++)
    g_string_append_printf (all, "%c\\%c", c, c);
  const char *argv[] = { "/usr/bin/printf", "%s", all->str, NULL };
  check (argv, all->str, 0);
}

static void
test_status (void)
{
  const char *exits[] = { "sh", "-c", "exit 255", NULL };
  const char *killed[] = { "sh", "-c", "kill -KILL $$", NULL };
  const char *absent[] = { "steward-no-such-program", NULL };
  const char *locale[] = { "printenv", "LC_ALL", NULL };

  check (exits, "", 255);
  check (killed, "", 137);
  check (absent, "", -1);
  check (locale, "C\n", 0);
}

static void
test_alphabet (void)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (int c = 1; c < 256; c++)
    g_string_append_printf (all, "%c\\%c", c, c);
  const char *argv[] = { "x", all->str, NULL };
  g_autofree char *line = steward_command_line ("token", argv);
  g_assert_null (strpbrk (line, "!\n\r\t"));
  g_assert_null (strstr (line, "\\\\"));
  g_assert_null (strstr (line, "\\'"));
  for (const char *at = line; *at != '\0'; at++)
    g_assert_cmpint (*at, >=, ' ');
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/command-line/passes-arguments-as-they-are", test_arguments);
  g_test_add_func ("/command-line/passes-every-byte", test_bytes);
  g_test_add_func ("/command-line/gives-the-status", test_status);
  g_test_add_func ("/command-line/uses-what-shells-agree-on", test_alphabet);
  return g_test_run ();
}
