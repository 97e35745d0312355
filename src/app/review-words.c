/* A table of the fixed words, and the sentences that hold names and numbers. See the header. */
#include "app/review-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/words.h"
#include "core/probe/sql-risk.h"

static const struct
{
  const char *start;
  const char *looking;
  const char *failed;
} words[] = {
  [STEWARD_OPERATION_BACKUP] = {
    N_ ("_Back Up"),
    N_ ("Looking at what the backup would do…"),
    N_ ("The Backup Cannot Be Reviewed"),
  },
  [STEWARD_OPERATION_UPGRADE] = {
    N_ ("_Upgrade"),
    N_ ("Looking at what the upgrade would do… The target’s image is fetched if it is not on the "
        "server yet."),
    N_ ("The Upgrade Cannot Be Reviewed"),
  },
  [STEWARD_OPERATION_RESTART] = {
    N_ ("_Restart"),
    N_ ("Looking at what the restart would do…"),
    N_ ("The Restart Cannot Be Reviewed"),
  },
  [STEWARD_OPERATION_ROLLBACK] = {
    N_ ("_Roll Back"),
    N_ ("Looking at what the rollback would do, and counting what it would lose…"),
    N_ ("The Rollback Cannot Be Reviewed"),
  },
};

StewardReviewWords
steward_review_words_get (StewardOperationKind kind)
{
  return (StewardReviewWords){ _ (words[kind].start), _ (words[kind].looking),
                               _ (words[kind].failed) };
}

char *
steward_review_words_dup_title (StewardOperationKind kind, const char *tag)
{
  g_autofree char *version = tag != NULL ? steward_words_dup_ltr (tag) : NULL;

  switch (kind)
    {
    case STEWARD_OPERATION_UPGRADE:
      return version != NULL ? g_strdup_printf (_ ("Upgrade to %s"), version)
                             : g_strdup (C_ ("title", "Upgrade"));
    case STEWARD_OPERATION_ROLLBACK:
      return version != NULL ? g_strdup_printf (_ ("Roll Back to %s"), version)
                             : g_strdup (C_ ("title", "Roll Back"));
    case STEWARD_OPERATION_RESTART:
      return g_strdup (C_ ("title", "Restart"));
    case STEWARD_OPERATION_BACKUP:
    default:
      return g_strdup (C_ ("title", "Back Up"));
    }
}

char *
steward_review_words_dup_question (const StewardPlan *plan)
{
  g_autofree char *version = steward_words_dup_ltr (plan->to_tag);

  return g_strdup_printf (_ ("Roll Back to %s?"), version);
}

static char *
dup_upgrade (const StewardPlan *plan)
{
  g_autofree char *to = steward_words_dup_ltr (plan->to_tag);

  return g_strdup_printf (
      plan->leaves_out_rehearsal
          ? _ ("First a backup is made and read back, while the server goes on serving. Then the "
               "server is stopped, and a copy of its database is migrated for %s and tried with "
               "it. Only when that worked, the copy takes the database’s place and the new server "
               "is started.\n\n"
               "If anything fails before that, the server goes back to where it was, and nothing "
               "is lost. The database as it is now is kept beside until you delete it.")
          : _ ("First a backup is made and read back, and the upgrade is rehearsed on it, while "
               "the server goes on serving. Then the server is stopped, and a copy of its database "
               "is migrated for %s and tried with it. Only when that worked, the copy takes the "
               "database’s place and the new server is started.\n\n"
               "If anything fails before that, the server goes back to where it was, and nothing "
               "is lost. The database as it is now is kept beside until you delete it."),
      to);
}

static char *
dup_rollback (const StewardPlan *plan)
{
  g_autofree char *to = steward_words_dup_ltr (plan->to_tag);
  g_autofree char *source = steward_words_dup_ltr (
      plan->source_database != NULL ? plan->source_database : plan->backup_id);

  if (plan->source_database != NULL)
    return g_strdup_printf (
        _ ("First a copy of the set-aside database %s is made and proven, while the server goes on "
           "serving. Then the server is stopped, the copy takes the database’s place, and %s is "
           "started.\n\n"
           "If anything fails before that, the server goes back to where it was, and nothing is "
           "lost. The database as it is now is kept beside until you delete it."),
        source, to);
  return g_strdup_printf (
      _ ("First the backup %s is restored beside the database and proven, while the server goes on "
         "serving. Then the server is stopped, what was restored takes the database’s place, and "
         "%s is started.\n\n"
         "If anything fails before that, the server goes back to where it was, and nothing is "
         "lost. The database as it is now is kept beside until you delete it."),
      source, to);
}

static char *
dup_restart (const StewardPlan *plan)
{
  g_autofree char *from = steward_words_dup_ltr (plan->from_tag);

  return g_strdup_printf (_ ("The server’s container is made anew as the compose files want it, "
                             "and started. The version stays %s.\n\n"
                             "Clients cannot reach the server meanwhile. The database is not "
                             "touched, and nothing is lost."),
                          from);
}

char *
steward_review_words_dup_story (const StewardPlan *plan)
{
  switch (plan->kind)
    {
    case STEWARD_OPERATION_UPGRADE:
      return dup_upgrade (plan);
    case STEWARD_OPERATION_ROLLBACK:
      return dup_rollback (plan);
    case STEWARD_OPERATION_RESTART:
      return dup_restart (plan);
    case STEWARD_OPERATION_BACKUP:
    default:
      return g_strdup (_ ("The database is dumped and the dump is read back. The server goes on "
                          "serving meanwhile."));
    }
}

char *
steward_review_words_dup_rehearsed (guint64 restore_ms, guint64 migrate_ms, guint64 answer_ms)
{
  g_autofree char *restored = steward_words_dup_duration ((gint64)restore_ms);
  g_autofree char *migrated = steward_words_dup_duration ((gint64)migrate_ms);
  g_autofree char *answered = steward_words_dup_duration ((gint64)answer_ms);

  return g_strdup_printf (
      _ ("The backup was restored in %s and migrated in %s; the new server answered after %s."),
      restored, migrated, answered);
}

/* A prediction knows no tenths of a second. */
char *
steward_review_words_dup_downtime (StewardOperationKind kind, guint64 downtime_ms)
{
  g_autofree char *duration =
      downtime_ms < 10000
          ? g_strdup_printf (C_ ("duration", "%d s"), (int)((downtime_ms + 999) / 1000))
          : steward_words_dup_duration ((gint64)downtime_ms);

  if (downtime_ms > 0)
    return g_strdup_printf (C_ ("downtime", "About %s"), duration);
  return g_strdup (kind == STEWARD_OPERATION_BACKUP ? C_ ("downtime", "None")
                                                    : C_ ("downtime", "Not known"));
}

char *
steward_review_words_dup_loss (const StewardPrice *price)
{
  if (price == NULL)
    return g_strdup (_ ("What would be lost could not be counted. Everything written since would "
                        "be lost."));

  /* The core's sentence has the tables on lines of their own behind it. */
  char *sentence = steward_price_dup_sentence (price);
  sentence[strcspn (sentence, "\n")] = '\0';
  return sentence;
}

char *
steward_review_words_dup_refusal (guint n_refused)
{
  return g_strdup_printf (
      ngettext ("%u check refuses: mend what it tells first. Nothing was touched.",
                "%u checks refuse: mend what they tell first. Nothing was touched.", n_refused),
      n_refused);
}

/* Most statements begin with what they are called by. */
static char *
dup_risk (const StewardSqlRisk *risk)
{
  g_autofree char *excerpt = steward_words_dup_ltr (risk->excerpt);
  g_autofree char *kind = steward_words_dup_ltr (risk->kind);

  if (g_ascii_strncasecmp (risk->excerpt, risk->kind, strlen (risk->kind)) == 0)
    return g_steal_pointer (&excerpt);
  /* Translators: SQL: the words of what destroys, and the statement: “DROP COLUMN: ALTER TABLE
   * device DROP COLUMN api_version”. */
  return g_strdup_printf (_ ("%s: %s"), kind, excerpt);
}

char *
steward_review_words_dup_risks (const StewardPendingMigration *pending)
{
  GString *text = g_string_new (NULL);

  if (pending->risks == NULL)
    g_string_append (text, _ ("The image does not show its statements: what this migration "
                              "destroys is not known."));
  for (guint i = 0; pending->risks != NULL && i < pending->risks->len; i++)
    {
      g_autofree char *line = dup_risk (pending->risks->pdata[i]);
      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", line);
    }
  return g_string_free (text, FALSE);
}

static guint
count_marked (const GPtrArray *pending)
{
  guint n_marked = 0;

  for (guint i = 0; i < pending->len; i++)
    {
      const StewardPendingMigration *one = pending->pdata[i];
      n_marked += one->risks == NULL || one->risks->len > 0;
    }
  return n_marked;
}

char *
steward_review_words_dup_pending (const GPtrArray *pending)
{
  guint n_marked = count_marked (pending);
  g_autofree char *count =
      g_strdup_printf (ngettext ("%u migration will be applied, to the copy of the database.",
                                 "%u migrations will be applied, to the copy of the database.",
                                 pending->len),
                       pending->len);
  g_autofree char *marked =
      g_strdup_printf (ngettext ("%u of them may remove data or change what is there: read it.",
                                 "%u of them may remove data or change what is there: read them.",
                                 n_marked),
                       n_marked);

  if (pending->len == 0)
    return g_strdup (_ ("No migration is pending: the target wants the database as it is."));
  if (n_marked == 0)
    return g_strdup_printf ("%s %s", count,
                            _ ("No statement that removes data was found in their files."));
  return g_strdup_printf ("%s %s", count, marked);
}
