/* Folders, ids, paths and saved originals. */
#include "core/store/store.h"

#include <string.h>

#include "place.h"

#define ID "20261123t220300_ab12"

static void
test_new_folders_are_private (Place *place, gconstpointer data)
{
  g_autofree char *modes = place_run (place, "cd \"$1\"; stat -c %a . journal logs backups", //
                                      steward_store_get_folder (place->store));

  g_assert_cmpstr (modes, ==, "700\n700\n700\n700");
}

static void
test_shared_folders_share_their_files (Place *place, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (place->root, "shared", NULL);
  g_autofree char *compose = g_build_filename (place->root, "compose.yaml", NULL);
  g_autoptr (StewardStore) store = steward_store_new (place->host, folder, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (steward_store_ensure (store, STEWARD_STORE_MODE_SHARED, NULL, &error));
  g_assert_no_error (error);
  /* asked for again with another mode: what is there stays */
  g_assert_true (steward_store_ensure (store, STEWARD_STORE_MODE_PRIVATE, NULL, NULL));
  g_autofree char *modes = place_run (place, "cd \"$1\"; stat -c %a . journal", folder);
  g_assert_cmpstr (modes, ==, "2770\n2770");
}

static void
test_backups_may_lie_elsewhere (Place *place, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (place->root, "steward", NULL);
  g_autofree char *elsewhere = g_build_filename (place->root, "disk two", NULL);
  g_autoptr (StewardStore) store = steward_store_new (place->host, folder, elsewhere);
  g_autofree char *dump = steward_store_dup_dump_path (store, ID);
  g_autofree char *expected = g_build_filename (elsewhere, ID ".dump", NULL);

  g_assert_true (steward_store_ensure (store, STEWARD_STORE_MODE_PRIVATE, NULL, NULL));
  g_assert_true (g_file_test (elsewhere, G_FILE_TEST_IS_DIR));
  g_assert_cmpstr (dump, ==, expected);
}

static void
test_missing_parent_is_an_error (Place *place, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (place->root, "nowhere", "steward", NULL);
  g_autoptr (StewardStore) store = steward_store_new (place->host, folder, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (steward_store_ensure (store, STEWARD_STORE_MODE_PRIVATE, NULL, &error));
  g_assert_nonnull (error);
}

static void
test_ids_are_valid_and_differ (Place *place, gconstpointer data)
{
  g_autofree char *one = steward_store_make_id (place->store, NULL, NULL);
  g_autofree char *two = steward_store_make_id (place->store, NULL, NULL);

  g_assert_true (steward_store_id_is_valid (one));
  g_assert_cmpstr (one, !=, two);
}

static void
test_odd_ids_are_refused (void)
{
  const char *odd[] = { NULL,
                        "",
                        "20261123t220300_ab1",
                        "20261123t220300_ab123",
                        "20261123T220300_ab12",
                        "20261123t220300_AB12",
                        "20261123t220300-ab12",
                        "2026112xt220300_ab12",
                        "../../../etc/passwdd",
                        "20261123t220300_ab1/" };

  g_assert_true (steward_store_id_is_valid (ID));
  for (gsize i = 0; i < G_N_ELEMENTS (odd); i++)
    g_assert_false (steward_store_id_is_valid (odd[i]));
}

static void
test_time_is_the_hosts (Place *place, gconstpointer data)
{
  g_autofree char *date = place_run (place, "date +%s", "");
  gint64 now_s = 0;

  g_assert_true (steward_store_get_now (place->store, &now_s, NULL, NULL));
  g_assert_cmpint (ABS (now_s - g_ascii_strtoll (date, NULL, 10)), <=, 2);
}

static void
test_original_keeps_bytes_and_mode (Place *place, gconstpointer data)
{
  g_autofree char *path = g_build_filename (place->root, "a b.env", NULL);
  g_autofree char *copy = steward_store_dup_original_path (place->store, ID, path);
  g_autoptr (GError) error = NULL;

  place_write (path, "PASSWORD=\xff\n", -1);
  g_free (place_run (place, "chmod 640 \"$1\"", path));
  g_assert_true (steward_store_save_original (place->store, ID, path, NULL, NULL, &error));
  g_assert_no_error (error);
  g_autofree char *mode = place_run (place, "stat -c %a \"$1\"", copy);
  g_assert_cmpstr (mode, ==, "640");

  g_autoptr (GBytes) bytes = steward_store_read_original (place->store, ID, path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "PASSWORD=\xff\n", 11);
}

static void
test_first_copy_is_the_original (Place *place, gconstpointer data)
{
  g_autofree char *path = g_build_filename (place->root, "compose.yaml", NULL);

  place_write (path, "old", -1);
  g_assert_true (steward_store_save_original (place->store, ID, path, NULL, NULL, NULL));
  place_write (path, "new", -1);
  g_assert_true (steward_store_save_original (place->store, ID, path, NULL, NULL, NULL));

  g_autoptr (GBytes) bytes = steward_store_read_original (place->store, ID, path, NULL, NULL);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "old", 3);
}

static void
test_missing_original_is_not_found (Place *place, gconstpointer data)
{
  g_autofree char *path = g_build_filename (place->root, "none", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (steward_store_save_original (place->store, ID, path, NULL, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND);
}

static void
test_full_disk_leaves_no_copy (Place *place, gconstpointer data)
{
  g_autofree char *path = g_build_filename (place->root, "compose.yaml", NULL);
  g_autofree char *copy = steward_store_dup_original_path (place->store, ID, path);
  g_autoptr (GError) error = NULL;

  g_free (place_run (place, "head -c 40000 /dev/zero >\"$1\"", path));
  g_assert_false (steward_store_save_original (place->store, ID, path, NULL, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NO_SPACE);
  g_autofree char *left = place_run (place, "ls \"${1%/*}\"", copy);
  g_assert_cmpstr (left, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  place_add ("/store/new-folders-are-private", test_new_folders_are_private);
  place_add ("/store/shared-folders-stay-shared", test_shared_folders_share_their_files);
  place_add ("/store/backups-may-lie-elsewhere", test_backups_may_lie_elsewhere);
  place_add ("/store/missing-parent-is-an-error", test_missing_parent_is_an_error);
  place_add ("/store/ids-are-valid-and-differ", test_ids_are_valid_and_differ);
  g_test_add_func ("/store/odd-ids-are-refused", test_odd_ids_are_refused);
  place_add ("/store/time-is-the-hosts", test_time_is_the_hosts);
  place_add ("/store/original-keeps-bytes-and-mode", test_original_keeps_bytes_and_mode);
  place_add ("/store/first-copy-is-the-original", test_first_copy_is_the_original);
  place_add ("/store/missing-original-is-not-found", test_missing_original_is_not_found);
  g_test_add ("/store/full-disk-leaves-no-copy", Place, NULL, place_set_up_small,
              test_full_disk_leaves_no_copy, place_tear_down);
  return g_test_run ();
}
