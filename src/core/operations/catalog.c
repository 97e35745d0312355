/* Which versions there are, and what each would do to the database. Changes nothing on the server
 * but the images that it holds. */
#include "core/operations/catalog.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/engine/image.h"
#include "core/registry/registry.h"
#include "core/registry/targets.h"

#define REGISTRY_TIMEOUT_MS 30000

static GStrv
dup_tags (const GPtrArray *versions)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < versions->len; i++)
    g_strv_builder_add (builder, steward_version_get_tag (versions->pdata[i]));
  return g_strv_builder_end (builder);
}

GStrv
steward_catalog_list_versions (StewardDeployment *deployment,
                               StewardVersionsFlags flags,
                               GCancellable *cancellable,
                               GError **error)
{
  const StewardImageReference *image = deployment->image;
  StewardTargetFlags targets = flags & STEWARD_VERSIONS_ALL
                                   ? STEWARD_TARGET_PRERELEASES | STEWARD_TARGET_OLDER
                                   : STEWARD_TARGET_DEFAULT;
  StewardHost *host = steward_deployment_get_host (deployment);
  g_autoptr (StewardCredential) credential = NULL;
  g_autofree char *proxy = NULL;
  g_autofree char *path = steward_image_reference_dup_path (image);
  StewardRepository repository = {
    .registry = steward_image_reference_get_registry (image),
    .repository = path,
    .timeout_ms = REGISTRY_TIMEOUT_MS,
  };

  if (!steward_credentials_load (host, repository.registry, &credential, cancellable, error)
      || !steward_host_ensure_proxy (host, &proxy, cancellable, error))
    return NULL;
  repository.credential = credential;
  repository.proxy = proxy;
  g_auto (GStrv) tags = steward_registry_list_tags (&repository, cancellable, error);
  if (tags == NULL)
    return NULL;
  g_autoptr (GPtrArray) versions =
      steward_registry_select_targets ((const char *const *)tags, image->tag, targets);
  return dup_tags (versions);
}

typedef struct
{
  StewardDeployment *deployment;
  StewardStore *store;
  const char *image;
  const StewardClient *client;
  GCancellable *cancellable;
} Asking;

static void
fraction_cb (double fraction, gpointer data)
{
  steward_progress_set_fraction (data, fraction);
}

static gboolean
fetch (Asking *asking, GError **error)
{
  g_autoptr (StewardProgress) progress =
      steward_progress_new (asking->client->event, asking->client->data);
  StewardPullWatch watch = { fraction_cb, steward_progress_line_cb, progress };
  g_autofree char *note = g_strdup_printf (_ ("Fetching %s…"), asking->image);

  steward_progress_note (progress, note);
  return steward_engine_pull_image (asking->deployment->engine, asking->image, &watch,
                                    asking->cancellable, error);
}

static gboolean
ensure_image (Asking *asking, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (StewardImage) image =
      steward_engine_inspect_image (asking->deployment->engine, asking->image, asking->cancellable,
                                    &local_error);

  if (image != NULL)
    return TRUE;
  if (g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
    return fetch (asking, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* No live database: an unfinished operation is the likely reason, and the better one to tell. */
static StewardMigrationsTable *
read_table (Asking *asking, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (StewardConnection) connection =
      steward_deployment_connect (asking->deployment, asking->deployment->database->database, NULL,
                                  asking->cancellable, &local_error);

  if (connection != NULL)
    return steward_migrations_table_read (connection, asking->cancellable, error);
  if (!g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND)
      || steward_operation_check_finished (asking->store, asking->cancellable, error))
    g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static StewardMigrationOutput *
announce (Asking *asking, GError **error)
{
  g_autofree char *id = steward_store_make_id (asking->store, asking->cancellable, error);
  if (id == NULL)
    return NULL;
  g_autofree char *job = g_strdup_printf ("steward-%s-dry-run", id);
  g_autofree char *text = steward_deployment_dry_run (asking->deployment, asking->image, job, NULL,
                                                      NULL, asking->cancellable, error);

  return text != NULL ? steward_migration_output_parse (text, strlen (text)) : NULL;
}

static char *
dup_image (const StewardDeployment *deployment, const char *tag, GError **error)
{
  if (!steward_tag_is_valid (tag))
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                   _ ("“%s” is no tag an image can have. Nothing was touched."), tag);
      return NULL;
    }
  if (g_str_equal (tag, deployment->image->tag))
    return steward_image_reference_format (deployment->image);
  g_autoptr (StewardImageReference) image =
      steward_image_reference_dup_with_tag (deployment->image, tag);
  return steward_image_reference_format (image);
}

/* The table before the image: without a live database a fetch would be in vain. */
GPtrArray *
steward_catalog_list_pending (StewardDeployment *deployment,
                              StewardStore *store,
                              const char *tag,
                              const StewardClient *client,
                              GCancellable *cancellable,
                              GError **error)
{
  g_autofree char *image = dup_image (deployment, tag, error);
  if (image == NULL)
    return NULL;
  Asking asking = { deployment, store, image, client, cancellable };
  g_autoptr (StewardMigrationsTable) table = read_table (&asking, error);
  if (table == NULL || !ensure_image (&asking, error))
    return NULL;
  g_autoptr (StewardMigrationOutput) announced = announce (&asking, error);
  if (announced == NULL || !steward_deployment_check_migrations (announced, table, error))
    return NULL;
  return steward_deployment_list_pending (deployment, image, announced, cancellable, error);
}
