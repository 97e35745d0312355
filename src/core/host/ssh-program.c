/* Command lines of ssh. What the user's configuration says counts, except for what would make a
 * connection something else than a quiet carrier of commands. */
#include "core/host/ssh-program.h"

#include <gio/gio.h>
#include <string.h>

#include "core/host/process.h"

static void
add (GPtrArray *argv, const char *first, const char *second)
{
  g_ptr_array_add (argv, g_strdup (first));
  if (second != NULL)
    g_ptr_array_add (argv, g_strdup (second));
}

static void
add_options (GPtrArray *argv, const char *const *options)
{
  for (gsize i = 0; options[i] != NULL; i++)
    add (argv, "-o", options[i]);
}

/* ssh expands percent signs in the path of the socket. */
static void
add_socket (GPtrArray *argv, const char *socket)
{
  g_auto (GStrv) parts = g_strsplit (socket, "%", -1);
  g_autofree char *escaped = g_strjoinv ("%%", parts);

  add (argv, "-S", escaped);
}

static void
add_host (GPtrArray *argv, const StewardSshAddress *address)
{
  g_autofree char *port = g_strdup_printf ("%u", address->port);

  if (g_getenv (STEWARD_SSH_CONFIG) != NULL)
    add (argv, "-F", g_getenv (STEWARD_SSH_CONFIG));
  if (address->user != NULL)
    add (argv, "-l", address->user);
  if (address->port != 0)
    add (argv, "-p", port);
  add (argv, "--", address->host);
}

GPtrArray *
steward_ssh_program_argv (const StewardSshAddress *address)
{
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);

  add (argv, "ssh", NULL);
  add_host (argv, address);
  return argv;
}

GPtrArray *
steward_ssh_program_master_argv (const StewardSshAddress *address,
                                 const char *socket,
                                 const char *line)
{
  static const char *const options[] = {
    "ControlMaster=yes",
    "ControlPersist=no",
    "BatchMode=no",
    "StrictHostKeyChecking=ask",
    "NumberOfPasswordPrompts=3",
    "ConnectTimeout=15",
    "ServerAliveInterval=4", /* silent for three of them: dead */
    "ServerAliveCountMax=2",
    "LogLevel=VERBOSE",
    "ForwardAgent=no",
    "ForwardX11=no",
    "ClearAllForwardings=yes",
    "PermitLocalCommand=no",
    "RemoteCommand=none",
    "SessionType=default",
    "StdinNull=no",
    "ForkAfterAuthentication=no",
    "Tunnel=no",
    "VisualHostKey=no",
    "EscapeChar=none",
    NULL,
  };
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);

  add (argv, "ssh", "-T");
  add_socket (argv, socket);
  add_options (argv, options);
  add_host (argv, address);
  add (argv, line, NULL);
  return argv;
}

GPtrArray *
steward_ssh_program_client_argv (const char *socket)
{
  static const char *const options[] = {
    "ControlMaster=no",
    "BatchMode=yes",
    "LogLevel=ERROR",
    "EscapeChar=none",
    "ProxyCommand=echo " STEWARD_SSH_NO_MASTER " >&2; exit 1",
    NULL,
  };
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);

  add (argv, "ssh", "-T");
  add (argv, "-F", "none");
  add_socket (argv, socket);
  add_options (argv, options);
  return argv;
}

char *
steward_ssh_program_read (const char *const *argv)
{
  StewardCommand command = { .argv = argv, .deadline_ms = 5000 };
  StewardProcess process = { .argv = argv, .command = &command };
  g_auto (StewardOutcome) outcome = { 0 };

  if (!steward_process_run (&process, &outcome, NULL, NULL) || outcome.status != 0)
    return NULL;
  return g_string_free (g_steal_pointer (&outcome.output), FALSE);
}
