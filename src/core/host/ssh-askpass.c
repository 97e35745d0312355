/* A question is the hint, NUL, the prompt, NUL; an answer is a byte `=` and the text, to the end;
 * no answer is an end without a byte. */
#include "core/host/ssh-askpass.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/error.h"

#define QUESTION_LIMIT_BYTES 65536
#define QUESTION_WAIT_MS 5000

int
steward_ssh_askpass_listen (const char *path, GError **error)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  if (fd < 0 || bind (fd, (struct sockaddr *)&address, sizeof address) != 0 || listen (fd, 8) != 0)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED, "%s: %s", path, g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return -1;
    }
  return fd;
}

static gboolean
is_own_user (int fd)
{
  struct ucred peer = { 0 };
  socklen_t length = sizeof peer;

  return getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 && peer.uid == geteuid ();
}

/* Reads to the second NUL. */
static gboolean
read_question (int fd, GString *text)
{
  gint64 limit_us = g_get_monotonic_time () + QUESTION_WAIT_MS * 1000;
  gsize nuls = 0;

  while (nuls < 2 && text->len < QUESTION_LIMIT_BYTES)
    {
      struct pollfd poll_fd = { fd, POLLIN, 0 };
      char buffer[4096];
      gint64 left_ms = (limit_us - g_get_monotonic_time ()) / 1000;
      gssize length =
          left_ms > 0 && poll (&poll_fd, 1, left_ms) > 0 ? recv (fd, buffer, sizeof buffer, 0) : 0;

      if (length <= 0)
        return FALSE;
      for (gssize i = 0; i < length; i++)
        nuls += buffer[i] == '\0';
      g_string_append_len (text, buffer, length);
    }
  return nuls >= 2;
}

int
steward_ssh_askpass_accept (int listener, char **hint, char **prompt)
{
  g_autoptr (GString) text = g_string_new (NULL);
  int fd = accept4 (listener, NULL, NULL, SOCK_CLOEXEC);

  if (fd < 0)
    return -1;
  if (!is_own_user (fd) || !read_question (fd, text))
    {
      close (fd);
      return -1;
    }
  *hint = g_strdup (text->str);
  *prompt = g_strdup (text->str + strlen (text->str) + 1);
  return fd;
}

void
steward_ssh_askpass_answer (int fd, const char *answer)
{
  if (answer != NULL && send (fd, "=", 1, MSG_NOSIGNAL) == 1)
    for (gsize done = 0, length = strlen (answer); done < length;)
      {
        gssize sent = send (fd, answer + done, length - done, MSG_NOSIGNAL);

        if (sent <= 0)
          break;
        done += sent;
      }
  close (fd);
}

const char *
steward_ssh_askpass_get_program (void)
{
  const char *program = g_getenv ("STEWARD_ASKPASS");

  return program != NULL ? program : STEWARD_ASKPASS_PATH;
}
