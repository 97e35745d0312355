/* A pg_dump that says that all went well and did not write all: what it wrote never passes for a
 * backup, and an upgrade never goes on from it. */
#include <string.h>

#include "fault-report.h"
#include "fault-scene.h"

static DeploymentFixture fixture;

/* IMAGE FOLDER NAME: the database's own image, with another program before its pg_dump. */
static const char build_script[] =
    "set -e\n"
    "real=$(docker run --rm --network none --entrypoint sh \"$1\" -c 'command -v pg_dump')\n"
    "mkdir -p \"$2/lie\"\n"
    "{ echo '#!/bin/sh'; echo \"real=$real\"; cat; } >\"$2/lie/pg_dump\" <<EOF\n"
    "$4\n"
    "EOF\n"
    "chmod 755 \"$2/lie/pg_dump\"\n"
    "path=$(docker image inspect --format '{{range .Config.Env}}{{println .}}{{end}}' \"$1\" |"
    " sed -n 's/^PATH=//p')\n"
    "printf 'FROM %s\\nENV PATH=/lie:%s\\nCOPY pg_dump /lie/pg_dump\\n' \"$1\" \"$path\""
    " >\"$2/lie/Dockerfile\"\n"
    "DOCKER_BUILDKIT=0 docker build -q -t \"$3\" \"$2/lie\" >/dev/null\n";

/* What it asks of itself first is answered truly. */
#define PROBE "case \" $* \" in *' --schema-only '*) exec \"$real\" \"$@\" ;; esac\n"

typedef struct
{
  const char *name;
  const char *program;
  gboolean rehearses; /* only that notices it */
} Lie;

static const Lie lies[] = {
  { "pg_dump exits 0 with half of its output", PROBE "\"$real\" \"$@\" | head -c 6000; exit 0",
    FALSE },
  { "pg_dump exits 0 without output", PROBE "exit 0", FALSE },
  { "pg_dump exits 0 and leaves a table out", PROBE "exec \"$real\" --exclude-table=message \"$@\"",
    TRUE },
};

static char *
dup_image (void)
{
  return g_strdup_printf ("%s-lie", fixture.name);
}

static void
run_database_of (const Lie *lie)
{
  g_autofree char *image =
      deployment_fixture_call ("docker inspect --format '{{.Config.Image}}' \"$1\"",
                               fixture.database_container, NULL);
  g_autofree char *lying = dup_image ();
  g_autoptr (GError) error = NULL;

  fixture.is_dirty = TRUE;
  g_free (deployment_fixture_call (build_script, image, fixture.tools, lying, lie->program, NULL));
  g_free (deployment_fixture_call ("sed -i \"s|image: $2\\$|image: $3|\" \"$1\" &&"
                                   " grep -q \"image: $3\" \"$1\" &&"
                                   " docker compose -f \"$1\" --progress quiet up -d --pull never",
                                   fixture.compose_file, image, lying, NULL));
  deployment_fixture_start_database (&fixture);
  g_assert_true (deployment_fixture_wait_answer (&fixture));
  deployment_fixture_open (&fixture, &error);
  g_assert_no_error (error);
}

static guint
count_complete (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) backups = steward_backup_list (fixture.store, NULL, &error);
  guint n_complete = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < backups->len; i++)
    n_complete += ((StewardBackup *)backups->pdata[i])->state == STEWARD_BACKUP_COMPLETE;
  return n_complete;
}

static void
test_lie (gconstpointer data)
{
  const Lie *lie = data;
  FaultScene self;

  fault_scene_begin (&self, &fixture, STEWARD_OPERATION_UPGRADE, lie->name);
  run_database_of (lie);
  self.scene.rehearses = lie->rehearses;
  fault_scene_run (&self);
  g_assert_cmpint (self.scene.result, ==, STEWARD_RESULT_BACK);
  g_assert_cmpint (self.scene.report.downtime_ms, ==, 0);
  g_assert_cmpuint (count_complete (), ==, 0);
  fault_scene_relaunch (&self, STEWARD_CONTINUE_RESUME);
  fault_scene_end (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  for (gsize i = 0; i < G_N_ELEMENTS (lies); i++)
    fault_scene_add_test ("tools", lies[i].name, &lies[i], test_lie);

  deployment_fixture_up (&fixture, "classic", "2.40");
  int status = g_test_run ();
  g_autofree char *image = dup_image ();
  deployment_fixture_down (&fixture);
  g_free (deployment_fixture_call ("docker image rm -f \"$1\" >/dev/null 2>&1 || :", image, NULL));
  fault_report_write ("tools", "Tools that say more than they did");
  return status;
}
