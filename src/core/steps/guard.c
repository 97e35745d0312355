/* Posts the guard: from before the stop until the publish something on the host itself watches
 * whether this Steward is still there, and brings the old server back where it is not. */
#include <glib/gi18n-lib.h>

#include "core/steps/databases.h"
#include "core/steps/guard-script.h"
#include "core/steps/servers.h"
#include "core/steps/tool-scripts.h"
#include "core/steps/tools.h"
#include "core/store/guard.h"

#define ROLE "guard"

/* Whoever acts has lost the lock to us by now, and was none that stands. */
static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  StewardStepState job = STEWARD_STEP_TODO;
  gboolean stands = FALSE;

  if (!steward_guard_stands (context->store, context->plan->id, &stands, context->cancellable,
                             error)
      || !steward_tool_inspect (context, ROLE, &job, error))
    return FALSE;
  *state = stands && job != STEWARD_STEP_TODO ? STEWARD_STEP_DONE : STEWARD_STEP_TODO;
  return TRUE;
}

/* What the way back needs to know is noted by those whose way it is. */
static gboolean
note_what_is (StewardStepContext *context, GError **error)
{
  g_autoptr (StewardDatabase) original = NULL;
  g_autoptr (StewardConnection) connection = steward_step_look (context, error);

  return connection != NULL
         && steward_databases_find_original (context, connection, &original, error)
         && steward_databases_note_original (context, original, error)
         && steward_servers_note (context, error);
}

/* The container that knows the way into the database, tried once and then left for the guard. */
static gboolean
make_container (StewardStepContext *context, GError **error)
{
  const StewardPlan *plan = context->plan;
  JsonObject *facts = steward_step_get_facts (context, &steward_step_set_aside);
  const char *comment = json_object_get_string_member_with_default (facts, "comment", NULL);
  gboolean is_open =
      json_object_get_boolean_member_with_default (facts, "allows_connections", TRUE);
  g_autofree char *oid = g_strdup_printf ("%u", plan->live_oid);
  const char *arguments[] = {
    plan->id,
    oid,
    plan->live_name,
    plan->aside_name,
    plan->copy_name,
    is_open ? "true" : "false",
    comment != NULL ? "true" : "false",
    comment != NULL ? comment : "",
    NULL,
  };
  StewardToolRun tool_run = {
    .role = ROLE,
    .script = steward_tool_script_guard,
    .arguments = arguments,
    .database = "postgres",
    .folder = steward_store_get_folder (context->store),
  };
  g_auto (StewardToolReport) report = { 0 };

  return steward_tool_start (context, &tool_run, error)
         && steward_tool_finish (context, &tool_run, &report, error);
}

static void
add_files (StewardStepContext *context, GStrvBuilder *arguments)
{
  for (guint i = 0; i < context->plan->files->len; i++)
    {
      const StewardPlannedFile *file = context->plan->files->pdata[i];
      if (file->after_sha256 == NULL)
        continue;
      g_autofree char *original =
          steward_store_dup_original_path (context->store, context->plan->id, file->path);
      g_autofree char *sentence = g_strdup_printf (
          _ ("The Steward that did this had been silent for too long. The guard on the host "
             "stopped: “%s” was edited by somebody else, or its saved original is damaged. The "
             "server is stopped. Put the tag %s into the file, then walk this operation back."),
          file->path, context->plan->from_tag);
      g_autofree char *text = steward_guard_dup_text (sentence);
      g_strv_builder_add_many (arguments, "file", file->path, original, file->before_sha256,
                               file->after_sha256, text, NULL);
    }
}

static void
add_containers (StewardStepContext *context, GStrvBuilder *arguments)
{
  JsonObject *facts = steward_step_get_facts (context, &steward_step_stop_server);
  JsonArray *containers = json_object_get_array_member (facts, "containers");

  for (gsize i = 0; context->plan->services[i] != NULL; i++)
    g_strv_builder_add_many (arguments, "service", context->plan->services[i], NULL);
  for (guint i = 0; i < json_array_get_length (containers); i++)
    {
      JsonObject *noted = json_array_get_object_element (containers, i);
      gboolean ran = json_object_get_boolean_member_with_default (noted, "running", FALSE);
      g_strv_builder_add_many (arguments, "container",
                               json_object_get_string_member_with_default (noted, "id", ""),
                               json_object_get_string_member_with_default (noted, "restart_policy",
                                                                           "no"),
                               ran ? "ran" : "stood", NULL);
    }
}

static void
add_up (StewardStepContext *context, GStrvBuilder *arguments)
{
  const char *up[] = { "up",     "-d",    "--no-deps", "--no-build",
                       "--pull", "never", "--",        context->deployment->service,
                       NULL };
  g_auto (GStrv) argv = steward_compose_project_dup_argv (context->deployment->project,
                                                          context->deployment->engine, up);

  g_strv_builder_add (arguments, "up");
  g_strv_builder_addv (arguments, (const char **)argv);
}

static void
add_sentences (StewardStepContext *context, GStrvBuilder *arguments)
{
  const StewardPlan *plan = context->plan;
  g_autofree char *done = g_strdup_printf (
      _ ("The Steward that did this had been silent for too long, so the guard on the host walked "
         "it back: the server runs as %s again, and nothing was lost."),
      plan->from_tag);
  g_autofree char *gone = g_strdup_printf (
      _ ("The Steward that did this had been silent for too long. The guard on the host stopped: "
         "the database “%s” is not as this operation left it. Find out who changed it."),
      plan->live_name);
  g_autofree char *done_text = steward_guard_dup_text (done);
  g_autofree char *gone_text = steward_guard_dup_text (gone);

  g_strv_builder_add_many (arguments, done_text, gone_text, NULL);
}

static char **
dup_arguments (StewardStepContext *context)
{
  static const char *const nothing[] = { NULL };
  const StewardPlan *plan = context->plan;
  g_autoptr (GStrvBuilder) arguments = g_strv_builder_new ();
  g_auto (GStrv) docker = steward_engine_dup_argv (context->deployment->engine, nothing);
  g_autofree char *command = g_strjoinv (" ", docker);
  g_autofree char *container = steward_step_dup_job_name (context, ROLE);
  const StewardStep *maker =
      plan->kind == STEWARD_OPERATION_ROLLBACK ? &steward_step_restore_beside : &steward_step_copy;

  g_strv_builder_add_many (arguments, command, container, plan->project_name,
                           plan->from_image_id != NULL ? plan->from_image_id : "", maker->id, NULL);
  add_sentences (context, arguments);
  add_files (context, arguments);
  add_containers (context, arguments);
  add_up (context, arguments);
  return g_strv_builder_end (arguments);
}

static gboolean
dismiss (StewardStepContext *context, GError **error)
{
  return steward_guard_dismiss (context->store, context->plan->id, steward_step_get_fence (context),
                                context->cancellable, error);
}

static gboolean
remove_all (StewardStepContext *context, GError **error)
{
  return dismiss (context, error) && steward_tool_remove (context, ROLE, error);
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  if (!remove_all (context, error) || !note_what_is (context, error)
      || !make_container (context, error))
    return FALSE;
  g_auto (GStrv) arguments = dup_arguments (context);
  StewardGuard guard = {
    .id = context->plan->id,
    .operation = steward_operation_kind_get_name (context->plan->kind),
    .user = _ ("The guard on the host"),
    .silence_s = context->plan->guard_s,
    .script = steward_guard_script,
    .arguments = (const char *const *)arguments,
  };
  return steward_guard_start (context->store, &guard, steward_step_get_fence (context),
                              context->cancellable, error);
}

const StewardStep steward_step_guard = {
  .id = "guard",
  .title = N_ ("Post a guard on the host"),
  .weight = 1,
  .inspect = inspect,
  .run = run,
  .undo = remove_all,
  .tidy = dismiss,
};
