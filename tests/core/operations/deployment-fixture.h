/* A demonstration deployment of a test program's own, and what one can see of it from outside: by
 * docker, by SQL and over HTTP, never through the code that is tested. One is used by many tests in
 * turn. */
#pragma once

#include "core/operations/operation.h"

G_BEGIN_DECLS

/** DeploymentFixture: all owned but @scheme.
 * @scheme: (nullable): `https`, set before it is put up; %NULL for plain HTTP
 * @compose_file, @env_file: what compose reads; @compose_text, @env_text: what they hold at first
 * @is_dirty: an operation may have left it otherwise than it was put up */
typedef struct
{
  const char *scheme;
  char *name;
  char *folder;
  char *layout;
  char *compose_file;
  char *compose_text;
  char *env_file;
  char *env_text;
  char *server_url;
  char *server_service;
  char *server_container;
  char *database_container;
  char *database_port;
  char *database_url;
  char *tools; /* a folder in front of PATH */
  StewardEngine *engine;
  StewardDeployment *deployment;
  StewardStore *store;
  gboolean is_dirty;
} DeploymentFixture;

/** deployment_fixture_up: version 3.0.0 with some rows. @layout: `classic`, `newer`; @compose:
 * `2.26`, `2.40` */
void deployment_fixture_up (DeploymentFixture *self, const char *layout, const char *compose);
void deployment_fixture_down (DeploymentFixture *self);

/** deployment_fixture_run_is_long: whether this is a run of `tests/run.sh --long` */
gboolean deployment_fixture_run_is_long (void);

/** deployment_fixture_takes: of a list of like cases the ordinary run takes every ninth one, from
 * number 0 on, a long one all. */
#define DEPLOYMENT_FIXTURE_SHARE 9
gboolean deployment_fixture_takes (gsize i);

/** deployment_fixture_attach: of another process, found again by what deployment_fixture_up() set
 * in the environment; for a process that is going to be killed. */
void deployment_fixture_attach (DeploymentFixture *self);

/** deployment_fixture_start_database: and waits until it takes connections. */
void deployment_fixture_start_database (DeploymentFixture *self);

/** deployment_fixture_reset: as it was put up, unless it still is; no store either. */
void deployment_fixture_reset (DeploymentFixture *self);

/** deployment_fixture_restore_files: compose and env file as they were at first, and read anew. */
void deployment_fixture_restore_files (DeploymentFixture *self);

/** deployment_fixture_open: reads the compose files anew. Returns: whether they were understood */
gboolean deployment_fixture_open (DeploymentFixture *self, GError **error);

/** deployment_fixture_use_host: from now on the code under test works on @host; %NULL for this
 * machine as it is, where it works again after deployment_fixture_reset() too. */
void deployment_fixture_use_host (DeploymentFixture *self, StewardHost *host);

/** deployment_fixture_set_engine_away: from now on docker cannot reach its engine, or can again. */
void deployment_fixture_set_engine_away (DeploymentFixture *self);
void deployment_fixture_set_engine_back (DeploymentFixture *self);

/** deployment_fixture_call: runs a constant script with arguments; it must succeed.
 * Returns: (transfer full): its output without the last line end */
char *deployment_fixture_call (const char *script, ...) G_GNUC_NULL_TERMINATED;

/** deployment_fixture_mount_small_disk: puts 64 KiB in the place of the folder of backups;
 * unmounting is fine where there is none. */
void deployment_fixture_mount_small_disk (DeploymentFixture *self);
void deployment_fixture_unmount_small_disk (DeploymentFixture *self);

/** deployment_fixture_query: Returns: (transfer full): a line a row, as superuser; must succeed */
char *deployment_fixture_query (DeploymentFixture *self, const char *database, const char *sql);

/** deployment_fixture_execute: statements, as superuser; must succeed. */
void deployment_fixture_execute (DeploymentFixture *self, const char *database, const char *sql);

/** deployment_fixture_write_row: as a client, through the server; waits until it answers. */
void deployment_fixture_write_row (DeploymentFixture *self);

/** deployment_fixture_edit_env: replaces the whole address of the database in the server's env
 * file. */
void deployment_fixture_edit_env (DeploymentFixture *self, const char *user, const char *password);

typedef enum
{
  DEPLOYMENT_STATE_ALL,
  DEPLOYMENT_STATE_NEW_CONTAINERS, /* the server's containers may have been made anew */
} DeploymentState;

/** deployment_fixture_dup_state: Returns: (transfer full): lines that tell compose and env files,
 * all containers of the project, all databases, and the content of every table of the live one */
char *deployment_fixture_dup_state (DeploymentFixture *self, DeploymentState detail);

/** deployment_fixture_wait_answer: until the server answers, 60 s at most. Returns: whether it
 * does */
gboolean deployment_fixture_wait_answer (DeploymentFixture *self);

/** deployment_fixture_assert_unchanged: the state is @before, and the server answers. */
void deployment_fixture_assert_unchanged (DeploymentFixture *self,
                                          const char *before,
                                          DeploymentState detail);

/** deployment_fixture_assert_serves: the server runs as @tag on a live database with so many
 * migrations and with the rows that the deployment was put up with; the compose file differs from
 * the first one by the tag alone; no one-off container is left. */
void
deployment_fixture_assert_serves (DeploymentFixture *self, const char *tag, guint n_migrations);

/** deployment_fixture_count_databases: those whose name is like @pattern, as SQL's LIKE reads
 * it. */
guint deployment_fixture_count_databases (DeploymentFixture *self, const char *pattern);

G_END_DECLS
