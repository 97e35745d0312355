/* Starts and ends the client; speaks to nobody. */
#include "core/host/ssh-master.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/host/ssh-askpass.h"

/* It has the other end's goodbye to wait for, if the network is alive. */
#define GOODBYE_MS 500
#define ENDING_GRACE_MS 1500

/* Between fork and exec: only calls that are safe there. A session of its own has no terminal that
 * anything could ask on. */
static void
child_setup_cb (gpointer data)
{
  setsid ();
  prctl (PR_SET_PDEATHSIG, SIGTERM);
  signal (SIGPIPE, SIG_DFL);
}

static char **
make_environment (const char *askpass_socket)
{
  char **environment = g_get_environ ();

  environment = g_environ_setenv (environment, "LC_ALL", "C", TRUE);
  environment =
      g_environ_setenv (environment, "SSH_ASKPASS", steward_ssh_askpass_get_program (), TRUE);
  environment = g_environ_setenv (environment, "SSH_ASKPASS_REQUIRE", "force", TRUE);
  return g_environ_setenv (environment, STEWARD_ASKPASS_SOCKET, askpass_socket, TRUE);
}

gboolean
steward_ssh_master_start (StewardSshMaster *self,
                          const char *const *argv,
                          const char *askpass_socket,
                          GError **error)
{
  g_auto (GStrv) environment = make_environment (askpass_socket);
  g_autoptr (GError) cause = NULL;

  if (!g_spawn_async_with_pipes ("/", (char **)argv, environment,
                                 G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH, child_setup_cb,
                                 NULL, &self->pid, &self->in, &self->out, &self->err, &cause))
    {
      gboolean absent = g_error_matches (cause, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT);

      g_set_error (error, STEWARD_ERROR, absent ? STEWARD_ERROR_NOT_FOUND : STEWARD_ERROR_FAILED,
                   _ ("The program “%s” could not be started: %s"), argv[0], cause->message);
      return FALSE;
    }
  g_unix_set_fd_nonblocking (self->in, TRUE, NULL);
  g_unix_set_fd_nonblocking (self->out, TRUE, NULL);
  g_unix_set_fd_nonblocking (self->err, TRUE, NULL);
  self->pidfd = pidfd_open (self->pid, 0);
  if (self->pidfd >= 0)
    return TRUE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
               _ ("The program “%s” could not be watched: %s"), argv[0], g_strerror (errno));
  return FALSE;
}

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

void
steward_ssh_master_end (StewardSshMaster *self)
{
  struct pollfd fd = { self->pidfd, POLLIN, 0 };

  close_fd (&self->in);
  if (self->pid != 0)
    {
      if (poll (&fd, 1, GOODBYE_MS) <= 0)
        {
          kill (-self->pid, SIGTERM);
          poll (&fd, 1, ENDING_GRACE_MS);
        }
      kill (-self->pid, SIGKILL);
      while (waitpid (self->pid, NULL, 0) < 0 && errno == EINTR)
        ;
      g_spawn_close_pid (self->pid);
    }
  self->pid = 0;
  close_fd (&self->pidfd);
  close_fd (&self->out);
  close_fd (&self->err);
}
