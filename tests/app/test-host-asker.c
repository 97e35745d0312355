/* The way of a password from the keyring to a host and back: a real keyring, a real sshd with PAM,
 * and somebody at the window. */
#include "app/host-asker.h"
#include "app/keyring.h"
#include "core/host/ssh-host.h"
#include "keyring-fixture.h"
#include "sshd-account.h"

/* As no other run on this machine has it. */
static char *password;

typedef struct
{
  const char *answer;
  StewardHostAnswerFlags flags;
} Answer;

typedef struct
{
  KeyringFixture *keyring;
  SshdFixture *sshd;
  StewardSshQuestion question; /* as it is kept under */
  Answer answers[6];           /* at the window, in turn */
  StewardSshQuestionKind kinds[6];
  guint count;
  GError *error; /* of the latest connecting */
} Scene;

static void
set_up (Scene *scene, gconstpointer data)
{
  SshdAccount account = { password, NULL, GPOINTER_TO_INT (data) };

  scene->keyring = keyring_fixture_new ();
  scene->sshd = sshd_fixture_new (NULL);
  sshd_account_start (scene->sshd, &account);
  scene->question = (StewardSshQuestion){
    .kind = STEWARD_SSH_QUESTION_PASSWORD,
    .host = g_strdup_printf (SSHD_ACCOUNT_NAME "@127.0.0.1:%u", scene->sshd->port),
    .subject = (char *)SSHD_ACCOUNT_NAME "@127.0.0.1",
  };
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  sshd_fixture_free (scene->sshd);
  keyring_fixture_free (scene->keyring);
  g_free (scene->question.host);
}

static void
asked_cb (StewardHostAsker *asker, gpointer data)
{
  Scene *scene = data;
  g_autoptr (StewardSshQuestion) question = steward_host_asker_dup_question (asker);
  guint count = scene->count++;

  g_assert_cmpuint (count, <, G_N_ELEMENTS (scene->answers));
  scene->kinds[count] = question->kind;
  steward_host_asker_answer (asker, scene->answers[count].answer, scene->answers[count].flags);
}

static void
connect_task (GTask *task, gpointer source, gpointer host, GCancellable *cancellable)
{
  GError *error = NULL;

  if (steward_host_connect (host, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(gboolean *)data = TRUE;
}

/* A program that starts, connects and ends. Questions begin anew. */
static void
connect_once (Scene *scene)
{
  g_autoptr (StewardHostAsker) asker = steward_host_asker_new ();
  StewardSshAsker ssh_asker = steward_host_asker_get_asker (asker);
  StewardSshAddress address = { (char *)SSHD_ACCOUNT_NAME, (char *)"127.0.0.1", scene->sshd->port };
  g_autoptr (StewardHost) host = steward_ssh_host_new (&address, &ssh_asker);
  gboolean is_done = FALSE;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, connected_cb, &is_done);

  scene->count = 0;
  g_signal_connect (asker, "asked", G_CALLBACK (asked_cb), scene);
  g_task_set_task_data (task, host, NULL);
  g_task_run_in_thread (task, connect_task);
  while (!is_done)
    g_main_context_iteration (NULL, TRUE);
  g_clear_error (&scene->error);
  g_task_propagate_boolean (task, &scene->error);
}

static void
assert_asked (Scene *scene, const StewardSshQuestionKind *kinds, guint count)
{
  g_assert_cmpuint (scene->count, ==, count);
  for (guint i = 0; i < count; i++)
    g_assert_cmpint (scene->kinds[i], ==, kinds[i]);
}

static void
assert_kept (Scene *scene, const char *expected)
{
  char *kept = steward_keyring_look_up (&scene->question, NULL);

  g_assert_cmpstr (kept, ==, expected);
  steward_keyring_free (kept);
}

#define ASSERT_ASKED(scene, ...)                                                                   \
  G_STMT_START                                                                                     \
  {                                                                                                \
    static const StewardSshQuestionKind kinds[] = { __VA_ARGS__ };                                 \
    assert_asked (scene, kinds, G_N_ELEMENTS (kinds));                                             \
  }                                                                                                \
  G_STMT_END

static void
test_remembers (Scene *scene, gconstpointer data)
{
  keyring_fixture_start (scene->keyring, KEYRING_FIXTURE_UNLOCKED);
  scene->answers[0] = (Answer){ password, STEWARD_HOST_ANSWER_REMEMBER };
  connect_once (scene);
  g_assert_no_error (scene->error);
  ASSERT_ASKED (scene, STEWARD_SSH_QUESTION_PASSWORD);
  assert_kept (scene, password);
  connect_once (scene);
  g_assert_no_error (scene->error);
  g_assert_cmpuint (scene->count, ==, 0);
  g_assert_cmpuint (sshd_fixture_count_logins (scene->sshd), ==, 2);
}

static void
test_not_remembered (Scene *scene, gconstpointer data)
{
  keyring_fixture_start (scene->keyring, KEYRING_FIXTURE_UNLOCKED);
  scene->answers[0] = (Answer){ password, STEWARD_HOST_ANSWER_DEFAULT };
  for (int i = 0; i < 2; i++)
    {
      connect_once (scene);
      g_assert_no_error (scene->error);
      ASSERT_ASKED (scene, STEWARD_SSH_QUESTION_PASSWORD);
      assert_kept (scene, NULL);
    }
}

static void
test_forgets (Scene *scene, gconstpointer data)
{
  keyring_fixture_start (scene->keyring, KEYRING_FIXTURE_UNLOCKED);
  steward_keyring_keep (&scene->question, "of before", NULL);
  scene->answers[0] = (Answer){ password, STEWARD_HOST_ANSWER_DEFAULT };
  connect_once (scene);
  g_assert_no_error (scene->error);
  ASSERT_ASKED (scene, STEWARD_SSH_QUESTION_PASSWORD);
  assert_kept (scene, NULL);
}

static void
test_no_keyring (Scene *scene, gconstpointer data)
{
  scene->answers[0] = (Answer){ password, STEWARD_HOST_ANSWER_DEFAULT };
  connect_once (scene);
  g_assert_no_error (scene->error);
  ASSERT_ASKED (scene, STEWARD_SSH_QUESTION_PASSWORD);
}

static const char *const codes[] = { SSHD_ACCOUNT_CODES };

/* Codes are never kept: what was wrong is the code, not what the keyring has. */
static void
test_wrong_code (Scene *scene, gconstpointer data)
{
  keyring_fixture_start (scene->keyring, KEYRING_FIXTURE_UNLOCKED);
  steward_keyring_keep (&scene->question, password, NULL);
  scene->answers[0] = (Answer){ "00000000", STEWARD_HOST_ANSWER_DEFAULT };
  scene->answers[1] = (Answer){ codes[0], STEWARD_HOST_ANSWER_REMEMBER };
  connect_once (scene);
  g_assert_no_error (scene->error);
  ASSERT_ASKED (scene, STEWARD_SSH_QUESTION_CODE, STEWARD_SSH_QUESTION_CODE);
  assert_kept (scene, password);
}

/* The host does not say which of the two was wrong. */
static void
test_wrong_before_code (Scene *scene, gconstpointer data)
{
  keyring_fixture_start (scene->keyring, KEYRING_FIXTURE_UNLOCKED);
  steward_keyring_keep (&scene->question, "of before", NULL);
  scene->answers[0] = (Answer){ codes[0], STEWARD_HOST_ANSWER_DEFAULT };
  scene->answers[1] = (Answer){ codes[1], STEWARD_HOST_ANSWER_DEFAULT };
  scene->answers[2] = (Answer){ password, STEWARD_HOST_ANSWER_REMEMBER };
  scene->answers[3] = (Answer){ codes[2], STEWARD_HOST_ANSWER_DEFAULT };
  connect_once (scene);
  g_assert_no_error (scene->error);
  ASSERT_ASKED (scene, STEWARD_SSH_QUESTION_CODE, STEWARD_SSH_QUESTION_CODE,
                STEWARD_SSH_QUESTION_PASSWORD, STEWARD_SSH_QUESTION_CODE);
  assert_kept (scene, password);
}

/* What was typed, and wrongly so, is not taken for the kept one. */
static void
test_typed_before_code (Scene *scene, gconstpointer data)
{
  keyring_fixture_start (scene->keyring, KEYRING_FIXTURE_UNLOCKED);
  scene->answers[0] = (Answer){ "mistyped", STEWARD_HOST_ANSWER_REMEMBER };
  scene->answers[1] = (Answer){ codes[0], STEWARD_HOST_ANSWER_DEFAULT };
  scene->answers[2] = (Answer){ password, STEWARD_HOST_ANSWER_DEFAULT };
  scene->answers[3] = (Answer){ codes[1], STEWARD_HOST_ANSWER_DEFAULT };
  connect_once (scene);
  g_assert_no_error (scene->error);
  ASSERT_ASKED (scene, STEWARD_SSH_QUESTION_PASSWORD, STEWARD_SSH_QUESTION_CODE,
                STEWARD_SSH_QUESTION_PASSWORD, STEWARD_SSH_QUESTION_CODE);
  assert_kept (scene, NULL);
}

static void
skip (void)
{
  g_test_skip ("Only root that may mount can give sshd a throw-away account.");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    SshdAccountFlags account;
    void (*test) (Scene *scene, gconstpointer data);
  } cases[] = {
    { "/host-asker/remembers", SSHD_ACCOUNT_DEFAULT, test_remembers },
    { "/host-asker/remembers-nothing-unasked", SSHD_ACCOUNT_DEFAULT, test_not_remembered },
    { "/host-asker/forgets-a-wrong-one", SSHD_ACCOUNT_DEFAULT, test_forgets },
    { "/host-asker/goes-on-without-a-keyring", SSHD_ACCOUNT_DEFAULT, test_no_keyring },
    { "/host-asker/forgets-nothing-for-a-wrong-code", SSHD_ACCOUNT_CODE, test_wrong_code },
    { "/host-asker/asks-in-the-end-before-a-code", SSHD_ACCOUNT_CODE, test_wrong_before_code },
    { "/host-asker/asks-again-for-what-was-typed", SSHD_ACCOUNT_CODE, test_typed_before_code },
  };
  gboolean is_possible = sshd_account_is_possible ();

  g_test_init (&argc, &argv, NULL);
  password = g_uuid_string_random ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    if (is_possible)
      g_test_add (cases[i].path, Scene, GINT_TO_POINTER (cases[i].account), set_up, cases[i].test,
                  tear_down);
    else
      g_test_add_func (cases[i].path, skip);
  int status = keyring_fixture_run_tests ();
  g_free (password);
  return status;
}
