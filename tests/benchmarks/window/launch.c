/* Becomes a program that is watched, with a Docker engine that accepts and stays silent for as long
 * as the program lives.
 *
 *   launch WATCH.so SECONDS SOCKET PROGRAM [ARGUMENT...]
 *
 * SOCKET is made; SECONDS is how long watch.c watches after the window has settled. Where WATCH.so is empty
 * the program preloads it by itself, into one that it starts. */
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Whoever connects waits in the queue, which to him is an engine that does not answer. */
static void
listen_at (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  unlink (path);
  if (bind (fd, (struct sockaddr *)&address, sizeof address) != 0 || listen (fd, 64) != 0)
    g_error ("%s: %s", path, g_strerror (errno));
}

int
main (int argc, char **argv)
{
  g_autofree char *host = NULL;
  g_autofree char *begun_ms = NULL;

  if (argc < 5)
    g_error ("launch WATCH.so SECONDS SOCKET PROGRAM [ARGUMENT...]");
  listen_at (argv[3]);
  host = g_strconcat ("unix://", argv[3], NULL);
  g_setenv ("DOCKER_HOST", host, TRUE);
  if (*argv[1] != '\0')
    g_setenv ("LD_PRELOAD", argv[1], TRUE);
  g_setenv ("STEWARD_WATCH_S", argv[2], TRUE);
  begun_ms = g_strdup_printf ("%.3f", (double)g_get_monotonic_time () / 1000.0);
  g_setenv ("STEWARD_BEGUN_MS", begun_ms, TRUE);
  execvp (argv[4], argv + 4);
  g_error ("%s: %s", argv[4], g_strerror (errno));
}
