/* Dry runs and what follows from them. The words of the output are the probe's business, the rows
 * of the table the database's; here they meet. */
#include "core/deployment/migrations.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/deployment/job.h"
#include "core/engine/image.h"
#include "core/probe/sql-risk.h"

#define DRY_RUN_DEADLINE_MS 120000

char *
steward_deployment_dry_run (const StewardDeployment *self,
                            const char *image,
                            const char *job_name,
                            const char *operation,
                            const StewardFence *fence,
                            GCancellable *cancellable,
                            GError **error)
{
  const char *command[] = { "migrate", "--dry-run", NULL };
  StewardServerJob job = {
    .name = job_name,
    .operation = operation,
    .image = image,
    .command = command,
    .database = self->database->database,
  };
  g_autofree char *text = steward_deployment_run_server_job (self, &job, DRY_RUN_DEADLINE_MS, fence,
                                                             cancellable, error);
  if (text == NULL)
    return NULL;
  g_autoptr (StewardMigrationOutput) output = steward_migration_output_parse (text, strlen (text));
  g_autoptr (GError) cause = NULL;
  if (!steward_migration_output_check (output, &cause))
    {
      g_set_error (error, cause->domain, cause->code,
                   _ ("Asking the image which migrations are pending did not work: %s"),
                   cause->message);
      return NULL;
    }
  return g_steal_pointer (&text);
}

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED, sentence);
  return FALSE;
}

gboolean
steward_deployment_check_migrations (const StewardMigrationOutput *announced,
                                     const StewardMigrationsTable *table,
                                     GError **error)
{
  g_autoptr (GArray) holes = steward_migrations_table_list_holes (table);
  const StewardMigration *last = announced->migrations->pdata[announced->migrations->len - 1];

  if (steward_migrations_table_is_emptied (table))
    return refuse (error, _ ("The database has tables but no record of any migration: the server "
                             "would apply all of them again. Nothing was touched; restore the "
                             "table “migration” first."));
  if (holes->len > 0)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                   _ ("The database’s record of migrations lacks number %d: a migration was "
                      "applied by halves or removed by hand. Nothing was touched."),
                   g_array_index (holes, int, 0));
      return FALSE;
    }
  for (guint i = 0; i < table->rows->len; i++)
    {
      const StewardMigrationEntry *entry = table->rows->pdata[i];
      if (entry->id > (int)last->id)
        {
          g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                       _ ("The database is newer than this version: migration %04d (%s) is "
                          "applied, and the image ends at %s. Nothing was touched."),
                       entry->id, entry->name, last->file);
          return FALSE;
        }
    }
  return TRUE;
}

void
steward_pending_migration_free (StewardPendingMigration *pending)
{
  g_free (pending->file);
  g_clear_pointer (&pending->risks, g_ptr_array_unref);
  g_free (pending);
}

static GPtrArray *
find_risks (const GPtrArray *files, const char *name)
{
  for (guint i = 0; i < files->len; i++)
    {
      const StewardImageFile *file = files->pdata[i];
      g_autofree char *base = g_path_get_basename (file->name);
      if (g_str_equal (base, name))
        return steward_sql_find_risks (file->text);
    }
  return NULL;
}

GPtrArray *
steward_deployment_list_pending (const StewardDeployment *self,
                                 const char *image,
                                 const StewardMigrationOutput *announced,
                                 GCancellable *cancellable,
                                 GError **error)
{
  g_autoptr (GPtrArray) pending = steward_migration_output_dup_pending (announced);
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify)steward_pending_migration_free);

  if (pending->len == 0)
    return g_steal_pointer (&list);
  g_autoptr (GPtrArray) files =
      steward_engine_read_image_files (self->engine, image, STEWARD_IMAGE_MIGRATIONS, cancellable,
                                       error);
  if (files == NULL)
    return NULL;
  for (guint i = 0; i < pending->len; i++)
    {
      const StewardMigration *migration = pending->pdata[i];
      StewardPendingMigration *entry = g_new0 (StewardPendingMigration, 1);
      entry->file = g_strdup (migration->file);
      entry->risks = find_risks (files, migration->file);
      g_ptr_array_add (list, entry);
    }
  return g_steal_pointer (&list);
}
