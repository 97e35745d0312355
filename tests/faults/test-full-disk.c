/* The disk of journal, backups and compose file is full at a line of the journal: as it is to be
 * written, or just after it. Nobody makes room until the operation has ended. */
#include "fault-report.h"
#include "fault-scene.h"
#include "folder-disk.h"

/* Fewer would mean that the host does not tell of them. */
#define LEAST_WRITES (FAULT_SCENE_JOURNAL_SHARE + 1)

static DeploymentFixture fixture;

typedef struct
{
  guint nth;
  JournalHostMoment moment;
  gboolean was_there;
} Line;

static void
fill_cb (const JournalHostWrite *write, gpointer data)
{
  Line *line = data;

  if (write->nth != line->nth || write->moment != line->moment)
    return;
  folder_disk_fill (&fixture);
  line->was_there = TRUE;
}

/* Returns: whether there was such a line */
static gboolean
fill_at (guint nth, JournalHostMoment moment)
{
  FaultScene self;
  Line line = { nth, moment, FALSE };
  g_autoptr (StewardHost) host = journal_host_new (fill_cb, &line);

  fault_scene_begin (&self, &fixture, STEWARD_OPERATION_UPGRADE,
                     moment == JOURNAL_HOST_BEFORE ? "disk full before a line of the journal"
                                                   : "disk full after a line of the journal");
  deployment_fixture_use_host (&fixture, host);
  fault_scene_run (&self);
  g_test_message ("line %u, %s", nth, line.was_there ? "full" : "not there");
  deployment_fixture_use_host (&fixture, NULL);
  folder_disk_make_room (&fixture);
  fault_scene_relaunch (&self, STEWARD_CONTINUE_RESUME);
  fault_scene_end (&self);
  return line.was_there;
}

/* More than there are steps. */
static void
test_lines (void)
{
  g_assert_cmpuint (fault_scene_walk_journal (fill_at), >, LEAST_WRITES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  g_test_add_func ("/full-disk/at-lines-of-the-journal", test_lines);

  deployment_fixture_up (&fixture, "classic", "2.40");
  folder_disk_mount_small (&fixture);
  int status = g_test_run ();
  folder_disk_unmount (&fixture);
  deployment_fixture_down (&fixture);
  fault_report_write ("full-disk", "The disk of the files full");
  return status;
}
