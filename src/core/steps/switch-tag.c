/* Writes the target's tag into the compose and env files: only the tag's bytes, each file replaced
 * whole, and only if it still is what the plan saw. */
#include "core/steps/files.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/steps/step.h"

static StewardHost *
get_host (StewardStepContext *context)
{
  return steward_deployment_get_host (context->deployment);
}

static char *
hash (GBytes *bytes)
{
  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
}

static GBytes *
read_planned (StewardStepContext *context, const StewardPlannedFile *file, GError **error)
{
  return steward_host_read_file (get_host (context), file->path, context->cancellable, error);
}

static gboolean
refuse_foreign (const StewardPlannedFile *file, StewardError code, GError **error)
{
  g_set_error (error, STEWARD_ERROR, code,
               _ ("“%s” was edited by somebody else while this operation ran. Steward does not "
                  "overwrite that: look at the file, put the wanted tag in, then go on."),
               file->path);
  return FALSE;
}

static char *
describe (const StewardStepContext *context)
{
  g_autofree char *edit =
      g_strdup_printf ("s/:%s\\b/:%s/", context->plan->from_tag, context->plan->to_tag);
  const char *argv[] = { "sed", "-i", edit, context->plan->compose_files[0], NULL };

  return steward_format_command (argv);
}

/* Done when all edited files are as planned, to do when none is; in between a crash left it. */
static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  guint n_before = 0, n_after = 0;

  for (guint i = 0; i < context->plan->files->len; i++)
    {
      const StewardPlannedFile *file = context->plan->files->pdata[i];
      if (file->after_sha256 == NULL)
        continue;
      g_autoptr (GBytes) bytes = read_planned (context, file, error);
      if (bytes == NULL)
        return FALSE;
      g_autofree char *now = hash (bytes);
      n_before += g_str_equal (now, file->before_sha256);
      n_after += g_str_equal (now, file->after_sha256);
      if (!g_str_equal (now, file->before_sha256) && !g_str_equal (now, file->after_sha256))
        return refuse_foreign (file, STEWARD_ERROR_CHANGED, error);
    }
  *state = n_before == 0  ? STEWARD_STEP_DONE
           : n_after == 0 ? STEWARD_STEP_TODO
                          : STEWARD_STEP_STALE;
  return TRUE;
}

static const StewardPlannedFile *
find_planned (const StewardPlan *plan, const char *path)
{
  for (guint i = 0; i < plan->files->len; i++)
    {
      const StewardPlannedFile *file = plan->files->pdata[i];
      if (g_str_equal (file->path, path))
        return file;
    }
  return NULL;
}

/* The edit made anew from the files as they are must be the one that was planned and shown. */
static gboolean
write_edit (StewardStepContext *context, const StewardComposeEdit *edit, GError **error)
{
  const StewardPlannedFile *file = find_planned (context->plan, edit->path);
  const StewardFence *fence = steward_step_get_fence (context);
  g_autofree char *after = hash (edit->after);

  if (file == NULL || g_strcmp0 (file->after_sha256, after) != 0)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_CHANGED,
                   _ ("“%s” would not become what was shown before. It was left as it is."),
                   edit->path);
      return FALSE;
    }
  return steward_store_save_original (context->store, context->plan->id, edit->path, fence,
                                      context->cancellable, error)
         && steward_host_replace_file (get_host (context), edit->path, edit->after, edit->before,
                                       0600, fence, context->cancellable, error);
}

/* What the bytes mean is compose's to say: files that include or extend others are only seen
 * by it. */
static gboolean
check_result (StewardStepContext *context, GError **error)
{
  StewardDeployment *deployment = context->deployment;
  g_autofree char *json = steward_compose_project_resolve (deployment->project, deployment->engine,
                                                           context->cancellable, error);
  g_autoptr (StewardComposeModel) model =
      json != NULL ? steward_compose_model_new_from_json (json, strlen (json), error) : NULL;

  for (gsize i = 0; model != NULL && context->plan->services[i] != NULL; i++)
    {
      const StewardComposeService *service =
          steward_compose_model_get_service (model, context->plan->services[i]);
      if (service != NULL && g_strcmp0 (service->image, context->plan->to_image) == 0)
        continue;
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
                   _ ("With the new tag the service “%s” would run %s, not %s."),
                   context->plan->services[i],
                   service != NULL && service->image != NULL ? service->image : "–",
                   context->plan->to_image);
      return FALSE;
    }
  return model != NULL;
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  g_autoptr (GPtrArray) edits =
      steward_files_plan_edit (context->deployment, context->plan->from_tag, context->plan->to_tag,
                               context->cancellable, error);

  for (guint i = 0; edits != NULL && i < edits->len; i++)
    if (!write_edit (context, edits->pdata[i], error))
      return FALSE;
  return edits != NULL && check_result (context, error);
}

static gboolean
restore (StewardStepContext *context, const StewardPlannedFile *file, GError **error)
{
  g_autoptr (GBytes) now = read_planned (context, file, error);
  if (now == NULL)
    return FALSE;
  g_autofree char *now_hash = hash (now);
  if (g_str_equal (now_hash, file->before_sha256))
    return TRUE;

  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) original =
      steward_store_read_original (context->store, context->plan->id, file->path,
                                   context->cancellable, &local_error);
  gboolean is_ours = g_str_equal (now_hash, file->after_sha256);
  /* Saved before the first write: without it nothing in the file is ours. */
  if (!is_ours && g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
    return TRUE;
  if (!is_ours)
    return refuse_foreign (file, STEWARD_ERROR_HANDS, error);
  if (original == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  g_autofree char *original_hash = hash (original);
  if (!g_str_equal (original_hash, file->before_sha256))
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_HANDS,
                   _ ("The saved original of “%s” is damaged. Put the tag %s back by hand."),
                   file->path, context->plan->from_tag);
      return FALSE;
    }
  return steward_host_replace_file (get_host (context), file->path, original, now, 0600,
                                    steward_step_get_fence (context), context->cancellable, error);
}

static gboolean
undo (StewardStepContext *context, GError **error)
{
  for (guint i = 0; i < context->plan->files->len; i++)
    {
      const StewardPlannedFile *file = context->plan->files->pdata[i];
      if (file->after_sha256 != NULL && !restore (context, file, error))
        return FALSE;
    }
  return TRUE;
}

/* Of files as they were before, or as Steward wrote them: an edit of somebody else's is left alone,
 * and so is a file whose saved original is damaged. */
static char *
describe_restore (const StewardStepContext *context, const StewardPlannedFile *file)
{
  g_autofree char *original =
      steward_store_dup_original_path (context->store, context->plan->id, file->path);
  const char *before[] = { "printf", "%s  %s\\n", file->before_sha256, file->path, NULL };
  const char *after[] = { "printf",   "%s  %s\\n",         file->after_sha256,
                          file->path, file->before_sha256, original,
                          NULL };
  const char *copy[] = { "cp", original, file->path, NULL };
  g_autofree char *print_before = steward_format_command (before);
  g_autofree char *print_after = steward_format_command (after);
  g_autofree char *put_back = steward_format_command (copy);

  return g_strdup_printf ("{ %s | sha256sum -c >/dev/null 2>&1 || { %s | sha256sum -c && %s; }; }",
                          print_before, print_after, put_back);
}

static char *
describe_undo (const StewardStepContext *context)
{
  g_autoptr (GStrvBuilder) commands = g_strv_builder_new ();

  for (guint i = 0; i < context->plan->files->len; i++)
    {
      const StewardPlannedFile *file = context->plan->files->pdata[i];
      g_autofree char *command =
          file->after_sha256 != NULL ? describe_restore (context, file) : NULL;
      if (command != NULL)
        g_strv_builder_add (commands, command);
    }
  g_auto (GStrv) lines = g_strv_builder_end (commands);
  return g_strjoinv (" && ", lines);
}

const StewardStep steward_step_switch_tag = {
  .id = "switch-tag",
  .title = N_ ("Switch the tag"),
  .weight = 1,
  .describe = describe,
  .inspect = inspect,
  .run = run,
  .undo = undo,
  .describe_undo = describe_undo,
};
