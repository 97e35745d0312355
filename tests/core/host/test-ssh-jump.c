/* A host that is reached through another one, and what may go wrong on that way. With two real
 * sshds. */
#include <glib/gstdio.h>
#include <string.h>

#include "core/host/ssh-host.h"
#include "host-suite.h"
#include "ssh-answers.h"
#include "sshd-fixture.h"

/* Each sshd has keys of its own. */
typedef struct
{
  SshdFixture *jump, *target;
  StewardSshAddress address;
} Scene;

static void
set_up (Scene *scene, gconstpointer data)
{
  scene->jump = sshd_fixture_new (data);
  scene->target = sshd_fixture_new (NULL);
  scene->address = (StewardSshAddress){ NULL, (char *)"parsec", 0 };
  g_autofree char *lines = g_strdup_printf (
      "Host gate\nHostname 127.0.0.1\nPort %u\nUserKnownHostsFile %s/known_hosts\nIdentityFile "
      "%s/user_key\n"
      "Host parsec\nHostname 127.0.0.1\nPort %u\nProxyJump gate\n",
      scene->jump->port, scene->jump->folder, scene->jump->folder, scene->target->port);
  sshd_fixture_configure (scene->target, lines);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  sshd_fixture_free (scene->target);
  sshd_fixture_free (scene->jump);
}

static void
test_jump (Scene *scene, gconstpointer data)
{
  g_autoptr (GError) error = ssh_answers_connect (NULL, &scene->address);

  g_assert_no_error (error);
  g_assert_cmpuint (sshd_fixture_count_logins (scene->jump), ==, 1);
  g_assert_cmpuint (sshd_fixture_count_logins (scene->target), ==, 1);
}

/* That it is the other host that is away, and which one that is. */
static void
test_dead (Scene *scene, gconstpointer data)
{
  sshd_fixture_stop (scene->jump);
  g_autoptr (GError) error = ssh_answers_connect (NULL, &scene->address);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "“parsec”"));
  g_assert_nonnull (strstr (error->message, "“gate” is there, but takes no SSH connections"));
}

static void
test_dead_target (Scene *scene, gconstpointer data)
{
  sshd_fixture_stop (scene->target);
  g_autoptr (GError) error = ssh_answers_connect (NULL, &scene->address);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "“parsec” is there, but takes no SSH connections"));
  g_assert_null (strstr (error->message, "gate"));
}

static void
remove_file (const SshdFixture *sshd, const char *name)
{
  g_autofree char *path = sshd_fixture_dup_path (sshd, name);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
test_denied (Scene *scene, gconstpointer data)
{
  remove_file (scene->jump, "user_key");
  g_autoptr (GError) error = ssh_answers_connect (NULL, &scene->address);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "“gate” let nobody in"));
}

static void
test_denied_by_target (Scene *scene, gconstpointer data)
{
  remove_file (scene->target, "user_key");
  g_autoptr (GError) error = ssh_answers_connect (NULL, &scene->address);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "“parsec” let nobody in"));
  g_assert_null (strstr (error->message, "gate"));
}

static void
test_forbidden (Scene *scene, gconstpointer data)
{
  g_autoptr (GError) error = ssh_answers_connect (NULL, &scene->address);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "AllowTcpForwarding"));
}

/* Whose key is to be accepted? */
static void
test_unknown_key (Scene *scene, gconstpointer data)
{
  g_auto (SshAnswers) answers = { { "yes", "yes" } };
  g_autofree char *gate = g_strdup_printf ("[127.0.0.1]:%u", scene->jump->port);
  g_autofree char *target = g_strdup_printf ("[127.0.0.1]:%u", scene->target->port);

  remove_file (scene->jump, "known_hosts");
  remove_file (scene->target, "known_hosts");
  g_autoptr (GError) error = ssh_answers_connect (&answers, &scene->address);
  g_assert_no_error (error);
  g_assert_cmpuint (answers.count, ==, 2);
  g_assert_cmpint (answers.kinds[0], ==, STEWARD_SSH_QUESTION_HOST_KEY);
  g_assert_cmpint (answers.kinds[1], ==, STEWARD_SSH_QUESTION_HOST_KEY);
  g_assert_nonnull (strstr (answers.prompts[0], gate));
  g_assert_cmpstr (answers.subject, ==, target);
  g_assert_cmpuint (answers.attempts[1], ==, 1);
}

static const struct
{
  const char *path, *settings; /* of the host on the way */
  void (*test) (Scene *scene, gconstpointer data);
} cases[] = {
  { "/ssh-jump/leads-there", NULL, test_jump },
  { "/ssh-jump/is-dead", NULL, test_dead },
  { "/ssh-jump/leads-to-a-dead-host", NULL, test_dead_target },
  { "/ssh-jump/lets-nobody-in", NULL, test_denied },
  { "/ssh-jump/leads-where-nobody-is-let-in", NULL, test_denied_by_target },
  { "/ssh-jump/forbids-it", "AllowTcpForwarding no", test_forbidden },
  { "/ssh-jump/has-an-unknown-key", NULL, test_unknown_key },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Scene, cases[i].settings, set_up, cases[i].test, tear_down);
  return g_test_run ();
}
