/* Pumps a child's streams with poll(2), so that a deadline and a cancellation reach it at any
 * moment. The child is watched through a pidfd: a stream that a grandchild keeps open does not
 * delay the end. */
#include "core/host/process.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gfiledescriptorbased.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT_LIMIT_BYTES (64 * 1024 * 1024)
#define ERRORS_LIMIT_BYTES (64 * 1024)
/* What streams through: each pause of ours is one of the sender too once the pipe is full. */
#define STREAM_PIPE_BYTES (1024 * 1024)
#define READ_BYTES (256 * 1024)
#define ENDING_GRACE_MS 3000
/* The far end is as patient, and then sure. */
#define FAR_GRACE_MS (ENDING_GRACE_MS + 2000)

typedef struct
{
  const StewardCommand *command;
  const StewardFarEnd *far_end; /* nullable */
  StewardOutcome *outcome;
  GPid pid;
  int pidfd;
  int source;                        /* of the input, where it can be waited for; else -1 */
  int in, out, err;                  /* -1 once closed */
  GBytes *chunk;                     /* owned, nullable: input that is not written yet */
  GString *lines[STEWARD_N_STREAMS]; /* owned: unfinished lines of output and error */
  char *buffer;                      /* owned: what was read */
  GString *own;                      /* owned: of that, the command's own; for a far end */
} Child;

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static void
child_clear (Child *child)
{
  close_fd (&child->in);
  close_fd (&child->out);
  close_fd (&child->err);
  close_fd (&child->pidfd);
  g_clear_pointer (&child->chunk, g_bytes_unref);
  for (gsize i = 0; i < G_N_ELEMENTS (child->lines); i++)
    if (child->lines[i] != NULL)
      g_string_free (child->lines[i], TRUE);
  if (child->own != NULL)
    g_string_free (child->own, TRUE);
  g_free (child->buffer);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Child, child_clear)

/* Runs between fork and exec: only calls that are safe there. The child must die of a broken pipe
 * as any other does, though this program ignores it. */
static void
child_setup_cb (gpointer data)
{
  setpgid (0, 0);
  signal (SIGPIPE, SIG_DFL);
}

static gboolean
child_start (Child *child, const char *const *argv, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "LC_ALL", "C", TRUE);

  if (!g_spawn_async_with_pipes ("/", (char **)argv, environment,
                                 G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH, child_setup_cb,
                                 NULL, &child->pid, &child->in, &child->out, &child->err,
                                 &local_error))
    {
      if (g_error_matches (local_error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
        g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                     _ ("The program “%s” is not installed here."), argv[0]);
      else
        g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
                     _ ("The program “%s” could not be started: %s"), argv[0],
                     local_error->message);
      return FALSE;
    }
  child->pidfd = pidfd_open (child->pid, 0);
  if (child->pidfd < 0)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
                   _ ("The program “%s” could not be watched: %s"), argv[0], g_strerror (errno));
      kill (-child->pid, SIGKILL);
      waitpid (child->pid, NULL, 0);
      return FALSE;
    }
  g_unix_set_fd_nonblocking (child->in, TRUE, NULL);
  g_unix_set_fd_nonblocking (child->out, TRUE, NULL);
  g_unix_set_fd_nonblocking (child->err, TRUE, NULL);
  if (child->command->output != NULL)
    fcntl (child->out, F_SETPIPE_SZ, STREAM_PIPE_BYTES); /* without it goes on, slower */
  return TRUE;
}

static void
emit_lines (Child *child, GString *pending, const char *data, gsize length)
{
  if (child->command->line == NULL)
    return;
  g_string_append_len (pending, data, length);
  for (char *end; (end = memchr (pending->str, '\n', pending->len)) != NULL;)
    {
      gsize line_length = end - pending->str;
      g_autofree char *line = g_utf8_make_valid (pending->str, line_length);

      child->command->line (line, child->command->line_data);
      g_string_erase (pending, 0, line_length + 1);
    }
}

static gboolean
take_output (
    Child *child, const char *data, gsize length, GCancellable *cancellable, GError **error)
{
  if (child->command->output != NULL)
    return g_output_stream_write_all (child->command->output, data, length, NULL, cancellable,
                                      error);

  if (child->outcome->output->len + length > OUTPUT_LIMIT_BYTES)
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                           _ ("A command printed more than 64 MiB and was ended."));
      return FALSE;
    }
  g_string_append_len (child->outcome->output, data, length);
  emit_lines (child, child->lines[0], data, length);
  return TRUE;
}

static void
take_errors (Child *child, const char *data, gsize length)
{
  GString *errors = child->outcome->errors;

  g_string_append_len (errors, data, length);
  if (errors->len > ERRORS_LIMIT_BYTES)
    g_string_erase (errors, 0, errors->len - ERRORS_LIMIT_BYTES);
  emit_lines (child, child->lines[1], data, length);
}

static gboolean
take (Child *child,
      StewardStream stream,
      const char *data,
      gsize length,
      GCancellable *cancellable,
      GError **error)
{
  if (length == 0)
    return TRUE;
  if (stream == STEWARD_STREAM_OUTPUT)
    return take_output (child, data, length, cancellable, error);
  take_errors (child, data, length);
  return TRUE;
}

/* Reads what is there; a stream at its end is closed. */
static gboolean
read_stream (Child *child, StewardStream stream, GCancellable *cancellable, GError **error)
{
  int *fd = stream == STEWARD_STREAM_OUTPUT ? &child->out : &child->err;
  gssize length = read (*fd, child->buffer, READ_BYTES);

  if (length < 0 && (errno == EAGAIN || errno == EINTR))
    return TRUE;
  if (length <= 0)
    {
      close_fd (fd);
      return TRUE;
    }
  if (child->far_end == NULL)
    return take (child, stream, child->buffer, length, cancellable, error);

  g_string_truncate (child->own, 0);
  steward_framing_take (child->far_end->framing, stream, child->buffer, length, child->own);
  return take (child, stream, child->own->str, child->own->len, cancellable, error);
}

/* Input that may be a long time in coming is waited for beside all else. */
static gboolean
awaits_source (const Child *child)
{
  return child->source >= 0 && child->in >= 0 && child->chunk == NULL;
}

static int
find_source (const StewardCommand *command)
{
  return command->input != NULL && G_IS_FILE_DESCRIPTOR_BASED (command->input)
             ? g_file_descriptor_based_get_fd (G_FILE_DESCRIPTOR_BASED (command->input))
             : -1;
}

/* A child that stops reading is its own matter: its status tells. */
static gboolean
write_input (Child *child, GCancellable *cancellable, GError **error)
{
  if (child->chunk == NULL && child->command->input != NULL)
    {
      child->chunk = g_input_stream_read_bytes (child->command->input, 65536, cancellable, error);
      if (child->chunk == NULL)
        return FALSE;
    }
  if (child->chunk == NULL || g_bytes_get_size (child->chunk) == 0)
    {
      close_fd (&child->in);
      return TRUE;
    }

  gsize size = 0;
  const void *data = g_bytes_get_data (child->chunk, &size);
  gssize written = write (child->in, data, size);
  if (written < 0 && errno != EAGAIN && errno != EINTR)
    close_fd (&child->in);
  if (written <= 0)
    return TRUE;

  g_autoptr (GBytes) done = g_steal_pointer (&child->chunk);
  if ((gsize)written < size)
    child->chunk = g_bytes_new_from_bytes (done, written, size - written);
  return TRUE;
}

static int
remaining_ms (gint64 deadline_us)
{
  if (deadline_us == G_MAXINT64)
    return -1;
  return CLAMP ((deadline_us - g_get_monotonic_time ()) / 1000, 0, G_MAXINT);
}

static gboolean
check_time (gint64 deadline_us, const char *program, GCancellable *cancellable, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (g_get_monotonic_time () < deadline_us)
    return TRUE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
               _ ("The command “%s” did not end in time and was stopped."), program);
  return FALSE;
}

static gboolean
is_over_there (const Child *child)
{
  return child->far_end != NULL && steward_framing_is_over (child->far_end->framing);
}

/* Pumps until the child has ended and what it had printed by then is read, or the far end has said
 * that its command is over. */
static gboolean
child_pump (Child *child,
            gint64 deadline_us,
            const char *program,
            GCancellable *cancellable,
            GError **error)
{
  gboolean ended = FALSE;
  int cancel_fd = g_cancellable_get_fd (cancellable);

  while (!is_over_there (child) && (!ended || child->out >= 0 || child->err >= 0))
    {
      gboolean awaits = awaits_source (child);
      struct pollfd fds[] = {
        { awaits ? child->source : child->in, awaits ? POLLIN : POLLOUT, 0 },
        { child->out, POLLIN, 0 },
        { child->err, POLLIN, 0 },
        { ended ? -1 : child->pidfd, POLLIN, 0 },
        { cancel_fd, POLLIN, 0 },
      };
      /* After the end only what already lies in the pipes is read. */
      int ready = poll (fds, G_N_ELEMENTS (fds), ended ? 0 : remaining_ms (deadline_us));

      if (ended && ready <= 0)
        return TRUE;
      if (!check_time (deadline_us, program, cancellable, error))
        return FALSE;
      if (fds[0].revents != 0 && !write_input (child, cancellable, error))
        return FALSE;
      if (fds[1].revents != 0 && !read_stream (child, STEWARD_STREAM_OUTPUT, cancellable, error))
        return FALSE;
      if (fds[2].revents != 0 && !read_stream (child, STEWARD_STREAM_ERRORS, cancellable, error))
        return FALSE;
      if (fds[3].revents != 0)
        ended = TRUE;
      if (ended)
        close_fd (&child->in);
    }
  return TRUE;
}

/* Ends the whole group: politely, then surely. The child is not reaped yet, so that the group's
 * number is still its own. What sudo runs is another user's and cannot be ended: it loses its
 * streams, by which most commands end themselves. */
static void
child_end (Child *child)
{
  struct pollfd fd = { child->pidfd, POLLIN, 0 };

  if (child->far_end != NULL && !is_over_there (child))
    {
      child->far_end->end (child->far_end->framing, child->far_end->data);
      poll (&fd, 1, FAR_GRACE_MS);
    }
  if (kill (-child->pid, SIGTERM) != 0 && errno == EPERM)
    {
      close_fd (&child->in);
      close_fd (&child->out);
      close_fd (&child->err);
    }
  poll (&fd, 1, ENDING_GRACE_MS);
  kill (-child->pid, SIGKILL);
}

static gpointer
reap_thread (gpointer data)
{
  while (waitpid (GPOINTER_TO_INT (data), NULL, 0) < 0 && errno == EINTR)
    ;
  return NULL;
}

/* Whether it goes on all the same; then it is waited for elsewhere. */
static gboolean
child_leave (Child *child)
{
  struct pollfd fd = { child->pidfd, POLLIN, 0 };

  if (kill (-child->pid, 0) == 0 || errno != EPERM || poll (&fd, 1, 0) > 0)
    return FALSE;
  g_thread_unref (g_thread_new ("reap", reap_thread, GINT_TO_POINTER (child->pid)));
  return TRUE;
}

static int
child_reap (Child *child)
{
  int status = 0;

  while (waitpid (child->pid, &status, 0) < 0 && errno == EINTR)
    ;
  g_spawn_close_pid (child->pid);
  return WIFSIGNALED (status) ? 128 + WTERMSIG (status) : WEXITSTATUS (status);
}

static gint64
get_deadline_us (const StewardCommand *command)
{
  guint deadline_ms = command->deadline_ms != 0 ? command->deadline_ms : STEWARD_HOST_DEADLINE_MS;

  return deadline_ms == G_MAXUINT
             ? G_MAXINT64
             : g_get_monotonic_time () + deadline_ms * G_GINT64_CONSTANT (1000);
}

gboolean
steward_process_run (const StewardProcess *process,
                     StewardOutcome *outcome,
                     GCancellable *cancellable,
                     GError **error)
{
  const StewardCommand *command = process->command;
  g_auto (Child)
      child = { command, process->far_end, outcome, 0, -1, find_source (command), -1, -1, -1 };
  gint64 deadline_us = get_deadline_us (command);

  outcome->output = g_string_new (NULL);
  outcome->errors = g_string_new (NULL);
  child.own = g_string_new (NULL);
  child.buffer = g_malloc (READ_BYTES);
  for (gsize i = 0; i < G_N_ELEMENTS (child.lines); i++)
    child.lines[i] = g_string_new (NULL);
  if (g_cancellable_set_error_if_cancelled (cancellable, error)
      || !child_start (&child, process->argv, error))
    return FALSE;

  gboolean pumped = child_pump (&child, deadline_us, command->argv[0], cancellable, error);
  gboolean has_ended = pumped && !is_over_there (&child);
  if (!has_ended)
    child_end (&child);
  outcome->status = has_ended || !child_leave (&child) ? child_reap (&child) : 128 + SIGKILL;
  g_cancellable_release_fd (cancellable);

  for (gsize i = 0; pumped && i < G_N_ELEMENTS (child.lines); i++)
    if (child.lines[i]->len > 0)
      emit_lines (&child, child.lines[i], "\n", 1);
  return pumped;
}
