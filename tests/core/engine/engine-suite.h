/* What tests on the real Docker engine share: an image of their own, names of their own, both
 * versions of compose, and the certainty that nothing is left behind. */
#pragma once

#include "core/engine/engine.h"

G_BEGIN_DECLS

/** Suite: what each test gets. @folder: an empty one */
typedef struct
{
  StewardHost *host;
  StewardEngine *engine;
  char *folder;
} Suite;

typedef void (*SuiteTest) (Suite *suite, gconstpointer compose);

/** SuiteCase: tables end with a %NULL name. */
typedef struct
{
  const char *name;
  SuiteTest test;
} SuiteCase;

/**
 * engine_suite_run:
 * @add_tests: adds the tests with engine_suite_add()
 *
 * Runs the tests in a child; then removes all containers, networks, volumes and images whose names
 * begin with the suite's prefix, also where the child died.
 *
 * Returns: the exit status for main()
 */
int engine_suite_run (int argc, char **argv, void (*add_tests) (void));

/** engine_suite_add: adds tests with the newest compose. */
void engine_suite_add (const char *prefix, const SuiteCase *cases);

/** engine_suite_add_both: adds tests with each version of compose. */
void engine_suite_add_both (const char *prefix, const SuiteCase *cases);

/** engine_suite_dup_name: a name that begins with the suite's prefix, another one each time. */
char *engine_suite_dup_name (void);

/** engine_suite_get_image: BusyBox with a shell, the label `color` and two migrations.
 * Returns: (transfer none) */
const char *engine_suite_get_image (void);

/** engine_suite_import: makes an image of the folder @root; @change: (nullable): as `docker import`
 * takes it. Returns: (transfer full): its name */
char *engine_suite_import (const char *root, const char *change);

/** engine_suite_docker: runs docker and asserts that it succeeds; arguments end with %NULL.
 * Returns: (transfer full): its standard output without the last line end */
char *engine_suite_docker (Suite *suite, const char *first, ...) G_GNUC_NULL_TERMINATED;

/** engine_suite_start: starts a container that runs @script with sh until it is stopped or ends.
 * Returns: (transfer full): its name */
char *engine_suite_start (Suite *suite, const char *script);

/** engine_suite_count: how many objects (`container`, `network`, `volume`) have names that begin
 * with @name. */
guint engine_suite_count (Suite *suite, const char *kind, const char *name);

/** engine_suite_set_fake: puts a program `docker` first in PATH until the test's end: a shell
 * script that finds the real one in `$real`. */
void engine_suite_set_fake (Suite *suite, const char *script);

G_END_DECLS
