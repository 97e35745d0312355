/* See the header. */
#include "ssh-answers.h"

static void
note (SshAnswers *answers, const StewardSshQuestion *question)
{
  guint count = answers->count++;

  g_assert_cmpuint (count, <, G_N_ELEMENTS (answers->answers));
  answers->kinds[count] = question->kind;
  answers->attempts[count] = question->attempt;
  answers->prompts[count] = g_strdup (question->prompt);
  g_free (answers->subject);
  g_free (answers->fingerprint);
  answers->subject = g_strdup (question->subject);
  answers->fingerprint = g_strdup (question->fingerprint);
}

static char *
answer_cb (const StewardSshQuestion *question, GCancellable *cancellable, gpointer data)
{
  SshAnswers *answers = data;

  note (answers, question);
  if (answers->look != NULL)
    answers->look ();
  if (answers->cancel != NULL)
    {
      GPollFD fd = { 0 };

      g_cancellable_cancel (answers->cancel);
      g_assert_true (g_cancellable_make_pollfd (cancellable, &fd));
      g_assert_cmpint (g_poll (&fd, 1, 20000), ==, 1);
      g_cancellable_release_fd (cancellable);
    }
  return g_strdup (answers->answers[answers->count - 1]);
}

void
ssh_answers_clear (SshAnswers *answers)
{
  for (gsize i = 0; i < G_N_ELEMENTS (answers->prompts); i++)
    g_free (answers->prompts[i]);
  g_free (answers->subject);
  g_free (answers->fingerprint);
}

StewardSshAsker
ssh_answers_get_asker (SshAnswers *answers)
{
  return (StewardSshAsker){ answers != NULL ? answer_cb : NULL, answers, NULL };
}

GError *
ssh_answers_connect (SshAnswers *answers, const StewardSshAddress *address)
{
  StewardSshAsker asker = ssh_answers_get_asker (answers);
  g_autoptr (StewardHost) host = steward_ssh_host_new (address, &asker);
  GError *error = NULL;

  if (!steward_host_connect (host, NULL, &error))
    return error;
  const char *argv[] = { "echo", "in", NULL };
  StewardCommand command = { .argv = argv };
  g_autofree char *output = steward_host_call (host, &command, NULL, NULL);
  g_assert_cmpstr (output, ==, "in\n");
  return NULL;
}
