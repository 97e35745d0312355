/* Commands: output, status, streams, and how they are ended. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host-suite.h"

#define BIG_BYTES (8 * 1024 * 1024)

static gboolean
run (Host *host, StewardCommand *command, StewardOutcome *outcome, GError **error)
{
  return steward_host_run (host->host, command, outcome, NULL, error);
}

static void
test_outcome (Host *host, gconstpointer kind)
{
  const char *argv[] = { "sh", "-c", "echo out; echo err >&2; exit 7", NULL };
  StewardCommand command = { .argv = argv };
  g_auto (StewardOutcome) outcome = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (run (host, &command, &outcome, &error));
  g_assert_no_error (error);
  g_assert_cmpint (outcome.status, ==, 7);
  g_assert_cmpstr (outcome.output->str, ==, "out\n");
  g_assert_cmpstr (outcome.errors->str, ==, "err\n");
}

static void
test_signal (Host *host, gconstpointer kind)
{
  const char *argv[] = { "sh", "-c", "kill -KILL $$", NULL };
  StewardCommand command = { .argv = argv };
  g_auto (StewardOutcome) outcome = { 0 };

  g_assert_true (run (host, &command, &outcome, NULL));
  g_assert_cmpint (outcome.status, ==, 128 + SIGKILL);
}

static void
test_arguments (Host *host, gconstpointer kind)
{
  const char *argv[] = { "printf", "[%s]", "",   "a b", "'", "\"",  "$HOME", "`id`",
                         "*",      "\n",   "\\", "-n",  "é", ";id", NULL };
  StewardCommand command = { .argv = argv };
  g_auto (StewardOutcome) outcome = { 0 };

  g_assert_true (run (host, &command, &outcome, NULL));
  g_assert_cmpstr (outcome.output->str, ==, "[][a b]['][\"][$HOME][`id`][*][\n][\\][-n][é][;id]");
}

static void
test_locale (Host *host, gconstpointer kind)
{
  const char *argv[] = { "printenv", "LC_ALL", NULL };
  StewardCommand command = { .argv = argv };
  g_autofree char *output = steward_host_call (host->host, &command, NULL, NULL);

  g_assert_cmpstr (output, ==, "C\n");
}

static void
test_missing_program (Host *host, gconstpointer kind)
{
  const char *argv[] = { "steward-no-such-program", NULL };
  StewardCommand command = { .argv = argv };
  g_auto (StewardOutcome) outcome = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (run (host, &command, &outcome, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "steward-no-such-program"));
}

static void
test_call_quotes_reason (Host *host, gconstpointer kind)
{
  const char *argv[] = { "sh", "-c", "echo first >&2; echo the reason >&2; exit 1", NULL };
  StewardCommand command = { .argv = argv };
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_host_call (host->host, &command, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "the reason"));
  g_assert_null (strstr (error->message, "first"));
}

/* A child that outlives a polite request, and its number on standard output. */
static const char stubborn_script[] =
    "sh -c 'trap \"\" TERM; echo $$; while :; do sleep 1; done' & wait";

static void
note_line_cb (const char *line, gpointer data)
{
  g_ptr_array_add (data, g_strdup (line));
}

static void
test_deadline (Host *host, gconstpointer kind)
{
  const char *argv[] = { "sh", "-c", stubborn_script, NULL };
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  StewardCommand command = {
    .argv = argv, .line = note_line_cb, .line_data = lines, .deadline_ms = 3000
  };
  g_auto (StewardOutcome) outcome = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (run (host, &command, &outcome, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);
  g_assert_cmpuint (lines->len, ==, 1);
  host_assert_process_ends (atoi (lines->pdata[0]));
}

typedef struct
{
  GCancellable *cancellable;
  int pid;
} Cancel;

static void
cancel_at_line_cb (const char *line, gpointer data)
{
  Cancel *cancel = data;

  cancel->pid = atoi (line);
  g_cancellable_cancel (cancel->cancellable);
}

static void
test_cancel (Host *host, gconstpointer kind)
{
  const char *argv[] = { "sh", "-c", stubborn_script, NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Cancel cancel = { cancellable, 0 };
  StewardCommand command = { .argv = argv, .line = cancel_at_line_cb, .line_data = &cancel };
  g_auto (StewardOutcome) outcome = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (steward_host_run (host->host, &command, &outcome, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  host_assert_process_ends (cancel.pid);
}

static void
test_cancelled_before (Host *host, gconstpointer kind)
{
  g_autofree char *path = host_dup_path (host, "made");
  const char *argv[] = { "touch", path, NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  StewardCommand command = { .argv = argv };
  g_auto (StewardOutcome) outcome = { 0 };
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (steward_host_run (host->host, &command, &outcome, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_lines (Host *host, gconstpointer kind)
{
  const char *argv[] = { "sh", "-c", "printf 'one\\n\\ntwo\\377\\n'; printf last", NULL };
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  StewardCommand command = { .argv = argv, .line = note_line_cb, .line_data = lines };
  g_auto (StewardOutcome) outcome = { 0 };

  g_assert_true (run (host, &command, &outcome, NULL));
  g_assert_cmpuint (lines->len, ==, 4);
  g_assert_cmpstr (lines->pdata[0], ==, "one");
  g_assert_cmpstr (lines->pdata[1], ==, "");
  g_assert_cmpstr (lines->pdata[2], ==, "two\xef\xbf\xbd");
  g_assert_cmpstr (lines->pdata[3], ==, "last");
}

static void
test_lines_of_errors (Host *host, gconstpointer kind)
{
  const char *argv[] = { "sh", "-c", "echo payload; echo word >&2", NULL };
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();
  StewardCommand command = {
    .argv = argv, .output = output, .line = note_line_cb, .line_data = lines
  };
  g_auto (StewardOutcome) outcome = { 0 };

  g_assert_true (run (host, &command, &outcome, NULL));
  g_assert_cmpuint (lines->len, ==, 1);
  g_assert_cmpstr (lines->pdata[0], ==, "word");
  g_assert_cmpuint (outcome.output->len, ==, 0);
}

static GBytes *
make_noise (void)
{
  guint32 *words = g_malloc (BIG_BYTES);

  for (gsize i = 0; i < BIG_BYTES / sizeof *words; i++)
    words[i] = g_test_rand_int ();
  return g_bytes_new_take (words, BIG_BYTES);
}

static void
test_streams (Host *host, gconstpointer kind)
{
  const char *argv[] = { "cat", NULL };
  g_autoptr (GBytes) noise = make_noise ();
  g_autoptr (GInputStream) input = g_memory_input_stream_new_from_bytes (noise);
  g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();
  StewardCommand command = { .argv = argv, .input = input, .output = output };
  g_auto (StewardOutcome) outcome = { 0 };

  g_assert_true (run (host, &command, &outcome, NULL));
  g_assert_cmpint (outcome.status, ==, 0);
  g_output_stream_close (output, NULL, NULL);
  g_autoptr (GBytes) back = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (output));
  g_assert_true (g_bytes_equal (noise, back));
}

static void
test_unread_input (Host *host, gconstpointer kind)
{
  const char *argv[] = { "sh", "-c", "exec <&-; exit 3", NULL };
  g_autoptr (GBytes) noise = make_noise ();
  g_autoptr (GInputStream) input = g_memory_input_stream_new_from_bytes (noise);
  StewardCommand command = { .argv = argv, .input = input };
  g_auto (StewardOutcome) outcome = { 0 };

  g_assert_true (run (host, &command, &outcome, NULL));
  g_assert_cmpint (outcome.status, ==, 3);
}

static void
test_tail_of_errors (Host *host, gconstpointer kind)
{
  const char *argv[] = { "sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x >&2; echo end >&2",
                         NULL };
  StewardCommand command = { .argv = argv };
  g_auto (StewardOutcome) outcome = { 0 };

  g_assert_true (run (host, &command, &outcome, NULL));
  g_assert_cmpuint (outcome.errors->len, ==, 65536);
  g_assert_true (g_str_has_suffix (outcome.errors->str, "xend\n"));
}

static void
test_too_much_output (Host *host, gconstpointer kind)
{
  const char *argv[] = { "cat", "/dev/zero", NULL };
  StewardCommand command = { .argv = argv };
  g_auto (StewardOutcome) outcome = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (run (host, &command, &outcome, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
}

/* A child left in the background keeps the pipes open. */
static void
test_background_child (Host *host, gconstpointer kind)
{
  const char *argv[] = { "sh", "-c", "sleep 300 & echo $!", NULL };
  StewardCommand command = { .argv = argv };
  g_auto (StewardOutcome) outcome = { 0 };

  g_assert_true (run (host, &command, &outcome, NULL));
  int pid = atoi (outcome.output->str);
  g_assert_true (host_process_is_alive (pid));
  kill (pid, SIGKILL);
  host_assert_process_ends (pid);
}

static void
test_broken_pipe (Host *host, gconstpointer kind)
{
  const char *argv[] = { "sh", "-c", "{ yes; echo $? >&2; } | head -n 1", NULL };
  StewardCommand command = { .argv = argv };
  g_auto (StewardOutcome) outcome = { 0 };
  g_autofree char *expected = g_strdup_printf ("%d\n", 128 + SIGPIPE);

  g_assert_true (run (host, &command, &outcome, NULL));
  g_assert_cmpstr (outcome.output->str, ==, "y\n");
  g_assert_cmpstr (outcome.errors->str, ==, expected);
}

const HostCase host_run_cases[] = {
  { "/run/gives-status-output-and-errors", test_outcome },
  { "/run/gives-a-signal-as-128-plus", test_signal },
  { "/run/passes-arguments-as-they-are", test_arguments },
  { "/run/speaks-the-c-locale", test_locale },
  { "/run/misses-a-program", test_missing_program },
  { "/run/ends-the-whole-group-at-the-deadline", test_deadline },
  { "/run/ends-the-whole-group-when-cancelled", test_cancel },
  { "/run/starts-nothing-when-cancelled-before", test_cancelled_before },
  { "/run/passes-lines-on", test_lines },
  { "/run/passes-lines-of-errors-beside-a-stream", test_lines_of_errors },
  { "/run/streams-any-bytes-both-ways", test_streams },
  { "/run/survives-a-command-that-does-not-read", test_unread_input },
  { "/run/keeps-the-tail-of-errors", test_tail_of_errors },
  { "/run/ends-a-command-that-prints-too-much", test_too_much_output },
  { "/run/does-not-wait-for-a-background-child", test_background_child },
  { "/run/lets-pipelines-break-as-usual", test_broken_pipe },
  { "/call/quotes-the-last-line", test_call_quotes_reason },
  { NULL, NULL },
};
