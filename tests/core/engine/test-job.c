/* Jobs on the real engine, with both versions of compose. */
#include "core/engine/job.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/engine/container.h"
#include "engine-suite.h"

#define FOREVER "echo ready; trap 'exit 9' TERM; while :; do sleep 0.1; done"

/* What a test needs to start a job. */
typedef struct
{
  char *name;
  GBytes *document;
  StewardJobSpec spec;
} Job;

static void
job_clear (Job *job)
{
  g_free (job->name);
  g_bytes_unref (job->document);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

/* @script: without quotation marks but single ones; @image: (nullable) */
static void
job_init (Job *job, Suite *suite, const char *script, const char *image)
{
  char *document =
      g_strdup_printf ("{\"services\": {\"task\": {\"image\": \"%s\", \"pull_policy\": \"never\", "
                       "\"network_mode\": \"none\", \"environment\": {\"PASSWORD\": \"hunter2\"}, "
                       "\"command\": [\"sh\", \"-c\", \"%s\"]}}}",
                       image != NULL ? image : engine_suite_get_image (), script);

  job->name = engine_suite_dup_name ();
  job->document = g_bytes_new_take (document, strlen (document));
  job->spec = (StewardJobSpec){ .name = job->name,
                                .project_name = job->name,
                                .directory = suite->folder,
                                .document = job->document,
                                .service = "task" };
}

static void
start (Job *job, Suite *suite, const char *script)
{
  g_autoptr (GError) error = NULL;

  job_init (job, suite, script, NULL);
  steward_job_start (suite->engine, &job->spec, NULL, &error);
  g_assert_no_error (error);
}

static StewardJobStatus
inspect (Suite *suite, const char *name)
{
  StewardJobStatus status;
  g_autoptr (GError) error = NULL;

  steward_job_inspect (suite->engine, name, &status, NULL, &error);
  g_assert_no_error (error);
  return status;
}

static void
note_line_cb (const char *line, gpointer data)
{
  g_ptr_array_add (data, g_strdup (line));
}

static void
test_result (Suite *suite, gconstpointer compose)
{
  g_auto (Job) job = { 0 };
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  StewardJobWatch watch = { note_line_cb, lines, 0 };
  StewardJobStatus status;

  start (&job, suite, "for i in 1 2 3; do echo $$i; sleep 0.2; done; echo $$PASSWORD >&2; exit 7");
  g_assert_true (steward_job_wait (suite->engine, job.name, &watch, &status, NULL, NULL));
  g_assert_cmpint (status.state, ==, STEWARD_JOB_ENDED);
  g_assert_cmpint (status.exit_code, ==, 7);
  g_assert_false (status.oom_killed);
  g_assert_cmpint (status.finished_us - status.started_us, >=, 600000);
  g_assert_cmpuint (lines->len, ==, 4);
  g_assert_cmpstr (lines->pdata[0], ==, "1");
  g_assert_cmpstr (lines->pdata[3], ==, "hunter2");
}

/* Who comes later finds the same: all lines from the first, and the true result. */
static void
test_attach_to_ended (Suite *suite, gconstpointer compose)
{
  g_auto (Job) job = { 0 };
  StewardJobStatus status;

  start (&job, suite, "echo one; printf two; exit 4");
  g_assert_true (steward_job_wait (suite->engine, job.name, NULL, &status, NULL, NULL));
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
      StewardJobWatch watch = { note_line_cb, lines, 0 };

      g_assert_true (steward_job_wait (suite->engine, job.name, &watch, &status, NULL, NULL));
      g_assert_cmpint (status.exit_code, ==, 4);
      g_assert_cmpuint (lines->len, ==, 2);
      g_assert_cmpstr (lines->pdata[1], ==, "two");
    }
}

/* A client killed in the middle of waiting leaves the job to the next one. */
static void
test_survives_its_client (Suite *suite, gconstpointer compose)
{
  g_auto (Job) job = { 0 };
  StewardJobStatus status;
  int pipes[2];
  char byte;

  start (&job, suite, FOREVER);
  g_assert_cmpint (pipe (pipes), ==, 0);
  pid_t client = fork ();
  if (client == 0)
    {
      g_autofree char *following =
          g_strdup_printf ("exec docker logs -f %s >&%d", job.name, pipes[1]);
      execlp ("sh", "sh", "-c", following, NULL);
      _exit (127);
    }
  g_assert_cmpint (read (pipes[0], &byte, 1), ==, 1);
  kill (client, SIGKILL);
  waitpid (client, NULL, 0);
  close (pipes[0]);
  close (pipes[1]);

  g_assert_cmpint (inspect (suite, job.name).state, ==, STEWARD_JOB_RUNNING);
  g_assert_true (steward_job_stop (suite->engine, job.name, 10, NULL, NULL, NULL));
  g_assert_true (steward_job_wait (suite->engine, job.name, NULL, &status, NULL, NULL));
  g_assert_cmpint (status.exit_code, ==, 9);
}

static void
test_name_is_taken (Suite *suite, gconstpointer compose)
{
  g_auto (Job) job = { 0 };
  g_autoptr (GError) error = NULL;

  start (&job, suite, FOREVER);
  g_autofree char *id = engine_suite_docker (suite, "inspect", "-f", "{{.Id}}", job.name, NULL);
  g_assert_false (steward_job_start (suite->engine, &job.spec, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED);
  g_autofree char *same = engine_suite_docker (suite, "inspect", "-f", "{{.Id}}", job.name, NULL);
  g_assert_cmpstr (same, ==, id);
  g_assert_cmpint (inspect (suite, job.name).state, ==, STEWARD_JOB_RUNNING);
}

static void
test_leaves_nothing (Suite *suite, gconstpointer compose)
{
  g_auto (Job) job = { 0 };
  StewardJobStatus status;

  start (&job, suite, "true");
  g_assert_true (steward_job_wait (suite->engine, job.name, NULL, &status, NULL, NULL));
  g_assert_cmpuint (engine_suite_count (suite, "container", job.name), ==, 1);
  g_assert_cmpuint (engine_suite_count (suite, "network", job.name), ==, 0);
  for (int i = 0; i < 2; i++)
    {
      g_assert_true (steward_job_remove (suite->engine, job.name, NULL, NULL, NULL));
      g_assert_cmpint (inspect (suite, job.name).state, ==, STEWARD_JOB_ABSENT);
    }
  g_assert_cmpuint (engine_suite_count (suite, "container", job.name), ==, 0);
  g_assert_cmpuint (engine_suite_count (suite, "volume", job.name), ==, 0);
}

/* Networks that all are external: joined, and none is made. */
static void
test_external_network (Suite *suite, gconstpointer compose)
{
  g_autofree char *network = engine_suite_dup_name ();
  g_autofree char *id = engine_suite_docker (suite, "network", "create", network, NULL);
  char *document = g_strdup_printf (
      "{\"services\": {\"task\": {\"image\": \"%s\", \"pull_policy\": \"never\", \"networks\": "
      "[\"there\"], \"command\": [\"true\"]}}, \"networks\": {\"there\": {\"external\": true, "
      "\"name\": \"%s\"}}}",
      engine_suite_get_image (), network);
  g_auto (Job)
      job = { engine_suite_dup_name (), g_bytes_new_take (document, strlen (document)), { 0 } };
  g_autoptr (GError) error = NULL;

  job.spec = (StewardJobSpec){ job.name, job.name, suite->folder, job.document, "task", NULL };
  steward_job_start (suite->engine, &job.spec, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (StewardContainer) container =
      steward_engine_inspect_container (suite->engine, job.name, NULL, NULL);
  g_assert_cmpuint (container->networks->len, ==, 1);
  g_assert_cmpstr (((StewardContainerNetwork *)container->networks->pdata[0])->name, ==, network);
  g_assert_cmpuint (engine_suite_count (suite, "network", job.name), ==, 0);
  g_assert_true (steward_job_remove (suite->engine, job.name, NULL, NULL, NULL));
  g_free (engine_suite_docker (suite, "network", "rm", network, NULL));
}

static void
test_output (Suite *suite, gconstpointer compose)
{
  g_auto (Job) job = { 0 };
  g_auto (StewardOutcome) outcome = { 0 };
  StewardJobStatus status;

  start (&job, suite, "echo out; echo err >&2; printf 'a\\\\rb'; exit 1");
  g_assert_true (steward_job_wait (suite->engine, job.name, NULL, &status, NULL, NULL));
  g_assert_true (steward_job_get_output (suite->engine, job.name, &outcome, NULL, NULL));
  g_assert_cmpstr (outcome.output->str, ==, "out\na\rb");
  g_assert_cmpstr (outcome.errors->str, ==, "err\n");
}

static void
test_killed (Suite *suite, gconstpointer compose)
{
  g_auto (Job) job = { 0 };
  StewardJobStatus status;

  start (&job, suite, "trap '' TERM; while :; do sleep 1; done");
  g_assert_true (steward_job_stop (suite->engine, job.name, 0, NULL, NULL, NULL));
  g_assert_true (steward_job_wait (suite->engine, job.name, NULL, &status, NULL, NULL));
  g_assert_cmpint (status.exit_code, ==, 137);
}

static void
cancel_cb (const char *line, gpointer data)
{
  g_cancellable_cancel (data);
}

static void
test_cancel_waits_only (Suite *suite, gconstpointer compose)
{
  g_auto (Job) job = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  StewardJobWatch watch = { cancel_cb, cancellable, 0 };
  StewardJobStatus status;
  g_autoptr (GError) error = NULL;

  start (&job, suite, FOREVER);
  steward_job_wait (suite->engine, job.name, &watch, &status, cancellable, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (inspect (suite, job.name).state, ==, STEWARD_JOB_RUNNING);
}

static void
test_deadline (Suite *suite, gconstpointer compose)
{
  g_auto (Job) job = { 0 };
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  StewardJobWatch watch = { note_line_cb, lines, 1000 };
  StewardJobStatus status;
  g_autoptr (GError) error = NULL;

  start (&job, suite, FOREVER);
  steward_job_wait (suite->engine, job.name, &watch, &status, NULL, &error);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);
  g_assert_cmpuint (lines->len, ==, 1);
  g_assert_cmpint (inspect (suite, job.name).state, ==, STEWARD_JOB_RUNNING);
}

/* The engine is away for a moment each time it is asked first: no line is lost or said twice. */
static void
test_hiccup (Suite *suite, gconstpointer compose)
{
  g_auto (Job) job = { 0 };
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  StewardJobWatch watch = { note_line_cb, lines, 0 };
  StewardJobStatus status;

  start (&job, suite, "for i in 1 2 3 4 5 6; do echo $$i; sleep 0.3; done; exit 2");
  engine_suite_set_fake (suite, "once=\"${0%/*}/$1\"\n"
                                "[ ! -e \"$once\" ] || exec \"$real\" \"$@\"\n"
                                ": >\"$once\"\n"
                                "[ \"$1\" != logs ] || timeout 0.5 \"$real\" \"$@\"\n"
                                "echo 'Cannot connect to the Docker daemon at x.' >&2\nexit 1");
  g_assert_true (steward_job_wait (suite->engine, job.name, &watch, &status, NULL, NULL));
  g_assert_cmpint (status.exit_code, ==, 2);
  g_assert_cmpuint (lines->len, ==, 6);
  g_assert_cmpstr (lines->pdata[0], ==, "1");
  g_assert_cmpstr (lines->pdata[5], ==, "6");
}

static void
test_absent (Suite *suite, gconstpointer compose)
{
  g_auto (StewardOutcome) outcome = { 0 };
  StewardJobStatus status;
  g_autoptr (GError) wait_error = NULL, output_error = NULL;

  steward_job_wait (suite->engine, "steward-no-such", NULL, &status, NULL, &wait_error);
  g_assert_error (wait_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
  steward_job_get_output (suite->engine, "steward-no-such", &outcome, NULL, &output_error);
  g_assert_error (output_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
  g_assert_true (steward_job_stop (suite->engine, "steward-no-such", 1, NULL, NULL, NULL));
}

static void
test_fenced (Suite *suite, gconstpointer compose)
{
  g_auto (Job) job = { 0 };
  StewardFence lost = { suite->folder, (char *)"1" };
  g_autoptr (GError) start_error = NULL, stop_error = NULL, remove_error = NULL;

  job_init (&job, suite, FOREVER, NULL);
  job.spec.fence = &lost;
  steward_job_start (suite->engine, &job.spec, NULL, &start_error);
  g_assert_error (start_error, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK);
  g_assert_cmpint (inspect (suite, job.name).state, ==, STEWARD_JOB_ABSENT);
  job.spec.fence = NULL;
  g_assert_true (steward_job_start (suite->engine, &job.spec, NULL, NULL));
  steward_job_stop (suite->engine, job.name, 1, &lost, NULL, &stop_error);
  steward_job_remove (suite->engine, job.name, &lost, NULL, &remove_error);
  g_assert_error (stop_error, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK);
  g_assert_error (remove_error, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK);
  g_assert_cmpint (inspect (suite, job.name).state, ==, STEWARD_JOB_RUNNING);
}

static void
assert_start_fails (Suite *suite, Job *job, StewardError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (steward_job_start (suite->engine, &job->spec, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, (int)code);
  g_assert_null (strstr (error->message, "hunter2"));
  g_assert_cmpuint (engine_suite_count (suite, "network", job->name), ==, 0);
}

static void
test_start_fails (Suite *suite, gconstpointer compose)
{
  g_auto (Job) no_image = { 0 }, no_service = { 0 }, broken = { 0 };

  job_init (&no_image, suite, "true", "steward-no-such:1");
  assert_start_fails (suite, &no_image, STEWARD_ERROR_NOT_FOUND);
  job_init (&no_service, suite, "true", NULL);
  no_service.spec.service = "other";
  assert_start_fails (suite, &no_service, STEWARD_ERROR_NOT_FOUND);
  job_init (&broken, suite, "true\", \"ports\": \"hunter2", NULL);
  assert_start_fails (suite, &broken, STEWARD_ERROR_INVALID);
}

/* A job whose program is missing is there and has never run. */
static void
test_never_ran (Suite *suite, gconstpointer compose)
{
  char *document =
      g_strdup_printf ("{\"services\": {\"task\": {\"image\": \"%s\", \"pull_policy\": \"never\", "
                       "\"network_mode\": \"none\", \"command\": [\"steward-no-such-program\"]}}}",
                       engine_suite_get_image ());
  g_auto (Job)
      job = { engine_suite_dup_name (), g_bytes_new_take (document, strlen (document)), { 0 } };

  job.spec = (StewardJobSpec){ job.name, job.name, suite->folder, job.document, "task", NULL };
  assert_start_fails (suite, &job, STEWARD_ERROR_NOT_FOUND);
  StewardJobStatus status = inspect (suite, job.name);
  g_assert_cmpint (status.state, ==, STEWARD_JOB_ENDED);
  g_assert_cmpint (status.exit_code, ==, -1);
  g_assert_cmpint (status.started_us, ==, 0);
}

/* An env file of the folder has no say in a job, and may be broken. */
static void
test_ignores_env_file (Suite *suite, gconstpointer compose)
{
  g_autofree char *path = g_build_filename (suite->folder, ".env", NULL);
  g_auto (Job) job = { 0 };
  StewardJobStatus status;

  g_assert_true (g_file_set_contents (path, "A=%\n=hunter2\nCOMPOSE_FILE=/x\n", -1, NULL));
  start (&job, suite, "exit 3");
  g_assert_true (steward_job_wait (suite->engine, job.name, NULL, &status, NULL, NULL));
  g_assert_cmpint (status.exit_code, ==, 3);
}

/* Nothing holds a job's standard input open. */
static void
test_reads_nothing (Suite *suite, gconstpointer compose)
{
  g_auto (Job) job = { 0 };
  StewardJobWatch watch = { NULL, NULL, 20000 };
  StewardJobStatus status;

  start (&job, suite, "cat; exit 6");
  g_assert_true (steward_job_wait (suite->engine, job.name, &watch, &status, NULL, NULL));
  g_assert_cmpint (status.exit_code, ==, 6);
}

static const SuiteCase cases[] = {
  { "/start/makes-nothing-but-its-container", test_leaves_nothing },
  { "/start/joins-an-external-network", test_external_network },
  { "/start/refuses-a-name-that-is-taken", test_name_is_taken },
  { "/start/tells-failures-apart", test_start_fails },
  { "/start/leaves-what-never-ran", test_never_ran },
  { "/start/ignores-env-files", test_ignores_env_file },
  { "/start/gives-no-input", test_reads_nothing },
  { "/wait/gives-lines-and-the-true-result", test_result },
  { "/wait/can-be-called-again", test_attach_to_ended },
  { "/wait/is-not-needed-by-the-job", test_survives_its_client },
  { "/wait/tells-a-killed-job", test_killed },
  { "/wait/is-all-that-cancelling-ends", test_cancel_waits_only },
  { "/wait/has-a-deadline", test_deadline },
  { "/wait/survives-a-hiccup-of-the-engine", test_hiccup },
  { "/output/keeps-streams-apart", test_output },
  { "/absent/is-no-trouble", test_absent },
  { "/fence/holds-each-effect-back", test_fenced },
  { NULL, NULL },
};

static void
add_tests (void)
{
  engine_suite_add_both ("/job", cases);
}

int
main (int argc, char **argv)
{
  return engine_suite_run (argc, argv, add_tests);
}
