/* Hosts over SSH that are not as one wishes: what cannot work is refused in one sentence and
 * changes nothing, all else works. */
#include <glib/gstdio.h>
#include <string.h>

#include "core/operations/status.h"
#include "host-suite.h"
#include "operation-scene.h"
#include "ssh-settings.h"
#include "sshd-fixture.h"

#define OLD "3.0.0"
#define NEW "3.1.0"
#define NEW_MIGRATIONS 14
#define ODD_NAME "-o 'd' \"d\" $(x) `y` \\z #\n1"

static DeploymentFixture fixture;
static SshdFixture *sshd;
static StewardHost *host;
static char *folder; /* of this program's own */

/* From now on sessions have these settings; connections that stand are ended. */
static void
set_host (const char *path, const char *variables)
{
  g_autofree char *settings = ssh_settings_dup (path, variables);

  sshd_fixture_stop (sshd);
  sshd_fixture_restart (sshd, settings);
}

static void
start_over (const char *path, const char *variables)
{
  deployment_fixture_reset (&fixture);
  set_host (path, variables);
  deployment_fixture_use_host (&fixture, host);
}

static char *
dup_path (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

/* Without the plugin, and with the compose of old, which is a program of its own. */
static const char old_compose_script[] =
    "mkdir -p \"$1/no-plugins\" \"$1/old-compose\" &&"
    " printf '#!/bin/sh\\necho 1.29.2\\n' >\"$1/old-compose/docker-compose\" &&"
    " chmod +x \"$1/old-compose/docker-compose\"";

/* The real docker behind the fixture's, run as somebody who has no right to the socket, and no sudo
 * for it. */
static const char denied_script[] =
    "PATH=${PATH#*:}; mkdir -p \"$1/denied\" && [ $(id -u) = 0 ] && sudo= || sudo=$(command -v "
    "sudo);"
    " printf '#!/bin/sh\\nexec %s setpriv --reuid=65534 --regid=65534 --clear-groups %s \"$@\"\\n'"
    " \"$sudo\" \"$(command -v docker)\" >\"$1/denied/docker\" &&"
    " printf '#!/bin/sh\\necho sudo: a password is required >&2\\nexit 1\\n' >\"$1/denied/sudo\" &&"
    " chmod +x \"$1/denied/docker\" \"$1/denied/sudo\"";

typedef struct
{
  const char *name;
  const char *make;     /* a script that is given the program's folder */
  const char *path;     /* in front of PATH, in that folder */
  const char *variable; /* (nullable): its value lies in that folder */
  const char *value;
  const char *says;
} Bad;

static const Bad bads[] = {
  { "old-compose", old_compose_script, "old-compose", "DOCKER_CONFIG", "no-plugins",
    "no “docker compose” of version 2" },
  { "docker-without-permission", denied_script, "denied", NULL, NULL,
    "may not use the Docker engine" },
};

static void
assert_one_sentence (const GError *error, const char *says)
{
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, says));
  g_assert_null (strstr (error->message, "\n"));
}

/* It turned bad after the deployment was found; so the operation itself has to notice. */
static void
test_bad (gconstpointer data)
{
  const Bad *bad = data;
  g_autofree char *path = dup_path (bad->path);
  g_autofree char *variables = bad->variable != NULL
                                   ? g_strdup_printf ("%s=%s/%s", bad->variable, folder, bad->value)
                                   : NULL;
  g_auto (OperationScene) scene = { .fixture = &fixture };
  g_auto (StewardEngineVersions) versions = { 0 };
  g_autoptr (StewardEngine) engine = steward_engine_new (host);
  g_autoptr (GError) error = NULL;

  start_over (NULL, NULL);
  g_autofree char *before = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_ALL);
  g_free (deployment_fixture_call (bad->make, folder, NULL));
  set_host (path, variables);
  g_assert_false (steward_engine_check (engine, &versions, NULL, &error));
  assert_one_sentence (error, bad->says);
  operation_scene_upgrade (&scene, NEW);
  operation_scene_assert_result (&scene, STEWARD_RESULT_REFUSED);
  assert_one_sentence (scene.error, bad->says);
  deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_ALL);
}

/* A home that holds docker's settings, and nothing more fits into it. */
static const char full_home_script[] =
    "[ $(id -u) = 0 ] && sudo= || sudo=sudo; mkdir -p \"$1\" &&"
    " $sudo mount -t tmpfs -o size=16k,mode=700,uid=$(id -u) tmpfs \"$1\" &&"
    " ln -s \"$2\" \"$1/.docker\" && { cat /dev/zero >\"$1/full\" 2>/dev/null || :; } &&"
    " ! echo more >\"$1/more\" 2>/dev/null; rm -f \"$1/more\"";
static const char read_only_script[] =
    "[ $(id -u) = 0 ] && sudo= || sudo=sudo; $sudo mount -o remount,ro \"$1\"";
static const char unmount_script[] =
    "[ $(id -u) = 0 ] && sudo= || sudo=sudo; $sudo umount -l \"$1\"";
static const char list_script[] = "ls -lAR --time-style=full-iso \"$1\"";

/* Compose starts everything from there anew, and its labels name the new place. */
static const char move_script[] =
    "mv \"$1\" \"$2\" && docker compose -f \"$2/$3\" --progress quiet up -d --force-recreate";

static void
replace (char **path, const char *place)
{
  g_autofree char *old = *path;
  g_autofree char *name = g_path_get_basename (old);

  *path = place != NULL ? g_build_filename (place, name, NULL) : NULL;
}

static void
move_deployment (const char *place)
{
  g_autofree char *name = g_path_get_basename (fixture.compose_file);

  deployment_fixture_use_host (&fixture, NULL);
  g_free (deployment_fixture_call (move_script, fixture.folder, place, name, NULL));
  g_free (fixture.folder);
  fixture.folder = g_strdup (place);
  replace (&fixture.compose_file, place);
  replace (&fixture.env_file, place);
  g_assert_true (deployment_fixture_wait_answer (&fixture));
}

/* What programs of such a host say, they say in French. Returns: (transfer full): its variables */
static char *
dup_french (void)
{
  g_autofree char *locales = dup_path ("locales");

  g_free (
      deployment_fixture_call (". \"$1\"; ensure_french \"$2\"", LOCALES_SCRIPT, locales, NULL));
  return g_strdup_printf ("LANG=fr_FR.UTF-8 LC_ALL=fr_FR.UTF-8 LANGUAGE=fr LOCPATH=%s", locales);
}

static void
assert_speaks_french (void)
{
  static const char *const ls[] = { "sh", "-c", "LC_ALL=$LANG; export LC_ALL; exec ls /nonexistent",
                                    NULL };
  StewardCommand command = { .argv = ls };
  g_auto (StewardOutcome) outcome = { 0 };

  g_assert_true (steward_host_run (host, &command, &outcome, NULL, NULL));
  g_test_message ("%s", outcome.errors->str);
  g_assert_null (strstr (outcome.errors->str, "No such file"));
}

static void
assert_is_found (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardStatus) status =
      steward_status_read (fixture.deployment, fixture.store, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (status->health);
  g_assert_cmpstr (status->database_problem, ==, NULL);
  g_assert_cmpstr (status->drift_problem, ==, NULL);
  g_assert_cmpuint (status->drift->len, ==, 0);
}

/* All at once, as each of these takes an upgrade: the deployment lies in a place whose name has all
 * that shells stumble over, the host speaks French, and its account's home is full, then read-only.
 * Nothing is kept there. */
static void
test_odd (void)
{
  g_autofree char *usual = g_strdup (fixture.folder);
  g_autofree char *odd = g_build_filename (fixture.tools, ODD_NAME, NULL);
  g_autofree char *home = dup_path ("home");
  g_autofree char *french = dup_french ();
  g_autofree char *variables = g_strdup_printf ("%s HOME=%s DOCKER_CONFIG=", french, home);
  g_auto (OperationScene) scene = { .fixture = &fixture };
  StewardRequest backup = { .kind = STEWARD_OPERATION_BACKUP };

  g_free (deployment_fixture_call (full_home_script, home, g_getenv ("DOCKER_CONFIG"), NULL));
  g_autofree char *before = deployment_fixture_call (list_script, home, NULL);
  deployment_fixture_reset (&fixture);
  move_deployment (odd);
  start_over (NULL, variables);
  assert_speaks_french ();
  assert_is_found ();
  operation_scene_upgrade (&scene, NEW);
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  deployment_fixture_assert_serves (&fixture, NEW, NEW_MIGRATIONS);

  g_free (deployment_fixture_call (read_only_script, home, NULL));
  deployment_fixture_use_host (&fixture, host);
  operation_scene_run (&scene, &backup);
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  move_deployment (usual);
  g_autofree char *after = deployment_fixture_call (list_script, home, NULL);
  g_free (deployment_fixture_call (unmount_script, home, NULL));
  g_assert_cmpstr (after, ==, before);
}

static StewardHost *
construct_french (void)
{
  static gboolean is_set;

  if (!is_set)
    {
      g_autofree char *french = dup_french ();
      set_host (NULL, french);
    }
  is_set = TRUE;
  return sshd_fixture_host (sshd, NULL);
}

static const HostKind french_kind = { "/bad-hosts/french", construct_french };

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (bads); i++)
    {
      g_autofree char *name = g_strconcat ("/bad-hosts/", bads[i].name, NULL);

      g_test_add_data_func (name, &bads[i], test_bad);
    }
  g_test_add_func ("/bad-hosts/odd-path-french-and-no-room-at-home", test_odd);
  host_suite_add (&french_kind);

  deployment_fixture_up (&fixture, "newer", "2.40");
  folder = g_dir_make_tmp ("steward-bad-XXXXXX", NULL);
  g_chmod (folder, 0755);
  sshd = sshd_fixture_new (NULL);
  host = sshd_fixture_host (sshd, NULL);
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  g_clear_object (&host);
  sshd_fixture_free (sshd);
  g_free (deployment_fixture_call ("rm -rf -- \"$1\"", folder, NULL));
  g_free (folder);
  return status;
}
