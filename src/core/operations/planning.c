/* Gathers what the plan freezes. */
#include "core/operations/planning.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/database/cluster.h"
#include "core/steps/files.h"

typedef struct
{
  StewardDeployment *deployment;
  StewardStore *store;
  const StewardRequest *request;
  StewardPlan *plan;
  GCancellable *cancellable;
} Planning;

static void
fill_names (Planning *planning)
{
  StewardPlan *plan = planning->plan;
  const StewardDeployment *deployment = planning->deployment;

  plan->project_name = g_strdup (deployment->project->name);
  plan->directory = g_strdup (deployment->project->directory);
  plan->compose_files = g_strdupv (deployment->project->files);
  plan->env_files = g_strdupv (deployment->project->env_files);
  plan->service = g_strdup (deployment->service);
  plan->services = g_strdupv (deployment->services);
  plan->from_tag = g_strdup (deployment->image->tag);
  plan->from_image = steward_image_reference_format (deployment->image);
  plan->live_name = g_strdup (deployment->database->database);
  plan->watch_s = planning->request->watch_s != 0 ? planning->request->watch_s : STEWARD_WATCH_S;
  plan->guard_s =
      planning->request->guard_s != 0 ? planning->request->guard_s : STEWARD_PLAN_GUARD_S;
  plan->leaves_out_rehearsal = planning->request->leaves_out_rehearsal;
  plan->accepted_loss = g_strdup (planning->request->accepted_loss);
  steward_plan_set_names (plan);
}

static gboolean
fill_server (Planning *planning, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (StewardContainer) container =
      steward_deployment_find_server (planning->deployment, planning->cancellable, &local_error);

  if (container != NULL)
    planning->plan->from_image_id = g_strdup (container->image_id);
  else if (!g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

static gboolean
fill_database (Planning *planning, GError **error)
{
  StewardPlan *plan = planning->plan;
  g_autoptr (StewardConnection) connection =
      steward_deployment_connect (planning->deployment, plan->live_name, NULL,
                                  planning->cancellable, error);
  if (connection == NULL)
    return FALSE;
  g_autoptr (StewardDatabase) live =
      steward_cluster_find_database (connection, plan->live_name, planning->cancellable, error);
  g_autoptr (StewardCluster) cluster =
      live != NULL ? steward_cluster_read (connection, planning->cancellable, error) : NULL;
  if (cluster == NULL)
    return FALSE;
  plan->live_oid = live->oid;
  plan->system_identifier =
      g_strdup (cluster->system_identifier != NULL ? cluster->system_identifier : "unknown");
  return TRUE;
}

/* The newest complete backup of another version than the one that runs; else the newest complete
 * one. */
static char *
dup_default_backup (Planning *planning, GError **error)
{
  g_autoptr (GPtrArray) backups =
      steward_backup_list (planning->store, planning->cancellable, error);
  const StewardBackup *newest = NULL;

  if (backups == NULL)
    return NULL;
  for (guint i = 0; i < backups->len; i++)
    {
      const StewardBackup *backup = backups->pdata[i];
      if (backup->state != STEWARD_BACKUP_COMPLETE)
        continue;
      if (!g_str_equal (backup->passport->server_tag, planning->plan->from_tag))
        return g_strdup (backup->id);
      newest = newest != NULL ? newest : backup;
    }
  if (newest != NULL)
    return g_strdup (newest->id);
  g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                       _ ("There is no complete backup to go back to. Nothing was touched."));
  return NULL;
}

/* The version of a set-aside database stands in the plan of the operation that set it aside: for
 * the original what that operation came from, for what a failed one left what it went to. */
static gboolean
fill_aside_source (Planning *planning, const char *name, GError **error)
{
  g_autofree char *id = steward_plan_dup_operation_of (name);
  g_autoptr (StewardJournal) journal =
      steward_journal_load (planning->store, id, planning->cancellable, error);
  g_autoptr (StewardPlan) past = journal != NULL && journal->plan != NULL
                                     ? steward_plan_from_json (journal->plan, error)
                                     : NULL;

  if (past == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                             _ ("The journal’s plan is damaged. Nothing was touched."));
      return FALSE;
    }
  planning->plan->source_database = g_strdup (name);
  planning->plan->to_tag =
      g_strdup (g_strcmp0 (past->aside_name, name) == 0 ? past->from_tag : past->to_tag);
  return TRUE;
}

static gboolean
fill_source (Planning *planning, GError **error)
{
  StewardPlan *plan = planning->plan;
  const char *source = planning->request->source;
  g_autofree char *of = source != NULL ? steward_plan_dup_operation_of (source) : NULL;

  if (of != NULL)
    return fill_aside_source (planning, source, error);
  plan->backup_id = source != NULL ? g_strdup (source) : dup_default_backup (planning, error);
  if (plan->backup_id == NULL)
    return FALSE;
  g_autoptr (StewardBackup) backup =
      steward_backup_find (planning->store, plan->backup_id, planning->cancellable, error);
  if (backup == NULL || !steward_backup_check_restorable (backup, error))
    return FALSE;
  plan->to_tag = g_strdup (backup->passport->server_tag);
  return TRUE;
}

static gboolean
fill_target (Planning *planning, GError **error)
{
  StewardPlan *plan = planning->plan;

  switch (plan->kind)
    {
    case STEWARD_OPERATION_UPGRADE:
      plan->to_tag = g_strdup (planning->request->tag);
      plan->backup_id = g_strdup (plan->id);
      break;
    case STEWARD_OPERATION_ROLLBACK:
      if (!fill_source (planning, error))
        return FALSE;
      break;
    case STEWARD_OPERATION_BACKUP:
      plan->backup_id = g_strdup (plan->id);
      plan->to_tag = g_strdup (plan->from_tag);
      break;
    case STEWARD_OPERATION_RESTART:
    default:
      plan->to_tag = g_strdup (plan->from_tag);
    }
  if (!steward_tag_is_valid (plan->to_tag))
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                   _ ("“%s” is no tag an image can have. Nothing was touched."), plan->to_tag);
      return FALSE;
    }
  g_autoptr (StewardImageReference) target =
      g_str_equal (plan->from_tag, plan->to_tag)
          ? steward_image_reference_copy (planning->deployment->image)
          : steward_image_reference_dup_with_tag (planning->deployment->image, plan->to_tag);
  plan->to_image = steward_image_reference_format (target);
  return TRUE;
}

static const StewardComposeEdit *
find_edit (const GPtrArray *edits, const char *path)
{
  for (guint i = 0; edits != NULL && i < edits->len; i++)
    {
      const StewardComposeEdit *edit = edits->pdata[i];
      if (g_str_equal (edit->path, path))
        return edit;
    }
  return NULL;
}

/* A file whose edit cannot be planned is left to the checks, which say why. */
static gboolean
fill_files (Planning *planning, GError **error)
{
  StewardPlan *plan = planning->plan;
  StewardHost *host = steward_deployment_get_host (planning->deployment);
  g_auto (GStrv) paths = steward_files_list (planning->deployment, planning->cancellable, error);
  g_autoptr (GPtrArray) edits = steward_files_plan_edit (planning->deployment, plan->from_tag,
                                                         plan->to_tag, planning->cancellable, NULL);

  for (gsize i = 0; paths != NULL && paths[i] != NULL; i++)
    {
      const StewardComposeEdit *edit = find_edit (edits, paths[i]);
      g_autoptr (GBytes) bytes =
          steward_host_read_file (host, paths[i], planning->cancellable, error);
      if (bytes == NULL)
        return FALSE;
      StewardPlannedFile *file = g_new0 (StewardPlannedFile, 1);
      file->path = g_strdup (paths[i]);
      file->before_sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
      if (edit != NULL)
        file->after_sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, edit->after);
      g_ptr_array_add (plan->files, file);
    }
  return paths != NULL;
}

StewardPlan *
steward_planning_make (StewardDeployment *deployment,
                       StewardStore *store,
                       const StewardRequest *request,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autofree char *id = steward_store_make_id (store, cancellable, error);
  if (id == NULL)
    return NULL;
  g_autoptr (StewardPlan) plan = steward_plan_new (request->kind, id);
  Planning planning = { deployment, store, request, plan, cancellable };

  fill_names (&planning);
  if (!fill_target (&planning, error) || !fill_server (&planning, error)
      || !fill_files (&planning, error)
      || (request->kind != STEWARD_OPERATION_RESTART && !fill_database (&planning, error)))
    return NULL;
  return g_steal_pointer (&plan);
}
