/* One function an invariant. See the header. */
#include "invariants.h"

#include <stdarg.h>
#include <string.h>

#include "core/operations/catalog.h"

/* The versions of the tests, with the migrations that each of them has. */
static const struct
{
  const char *tag;
  const char *n_migrations;
} versions[] = { { "3.0.0", "12" }, { "3.1.0", "14" }, { "3.8.6", "21" } };

/* A list of containers may show them as they were when the engine's disk was full. */
static const char image_script[] =
    "docker ps -aq --filter \"label=com.docker.compose.project=$1\""
    " --filter \"label=com.docker.compose.service=$2\" |"
    " xargs -r docker inspect --format '{{.Config.Image}} {{.State.Status}}'";

/* DUMP CONTAINER: it goes into a database of its own, all of it. */
static const char restore_script[] =
    "docker exec -i \"$2\" sh -ec '\n"
    "ask () { psql -qXAt -U parsec_admin -d postgres -c \"$1\"; }\n"
    "ask \"DROP DATABASE IF EXISTS proof\"\n"
    "ask \"CREATE DATABASE proof\"\n"
    "pg_restore -U parsec_admin --exit-on-error -d proof >/dev/null 2>&1 && word=restores || "
    "word=fails\n"
    "ask \"DROP DATABASE proof\"\n"
    "echo $word' <\"$1\"\n";

/* FOLDER: one-off containers of the operations that its journals tell of. */
static const char containers_script[] =
    "for journal in \"$1\"/steward/journal/*.jsonl; do\n"
    "  [ -e \"$journal\" ] || continue\n"
    "  id=${journal##*/}\n"
    "  docker ps -a --format '{{.Names}}' --filter \"name=steward-${id%.jsonl}-\"\n"
    "done\n";

/* What is written beside before it takes its name. */
static const char files_script[] =
    "find \"$1\" -name '*.partial' -o -name '.steward-*' -o -name 'lock.*'"
    " -o -name '*.json.*'";

void
invariants_break (Invariants *self, char letter, const char *format, ...)
{
  gsize length = strlen (self->broken);
  va_list values;

  va_start (values, format);
  g_autofree char *text = g_strdup_vprintf (format, values);
  va_end (values);
  g_test_message ("%c: %s", letter, text);
  if (strchr (self->broken, letter) == NULL && length + 1 < sizeof self->broken)
    self->broken[length] = letter;
}

static void
check_version (Invariants *self)
{
  g_autofree char *container = deployment_fixture_call (image_script, self->fixture->name,
                                                        self->fixture->server_service, NULL);
  g_autofree char *compose = NULL;
  g_autofree char *migrations =
      deployment_fixture_query (self->fixture, "parsec", "SELECT count(*) FROM migration");

  g_assert_true (g_file_get_contents (self->fixture->compose_file, &compose, NULL, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      g_autofree char *running = g_strdup_printf ("parsec-server:%s running", versions[i].tag);
      g_autofree char *configured = g_strdup_printf ("parsec-server:%s ", versions[i].tag);
      if (g_str_has_suffix (container, running) && strchr (container, '\n') == NULL
          && strstr (compose, configured) != NULL
          && g_str_equal (migrations, versions[i].n_migrations))
        return;
    }
  invariants_break (self, 'A', "container %s, %s migrations, compose file: %s", container,
                    migrations, compose);
}

static void
check_rows (Invariants *self)
{
  g_autoptr (GString) sql = g_string_new ("SELECT row FROM unnest('{");

  if (self->rows == NULL)
    return;
  for (guint i = 0; i < self->rows->len; i++)
    g_string_append_printf (sql, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "",
                            g_array_index (self->rows, gint64, i));
  g_string_append (sql, "}'::bigint[]) row WHERE row NOT IN (SELECT _id FROM notification)");
  g_autofree char *lost = deployment_fixture_query (self->fixture, "parsec", sql->str);
  if (*lost != '\0')
    invariants_break (self, 'B', "rows lost: %s", lost);
}

/* Returns: (transfer none) (nullable) */
static const StewardBackup *
find_proven (const GPtrArray *backups)
{
  for (guint i = 0; i < backups->len; i++)
    {
      const StewardBackup *backup = backups->pdata[i];
      if (backup->state == STEWARD_BACKUP_COMPLETE && backup->passport->read_back_s != 0)
        return backup;
    }
  return NULL;
}

static void
check_backup (Invariants *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) backups = steward_backup_list (self->fixture->store, NULL, &error);

  g_assert_no_error (error);
  const StewardBackup *proven = find_proven (backups);
  if (proven == NULL)
    return;
  g_autofree char *word = deployment_fixture_call (restore_script, proven->dump_path,
                                                   self->fixture->database_container, NULL);
  if (!g_str_equal (word, "restores"))
    invariants_break (self, 'C', "the last proven backup does not restore");
}

static gboolean
is_listed (const GPtrArray *asides, const char *name)
{
  for (guint i = 0; i < asides->len; i++)
    if (g_str_equal (((StewardAside *)asides->pdata[i])->name, name))
      return TRUE;
  return FALSE;
}

static void
check_databases (Invariants *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) asides =
      steward_catalog_list_asides (self->fixture->deployment, self->fixture->store, NULL, &error);
  g_autofree char *names =
      deployment_fixture_query (self->fixture, "postgres",
                                "SELECT datname FROM pg_database WHERE datname NOT IN"
                                " ('parsec', 'pristine', 'postgres', 'template0', 'template1')");
  g_auto (GStrv) lines = g_strsplit (names, "\n", -1);

  g_assert_no_error (error);
  for (gsize i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0' && !is_listed (asides, lines[i]))
      invariants_break (self, 'D', "database %s is not reported", lines[i]);
}

static void
check_leftovers (Invariants *self)
{
  g_autofree char *containers =
      deployment_fixture_call (containers_script, self->fixture->folder, NULL);
  g_autofree char *files = deployment_fixture_call (files_script, self->fixture->folder, NULL);
  g_auto (StewardLockState) lock = { 0 };
  g_autoptr (GError) error = NULL;

  if (*containers != '\0')
    invariants_break (self, 'D', "containers are left: %s", containers);
  if (*files != '\0')
    invariants_break (self, 'D', "files are left: %s", files);
  steward_lock_peek (self->fixture->store, &lock, NULL, &error);
  g_assert_no_error (error);
  /* A lapsed one is reported as that, and the next operation takes it over. */
  if (lock.is_held && !lock.is_lapsed)
    invariants_break (self, 'D', "the lock is held");
  check_databases (self);
}

static void
check_once_more (Invariants *self)
{
  StewardClient client = { .name = "tests" };
  g_auto (StewardReport) report = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *before = deployment_fixture_dup_state (self->fixture, DEPLOYMENT_STATE_ALL);
  StewardResult result =
      steward_operation_continue (self->fixture->deployment, self->fixture->store,
                                  STEWARD_CONTINUE_RESUME, NULL, &client, &report, NULL, &error);
  g_autofree char *after = deployment_fixture_dup_state (self->fixture, DEPLOYMENT_STATE_ALL);

  if (result != STEWARD_RESULT_REFUSED
      || !g_error_matches (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
    invariants_break (self, 'E', "resumed once more: %s", error != NULL ? error->message : "done");
  if (!g_str_equal (before, after))
    invariants_break (self, 'E', "resuming once more changed something");
}

void
invariants_check (Invariants *self)
{
  check_version (self);
  check_rows (self);
  check_backup (self);
  check_leftovers (self);
  check_once_more (self);
}
