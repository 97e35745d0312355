/* Addresses of databases. GLib takes the URL apart; the rewrite cuts the path out of the bytes. */
#include "core/compose/database-url.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"

#define SCHEME "postgresql://"

static StewardDatabaseUrl *
refuse (GError **error)
{
  g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                       _ ("The address of the database in PARSEC_DB is not understood; expected is "
                          "postgresql://USER:PASSWORD@HOST:PORT/DATABASE."));
  return NULL;
}

/* Where the path begins and ends in a URL: from the first `/` after the host to the `?`. */
static void
find_path (const char *url, const char **start, const char **end)
{
  *start = url + strlen (SCHEME);
  *start += strcspn (*start, "/?");
  *end = *start + strcspn (*start, "?");
}

static gboolean
shape_is_plain (const char *url)
{
  const char *path, *end;

  if (!g_str_has_prefix (url, SCHEME) || !g_utf8_validate (url, -1, NULL)
      || strchr (url, '#') != NULL)
    return FALSE;

  find_path (url, &path, &end);
  g_autofree char *authority = g_strndup (url + strlen (SCHEME), path - url - strlen (SCHEME));
  const char *at = strchr (authority, '@');
  /* A comma would separate several hosts. */
  return at == NULL ? strchr (authority, ',') == NULL : strpbrk (at + 1, "@,") == NULL;
}

/* Takes the parameter @name into @field, which must not have been given before @name. */
static gboolean
take_parameter (GHashTable *parameters, const char *name, char **field)
{
  g_autofree char *key = NULL;
  char *value = NULL;

  if (!g_hash_table_steal_extended (parameters, name, (gpointer *)&key, (gpointer *)&value))
    return TRUE;
  if (*field != NULL)
    {
      g_free (value);
      return FALSE;
    }
  *field = value;
  return TRUE;
}

static gboolean
read_port (StewardDatabaseUrl *self, GUri *uri)
{
  g_autofree char *port =
      g_uri_get_port (uri) > 0 ? g_strdup_printf ("%d", g_uri_get_port (uri)) : NULL;
  guint64 number = 0;

  if (!take_parameter (self->parameters, "port", &port))
    return FALSE;
  if (port == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (port, 10, 1, G_MAXUINT16, &number, NULL))
    return FALSE;
  self->port = number;
  return TRUE;
}

static char *
dup_unless_empty (const char *text)
{
  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

/* The parameters of a query, each at most once. */
static GHashTable *
parse_parameters (const char *query)
{
  g_autoptr (GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GUriParamsIter iter;
  char *name, *value;
  g_autoptr (GError) error = NULL;

  g_uri_params_iter_init (&iter, query != NULL ? query : "", -1, "&", G_URI_PARAMS_NONE);
  while (g_uri_params_iter_next (&iter, &name, &value, &error))
    if (!g_hash_table_insert (table, name, value))
      return NULL;
  return error == NULL ? g_steal_pointer (&table) : NULL;
}

static gboolean
read_parts (StewardDatabaseUrl *self, GUri *uri)
{
  const char *path = g_uri_get_path (uri);

  self->user = dup_unless_empty (g_uri_get_user (uri));
  self->password = dup_unless_empty (g_uri_get_password (uri));
  self->host = dup_unless_empty (g_uri_get_host (uri));
  self->database = g_uri_unescape_string (*path == '/' ? path + 1 : path, NULL);
  self->parameters = parse_parameters (g_uri_get_query (uri));

  return self->parameters != NULL && self->database != NULL && *self->database != '\0'
         && g_utf8_validate (self->database, -1, NULL)
         && !g_hash_table_contains (self->parameters, "dbname")
         && !g_hash_table_contains (self->parameters, "database")
         && take_parameter (self->parameters, "user", &self->user)
         && take_parameter (self->parameters, "password", &self->password)
         && take_parameter (self->parameters, "host", &self->host) && read_port (self, uri);
}

StewardDatabaseUrl *
steward_database_url_parse (const char *url, GError **error)
{
  g_autoptr (StewardDatabaseUrl) self = g_new0 (StewardDatabaseUrl, 1);
  const GUriFlags flags =
      G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_PATH | G_URI_FLAGS_ENCODED_QUERY;

  g_return_val_if_fail (url != NULL, NULL);

  if (!shape_is_plain (url))
    return refuse (error);

  g_autoptr (GUri) uri = g_uri_parse (url, flags, NULL);
  if (uri == NULL || !read_parts (self, uri))
    return refuse (error);
  return g_steal_pointer (&self);
}

void
steward_database_url_free (StewardDatabaseUrl *self)
{
  if (self == NULL)
    return;
  g_free (self->user);
  g_free (self->password);
  g_free (self->host);
  g_free (self->database);
  g_clear_pointer (&self->parameters, g_hash_table_unref);
  g_free (self);
}

char *
steward_database_url_dup_with_database (const char *url, const char *database, GError **error)
{
  g_autoptr (StewardDatabaseUrl) old = steward_database_url_parse (url, error);
  const char *path, *end;

  g_return_val_if_fail (database != NULL && *database != '\0', NULL);

  if (old == NULL)
    return NULL;

  find_path (url, &path, &end);
  g_autofree char *encoded = g_uri_escape_string (database, NULL, FALSE);
  g_autoptr (GString) changed = g_string_new_len (url, path - url);
  g_string_append_printf (changed, "/%s%s", encoded, end);
  return g_string_free (g_steal_pointer (&changed), FALSE);
}
