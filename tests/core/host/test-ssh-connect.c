/* How a host lets us in, and how it does not: questions and failures, with a real sshd. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "core/host/ssh-host.h"
#include "host-suite.h"
#include "ssh-answers.h"
#include "sshd-fixture.h"

typedef struct
{
  SshdFixture *sshd;
} Scene;

static void
set_up (Scene *scene, gconstpointer settings)
{
  scene->sshd = sshd_fixture_new (settings);
}

static void
tear_down (Scene *scene, gconstpointer settings)
{
  sshd_fixture_free (scene->sshd);
}

static GError *
connect_here (Scene *scene, SshAnswers *answers)
{
  StewardSshAddress address = { NULL, (char *)"127.0.0.1", scene->sshd->port };

  return ssh_answers_connect (answers, &address);
}

static void
forget_host (Scene *scene)
{
  g_autofree char *path = sshd_fixture_dup_path (scene->sshd, "known_hosts");

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static char *
dup_fingerprint (Scene *scene, const char *name)
{
  g_autofree char *path = sshd_fixture_dup_path (scene->sshd, name);
  const char *argv[] = { "ssh-keygen", "-l", "-f", path, NULL };
  g_autofree char *output = sshd_fixture_run (argv);
  g_auto (GStrv) words = g_strsplit (output, " ", -1);

  return g_strdup (words[1]);
}

static void
test_host_key_accepted (Scene *scene, gconstpointer settings)
{
  g_auto (SshAnswers) answers = { { "yes" } };
  g_autofree char *fingerprint = dup_fingerprint (scene, "host_key.pub");

  forget_host (scene);
  g_autoptr (GError) error = connect_here (scene, &answers);
  g_assert_no_error (error);
  g_assert_cmpuint (answers.count, ==, 1);
  g_assert_cmpint (answers.kinds[0], ==, STEWARD_SSH_QUESTION_HOST_KEY);
  g_assert_cmpstr (answers.fingerprint, ==, fingerprint);
  g_autoptr (GError) again = connect_here (scene, &answers);
  g_assert_no_error (again);
  g_assert_cmpuint (answers.count, ==, 1);
}

static void
test_host_key_refused (Scene *scene, gconstpointer settings)
{
  g_auto (SshAnswers) no = { { "no" } }, nothing = { { NULL } };

  forget_host (scene);
  g_autoptr (GError) error = connect_here (scene, &no);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED);
  g_autoptr (GError) unanswered = connect_here (scene, &nothing);
  g_assert_error (unanswered, STEWARD_ERROR, STEWARD_ERROR_REFUSED);
  g_autoptr (GError) no_asker = connect_here (scene, NULL);
  g_assert_error (no_asker, STEWARD_ERROR, STEWARD_ERROR_REFUSED);
  g_assert_cmpuint (no.count + nothing.count, ==, 2);
}

static void
test_host_key_changed (Scene *scene, gconstpointer settings)
{
  g_auto (SshAnswers) answers = { { "yes" } };
  g_autofree char *before = dup_fingerprint (scene, "host_key.pub");

  sshd_fixture_stop (scene->sshd);
  sshd_fixture_make_key (scene->sshd, "host_key", "");
  sshd_fixture_restart (scene->sshd, NULL);
  g_autofree char *now = dup_fingerprint (scene, "host_key.pub");
  g_autoptr (GError) error = connect_here (scene, &answers);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, before));
  g_assert_nonnull (strstr (error->message, now));
  g_assert_nonnull (strstr (error->message, "ssh-keygen -R"));
  g_assert_cmpuint (answers.count, ==, 0);
}

static void
encrypt_key (Scene *scene)
{
  sshd_fixture_make_key (scene->sshd, "user_key", "correct horse");
}

static void
test_passphrase (Scene *scene, gconstpointer settings)
{
  g_auto (SshAnswers) answers = { { "wrong", "correct horse" } };
  g_autofree char *key = sshd_fixture_dup_path (scene->sshd, "user_key");

  encrypt_key (scene);
  g_autoptr (GError) error = connect_here (scene, &answers);
  g_assert_no_error (error);
  g_assert_cmpuint (answers.count, ==, 2);
  g_assert_cmpint (answers.kinds[0], ==, STEWARD_SSH_QUESTION_PASSPHRASE);
  g_assert_cmpstr (answers.subject, ==, key);
  g_assert_cmpuint (answers.attempts[0], ==, 1);
  g_assert_cmpuint (answers.attempts[1], ==, 2);
}

static void
test_passphrase_wrong (Scene *scene, gconstpointer settings)
{
  g_auto (SshAnswers) answers = { { "a", "b", "c" } };

  encrypt_key (scene);
  g_autoptr (GError) error = connect_here (scene, &answers);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_cmpuint (answers.count, ==, 3);
}

static void
test_passphrase_unanswered (Scene *scene, gconstpointer settings)
{
  g_auto (SshAnswers) answers = { { NULL } };

  encrypt_key (scene);
  g_autoptr (GError) error = connect_here (scene, &answers);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_cmpuint (answers.count, ==, 1);
  g_assert_nonnull (strstr (error->message, "passphrase"));
}

/* The question is open while nobody waits for the connection any more. */
static void
test_cancelled_at_question (Scene *scene, gconstpointer settings)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (SshAnswers) answers = { { NULL } };
  StewardSshAsker asker = ssh_answers_get_asker (&answers);
  g_autoptr (GError) error = NULL;

  encrypt_key (scene);
  answers.cancel = cancellable;
  g_autoptr (StewardHost) host = sshd_fixture_host (scene->sshd, &asker);
  steward_host_connect (host, cancellable, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&host);
  g_assert_cmpuint (answers.count, ==, 1);
}

static void
test_refused_port (Scene *scene, gconstpointer settings)
{
  sshd_fixture_stop (scene->sshd);
  g_autoptr (GError) error = connect_here (scene, NULL);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, "port"));
}

static void
test_unknown_name (Scene *scene, gconstpointer settings)
{
  StewardSshAddress address = { NULL, (char *)"no-such-host.invalid", 0 };
  g_autoptr (GError) error = ssh_answers_connect (NULL, &address);

  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, "no-such-host.invalid"));
}

static void
test_wrong_user (Scene *scene, gconstpointer settings)
{
  StewardSshAddress address = { (char *)"steward-nobody", (char *)"127.0.0.1", scene->sshd->port };
  g_autoptr (GError) error = ssh_answers_connect (NULL, &address);

  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_nonnull (strstr (error->message, "steward-nobody@127.0.0.1"));
}

static void
test_other_key (Scene *scene, gconstpointer settings)
{
  g_autofree char *lines = g_strdup_printf ("Host *\nIdentityFile %s/other", scene->sshd->folder);
  g_autofree char *authorized = sshd_fixture_dup_path (scene->sshd, "user_key");

  g_assert_cmpint (g_unlink (authorized), ==, 0);
  sshd_fixture_make_key (scene->sshd, "other", "");
  sshd_fixture_configure (scene->sshd, lines);
  g_autoptr (GError) error = connect_here (scene, NULL);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
}

static void
test_too_many_keys (Scene *scene, gconstpointer settings)
{
  g_autoptr (GString) lines = g_string_new ("Host *\n");

  for (int i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("other%d", i);

      sshd_fixture_make_key (scene->sshd, name, "");
      g_string_append_printf (lines, "IdentityFile %s/%s\n", scene->sshd->folder, name);
    }
  sshd_fixture_configure (scene->sshd, lines->str);
  g_autoptr (GError) error = connect_here (scene, NULL);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_nonnull (strstr (error->message, "IdentitiesOnly"));
}

static gboolean
exists (gpointer data)
{
  return g_file_test (data, G_FILE_TEST_EXISTS);
}

/* An agent of the test's own. */
static GPid
start_agent (char *socket)
{
  const char *argv[] = { "ssh-agent", "-D", "-a", socket, NULL };
  g_autoptr (GError) error = NULL;
  GPid pid = 0;

  g_spawn_async (NULL, (char **)argv, NULL,
                 G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                 NULL, &pid, &error);
  g_assert_no_error (error);
  host_wait_until (exists, socket);
  return pid;
}

static void
end_agent (GPid pid)
{
  kill (pid, SIGTERM);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
  g_spawn_close_pid (pid);
}

static void
add_to_agent (const char *socket, const char *key)
{
  g_autofree char *variable = g_strconcat ("SSH_AUTH_SOCK=", socket, NULL);
  const char *argv[] = { "env", variable, "ssh-add", "-q", key, NULL };

  g_free (sshd_fixture_run (argv));
}

/* The key file itself is gone: only its public half says which one is meant. */
static void
test_agent (Scene *scene, gconstpointer settings)
{
  g_autofree char *socket = sshd_fixture_dup_path (scene->sshd, "agent");
  g_autofree char *key = sshd_fixture_dup_path (scene->sshd, "user_key");
  g_autofree char *lines = g_strdup_printf ("Host *\nIdentityAgent %s", socket);
  GPid agent = start_agent (socket);

  add_to_agent (socket, key);
  g_assert_cmpint (g_unlink (key), ==, 0);
  g_autoptr (GError) without = connect_here (scene, NULL);
  sshd_fixture_configure (scene->sshd, lines);
  g_autoptr (GError) with = connect_here (scene, NULL);
  end_agent (agent);
  g_autoptr (GError) ended = connect_here (scene, NULL);
  g_assert_error (without, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_no_error (with);
  g_assert_error (ended, STEWARD_ERROR, STEWARD_ERROR_DENIED);
}

/* A certificate of a throw-away authority that ended long ago. */
static void
test_expired_certificate (Scene *scene, gconstpointer settings)
{
  g_autofree char *authority = sshd_fixture_dup_path (scene->sshd, "authority");
  g_autofree char *key = sshd_fixture_dup_path (scene->sshd, "mine");
  g_autofree char *public_key = g_strconcat (key, ".pub", NULL);
  const char *sign[] = { "ssh-keygen", "-q",   "-s", authority,           "-I",       "me",
                         "-n",         "root", "-V", "20200101:20200102", public_key, NULL };
  g_autofree char *lines = g_strdup_printf ("Host *\nIdentityFile %s", key);
  g_autofree char *trust = g_strdup_printf ("TrustedUserCAKeys %s.pub", authority);
  g_autofree char *usual = sshd_fixture_dup_path (scene->sshd, "user_key");

  sshd_fixture_make_key (scene->sshd, "authority", "");
  sshd_fixture_make_key (scene->sshd, "mine", "");
  g_free (sshd_fixture_run (sign));
  g_assert_cmpint (g_unlink (usual), ==, 0);
  sshd_fixture_configure (scene->sshd, lines);
  sshd_fixture_stop (scene->sshd);
  sshd_fixture_restart (scene->sshd, trust);
  g_autoptr (GError) error = connect_here (scene, NULL);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_nonnull (strstr (error->message, "mine-cert.pub"));
}

static void
test_no_shell (Scene *scene, gconstpointer settings)
{
  g_autoptr (GError) error = connect_here (scene, NULL);

  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_nonnull (strstr (error->message, "not available"));
}

static void
test_bad_configuration (Scene *scene, gconstpointer settings)
{
  sshd_fixture_configure (scene->sshd, "NoSuchOption yes");
  g_autoptr (GError) error = connect_here (scene, NULL);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
}

/* What a configuration may hold that would make ssh something else than a carrier of commands. */
static void
test_odd_configuration (Scene *scene, gconstpointer settings)
{
  sshd_fixture_configure (scene->sshd, "Host *\nSessionType none\nStdinNull yes\n"
                                       "ForkAfterAuthentication yes\nRemoteCommand false\n"
                                       "RequestTTY force\nControlMaster auto\nControlPath none\n"
                                       "ControlPersist yes\nBatchMode yes\nLogLevel QUIET\n"
                                       "PermitLocalCommand yes\nLocalCommand exit 1\n"
                                       "LocalForward 1 127.0.0.1:1\nExitOnForwardFailure yes\n");
  g_autoptr (GError) error = connect_here (scene, NULL);
  g_assert_no_error (error);
}

static void
test_alias (Scene *scene, gconstpointer settings)
{
  g_autofree char *lines =
      g_strdup_printf ("Host parsec other\nHostname 127.0.0.1\nPort %u\nHost *.example !x ?\n"
                       "Host = \"quoted\"\nInclude %s/more_*\nInclude %s/absent",
                       scene->sshd->port, scene->sshd->folder, scene->sshd->folder);
  g_autofree char *more = sshd_fixture_dup_path (scene->sshd, "more_hosts");
  StewardSshAddress address = { NULL, (char *)"parsec", 0 };

  g_assert_true (g_file_set_contents (more, "  host included # why\nHost parsec\n", -1, NULL));
  sshd_fixture_configure (scene->sshd, lines);
  g_autoptr (GError) error = ssh_answers_connect (NULL, &address);
  g_assert_no_error (error);
  g_auto (GStrv) hosts = steward_ssh_list_configured_hosts ();
  g_autofree char *list = g_strjoinv (" ", hosts);
  g_assert_cmpstr (list, ==, "parsec other quoted included");
}

#define NOLOGIN "ForceCommand /usr/sbin/nologin"

static const struct
{
  const char *name, *settings;
  void (*test) (Scene *scene, gconstpointer settings);
} cases[] = {
  { "/ssh-connect/host-key/is-asked-for-once", NULL, test_host_key_accepted },
  { "/ssh-connect/host-key/is-not-taken-unasked", NULL, test_host_key_refused },
  { "/ssh-connect/host-key/refuses-another-one", NULL, test_host_key_changed },
  { "/ssh-connect/passphrase/is-asked-again", NULL, test_passphrase },
  { "/ssh-connect/passphrase/is-wrong", NULL, test_passphrase_wrong },
  { "/ssh-connect/passphrase/goes-unanswered", NULL, test_passphrase_unanswered },
  { "/ssh-connect/question/ends-when-cancelled", NULL, test_cancelled_at_question },
  { "/ssh-connect/agent/has-the-only-key", NULL, test_agent },
  { "/ssh-connect/failure/refused-port", NULL, test_refused_port },
  { "/ssh-connect/failure/unknown-name", NULL, test_unknown_name },
  { "/ssh-connect/failure/wrong-user", NULL, test_wrong_user },
  { "/ssh-connect/failure/other-key", NULL, test_other_key },
  { "/ssh-connect/failure/too-many-keys", "MaxAuthTries 2", test_too_many_keys },
  { "/ssh-connect/failure/expired-certificate", NULL, test_expired_certificate },
  { "/ssh-connect/failure/no-shell", NOLOGIN, test_no_shell },
  { "/ssh-connect/failure/bad-configuration", NULL, test_bad_configuration },
  { "/ssh-connect/configuration/cannot-change-what-ssh-is-for", NULL, test_odd_configuration },
  { "/ssh-connect/configuration/names-hosts", NULL, test_alias },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].name, Scene, cases[i].settings, set_up, cases[i].test, tear_down);
  return g_test_run ();
}
