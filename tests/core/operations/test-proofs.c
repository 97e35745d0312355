/* What is known of a backup: proven, found damaged, refused, right again; and nothing of it touches
 * the server. */
#include <string.h>

#include "core/operations/catalog.h"
#include "core/operations/pruning.h"
#include "core/operations/transfer.h"
#include "operation-scene.h"

static DeploymentFixture fixture;

/* Follows, and cancels at a fraction where that is wanted. */
typedef struct
{
  GCancellable *cancellable;
  gboolean cancels;
} Follower;

static void
event_cb (const StewardEvent *event, gpointer data)
{
  Follower *follower = data;

  if (event->kind == STEWARD_EVENT_STEP_FAILED)
    g_test_message ("failed: %s", event->text);
  if (follower->cancels && event->kind == STEWARD_EVENT_FRACTION)
    g_cancellable_cancel (follower->cancellable);
}

static gboolean
verify (const char *id, StewardVerifyFlags flags, GError **error)
{
  Follower follower = { 0 };
  StewardClient client = { "tests", event_cb, NULL, &follower };

  return steward_catalog_verify (fixture.deployment, fixture.store, id, flags, &client, NULL,
                                 error);
}

static char *
make_backup (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture };
  StewardRequest request = { .kind = STEWARD_OPERATION_BACKUP };

  deployment_fixture_reset (&fixture);
  operation_scene_run (&scene, &request);
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  return g_strdup (scene.report.backup_id);
}

static StewardBackup *
find_backup (const char *id)
{
  g_autoptr (GError) error = NULL;
  StewardBackup *backup = steward_backup_find (fixture.store, id, NULL, &error);

  g_assert_no_error (error);
  return backup;
}

static void
assert_proof (const char *id, StewardProof proof, StewardBackupState state)
{
  g_autoptr (StewardBackup) backup = find_backup (id);

  g_assert_cmpint (steward_passport_get_proof (backup->passport, NULL), ==, proof);
  g_assert_cmpint (backup->state, ==, state);
}

/* Turns the byte that lies so far in, or turns it back. */
static void
flip_byte (const char *id, double place)
{
  g_autofree char *path = steward_store_dup_dump_path (fixture.store, id);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  bytes[MIN ((gsize)(place * (double)length), length - 1)] ^= 1;
  g_file_set_contents (path, bytes, (gssize)length, &error);
  g_assert_no_error (error);
}

static void
assert_rollback_refused (const char *id)
{
  g_auto (OperationScene) scene = { .fixture = &fixture };
  StewardRequest request = { .kind = STEWARD_OPERATION_ROLLBACK, .source = id, .watch_s = 1 };
  StewardClient client = { .name = "tests" };
  g_autoptr (GError) error = NULL;

  operation_scene_run (&scene, &request);
  operation_scene_assert_result (&scene, STEWARD_RESULT_REFUSED);
  g_assert_error (scene.error, STEWARD_ERROR, STEWARD_ERROR_REFUSED);
  g_assert_nonnull (strstr (scene.error->message, id));
  g_autoptr (StewardReview) review =
      steward_operation_review (fixture.deployment, fixture.store, &request, &client, NULL, &error);
  g_assert_null (review);
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED);
}

static void
test_restoring_proves (void)
{
  g_autofree char *id = make_backup ();
  g_autofree char *before = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_ALL);
  g_autoptr (GError) error = NULL;

  assert_proof (id, STEWARD_PROOF_READ_BACK, STEWARD_BACKUP_COMPLETE);
  verify (id, STEWARD_VERIFY_RESTORE, &error);
  g_assert_no_error (error);
  assert_proof (id, STEWARD_PROOF_RESTORED, STEWARD_BACKUP_COMPLETE);
  deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_ALL);
}

static const double places[] = { 0, 0.05, 0.5, 1 };
/* Of a database that no disk could hold. */
static void
test_needs_room (void)
{
  g_autofree char *id = make_backup ();
  g_autofree char *path = steward_store_dup_passport_path (fixture.store, id);
  g_autoptr (GError) error = NULL;

  g_free (deployment_fixture_call (
      "sed -i '/\"database\"/,/}/s/\"bytes\" *: *[0-9]*/\"bytes\":1000000000000000/' \"$1\" &&"
      " grep -q 1000000000000000 \"$1\"",
      path, NULL));
  g_autofree char *before = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_ALL);
  g_assert_false (verify (id, STEWARD_VERIFY_RESTORE, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NO_SPACE);
  assert_proof (id, STEWARD_PROOF_READ_BACK, STEWARD_BACKUP_COMPLETE);
  deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_ALL);
}

static const StewardVerifyFlags ways[] = { STEWARD_VERIFY_READ, STEWARD_VERIFY_RESTORE };

/* Wherever it is, whoever looks finds it; and once it is right again, so does the next who looks.
 */
static void
test_turned_byte_is_found (gconstpointer data)
{
  StewardVerifyFlags flags = *(const StewardVerifyFlags *)data;
  g_autofree char *id = make_backup ();
  g_autofree char *before = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_ALL);

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr (GError) error = NULL;
      flip_byte (id, places[i]);
      g_assert_false (verify (id, flags, &error));
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED);
      assert_proof (id, STEWARD_PROOF_DAMAGED, STEWARD_BACKUP_DAMAGED);
      flip_byte (id, places[i]);
      assert_proof (id, STEWARD_PROOF_DAMAGED, STEWARD_BACKUP_DAMAGED);
      if (i == 0)
        assert_rollback_refused (id);
      g_clear_error (&error);
      verify (id, STEWARD_VERIFY_READ, &error);
      g_assert_no_error (error);
      assert_proof (id, STEWARD_PROOF_READ_BACK, STEWARD_BACKUP_COMPLETE);
    }
  deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_ALL);
}

/* A byte that turned after the last look is found by the restore itself. */
static void
test_rollback_finds_a_turned_byte (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture };
  g_autofree char *id = make_backup ();
  StewardRequest request = {
    .kind = STEWARD_OPERATION_ROLLBACK, .source = id, .accepted_loss = "3.0.0", .watch_s = 1
  };
  g_autofree char *before = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_ALL);

  flip_byte (id, 0.5);
  operation_scene_run (&scene, &request);
  operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
  assert_proof (id, STEWARD_PROOF_DAMAGED, STEWARD_BACKUP_DAMAGED);
  deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_ALL);
}

static void
write_rows (const char *id, gint64 more)
{
  g_autoptr (StewardBackup) backup = find_backup (id);
  StewardTableRows *rows = backup->passport->tables->pdata[0];

  rows->rows += more;
  g_assert_true (steward_backup_write_passport (fixture.store, backup->passport, NULL, NULL, NULL));
}

/* Only a restore takes back what a restore found. */
static void
test_other_rows_are_damage (void)
{
  g_autofree char *id = make_backup ();
  g_autoptr (GError) error = NULL;

  write_rows (id, 1);
  g_assert_false (verify (id, STEWARD_VERIFY_RESTORE, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED);
  assert_proof (id, STEWARD_PROOF_DAMAGED, STEWARD_BACKUP_DAMAGED);
  g_clear_error (&error);
  g_assert_false (verify (id, STEWARD_VERIFY_READ, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
  assert_proof (id, STEWARD_PROOF_DAMAGED, STEWARD_BACKUP_DAMAGED);
  write_rows (id, -1);
  g_clear_error (&error);
  verify (id, STEWARD_VERIFY_RESTORE, &error);
  g_assert_no_error (error);
  assert_proof (id, STEWARD_PROOF_RESTORED, STEWARD_BACKUP_COMPLETE);
}

static void
test_cancelled_leaves_nothing (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Follower follower = { cancellable, TRUE };
  StewardClient client = { "tests", event_cb, NULL, &follower };
  g_autofree char *id = make_backup ();
  g_autofree char *before = deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_ALL);
  g_autoptr (GError) error = NULL;

  g_assert_false (steward_catalog_verify (fixture.deployment, fixture.store, id,
                                          STEWARD_VERIFY_RESTORE, &client, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_proof (id, STEWARD_PROOF_READ_BACK, STEWARD_BACKUP_COMPLETE);
  deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_ALL);
  g_autofree char *left = deployment_fixture_call (
      "docker ps -a -q --filter \"name=steward-$1\"; docker volume ls -q --filter \"name=$1\"", id,
      NULL);
  g_assert_cmpstr (left, ==, "");
}

static void
test_unfinished_operation_comes_first (void)
{
  g_auto (OperationScene)
      scene = { .fixture = &fixture, .step = "set-aside", .kind = STEWARD_EVENT_STEP_STARTED };
  StewardRequest request = {
    .kind = STEWARD_OPERATION_UPGRADE, .tag = "3.1.0", .leaves_out_rehearsal = TRUE, .watch_s = 1
  };
  g_autofree char *id = make_backup ();
  g_autoptr (GError) error = NULL;

  operation_scene_run_killed (&scene, &request);
  g_assert_false (verify (id, STEWARD_VERIFY_RESTORE, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED);
  operation_scene_continue (&scene, STEWARD_CONTINUE_WALK_BACK, NULL);
  g_assert_cmpint (scene.result, ==, STEWARD_RESULT_BACK);
}

static StewardImport *
open_import (const char *folder, const char *id, GError **error)
{
  g_autofree char *path = g_build_filename (folder, id, NULL);

  return steward_import_open (fixture.deployment, fixture.store, path, NULL, error);
}

/* Saved here, lost there, brought back, and rolled back to. */
static void
test_copy_comes_back (void)
{
  const StewardClient client = { .name = "tests" };
  g_auto (OperationScene) scene = { .fixture = &fixture };
  g_autofree char *id = make_backup ();
  g_autofree char *folder = g_dir_make_tmp ("steward-copy-XXXXXX", NULL);
  g_autofree char *dump = steward_store_dup_dump_path (fixture.store, id);
  StewardRequest request = {
    .kind = STEWARD_OPERATION_ROLLBACK, .source = id, .accepted_loss = "3.0.0", .watch_s = 1
  };
  g_autoptr (GError) error = NULL;

  steward_transfer_export (fixture.store, id, folder, &client, NULL, &error);
  g_assert_no_error (error);
  g_free (deployment_fixture_call ("rm \"$1\"", dump, NULL));
  g_autoptr (StewardImport) import = open_import (folder, id, &error);
  g_assert_no_error (error);
  g_assert_null (import->warning);
  steward_import_run (fixture.store, import, &client, NULL, &error);
  g_assert_no_error (error);
  assert_proof (id, STEWARD_PROOF_HASHED, STEWARD_BACKUP_COMPLETE);
  operation_scene_run (&scene, &request);
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  assert_proof (id, STEWARD_PROOF_RESTORED, STEWARD_BACKUP_COMPLETE);
  g_free (deployment_fixture_call ("rm -r \"$1\"", folder, NULL));
}

/* Edits the saved passport: a constant script of sed, over the file. */
static void
edit_passport (const char *folder, const char *script)
{
  g_free (deployment_fixture_call ("sed -i -E \"$2\" \"$1\"/*/*.json", folder, script, NULL));
}

static void
test_foreign_copies_are_told_apart (void)
{
  const StewardClient client = { .name = "tests" };
  g_autofree char *id = make_backup ();
  g_autofree char *folder = g_dir_make_tmp ("steward-copy-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;

  steward_transfer_export (fixture.store, id, folder, &client, NULL, &error);
  g_assert_no_error (error);
  edit_passport (folder, "s/(\"system_identifier\" : \")[0-9]+/\\142/");
  g_autoptr (StewardImport) foreign = open_import (folder, id, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (foreign->warning, "another database server"));

  edit_passport (folder, "s/(\"postgres_version\" : )[0-9]+/\\1990000/");
  g_assert_null (open_import (folder, id, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED);

  g_clear_error (&error);
  edit_passport (folder, "s/(\"postgres_version\" : )[0-9]+/\\1150000/;"
                         "s/(\"sha256\" : \")[0-9a-f]{4}/\\10000/");
  g_assert_null (open_import (folder, id, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED);
  assert_proof (id, STEWARD_PROOF_READ_BACK, STEWARD_BACKUP_COMPLETE);
  g_free (deployment_fixture_call ("rm -r \"$1\"", folder, NULL));
}

static StewardPruning *
plan_pruning (guint keep)
{
  g_autoptr (GError) error = NULL;
  StewardPruning *pruning = steward_pruning_plan (fixture.store, keep, 0, NULL, &error);

  g_assert_no_error (error);
  return pruning;
}

/* Only what was shown goes, and only while it still may. */
static void
test_pruning_deletes_what_was_agreed_to (void)
{
  const StewardClient client = { .name = "tests" };
  g_autofree char *old = make_backup ();
  fixture.is_dirty = FALSE;
  g_autofree char *new = make_backup ();
  g_autoptr (StewardPruning) agreed = plan_pruning (1);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (agreed->backups->len, ==, 2);
  g_assert_cmpint (agreed->verdicts[1], ==, STEWARD_VERDICT_DELETE);
  verify (old, STEWARD_VERIFY_RESTORE, &error); /* the best proven one now */
  g_assert_no_error (error);
  g_assert_false (steward_pruning_run (fixture.store, agreed, &client, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_CHANGED);
  g_clear_error (&error);
  verify (new, STEWARD_VERIFY_RESTORE, &error);
  g_assert_no_error (error);
  steward_pruning_run (fixture.store, agreed, &client, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (StewardPruning) left = plan_pruning (1);
  g_assert_cmpuint (left->backups->len, ==, 1);
  fixture.is_dirty = TRUE;
}

int
main (int argc, char **argv)
{
  operation_scene_be_killed (argc, argv);
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  g_test_add_func ("/proofs/restoring-proves", test_restoring_proves);
  g_test_add_func ("/proofs/restoring-needs-room", test_needs_room);
  g_test_add_data_func ("/proofs/reading-finds-a-turned-byte", &ways[0], test_turned_byte_is_found);
  if (deployment_fixture_run_is_long ())
    {
      g_test_add_data_func ("/proofs/restoring-finds-a-turned-byte", &ways[1],
                            test_turned_byte_is_found);
      g_test_add_func ("/proofs/rollback-finds-a-turned-byte", test_rollback_finds_a_turned_byte);
      g_test_add_func ("/proofs/cancelled-leaves-nothing", test_cancelled_leaves_nothing);
      g_test_add_func ("/proofs/unfinished-operation-comes-first",
                       test_unfinished_operation_comes_first);
    }
  g_test_add_func ("/proofs/other-rows-are-damage", test_other_rows_are_damage);
  g_test_add_func ("/proofs/copy-comes-back", test_copy_comes_back);
  g_test_add_func ("/proofs/foreign-copies-are-told-apart", test_foreign_copies_are_told_apart);
  g_test_add_func ("/proofs/pruning-deletes-what-was-agreed-to",
                   test_pruning_deletes_what_was_agreed_to);

  deployment_fixture_up (&fixture, "classic", "2.40");
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  return status;
}
