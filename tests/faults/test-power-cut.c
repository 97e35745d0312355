/* What the host's disk would hold if its power went: at every line of the journal of an upgrade,
 * and at its end. The disk is a file of which only what was synced can be seen. */
#include <string.h>

#include "fault-report.h"
#include "fault-scene.h"
#include "folder-disk.h"
#include "invariants.h"
#include "journal-host.h"

/* Fewer would mean that the host does not tell of them. */
#define LEAST_WRITES 13

static DeploymentFixture fixture;
static Invariants invariants = { .fixture = &fixture };
static guint n_cuts;

/* Whether the file holds the same bytes on both disks. */
static gboolean
is_same (const char *cut, const char *path)
{
  g_autofree char *word =
      deployment_fixture_call ("cmp -s \"$2\" \"$1${2#\"$3\"}\" && echo same || echo other", cut,
                               path, fixture.folder, NULL);

  return g_str_equal (word, "same");
}

/* Whoever finds a passport finds all of its dump. */
static gboolean
has_whole_backups (const char *cut)
{
  g_autofree char *word = deployment_fixture_call (
      "for passport in \"$1\"/steward/backups/*.json; do\n"
      "  [ -e \"$passport\" ] || continue\n"
      "  hash=$(sha256sum <\"${passport%.json}.dump\")\n"
      "  case $(cat \"$passport\") in *\"${hash%% *}\"*) ;; *) echo torn; exit 0 ;; esac\n"
      "done\n"
      "echo whole\n",
      cut, NULL);

  return g_str_equal (word, "whole");
}

/* Before the switch the old file, afterwards the new one, and never a part of either. */
static gboolean
has_whole_compose_file (const char *cut)
{
  g_autofree char *name = g_path_get_basename (fixture.compose_file);
  g_autofree char *path = g_build_filename (cut, name, NULL);
  g_autofree char *now = NULL;
  g_auto (GStrv) parts = g_strsplit (fixture.compose_text, "parsec-server:" FAULT_OLD " ", -1);
  g_autofree char *switched = g_strjoinv ("parsec-server:" FAULT_NEW " ", parts);

  return g_file_get_contents (path, &now, NULL, NULL)
         && (g_str_equal (now, fixture.compose_text) || g_str_equal (now, switched));
}

static void
cut_cb (const JournalHostWrite *write, gpointer data)
{
  if (write->moment != JOURNAL_HOST_AFTER)
    return;
  g_autofree char *cut = folder_disk_cut (&fixture);
  n_cuts++;
  if (!is_same (cut, write->path))
    invariants_break (&invariants, 'E', "the journal has lost what was written at %u", write->nth);
  if (!has_whole_backups (cut))
    invariants_break (&invariants, 'C', "a backup is torn at %u", write->nth);
  if (!has_whole_compose_file (cut))
    invariants_break (&invariants, 'A', "the compose file is torn at %u", write->nth);
  folder_disk_forget_cut (&fixture);
}

static void
test_cuts (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture };
  g_autoptr (StewardHost) host = journal_host_new (cut_cb, NULL);

  deployment_fixture_reset (&fixture);
  deployment_fixture_use_host (&fixture, host);
  operation_scene_upgrade (&scene, FAULT_NEW);
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  g_autofree char *cut = folder_disk_cut (&fixture);
  if (!is_same (cut, fixture.compose_file))
    invariants_break (&invariants, 'A', "the compose file is not what it was said to be");
  folder_disk_forget_cut (&fixture);
  fault_report_add ("power cut at every line of the journal", invariants.broken);
  g_test_message ("%u cuts", n_cuts);
  g_assert_cmpuint (n_cuts, >=, LEAST_WRITES);
  g_assert_cmpstr (invariants.broken, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  g_test_add_func ("/power-cut/at-every-line-of-the-journal", test_cuts);

  deployment_fixture_up (&fixture, "classic", "2.40");
  folder_disk_mount_image (&fixture);
  int status = g_test_run ();
  folder_disk_unmount (&fixture);
  deployment_fixture_down (&fixture);
  fault_report_write ("power-cut", "The host’s power cut");
  return status;
}
