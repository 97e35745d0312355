/* Starts and stops sshd; see the header. */
#include "sshd-fixture.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host-suite.h"

char *
sshd_fixture_dup_path (const SshdFixture *sshd, const char *name)
{
  return g_build_filename (sshd->folder, name, NULL);
}

char *
sshd_fixture_run (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  char *output = NULL;
  int status = 0;

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  return output;
}

void
sshd_fixture_make_key (const SshdFixture *sshd, const char *name, const char *passphrase)
{
  g_autofree char *path = sshd_fixture_dup_path (sshd, name);
  const char *argv[] = { "ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", path, NULL };

  g_unlink (path);
  g_free (sshd_fixture_run (argv));
}

static guint16
find_port (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl (INADDR_LOOPBACK) } };
  socklen_t length = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (bind (fd, (struct sockaddr *)&address, length), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *)&address, &length), ==, 0);
  close (fd);
  return ntohs (address.sin_port);
}

static gboolean
accepts (gpointer data)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons (((SshdFixture *)data)->port),
                                 .sin_addr = { htonl (INADDR_LOOPBACK) } };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  gboolean connected = connect (fd, (struct sockaddr *)&address, sizeof address) == 0;

  close (fd);
  return connected;
}

static gboolean
refuses (gpointer data)
{
  return !accepts (data);
}

/* A bash that is not the outermost one does not read the user's ~/.bashrc. Of several such lines
 * the first one counts. */
#define NO_PROFILE "SetEnv SHLVL=1\n"

static void
write_sshd_config (const SshdFixture *sshd, const char *settings)
{
  g_autofree char *path = sshd_fixture_dup_path (sshd, "sshd_config");
  g_autofree char *text = g_strdup_printf (
      "%s\nListenAddress 127.0.0.1\nPort %u\nHostKey %s/host_key\nAuthorizedKeysFile "
      "%s/user_key.pub\nPidFile none\nUsePAM no\nStrictModes no\nPermitRootLogin yes\n"
      "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPrintMotd no\n" NO_PROFILE,
      settings != NULL ? settings : "", sshd->port, sshd->folder, sshd->folder);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

void
sshd_fixture_configure (SshdFixture *sshd, const char *lines)
{
  g_autofree char *text =
      g_strdup_printf ("%s\nHost *\nUserKnownHostsFile %s/known_hosts\nGlobalKnownHostsFile none\n"
                       "IdentityFile %s/user_key\nIdentitiesOnly yes\nIdentityAgent none\n",
                       lines, sshd->folder, sshd->folder);

  g_assert_true (g_file_set_contents (sshd->config, text, -1, NULL));
}

static void
learn_host_key (const SshdFixture *sshd)
{
  g_autofree char *key_path = sshd_fixture_dup_path (sshd, "host_key.pub");
  g_autofree char *path = sshd_fixture_dup_path (sshd, "known_hosts");
  g_autofree char *key = NULL;

  g_assert_true (g_file_get_contents (key_path, &key, NULL, NULL));
  g_autofree char *line = g_strdup_printf ("[127.0.0.1]:%u %s", sshd->port, key);
  g_assert_true (g_file_set_contents (path, line, -1, NULL));
}

static void
setsid_cb (gpointer data)
{
  setsid ();
  prctl (PR_SET_PDEATHSIG, SIGTERM); /* a failed test leaves nothing */
}

void
sshd_fixture_restart (SshdFixture *sshd, const char *settings)
{
  g_autofree char *config = sshd_fixture_dup_path (sshd, "sshd_config");
  g_autofree char *log = sshd_fixture_dup_path (sshd, "sshd.log");
  const char *argv[] = { "/usr/sbin/sshd", "-D", "-f", config, "-E", log, NULL };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GError) error = NULL;

  if (sshd->wrapper != NULL)
    {
      g_strv_builder_addv (builder, (const char **)sshd->wrapper);
      g_strv_builder_add (builder, sshd->folder);
    }
  g_strv_builder_addv (builder, argv);
  g_auto (GStrv) wrapped = g_strv_builder_end (builder);
  write_sshd_config (sshd, settings);
  g_mkdir_with_parents ("/run/sshd", 0755); /* where sshd confines its parts, as root */
  g_spawn_async ("/", wrapped, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH, setsid_cb,
                 NULL, &sshd->pid, &error);
  g_assert_no_error (error);
  host_wait_until (accepts, sshd);
}

SshdFixture *
sshd_fixture_new (const char *settings)
{
  SshdFixture *sshd = g_new0 (SshdFixture, 1);

  sshd->folder = g_dir_make_tmp ("steward-sshd-XXXXXX", NULL);
  sshd->config = sshd_fixture_dup_path (sshd, "ssh_config");
  sshd->port = find_port ();
  sshd_fixture_make_key (sshd, "host_key", "");
  sshd_fixture_make_key (sshd, "user_key", "");
  learn_host_key (sshd);
  sshd_fixture_configure (sshd, "");
  g_setenv ("STEWARD_SSH_CONFIG", sshd->config, TRUE);
  sshd_fixture_restart (sshd, settings);
  return sshd;
}

GArray *
sshd_fixture_list_children (GPid parent)
{
  const char *argv[] = { "ps", "-e", "-o", "pid=,ppid=", NULL };
  g_autofree char *output = sshd_fixture_run (argv);
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);
  GArray *children = g_array_new (FALSE, FALSE, sizeof (GPid));

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      char *rest = NULL;
      GPid pid = g_ascii_strtoll (lines[i], &rest, 10);

      if (pid > 1 && g_ascii_strtoll (rest, NULL, 10) == parent)
        g_array_append_val (children, pid);
    }
  return children;
}

guint
sshd_fixture_count_logins (const SshdFixture *sshd)
{
  g_autofree char *path = sshd_fixture_dup_path (sshd, "sshd.log");
  g_autofree char *log = NULL;
  guint count = 0;

  g_assert_true (g_file_get_contents (path, &log, NULL, NULL));
  for (const char *at = log; (at = strstr (at, "Accepted ")) != NULL; at++)
    count++;
  return count;
}

void
sshd_fixture_stop (SshdFixture *sshd)
{
  if (sshd->pid == 0)
    return;
  g_autoptr (GArray) children = sshd_fixture_list_children (sshd->pid);
  kill (sshd->pid, SIGKILL);
  for (guint i = 0; i < children->len; i++)
    kill (g_array_index (children, GPid, i), SIGKILL);
  waitpid (sshd->pid, NULL, 0);
  g_spawn_close_pid (sshd->pid);
  sshd->pid = 0;
  host_wait_until (refuses, sshd);
}

void
sshd_fixture_freeze (SshdFixture *sshd)
{
  g_autoptr (GArray) children = sshd_fixture_list_children (sshd->pid);

  for (guint i = 0; i < children->len; i++)
    kill (g_array_index (children, GPid, i), SIGSTOP);
}

void
sshd_fixture_free (SshdFixture *sshd)
{
  const char *argv[] = { "rm", "-rf", "--", sshd->folder, NULL };

  sshd_fixture_stop (sshd);
  g_free (sshd_fixture_run (argv));
  g_unsetenv ("STEWARD_SSH_CONFIG");
  g_free (sshd->folder);
  g_free (sshd->config);
  g_free (sshd);
}

StewardHost *
sshd_fixture_host (const SshdFixture *sshd, const StewardSshAsker *asker)
{
  StewardSshAddress address = { NULL, (char *)"127.0.0.1", sshd->port };

  return steward_ssh_host_new (&address, asker);
}
