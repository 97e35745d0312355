/* Accounts that a host lets in by PAM: by a password, or by a password and a one-time code; and
 * what their login shells do. With a real sshd and a throw-away account. */
#include <glib/gstdio.h>
#include <string.h>

#include "core/host/ssh-host.h"
#include "host-suite.h"
#include "ssh-answers.h"
#include "sshd-account.h"

/* Of no other run on this machine. */
static char *password;

typedef struct
{
  SshdFixture *sshd;
  StewardSshAddress address;
} Scene;

static void
set_up (Scene *scene, gconstpointer data)
{
  const SshdAccount *kind = data;
  SshdAccount account = { password, kind->shell, kind->flags };

  scene->sshd = sshd_fixture_new (NULL);
  sshd_account_start (scene->sshd, &account);
  scene->address =
      (StewardSshAddress){ (char *)SSHD_ACCOUNT_NAME, (char *)"127.0.0.1", scene->sshd->port };
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  sshd_fixture_free (scene->sshd);
}

static char *
dup_user (StewardHost *host)
{
  const char *argv[] = { "id", "-un", NULL };
  StewardCommand command = { .argv = argv };
  g_autoptr (GError) error = NULL;
  char *output = steward_host_call (host, &command, NULL, &error);

  g_assert_no_error (error);
  return g_strchomp (output);
}

/* Several commands, one question. */
static void
test_password (Scene *scene, gconstpointer data)
{
  g_auto (SshAnswers) answers = { { password } };
  StewardSshAsker asker = ssh_answers_get_asker (&answers);
  g_autoptr (StewardHost) host = steward_ssh_host_new (&scene->address, &asker);

  for (int i = 0; i < 3; i++)
    {
      g_autofree char *user = dup_user (host);

      g_assert_cmpstr (user, ==, SSHD_ACCOUNT_NAME);
    }
  g_assert_cmpuint (answers.count, ==, 1);
  g_assert_cmpint (answers.kinds[0], ==, STEWARD_SSH_QUESTION_PASSWORD);
  g_assert_cmpstr (answers.subject, ==, SSHD_ACCOUNT_NAME "@127.0.0.1");
  g_assert_cmpuint (answers.attempts[0], ==, 1);
  g_assert_cmpuint (sshd_fixture_count_logins (scene->sshd), ==, 1);
}

static void
test_password_again (Scene *scene, gconstpointer data)
{
  g_auto (SshAnswers) answers = { { "wrong", password } };
  g_autoptr (GError) error = ssh_answers_connect (&answers, &scene->address);

  g_assert_no_error (error);
  g_assert_cmpuint (answers.count, ==, 2);
  g_assert_cmpint (answers.kinds[1], ==, STEWARD_SSH_QUESTION_PASSWORD);
  g_assert_cmpuint (answers.attempts[0], ==, 1);
  g_assert_cmpuint (answers.attempts[1], ==, 2);
}

static void
test_password_wrong (Scene *scene, gconstpointer data)
{
  g_auto (SshAnswers) answers = { { "a", "b", "c" } };
  g_autoptr (GError) error = ssh_answers_connect (&answers, &scene->address);

  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_nonnull (strstr (error->message, "these answers"));
  g_assert_cmpuint (answers.count, ==, 3);
  g_assert_cmpuint (sshd_fixture_count_logins (scene->sshd), ==, 0);
}

/* The first question is given up: there is no second one. */
static void
test_given_up (Scene *scene, gconstpointer data)
{
  g_auto (SshAnswers) answers = { { NULL } };
  g_autoptr (GError) error = ssh_answers_connect (&answers, &scene->address);

  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_nonnull (strstr (error->message, "an answer that was not given"));
  g_assert_nonnull (strstr (error->message, answers.prompts[0]));
  g_assert_cmpuint (answers.count, ==, 1);
}

static void
test_nobody (Scene *scene, gconstpointer data)
{
  g_autoptr (GError) error = ssh_answers_connect (NULL, &scene->address);

  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_nonnull (strstr (error->message, "an answer that was not given"));
  g_assert_nonnull (strstr (error->message, SSHD_ACCOUNT_NAME "@127.0.0.1"));
}

static const char *const codes[] = { SSHD_ACCOUNT_CODES };

static void
assert_kinds (const SshAnswers *answers, const StewardSshQuestionKind *kinds, guint count)
{
  g_assert_cmpuint (answers->count, ==, count);
  for (guint i = 0; i < count; i++)
    {
      g_test_message ("%s", answers->prompts[i]);
      g_assert_cmpint (answers->kinds[i], ==, kinds[i]);
    }
}

/* A second connection needs another code. */
static void
test_code (Scene *scene, gconstpointer data)
{
  static const StewardSshQuestionKind kinds[] = { STEWARD_SSH_QUESTION_PASSWORD,
                                                  STEWARD_SSH_QUESTION_CODE };

  for (int i = 0; i < 2; i++)
    {
      g_auto (SshAnswers) answers = { { password, codes[i] } };
      StewardSshAsker asker = ssh_answers_get_asker (&answers);
      g_autoptr (StewardHost) host = steward_ssh_host_new (&scene->address, &asker);

      g_free (dup_user (host));
      g_autofree char *user = dup_user (host);
      g_assert_cmpstr (user, ==, SSHD_ACCOUNT_NAME);
      assert_kinds (&answers, kinds, G_N_ELEMENTS (kinds));
      g_assert_cmpstr (answers.subject, ==, SSHD_ACCOUNT_NAME "@127.0.0.1");
    }
}

static void
test_code_again (Scene *scene, gconstpointer data)
{
  static const StewardSshQuestionKind kinds[] = { STEWARD_SSH_QUESTION_PASSWORD,
                                                  STEWARD_SSH_QUESTION_CODE,
                                                  STEWARD_SSH_QUESTION_PASSWORD,
                                                  STEWARD_SSH_QUESTION_CODE };
  g_auto (SshAnswers) answers = { { password, "00000000", password, codes[0] } };
  g_autoptr (GError) error = ssh_answers_connect (&answers, &scene->address);

  g_assert_no_error (error);
  assert_kinds (&answers, kinds, G_N_ELEMENTS (kinds));
  g_assert_cmpuint (answers.attempts[1], ==, 1);
  g_assert_cmpuint (answers.attempts[3], ==, 2);
}

static void
test_code_used (Scene *scene, gconstpointer data)
{
  g_auto (SshAnswers) first = { { password, codes[0] } };
  g_auto (SshAnswers) answers = { { password, codes[0], password, codes[0], password, codes[0] } };
  g_autoptr (GError) no_error = ssh_answers_connect (&first, &scene->address);
  g_assert_no_error (no_error);
  g_autoptr (GError) error = ssh_answers_connect (&answers, &scene->address);

  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_cmpuint (answers.count, ==, 6);
}

static void
test_code_given_up (Scene *scene, gconstpointer data)
{
  g_auto (SshAnswers) answers = { { password, NULL } };
  g_autoptr (GError) error = ssh_answers_connect (&answers, &scene->address);

  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_nonnull (strstr (error->message, "One-time password"));
  g_assert_cmpuint (answers.count, ==, 2);
}

/* Looks at all processes of this machine again and again. */
typedef struct
{
  gboolean is_over; /* atomic */
  guint looks;      /* atomic */
} Watch;

static void
look (void)
{
  host_assert_hidden (password);
  host_assert_hidden (codes[0]);
}

static gpointer
watch_thread (gpointer data)
{
  Watch *watch = data;

  while (!g_atomic_int_get (&watch->is_over))
    {
      look ();
      g_atomic_int_inc (&watch->looks);
    }
  return NULL;
}

static void
look_cb (const char *line, gpointer data)
{
  look ();
  *(guint *)data += 1;
}

static void
test_secrets (Scene *scene, gconstpointer data)
{
  guint lines = 0;
  Watch watch = { FALSE, 0 };
  g_auto (SshAnswers) answers = { { password, codes[0] }, .look = look };
  StewardSshAsker asker = ssh_answers_get_asker (&answers);
  g_autoptr (StewardHost) host = steward_ssh_host_new (&scene->address, &asker);
  const char *argv[] = { "sh", "-c", "echo one; echo two", NULL };
  StewardCommand command = { .argv = argv, .line = look_cb, .line_data = &lines };
  GThread *thread = g_thread_new ("watch", watch_thread, &watch);
  g_autoptr (GError) error = NULL;
  g_autofree char *output = steward_host_call (host, &command, NULL, &error);

  g_atomic_int_set (&watch.is_over, TRUE);
  g_thread_join (thread);
  g_assert_no_error (error);
  g_assert_cmpuint (answers.count, ==, 2);
  g_assert_cmpuint (lines, ==, 2);
  g_assert_cmpuint (watch.looks, >, 1);
}

static void
test_no_shell (Scene *scene, gconstpointer data)
{
  g_auto (SshAnswers) answers = { { password } };
  g_autoptr (GError) error = ssh_answers_connect (&answers, &scene->address);

  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_nonnull (strstr (error->message, "let us in"));
  g_assert_nonnull (strstr (error->message, "not available"));
  g_assert_cmpuint (sshd_fixture_count_logins (scene->sshd), ==, 1);
}

static gboolean
exists (gpointer data)
{
  return g_file_test (data, G_FILE_TEST_EXISTS);
}

static gpointer
connect_thread (gpointer data)
{
  GError *error = NULL;

  steward_host_connect (data, NULL, &error);
  return error;
}

/* bash reads ~/.bashrc when sshd starts it: here one that says something, and then takes until it
 * is let go. */
static void
test_slow_profile (Scene *scene, gconstpointer data)
{
  g_autofree char *profile = sshd_fixture_dup_path (scene->sshd, "home/.bashrc");
  g_autofree char *marks = sshd_fixture_dup_path (scene->sshd, "marks");
  g_autofree char *begun = g_build_filename (marks, "begun", NULL);
  g_autofree char *go_on = g_build_filename (marks, "go-on", NULL);
  g_autofree char *text = g_strdup_printf (
      "echo Welcome; echo Noise >&2\n: >%s\nuntil [ -e %s ]; do sleep 0.05; done\n", begun, go_on);
  g_auto (SshAnswers) answers = { { password } };
  StewardSshAsker asker = ssh_answers_get_asker (&answers);
  g_autoptr (StewardHost) host = steward_ssh_host_new (&scene->address, &asker);

  g_assert_cmpint (g_mkdir (marks, 0700), ==, 0);
  g_assert_cmpint (g_chmod (marks, 0777), ==, 0); /* the account writes there */
  g_assert_true (g_file_set_contents (profile, text, -1, NULL));
  g_assert_cmpint (g_chmod (profile, 0644), ==, 0);
  GThread *thread = g_thread_new ("connect", connect_thread, host);
  host_wait_until (exists, begun);
  g_assert_false (steward_host_is_connected (host));
  g_assert_true (g_file_set_contents (go_on, "", -1, NULL));
  g_autoptr (GError) error = g_thread_join (thread);
  g_assert_no_error (error);
  g_autofree char *user = dup_user (host);
  g_assert_cmpstr (user, ==, SSHD_ACCOUNT_NAME);
}

static const SshdAccount by_password = { NULL, NULL, SSHD_ACCOUNT_DEFAULT };
static const SshdAccount by_code = { NULL, NULL, SSHD_ACCOUNT_CODE };
static const SshdAccount without_shell = { NULL, "/usr/sbin/nologin", SSHD_ACCOUNT_DEFAULT };
static const SshdAccount with_bash = { NULL, "/bin/bash", SSHD_ACCOUNT_DEFAULT };

static const struct
{
  const char *path;
  const SshdAccount *account;
  void (*test) (Scene *scene, gconstpointer data);
} cases[] = {
  { "/ssh-account/password/is-asked-for-once", &by_password, test_password },
  { "/ssh-account/password/is-asked-again", &by_password, test_password_again },
  { "/ssh-account/password/is-wrong", &by_password, test_password_wrong },
  { "/ssh-account/password/is-given-up", &by_password, test_given_up },
  { "/ssh-account/password/has-nobody-to-ask", &by_password, test_nobody },
  { "/ssh-account/code/is-asked-after-the-password", &by_code, test_code },
  { "/ssh-account/code/is-asked-again", &by_code, test_code_again },
  { "/ssh-account/code/is-taken-once", &by_code, test_code_used },
  { "/ssh-account/code/is-given-up", &by_code, test_code_given_up },
  { "/ssh-account/code/has-nobody-to-ask", &by_code, test_nobody },
  { "/ssh-account/secrets/are-in-no-vector-and-no-environment", &by_code, test_secrets },
  { "/ssh-account/shell/nologin-is-said", &without_shell, test_no_shell },
  { "/ssh-account/shell/slow-profile-is-waited-for", &with_bash, test_slow_profile },
};

static void
skip (void)
{
  g_test_skip ("Only root that may mount can give sshd a throw-away account.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  password = g_uuid_string_random ();
  gboolean is_possible = sshd_account_is_possible ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    if (is_possible)
      g_test_add (cases[i].path, Scene, cases[i].account, set_up, cases[i].test, tear_down);
    else
      g_test_add_func (cases[i].path, skip);
  int status = g_test_run ();
  g_free (password);
  return status;
}
