/* A real keyring: gnome-keyring-daemon on a session bus of the program's own, with folders of its
 * own below one that goes away. Nothing of the user's is read or written. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** keyring_fixture_run_tests: g_test_run() with that bus: libsecret never lets go of the first it
 * met. */
int keyring_fixture_run_tests (void);

/** KeyringFixture: @folder: all its files */
typedef struct
{
  char *folder;
  GSubprocess *daemon; /* nullable: there is none */
} KeyringFixture;

/** keyring_fixture_new: nobody serves, yet. */
KeyringFixture *keyring_fixture_new (void);
void keyring_fixture_free (KeyringFixture *keyring);

/** KeyringFixtureState: @KEYRING_FIXTURE_LOCKED: nobody is there to unlock it, either */
typedef enum
{
  KEYRING_FIXTURE_UNLOCKED,
  KEYRING_FIXTURE_LOCKED,
} KeyringFixtureState;

/** keyring_fixture_start: the daemon, with what it kept before. */
void keyring_fixture_start (KeyringFixture *keyring, KeyringFixtureState state);
void keyring_fixture_stop (KeyringFixture *keyring);

G_END_DECLS
