/* See the header. */
#include "keyring-fixture.h"

#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <signal.h>
#include <sys/prctl.h>

#define SERVICE "org.freedesktop.secrets"
#define PASSWORD "of the login keyring"
#define WAIT_US (20 * G_USEC_PER_SEC)

static const char *const variables[] = { "HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME",
                                         "XDG_CACHE_HOME", "XDG_RUNTIME_DIR" };

/* Nobody shall end this program when the bus ends. */
static GDBusConnection *
connect_to_bus (void)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);

  g_assert_no_error (error);
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  return connection;
}

KeyringFixture *
keyring_fixture_new (void)
{
  KeyringFixture *keyring = g_new0 (KeyringFixture, 1);

  keyring->folder = g_dir_make_tmp ("steward-keyring-XXXXXX", NULL);
  g_assert_nonnull (keyring->folder);
  for (gsize i = 0; i < G_N_ELEMENTS (variables); i++)
    {
      g_autofree char *path = g_build_filename (keyring->folder, variables[i], NULL);

      g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
    }
  return keyring;
}

int
keyring_fixture_run_tests (void)
{
  /* Kept: with its last reference it would wait for that of libsecret. */
  static GTestDBus *bus;

  bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (bus);
  g_autoptr (GDBusConnection) connection = connect_to_bus ();
  int status = g_test_run ();
  g_test_dbus_stop (bus);
  return status;
}

static gboolean
is_served (void)
{
  g_autoptr (GDBusConnection) connection = connect_to_bus ();
  g_autoptr (GError) error = NULL;
  gboolean served = FALSE;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_sync (connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                   "org.freedesktop.DBus", "NameHasOwner",
                                   g_variant_new ("(s)", SERVICE), G_VARIANT_TYPE ("(b)"),
                                   G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
  g_variant_get (reply, "(b)", &served);
  return served;
}

static void
wait_until_served (gboolean served)
{
  gint64 limit_us = g_get_monotonic_time () + WAIT_US;

  while (is_served () != served)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, limit_us);
      g_usleep (20000);
    }
}

/* Between fork and exec: a failed test leaves nothing. */
static void
child_setup_cb (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

void
keyring_fixture_start (KeyringFixture *keyring, KeyringFixtureState state)
{
  gboolean is_locked = state == KEYRING_FIXTURE_LOCKED;
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                 | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (variables); i++)
    {
      g_autofree char *path = g_build_filename (keyring->folder, variables[i], NULL);

      g_subprocess_launcher_setenv (launcher, variables[i], path, TRUE);
    }
  g_subprocess_launcher_set_child_setup (launcher, child_setup_cb, NULL, NULL);
  keyring->daemon =
      g_subprocess_launcher_spawn (launcher, &error, "gnome-keyring-daemon", "--foreground",
                                   "--components=secrets", is_locked ? NULL : "--unlock", NULL);
  g_assert_no_error (error);
  GOutputStream *input = g_subprocess_get_stdin_pipe (keyring->daemon);
  if (!is_locked)
    g_output_stream_write_all (input, PASSWORD, strlen (PASSWORD), NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_close (input, NULL, NULL);
  wait_until_served (TRUE);
}

void
keyring_fixture_stop (KeyringFixture *keyring)
{
  if (keyring->daemon == NULL)
    return;
  g_subprocess_send_signal (keyring->daemon, SIGTERM);
  g_assert_true (g_subprocess_wait (keyring->daemon, NULL, NULL));
  g_clear_object (&keyring->daemon);
  wait_until_served (FALSE);
}

void
keyring_fixture_free (KeyringFixture *keyring)
{
  const char *argv[] = { "rm", "-rf", "--", keyring->folder, NULL };

  keyring_fixture_stop (keyring);
  secret_service_disconnect ();
  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
  g_free (keyring->folder);
  g_free (keyring);
}
