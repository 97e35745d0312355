/* One attempt to connect, on the connection's keeper thread. */
#include "core/host/ssh-opening.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/host/framing.h"
#include "core/host/scripts.h"
#include "core/host/ssh-askpass.h"
#include "core/host/command-line.h"
#include "core/host/ssh-failure.h"
#include "core/host/ssh-program.h"

/* Until the host lets us in; ssh itself watches the network only from then on. */
#define COMING_IN_MS 30000
/* For a slow profile of the login shell. */
#define FIRST_COMMAND_MS 60000
/* For somebody who must find the hardware key first. */
#define TOUCH_MS 60000
#define SAID_LIMIT_BYTES 65536

typedef struct
{
  const StewardSshOpening *opening;
  StewardSshMaster *master; /* borrowed */
  StewardFraming framing;   /* of standard output: it begins when commands can be run */
  GString *said;            /* owned: standard error */
  GPtrArray *asked;         /* owned, of StewardSshQuestion */
  int listener;             /* for the askpass program */
  int notice;               /* ssh shows something without a question as long as this is open */
  gint64 limit_us;
  gboolean is_in;
} Attempt;

static void
attempt_clear (Attempt *attempt)
{
  if (attempt->listener >= 0)
    close (attempt->listener);
  if (attempt->notice >= 0)
    close (attempt->notice);
  steward_framing_clear (&attempt->framing);
  g_string_free (attempt->said, TRUE);
  g_ptr_array_unref (attempt->asked);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Attempt, attempt_clear)

static gint64
from_now_us (gint64 time_ms)
{
  return g_get_monotonic_time () + time_ms * 1000;
}

static void
wipe (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

static void
set_unanswered (const StewardSshOpening *opening,
                const StewardSshQuestion *question,
                GError **error)
{
  g_autofree char *name = steward_ssh_address_format (opening->address);

  if (g_cancellable_set_error_if_cancelled (opening->cancellable, error))
    return;
  if (question->kind == STEWARD_SSH_QUESTION_HOST_KEY)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                 _ ("The host key of “%s” was not accepted. Nothing was sent there."), name);
  else
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED,
                 _ ("To connect to “%s”, ssh needs an answer that was not given: %s"), name,
                 question->prompt);
}

/* Asks, and hands the answer over. Takes over @question and @fd. */
static gboolean
ask (Attempt *attempt, StewardSshQuestion *question, int fd, GError **error)
{
  const StewardSshOpening *opening = attempt->opening;
  const StewardSshAsker *asker = opening->asker;
  gint64 began_us = g_get_monotonic_time ();

  for (guint i = 0; i < attempt->asked->len; i++)
    question->attempt += steward_ssh_question_is_same (attempt->asked->pdata[i], question);
  g_ptr_array_add (attempt->asked, question);

  char *answer =
      asker->ask != NULL ? asker->ask (question, opening->cancellable, asker->data) : NULL;
  gboolean answered = answer != NULL;
  steward_ssh_askpass_answer (fd, answer);
  wipe (answer);
  attempt->limit_us += g_get_monotonic_time () - began_us;
  if (!answered)
    set_unanswered (opening, question, error);
  return answered;
}

static gboolean
take_question (Attempt *attempt, GError **error)
{
  g_autofree char *hint = NULL, *prompt = NULL;
  g_autofree char *name = steward_ssh_address_format (attempt->opening->address);
  int fd = steward_ssh_askpass_accept (attempt->listener, &hint, &prompt);

  if (fd < 0)
    return TRUE;
  if (strcmp (hint, "none") != 0)
    return ask (attempt, steward_ssh_question_parse (prompt, name), fd, error);
  if (attempt->notice >= 0)
    close (attempt->notice);
  attempt->notice = fd;
  attempt->limit_us = MAX (attempt->limit_us, from_now_us (TOUCH_MS));
  return TRUE;
}

/* Returns: whether something came, or may come later */
static gboolean
read_streams (Attempt *attempt)
{
  g_autoptr (GString) own = g_string_new (NULL);
  char buffer[4096];
  gssize length;

  while ((length = read (attempt->master->err, buffer, sizeof buffer)) > 0)
    g_string_append_len (attempt->said, buffer, length);
  if (attempt->said->len > SAID_LIMIT_BYTES)
    g_string_erase (attempt->said, 0, attempt->said->len - SAID_LIMIT_BYTES);
  while ((length = read (attempt->master->out, buffer, sizeof buffer)) > 0)
    steward_framing_take (&attempt->framing, STEWARD_STREAM_OUTPUT, buffer, length, own);
  if (!attempt->is_in && steward_ssh_failure_is_authenticated (attempt->said->str))
    {
      attempt->is_in = TRUE;
      attempt->limit_us = from_now_us (FIRST_COMMAND_MS);
    }
  return length < 0;
}

static void
set_failure (Attempt *attempt, GError **error)
{
  StewardFrame *output = &attempt->framing.streams[STEWARD_STREAM_OUTPUT];

  g_string_append_len (output->before, output->held->str, output->held->len);
  steward_ssh_failure_set (attempt->opening->address, attempt->said->str, output->before->str,
                           error);
}

static gboolean
check_time (Attempt *attempt, GError **error)
{
  g_autofree char *name = steward_ssh_address_format (attempt->opening->address);

  if (g_get_monotonic_time () < attempt->limit_us)
    return TRUE;
  if (attempt->is_in)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
                 _ ("“%s” let us in, but the login shell there did not get to our command within a "
                    "minute. Look at its profile."),
                 name);
  else
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
                 _ ("“%s” did not answer in time. Check that it is running and that the network "
                    "leads there."),
                 name);
  return FALSE;
}

/* Blocks until commands can be run. */
static gboolean
wait_until_open (Attempt *attempt, GError **error)
{
  GCancellable *cancellable = attempt->opening->cancellable;
  int cancel_fd = g_cancellable_get_fd (cancellable);

  while (!steward_framing_has_begun (&attempt->framing))
    {
      struct pollfd fds[] = { { cancel_fd, POLLIN, 0 },
                              { attempt->listener, POLLIN, 0 },
                              { attempt->master->pidfd, POLLIN, 0 },
                              { attempt->master->out, POLLIN, 0 },
                              { attempt->master->err, POLLIN, 0 } };
      gint64 left_ms = (attempt->limit_us - g_get_monotonic_time ()) / 1000;

      poll (fds, G_N_ELEMENTS (fds), CLAMP (left_ms, 0, G_MAXINT));
      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || (fds[1].revents != 0 && !take_question (attempt, error))
          || !check_time (attempt, error))
        return FALSE;
      gboolean is_open = read_streams (attempt);
      if (!steward_framing_has_begun (&attempt->framing) && (fds[2].revents != 0 || !is_open))
        {
          /* The last words may come after the end of the output. */
          poll (&fds[2], 1, 1000);
          read_streams (attempt);
          set_failure (attempt, error);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
start_master (Attempt *attempt, const char *askpass_socket, GError **error)
{
  const StewardSshOpening *opening = attempt->opening;
  g_autofree char *token = g_strconcat (opening->token, "k", NULL);
  const char *keep[] = { "sh", "-c", steward_script_keep, "steward-keep", NULL };
  g_autofree char *line = steward_command_line (token, keep);
  g_autoptr (GPtrArray) argv =
      steward_ssh_program_master_argv (opening->address, opening->socket, line);

  g_ptr_array_add (argv, NULL);
  steward_framing_init (&attempt->framing, token);
  g_unlink (askpass_socket);
  g_unlink (opening->socket);
  attempt->listener = steward_ssh_askpass_listen (askpass_socket, error);
  return attempt->listener >= 0
         && steward_ssh_master_start (attempt->master, (const char *const *)argv->pdata,
                                      askpass_socket, error);
}

gboolean
steward_ssh_opening_run (const StewardSshOpening *opening, StewardSshMaster *master, GError **error)
{
  g_autofree char *askpass_socket = g_build_filename (opening->folder, "ask", NULL);
  g_auto (Attempt) attempt = {
    .opening = opening,
    .master = master,
    .said = g_string_new (NULL),
    .asked = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_ssh_question_free),
    .listener = -1,
    .notice = -1,
    .limit_us = from_now_us (COMING_IN_MS),
  };

  gboolean opened =
      start_master (&attempt, askpass_socket, error) && wait_until_open (&attempt, error);
  g_cancellable_release_fd (opening->cancellable);
  g_unlink (askpass_socket);
  return opened;
}
