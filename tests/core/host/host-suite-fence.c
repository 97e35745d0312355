/* The fence, and commands that go on by themselves. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host-suite.h"

static void
write_generation (const Host *host, const char *generation)
{
  g_autofree char *text = g_strconcat (generation, "\nmore\n", NULL);
  g_autofree char *path = host_write (host, "lock", text);
}

static int
open_folder (const Host *host)
{
  int fd = open (host->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  return fd;
}

/* A fenced effect on a thread of its own. */
typedef struct
{
  Host *host;
  StewardFence fence;
  const char *argv[6];
  GError *error;
  gboolean ran;
} Effect;

static gpointer
run_effect (gpointer data)
{
  Effect *effect = data;
  StewardCommand command = { .argv = effect->argv, .fence = &effect->fence };
  g_auto (StewardOutcome) outcome = { 0 };

  effect->ran = steward_host_run (effect->host->host, &command, &outcome, NULL, &effect->error);
  return NULL;
}

static gboolean
is_there (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_standing (Host *host, gconstpointer kind)
{
  g_autofree char *path = host_dup_path (host, "made");
  Effect effect = { host, { host->folder, "7" }, { "touch", path, NULL }, NULL, FALSE };

  write_generation (host, "7");
  run_effect (&effect);
  g_assert_no_error (effect.error);
  g_assert_true (effect.ran);
  g_assert_true (is_there (path));
}

static void
assert_lost (Host *host, Effect *effect, gpointer path)
{
  run_effect (effect);
  g_assert_error (effect->error, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK);
  g_assert_false (is_there (path));
  g_clear_error (&effect->error);
}

static void
test_lost (Host *host, gconstpointer kind)
{
  g_autofree char *path = host_dup_path (host, "made");
  g_autofree char *absent = host_dup_path (host, "absent");
  Effect effect = { host, { host->folder, "7" }, { "touch", path, NULL }, NULL, FALSE };
  Effect no_folder = { host, { absent, "7" }, { "touch", path, NULL }, NULL, FALSE };

  assert_lost (host, &effect, path);
  assert_lost (host, &no_folder, path);
  write_generation (host, "8");
  assert_lost (host, &effect, path);
  write_generation (host, "");
  assert_lost (host, &effect, path);
}

static void
test_lost_for_files (Host *host, gconstpointer kind)
{
  g_autofree char *path = host_write (host, "file", "old");
  g_autoptr (GBytes) content = g_bytes_new_static ("new", 3);
  StewardFence fence = { host->folder, (char *)"7" };
  g_autoptr (GError) error = NULL;

  write_generation (host, "8");
  steward_host_replace_file (host->host, path, content, NULL, 0600, &fence, NULL, &error);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK);
  host_assert_content (path, "old");
}

static void
test_misses_program (Host *host, gconstpointer kind)
{
  Effect effect = { host, { host->folder, "7" }, { "steward-no-such-program" }, NULL, FALSE };

  write_generation (host, "7");
  run_effect (&effect);
  g_assert_error (effect.error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (effect.error->message, "steward-no-such-program"));
  g_clear_error (&effect.error);
}

/* Nobody can take the lock over while an effect lasts, and anybody can afterwards. */
static void
test_held (Host *host, gconstpointer kind)
{
  g_autofree char *ready = host_dup_path (host, "ready");
  g_autofree char *gate = host_dup_path (host, "gate");
  Effect effect = { host,
                    { host->folder, "7" },
                    { "sh", "-c", ": >\"$0\"; cat \"$1\"", ready, gate, NULL },
                    NULL,
                    FALSE };
  int fd = open_folder (host);

  write_generation (host, "7");
  g_assert_cmpint (mkfifo (gate, 0600), ==, 0);
  GThread *thread = g_thread_new ("effect", run_effect, &effect);
  host_wait_until (is_there, ready);
  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), ==, -1);
  g_assert_cmpint (errno, ==, EWOULDBLOCK);

  close (open (gate, O_WRONLY | O_CLOEXEC));
  g_thread_join (thread);
  g_assert_true (effect.ran);
  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), ==, 0);
  close (fd);
}

/* Whether somebody waits for a lock of the folder; see proc(5). */
static gboolean
has_waiter (gpointer data)
{
  const Host *host = data;
  g_autofree char *locks = NULL;
  struct stat info;

  g_assert_true (g_file_get_contents ("/proc/locks", &locks, NULL, NULL));
  g_assert_cmpint (stat (host->folder, &info), ==, 0);
  g_autofree char *inode = g_strdup_printf (":%lu ", (gulong)info.st_ino);
  g_auto (GStrv) lines = g_strsplit (locks, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], "->") != NULL && strstr (lines[i], inode) != NULL)
      return TRUE;
  return FALSE;
}

/* The check comes after the wait: who takes over in between wins. */
static void
test_taken_over_while_waiting (Host *host, gconstpointer kind)
{
  g_autofree char *path = host_dup_path (host, "made");
  Effect effect = { host, { host->folder, "7" }, { "touch", path, NULL }, NULL, FALSE };
  int fd = open_folder (host);

  write_generation (host, "7");
  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  GThread *thread = g_thread_new ("effect", run_effect, &effect);
  host_wait_until (has_waiter, host);
  write_generation (host, "8");
  close (fd);
  g_thread_join (thread);
  g_assert_error (effect.error, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK);
  g_assert_false (is_there (path));
  g_clear_error (&effect.error);
}

static void
test_detached_goes_on (Host *host, gconstpointer kind)
{
  g_autofree char *log = host_dup_path (host, "-log");
  g_autofree char *ready = host_dup_path (host, "ready");
  const char *argv[] = { "sh", "-c", "echo $$; : >\"$1\"; exec sleep 300", "sh", ready, NULL };
  StewardFence fence = { host->folder, (char *)"7" };
  g_autofree char *text = NULL;

  write_generation (host, "7");
  g_assert_true (steward_host_start_detached (host->host, argv, log, &fence, NULL, NULL));
  host_wait_until (is_there, ready);
  g_assert_true (g_file_get_contents (log, &text, NULL, NULL));
  int pid = atoi (text);
  int fd = open_folder (host);
  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), ==, 0);
  close (fd);
  g_assert_true (host_process_is_alive (pid));
  g_assert_cmpint (getsid (pid), ==, pid);
  kill (pid, SIGKILL);
  host_assert_process_ends (pid);
}

static void
test_detached_says_what_is_missing (Host *host, gconstpointer kind)
{
  g_autofree char *log = host_dup_path (host, "log");
  g_autofree char *no_folder = host_dup_path (host, "absent/log");
  const char *absent[] = { "steward-no-such-program", NULL };
  const char *present[] = { "true", NULL };
  g_autoptr (GError) program_error = NULL, log_error = NULL;

  steward_host_start_detached (host->host, absent, log, NULL, NULL, &program_error);
  g_assert_error (program_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (program_error->message, "steward-no-such-program"));
  steward_host_start_detached (host->host, present, no_folder, NULL, NULL, &log_error);
  g_assert_nonnull (log_error);
}

const HostCase host_fence_cases[] = {
  { "/fence/lets-its-holder-act", test_standing },
  { "/fence/refuses-before-running", test_lost },
  { "/fence/refuses-before-writing", test_lost_for_files },
  { "/fence/misses-a-program", test_misses_program },
  { "/fence/holds-through-the-effect", test_held },
  { "/fence/refuses-who-was-taken-over-while-waiting", test_taken_over_while_waiting },
  { "/detached/goes-on-without-the-fence", test_detached_goes_on },
  { "/detached/says-what-is-missing", test_detached_says_what_is_missing },
  { NULL, NULL },
};
