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
#define ENDING_GRACE_MS 3000

typedef struct
{
  const StewardCommand *command;
  StewardOutcome *outcome;
  GPid pid;
  int pidfd;
  int source;        /* of the input, where it can be waited for; else -1 */
  int in, out, err;  /* -1 once closed */
  GBytes *chunk;     /* owned, nullable: input that is not written yet */
  GString *lines[2]; /* owned: unfinished lines of output and error */
} Process;

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static void
process_clear (Process *process)
{
  close_fd (&process->in);
  close_fd (&process->out);
  close_fd (&process->err);
  close_fd (&process->pidfd);
  g_clear_pointer (&process->chunk, g_bytes_unref);
  for (gsize i = 0; i < G_N_ELEMENTS (process->lines); i++)
    if (process->lines[i] != NULL)
      g_string_free (process->lines[i], TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Process, process_clear)

/* Runs between fork and exec: only calls that are safe there. The child must die of a broken pipe
 * as any other does, though this program ignores it. */
static void
child_setup_cb (gpointer data)
{
  setpgid (0, 0);
  signal (SIGPIPE, SIG_DFL);
}

static gboolean
process_start (Process *process, const char *const *argv, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "LC_ALL", "C", TRUE);

  if (!g_spawn_async_with_pipes ("/", (char **)argv, environment,
                                 G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH, child_setup_cb,
                                 NULL, &process->pid, &process->in, &process->out, &process->err,
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
  process->pidfd = pidfd_open (process->pid, 0);
  if (process->pidfd < 0)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
                   _ ("The program “%s” could not be watched: %s"), argv[0], g_strerror (errno));
      kill (-process->pid, SIGKILL);
      waitpid (process->pid, NULL, 0);
      return FALSE;
    }
  g_unix_set_fd_nonblocking (process->in, TRUE, NULL);
  g_unix_set_fd_nonblocking (process->out, TRUE, NULL);
  g_unix_set_fd_nonblocking (process->err, TRUE, NULL);
  return TRUE;
}

static void
emit_lines (Process *process, GString *pending, const char *data, gsize length)
{
  if (process->command->line == NULL)
    return;
  g_string_append_len (pending, data, length);
  for (char *end; (end = memchr (pending->str, '\n', pending->len)) != NULL;)
    {
      gsize line_length = end - pending->str;
      g_autofree char *line = g_utf8_make_valid (pending->str, line_length);

      process->command->line (line, process->command->line_data);
      g_string_erase (pending, 0, line_length + 1);
    }
}

static gboolean
take_output (
    Process *process, const char *data, gsize length, GCancellable *cancellable, GError **error)
{
  if (process->command->output != NULL)
    return g_output_stream_write_all (process->command->output, data, length, NULL, cancellable,
                                      error);

  if (process->outcome->output->len + length > OUTPUT_LIMIT_BYTES)
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                           _ ("A command printed more than 64 MiB and was ended."));
      return FALSE;
    }
  g_string_append_len (process->outcome->output, data, length);
  emit_lines (process, process->lines[0], data, length);
  return TRUE;
}

static void
take_errors (Process *process, const char *data, gsize length)
{
  GString *errors = process->outcome->errors;

  g_string_append_len (errors, data, length);
  if (errors->len > ERRORS_LIMIT_BYTES)
    g_string_erase (errors, 0, errors->len - ERRORS_LIMIT_BYTES);
  emit_lines (process, process->lines[1], data, length);
}

/* Reads what is there; a stream at its end is closed. */
static gboolean
read_stream (Process *process, int *fd, GCancellable *cancellable, GError **error)
{
  char buffer[65536];
  gboolean is_output = fd == &process->out;
  gssize length = read (*fd, buffer, sizeof buffer);

  if (length < 0 && (errno == EAGAIN || errno == EINTR))
    return TRUE;
  if (length <= 0)
    {
      close_fd (fd);
      return TRUE;
    }
  if (is_output)
    return take_output (process, buffer, length, cancellable, error);
  take_errors (process, buffer, length);
  return TRUE;
}

/* Input that may be a long time in coming is waited for beside all else. */
static gboolean
awaits_source (const Process *process)
{
  return process->source >= 0 && process->in >= 0 && process->chunk == NULL;
}

/* A child that stops reading is its own matter: its status tells. */
static gboolean
write_input (Process *process, GCancellable *cancellable, GError **error)
{
  if (process->chunk == NULL && process->command->input != NULL)
    {
      process->chunk =
          g_input_stream_read_bytes (process->command->input, 65536, cancellable, error);
      if (process->chunk == NULL)
        return FALSE;
    }
  if (process->chunk == NULL || g_bytes_get_size (process->chunk) == 0)
    {
      close_fd (&process->in);
      return TRUE;
    }

  gsize size = 0;
  const void *data = g_bytes_get_data (process->chunk, &size);
  gssize written = write (process->in, data, size);
  if (written < 0 && errno != EAGAIN && errno != EINTR)
    close_fd (&process->in);
  if (written <= 0)
    return TRUE;

  g_autoptr (GBytes) done = g_steal_pointer (&process->chunk);
  if ((gsize)written < size)
    process->chunk = g_bytes_new_from_bytes (done, written, size - written);
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

/* Pumps until the child has ended and what it had printed by then is read. */
static gboolean
process_pump (Process *process,
              gint64 deadline_us,
              const char *program,
              GCancellable *cancellable,
              GError **error)
{
  gboolean ended = FALSE;
  int cancel_fd = g_cancellable_get_fd (cancellable);

  while (!ended || process->out >= 0 || process->err >= 0)
    {
      gboolean awaits = awaits_source (process);
      struct pollfd fds[] = {
        { awaits ? process->source : process->in, awaits ? POLLIN : POLLOUT, 0 },
        { process->out, POLLIN, 0 },
        { process->err, POLLIN, 0 },
        { ended ? -1 : process->pidfd, POLLIN, 0 },
        { cancel_fd, POLLIN, 0 },
      };
      /* After the end only what already lies in the pipes is read. */
      int ready = poll (fds, G_N_ELEMENTS (fds), ended ? 0 : remaining_ms (deadline_us));

      if (ended && ready <= 0)
        return TRUE;
      if (!check_time (deadline_us, program, cancellable, error))
        return FALSE;
      if (fds[0].revents != 0 && !write_input (process, cancellable, error))
        return FALSE;
      if (fds[1].revents != 0 && !read_stream (process, &process->out, cancellable, error))
        return FALSE;
      if (fds[2].revents != 0 && !read_stream (process, &process->err, cancellable, error))
        return FALSE;
      if (fds[3].revents != 0)
        ended = TRUE;
      if (ended)
        close_fd (&process->in);
    }
  return TRUE;
}

/* Ends the whole group: politely, then surely. The child is not reaped yet, so that the group's
 * number is still its own. */
static void
process_end (Process *process)
{
  struct pollfd fd = { process->pidfd, POLLIN, 0 };

  kill (-process->pid, SIGTERM);
  poll (&fd, 1, ENDING_GRACE_MS);
  kill (-process->pid, SIGKILL);
}

static int
process_reap (Process *process)
{
  int status = 0;

  while (waitpid (process->pid, &status, 0) < 0 && errno == EINTR)
    ;
  g_spawn_close_pid (process->pid);
  return WIFSIGNALED (status) ? 128 + WTERMSIG (status) : WEXITSTATUS (status);
}

gboolean
steward_process_run (const char *const *argv,
                     const StewardCommand *command,
                     StewardOutcome *outcome,
                     GCancellable *cancellable,
                     GError **error)
{
  g_auto (Process) process = { command, outcome, 0, -1, -1, -1, -1, -1, NULL, { NULL, NULL } };
  guint deadline_ms = command->deadline_ms != 0 ? command->deadline_ms : STEWARD_HOST_DEADLINE_MS;
  gint64 deadline_us = deadline_ms == G_MAXUINT
                           ? G_MAXINT64
                           : g_get_monotonic_time () + deadline_ms * G_GINT64_CONSTANT (1000);

  outcome->output = g_string_new (NULL);
  outcome->errors = g_string_new (NULL);
  process.lines[0] = g_string_new (NULL);
  process.lines[1] = g_string_new (NULL);
  if (command->input != NULL && G_IS_FILE_DESCRIPTOR_BASED (command->input))
    process.source = g_file_descriptor_based_get_fd (G_FILE_DESCRIPTOR_BASED (command->input));
  if (g_cancellable_set_error_if_cancelled (cancellable, error)
      || !process_start (&process, argv, error))
    return FALSE;

  gboolean pumped = process_pump (&process, deadline_us, command->argv[0], cancellable, error);
  if (!pumped)
    process_end (&process);
  outcome->status = process_reap (&process);
  g_cancellable_release_fd (cancellable);

  for (gsize i = 0; pumped && i < G_N_ELEMENTS (process.lines); i++)
    if (process.lines[i]->len > 0)
      emit_lines (&process, process.lines[i], "\n", 1);
  return pumped;
}
