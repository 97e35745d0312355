/* A `docker` command in front of the machine's own, for states of a host that cannot be had at
 * will. See stage.h. */
#include "stage.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

static const char *const scripts[] = {
  [STAGE_DOCKER_DENIED] = "echo 'permission denied while trying to connect to the Docker daemon "
                          "socket at unix:///var/run/docker.sock' >&2\nexit 1\n",
  [STAGE_DOCKER_EMPTY] = "case \"$1 $2\" in\n"
                         "  'version --format') echo 27.0.0 ;;\n"
                         "  'compose version') echo 2.26.0 ;;\n"
                         "  'ps --all') ;;\n"
                         "  *) echo \"docker: '$1' is not a docker command.\" >&2; exit 1 ;;\n"
                         "esac\n",
  [STAGE_DOCKER_SLOW] = "exec sleep 60\n",
};

/* Nor may this user do more by way of another program. */
static const char sudo_script[] = "echo 'sudo: a password is required' >&2\nexit 1\n";

static void
write_script (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *script = g_strconcat ("#!/bin/sh\n", text, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (path, script, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0700, &error);
  g_assert_no_error (error);
}

/* Whoever connects waits in the queue of a socket that nobody reads. */
static void
listen_silently (const char *path)
{
  static GSocket *silent;
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GError) error = NULL;

  if (silent != NULL)
    return;
  silent = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, &error);
  g_assert_no_error (error);
  g_socket_bind (silent, address, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (silent, &error);
  g_assert_no_error (error);
}

static void
set_engine (StageDocker docker)
{
  g_autofree char *path = g_build_filename (g_get_home_dir (), "silent.sock", NULL);
  g_autofree char *host = g_strconcat ("unix://", path, NULL);

  if (docker == STAGE_DOCKER_SILENT)
    listen_silently (path);
  g_setenv ("DOCKER_HOST", docker == STAGE_DOCKER_SILENT ? host : STAGE_NO_ENGINE, TRUE);
}

/* The folder is the throw-away home's. */
void
stage_set_docker (StageDocker docker)
{
  static char *machine_path;
  g_autofree char *folder = g_strdup_printf ("%s/docker-%d", g_get_home_dir (), docker);
  g_autofree char *path = NULL;

  if (machine_path == NULL)
    machine_path = g_strdup (g_getenv ("PATH"));
  g_mkdir_with_parents (folder, 0700);
  if (docker < (int)G_N_ELEMENTS (scripts) && scripts[docker] != NULL)
    write_script (folder, "docker", scripts[docker]);
  write_script (folder, "sudo", sudo_script);
  path = docker == STAGE_DOCKER_ABSENT ? g_strdup (folder)
                                       : g_strconcat (folder, ":", machine_path, NULL);
  g_setenv ("PATH", path, TRUE);
  set_engine (docker);
}
