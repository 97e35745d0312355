/* Proves a backup at any time, outside an operation and under the lock all the same. What is read
 * and compared is the steps'. */
#include <glib/gi18n-lib.h>

#include "core/operations/catalog.h"
#include "core/steps/space.h"
#include "core/steps/throwaway.h"
#include "core/steps/verify.h"

typedef gboolean (*ProveFunc) (StewardStepContext *context, StewardBackup *backup, GError **error);

/* Where the throw-away database will lie. How much room there is may not be known: then PostgreSQL
 * says so when there is none. */
static gboolean
check_room (StewardStepContext *context, const StewardBackup *backup, GError **error)
{
  double needed_bytes = STEWARD_SPACE_COPY_FACTOR * (double)backup->passport->database_bytes;
  g_auto (StewardSpace) space = { 0 };

  if (!steward_space_measure (context->deployment, context->store, STEWARD_PLACE_ENGINE, &space,
                              context->cancellable, NULL)
      || (double)space.disk.free_bytes >= needed_bytes)
    return TRUE;
  g_autofree char *free_text = g_format_size (space.disk.free_bytes);
  g_autofree char *needed_text = g_format_size ((guint64)needed_bytes);
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NO_SPACE,
               _ ("“%s” has %s free, and about %s will be needed. Nothing was touched."),
               space.path, free_text, needed_text);
  return FALSE;
}

/* What is left of one that was killed is removed first, as it has this one's names. */
static gboolean
restore (StewardStepContext *context, StewardBackup *backup, GError **error)
{
  g_auto (StewardThrowaway) throwaway = { 0 };
  g_autoptr (GError) local_error = NULL;

  if (!steward_throwaway_remove (context, error) || !check_room (context, backup, error))
    return FALSE;
  steward_throwaway_init (&throwaway, context);
  gboolean is_good = steward_throwaway_start (context, &throwaway, &local_error)
                     && steward_throwaway_restore (context, &throwaway, backup, &local_error);
  gboolean is_removed = steward_throwaway_remove (context, is_good ? error : NULL);
  if (!is_good)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return is_good && is_removed;
}

/* As a step is told of. */
typedef struct
{
  const char *id;
  const char *title;
  guint weight;
  ProveFunc prove;
} Proving;

static const Proving reading = { "verify", N_ ("Read the backup back"), 10, steward_verify_backup };
static const Proving restoring = { "restore", N_ ("Restore the backup for a trial"), 20, restore };

static gboolean
prove (StewardStepContext *context, StewardBackup *backup, const Proving *proving, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  steward_progress_set_total (context->progress, proving->weight);
  steward_progress_begin (context->progress, proving->id, _ (proving->title), proving->weight);
  gboolean is_good = proving->prove (context, backup, &local_error);
  steward_progress_end (context->progress, is_good ? NULL : local_error->message);
  if (!is_good)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return is_good;
}

static gboolean
check_examinable (const StewardBackup *backup, GError **error)
{
  if (steward_backup_is_examinable (backup))
    return TRUE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID, _ ("The backup %s is not complete: %s"),
               backup->id, backup->problem != NULL ? backup->problem : "");
  return FALSE;
}

/* Only a restore takes back what a restore found. */
static gboolean
check_unmarked (const StewardBackup *backup, GError **error)
{
  if (backup->passport->damaged_s == 0)
    return TRUE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
               _ ("The backup %s was read back whole, but it stays marked as damaged: restored for "
                  "a trial, it had other rows than its passport says. Verify it by restoring it."),
               backup->id);
  return FALSE;
}

/* The jobs are named after the backup, so that whoever verifies it next finds what was left
 * behind. */
gboolean
steward_catalog_verify (StewardDeployment *deployment,
                        StewardStore *store,
                        const char *id,
                        StewardVerifyFlags flags,
                        const StewardClient *client,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (StewardBackup) known = steward_backup_find (store, id, cancellable, error);
  g_autoptr (StewardLock) lock =
      known != NULL
          ? steward_operation_take_lock_between (store, client, "verify", cancellable, error)
          : NULL;
  if (lock == NULL)
    return FALSE;
  g_autoptr (StewardBackup) backup = steward_backup_find (store, id, cancellable, error);
  if (backup == NULL || !check_examinable (backup, error))
    return FALSE;
  g_autoptr (StewardProgress) progress = steward_progress_new (client->event, client->data);
  g_autoptr (StewardPlan) plan = steward_plan_new (STEWARD_OPERATION_BACKUP, backup->id);
  StewardStepContext context = {
    .deployment = deployment,
    .store = store,
    .lock = lock,
    .plan = plan,
    .progress = progress,
    .cancellable = cancellable,
  };

  plan->backup_id = g_strdup (backup->id);
  plan->live_name = g_strdup (deployment->database->database);
  return prove (&context, backup, flags & STEWARD_VERIFY_RESTORE ? &restoring : &reading, error)
         && check_unmarked (backup, error);
}
