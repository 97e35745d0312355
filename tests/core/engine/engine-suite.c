/* The fixture of the tests on the real engine. */
#include "engine-suite.h"

#include <glib/gstdio.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/host/local-host.h"

static const char *const compose_versions[] = { "2.26", "2.40" };

static char *prefix;      /* of all names */
static char *image;       /* owned */
static char *search_path; /* PATH as it was */

/* Makes the root folder of the image $1 and prints it as an archive. */
static const char image_script[] =
    "set -e\n"
    "mkdir -p \"$1/bin\" \"$1/app/migrations\" \"$1/tmp\"\n"
    "cp \"$(command -v busybox)\" \"$1/bin/busybox\"\n"
    "for applet in sh cat sleep echo find head printf df env kill touch true; do\n"
    "  ln \"$1/bin/busybox\" \"$1/bin/$applet\"\n"
    "done\n"
    "printf 'CREATE TABLE a ();\\n' >\"$1/app/migrations/0001_first.sql\"\n"
    "printf 'DROP TABLE a; -- caf\\303\\251\\n' >\"$1/app/migrations/0002_second.sql\"\n"
    "printf 'no\\n' >\"$1/app/migrations/readme.sql\"\n"
    "printf 'no\\n' >\"$1/app/0003_elsewhere.sql\"\n";

static const char import_script[] =
    "tar -C \"$1\" -c . | docker import ${3:+--change \"$3\"} - \"$2\"";

/* PREFIX: by name, each kind of object. */
static const char clean_script[] =
    "docker ps -aq --filter \"name=^$1-\" | xargs -r docker rm -fv\n"
    "docker network ls -q --filter \"name=^$1-\" | xargs -r docker network rm\n"
    "docker volume ls -q --filter \"name=^$1-\" | xargs -r docker volume rm\n"
    "docker images -q --filter \"reference=$1-*\" | sort -u | xargs -r docker rmi -f\n";

static void
run_script (const char *script, const char *first, const char *second, const char *third)
{
  const char *argv[] = { "sh", "-c", script, "sh", first, second, third, NULL };
  g_autofree char *errors = NULL;
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, &errors,
                &status, &error);
  g_assert_no_error (error);
  if (status != 0)
    g_error ("A script of the suite failed: %s", errors);
}

static void
remove_folder (const char *folder)
{
  run_script ("rm -rf \"$1\"", folder, NULL, NULL);
}

char *
engine_suite_import (const char *root, const char *change)
{
  g_autofree char *name = engine_suite_dup_name ();
  char *reference = g_strconcat (name, ":1", NULL);

  run_script (import_script, root, reference, change);
  return reference;
}

const char *
engine_suite_get_image (void)
{
  if (image != NULL)
    return image;

  g_autofree char *root = g_dir_make_tmp ("steward-image-XXXXXX", NULL);
  run_script (image_script, root, NULL, NULL);
  image = engine_suite_import (root, "LABEL color=blue");
  remove_folder (root);
  return image;
}

char *
engine_suite_dup_name (void)
{
  static int count;

  return g_strdup_printf ("%s-%d", prefix, ++count);
}

/* @data: the folder with the compose to use. */
static void
set_up (Suite *suite, gconstpointer data)
{
  const char *cache = g_getenv ("STEWARD_TESTS_CACHE");
  g_autofree char *usual = g_build_filename (g_get_user_cache_dir (), "steward-tests", NULL);
  g_autofree char *name = g_strconcat ("compose-", data, NULL);
  g_autofree char *config =
      g_build_filename (cache != NULL ? cache : usual, name, "docker-config", NULL);

  if (!g_file_test (config, G_FILE_TEST_IS_DIR))
    g_error ("docker compose %s is not in %s.", (const char *)data, config);
  g_setenv ("DOCKER_CONFIG", config, TRUE);
  suite->host = steward_local_host_new ();
  suite->engine = steward_engine_new (suite->host);
  suite->folder = g_dir_make_tmp ("steward-engine-XXXXXX", NULL);
}

static void
tear_down (Suite *suite, gconstpointer data)
{
  g_setenv ("PATH", search_path, TRUE);
  g_unsetenv ("DOCKER_HOST");
  remove_folder (suite->folder);
  g_free (suite->folder);
  steward_engine_unref (suite->engine);
  g_assert_finalize_object (suite->host);
}

static void
add_cases (const char *path_prefix, const SuiteCase *cases, const char *version)
{
  for (gsize i = 0; cases[i].name != NULL; i++)
    {
      g_autofree char *path = g_strconcat (path_prefix, cases[i].name, NULL);

      g_test_add (path, Suite, version, set_up, cases[i].test, tear_down);
    }
}

void
engine_suite_add (const char *path_prefix, const SuiteCase *cases)
{
  add_cases (path_prefix, cases, compose_versions[G_N_ELEMENTS (compose_versions) - 1]);
}

void
engine_suite_add_both (const char *path_prefix, const SuiteCase *cases)
{
  for (gsize i = 0; i < G_N_ELEMENTS (compose_versions); i++)
    {
      g_autofree char *path = g_strconcat (path_prefix, "/", compose_versions[i], NULL);

      add_cases (path, cases, compose_versions[i]);
    }
}

int
engine_suite_run (int argc, char **argv, void (*add_tests) (void))
{
  int status = 0;

  prefix = g_strdup_printf ("steward-test-%d", getpid ());
  search_path = g_strdup (g_getenv ("PATH"));
  pid_t child = fork ();
  if (child == 0)
    {
      g_test_init (&argc, &argv, NULL);
      add_tests ();
      exit (g_test_run ());
    }
  waitpid (child, &status, 0);
  run_script (clean_script, prefix, NULL, NULL);
  return WIFEXITED (status) ? WEXITSTATUS (status) : 1;
}

static char *
call (Suite *suite, const char *const *argv)
{
  StewardCommand command = { .argv = argv };
  g_autoptr (GError) error = NULL;
  char *output = steward_host_call (suite->host, &command, NULL, &error);

  g_assert_no_error (error);
  return g_strchomp (output);
}

char *
engine_suite_docker (Suite *suite, const char *first, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  va_list arguments;

  g_ptr_array_add (argv, (char *)"docker");
  va_start (arguments, first);
  for (const char *word = first; word != NULL; word = va_arg (arguments, const char *))
    g_ptr_array_add (argv, (char *)word);
  va_end (arguments);
  g_ptr_array_add (argv, NULL);
  return call (suite, (const char *const *)argv->pdata);
}

char *
engine_suite_start (Suite *suite, const char *script)
{
  char *name = engine_suite_dup_name ();
  g_autofree char *id =
      engine_suite_docker (suite, "run", "-d", "--name", name, "--network", "none",
                           engine_suite_get_image (), "sh", "-c", script, NULL);

  g_assert_cmpuint (strlen (id), ==, 64);
  return name;
}

guint
engine_suite_count (Suite *suite, const char *kind, const char *name)
{
  g_autofree char *filter = g_strconcat ("name=^", name, NULL);
  g_autofree char *output =
      g_str_equal (kind, "container")
          ? engine_suite_docker (suite, kind, "ls", "-aq", "--filter", filter, NULL)
          : engine_suite_docker (suite, kind, "ls", "-q", "--filter", filter, NULL);
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);

  return *output == '\0' ? 0 : g_strv_length (lines);
}

void
engine_suite_set_fake (Suite *suite, const char *script)
{
  g_autofree char *real = g_find_program_in_path ("docker");
  g_autofree char *bin = g_build_filename (suite->folder, "bin", NULL);
  g_autofree char *program = g_build_filename (bin, "docker", NULL);
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\nreal=%s\n%s\n", real, script);
  g_autofree char *path = g_strconcat (bin, ":", search_path, NULL);

  g_assert_cmpint (g_mkdir (bin, 0700), ==, 0);
  g_assert_true (g_file_set_contents (program, text, -1, NULL));
  g_assert_cmpint (g_chmod (program, 0700), ==, 0);
  g_setenv ("PATH", path, TRUE);
}
