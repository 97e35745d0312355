/* Asks on /dev/tty: standard input may be a script's. See the header. */
#include "cli/ask-host.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/terminal.h"

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

static char *
read_unseen_line (int fd, GCancellable *cancellable)
{
  struct termios seen, unseen;

  if (tcgetattr (fd, &seen) < 0)
    return NULL;
  unseen = seen;
  unseen.c_lflag &= ~(tcflag_t)ECHO;
  unseen.c_lflag |= ECHONL;
  if (tcsetattr (fd, TCSAFLUSH, &unseen) < 0)
    return NULL;
  char *answer = read_line (fd, cancellable);
  tcsetattr (fd, TCSAFLUSH, &seen);
  return answer;
}

static char *
dup_host_key_text (const StewardSshQuestion *question)
{
  return g_strdup_printf (
      _ ("Steward has not met %s before. Its %s key has the fingerprint\n\n  %s\n\nCompare it with "
         "what the host itself says: there, “ssh-keygen -l -f /etc/ssh/ssh_host_…_key.pub” "
         "prints "
         "it. If they differ, somebody may be listening in between."),
      question->host, question->key_type != NULL ? question->key_type : "?",
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

char *
steward_cli_ask_host_cb (const StewardSshQuestion *question,
                         GCancellable *cancellable,
                         gpointer terminal)
{
  int fd = open ("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_autofree char *prompt = NULL;
  g_autofree char *text = NULL;

  if (fd < 0)
    return NULL;
  text = steward_cli_ask_host_dup_text (question, &prompt);
  take_turn (terminal, text, prompt);
  char *answer = question->kind == STEWARD_SSH_QUESTION_HOST_KEY
                     ? read_line (fd, cancellable)
                     : read_unseen_line (fd, cancellable);
  take_turn (terminal, NULL, NULL);
  close (fd);
  return answer;
}
