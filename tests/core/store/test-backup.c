/* Backups on disk: what counts as one, and what never does. */
#include "core/store/backup.h"

#include <string.h>

#include "place.h"

#define ID "20261123t220300_ab12"
#define LATER_ID "20261124t000000_0000"
#define DUMP "the dump's bytes"

static StewardPassport *
make_passport (const char *id)
{
  StewardPassport *passport = steward_passport_new ();

  passport->id = g_strdup (id);
  passport->made_s = 1795471380;
  passport->server_tag = g_strdup ("3.0.0");
  passport->database = g_strdup ("parsec");
  passport->postgres_version = 160010;
  passport->system_identifier = g_strdup ("7412345678901234567");
  passport->dump_bytes = strlen (DUMP);
  passport->dump_sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, DUMP, -1);
  passport->dump_format = g_strdup ("custom");
  return passport;
}

static void
write_partial (Place *place, const char *id)
{
  g_autofree char *path = steward_store_dup_partial_path (place->store, id);

  place_write (path, DUMP, -1);
}

static void
make_backup (Place *place, const char *id)
{
  g_autoptr (StewardPassport) passport = make_passport (id);
  g_autoptr (GError) error = NULL;

  write_partial (place, id);
  steward_backup_complete (place->store, passport, NULL, NULL, &error);
  g_assert_no_error (error);
}

static StewardBackup *
find (Place *place, const char *id)
{
  g_autoptr (GError) error = NULL;
  StewardBackup *backup = steward_backup_find (place->store, id, NULL, &error);

  g_assert_no_error (error);
  return backup;
}

static void
test_complete_ones_are_listed_newest_first (Place *place, gconstpointer data)
{
  g_autofree char *partial = steward_store_dup_partial_path (place->store, ID);

  make_backup (place, ID);
  make_backup (place, LATER_ID);
  g_autoptr (GPtrArray) backups = steward_backup_list (place->store, NULL, NULL);
  g_assert_cmpuint (backups->len, ==, 2);
  StewardBackup *newest = g_ptr_array_index (backups, 0);
  g_assert_cmpstr (newest->id, ==, LATER_ID);
  g_assert_cmpint (newest->state, ==, STEWARD_BACKUP_COMPLETE);
  g_assert_cmpuint (newest->size_bytes, ==, strlen (DUMP));
  g_assert_cmpstr (newest->passport->server_tag, ==, "3.0.0");
  g_assert_false (g_file_test (partial, G_FILE_TEST_EXISTS));
}

static void
test_no_folder_is_no_backups (Place *place, gconstpointer data)
{
  g_free (place_run (place, "rm -r \"$1\"", steward_store_get_folder (place->store)));
  g_autoptr (GPtrArray) backups = steward_backup_list (place->store, NULL, NULL);
  g_assert_cmpuint (backups->len, ==, 0);
}

static void
test_dump_without_passport_is_partial (Place *place, gconstpointer data)
{
  g_autofree char *dump = steward_store_dup_dump_path (place->store, LATER_ID);

  write_partial (place, ID);
  place_write (dump, DUMP, -1);
  g_autoptr (StewardBackup) partial = find (place, ID);
  g_autoptr (StewardBackup) unnamed = find (place, LATER_ID);
  g_assert_cmpint (partial->state, ==, STEWARD_BACKUP_PARTIAL);
  g_assert_true (g_str_has_suffix (partial->dump_path, ".partial"));
  g_assert_cmpint (unnamed->state, ==, STEWARD_BACKUP_PARTIAL);
  g_assert_null (unnamed->passport);
}

static void
test_foreign_files_are_passed_over (Place *place, gconstpointer data)
{
  g_free (place_run (place,
                     "cd \"$1\"; touch x.dump README " ID ".sql; echo {} >notes.json;"
                     "touch \"$(printf '20261123t220300_ab\\n2.json')\"; mkdir " LATER_ID ".dump",
                     steward_store_get_backups_folder (place->store)));
  g_autoptr (GPtrArray) backups = steward_backup_list (place->store, NULL, NULL);
  g_assert_cmpuint (backups->len, ==, 0);
}

static void
check_damaged (Place *place)
{
  g_autoptr (StewardBackup) backup = find (place, ID);

  g_assert_cmpint (backup->state, ==, STEWARD_BACKUP_DAMAGED);
  g_assert_nonnull (backup->problem);
}

static void
test_mismatches_are_damage (Place *place, gconstpointer data)
{
  g_autofree char *dump = steward_store_dup_dump_path (place->store, ID);
  g_autofree char *passport = steward_store_dup_passport_path (place->store, ID);
  g_autofree char *other = steward_store_dup_passport_path (place->store, LATER_ID);

  make_backup (place, ID);
  place_write (dump, "shorter", -1);
  check_damaged (place);
  g_free (place_run (place, "rm \"$1\"", dump));
  check_damaged (place);

  make_backup (place, ID);
  place_write (passport, "{\"format\":", -1);
  check_damaged (place);

  make_backup (place, ID);
  make_backup (place, LATER_ID);
  g_autofree char *foreign = place_read (other);
  place_write (passport, foreign, -1);
  check_damaged (place);
}

static void
test_right_hash_is_noted (Place *place, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  make_backup (place, ID);
  g_autoptr (StewardBackup) backup = find (place, ID);
  g_assert_true (steward_backup_check_hash (place->store, backup, NULL, NULL, &error));
  g_assert_no_error (error);
  g_autoptr (StewardBackup) again = find (place, ID);
  g_assert_cmpint (again->state, ==, STEWARD_BACKUP_COMPLETE);
  g_assert_cmpint (again->passport->read_back_s, >, 0);
}

static void
test_flipped_byte_is_found_and_marked (Place *place, gconstpointer data)
{
  g_autofree char *dump = steward_store_dup_dump_path (place->store, ID);
  g_autofree char *bytes = g_strdup (DUMP);
  g_autoptr (GError) error = NULL;

  make_backup (place, ID);
  bytes[3] ^= 1;
  place_write (dump, bytes, -1);
  g_autoptr (StewardBackup) backup = find (place, ID);
  g_assert_cmpint (backup->state, ==, STEWARD_BACKUP_COMPLETE);
  g_assert_false (steward_backup_check_hash (place->store, backup, NULL, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
  g_assert_cmpint (backup->state, ==, STEWARD_BACKUP_DAMAGED);

  /* the mark stays, even where the byte comes back */
  place_write (dump, DUMP, -1);
  check_damaged (place);
}

static void
test_completing_goes_on_after_an_interruption (Place *place, gconstpointer data)
{
  g_autoptr (StewardPassport) passport = make_passport (ID);
  g_autofree char *dump = steward_store_dup_dump_path (place->store, ID);

  place_write (dump, DUMP, -1); /* named, but without its passport */
  g_assert_true (steward_backup_complete (place->store, passport, NULL, NULL, NULL));
  g_autoptr (StewardBackup) backup = find (place, ID);
  g_assert_cmpint (backup->state, ==, STEWARD_BACKUP_COMPLETE);
}

static void
test_wrong_dump_is_not_completed (Place *place, gconstpointer data)
{
  g_autoptr (StewardPassport) passport = make_passport (ID);
  g_autoptr (GError) error = NULL;

  g_assert_false (steward_backup_complete (place->store, passport, NULL, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
  g_clear_error (&error);

  write_partial (place, ID);
  passport->dump_bytes++;
  g_assert_false (steward_backup_complete (place->store, passport, NULL, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_CHANGED);
  g_autoptr (StewardBackup) backup = find (place, ID);
  g_assert_cmpint (backup->state, ==, STEWARD_BACKUP_PARTIAL);
}

static void
test_full_disk_makes_no_backup (Place *place, gconstpointer data)
{
  g_autoptr (StewardPassport) passport = make_passport (ID);
  g_autofree char *partial = steward_store_dup_partial_path (place->store, ID);
  g_autoptr (GError) error = NULL;

  g_free (place_run (place, "printf %s \"the dump's bytes\" >\"$1\"", partial));
  g_free (place_run (place, "cat /dev/zero >\"$1/fill\" 2>/dev/null || :", place->root));
  g_assert_false (steward_backup_complete (place->store, passport, NULL, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NO_SPACE);
  g_autoptr (StewardBackup) backup = find (place, ID);
  g_assert_cmpint (backup->state, ==, STEWARD_BACKUP_PARTIAL);
}

static void
test_delete_removes_all_of_one (Place *place, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  make_backup (place, ID);
  write_partial (place, ID);
  make_backup (place, LATER_ID);
  g_assert_true (steward_backup_delete (place->store, ID, NULL, NULL, &error));
  g_assert_no_error (error);
  g_autofree char *left =
      place_run (place, "ls \"$1\"", steward_store_get_backups_folder (place->store));
  g_assert_cmpstr (left, ==, LATER_ID ".dump\n" LATER_ID ".json");
  g_assert_true (steward_backup_delete (place->store, ID, NULL, NULL, NULL));
}

static void
test_delete_takes_the_passport_first (Place *place, gconstpointer data)
{
  g_autofree char *dump = steward_store_dup_dump_path (place->store, ID);

  make_backup (place, ID);
  /* a dump that cannot be removed as a file is: the deletion stops there */
  g_free (place_run (place, "rm \"$1\"; mkdir \"$1\"", dump));
  g_assert_false (steward_backup_delete (place->store, ID, NULL, NULL, NULL));
  g_autofree char *left =
      place_run (place, "ls \"$1\"", steward_store_get_backups_folder (place->store));
  g_assert_cmpstr (left, ==, ID ".dump");
}

static void
test_unknown_id_is_not_found (Place *place, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_backup_find (place->store, "../../etc/passwd", NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  place_add ("/backup/listed-newest-first", test_complete_ones_are_listed_newest_first);
  place_add ("/backup/no-folder-is-no-backups", test_no_folder_is_no_backups);
  place_add ("/backup/dump-without-passport-is-partial", test_dump_without_passport_is_partial);
  place_add ("/backup/foreign-files-are-passed-over", test_foreign_files_are_passed_over);
  place_add ("/backup/mismatches-are-damage", test_mismatches_are_damage);
  place_add ("/backup/right-hash-is-noted", test_right_hash_is_noted);
  place_add ("/backup/flipped-byte-is-marked", test_flipped_byte_is_found_and_marked);
  place_add ("/backup/completing-goes-on", test_completing_goes_on_after_an_interruption);
  place_add ("/backup/wrong-dump-is-not-completed", test_wrong_dump_is_not_completed);
  place_add ("/backup/delete-removes-all-of-one", test_delete_removes_all_of_one);
  place_add ("/backup/delete-takes-passport-first", test_delete_takes_the_passport_first);
  place_add ("/backup/unknown-id-is-not-found", test_unknown_id_is_not_found);
  g_test_add ("/backup/full-disk-makes-no-backup", Place, NULL, place_set_up_small,
              test_full_disk_makes_no_backup, place_tear_down);
  return g_test_run ();
}
