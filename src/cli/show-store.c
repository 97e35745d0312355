/* Backups, set-aside databases and past operations as tables. */
#include "cli/show.h"

#include <glib/gi18n-lib.h>

#include "cli/text.h"
#include "core/base/json.h"

#define EXCERPT_COLUMNS 60

/* Of a complete one the most that is known of it, and since when. */
static char *
dup_backup_proof (const StewardPassport *passport)
{
  gint64 when_s = 0;
  StewardProof proof = steward_passport_get_proof (passport, &when_s);
  g_autofree char *when = steward_cli_text_format_time (when_s);

  switch (proof)
    {
    case STEWARD_PROOF_RESTORED:
      /* Translators: a time: when the backup was restored. So in the next two. */
      return g_strdup_printf (C_ ("backup", "restored %s"), when);
    case STEWARD_PROOF_READ_BACK:
      return g_strdup_printf (C_ ("backup", "read back %s"), when);
    case STEWARD_PROOF_HASHED:
    case STEWARD_PROOF_DAMAGED:
    case STEWARD_PROOF_NONE:
    default:
      return g_strdup_printf (C_ ("backup", "written %s"), when);
    }
}

static char *
dup_backup_state (const StewardBackup *backup)
{
  switch (backup->state)
    {
    case STEWARD_BACKUP_DAMAGED:
      return g_strdup (_ ("damaged"));
    case STEWARD_BACKUP_PARTIAL:
      return g_strdup (_ ("partial"));
    case STEWARD_BACKUP_COMPLETE:
    default:
      return dup_backup_proof (backup->passport);
    }
}

static const char *
get_journal_state (StewardJournalState state)
{
  switch (state)
    {
    case STEWARD_JOURNAL_DONE:
      return _ ("done");
    case STEWARD_JOURNAL_BACK:
      return _ ("walked back");
    case STEWARD_JOURNAL_REFUSED:
      return _ ("refused");
    case STEWARD_JOURNAL_HANDS:
      return _ ("needs hands");
    case STEWARD_JOURNAL_UNFINISHED:
    default:
      return _ ("unfinished");
    }
}

void
steward_cli_show_backups (const GPtrArray *backups, GString *text)
{
  g_autoptr (StewardCliTable) table = steward_cli_table_new ();
  const char *const titles[] = { _ ("BACKUP"), C_ ("column", "VERSION"),
                                 _ ("MADE"),   _ ("SIZE"),
                                 _ ("STATE"),  _ ("WHY") };

  if (backups->len == 0)
    {
      g_string_append_printf (text, "%s\n", _ ("There are no backups."));
      return;
    }
  steward_cli_table_add (table, titles, G_N_ELEMENTS (titles));
  for (guint i = 0; i < backups->len; i++)
    {
      const StewardBackup *backup = backups->pdata[i];
      const StewardPassport *passport = backup->passport;
      g_autofree char *made =
          steward_cli_text_format_time (passport != NULL ? passport->made_s : backup->modified_s);
      g_autofree char *size = g_format_size (backup->size_bytes);
      g_autofree char *state = dup_backup_state (backup);
      g_autofree char *reason = passport != NULL ? steward_passport_dup_reason (passport) : NULL;
      const char *why = backup->problem != NULL ? backup->problem : reason;
      const char *const cells[] = { backup->id, passport != NULL ? passport->server_tag : NULL,
                                    made,       size,
                                    state,      why };
      steward_cli_table_add (table, cells, G_N_ELEMENTS (cells));
    }
  steward_cli_table_print (table, 0, text);
}

void
steward_cli_show_asides (const GPtrArray *asides, GString *text)
{
  g_autoptr (StewardCliTable) table = steward_cli_table_new ();
  const char *const titles[] = { _ ("DATABASE"), C_ ("column", "VERSION"), _ ("MADE"), _ ("SIZE"),
                                 _ ("ROLE") };

  if (asides->len == 0)
    return;
  g_string_append_c (text, '\n');
  steward_cli_table_add (table, titles, G_N_ELEMENTS (titles));
  for (guint i = 0; i < asides->len; i++)
    {
      const StewardAside *aside = asides->pdata[i];
      g_autofree char *made = steward_cli_text_format_time (aside->made_s);
      g_autofree char *size =
          aside->size_bytes >= 0 ? g_format_size ((guint64)aside->size_bytes) : NULL;
      const char *const cells[] = { aside->name, aside->tag, made, size, aside->role };
      steward_cli_table_add (table, cells, G_N_ELEMENTS (cells));
    }
  steward_cli_table_print (table, 0, text);
}

void
steward_cli_show_orphans (const GPtrArray *orphans, GString *text)
{
  if (orphans->len == 0)
    return;
  g_string_append_printf (text, "\n%s\n",
                          _ ("Left over from something that was cut off; “stewardctl delete NAME” "
                             "removes it:"));
  for (guint i = 0; i < orphans->len; i++)
    {
      const StewardOrphan *orphan = orphans->pdata[i];
      g_autofree char *name = steward_cli_text_clean_line (orphan->name);
      g_string_append_printf (text, "  %s\n", name);
    }
}

/* `3.0.0 → 3.1.0`, or one tag where the version stays. */
static char *
dup_versions (const StewardJournal *journal)
{
  const char *from = steward_json_get_string (journal->plan, "from_tag");
  const char *to = steward_json_get_string (journal->plan, "to_tag");

  if (from == NULL || to == NULL || g_str_equal (from, to))
    return g_strdup (from);
  return g_strdup_printf ("%s → %s", from, to);
}

/* The first line of a result, cut where it is long: --json has all of it. */
static char *
dup_excerpt (const char *text)
{
  g_auto (GStrv) lines = text != NULL ? g_strsplit (text, "\n", 2) : NULL;
  g_autofree char *cut = NULL;

  if (lines == NULL || lines[0] == NULL)
    return NULL;
  if (g_utf8_strlen (lines[0], -1) <= EXCERPT_COLUMNS)
    return g_strdup (lines[0]);
  cut = g_utf8_substring (lines[0], 0, EXCERPT_COLUMNS - 1);
  return g_strconcat (cut, "…", NULL);
}

void
steward_cli_show_history (const GPtrArray *journals, GString *text)
{
  g_autoptr (StewardCliTable) table = steward_cli_table_new ();

  if (journals->len == 0)
    g_string_append_printf (text, "%s\n", _ ("Nothing was done here yet."));
  for (guint i = 0; i < journals->len; i++)
    {
      const StewardJournal *journal = journals->pdata[i];
      g_autofree char *began = steward_cli_text_format_time (journal->began_s);
      g_autofree char *versions = dup_versions (journal);
      g_autofree char *excerpt = dup_excerpt (journal->text);
      const char *const cells[] = {
        journal->id, began, journal->operation, versions, get_journal_state (journal->state),
        excerpt
      };
      steward_cli_table_add (table, cells, G_N_ELEMENTS (cells));
    }
  steward_cli_table_print (table, 0, text);
}

char *
steward_cli_show_dup_unfinished (const StewardJournal *journal)
{
  g_autofree char *began = steward_cli_text_format_time (journal->began_s);
  g_autofree char *versions = dup_versions (journal);

  return g_strdup_printf (_ ("An operation stands unfinished: %s (%s), begun %s, last step %s.\n"
                             "“stewardctl resume” goes on with it, “stewardctl walk-back” undoes "
                             "it."),
                          journal->operation != NULL ? journal->operation : journal->id,
                          versions != NULL ? versions : "–", began,
                          journal->last_step != NULL ? journal->last_step : "–");
}
