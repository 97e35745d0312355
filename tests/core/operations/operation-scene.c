/* Runs operations and plays acts. See the header. */
#include "operation-scene.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

static const char *const kind_names[] = {
  "started", "skipped", "done", "failed", "undo", "undone"
};

static void
tell (const StewardEvent *event)
{
  if (event->kind <= STEWARD_EVENT_UNDO_DONE)
    g_test_message ("%s %s %s", kind_names[event->kind], event->step,
                    event->kind == STEWARD_EVENT_STEP_FAILED ? event->text : "");
  else if (event->kind == STEWARD_EVENT_NOTE)
    g_test_message ("note: %s", event->text);
}

static void
event_cb (const StewardEvent *event, gpointer data)
{
  OperationScene *scene = data;

  tell (event);
  scene->n_skipped += event->kind == STEWARD_EVENT_STEP_SKIPPED;
  if (event->kind == STEWARD_EVENT_STEP_FAILED)
    deployment_fixture_set_engine_back (scene->fixture);
  if (scene->cancels_when_away && scene->has_acted && event->kind == STEWARD_EVENT_NOTE)
    g_cancellable_cancel (scene->cancellable);
  if (scene->act == NULL || scene->has_acted || event->kind != scene->kind
      || g_strcmp0 (event->step, scene->step) != 0)
    return;
  scene->has_acted = TRUE;
  scene->act (scene);
}

static gboolean
ask_cb (const StewardQuestion *question, GCancellable *cancellable, gpointer data)
{
  OperationScene *scene = data;

  scene->n_questions++;
  g_free (scene->last_question);
  scene->last_question = g_strdup (question->text);
  g_test_message ("question: %s", question->text);
  return scene->agrees;
}

static void
begin (OperationScene *scene)
{
  g_clear_error (&scene->error);
  steward_report_clear (&scene->report);
  if (scene->cancellable == NULL)
    scene->cancellable = g_cancellable_new ();
  scene->fixture->is_dirty = TRUE;
}

void
operation_scene_run (OperationScene *scene, const StewardRequest *request)
{
  StewardClient client = { "tests", event_cb, ask_cb, scene };

  begin (scene);
  scene->result =
      steward_operation_run (scene->fixture->deployment, scene->fixture->store, request, &client,
                             &scene->report, scene->cancellable, &scene->error);
  g_test_message ("result %d: %s", scene->result, scene->error ? scene->error->message : "done");
}

void
operation_scene_upgrade (OperationScene *scene, const char *tag)
{
  StewardRequest request = { .kind = STEWARD_OPERATION_UPGRADE,
                             .tag = tag,
                             .leaves_out_rehearsal = !scene->rehearses,
                             .watch_s = 1 };

  operation_scene_run (scene, &request);
}

void
operation_scene_let_lock_lapse (OperationScene *scene)
{
  g_autofree char *path = g_build_filename (scene->fixture->folder, "steward", "lock", NULL);
  GStatBuf status;

  if (g_stat (path, &status) != 0)
    return;
  struct utimbuf times = { status.st_atime, status.st_mtime - 2 * STEWARD_LOCK_SILENCE_S };
  g_assert_cmpint (g_utime (path, &times), ==, 0);
}

void
operation_scene_continue (OperationScene *scene,
                          StewardContinuation continuation,
                          const char *accepted_loss)
{
  StewardClient client = { "tests", event_cb, ask_cb, scene };

  begin (scene);
  operation_scene_let_lock_lapse (scene);
  scene->result = steward_operation_continue (scene->fixture->deployment, scene->fixture->store,
                                              continuation, accepted_loss, &client, &scene->report,
                                              scene->cancellable, &scene->error);
  g_test_message ("result %d: %s", scene->result, scene->error ? scene->error->message : "done");
}

/* The arguments of the process: what to do, and at which event to end. */
enum
{
  KILLED_MARK = 1,
  KILLED_OPERATION,
  KILLED_TAG,
  KILLED_LOSS,
  KILLED_UNREHEARSED,
  KILLED_GUARD,
  KILLED_SIGNAL,
  KILLED_STEP,
  KILLED_KIND,
  N_KILLED,
};

static void
kill_cb (OperationScene *scene)
{
  kill (getpid (), scene->signal);
}

void
operation_scene_be_killed (int argc, char **argv)
{
  DeploymentFixture fixture = { 0 };
  OperationScene scene = { .fixture = &fixture, .act = kill_cb };
  StewardRequest request = { .watch_s = 1 };

  if (argc != N_KILLED || !g_str_equal (argv[KILLED_MARK], "--killed"))
    return;
  request.kind = atoi (argv[KILLED_OPERATION]);
  request.tag = argv[KILLED_TAG];
  request.accepted_loss = argv[KILLED_LOSS];
  request.leaves_out_rehearsal = atoi (argv[KILLED_UNREHEARSED]);
  request.guard_s = atoi (argv[KILLED_GUARD]);
  scene.signal = atoi (argv[KILLED_SIGNAL]);
  scene.step = argv[KILLED_STEP];
  scene.kind = atoi (argv[KILLED_KIND]);
  deployment_fixture_attach (&fixture);
  operation_scene_run (&scene, &request);
  exit (scene.result
        | (g_error_matches (scene.error, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK)
               ? OPERATION_SCENE_LOST_LOCK
               : 0));
}

/* This program once more, to be sent @signal at the scene's event. */
static GPid
start_other (OperationScene *scene, const StewardRequest *request, int signal)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *operation = g_strdup_printf ("%d", request->kind);
  g_autofree char *kind = g_strdup_printf ("%d", scene->kind);
  g_autofree char *guard = g_strdup_printf ("%u", request->guard_s);
  g_autofree char *number = g_strdup_printf ("%d", signal);
  const char *tag = request->tag != NULL ? request->tag : "";
  const char *loss = request->accepted_loss != NULL ? request->accepted_loss : "";
  const char *unrehearsed = request->leaves_out_rehearsal ? "1" : "0";
  const char *argv[] = { self,  "--killed", operation,   tag,  loss, unrehearsed,
                         guard, number,     scene->step, kind, NULL };
  g_autoptr (GError) error = NULL;
  GPid pid = 0;

  begin (scene);
  g_spawn_async (NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error);
  g_assert_no_error (error);
  return pid;
}

void
operation_scene_run_killed (OperationScene *scene, const StewardRequest *request)
{
  GPid pid = start_other (scene, request, SIGKILL);
  int status = 0;

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
}

GPid
operation_scene_run_frozen (OperationScene *scene, const StewardRequest *request)
{
  GPid pid = start_other (scene, request, SIGSTOP);
  int status = 0;

  g_assert_cmpint (waitpid (pid, &status, WUNTRACED), ==, pid);
  g_assert_true (WIFSTOPPED (status));
  return pid;
}

/* The process, by what only its command line holds: its name, then the store's folder. */
static const char wait_gone_script[] =
    "end=$(($(date +%s) + 90))\n"
    "while pgrep -f -- \"steward-guard $1/steward\" >/dev/null; do\n"
    "  [ $(date +%s) -lt $end ] || { echo stands; exit 0; }\n"
    "  sleep 0.5\n"
    "done\n"
    "echo gone\n";

void
operation_scene_wait_for_guard (OperationScene *scene)
{
  g_autofree char *word = deployment_fixture_call (wait_gone_script, scene->fixture->folder, NULL);

  g_assert_cmpstr (word, ==, "gone");
}

int
operation_scene_thaw (GPid pid)
{
  int status = 0;

  g_assert_cmpint (kill (pid, SIGCONT), ==, 0);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

void
operation_scene_assert_result (OperationScene *scene, StewardResult result)
{
  g_assert_cmpint (scene->result, ==, result);
  g_assert_true (scene->act == NULL || scene->has_acted);
  if (result == STEWARD_RESULT_DONE)
    g_assert_no_error (scene->error);
}

void
operation_scene_clear (OperationScene *scene)
{
  g_clear_error (&scene->error);
  g_clear_object (&scene->cancellable);
  g_clear_pointer (&scene->last_question, g_free);
  steward_report_clear (&scene->report);
}

void
operation_act_cancel (OperationScene *scene)
{
  g_cancellable_cancel (scene->cancellable);
}

void
operation_act_take_engine_away (OperationScene *scene)
{
  deployment_fixture_set_engine_away (scene->fixture);
}

/* May fail, and may wait in vain: what counts is what it leaves behind. */
void
operation_act_compose_up (OperationScene *scene)
{
  g_free (deployment_fixture_call (
      "timeout 20 docker compose -f \"$1\" --progress quiet up -d >/dev/null 2>&1 || :",
      scene->fixture->compose_file, NULL));
}
