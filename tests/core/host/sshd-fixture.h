/* A real sshd on loopback, with keys, known hosts and a client's configuration of its own: nothing
 * of the user's is read or written. It lets in whoever runs the tests, by a key. */
#pragma once

#include "core/host/ssh-host.h"

G_BEGIN_DECLS

/** SshdFixture: @folder: holds all its files; @config: the client's configuration, also in the
 * environment (STEWARD_SSH_CONFIG); @wrapper: (nullable): constant: a program that sshd is started
 * by from then on; it becomes sshd. Takes the folder and sshd's argument vector */
typedef struct
{
  char *folder;
  char *config;
  guint16 port;
  GPid pid;
  const char *const *wrapper;
} SshdFixture;

/** sshd_fixture_new: starts one, @settings are further lines of sshd_config: (nullable). Unless
 * they set variables, bash does not read the user's own file there. */
SshdFixture *sshd_fixture_new (const char *settings);
void sshd_fixture_free (SshdFixture *sshd);

/** sshd_fixture_stop: ends the sshd that listens, and all its connections. */
void sshd_fixture_stop (SshdFixture *sshd);

/** sshd_fixture_freeze: the connections that stand say nothing any more, until the fixture is
 * stopped; new ones are taken as before. */
void sshd_fixture_freeze (SshdFixture *sshd);

/** sshd_fixture_restart: after a stop, with @settings, at the same port. */
void sshd_fixture_restart (SshdFixture *sshd, const char *settings);

/** sshd_fixture_list_children: Returns: (transfer full): processes whose parent is @parent; for
 * that of the sshd that listens: its connections */
GArray *sshd_fixture_list_children (GPid parent);

/** sshd_fixture_count_logins: how often somebody was let in so far. */
guint sshd_fixture_count_logins (const SshdFixture *sshd);

/** sshd_fixture_configure: what the client is told: lines for every host, before the common ones.
 */
void sshd_fixture_configure (SshdFixture *sshd, const char *lines);

/** sshd_fixture_dup_path: Returns: (transfer full): a file of its folder */
char *sshd_fixture_dup_path (const SshdFixture *sshd, const char *name);

/** sshd_fixture_make_key: replaces or makes a key of its folder, with a passphrase: may be empty.
 */
void sshd_fixture_make_key (const SshdFixture *sshd, const char *name, const char *passphrase);

/** sshd_fixture_run: runs a program of this machine that must succeed. Returns: (transfer full):
 * what it printed */
char *sshd_fixture_run (const char *const *argv);

/** sshd_fixture_host: Returns: (transfer full): a host that connects there */
StewardHost *sshd_fixture_host (const SshdFixture *sshd, const StewardSshAsker *asker);

G_END_DECLS
