/* Going back that fails as well: nothing is deleted, and the commands that are told bring back what
 * was, typed as they stand. */
#include <string.h>

#include "fault-report.h"
#include "fault-scene.h"

/* @step, @act: what fails forward, and back. */
typedef struct
{
  const char *name;
  StewardOperationKind kind;
  const char *step;
  OperationAct act;
  const char *tag; /* that served before, and does again */
  const char *n_migrations;
} Way;

static DeploymentFixture fixture;
static char *taken_oid; /* of somebody else's database */

static char *
dup_dumps (void)
{
  return deployment_fixture_call ("cd \"$1\"/steward/backups && sha256sum *.dump", fixture.folder,
                                  NULL);
}

/* Somebody makes a database of this name. */
static void
take_name (const char *name)
{
  g_autofree char *make = g_strdup_printf ("CREATE DATABASE %s", name);
  g_autofree char *find =
      g_strdup_printf ("SELECT oid FROM pg_database WHERE datname = '%s'", name);

  deployment_fixture_execute (&fixture, "postgres", make);
  g_free (taken_oid);
  taken_oid = deployment_fixture_query (&fixture, "postgres", find);
}

static void
give_name (void)
{
  g_autofree char *find =
      g_strdup_printf ("SELECT format('ALTER DATABASE %%I RENAME TO somebody', datname)"
                       " FROM pg_database WHERE oid = %s",
                       taken_oid);
  g_autofree char *statement = deployment_fixture_query (&fixture, "postgres", find);

  deployment_fixture_execute (&fixture, "postgres", statement);
}

static void
act_take_live_name (OperationScene *scene)
{
  take_name ("parsec");
}

/* The start fails, and then the copy cannot have its old name. */
static void
act_take_copy_name (OperationScene *scene)
{
  g_autofree char *name = deployment_fixture_query (
      &fixture, "postgres",
      "SELECT replace(datname, '_aside', '_copy') FROM pg_database WHERE datname LIKE '%_aside'");

  take_name (name);
  operation_act_take_engine_away (scene);
}

/* All but somebody's, whatever they are called. */
static char *
dup_databases (void)
{
  g_autofree char *sql =
      g_strdup_printf ("SELECT oid FROM pg_database WHERE oid <> %s ORDER BY 1", taken_oid);

  return deployment_fixture_query (&fixture, "postgres", sql);
}

/* The last lines of the error, as an administrator pastes them into a shell. Returns: whether all
 * of them were done */
static gboolean
type_commands (const char *message)
{
  const char *by_hand = strstr (message, "\nBy hand");
  g_assert_nonnull (by_hand);
  const char *commands = strchr (by_hand + 1, '\n');
  g_assert_nonnull (commands);

  g_test_message ("%s", commands + 1);
  g_autofree char *word = deployment_fixture_call (
      "printf '%s\\n' \"$1\" | sh >/dev/null 2>&1 && echo done || echo failed", commands + 1, NULL);
  return g_str_equal (word, "done");
}

static void
assert_serves (const Way *way)
{
  g_autofree char *image =
      deployment_fixture_call ("docker inspect --format '{{.Config.Image}}' \"$1\"",
                               fixture.server_container, NULL);
  g_autofree char *suffix = g_strdup_printf (":%s", way->tag);
  g_autofree char *migrations =
      deployment_fixture_query (&fixture, "parsec", "SELECT count(*) FROM migration");

  g_assert_true (g_str_has_suffix (image, suffix));
  g_assert_cmpstr (migrations, ==, way->n_migrations);
}

static void
test_way (gconstpointer data)
{
  const Way *way = data;
  FaultScene self;

  fault_scene_begin (&self, &fixture, way->kind, way->name);
  self.scene.step = way->step;
  self.scene.kind = STEWARD_EVENT_STEP_STARTED;
  self.scene.act = way->act;
  fault_scene_run (&self);
  g_assert_cmpint (self.scene.result, ==, STEWARD_RESULT_HANDS);
  g_autofree char *databases = dup_databases ();
  g_autofree char *dumps = dup_dumps ();

  /* The cause is mended, and then everything is done by hand. */
  deployment_fixture_set_engine_back (&fixture);
  give_name ();
  g_assert_true (type_commands (self.scene.error->message));
  g_assert_true (deployment_fixture_wait_answer (&fixture));
  assert_serves (way);
  g_autofree char *databases_after = dup_databases ();
  g_autofree char *dumps_after = dup_dumps ();
  g_assert_cmpstr (databases, ==, databases_after);
  g_assert_cmpstr (dumps, ==, dumps_after);

  /* Steward, asked again, finds it done and ends its journal. */
  fault_scene_relaunch (&self, STEWARD_CONTINUE_WALK_BACK);
  g_assert_cmpint (self.scene.result, ==, STEWARD_RESULT_BACK);
  assert_serves (way);
  deployment_fixture_execute (&fixture, "postgres", "DROP DATABASE somebody");
  fault_scene_end (&self);
}

static const Way ways[] = {
  { "upgrade whose original cannot come back", STEWARD_OPERATION_UPGRADE, "publish",
    act_take_live_name, FAULT_OLD, "12" },
  { "upgrade that cannot be withdrawn", STEWARD_OPERATION_UPGRADE, "start-server",
    act_take_copy_name, FAULT_OLD, "12" },
  { "rollback whose original cannot come back", STEWARD_OPERATION_ROLLBACK, "publish",
    act_take_live_name, FAULT_NEW, "14" },
};

/* Neither ours to overwrite nor the administrator's in passing. */
static void
act_edit_and_take_live_name (OperationScene *scene)
{
  g_free (deployment_fixture_call ("echo '# by hand' >>\"$1\"", fixture.compose_file, NULL));
  act_take_live_name (scene);
}

/* Where no database has the live name. */
static char *
dup_server (void)
{
  g_autofree char *databases =
      deployment_fixture_query (&fixture, "postgres",
                                "SELECT oid, datname, datallowconn FROM pg_database ORDER BY 1");
  g_autofree char *others = deployment_fixture_call (
      "cat \"$1\"; docker ps -a --no-trunc --format '{{.ID}} {{.State}}' --filter"
      " \"label=com.docker.compose.project=$2\" | sort",
      fixture.compose_file, fixture.name, NULL);

  return g_strdup_printf ("%s\n%s", databases, others);
}

/* Where Steward refuses to overwrite a file, the commands do so too, and nothing after them is
 * done. */
static void
test_edited (void)
{
  FaultScene self;

  fault_scene_begin (&self, &fixture, STEWARD_OPERATION_UPGRADE,
                     "neither way, and a file edited by hand");
  self.scene.step = "publish";
  self.scene.kind = STEWARD_EVENT_STEP_STARTED;
  self.scene.act = act_edit_and_take_live_name;
  fault_scene_run (&self);
  g_assert_cmpint (self.scene.result, ==, STEWARD_RESULT_HANDS);
  give_name ();
  g_autofree char *before = dup_server ();
  g_assert_false (type_commands (self.scene.error->message));
  g_autofree char *after = dup_server ();
  g_assert_cmpstr (before, ==, after);

  g_free (deployment_fixture_call ("sed -i '$d' \"$1\"", fixture.compose_file, NULL));
  g_assert_true (type_commands (self.scene.error->message));
  g_assert_true (deployment_fixture_wait_answer (&fixture));
  assert_serves (&ways[0]);
  fault_scene_relaunch (&self, STEWARD_CONTINUE_WALK_BACK);
  g_assert_cmpint (self.scene.result, ==, STEWARD_RESULT_BACK);
  deployment_fixture_execute (&fixture, "postgres", "DROP DATABASE somebody");
  fault_scene_end (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    if (deployment_fixture_run_is_long ())
      fault_scene_add_test ("hands", ways[i].name, &ways[i], test_way);
  g_test_add_func ("/hands/file-edited-by-hand", test_edited);

  deployment_fixture_up (&fixture, "newer", "2.40");
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  fault_report_write ("hands", "Neither forward nor back");
  return status;
}
