/* Reads the names of hosts out of ssh's configuration, to suggest them; ssh itself reads the rest.
 */
#include <glob.h>
#include <string.h>

#include "core/host/ssh-host.h"
#include "core/host/ssh-program.h"

/* As ssh has it. */
#define INCLUDE_DEPTH_LIMIT 16

static void read_file (const char *path, guint depth, GPtrArray *hosts);

/* Keyword and arguments; quotes are ssh's. Returns: (transfer full) (nullable) */
static char **
split_line (const char *line)
{
  g_autofree char *text = g_strdup (line);
  char **words = NULL;

  /* `Keyword=value` is the same as `Keyword value`. */
  gsize keyword = strcspn (text, " \t=");
  if (text[keyword] != '\0')
    {
      gsize gap = strspn (text + keyword, " \t");
      if (text[keyword + gap] == '=')
        text[keyword + gap] = ' ';
    }
  return g_shell_parse_argv (text, NULL, &words, NULL) ? words : NULL;
}

static void
add_host (const char *host, GPtrArray *hosts)
{
  if (strpbrk (host, "*?!") == NULL
      && !g_ptr_array_find_with_equal_func (hosts, host, g_str_equal, NULL))
    g_ptr_array_add (hosts, g_strdup (host));
}

static void
include (const char *pattern, guint depth, GPtrArray *hosts)
{
  g_autofree char *full = g_path_is_absolute (pattern) || *pattern == '~'
                              ? g_strdup (pattern)
                              : g_build_filename (g_get_home_dir (), ".ssh", pattern, NULL);
  glob_t found = { 0 };

  if (depth < INCLUDE_DEPTH_LIMIT && glob (full, GLOB_TILDE, NULL, &found) == 0)
    for (gsize i = 0; i < found.gl_pathc; i++)
      read_file (found.gl_pathv[i], depth + 1, hosts);
  globfree (&found);
}

static void
read_line (char *line, guint depth, GPtrArray *hosts)
{
  g_auto (GStrv) words = split_line (g_strstrip (line));

  if (words == NULL || words[0] == NULL)
    return;
  gboolean is_include = g_ascii_strcasecmp (words[0], "Include") == 0;
  if (!is_include && g_ascii_strcasecmp (words[0], "Host") != 0)
    return;
  for (gsize i = 1; words[i] != NULL; i++)
    if (is_include)
      include (words[i], depth, hosts);
    else
      add_host (words[i], hosts);
}

static void
read_file (const char *path, guint depth, GPtrArray *hosts)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL) || !g_utf8_validate (text, -1, NULL))
    return;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    read_line (lines[i], depth, hosts);
}

char **
steward_ssh_list_configured_hosts (void)
{
  g_autofree char *path = g_getenv (STEWARD_SSH_CONFIG) != NULL
                              ? g_strdup (g_getenv (STEWARD_SSH_CONFIG))
                              : g_build_filename (g_get_home_dir (), ".ssh", "config", NULL);
  GPtrArray *hosts = g_ptr_array_new ();

  read_file (path, 0, hosts);
  g_ptr_array_add (hosts, NULL);
  return (char **)g_ptr_array_free (hosts, FALSE);
}
