/* Asks on /dev/tty: standard input may be a script's. See the header. */
#include "cli/ask-host.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/text.h"
#include "core/base/error.h"

#define ANSWER_BYTES 1024

/* What the main thread is asked to do with its terminal, and that it did. */
typedef struct
{
  StewardCliTerminal *terminal;
  const char *text; /* NULL: the question is over */
  const char *prompt;
  GMutex mutex;
  GCond cond;
  gboolean is_done; /* guarded by mutex */
} Turn;

static gboolean
turn_cb (gpointer data)
{
  Turn *turn = data;

  if (turn->text != NULL)
    steward_cli_terminal_ask (turn->terminal, turn->text, turn->prompt);
  else
    steward_cli_terminal_end_question (turn->terminal);
  g_mutex_lock (&turn->mutex);
  turn->is_done = TRUE;
  g_cond_signal (&turn->cond);
  g_mutex_unlock (&turn->mutex);
  return G_SOURCE_REMOVE;
}

/* @text, @prompt: (nullable): %NULL ends the question */
static void
take_turn (StewardCliTerminal *terminal, const char *text, const char *prompt)
{
  Turn turn = { .terminal = terminal, .text = text, .prompt = prompt };

  g_mutex_init (&turn.mutex);
  g_cond_init (&turn.cond);
  g_main_context_invoke_full (NULL, G_PRIORITY_HIGH, turn_cb, &turn, NULL);
  g_mutex_lock (&turn.mutex);
  while (!turn.is_done)
    g_cond_wait (&turn.cond, &turn.mutex);
  g_mutex_unlock (&turn.mutex);
  g_mutex_clear (&turn.mutex);
  g_cond_clear (&turn.cond);
}

/* Returns: whether a line may be read */
static gboolean
wait_for_line (int fd, GCancellable *cancellable)
{
  struct pollfd fds[] = { { fd, POLLIN, 0 }, { g_cancellable_get_fd (cancellable), POLLIN, 0 } };
  int ready;

  do
    ready = poll (fds, G_N_ELEMENTS (fds), -1);
  while (ready < 0 && errno == EINTR);
  g_cancellable_release_fd (cancellable);
  return ready > 0 && fds[1].revents == 0;
}

/* A line without its end; a line that is too long is none. */
static char *
read_line (int fd, GCancellable *cancellable)
{
  char line[ANSWER_BYTES];
  ssize_t length = wait_for_line (fd, cancellable) ? read (fd, line, sizeof line) : 0;
  char *answer =
      length > 1 && line[length - 1] == '\n' ? g_strndup (line, (gsize)length - 1) : NULL;

  explicit_bzero (line, sizeof line);
  return answer;
}

/* Before the question is seen: who types at once is not to be seen either. */
static gboolean
set_up_typing (int fd, const StewardSshQuestion *question, struct termios *before)
{
  struct termios unseen;

  if (tcgetattr (fd, before) < 0)
    return FALSE;
  unseen = *before;
  unseen.c_lflag &= ~(tcflag_t)ECHO;
  unseen.c_lflag |= ECHONL;
  return question->kind == STEWARD_SSH_QUESTION_HOST_KEY || tcsetattr (fd, TCSAFLUSH, &unseen) == 0;
}

/* Where standard error is redirected, nobody would see the question there. */
static void
show (StewardCliTerminal *terminal, int fd, const char *text, const char *prompt)
{
  g_autofree char *clean_text = steward_cli_text_clean (text);
  g_autofree char *clean_prompt = steward_cli_text_clean (prompt);

  if (isatty (STDERR_FILENO))
    take_turn (terminal, text, prompt);
  else
    dprintf (fd, "%s%s%s", clean_text, *text != '\0' ? "\n" : "", clean_prompt);
}

static void
end_question (StewardCliTerminal *terminal)
{
  if (isatty (STDERR_FILENO))
    take_turn (terminal, NULL, NULL);
}

static char *
dup_host_key_text (const StewardSshQuestion *question)
{
  if (question->attempt > 1)
    return g_strdup (_ ("That was neither “yes” nor “no”."));
  return g_strdup_printf (
      _ ("Steward has not met %s before. Its %s key has the fingerprint\n\n  %s\n\nCompare it with "
         "what the host itself says: there, “ssh-keygen -l -f /etc/ssh/ssh_host_…_key.pub” "
         "prints it. If they differ, somebody may be listening in between."),
      question->subject != NULL ? question->subject : question->host,
      question->key_type != NULL ? question->key_type : "?",
      question->fingerprint != NULL ? question->fingerprint : "?");
}

char *
steward_cli_ask_host_dup_text (const StewardSshQuestion *question, char **prompt)
{
  const char *again =
      question->attempt > 1 ? _ ("That was not right. Try again, or press Enter to give up.") : "";

  switch (question->kind)
    {
    case STEWARD_SSH_QUESTION_HOST_KEY:
      *prompt = g_strdup (_ ("Connect? Type “yes” if they are the same: "));
      return dup_host_key_text (question);
    case STEWARD_SSH_QUESTION_PASSPHRASE:
      *prompt = g_strdup_printf (_ ("Passphrase of the key %s: "),
                                 question->subject != NULL ? question->subject : "?");
      return g_strdup (again);
    case STEWARD_SSH_QUESTION_PASSWORD:
      *prompt = g_strdup_printf (_ ("Password of %s: "),
                                 question->subject != NULL ? question->subject : question->host);
      return g_strdup (again);
    case STEWARD_SSH_QUESTION_CODE:
    default:
      *prompt = g_strdup_printf (_ ("%s asks: %s "), question->host, question->prompt);
      return g_strdup (again);
    }
}

static char *
ask_on (int fd,
        const StewardSshQuestion *question,
        StewardCliTerminal *terminal,
        GCancellable *cancellable)
{
  g_autofree char *prompt = NULL;
  g_autofree char *text = steward_cli_ask_host_dup_text (question, &prompt);
  struct termios before;

  if (!set_up_typing (fd, question, &before))
    return NULL;
  show (terminal, fd, text, prompt);
  char *answer = read_line (fd, cancellable);
  tcsetattr (fd, TCSAFLUSH, &before);
  end_question (terminal);
  return answer;
}

char *
steward_cli_ask_host_cb (const StewardSshQuestion *question,
                         GCancellable *cancellable,
                         gpointer data)
{
  StewardCliHostAsker *asker = data;
  int fd = open ("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

  g_clear_pointer (&asker->unasked, steward_ssh_question_free);
  if (fd < 0)
    {
      asker->unasked = steward_ssh_question_copy (question);
      return NULL;
    }
  char *answer = ask_on (fd, question, asker->terminal, cancellable);
  close (fd);
  return answer;
}

void
steward_cli_ask_host_explain (const StewardCliHostAsker *asker, GError **error)
{
  const StewardSshQuestion *question = asker->unasked;

  if (question == NULL)
    return;
  g_clear_error (error);
  if (question->kind == STEWARD_SSH_QUESTION_HOST_KEY)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED,
                 _ ("The host key of “%s” is not known here, and there is no terminal to ask on "
                    "whether it is the right one: %s. Connect once on a terminal. Nothing was sent "
                    "there."),
                 question->host, question->fingerprint != NULL ? question->fingerprint : "?");
  else
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED,
                 _ ("To connect to “%s”, ssh asks “%s”, and there is no terminal to answer on. Run "
                    "this on a terminal, or with a key that ssh-agent holds."),
                 question->host, question->prompt);
}

void
steward_cli_host_asker_clear (StewardCliHostAsker *asker)
{
  g_clear_pointer (&asker->unasked, steward_ssh_question_free);
}
