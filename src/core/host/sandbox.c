/* The format of the description is flatpak-metadata(5). */
#include "core/host/sandbox.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const char *group, *key;
  const char *granted[5]; /* any of them will do */
  const char *option;     /* of flatpak override */
  const char *sentence;   /* with what to type */
} Rule;

static const Rule rules[] = {
  [STEWARD_PERMISSION_HOST_COMMANDS] = { "Session Bus Policy",
                                         "org.freedesktop.Flatpak",
                                         { "talk", "own" },
                                         "--talk-name=org.freedesktop.Flatpak",
                                         N_ ("Steward’s sandbox does not let it run commands of "
                                             "this machine. To manage servers here, "
                                             "run “%s” and start Steward again.") },
  [STEWARD_PERMISSION_NETWORK] = { "Context",
                                   "shared",
                                   { "network" },
                                   "--share=network",
                                   N_ ("Steward’s sandbox does not let it use the network. To "
                                       "allow it, run “%s” and start "
                                       "Steward again.") },
  [STEWARD_PERMISSION_SSH_FOLDER] = { "Context",
                                      "filesystems",
                                      { "~/.ssh", "home", "host" },
                                      "--filesystem=~/.ssh:ro",
                                      N_ ("Steward’s sandbox does not let it read your keys in "
                                          "~/.ssh. To allow it, run “%s” and "
                                          "start Steward again.") },
  [STEWARD_PERMISSION_SSH_AGENT] = { "Context",
                                     "sockets",
                                     { "ssh-auth" },
                                     "--socket=ssh-auth",
                                     N_ ("Steward’s sandbox does not let it ask your SSH agent for "
                                         "keys. To allow it, run “%s” and "
                                         "start Steward again.") },
  [STEWARD_PERMISSION_DISPLAY] = { "Context",
                                   "sockets",
                                   { "wayland", "fallback-x11", "x11" },
                                   "--socket=wayland --socket=fallback-x11",
                                   N_ ("Steward’s sandbox does not let it show windows. To allow "
                                       "it, run “%s” and start Steward "
                                       "again.") },
};

gboolean
steward_sandbox_is_here (void)
{
  return g_file_test (STEWARD_SANDBOX_INFO, G_FILE_TEST_EXISTS);
}

/* A folder may be followed by how it is given: ~/.ssh:ro. */
static gboolean
is_granted (const Rule *rule, const char *const *given)
{
  for (gsize i = 0; given[i] != NULL; i++)
    {
      g_autofree char *name = g_strndup (given[i], strcspn (given[i], ":"));

      if (g_strv_contains (rule->granted, name))
        return TRUE;
    }
  return FALSE;
}

char *
steward_sandbox_find_lack (const char *info, StewardPermission permission)
{
  const Rule *rule = &rules[permission];
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (!g_key_file_load_from_file (file, info, G_KEY_FILE_NONE, NULL))
    return NULL;
  g_auto (GStrv) given = g_key_file_get_string_list (file, rule->group, rule->key, NULL, NULL);
  if (given != NULL && is_granted (rule, (const char *const *)given))
    return NULL;
  g_autofree char *name = g_key_file_get_string (file, "Application", "name", NULL);
  g_autofree char *command =
      g_strdup_printf ("flatpak override --user %s %s", rule->option, name != NULL ? name : "");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  return g_strdup_printf (_ (rule->sentence), command);
#pragma GCC diagnostic pop
}

const char *
steward_sandbox_get_document (const char *path)
{
  g_autofree char *own = g_strconcat (g_get_user_runtime_dir (), "/doc/", NULL);
  const char *const places[] = { own, "/run/flatpak/doc/" };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      const char *id = g_str_has_prefix (path, places[i]) ? path + strlen (places[i]) : "";
      const char *name = strchr (id, '/');

      if (name != NULL)
        return name + 1;
    }
  return NULL;
}
