/* Reads what this build of the stand-in server claims to be. See release.h. */
#include "release.h"

#include <stdlib.h>

#define DEFAULT_RELEASE "/usr/local/lib/parsec/release.ini"
#define GROUP "release"

static const char *const generations[] = { "early", "middle", "head", NULL };
static const char *const faults[] = { "none", "silent", "dies", "foreign", NULL };

static void
migration_free (gpointer data)
{
  ParsecMigration *migration = data;

  g_free (migration->file_name);
  g_free (migration->name);
  g_free (migration->path);
  g_free (migration);
}

static int
migration_compare (gconstpointer a, gconstpointer b)
{
  const ParsecMigration *first = *(ParsecMigration *const *)a;
  const ParsecMigration *second = *(ParsecMigration *const *)b;

  return first->id - second->id;
}

static ParsecMigration *
migration_new (const char *folder, const char *file_name)
{
  ParsecMigration *migration = g_new0 (ParsecMigration, 1);
  const char *name = file_name + strlen ("0000_");

  migration->id = atoi (file_name);
  migration->file_name = g_strdup (file_name);
  migration->name = g_strndup (name, strlen (name) - strlen (".sql"));
  migration->path = g_build_filename (folder, file_name, NULL);
  return migration;
}

static gboolean
load_migrations (GPtrArray *migrations, const char *folder, GError **error)
{
  g_autoptr (GDir) directory = g_dir_open (folder, 0, error);
  const char *file_name;

  if (directory == NULL)
    return FALSE;

  while ((file_name = g_dir_read_name (directory)) != NULL)
    {
      if (g_regex_match_simple ("^[0-9]{4}_.+\\.sql$", file_name, 0, 0))
        g_ptr_array_add (migrations, migration_new (folder, file_name));
    }
  g_ptr_array_sort (migrations, migration_compare);
  return TRUE;
}

static int
choice_from_string (const char *const *choices, const char *text, int fallback)
{
  for (int i = 0; text != NULL && choices[i] != NULL; i++)
    {
      if (g_str_equal (choices[i], text))
        return i;
    }
  return fallback;
}

ParsecRelease *
parsec_release_load (GError **error)
{
  const char *path = g_getenv ("PARSEC_RELEASE") ? g_getenv ("PARSEC_RELEASE") : DEFAULT_RELEASE;
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *migrations = g_build_filename (folder, "migrations", NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (ParsecRelease) self = g_new0 (ParsecRelease, 1);
  g_autofree char *generation = NULL;
  g_autofree char *fault = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error))
    return NULL;

  self->migrations = g_ptr_array_new_with_free_func (migration_free);
  self->version = g_key_file_get_string (file, GROUP, "version", error);
  if (self->version == NULL)
    return NULL;
  self->api_versions = g_key_file_get_string (file, GROUP, "api", error);
  if (self->api_versions == NULL)
    return NULL;
  generation = g_key_file_get_string (file, GROUP, "generation", NULL);
  fault = g_key_file_get_string (file, GROUP, "fault", NULL);
  self->generation = choice_from_string (generations, generation, PARSEC_GENERATION_HEAD);
  self->fault = choice_from_string (faults, fault, PARSEC_FAULT_NONE);
  if (!load_migrations (self->migrations, migrations, error))
    return NULL;

  return g_steal_pointer (&self);
}

const char *
parsec_release_get_server_header (const ParsecRelease *self)
{
  return self->fault == PARSEC_FAULT_FOREIGN ? "parsec/4" : "parsec/3";
}

guint
parsec_release_count_pending (const ParsecRelease *self, int last_id)
{
  guint n_pending = 0;

  for (guint i = 0; i < self->migrations->len; i++)
    {
      const ParsecMigration *migration = g_ptr_array_index (self->migrations, i);

      if (migration->id > last_id)
        n_pending++;
    }
  return n_pending;
}

void
parsec_release_free (ParsecRelease *self)
{
  g_free (self->version);
  g_free (self->api_versions);
  g_clear_pointer (&self->migrations, g_ptr_array_unref);
  g_free (self);
}
