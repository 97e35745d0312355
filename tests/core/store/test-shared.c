/* Several Unix users of one host share a store through its folder's group: whatever one has made,
 * the other can go on with; who is not of the group sees none of it. Users and group are numbers
 * that nobody has. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/host/process.h"
#include "core/store/backup.h"
#include "core/store/journal.h"
#include "core/store/lock.h"
#include "place.h"

#define ANNA 64001u
#define BERND 64002u
#define STRANGER 64003u
#define ADMINISTRATORS 64010u

#define ID "20261123t220300_ab12"
#define DUMP "the dump's bytes"
/* So rare that it never beats in a test. */
#define NO_BEAT_MS 600000

/* This machine as one of its users has it. */
#define SHARED_TYPE_USER_HOST (user_host_get_type ())
G_DECLARE_FINAL_TYPE (UserHost, user_host, SHARED, USER_HOST, StewardHost)

struct _UserHost
{
  StewardHost parent_instance;
  guint user;
};

G_DEFINE_FINAL_TYPE (UserHost, user_host, STEWARD_TYPE_HOST)

static gboolean
user_host_run (StewardHost *host,
               const char *const *argv,
               const StewardCommand *command,
               StewardOutcome *outcome,
               GCancellable *cancellable,
               GError **error)
{
  guint user = SHARED_USER_HOST (host)->user;
  g_autofree char *uid = g_strdup_printf ("--reuid=%u", user);
  g_autofree char *gid = g_strdup_printf ("--regid=%u", user);
  g_autofree char *groups =
      g_strdup_printf ("--groups=%u", user == STRANGER ? STRANGER : ADMINISTRATORS);
  const char *prefix[] = { "setpriv", uid, gid, groups, "--" };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (prefix); i++)
    g_strv_builder_add (builder, prefix[i]);
  g_strv_builder_addv (builder, (const char **)argv);
  g_auto (GStrv) wrapped = g_strv_builder_end (builder);
  StewardProcess process = { .argv = (const char *const *)wrapped, .command = command };
  return steward_process_run (&process, outcome, cancellable, error);
}

static const char *
user_host_get_name (StewardHost *host)
{
  return "shared";
}

static void
user_host_class_init (UserHostClass *klass)
{
  STEWARD_HOST_CLASS (klass)->run = user_host_run;
  STEWARD_HOST_CLASS (klass)->get_name = user_host_get_name;
}

static void
user_host_init (UserHost *self)
{
}

typedef struct
{
  char *root;
  StewardStore *anna;
  StewardStore *bernd;
  StewardStore *stranger;
} Shared;

static StewardStore *
make_store (Shared *shared, guint user)
{
  g_autoptr (UserHost) host = g_object_new (SHARED_TYPE_USER_HOST, NULL);
  g_autofree char *folder = g_build_filename (shared->root, "steward", NULL);

  host->user = user;
  return steward_store_new (STEWARD_HOST (host), folder, NULL);
}

static void
ensure (StewardStore *store)
{
  g_autoptr (GError) error = NULL;

  steward_store_ensure (store, STEWARD_STORE_MODE_PRIVATE, NULL, &error);
  g_assert_no_error (error);
}

/* Somebody has made the folder as an administrator is told to; Anna comes first. */
static void
set_up (Shared *shared, gconstpointer data)
{
  shared->root = g_dir_make_tmp ("steward-shared-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (shared->root, "steward", NULL);

  g_assert_cmpint (g_chmod (shared->root, 0755), ==, 0);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (chown (folder, ANNA, ADMINISTRATORS), ==, 0);
  g_assert_cmpint (g_chmod (folder, STEWARD_STORE_MODE_SHARED), ==, 0);
  shared->anna = make_store (shared, ANNA);
  shared->bernd = make_store (shared, BERND);
  shared->stranger = make_store (shared, STRANGER);
  ensure (shared->anna);
  ensure (shared->bernd);
}

static void
tear_down (Shared *shared, gconstpointer data)
{
  const char *argv[] = { "rm", "-rf", "--", shared->root, NULL };

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  steward_store_free (shared->anna);
  steward_store_free (shared->bernd);
  steward_store_free (shared->stranger);
  g_free (shared->root);
}

static StewardLock *
take (StewardStore *store, const char *user, StewardLockFlags flags, GError **error)
{
  StewardHolder holder = { .user = (char *)user,
                           .machine = (char *)"desk",
                           .client = (char *)"tests",
                           .operation = (char *)"upgrade",
                           .step = (char *)"dump" };
  StewardLockRequest request = { &holder, flags, 1, NO_BEAT_MS };

  return steward_lock_take (store, &request, NULL, error);
}

static void
test_lock (Shared *shared, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) refusal = NULL;
  g_autoptr (StewardLock) annas = take (shared->anna, "anna", STEWARD_LOCK_NONE, &error);

  g_assert_no_error (error);
  g_assert_null (take (shared->bernd, "bernd", STEWARD_LOCK_NONE, &refusal));
  g_assert_error (refusal, STEWARD_ERROR, STEWARD_ERROR_LOCKED);
  g_assert_nonnull (strstr (refusal->message, "anna"));
  steward_lock_release (annas, NULL, &error);
  g_assert_no_error (error);

  g_autoptr (StewardLock) bernds = take (shared->bernd, "bernd", STEWARD_LOCK_NONE, &error);
  g_assert_no_error (error);
  steward_lock_set_step (bernds, "verify");
  steward_lock_check (bernds, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (steward_lock_check (annas, NULL, NULL));
}

static void
test_takeover (Shared *shared, gconstpointer data)
{
  g_autofree char *path = g_build_filename (shared->root, "steward", "lock", NULL);
  const char *argv[] = { "touch", "-d", "-1 minute", path, NULL };
  StewardCommand command = { .argv = argv };
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardLock) annas = take (shared->anna, "anna", STEWARD_LOCK_NONE, &error);

  g_assert_no_error (error);
  g_free (steward_host_call (steward_store_get_host (shared->anna), &command, NULL, &error));
  g_assert_no_error (error);
  g_autoptr (StewardLock) bernds =
      take (shared->bernd, "bernd", STEWARD_LOCK_TAKE_OVER_LAPSED, &error);
  g_assert_no_error (error);
  g_assert_false (steward_lock_check (annas, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK);
}

static void
append (StewardJournal *journal, const StewardRecord *record, const StewardFence *fence)
{
  g_autoptr (GError) error = NULL;

  steward_journal_append (journal, record, fence, NULL, &error);
  g_assert_no_error (error);
}

/* One begins an operation, the other walks it back. */
static void
test_journal (Shared *shared, gconstpointer data)
{
  StewardRecord intent = { .kind = STEWARD_RECORD_INTENT, .step = "dump" };
  StewardRecord end = { .kind = STEWARD_RECORD_END, .state = STEWARD_JOURNAL_BACK, .text = "back" };
  g_autoptr (JsonObject) plan = json_object_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardLock) annas = take (shared->anna, "anna", STEWARD_LOCK_NONE, NULL);
  const StewardFence *fence = steward_lock_get_fence (annas);
  g_autoptr (StewardJournal) begun =
      steward_journal_create (shared->anna, ID, "upgrade", plan, fence, NULL, &error);

  g_assert_no_error (error);
  append (begun, &intent, fence);
  steward_lock_release (annas, NULL, NULL);
  g_autoptr (StewardLock) bernds = take (shared->bernd, "bernd", STEWARD_LOCK_NONE, NULL);
  g_autoptr (StewardJournal) found = NULL;
  g_assert_true (steward_journal_find_unfinished (shared->bernd, &found, NULL, &error));
  g_assert_nonnull (found);
  append (found, &end, steward_lock_get_fence (bernds));

  g_autoptr (StewardJournal) seen = steward_journal_load (shared->anna, ID, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (seen->state, ==, STEWARD_JOURNAL_BACK);
}

/* Written as the tools do that write it: with the folder's owner and group, see tool-scripts.h. */
static void
make_backup (Shared *shared, StewardStore *store)
{
  g_autofree char *path = steward_store_dup_partial_path (store, ID);
  g_autoptr (StewardPassport) passport = steward_passport_new ();
  g_autoptr (GError) error = NULL;

  place_write (path, DUMP, -1);
  g_assert_cmpint (chown (path, ANNA, ADMINISTRATORS), ==, 0);
  g_assert_cmpint (g_chmod (path, 0660), ==, 0);
  passport->id = g_strdup (ID);
  passport->made_s = 1795471380;
  passport->server_tag = g_strdup ("3.0.0");
  passport->database = g_strdup ("parsec");
  passport->postgres_version = 160010;
  passport->system_identifier = g_strdup ("7412345678901234567");
  passport->dump_bytes = strlen (DUMP);
  passport->dump_sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, DUMP, -1);
  passport->dump_format = g_strdup ("custom");
  steward_backup_complete (store, passport, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
use_backup (StewardStore *store)
{
  g_autofree char *path = steward_store_dup_dump_path (store, ID);
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardBackup) backup = steward_backup_find (store, ID, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (backup->state, ==, STEWARD_BACKUP_COMPLETE);
  steward_backup_check_hash (store, backup, NULL, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) bytes =
      steward_host_read_file (steward_store_get_host (store), path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), DUMP, strlen (DUMP));
  steward_backup_delete (store, ID, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_backups (Shared *shared, gconstpointer data)
{
  make_backup (shared, shared->anna);
  use_backup (shared->bernd);
  make_backup (shared, shared->bernd);
  use_backup (shared->anna);
}

static void
test_stranger (Shared *shared, gconstpointer data)
{
  g_auto (StewardLockState) state = { 0 };
  g_autoptr (GError) list_error = NULL;
  g_autoptr (GError) peek_error = NULL;
  g_autoptr (GError) journals_error = NULL;
  g_autoptr (GError) lock_error = NULL;

  make_backup (shared, shared->anna);
  g_assert_null (steward_backup_list (shared->stranger, NULL, &list_error));
  g_assert_error (list_error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_false (steward_lock_peek (shared->stranger, &state, NULL, &peek_error));
  g_assert_error (peek_error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_null (steward_journal_list (shared->stranger, 1, NULL, &journals_error));
  g_assert_error (journals_error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_null (take (shared->stranger, "stranger", STEWARD_LOCK_NONE, &lock_error));
  g_assert_error (lock_error, STEWARD_ERROR, STEWARD_ERROR_DENIED);
  g_assert_true (steward_lock_peek (shared->anna, &state, NULL, NULL));
  g_assert_false (state.is_held);
}

static void
skip (void)
{
  g_test_skip ("Only root can act as several users.");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Shared *shared, gconstpointer data);
  } cases[] = {
    { "/shared/lock-goes-from-user-to-user", test_lock },
    { "/shared/lapsed-lock-is-taken-over", test_takeover },
    { "/shared/journal-is-ended-by-another-user", test_journal },
    { "/shared/backups-are-everybodys", test_backups },
    { "/shared/stranger-is-kept-out", test_stranger },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    if (geteuid () == 0)
      g_test_add (cases[i].path, Shared, NULL, set_up, cases[i].test, tear_down);
    else
      g_test_add_func (cases[i].path, skip);
  return g_test_run ();
}
