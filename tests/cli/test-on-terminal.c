/* The real program on a pseudo-terminal and without one, with a host behind a real sshd: what it
 * asks for, and what may be seen of the answers. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <pty.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/json.h"
#include "host-suite.h"
#include "sshd-fixture.h"

#define WAIT_S 30
#define PASSPHRASE "correct-horse-staple"
#define WRONG "battery-horse-wrong"
#define KEY_PROMPT "Passphrase of the key "
#define EMPTY "No container on this host tells of a Parsec server."

/* An engine without containers, which says that it was asked, and holds its answer back as long as
 * a file is there. */
#define DOCKER "#!/bin/sh\n: >\"$0.called\"\nwhile [ -e \"$0.hold\" ]; do sleep 0.1; done\n"

typedef struct
{
  SshdFixture *sshd;
  char *folder; /* of docker */
  char *docker;
  char *hold;
  char *called;
  char *address;
  GPid pid; /* on the terminal, 0 where none runs */
  int fd;
  GString *seen;
  gsize read_up_to; /* what was waited for before */
} Scene;

static void
set_up (Scene *scene, gconstpointer passphrase)
{
  scene->folder = g_dir_make_tmp ("steward-cli-XXXXXX", NULL);
  scene->docker = g_build_filename (scene->folder, "docker", NULL);
  scene->hold = g_strconcat (scene->docker, ".hold", NULL);
  scene->called = g_strconcat (scene->docker, ".called", NULL);
  g_assert_true (g_file_set_contents_full (scene->docker, DOCKER, -1,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0700, NULL));
  g_autofree char *settings =
      g_strdup_printf ("SetEnv SHLVL=1 PATH=%s:%s", scene->folder, g_getenv ("PATH"));
  scene->sshd = sshd_fixture_new (settings);
  scene->address = g_strdup_printf ("127.0.0.1:%u", scene->sshd->port);
  scene->seen = g_string_new (NULL);
  scene->fd = -1;
  if (passphrase != NULL)
    sshd_fixture_make_key (scene->sshd, "user_key", passphrase);
}

static void
tear_down (Scene *scene, gconstpointer passphrase)
{
  g_assert_cmpint (scene->pid, ==, 0);
  g_unlink (scene->hold);
  g_unlink (scene->called);
  g_assert_cmpint (g_unlink (scene->docker), ==, 0);
  g_assert_cmpint (g_rmdir (scene->folder), ==, 0);
  sshd_fixture_free (scene->sshd);
  g_string_free (scene->seen, TRUE);
  g_free (scene->folder);
  g_free (scene->docker);
  g_free (scene->hold);
  g_free (scene->called);
  g_free (scene->address);
}

/* Whoever runs the tests must not be asked, whatever goes wrong. */
static void
redirect_errors (void)
{
  int fd = open ("/dev/null", O_WRONLY);

  if (fd < 0 || dup2 (fd, STDERR_FILENO) < 0)
    _exit (126);
}

typedef enum
{
  ERRORS_ON_TERMINAL,
  ERRORS_NOWHERE,
} Errors;

static void
start (Scene *scene, Errors errors)
{
  const char *argv[] = { g_getenv ("STEWARDCTL"), "--host", scene->address, "deployments", NULL };

  scene->pid = forkpty (&scene->fd, NULL, NULL, NULL);
  g_assert_cmpint (scene->pid, >=, 0);
  if (scene->pid != 0)
    return;
  if (errors == ERRORS_NOWHERE)
    redirect_errors ();
  execv (argv[0], (char **)argv);
  _exit (127);
}

/* Returns: whether the terminal may show more */
static gboolean
read_more (Scene *scene, gint64 end_us)
{
  struct pollfd fd = { scene->fd, POLLIN, 0 };
  char buffer[4096];
  gint64 left_ms = (end_us - g_get_monotonic_time ()) / 1000;

  if (left_ms <= 0 || poll (&fd, 1, (int)left_ms) <= 0)
    return FALSE;
  ssize_t length = read (scene->fd, buffer, sizeof buffer);
  if (length > 0)
    g_string_append_len (scene->seen, buffer, length);
  return length > 0;
}

/* Behind what was waited for before. */
static void
wait_for (Scene *scene, const char *text)
{
  gint64 end_us = g_get_monotonic_time () + WAIT_S * G_TIME_SPAN_SECOND;
  const char *at;

  while ((at = strstr (scene->seen->str + scene->read_up_to, text)) == NULL)
    if (!read_more (scene, end_us))
      g_error ("“%s” was not seen in “%s”", text, scene->seen->str);
  scene->read_up_to = (gsize)(at - scene->seen->str) + strlen (text);
}

static void
type (Scene *scene, const char *line)
{
  g_autofree char *keys = g_strconcat (line, "\n", NULL);

  g_assert_cmpint (write (scene->fd, keys, strlen (keys)), ==, (int)strlen (keys));
}

/* Returns: the exit status; all that was shown has been read */
static int
wait_for_end (Scene *scene)
{
  gint64 end_us = g_get_monotonic_time () + WAIT_S * G_TIME_SPAN_SECOND;
  int status = 0;

  while (read_more (scene, end_us))
    ;
  g_assert_cmpint (g_get_monotonic_time (), <, end_us);
  g_assert_cmpint (waitpid (scene->pid, &status, 0), ==, scene->pid);
  scene->pid = 0;
  close (scene->fd);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static gboolean
is_called (gpointer data)
{
  return g_file_test (((Scene *)data)->called, G_FILE_TEST_EXISTS);
}

/* Neither vectors nor environments of any process. */
static void
assert_hidden_from_ps (const char *secret)
{
  const char *argv[] = { "ps", "-e", "-ww", "-o", "args=", "e", NULL };
  g_autofree char *output = sshd_fixture_run (argv);

  g_assert_nonnull (strstr (output, "ControlMaster=yes"));
  g_assert_null (strstr (output, secret));
}

static void
forget_host (Scene *scene)
{
  g_autofree char *path = sshd_fixture_dup_path (scene->sshd, "known_hosts");

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static char *
dup_fingerprint (Scene *scene)
{
  g_autofree char *path = sshd_fixture_dup_path (scene->sshd, "host_key.pub");
  const char *argv[] = { "ssh-keygen", "-l", "-f", path, NULL };
  g_autofree char *output = sshd_fixture_run (argv);
  g_auto (GStrv) words = g_strsplit (output, " ", -1);

  return g_strdup (words[1]);
}

static void
test_host_key (Scene *scene, gconstpointer passphrase)
{
  g_autofree char *fingerprint = dup_fingerprint (scene);

  forget_host (scene);
  start (scene, ERRORS_ON_TERMINAL);
  wait_for (scene, fingerprint);
  wait_for (scene, "Type “yes”");
  type (scene, "y");
  wait_for (scene, "That was neither");
  wait_for (scene, "Type “yes”");
  type (scene, "yes");
  wait_for (scene, EMPTY);
  g_assert_cmpint (wait_for_end (scene), ==, 0);
}

static void
test_host_key_refused (Scene *scene, gconstpointer passphrase)
{
  g_autofree char *known_hosts = sshd_fixture_dup_path (scene->sshd, "known_hosts");

  forget_host (scene);
  start (scene, ERRORS_ON_TERMINAL);
  wait_for (scene, "Type “yes”");
  type (scene, "no");
  wait_for (scene, "was not accepted");
  g_assert_cmpint (wait_for_end (scene), ==, 3);
  g_assert_false (g_file_test (known_hosts, G_FILE_TEST_EXISTS));
}

/* A wrong one, then the right one; both typed at once behind the question. */
static void
test_passphrase (Scene *scene, gconstpointer passphrase)
{
  g_assert_true (g_file_set_contents (scene->hold, "", 0, NULL));
  start (scene, ERRORS_ON_TERMINAL);
  wait_for (scene, KEY_PROMPT);
  wait_for (scene, ": ");
  type (scene, WRONG);
  wait_for (scene, "That was not right");
  wait_for (scene, KEY_PROMPT);
  wait_for (scene, ": ");
  assert_hidden_from_ps (WRONG);
  type (scene, passphrase);
  host_wait_until (is_called, scene);
  assert_hidden_from_ps (passphrase);
  g_assert_cmpint (g_unlink (scene->hold), ==, 0);
  wait_for (scene, EMPTY);
  g_assert_cmpint (wait_for_end (scene), ==, 0);
  g_assert_null (strstr (scene->seen->str, WRONG));
  g_assert_null (strstr (scene->seen->str, passphrase));
}

static void
test_gives_up (Scene *scene, gconstpointer passphrase)
{
  start (scene, ERRORS_ON_TERMINAL);
  wait_for (scene, KEY_PROMPT);
  wait_for (scene, ": ");
  type (scene, "");
  wait_for (scene, "needs an answer that was not given");
  g_assert_cmpint (wait_for_end (scene), ==, 1);
}

/* The question is for whoever sits there, whatever becomes of the messages. */
static void
test_errors_redirected (Scene *scene, gconstpointer passphrase)
{
  start (scene, ERRORS_NOWHERE);
  wait_for (scene, KEY_PROMPT);
  wait_for (scene, ": ");
  type (scene, passphrase);
  wait_for (scene, EMPTY);
  g_assert_cmpint (wait_for_end (scene), ==, 0);
  g_assert_null (strstr (scene->seen->str, passphrase));
}

static void
leave_terminal_cb (gpointer data)
{
  setsid ();
}

/* Returns: the exit status */
static int
run_without_terminal (Scene *scene, const char *option, char **output, char **errors)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_set_child_setup (launcher, leave_terminal_cb, NULL, NULL);
  g_autoptr (GSubprocess) process =
      g_subprocess_launcher_spawn (launcher, &error, g_getenv ("STEWARDCTL"), "--host",
                                   scene->address, "status", option, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, output, errors, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  return g_subprocess_get_exit_status (process);
}

static void
test_no_terminal_for_key (Scene *scene, gconstpointer passphrase)
{
  g_autofree char *fingerprint = dup_fingerprint (scene);
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;

  forget_host (scene);
  g_assert_cmpint (run_without_terminal (scene, NULL, &output, &errors), ==, 1);
  g_assert_cmpstr (output, ==, "");
  g_assert_nonnull (strstr (errors, "no terminal"));
  g_assert_nonnull (strstr (errors, fingerprint));
}

static void
test_no_terminal_for_passphrase (Scene *scene, gconstpointer passphrase)
{
  g_autofree char *key = sshd_fixture_dup_path (scene->sshd, "user_key");
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;

  g_assert_cmpint (run_without_terminal (scene, NULL, &output, &errors), ==, 1);
  g_assert_cmpstr (output, ==, "");
  g_assert_nonnull (strstr (errors, "no terminal"));
  g_assert_nonnull (strstr (errors, "passphrase"));
  g_assert_nonnull (strstr (errors, key));
}

static void
test_no_terminal_in_json (Scene *scene, gconstpointer passphrase)
{
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (run_without_terminal (scene, "--json", &output, &errors), ==, 1);
  g_assert_cmpstr (errors, ==, "");
  g_autoptr (JsonObject) object = steward_json_parse_object (output, strlen (output), &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_object_get_int_member (object, "exit_status"), ==, 1);
  JsonObject *told = steward_json_get_object (object, "error");
  g_assert_cmpstr (steward_json_get_string (told, "code"), ==, "denied");
  g_assert_nonnull (strstr (steward_json_get_string (told, "message"), "passphrase"));
}

static const struct
{
  const char *name, *passphrase;
  void (*test) (Scene *scene, gconstpointer passphrase);
} cases[] = {
  { "/on-terminal/asks-about-an-unknown-host-key", NULL, test_host_key },
  { "/on-terminal/takes-no-for-an-answer", NULL, test_host_key_refused },
  { "/on-terminal/asks-again-for-a-passphrase-and-shows-none", PASSPHRASE, test_passphrase },
  { "/on-terminal/gives-up-on-enter", PASSPHRASE, test_gives_up },
  { "/on-terminal/asks-there-although-errors-are-redirected", PASSPHRASE, test_errors_redirected },
  { "/no-terminal/names-the-unknown-host-key", NULL, test_no_terminal_for_key },
  { "/no-terminal/names-the-passphrase", PASSPHRASE, test_no_terminal_for_passphrase },
  { "/no-terminal/prints-one-object", PASSPHRASE, test_no_terminal_in_json },
};

int
main (int argc, char **argv)
{
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].name, Scene, cases[i].passphrase, set_up, cases[i].test, tear_down);
  return g_test_run ();
}
