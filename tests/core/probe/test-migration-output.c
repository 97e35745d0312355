/* Tables of what `migrate` prints, to the byte, and of verdicts on a run. */
#include "core/base/error.h"
#include "core/probe/migration-output.h"

#include <string.h>

#define FRAMES "\rMigrate ⠋\rMigrate ⠙\rMigrate ⠹"
#define OKHEAD FRAMES "\rMigrate ✔\n"
#define KOHEAD FRAMES "\rMigrate ✘\n"
#define ONE_DONE "0001_initial.sql (already applied)\n"

/* Everything understood, as one line: head, migrations (a applied, d done, f failed), error. */
static char *
dup_summary (const char *bytes, gsize size)
{
  static const char *const heads[] = { "none", "ok", "ko" };
  g_autoptr (StewardMigrationOutput) output = steward_migration_output_parse (bytes, size);
  GString *summary = g_string_new (heads[output->head]);

  for (guint i = 0; i < output->migrations->len; i++)
    {
      const StewardMigration *migration = g_ptr_array_index (output->migrations, i);
      g_string_append_printf (summary, " %u:%s:%c", migration->id, migration->name,
                              "adf"[migration->state]);
      if (migration->message != NULL)
        g_string_append_printf (summary, "<%s>", migration->message);
    }
  if (output->error != NULL)
    g_string_append_printf (summary, " E<%s>", output->error);
  if (output->torn)
    g_string_append (summary, " torn");
  g_assert_true (g_utf8_validate (summary->str, -1, NULL));
  return g_string_free (summary, FALSE);
}

static void
test_table (void)
{
  static const struct
  {
    const char *bytes, *summary;
  } cases[] = {
    { "", "none" },
    { OKHEAD ONE_DONE "0002_a_b.sql ✔\n", "ok 1:initial:a 2:a_b:d" },
    { OKHEAD "0013_account.sql ✘: relation \"vault\" already exists\n",
      "ok 13:account:f<relation \"vault\" already exists>" },
    { OKHEAD "0002_a.sql ✘: duplicate key\nDETAIL:  Key (x).\nHINT:  no.\n0003_b.sql ✔\n",
      "ok 2:a:f<duplicate key\nDETAIL:  Key (x).\nHINT:  no.> 3:b:d" },
    { KOHEAD "Error: Connection refused\n", "ko E<Connection refused>" },
    { KOHEAD "Error: one\ntwo\n\n", "ko E<one\ntwo>" },
    { FRAMES "\rMigrate None\n", "none" },
    { "\r\033[KMigrate ⠋\r\033[KMigrate ✔\r\n\033[37m0001_a.sql (already applied)\033[0m\r\n"
      "\033[32m0002_b.sql ✔\033[0m\r\n\033[31m0003_c.sql ✘: no\033[0m\r\n",
      "ok 1:a:a 2:b:d 3:c:f<no>" },
    { "0001_initial.sql (already applied)\n", "none 1:initial:a" },
    { OKHEAD "0001_a.sql ✔", "ok 1:a:d" },
    { OKHEAD "0001_a.sql ✔\n0002_b.sql (already appl", "ok 1:a:d torn" },
    { OKHEAD "0001_a.sql ✔\n0002_b.sql \xe2\x9c", "ok 1:a:d torn" },
    { OKHEAD "0001_a.sql ✔\n0002_b", "ok 1:a:d torn" },
    { OKHEAD "0001_a.sql ✘", "ok 1:a:f<>" },
    { FRAMES, "none torn" },
    { OKHEAD "001_a.sql ✔\n_a.sql ✔\n0001_.sql ✔\n0001a.sql ✔\n0001_a.txt ✔\n0001_a.sql\n", "ok" },
    { OKHEAD "0001_a.sql ✔ \n0002_b.sql  ✔\n0003_c.sql ✔!\n9999999999_d.sql ✔\n", "ok 1:a:d" },
    { OKHEAD "0001_\xff\xfe.sql ✘: \xc3(\n", "ok 1:\xef\xbf\xbd\xef\xbf\xbd:f<\xef\xbf\xbd(>" },
    { OKHEAD "0001_a.sql ✘: say \033[2J\007hi\033\n", "ok 1:a:f<say hi>" },
    { "Pulling image…\n" OKHEAD ONE_DONE "Bye\n", "ok 1:initial:a" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *summary = dup_summary (cases[i].bytes, strlen (cases[i].bytes));
      if (strcmp (summary, cases[i].summary) != 0)
        g_error ("case %zu gives '%s' instead of '%s'", i, summary, cases[i].summary);
    }
}

static void
test_keeps_file_name (void)
{
  static const char bytes[] = OKHEAD "0013_account.sql ✔\n";
  g_autoptr (StewardMigrationOutput) output =
      steward_migration_output_parse (bytes, strlen (bytes));
  const StewardMigration *migration = g_ptr_array_index (output->migrations, 0);

  g_assert_cmpstr (migration->file, ==, "0013_account.sql");
}

static void
test_huge_lines (void)
{
  gsize size = 10 * 1024 * 1024;
  g_autofree char *noise = g_malloc (size);

  memset (noise, 'x', size);
  g_autoptr (GString) bytes = g_string_new (OKHEAD "0001_a.sql ✘: ");
  g_string_append_len (bytes, noise, (gssize)size);
  g_string_append (bytes, "\n0002_");
  g_string_append_len (bytes, noise, (gssize)size);
  g_string_append (bytes, ".sql ✔\n0003_c.sql ✔\n");

  g_autoptr (StewardMigrationOutput) output =
      steward_migration_output_parse (bytes->str, bytes->len);
  g_assert_cmpuint (output->migrations->len, ==, 2);
  const StewardMigration *failed = g_ptr_array_index (output->migrations, 0);
  const StewardMigration *last = g_ptr_array_index (output->migrations, 1);
  g_assert_cmpuint (strlen (failed->message), <=, 20 * 1024);
  g_assert_true (g_str_has_prefix (failed->message, "xxx"));
  g_assert_cmpstr (last->file, ==, "0003_c.sql");
}

static void
test_rubbish (void)
{
  static const char *const pieces[] = { "\r",         "\n",    "Migrate ",
                                        "✔",          "✘",     ": ",
                                        "0001_a.sql", " ",     " (already applied)",
                                        "\033",       "\033[", "\033[3",
                                        "Error: ",    "\xe2",  "\x9c",
                                        "x",          "00",    "_",
                                        ".sql",       "\t" };

  for (int round = 0; round < 3000; round++)
    {
      g_autoptr (GString) bytes = g_string_new (NULL);
      for (int n = g_test_rand_int_range (0, 60); n > 0; n--)
        {
          int piece = g_test_rand_int_range (0, G_N_ELEMENTS (pieces) + 1);
          if (piece < (int)G_N_ELEMENTS (pieces))
            g_string_append (bytes, pieces[piece]);
          else
            g_string_append_c (bytes, (char)g_test_rand_int_range (0, 256));
        }
      g_autofree char *summary = dup_summary (bytes->str, bytes->len);

      g_string_append (bytes, "\n0042_end.sql ✔\n");
      g_autofree char *with_end = dup_summary (bytes->str, bytes->len);
      g_assert_nonnull (strstr (with_end, " 42:end:d"));
    }
}

static StewardMigrationOutput *
parse (const char *bytes)
{
  return steward_migration_output_parse (bytes, strlen (bytes));
}

static void
test_pending (void)
{
  g_autoptr (StewardMigrationOutput) output =
      parse (OKHEAD ONE_DONE "0002_b.sql ✔\n0003_c.sql ✘: no\n0004_d.sql ✔\n");
  g_autoptr (GPtrArray) pending = steward_migration_output_dup_pending (output);

  g_assert_cmpuint (pending->len, ==, 2);
  g_assert_cmpuint (((StewardMigration *)g_ptr_array_index (pending, 0))->id, ==, 2);
  g_assert_cmpuint (((StewardMigration *)g_ptr_array_index (pending, 1))->id, ==, 4);
}

static void
test_check (void)
{
  static const struct
  {
    const char *bytes;
    int code; /* -1: fine */
    const char *named;
  } cases[] = {
    { OKHEAD ONE_DONE "0002_b.sql ✔\n", -1, NULL },
    { OKHEAD, STEWARD_ERROR_INVALID, "no migration" },
    { OKHEAD "0002_b.sql ✔\n", STEWARD_ERROR_INVALID, "0002_b.sql" },
    { OKHEAD ONE_DONE "0003_c.sql ✔\n", STEWARD_ERROR_INVALID, "0003_c.sql" },
    { OKHEAD ONE_DONE "0001_b.sql ✔\n", STEWARD_ERROR_INVALID, "0001_b.sql" },
    { OKHEAD ONE_DONE "0002_b.sq", STEWARD_ERROR_INVALID, "breaks off" },
    { KOHEAD "Error: no such host\n", STEWARD_ERROR_FAILED, "no such host" },
    { KOHEAD, STEWARD_ERROR_FAILED, "without saying why" },
    { "hello\n", STEWARD_ERROR_FAILED, "without saying why" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (StewardMigrationOutput) output = parse (cases[i].bytes);
      g_autoptr (GError) error = NULL;

      g_assert_true (steward_migration_output_check (output, &error) == (cases[i].code == -1));
      if (cases[i].code == -1)
        continue;
      g_assert_error (error, STEWARD_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].named));
    }
}

#define ANNOUNCED OKHEAD ONE_DONE "0002_b.sql ✔\n0003_c.sql ✔\n"

static const StewardMigrationRow rows[] = { { 1, "initial" }, { 2, "b" }, { 3, "c" }, { 4, "d" } };
static const StewardMigrationRow other_rows[] = { { 1, "initial" }, { 2, "b" }, { 3, "x" } };

static void
test_verdict (void)
{
  static const struct
  {
    const char *run;
    const StewardMigrationRow *after;
    gsize n_before, n_after;
    const char *fault; /* NULL: exactly the announced ones */
  } cases[] = {
    { ANNOUNCED, rows, 1, 3, NULL },
    { OKHEAD ONE_DONE "0002_b.sql ✔\n0003_c.sql ✘: boom\n", rows, 1, 2, "0003_c.sql failed: boom" },
    { OKHEAD ONE_DONE "0002_b.sql ✔\n0003_c.sql ✘: boom\n", rows, 1, 3, "0003_c.sql failed: boom" },
    { KOHEAD "Error: connection is closed\n", rows, 1, 2, "connection is closed" },
    { FRAMES "\rMigrate None\n", rows, 1, 2, "without saying why" },
    { "", rows, 1, 3, "without saying why" },
    { ANNOUNCED, rows, 1, 2, "0003_c.sql was reported as applied" },
    { ANNOUNCED, rows, 1, 1, "0002_b.sql was reported as applied" },
    { ANNOUNCED, other_rows, 1, 3, "0003_c.sql was reported as applied" },
    { ANNOUNCED, rows, 2, 3, "0002_b.sql was announced as pending, but the database had it" },
    { OKHEAD ONE_DONE "0002_b.sql ✔\n", rows, 1, 3, "0003_c.sql was announced, but the run" },
    { OKHEAD ONE_DONE "0002_b.sql (already applied)\n0003_c.sql ✔\n", rows, 1, 3,
      "0002_b.sql was announced as pending, but somebody" },
    { ANNOUNCED "0004_d.sql ✔\n", rows, 1, 4, "0004_d.sql was applied, but had not" },
    { ANNOUNCED, rows, 1, 4, "0004_d.sql is in the database" },
    { ANNOUNCED, rows + 1, 1, 2, "0001_initial was in the database" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (StewardMigrationOutput) announced = parse (ANNOUNCED);
      g_autoptr (StewardMigrationOutput) run = parse (cases[i].run);
      g_autoptr (GError) error = NULL;
      StewardMigrationEvidence evidence = { announced,      run,
                                            rows,           cases[i].n_before,
                                            cases[i].after, cases[i].n_after };

      gboolean done = steward_migration_verdict (&evidence, &error);
      if (done != (cases[i].fault == NULL))
        g_error ("case %zu: %s", i, done ? "nothing found" : error->message);
      if (done)
        continue;
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED);
      if (strstr (error->message, cases[i].fault) == NULL)
        g_error ("case %zu says: %s", i, error->message);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/migration-output/reads-what-migrate-prints", test_table);
  g_test_add_func ("/migration-output/keeps-file-name", test_keeps_file_name);
  g_test_add_func ("/migration-output/cuts-huge-lines", test_huge_lines);
  g_test_add_func ("/migration-output/survives-rubbish", test_rubbish);
  g_test_add_func ("/migration-output/lists-pending", test_pending);
  g_test_add_func ("/migration-output/refuses-list-with-holes", test_check);
  g_test_add_func ("/migration-output/verdict-names-migration-at-fault", test_verdict);
  return g_test_run ();
}
