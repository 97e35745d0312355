/* The main loop. Nothing here blocks: an answer is read when the terminal has a line. */
#include "cli/run.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/ask-host.h"
#include "cli/terminal.h"
#include "core/operations/channel.h"
#include "core/operations/worker.h"

#define ANSWER_BYTES 1024

typedef struct
{
  const StewardCliCommand *command;
  const StewardCliOptions *options;
  StewardCliTerminal *terminal; /* borrowed, as all down to the loop */
  StewardChannel *channel;
  GCancellable *cancellable;
  GMainLoop *loop;
  StewardClient client;
  char *version;          /* owned, nullable: the word that answers the open question with yes */
  guint answer_source;    /* 0 where no question is open */
  StewardCliReply *reply; /* owned, nullable */
} Run;

StewardCliPresence
steward_cli_run_get_presence (void)
{
  return isatty (STDIN_FILENO) && isatty (STDERR_FILENO) ? STEWARD_CLI_SOMEBODY_THERE
                                                         : STEWARD_CLI_NOBODY_THERE;
}

static void
write_cb (const char *text, gpointer data)
{
  g_printerr ("%s", text);
}

static void
measure (Run *run)
{
  struct winsize size = { 0 };

  if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    steward_cli_terminal_set_columns (run->terminal, size.ws_col);
}

static gboolean
tick_cb (gpointer data)
{
  Run *run = data;

  steward_cli_terminal_tick (run->terminal);
  return G_SOURCE_CONTINUE;
}

static void
close_question (Run *run)
{
  g_clear_handle_id (&run->answer_source, g_source_remove);
  g_clear_pointer (&run->version, g_free);
  steward_cli_terminal_end_question (run->terminal);
}

/* Answers the open question, if any; an empty text never agrees. */
static void
answer (Run *run, const char *typed)
{
  gboolean is_consent = g_strcmp0 (run->version, STEWARD_CLI_CONSENT) == 0;

  if (is_consent)
    typed = rpmatch (typed) == 1 ? STEWARD_CLI_CONSENT : "";
  close_question (run);
  steward_channel_answer (run->channel, typed);
}

/* The worker is silent while it waits for an answer: an event then means that it waits no
 * longer. */
static void
show_cb (const StewardEvent *event, gpointer data)
{
  Run *run = data;

  measure (run);
  if (run->answer_source != 0)
    {
      close_question (run);
      steward_cli_terminal_say (run->terminal, _ ("\nNobody answered, which counts as no."));
    }
  steward_cli_terminal_show (run->terminal, event);
}

static gboolean
answer_cb (int fd, GIOCondition condition, gpointer data)
{
  Run *run = data;
  char line[ANSWER_BYTES];
  ssize_t length = read (fd, line, sizeof line - 1);

  if (length < 0 && (errno == EINTR || errno == EAGAIN))
    return G_SOURCE_CONTINUE;
  line[MAX (length, 0)] = '\0';
  run->answer_source = 0;
  answer (run, g_strstrip (line));
  return G_SOURCE_REMOVE;
}

static gboolean
is_about_consent (const StewardQuestion *question)
{
  return g_strcmp0 (question->version, STEWARD_CLI_CONSENT) == 0;
}

static char *
dup_prompt (const StewardQuestion *question)
{
  if (is_about_consent (question))
    return g_strdup (_ ("Go on? [y/N] "));
  return g_strdup_printf (_ ("To agree to the loss, type %s: "), question->version);
}

/* Consent to begin is asked for only where somebody is there; a loss is agreed to by the version
 * alone, given beforehand or typed now. */
static void
question_cb (StewardChannel *channel, const StewardQuestion *question, gpointer data)
{
  Run *run = data;
  const char *accepted = run->options->accepted_loss;
  g_autofree char *prompt = dup_prompt (question);

  close_question (run);
  run->version = g_strdup (question->version);
  if (accepted != NULL && !is_about_consent (question))
    {
      answer (run, accepted);
      return;
    }
  if (steward_cli_run_get_presence () == STEWARD_CLI_NOBODY_THERE)
    {
      answer (run, "");
      return;
    }
  steward_cli_terminal_ask (run->terminal, question->text, prompt);
  run->answer_source = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, answer_cb, run);
}

static gboolean
signal_cb (gpointer data)
{
  Run *run = data;
  gboolean is_first = !g_cancellable_is_cancelled (run->cancellable);

  if (run->answer_source != 0)
    steward_cli_terminal_say (run->terminal, "");
  steward_cli_terminal_say (run->terminal,
                            is_first
                                ? _ ("Cancelling, as soon as that is safe …")
                                : _ ("Finishing safely: to stop here would leave the server half "
                                     "way."));
  g_cancellable_cancel (run->cancellable);
  answer (run, "");
  return G_SOURCE_CONTINUE;
}

static gboolean
open_session (Run *run,
              StewardCliSession *session,
              const StewardCliHostAsker *asker,
              GError **error)
{
  gboolean is_open = run->command->accepts & STEWARD_CLI_OPTION_DEPLOYMENT
                         ? steward_cli_session_open (session, error)
                         : steward_cli_session_open_engine (session, error);

  if (!is_open)
    steward_cli_ask_host_explain (asker, error);
  return is_open;
}

/* On the worker's thread: all of the command. */
static gpointer
work (gpointer data, GCancellable *cancellable, GError **error)
{
  Run *run = data;
  StewardCliReply *reply = steward_cli_reply_new ();
  g_auto (StewardCliHostAsker) host_asker = { .terminal = run->terminal };
  StewardSshAsker asker = { steward_cli_ask_host_cb, &host_asker, NULL };
  g_auto (StewardCliSession) session = {
    .options = run->options, .client = &run->client, .asker = &asker, .cancellable = cancellable
  };

  if (open_session (run, &session, &host_asker, &reply->error))
    run->command->run (&session, reply, &reply->error);
  else if (run->command->flags & STEWARD_CLI_COMMAND_OPERATES)
    reply->exit = steward_cli_exit_of_result (STEWARD_RESULT_REFUSED, reply->error);
  if (reply->exit == STEWARD_CLI_EXIT_DONE)
    reply->exit = steward_cli_exit_of_error (reply->error);
  return reply;
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *run = data;
  GError *error = NULL;

  run->reply = steward_worker_run_finish (result, &error);
  if (run->reply == NULL)
    {
      run->reply = steward_cli_reply_new ();
      run->reply->exit = steward_cli_exit_of_error (error);
      run->reply->error = error;
    }
  g_main_loop_quit (run->loop);
}

/* A terminal that went away must not take a half-done operation with it: its end is a request to
 * stop, like the others. */
static void
watch_signals (Run *run, guint sources[3])
{
  static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

  signal (SIGPIPE, SIG_IGN);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    sources[i] = g_unix_signal_add (numbers[i], signal_cb, run);
}

static void
loop (Run *run)
{
  g_autoptr (StewardWorker) worker = steward_worker_new ("deployment");
  guint tick = g_timeout_add_seconds (1, tick_cb, run);
  guint signals[3];

  watch_signals (run, signals);
  steward_worker_run_async (worker, work, run, NULL, (GDestroyNotify)steward_cli_reply_free,
                            run->cancellable, done_cb, run);
  g_main_loop_run (run->loop);
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    g_source_remove (signals[i]);
  g_source_remove (tick);
}

static StewardCliTerminalFlags
get_terminal_flags (const StewardCliOptions *options)
{
  StewardCliTerminalFlags flags = STEWARD_CLI_TERMINAL_PLAIN;

  if (isatty (STDERR_FILENO) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0)
    flags |= STEWARD_CLI_TERMINAL_REDRAWS;
  if (options->verbose)
    flags |= STEWARD_CLI_TERMINAL_VERBOSE;
  return flags;
}

StewardCliReply *
steward_cli_run (const StewardCliCommand *command, const StewardCliOptions *options)
{
  Run run = { .command = command, .options = options };
  g_autoptr (StewardChannel) channel = steward_channel_new (show_cb, question_cb, &run);
  g_autoptr (StewardCliTerminal) terminal =
      steward_cli_terminal_new (get_terminal_flags (options), write_cb, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GMainLoop) main_loop = g_main_loop_new (NULL, FALSE);

  run.channel = channel;
  run.terminal = terminal;
  run.cancellable = cancellable;
  run.loop = main_loop;
  run.client = (StewardClient){ "stewardctl " STEWARD_VERSION, steward_channel_event_cb,
                                steward_channel_ask_cb, channel };
  loop (&run);
  steward_channel_close (channel);
  g_free (run.version);
  return run.reply;
}
