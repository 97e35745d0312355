/* The constant script that a command is run by, and how arguments reach it. */
#include "core/host/command-line.h"

#include <string.h>

/* $0 is the token. Each argument is `-` and the plain text, or `+` and what printf's %b reads. The
 * command gets a process of its own, so that a signal that ends it can be told; what the shell
 * itself would say about that signal goes nowhere. The group is asked from the kernel: sshd makes
 * the login shell its leader, but a forced command may stand between. */
static const char wrapper[] =
    "LC_ALL=C; export LC_ALL; "
    "g=$$; [ -r /proc/$$/stat ] && read -r p c s q g r </proc/$$/stat; "
    "printf \"<%s:begin:%s>\" \"$0\" \"$g\" >&2; "
    "printf \"<%s:begin:%s>\" \"$0\" \"$g\"; "
    "for a do case $a in "
    "+*) a=$(printf %b \"${a#+}.\"); a=${a%.} ;; "
    "*) a=${a#-} ;; "
    "esac; set -- \"$@\" \"$a\"; shift; done; "
    "exec 3>&2 2>/dev/null; "
    "if command -v \"$1\" >/dev/null; then (exec \"$@\" 2>&3 3>&-); s=$?; else s=none; fi; "
    "printf \"<%s:end:%s>\" \"$0\" $s; "
    "printf \"<%s:end:%s>\" \"$0\" $s >&3";

static gboolean
is_plain (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr (" _./:=,@%+-\"$<>|&;()[]{}*#~?", c) != NULL);
}

static void
append_argument (GString *line, const char *argument)
{
  gsize plain = 0;

  while (is_plain (argument[plain]))
    plain++;
  g_string_append (line, " '");
  g_string_append_c (line, argument[plain] == '\0' ? '-' : '+');
  for (const char *at = argument; *at != '\0'; at++)
    if (is_plain (*at))
      g_string_append_c (line, *at);
    else
      g_string_append_printf (line, "\\0%03o", (guchar)*at);
  g_string_append_c (line, '\'');
}

char *
steward_command_line (const char *token, const char *const *argv)
{
  GString *line = g_string_new ("exec sh -c '");

  g_string_append (line, wrapper);
  g_string_append_printf (line, "' %s", token);
  for (gsize i = 0; argv[i] != NULL; i++)
    append_argument (line, argv[i]);
  return g_string_free (line, FALSE);
}
