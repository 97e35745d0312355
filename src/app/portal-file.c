/* Newer portals tell the path by an attribute of the document that they show in its place. */
#include "app/portal-file.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/host/sandbox.h"

#define HOST_PATH "xattr::document-portal.host-path"

char *
steward_portal_file_dup_path (GFile *file, GError **error)
{
  g_autoptr (GFileInfo) info =
      g_file_query_info (file, HOST_PATH, G_FILE_QUERY_INFO_NONE, NULL, NULL);
  const char *outside = info != NULL ? g_file_info_get_attribute_string (info, HOST_PATH) : NULL;
  g_autofree char *path = g_file_get_path (file);

  if (outside != NULL)
    return g_strdup (outside);
  if (path != NULL && steward_sandbox_get_document (path) == NULL)
    return g_steal_pointer (&path);
  g_autofree char *name = g_file_get_basename (file);
  g_set_error (
      error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
      _ ("This desktop does not tell where “%s” lies outside of Steward’s sandbox. Start the "
         "server once by “docker compose up -d”: it then appears by itself."),
      name);
  return NULL;
}
