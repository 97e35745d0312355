/* What is said on a terminal for each question of a host, and where there is none. */
#include "cli/ask-host.h"

#include <string.h>

#include "core/base/error.h"

#define FINGERPRINT "SHA256:mVnZ9sBvJq0QmG0m0e6cQ9Wf1m6l0z7yQ2Y3x1w0v9U"

typedef struct
{
  StewardSshQuestion question;
  const char *text;   /* a part of it; empty: nothing is said */
  const char *prompt; /* whole */
} Case;

static const Case cases[] = {
  { { STEWARD_SSH_QUESTION_HOST_KEY, "admin@parsec:22", NULL, FINGERPRINT, "ED25519", "", 1 },
    "met admin@parsec:22 before. Its ED25519 key has the fingerprint\n\n  " FINGERPRINT "\n",
    "Connect? Type “yes” if they are the same: " },
  { { STEWARD_SSH_QUESTION_HOST_KEY, "parsec", NULL, FINGERPRINT, "RSA", "", 1 },
    "“ssh-keygen -l -f /etc/ssh/ssh_host_…_key.pub” prints it.",
    "Connect? Type “yes” if they are the same: " },
  /* The key of a host on the way there. */
  { { STEWARD_SSH_QUESTION_HOST_KEY, "parsec", "[gate]:2222", FINGERPRINT, "RSA", "", 1 },
    "met [gate]:2222 before.",
    "Connect? Type “yes” if they are the same: " },
  /* ssh shows the key once. */
  { { STEWARD_SSH_QUESTION_HOST_KEY, "parsec", NULL, NULL, NULL, "", 2 },
    "That was neither “yes” nor “no”.",
    "Connect? Type “yes” if they are the same: " },
  { { STEWARD_SSH_QUESTION_PASSPHRASE, "parsec", "/home/a/.ssh/id", NULL, NULL, "", 1 },
    "",
    "Passphrase of the key /home/a/.ssh/id: " },
  { { STEWARD_SSH_QUESTION_PASSPHRASE, "parsec", "/home/a/.ssh/id", NULL, NULL, "", 2 },
    "That was not right. Try again, or press Enter to give up.",
    "Passphrase of the key /home/a/.ssh/id: " },
  { { STEWARD_SSH_QUESTION_PASSWORD, "parsec", "admin@10.0.0.1", NULL, NULL, "", 1 },
    "",
    "Password of admin@10.0.0.1: " },
  { { STEWARD_SSH_QUESTION_PASSWORD, "parsec", NULL, NULL, NULL, "", 3 },
    "That was not right.",
    "Password of parsec: " },
  { { STEWARD_SSH_QUESTION_CODE, "parsec", NULL, NULL, NULL, "Verification code:", 1 },
    "",
    "parsec asks: Verification code: " },
};

static void
test_texts (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *prompt = NULL;
      g_autofree char *text = steward_cli_ask_host_dup_text (&cases[i].question, &prompt);

      g_assert_cmpstr (prompt, ==, cases[i].prompt);
      if (*cases[i].text == '\0')
        g_assert_cmpstr (text, ==, "");
      else if (strstr (text, cases[i].text) == NULL)
        g_error ("“%s” does not say “%s”", text, cases[i].text);
    }
}

static GError *
explain (const StewardSshQuestion *question)
{
  g_auto (StewardCliHostAsker)
      asker = { NULL, question != NULL ? steward_ssh_question_copy (question) : NULL };
  GError *error = g_error_new_literal (STEWARD_ERROR, STEWARD_ERROR_REFUSED, "as before");

  steward_cli_ask_host_explain (&asker, &error);
  return error;
}

static void
test_no_terminal (void)
{
  const StewardSshQuestion key = { .kind = STEWARD_SSH_QUESTION_HOST_KEY,
                                   .host = (char *)"parsec",
                                   .fingerprint = (char *)FINGERPRINT,
                                   .prompt = (char *)"" };
  const StewardSshQuestion password = { .kind = STEWARD_SSH_QUESTION_PASSWORD,
                                        .host = (char *)"parsec",
                                        .prompt = (char *)"admin@parsec's password:" };
  g_autoptr (GError) about_key = explain (&key);
  g_autoptr (GError) about_password = explain (&password);

  g_assert_error (about_key, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_nonnull (strstr (about_key->message, FINGERPRINT));
  g_assert_nonnull (strstr (about_key->message, "no terminal"));
  g_assert_error (about_password, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_nonnull (strstr (about_password->message, "admin@parsec's password:"));
  g_assert_nonnull (strstr (about_password->message, "no terminal"));
}

static void
test_other_failure (void)
{
  g_autoptr (GError) error = explain (NULL);

  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED);
  g_assert_cmpstr (error->message, ==, "as before");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/ask-host/words", test_texts);
  g_test_add_func ("/cli/ask-host/says-that-there-is-no-terminal", test_no_terminal);
  g_test_add_func ("/cli/ask-host/leaves-other-failures-alone", test_other_failure);
  return g_test_run ();
}
