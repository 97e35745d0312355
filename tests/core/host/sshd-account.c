/* See the header. */
#include "sshd-account.h"

#include <glib/gstdio.h>

/* Numbers that nobody has. */
#define ACCOUNT_ID "64021"

/* The secret of RFC 4226, appendix D, in hex. */
#define CODE_SECRET "3132333435363738393031323334353637383930"

/* Its home is the tests': bash reads ~/.bashrc there. */
#define SETTINGS "UsePAM yes\nSetEnv SHLVL=0\n"
#define PASSWORD_SETTINGS SETTINGS "PasswordAuthentication yes\nAuthenticationMethods password\n"
#define CODE_SETTINGS                                                                              \
  SETTINGS "KbdInteractiveAuthentication yes\nAuthenticationMethods keyboard-interactive\n"

/* Takes the folder, and what to run in the namespace. */
static const char *const namespace_argv[] = { "unshare",
                                              "--mount",
                                              "--propagation",
                                              "private",
                                              "sh",
                                              "-ec",
                                              "cd \"$0\"\n"
                                              "mount --bind passwd /etc/passwd\n"
                                              "mount --bind shadow /etc/shadow\n"
                                              "mount --bind pam /etc/pam.d/sshd\n"
                                              "cd /\n"
                                              "exec \"$@\"",
                                              NULL };

gboolean
sshd_account_is_possible (void)
{
  const char *argv[] = { "unshare", "--mount", "--propagation", "private", "true", NULL };
  int status = 0;

  return g_spawn_sync (NULL, (char **)argv, NULL,
                       G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL
                           | G_SPAWN_STDERR_TO_DEV_NULL,
                       NULL, NULL, NULL, NULL, &status, NULL)
         && status == 0;
}

/* Returns: (transfer full): the file's path */
static char *
write_file (const SshdFixture *sshd, const char *name, int mode, const char *text)
{
  char *path = sshd_fixture_dup_path (sshd, name);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
  return path;
}

/* Returns: (transfer full): as /etc/shadow has it; the password is in no argument vector */
static char *
hash_password (const char *password)
{
  g_autoptr (GError) error = NULL;
  char *hash = NULL;
  g_autoptr (GSubprocess) openssl =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                        "openssl", "passwd", "-5", "-stdin", NULL);

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (openssl, password, NULL, &hash, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (openssl));
  return g_strchomp (hash);
}

static void
write_account (const SshdFixture *sshd, const SshdAccount *account)
{
  g_autofree char *home = sshd_fixture_dup_path (sshd, "home");
  const char *shell = account->shell != NULL ? account->shell : "/bin/sh";
  g_autofree char *accounts =
      g_strdup_printf ("root:x:0:0:root:/root:/bin/sh\n"
                       "sshd:x:64022:65534::/run/sshd:/usr/sbin/nologin\n" /* of sshd's own */
                       SSHD_ACCOUNT_NAME ":x:" ACCOUNT_ID ":" ACCOUNT_ID "::%s:%s\n",
                       home, shell);
  g_autofree char *hash = hash_password (account->password);
  g_autofree char *hashes =
      g_strdup_printf ("root:*:19000:0:99999:7:::\n" SSHD_ACCOUNT_NAME ":%s:19000:0:99999:7:::\n",
                       hash);

  g_mkdir (home, 0755);
  /* The account itself must get to its home. */
  g_assert_cmpint (g_chmod (sshd->folder, 0711), ==, 0);
  g_free (write_file (sshd, "passwd", 0644, accounts));
  g_free (write_file (sshd, "shadow", 0600, hashes));
}

/* Without the delay after a wrong answer. */
static void
write_pam (const SshdFixture *sshd, const SshdAccount *account)
{
  g_autofree char *users =
      write_file (sshd, "oath", 0600, "HOTP " SSHD_ACCOUNT_NAME " - " CODE_SECRET "\n");
  g_autofree char *code =
      g_strdup_printf ("auth required pam_oath.so usersfile=%s digits=8 window=3\n", users);
  g_autofree char *text = g_strconcat ("auth required pam_unix.so nodelay\n",
                                       account->flags & SSHD_ACCOUNT_CODE ? code : "",
                                       "account required pam_unix.so\n"
                                       "session required pam_permit.so\n",
                                       NULL);

  g_free (write_file (sshd, "pam", 0644, text));
}

void
sshd_account_start (SshdFixture *sshd, const SshdAccount *account)
{
  sshd_fixture_stop (sshd);
  write_account (sshd, account);
  write_pam (sshd, account);
  sshd->wrapper = namespace_argv;
  sshd_fixture_restart (sshd,
                        account->flags & SSHD_ACCOUNT_CODE ? CODE_SETTINGS : PASSWORD_SETTINGS);
}
