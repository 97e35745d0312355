/* The program that ssh asks its questions with: it hands the question to the Steward that started
 * ssh, over a socket, and prints the answer. Exits with 1 where there is none.
 *
 *   steward-askpass PROMPT
 *
 * STEWARD_ASKPASS_SOCKET names the socket; SSH_ASKPASS_PROMPT is ssh's hint. Keeps and logs
 * nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int
connect_to (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (path == NULL || fd < 0 || strlen (path) >= sizeof address.sun_path)
    return -1;
  strcpy (address.sun_path, path);
  return connect (fd, (struct sockaddr *)&address, sizeof address) == 0 ? fd : -1;
}

/* With the NUL at its end. */
static int
send_text (int fd, const char *text)
{
  size_t length = strlen (text) + 1;

  while (length > 0)
    {
      ssize_t sent = send (fd, text, length, MSG_NOSIGNAL);

      if (sent <= 0)
        return 0;
      text += sent;
      length -= sent;
    }
  return 1;
}

/* Prints what comes, after its first byte. Returns: whether an answer came. */
static int
pass_answer (int fd)
{
  char buffer[4096];
  ssize_t length = recv (fd, buffer, 1, 0);

  if (length != 1 || buffer[0] != '=')
    return 0;
  while ((length = recv (fd, buffer, sizeof buffer, 0)) > 0)
    if (write (STDOUT_FILENO, buffer, length) != length)
      return 0;
  explicit_bzero (buffer, sizeof buffer);
  return length == 0 && write (STDOUT_FILENO, "\n", 1) == 1;
}

int
main (int argc, char **argv)
{
  const char *hint = getenv ("SSH_ASKPASS_PROMPT");
  int fd = connect_to (getenv ("STEWARD_ASKPASS_SOCKET"));

  if (fd < 0)
    {
      fputs ("steward-askpass: the Steward that asked is not there\n", stderr);
      return EXIT_FAILURE;
    }
  return send_text (fd, hint != NULL ? hint : "") && send_text (fd, argc > 1 ? argv[1] : "")
                 && pass_answer (fd)
             ? EXIT_SUCCESS
             : EXIT_FAILURE;
}
