/* A key file in the user's folder of settings, a group a server. */
#include "core/probe/trusted.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"

#define FILE_NAME "trusted-certificates"
#define KEY "sha256"

static char *
dup_folder (void)
{
  return g_build_filename (g_get_user_config_dir (), "steward", NULL);
}

/* Brackets, of an IPv6 address, end a group's name. */
static char *
dup_group (const char *name)
{
  return g_uri_escape_string (name, ":", FALSE);
}

static GKeyFile *
load (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);
  GKeyFile *file = g_key_file_new ();

  g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS, NULL);
  return file;
}

char *
steward_trusted_lookup (const char *name)
{
  g_autofree char *folder = dup_folder ();
  g_autofree char *group = dup_group (name);
  g_autoptr (GKeyFile) file = load (folder);

  return g_key_file_get_string (file, group, KEY, NULL);
}

static void
set_file_error (const char *path, const GError *cause, GError **error)
{
  int code = STEWARD_ERROR_FAILED;

  if (g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_ACCES)
      || g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_PERM)
      || g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_ROFS))
    code = STEWARD_ERROR_DENIED;
  else if (g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_NOSPC))
    code = STEWARD_ERROR_NO_SPACE;
  g_set_error (error, STEWARD_ERROR, code,
               _ ("The certificate could not be remembered in “%s”: %s"), path, cause->message);
}

gboolean
steward_trusted_accept (const char *name, const char *fingerprint, GError **error)
{
  g_autofree char *folder = dup_folder ();
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autofree char *group = dup_group (name);
  g_autoptr (GKeyFile) file = load (folder);
  g_autoptr (GError) cause = NULL;
  gsize length = 0;

  g_key_file_set_string (file, group, KEY, fingerprint);
  g_autofree char *text = g_key_file_to_data (file, &length, NULL);
  g_mkdir_with_parents (folder, 0700);
  if (g_file_set_contents_full (path, text, (gssize)length,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                &cause))
    return TRUE;
  set_file_error (path, cause, error);
  return FALSE;
}
