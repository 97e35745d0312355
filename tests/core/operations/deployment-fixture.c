/* Puts up, looks at and takes down. See the header. */
#include "deployment-fixture.h"

#include <glib/gstdio.h>
#include <stdarg.h>
#include <string.h>

#include "core/host/local-host.h"

#define ANSWER_WAIT_S "60"
#define FOLDER_BEGINNING "steward-fixture-"
#define ENVIRONMENT_NAME "STEWARD_FIXTURE_NAME"
#define ENVIRONMENT_TOOLS "STEWARD_FIXTURE_TOOLS"

static const char up_script[] =
    "\"$1\" up --name \"$2\" --dir \"$3\" --layout \"$4\" --compose \"$5\" --scheme \"$6\""
    " >/dev/null &&"
    " \"$1\" fill --name \"$2\" --rows 40 --bytes 4000";

static const char down_script[] = "\"$1\" down --name \"$2\"; rm -rf \"$3\"";

/* A docker whose engine is away as long as the file `away` is there. */
static const char tools_script[] =
    "printf '#!/bin/sh\\n[ ! -e \"%s/away\" ] || export DOCKER_HOST=unix:///nonexistent.sock\\n"
    "exec \"%s\" \"$@\"\\n' \"$1\" \"$(command -v docker)\" >\"$1/docker\"; chmod +x \"$1/docker\"";

/* Kept beside for deployment_fixture_reset(): a database that nobody enters. */
static const char keep_script[] =
    "docker stop -t 10 \"$1\" >/dev/null;"
    " docker exec \"$2\" psql -qX -U parsec_admin -d postgres -v ON_ERROR_STOP=1"
    " -c 'CREATE DATABASE pristine TEMPLATE parsec' && docker start \"$1\" >/dev/null";

static const char recreate_sql[] =
    "SELECT format('DROP DATABASE %I WITH (FORCE)', datname) FROM pg_database"
    " WHERE datname LIKE 'steward\\_%' OR datname = 'parsec' \\gexec\n"
    "CREATE DATABASE parsec TEMPLATE pristine";

/* Statements are psql's input. */
static const char sql_script[] =
    "printf '%s' \"$3\" | docker exec -i \"$1\" psql -qAtX -U parsec_admin -d \"$2\""
    " -v ON_ERROR_STOP=1";

static const char answer_script[] =
    "end=$(($(date +%s) + " ANSWER_WAIT_S "))\n"
    "until curl -fsS --max-time 2 -o /dev/null \"$1/\" 2>/dev/null; do\n"
    "  [ $(date +%s) -lt $end ] || { echo silent; exit 0; }\n"
    "  sleep 0.4\n"
    "done\n"
    "echo answers\n";

static const char start_database_script[] =
    "docker start \"$1\" >/dev/null\n"
    "end=$(($(date +%s) + " ANSWER_WAIT_S "))\n"
    "until docker exec \"$1\" pg_isready -q -h 127.0.0.1; do\n"
    "  [ $(date +%s) -lt $end ] || exit 1\n"
    "  sleep 0.4\n"
    "done\n";

static const char write_script[] =
    "curl -fsS --max-time 10 -o /dev/null --data 'a row of a client' \"$1/test/write\"";

static const char containers_script[] =
    "docker ps -aq --filter \"label=com.docker.compose.project=$1\" |"
    " xargs -r docker inspect --format '{{.Name}} {{index .Config.Labels"
    " \"com.docker.compose.service\"}} {{.Config.Image}} {{.Image}} "
    "{{.HostConfig.RestartPolicy.Name}}"
    " {{.State.Running}} {{.Id}}' | sort";

/* The cluster's databases; then one line a table of the server's: its rows and a hash of all they
 * hold. */
static const char state_sql[] =
    "SELECT d.datname, d.oid, d.datallowconn, d.datconnlimit, pg_get_userbyid(d.datdba), d.datacl,"
    " shobj_description(d.oid, 'pg_database') FROM pg_database d ORDER BY 1 \\g\n"
    "\\connect parsec\n"
    "SELECT format('SELECT %L, count(*), md5(string_agg(t::text, '','' ORDER BY t::text)) FROM "
    "%I.%I t',"
    " c.relname, n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = "
    "c.relnamespace"
    " WHERE c.relkind = 'r' AND n.nspname = 'public' ORDER BY c.relname \\gexec";

/* The tables of 3.0.0 whose rows no migration to 3.6.0 changes. */
static const char rows_sql[] =
    "SELECT (SELECT count(*) FROM organization WHERE organization_id <> 'Clients'),"
    " (SELECT count(*) FROM human),"
    " (SELECT count(*) FROM user_), (SELECT md5(string_agg(body::text, ',' ORDER BY _id)) FROM "
    "message),"
    " (SELECT md5(string_agg(blob::text, ',' ORDER BY _id)) FROM vlob_atom)";

static char *
call (const char *const *argv)
{
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, &errors,
                &status, &error);
  g_assert_no_error (error);
  if (status != 0)
    {
      g_test_message ("%s: %s", argv[2], errors);
      g_test_fail ();
    }
  return output != NULL ? g_strchomp (g_steal_pointer (&output)) : g_strdup ("");
}

char *
deployment_fixture_call (const char *script, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  va_list arguments;

  g_ptr_array_add (argv, (char *)"sh");
  g_ptr_array_add (argv, (char *)"-c");
  g_ptr_array_add (argv, (char *)script);
  g_ptr_array_add (argv, (char *)"sh");
  va_start (arguments, script);
  for (char *argument; (argument = va_arg (arguments, char *)) != NULL;)
    g_ptr_array_add (argv, argument);
  va_end (arguments);
  g_ptr_array_add (argv, NULL);
  return call ((const char *const *)argv->pdata);
}

char *
deployment_fixture_query (DeploymentFixture *self, const char *database, const char *sql)
{
  return deployment_fixture_call (sql_script, self->database_container, database, sql, NULL);
}

void
deployment_fixture_execute (DeploymentFixture *self, const char *database, const char *sql)
{
  g_free (deployment_fixture_query (self, database, sql));
}

static char *
dup_fact (const char *facts, const char *key)
{
  g_autofree char *start = g_strdup_printf ("\n%s=", key);
  const char *found = strstr (facts, start);

  g_assert_nonnull (found);
  found += strlen (start);
  return g_strndup (found, strcspn (found, "\n"));
}

static char *
read_text (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

/* In place, as an editor would that keeps owner and mode. */
static void
write_text (const char *path, const char *text)
{
  FILE *file = g_fopen (path, "w");

  g_assert_nonnull (file);
  g_assert_cmpint (fputs (text, file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);
}

static void
read_facts (DeploymentFixture *self)
{
  g_autofree char *facts = deployment_fixture_call ("echo; \"$1\" facts --name \"$2\"",
                                                    DEPLOYMENT_SCRIPT, self->name, NULL);
  g_autofree char *docker_config = dup_fact (facts, "DOCKER_CONFIG");

  self->folder = dup_fact (facts, "DIR");
  self->layout = dup_fact (facts, "LAYOUT");
  self->compose_file = dup_fact (facts, "COMPOSE_FILE");
  self->server_url = dup_fact (facts, "SERVER_URL");
  self->server_service = dup_fact (facts, "SERVER_SERVICE");
  self->server_container = dup_fact (facts, "SERVER_CONTAINER");
  self->database_container = dup_fact (facts, "DATABASE_CONTAINER");
  self->database_port = dup_fact (facts, "DATABASE_PORT");
  self->database_url = dup_fact (facts, "DATABASE_URL");
  self->env_file = g_build_filename (self->folder, "parsec.env", NULL);
  self->compose_text = read_text (self->compose_file);
  self->env_text = read_text (self->env_file);
  g_setenv ("DOCKER_CONFIG", docker_config, TRUE);
  if (self->scheme != NULL)
    {
      g_autofree char *authority = dup_fact (facts, "CA_FILE");
      g_setenv ("CURL_CA_BUNDLE", authority, TRUE);
    }
}

static void
use_tools (DeploymentFixture *self)
{
  g_autofree char *path = g_strconcat (self->tools, ":", g_getenv ("PATH"), NULL);

  g_setenv ("PATH", path, TRUE);
}

void
deployment_fixture_use_host (DeploymentFixture *self, StewardHost *host)
{
  g_autoptr (StewardHost) this_machine = host == NULL ? steward_local_host_new () : NULL;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->store, steward_store_free);
  g_clear_pointer (&self->deployment, steward_deployment_unref);
  g_clear_pointer (&self->engine, steward_engine_unref);
  self->engine = steward_engine_new (host != NULL ? host : this_machine);
  deployment_fixture_open (self, &error);
  g_assert_no_error (error);
}

void
deployment_fixture_up (DeploymentFixture *self, const char *layout, const char *compose)
{
  static guint n_fixtures;
  g_autofree char *folder = NULL;

  self->tools = g_dir_make_tmp (FOLDER_BEGINNING "XXXXXX", NULL);
  g_autofree char *base = g_path_get_basename (self->tools);
  g_autofree char *unique = g_ascii_strdown (base + strlen (FOLDER_BEGINNING), -1);
  /* Process ids are no names: a program with an engine of its own counts them anew. */
  self->name = g_strdup_printf ("steward-test-%s-%u", unique, ++n_fixtures);
  folder = g_build_filename (self->tools, "deployment", NULL);
  g_free (deployment_fixture_call (tools_script, self->tools, NULL));
  g_free (deployment_fixture_call (up_script, DEPLOYMENT_SCRIPT, self->name, folder, layout,
                                   compose, self->scheme != NULL ? self->scheme : "http", NULL));
  read_facts (self);
  g_free (deployment_fixture_call (keep_script, self->server_container, self->database_container,
                                   NULL));
  g_assert_true (deployment_fixture_wait_answer (self));
  g_setenv (ENVIRONMENT_NAME, self->name, TRUE);
  g_setenv (ENVIRONMENT_TOOLS, self->tools, TRUE);
  use_tools (self);
  deployment_fixture_use_host (self, NULL);
}

gboolean
deployment_fixture_run_is_long (void)
{
  return g_getenv ("STEWARD_TESTS_ROUNDS") != NULL;
}

gboolean
deployment_fixture_takes (gsize i)
{
  return i % DEPLOYMENT_FIXTURE_SHARE == 0 || deployment_fixture_run_is_long ();
}

void
deployment_fixture_attach (DeploymentFixture *self)
{
  self->name = g_strdup (g_getenv (ENVIRONMENT_NAME));
  self->tools = g_strdup (g_getenv (ENVIRONMENT_TOOLS));
  read_facts (self);
  deployment_fixture_use_host (self, NULL);
}

void
deployment_fixture_down (DeploymentFixture *self)
{
  g_clear_pointer (&self->store, steward_store_free);
  g_clear_pointer (&self->deployment, steward_deployment_unref);
  steward_engine_unref (self->engine);
  deployment_fixture_set_engine_back (self);
  g_free (deployment_fixture_call (down_script, DEPLOYMENT_SCRIPT, self->name, self->tools, NULL));
  g_free (self->name);
  g_free (self->folder);
  g_free (self->layout);
  g_free (self->compose_file);
  g_free (self->compose_text);
  g_free (self->env_file);
  g_free (self->env_text);
  g_free (self->server_url);
  g_free (self->server_service);
  g_free (self->server_container);
  g_free (self->database_container);
  g_free (self->database_port);
  g_free (self->database_url);
  g_free (self->tools);
  memset (self, 0, sizeof *self);
}

gboolean
deployment_fixture_open (DeploymentFixture *self, GError **error)
{
  g_clear_pointer (&self->store, steward_store_free);
  g_clear_pointer (&self->deployment, steward_deployment_unref);
  StewardComposeProject *project =
      steward_compose_project_new_from_file (self->engine, self->compose_file, NULL, error);
  if (project == NULL)
    return FALSE;
  self->deployment = steward_deployment_open (self->engine, project, NULL, NULL, error);
  if (self->deployment == NULL)
    return FALSE;
  self->store = steward_operation_new_store (self->deployment);
  return TRUE;
}

static void
write_files (DeploymentFixture *self)
{
  write_text (self->compose_file, self->compose_text);
  write_text (self->env_file, self->env_text);
}

void
deployment_fixture_restore_files (DeploymentFixture *self)
{
  g_autoptr (GError) error = NULL;

  write_files (self);
  deployment_fixture_open (self, &error);
  g_assert_no_error (error);
}

void
deployment_fixture_mount_small_disk (DeploymentFixture *self)
{
  g_free (deployment_fixture_call (
      "[ $(id -u) = 0 ] && sudo= || sudo=sudo; mkdir -p -m 700 \"$1\" &&"
      " $sudo mount -t tmpfs -o size=64k,mode=700,uid=$(id -u) tmpfs \"$1\"",
      steward_store_get_backups_folder (self->store), NULL));
}

void
deployment_fixture_unmount_small_disk (DeploymentFixture *self)
{
  g_free (deployment_fixture_call (
      "[ $(id -u) = 0 ] && sudo= || sudo=sudo; ! mountpoint -q \"$1\" || $sudo umount -l \"$1\"",
      steward_store_get_backups_folder (self->store), NULL));
}

void
deployment_fixture_start_database (DeploymentFixture *self)
{
  g_free (deployment_fixture_call (start_database_script, self->database_container, NULL));
}

void
deployment_fixture_reset (DeploymentFixture *self)
{
  deployment_fixture_set_engine_back (self);
  if (self->is_dirty)
    write_files (self);
  deployment_fixture_use_host (self, NULL);
  if (!self->is_dirty)
    return;
  g_free (deployment_fixture_call ("docker ps -aq --filter"
                                   " \"label=com.docker.compose.project=$2\" | grep -v"
                                   " \"$(docker inspect --format '{{.Id}}' \"$1\" | cut -c1-12)\" |"
                                   " xargs -r docker rm -fv >/dev/null; rm -rf \"$3/steward\"",
                                   self->database_container, self->name, self->folder, NULL));
  deployment_fixture_start_database (self);
  deployment_fixture_execute (self, "postgres", recreate_sql);
  g_free (deployment_fixture_call ("docker compose -f \"$1\" --progress quiet up -d",
                                   self->compose_file, NULL));
  g_assert_true (deployment_fixture_wait_answer (self));
  self->is_dirty = FALSE;
}

void
deployment_fixture_set_engine_away (DeploymentFixture *self)
{
  g_autofree char *flag = g_build_filename (self->tools, "away", NULL);

  write_text (flag, "");
}

void
deployment_fixture_set_engine_back (DeploymentFixture *self)
{
  g_autofree char *flag = g_build_filename (self->tools, "away", NULL);

  g_unlink (flag);
}

gboolean
deployment_fixture_wait_answer (DeploymentFixture *self)
{
  g_autofree char *word = deployment_fixture_call (answer_script, self->server_url, NULL);

  return g_str_equal (word, "answers");
}

void
deployment_fixture_write_row (DeploymentFixture *self)
{
  g_assert_true (deployment_fixture_wait_answer (self));
  g_free (deployment_fixture_call (write_script, self->server_url, NULL));
}

void
deployment_fixture_edit_env (DeploymentFixture *self, const char *user, const char *password)
{
  const char *start = strstr (self->env_text, "PARSEC_DB=");
  const char *at = strchr (start, '@');
  g_autofree char *before = g_strndup (self->env_text, start - self->env_text);
  g_autofree char *text =
      g_strdup_printf ("%sPARSEC_DB=postgresql://%s:%s%s", before, user, password, at);
  g_autoptr (GError) error = NULL;

  self->is_dirty = TRUE;
  write_text (self->env_file, text);
  deployment_fixture_open (self, &error);
  g_assert_no_error (error);
}

/* Without what changes when a container is made anew: its id, and the migration service's whole
 * line. */
static char *
strip_containers (DeploymentFixture *self, const char *containers)
{
  g_auto (GStrv) lines = g_strsplit (containers, "\n", -1);
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], " pre-parsec ") == NULL)
      g_string_append_printf (text, "%.*s\n", (int)(strrchr (lines[i], ' ') - lines[i]), lines[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
deployment_fixture_dup_state (DeploymentFixture *self, DeploymentState detail)
{
  g_autofree char *compose = read_text (self->compose_file);
  g_autofree char *env = read_text (self->env_file);
  g_autofree char *containers = deployment_fixture_call (containers_script, self->name, NULL);
  g_autofree char *stripped = strip_containers (self, containers);
  g_autofree char *databases = deployment_fixture_query (self, "postgres", state_sql);

  return g_strdup_printf ("%s\n%s\n%s\n%s\n", compose, env,
                          detail == DEPLOYMENT_STATE_ALL ? containers : stripped, databases);
}

/* Line by line, so that a difference can be read. */
static void
assert_same_lines (const char *now, const char *before)
{
  g_auto (GStrv) now_lines = g_strsplit (now, "\n", -1);
  g_auto (GStrv) before_lines = g_strsplit (before, "\n", -1);

  g_assert_cmpuint (g_strv_length (now_lines), ==, g_strv_length (before_lines));
  for (gsize i = 0; now_lines[i] != NULL && before_lines[i] != NULL; i++)
    g_assert_cmpstr (now_lines[i], ==, before_lines[i]);
}

void
deployment_fixture_assert_unchanged (DeploymentFixture *self,
                                     const char *before,
                                     DeploymentState detail)
{
  gboolean answers = deployment_fixture_wait_answer (self);
  g_autofree char *now = deployment_fixture_dup_state (self, detail);

  g_assert_true (answers);
  assert_same_lines (now, before);
  if (answers && g_str_equal (now, before))
    self->is_dirty = FALSE;
}

guint
deployment_fixture_count_databases (DeploymentFixture *self, const char *pattern)
{
  g_autofree char *sql =
      g_strdup_printf ("SELECT count(*) FROM pg_database WHERE datname LIKE '%s'", pattern);
  g_autofree char *count = deployment_fixture_query (self, "postgres", sql);

  return g_ascii_strtoull (count, NULL, 10);
}

static void
assert_files (DeploymentFixture *self, const char *tag)
{
  g_autofree char *colon_tag = g_strdup_printf ("parsec-server:%s ", tag);
  g_auto (GStrv) parts = g_strsplit (self->compose_text, "parsec-server:3.0.0 ", -1);
  g_autofree char *expected = g_strjoinv (colon_tag, parts);
  g_autofree char *now = read_text (self->compose_file);
  g_autofree char *env = read_text (self->env_file);

  assert_same_lines (now, expected);
  assert_same_lines (env, self->env_text);
}

static void
assert_containers (DeploymentFixture *self, const char *tag)
{
  g_autofree char *containers = deployment_fixture_call (containers_script, self->name, NULL);
  g_autofree char *begin =
      g_strdup_printf ("/%s %s ", self->server_container, self->server_service);
  const char *server = strstr (containers, begin);
  g_autofree char *image = g_strdup_printf ("parsec-server:%s ", tag);
  const char *policy =
      g_str_equal (self->layout, "newer") ? " always true " : " unless-stopped true ";

  g_assert_nonnull (server);
  g_assert_null (strstr (containers, "/steward-2"));
  if (server == NULL)
    return;
  g_autofree char *line = g_strndup (server, strcspn (server, "\n"));
  g_test_message ("%s", line);
  g_assert_nonnull (strstr (line, image));
  g_assert_nonnull (strstr (line, policy));
}

void
deployment_fixture_assert_serves (DeploymentFixture *self, const char *tag, guint n_migrations)
{
  g_autofree char *expected_rows = deployment_fixture_query (self, "pristine", rows_sql);
  g_autofree char *rows = deployment_fixture_query (self, "parsec", rows_sql);
  g_autofree char *migrations =
      deployment_fixture_query (self, "parsec", "SELECT count(*) FROM migration");

  g_assert_true (deployment_fixture_wait_answer (self));
  assert_files (self, tag);
  assert_containers (self, tag);
  g_assert_cmpstr (rows, ==, expected_rows);
  g_assert_cmpuint (g_ascii_strtoull (migrations, NULL, 10), ==, n_migrations);
}
