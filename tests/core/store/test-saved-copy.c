/* Copies on this machine: whole or not there at all, in both directions. */
#include "core/store/saved-copy.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "place.h"

#define ID "20261123t220300_ab12"
/* More than the streams hold at once. */
#define DUMP_BYTES (3 * 1024 * 1024 + 7)

typedef struct
{
  Place place;
  char *folder; /* the administrator's, here */
  char *copy;   /* the copy's, in there */
  char *dump;   /* its bytes */
} Scene;

static char *
dup_file (const Scene *scene, const char *name)
{
  return g_build_filename (scene->copy, name, NULL);
}

static StewardPassport *
make_passport (const Scene *scene)
{
  StewardPassport *passport = steward_passport_new ();

  passport->id = g_strdup (ID);
  passport->made_s = 1795471380;
  passport->server_tag = g_strdup ("3.0.0");
  passport->database = g_strdup ("parsec");
  passport->postgres_version = 160010;
  passport->system_identifier = g_strdup ("7412345678901234567");
  passport->dump_bytes = DUMP_BYTES;
  passport->dump_sha256 =
      g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *)scene->dump, DUMP_BYTES);
  passport->dump_format = g_strdup ("custom");
  passport->written_s = passport->read_back_s = passport->restored_s = 1795471390;
  return passport;
}

static void
make_backup (Scene *scene)
{
  g_autoptr (StewardPassport) passport = make_passport (scene);
  g_autofree char *partial = steward_store_dup_partial_path (scene->place.store, ID);
  g_autoptr (GError) error = NULL;

  place_write (partial, scene->dump, DUMP_BYTES);
  steward_backup_complete (scene->place.store, passport, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
make_dump (Scene *scene)
{
  scene->folder = g_dir_make_tmp ("steward-copy-XXXXXX", NULL);
  scene->copy = g_build_filename (scene->folder, ID, NULL);
  scene->dump = g_malloc (DUMP_BYTES);
  for (gsize i = 0; i < DUMP_BYTES; i++)
    scene->dump[i] = (char)(i * 31 + i / 4096);
}

static void
set_up (Scene *scene, gconstpointer data)
{
  place_set_up (&scene->place, NULL);
  make_dump (scene);
}

static void
set_up_small (Scene *scene, gconstpointer data)
{
  place_set_up_small (&scene->place, NULL);
  make_dump (scene);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  g_free (place_run (&scene->place, "rm -r \"$1\"", scene->folder));
  place_tear_down (&scene->place, NULL);
  g_free (scene->folder);
  g_free (scene->copy);
  g_free (scene->dump);
}

static gboolean
save (Scene *scene, StewardProgress *progress, GCancellable *cancellable, GError **error)
{
  g_autoptr (StewardBackup) backup = steward_backup_find (scene->place.store, ID, NULL, NULL);

  return steward_saved_copy_write (scene->place.store, backup, scene->folder, progress, cancellable,
                                   error);
}

static gboolean
upload (Scene *scene, StewardProgress *progress, GCancellable *cancellable, GError **error)
{
  g_autoptr (StewardSavedCopy) copy = steward_saved_copy_open (scene->copy, error);

  return copy != NULL
         && steward_saved_copy_upload (scene->place.store, copy, NULL, progress, cancellable,
                                       error);
}

/* A copy in the folder, and no backup on the host any more. */
static void
move_here (Scene *scene)
{
  g_autoptr (GError) error = NULL;

  make_backup (scene);
  save (scene, NULL, NULL, &error);
  g_assert_no_error (error);
  steward_backup_delete (scene->place.store, ID, NULL, NULL, &error);
  g_assert_no_error (error);
}

static char *
list_here (Scene *scene)
{
  return place_run (&scene->place, "ls -A \"$1\"", scene->folder);
}

static char *
list_there (Scene *scene)
{
  return place_run (&scene->place, "ls -A \"$1\"",
                    steward_store_get_backups_folder (scene->place.store));
}

static void
test_there_and_back (Scene *scene, gconstpointer data)
{
  g_autofree char *dump = dup_file (scene, ID ".dump");
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  GStatBuf status;

  move_here (scene);
  g_autofree char *here = list_here (scene);
  g_assert_cmpstr (here, ==, ID);
  g_autofree char *files = place_run (&scene->place, "ls -A \"$1\"", scene->copy);
  g_assert_cmpstr (files, ==, ID ".dump\n" ID ".json");
  g_file_get_contents (dump, &bytes, &length, NULL);
  g_assert_cmpmem (bytes, length, scene->dump, DUMP_BYTES);
  g_stat (dump, &status);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  upload (scene, NULL, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (StewardBackup) backup = steward_backup_find (scene->place.store, ID, NULL, NULL);
  g_assert_cmpint (backup->state, ==, STEWARD_BACKUP_COMPLETE);
  g_assert_cmpint (steward_passport_get_proof (backup->passport, NULL), ==, STEWARD_PROOF_HASHED);
  g_assert_true (steward_backup_check_hash (scene->place.store, backup, NULL, NULL, NULL));
  g_autofree char *there = list_there (scene);
  g_assert_cmpstr (there, ==, ID ".dump\n" ID ".json");
}

/* Be it a file or a folder, and whatever is in that. */
static void
test_never_overwrites (Scene *scene, gconstpointer name)
{
  g_autofree char *path = g_build_filename (scene->folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  make_backup (scene);
  g_mkdir_with_parents (parent, 0700);
  place_write (path, "mine", -1);
  g_assert_false (save (scene, NULL, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED);
  g_autofree char *text = place_read (path);
  g_assert_cmpstr (text, ==, "mine");
  g_autofree char *here = list_here (scene);
  g_assert_cmpstr (here, ==, ID);
}

static const gsize places[] = { 0, 4096, DUMP_BYTES / 2, DUMP_BYTES - 1 };

static void
test_damaged_dump_is_not_saved (Scene *scene, gconstpointer data)
{
  g_autofree char *dump = steward_store_dup_dump_path (scene->place.store, ID);

  make_backup (scene);
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr (GError) error = NULL;
      scene->dump[places[i]] ^= 1;
      place_write (dump, scene->dump, DUMP_BYTES);
      scene->dump[places[i]] ^= 1;
      g_assert_false (save (scene, NULL, NULL, &error));
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
      g_autofree char *here = list_here (scene);
      g_assert_cmpstr (here, ==, "");
    }
}

static void
test_damaged_copy_is_not_taken (Scene *scene, gconstpointer data)
{
  g_autofree char *dump = dup_file (scene, ID ".dump");

  move_here (scene);
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr (GError) error = NULL;
      scene->dump[places[i]] ^= 1;
      place_write (dump, scene->dump, DUMP_BYTES);
      scene->dump[places[i]] ^= 1;
      g_assert_false (upload (scene, NULL, NULL, &error));
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
      g_autofree char *there = list_there (scene);
      g_assert_cmpstr (there, ==, "");
    }
  place_write (dump, scene->dump, DUMP_BYTES - 1);
  g_assert_false (upload (scene, NULL, NULL, NULL));
}

static void
begun_cb (const StewardEvent *event, gpointer cancellable)
{
  if (event->kind == STEWARD_EVENT_FRACTION && event->fraction > 0)
    g_cancellable_cancel (cancellable);
}

/* Cut off in the midst, by either side. */
static void
test_cut_off_leaves_nothing (Scene *scene, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (StewardProgress) progress = steward_progress_new (begun_cb, cancellable);
  g_autoptr (GError) error = NULL;

  move_here (scene);
  steward_progress_begin (progress, "import", "", 1);
  g_assert_false (upload (scene, progress, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_autofree char *there = list_there (scene);
  g_assert_cmpstr (there, ==, "");

  g_clear_error (&error);
  upload (scene, NULL, NULL, &error);
  g_assert_no_error (error);
  g_free (place_run (&scene->place, "rm -r \"$1\"", scene->copy));
  g_cancellable_reset (cancellable);
  steward_progress_begin (progress, "export", "", 1);
  g_assert_false (save (scene, progress, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_autofree char *here = list_here (scene);
  g_assert_cmpstr (here, ==, "");
}

static void
test_full_disk_leaves_nothing (Scene *scene, gconstpointer data)
{
  g_autofree char *passport_path = dup_file (scene, ID ".json");
  g_autofree char *dump_path = dup_file (scene, ID ".dump");
  g_autoptr (StewardPassport) passport = make_passport (scene);
  g_autoptr (GError) error = NULL;

  g_autofree char *text = steward_passport_print (passport);
  g_mkdir (scene->copy, 0700);
  place_write (passport_path, text, -1);
  place_write (dump_path, scene->dump, DUMP_BYTES);
  g_assert_false (upload (scene, NULL, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_NO_SPACE);
  g_autofree char *there = list_there (scene);
  g_assert_cmpstr (there, ==, "");
}

static void
assert_refused (const char *path, StewardError code, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_saved_copy_open (path, &error));
  g_assert_error (error, STEWARD_ERROR, (int)code);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_what_is_no_copy_is_refused (Scene *scene, gconstpointer data)
{
  g_autofree char *passport = dup_file (scene, ID ".json");
  g_autofree char *dump = dup_file (scene, ID ".dump");
  g_autofree char *second = dup_file (scene, "other.dump");
  g_autofree char *notes = dup_file (scene, "notes.txt");

  assert_refused (notes, STEWARD_ERROR_INVALID, "neither a dump nor a passport");
  assert_refused (dump, STEWARD_ERROR_NOT_FOUND, "is missing");
  g_mkdir (scene->copy, 0700);
  place_write (passport, "{\"format\": 1}", -1);
  assert_refused (scene->copy, STEWARD_ERROR_NOT_FOUND, "There is no dump");
  assert_refused (scene->folder, STEWARD_ERROR_NOT_FOUND, "There is no dump");
  place_write (dump, "", -1);
  assert_refused (scene->copy, STEWARD_ERROR_INVALID, "passport");
  assert_refused (dump, STEWARD_ERROR_INVALID, "passport");
  place_write (second, "", -1);
  assert_refused (scene->copy, STEWARD_ERROR_INVALID, "more than one dump");
  assert_refused (second, STEWARD_ERROR_NOT_FOUND, "other.json” is missing");
}

/* Not every one is a matter of rights. */
static void
test_reason_is_told (Scene *scene, gconstpointer data)
{
  g_autofree char *dump = dup_file (scene, ID ".dump");
  struct rlimit files;

  move_here (scene);
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &files), ==, 0);
  struct rlimit none = { 0, files.rlim_max };
  setrlimit (RLIMIT_NOFILE, &none);
  assert_refused (scene->copy, STEWARD_ERROR_DENIED, g_strerror (EMFILE));
  assert_refused (dump, STEWARD_ERROR_DENIED, g_strerror (EMFILE));
  setrlimit (RLIMIT_NOFILE, &files);

  /* A file that opens and cannot be read. */
  g_autofree char *passport = dup_file (scene, ID ".json");
  g_unlink (passport);
  g_assert_cmpint (symlink ("/proc/self/mem", passport), ==, 0);
  assert_refused (dump, STEWARD_ERROR_DENIED, g_strerror (EIO));
  assert_refused (dump, STEWARD_ERROR_DENIED, passport);
}

/* As a terminal may name it. */
static void
test_either_file_means_both (Scene *scene, gconstpointer data)
{
  static const char *const names[] = { ID ".dump", ID ".json" };

  move_here (scene);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = dup_file (scene, names[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (StewardSavedCopy) copy = steward_saved_copy_open (path, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (copy->passport->id, ==, ID);
    }
}

#define ADD(path, data, function) g_test_add (path, Scene, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/saved-copy/there-and-back", NULL, test_there_and_back);
  ADD ("/saved-copy/damaged-dump-is-not-saved", NULL, test_damaged_dump_is_not_saved);
  ADD ("/saved-copy/damaged-copy-is-not-taken", NULL, test_damaged_copy_is_not_taken);
  ADD ("/saved-copy/cut-off-leaves-nothing", NULL, test_cut_off_leaves_nothing);
  ADD ("/saved-copy/what-is-no-copy-is-refused", NULL, test_what_is_no_copy_is_refused);
  ADD ("/saved-copy/either-file-means-both", NULL, test_either_file_means_both);
  ADD ("/saved-copy/reason-is-told", NULL, test_reason_is_told);
  ADD ("/saved-copy/never-overwrites-a-file", ID, test_never_overwrites);
  ADD ("/saved-copy/never-overwrites-a-folder", ID "/notes", test_never_overwrites);
  g_test_add ("/saved-copy/full-disk-leaves-nothing", Scene, NULL, set_up_small,
              test_full_disk_leaves_nothing, tear_down);
  return g_test_run ();
}
