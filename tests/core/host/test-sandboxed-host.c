/* The suite through the real flatpak-spawn and the real helper on a bus of the tests' own: both
 * work outside of a sandbox, too. What a sandbox says of itself is read from files. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/host/sandbox.h"
#include "core/host/sandboxed-host.h"
#include "host-suite.h"

/* Where Debian keeps what in a runtime stands in the path. */
#define TOOLS "/usr/libexec/flatpak-xdg-utils"

static char *
find_lack (const char *info, StewardPermission permission)
{
  g_autofree char *folder = g_dir_make_tmp ("steward-sandbox-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "info", NULL);

  g_assert_true (g_file_set_contents (path, info, -1, NULL));
  char *lack = steward_sandbox_find_lack (path, permission);
  g_unlink (path);
  g_rmdir (folder);
  return lack;
}

static const char *const options[] = {
  [STEWARD_PERMISSION_HOST_COMMANDS] = "--talk-name=org.freedesktop.Flatpak",
  [STEWARD_PERMISSION_NETWORK] = "--share=network",
  [STEWARD_PERMISSION_SSH_FOLDER] = "--filesystem=~/.ssh:ro",
  [STEWARD_PERMISSION_SSH_AGENT] = "--socket=ssh-auth",
  [STEWARD_PERMISSION_DISPLAY] = "--socket=wayland --socket=fallback-x11",
};

static void
test_all_granted (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      g_autofree char *lack = find_lack ("[Context]\n"
                                         "shared=network;ipc;\n"
                                         "sockets=x11;wayland;fallback-x11;ssh-auth;\n"
                                         "filesystems=xdg-run/a:create;~/.ssh:ro;\n"
                                         "[Session Bus Policy]\n"
                                         "org.freedesktop.Flatpak=talk\n",
                                         i);

      g_assert_null (lack);
    }
}

static void
test_none_granted (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      g_autofree char *command =
          g_strdup_printf ("“flatpak override --user %s org.example.App”", options[i]);
      g_autofree char *lack = find_lack ("[Application]\n"
                                         "name=org.example.App\n"
                                         "[Context]\n"
                                         "shared=ipc;\n"
                                         "sockets=pulseaudio;\n"
                                         "filesystems=!~/.ssh;~/.sshd;\n"
                                         "[Session Bus Policy]\n"
                                         "org.freedesktop.Flatpak=see\n",
                                         i);

      g_assert_nonnull (lack);
      g_assert_nonnull (strstr (lack, command));
    }
}

static void
test_documents (void)
{
  g_autofree char *document =
      g_build_filename (g_get_user_runtime_dir (), "doc", "7f3a01c2", "Backups", "x.dump", NULL);
  g_autofree char *chosen =
      g_build_filename (g_get_user_runtime_dir (), "docs", "7f3a01c2", "Backups", NULL);

  g_assert_cmpstr (steward_sandbox_get_document (document), ==, "Backups/x.dump");
  g_assert_cmpstr (steward_sandbox_get_document ("/run/flatpak/doc/7f3a01c2/Backups"), ==,
                   "Backups");
  g_assert_null (steward_sandbox_get_document ("/run/flatpak/doc/7f3a01c2"));
  g_assert_null (steward_sandbox_get_document (chosen));
  g_assert_null (steward_sandbox_get_document ("/srv/run/flatpak/doc/7f3a01c2/Backups"));
}

static void
test_no_sandbox (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    g_assert_null (steward_sandbox_find_lack ("/steward-no-such-file", i));
}

/* Its message says what to do, and names what Flatpak said, and nothing passes for the command's
 * own end. */
static void
test_no_bus (void)
{
  g_autoptr (StewardHost) host = steward_sandboxed_host_new ();
  const char *argv[] = { "true", NULL };
  StewardCommand command = { .argv = argv };
  g_auto (StewardOutcome) outcome = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *address = g_strdup (g_getenv ("DBUS_SESSION_BUS_ADDRESS"));

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/steward-no-such-bus", TRUE);
  gboolean ran = steward_host_run (host, &command, &outcome, NULL, &error);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", address, TRUE);
  g_assert_false (ran);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "“true” could not be run outside"));
  g_assert_nonnull (strstr (error->message, "Start Steward again"));
  g_assert_nonnull (strstr (error->message, "it says: Can"));
}

static const HostKind kind = { "/sandboxed-host", steward_sandboxed_host_new };

int
main (int argc, char **argv)
{
  g_autofree char *path = g_strdup_printf ("%s:%s", TOOLS, g_getenv ("PATH"));

  g_setenv ("PATH", path, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sandbox/lacks-nothing-that-was-granted", test_all_granted);
  g_test_add_func ("/sandbox/says-what-to-type", test_none_granted);
  g_test_add_func ("/sandbox/lacks-nothing-where-there-is-none", test_no_sandbox);
  g_test_add_func ("/sandbox/knows-what-a-portal-shows", test_documents);
  g_test_add_func ("/sandboxed-host/run/says-what-keeps-it-in", test_no_bus);
  host_suite_add (&kind);

  g_autoptr (GTestDBus) bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_add_service_dir (bus, "/usr/share/dbus-1/services");
  g_test_dbus_up (bus);
  int status = g_test_run ();
  g_test_dbus_down (bus);
  return status;
}
