/* Which backups may go: by a table, and what has to hold whatever there is. */
#include "core/store/retention.h"

#include <string.h>

#define DAY_S ((gint64)86400)
#define NOW_S (1000 * DAY_S)

/* A backup as a letter: `r` restored, `b` read back, `w` written, `d` damaged with a passport, `p`
 * partial, `x` passport not understood. It is as many days old as its place in the word. */
static StewardBackup *
backup_new (char kind, guint age_days)
{
  StewardBackup *backup = g_new0 (StewardBackup, 1);

  backup->id = g_strdup_printf ("20260101t000000_%04x", 0xffff - age_days);
  backup->modified_s = NOW_S - age_days * DAY_S;
  backup->state = strchr ("rbw", kind) != NULL ? STEWARD_BACKUP_COMPLETE
                  : kind == 'p'                ? STEWARD_BACKUP_PARTIAL
                                               : STEWARD_BACKUP_DAMAGED;
  if (strchr ("px", kind) != NULL)
    return backup;
  backup->passport = steward_passport_new ();
  backup->passport->id = g_strdup (backup->id);
  backup->passport->made_s = backup->modified_s;
  backup->passport->written_s = 1;
  backup->passport->read_back_s = kind == 'r' || kind == 'b';
  backup->passport->restored_s = kind == 'r';
  backup->passport->damaged_s = kind == 'd';
  return backup;
}

static GPtrArray *
backups_new (const char *kinds)
{
  GPtrArray *backups = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_backup_free);

  for (guint i = 0; kinds[i] != '\0'; i++)
    g_ptr_array_add (backups, backup_new (kinds[i], i));
  return backups;
}

/* Verdicts as letters: `-` delete, `.` recent, `n` needed, `P` proven, `?` unknown. */
static char *
judge (const char *kinds, StewardRetention retention)
{
  g_autoptr (GPtrArray) backups = backups_new (kinds);
  g_autofree StewardVerdict *verdicts = NULL;
  GString *text = g_string_new (NULL);

  retention.now_s = NOW_S;
  verdicts = steward_retention_judge (&retention, backups);
  for (guint i = 0; i < backups->len; i++)
    g_string_append_c (text, "-.nP?"[verdicts[i]]);
  return g_string_free (text, FALSE);
}

static const struct
{
  const char *kinds;
  guint keep;
  guint days;
  const char *verdicts;
} rows[] = {
  { "", 1, 1, "" },         { "bbbb", 0, 0, "...." },   { "bbbb", 2, 0, "..--" },
  { "bbbb", 9, 0, "...." }, { "bbbb", 0, 1, "..--" },   { "bbbb", 1, 2, "...-" },
  { "bbbb", 3, 1, "...-" }, { "bbrbr", 1, 0, ".-P--" }, { "rbbb", 1, 0, ".---" },
  { "wwbb", 1, 0, ".-P-" }, { "wwrb", 1, 0, ".-P-" },   { "wbrb", 1, 0, ".PP-" },
  { "wwww", 1, 0, ".---" }, { "ddbd", 1, 0, "...-" },   { "dbdb", 1, 0, "..--" },
  { "pbxb", 1, 0, "?.?-" }, { "xpxp", 1, 1, "????" },   { "dddd", 0, 1, "..--" },
};

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      StewardRetention retention = { .keep = rows[i].keep, .older_than_s = rows[i].days * DAY_S };
      g_autofree char *verdicts = judge (rows[i].kinds, retention);
      g_test_message ("%s keep %u older %u", rows[i].kinds, rows[i].keep, rows[i].days);
      g_assert_cmpstr (verdicts, ==, rows[i].verdicts);
    }
}

static void
test_old_ones_alone_leave_the_newest (void)
{
  g_autoptr (GPtrArray) backups = backups_new ("wwww");
  StewardRetention retention = { .older_than_s = DAY_S, .now_s = NOW_S + 10 * DAY_S };
  g_autofree StewardVerdict *verdicts = steward_retention_judge (&retention, backups);

  g_assert_cmpint (verdicts[0], ==, STEWARD_VERDICT_PROVEN);
  g_assert_cmpint (verdicts[1], ==, STEWARD_VERDICT_DELETE);
}

static void
test_needed_ones_stay (void)
{
  g_autoptr (StewardBackup) third = backup_new ('b', 2);
  const char *const needed[] = { third->id, NULL };
  g_autofree char *verdicts = judge ("bbbb", (StewardRetention){ .keep = 1, .needed = needed });

  g_assert_cmpstr (verdicts, ==, ".-n-");
}

static StewardProof
find_best (const GPtrArray *backups, const StewardVerdict *verdicts)
{
  StewardProof best = STEWARD_PROOF_DAMAGED;

  for (guint i = 0; i < backups->len; i++)
    {
      const StewardBackup *backup = backups->pdata[i];
      if (backup->state == STEWARD_BACKUP_COMPLETE
          && (verdicts == NULL || verdicts[i] != STEWARD_VERDICT_DELETE))
        best = MAX (best, steward_passport_get_proof (backup->passport, NULL));
    }
  return best;
}

static void
assert_sound (const GPtrArray *backups,
              const StewardRetention *retention,
              const StewardVerdict *verdicts)
{
  guint n_newer = 0;

  g_assert_cmpint (find_best (backups, verdicts), ==, find_best (backups, NULL));
  for (guint i = 0; i < backups->len; i++)
    {
      const StewardBackup *backup = backups->pdata[i];
      if (verdicts[i] == STEWARD_VERDICT_DELETE)
        {
          g_assert_nonnull (backup->passport);
          g_assert_true (retention->keep != 0 || retention->older_than_s != 0);
          g_assert_cmpuint (n_newer, >=, retention->keep);
          g_assert_cmpint (NOW_S - backup->passport->made_s, >, retention->older_than_s);
          g_assert_false (g_strv_contains (retention->needed, backup->id));
        }
      n_newer += backup->state == STEWARD_BACKUP_COMPLETE;
    }
}

/* The best proof there is is never lost, and nothing goes that was not asked for. */
static void
test_holds_whatever_there_is (void)
{
  for (guint round = 0; round < 20000; round++)
    {
      char kinds[13] = "";
      guint count = (guint)g_test_rand_int_range (0, 12);
      StewardRetention retention = { .keep = (guint)g_test_rand_int_range (0, 5),
                                     .older_than_s = g_test_rand_int_range (0, 8) * DAY_S,
                                     .now_s = NOW_S };
      for (guint i = 0; i < count; i++)
        kinds[i] = "rbwdpx"[g_test_rand_int_range (0, 6)];
      g_autoptr (GPtrArray) backups = backups_new (kinds);
      const char *needed[] = { NULL, NULL };
      if (count > 0)
        needed[0] = ((StewardBackup *)backups->pdata[g_test_rand_int_range (0, (gint32)count)])->id;
      retention.needed = needed;
      g_autofree StewardVerdict *verdicts = steward_retention_judge (&retention, backups);
      assert_sound (backups, &retention, verdicts);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/retention/table", test_table);
  g_test_add_func ("/retention/old-ones-alone-leave-the-newest",
                   test_old_ones_alone_leave_the_newest);
  g_test_add_func ("/retention/needed-ones-stay", test_needed_ones_stay);
  g_test_add_func ("/retention/holds-whatever-there-is", test_holds_whatever_there_is);
  return g_test_run ();
}
