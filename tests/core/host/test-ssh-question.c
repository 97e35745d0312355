/* A table of prompts, as OpenSSH and hosts word them. */
#include "core/host/ssh-question.h"

static const struct
{
  const char *prompt;
  StewardSshQuestionKind kind;
  const char *subject, *fingerprint, *key_type;
} cases[] = {
  { "The authenticity of host '[127.0.0.1]:2222 ([127.0.0.1]:2222)' can't be established.\n"
    "ED25519 key fingerprint is SHA256:uNiVztksCsDhcc0u9e8BrrQXVUpKZIDTMczCvj3tD2s.\n"
    "This key is not known by any other names.\n"
    "Are you sure you want to continue connecting (yes/no/[fingerprint])? ",
    STEWARD_SSH_QUESTION_HOST_KEY, "[127.0.0.1]:2222",
    "SHA256:uNiVztksCsDhcc0u9e8BrrQXVUpKZIDTMczCvj3tD2s", "ED25519" },
  { "The authenticity of host 'gate (<no hostip for proxy command>)' can't be established.\n"
    "RSA key fingerprint is SHA256:uNiVztksCsDhcc0u9e8BrrQXVUpKZIDTMczCvj3tD2s.\n"
    "Are you sure you want to continue connecting (yes/no/[fingerprint])? ",
    STEWARD_SSH_QUESTION_HOST_KEY, "gate", "SHA256:uNiVztksCsDhcc0u9e8BrrQXVUpKZIDTMczCvj3tD2s",
    "RSA" },
  { "Please type 'yes', 'no' or the fingerprint: ", STEWARD_SSH_QUESTION_HOST_KEY, NULL, NULL,
    NULL },
  { "Enter passphrase for key '/home/me/.ssh/id_ed25519': ", STEWARD_SSH_QUESTION_PASSPHRASE,
    "/home/me/.ssh/id_ed25519", NULL, NULL },
  { "Enter passphrase for /home/me/my key: ", STEWARD_SSH_QUESTION_PASSPHRASE, "/home/me/my key",
    NULL, NULL },
  { "Enter passphrase for key '/home/me/password': ", STEWARD_SSH_QUESTION_PASSPHRASE,
    "/home/me/password", NULL, NULL },
  { "Enter PIN for ED25519-SK key /home/me/.ssh/id_sk: ", STEWARD_SSH_QUESTION_PASSPHRASE,
    "/home/me/.ssh/id_sk", NULL, NULL },
  { "Enter PIN for 'My Token': ", STEWARD_SSH_QUESTION_PASSPHRASE, "My Token", NULL, NULL },
  { "admin@parsec's password: ", STEWARD_SSH_QUESTION_PASSWORD, "admin@parsec", NULL, NULL },
  { "(admin@parsec) Password: ", STEWARD_SSH_QUESTION_PASSWORD, "admin@parsec", NULL, NULL },
  { "(admin@parsec) Mot de passe : ", STEWARD_SSH_QUESTION_PASSWORD, "admin@parsec", NULL, NULL },
  { "(admin@password-host) Verification code: ", STEWARD_SSH_QUESTION_CODE, "admin@password-host",
    NULL, NULL },
  { "(otp@host) Password: ", STEWARD_SSH_QUESTION_PASSWORD, "otp@host", NULL, NULL },
  { "(admin@parsec) One-time password (OATH) for `admin': ", STEWARD_SSH_QUESTION_CODE,
    "admin@parsec", NULL, NULL },
  { "(admin@parsec) Passcode or option (1-3): ", STEWARD_SSH_QUESTION_CODE, "admin@parsec", NULL,
    NULL },
  { "Anything", STEWARD_SSH_QUESTION_CODE, NULL, NULL, NULL },
  { "", STEWARD_SSH_QUESTION_CODE, NULL, NULL, NULL },
};

static void
test_kinds (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (StewardSshQuestion) question =
          steward_ssh_question_parse (cases[i].prompt, "alias");

      g_test_message ("%s", question->prompt);
      g_assert_cmpint (question->kind, ==, cases[i].kind);
      g_assert_cmpstr (question->subject, ==, cases[i].subject);
      g_assert_cmpstr (question->fingerprint, ==, cases[i].fingerprint);
      g_assert_cmpstr (question->key_type, ==, cases[i].key_type);
      g_assert_cmpstr (question->host, ==, "alias");
      g_assert_cmpuint (question->attempt, ==, 1);
    }
}

static void
test_clean (void)
{
  g_autoptr (StewardSshQuestion) question =
      steward_ssh_question_parse ("a\nb\033[31mc\377\342\200\256d\342\200\250e\t", "host");

  g_assert_cmpstr (question->prompt, ==, "a b [31mc\xef\xbf\xbd d e");
}

static void
test_same (void)
{
  g_autoptr (StewardSshQuestion) first = steward_ssh_question_parse ("a@b's password: ", "b");
  g_autoptr (StewardSshQuestion) again = steward_ssh_question_parse ("a@b's password: ", "b");
  g_autoptr (StewardSshQuestion) other = steward_ssh_question_parse ("c@b's password: ", "b");
  g_autoptr (StewardSshQuestion) code = steward_ssh_question_parse ("Code: ", "b");
  g_autoptr (StewardSshQuestion) words = steward_ssh_question_parse ("Colour: ", "b");

  g_assert_true (steward_ssh_question_is_same (first, again));
  g_assert_false (steward_ssh_question_is_same (first, other));
  g_assert_false (steward_ssh_question_is_same (first, code));
  g_assert_false (steward_ssh_question_is_same (code, words));
}

#define UNKNOWN(host)                                                                              \
  "The authenticity of host '" host " (10.0.0.1)' can't be established.\n"                         \
  "ED25519 key fingerprint is SHA256:uNiVztksCsDhcc0u9e8BrrQXVUpKZIDTMczCvj3tD2s.\n"               \
  "Are you sure you want to continue connecting (yes/no/[fingerprint])? "

/* Behind an unknown host there may be another one, whose key is to be shown like the first. */
static void
test_same_key (void)
{
  g_autoptr (StewardSshQuestion) gate = steward_ssh_question_parse (UNKNOWN ("gate"), "b");
  g_autoptr (StewardSshQuestion) host = steward_ssh_question_parse (UNKNOWN ("host"), "b");
  g_autoptr (StewardSshQuestion) again =
      steward_ssh_question_parse ("Please type 'yes', 'no' or the fingerprint: ", "b");

  g_assert_true (steward_ssh_question_is_same (gate, gate));
  g_assert_false (steward_ssh_question_is_same (gate, host));
  g_assert_true (steward_ssh_question_is_same (gate, again));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ssh-question/tells-kinds-apart", test_kinds);
  g_test_add_func ("/ssh-question/cleans-the-prompt", test_clean);
  g_test_add_func ("/ssh-question/knows-one-again", test_same);
  g_test_add_func ("/ssh-question/knows-host-keys-apart", test_same_key);
  return g_test_run ();
}
